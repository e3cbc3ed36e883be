#include "indicators/cell_log.h"

#include <algorithm>
#include <cassert>
#include <mutex>
#include <utility>

namespace fansipan::indicators {

base::Status CellLogSpan::ForEach(const VisitBlock& visit, const base::Patience& patience) const {
  if (on_file > 0) {
    FANSIPAN_RETURN_IF_ERROR(reader->ReadBlocks(first, on_file, bounds, visit, patience));
  }
  for (const auto& block : rest) {
    if (patience.IsOver()) return patience.Check();
    visit(*block);
  }
  return {};
}

CellLog::CellLog(CellLogBounds bounds, const RowTable& values, const RowTable& tuples)
    : bounds_(std::move(bounds)), values_(values), tuples_(tuples) {}

std::shared_ptr<const CellLogBlock> CellLog::Append(CellLogBlock block) {
  auto kept = std::make_shared<const CellLogBlock>(std::move(block));
  const CellLogBlockPlace place({kept->at, kept->sequence, kept->deltas.size(), kept->is_clock()},
                                {});
  const std::unique_lock lock(mutex_);
  assert(blocks_.empty() || blocks_.back().at <= place.at);
  blocks_.push_back(place);
  in_memory_.push_back(kept);
  deltas_ += kept->deltas.size();
  deltas_in_memory_ += kept->deltas.size();
  return kept;
}

void CellLog::Restore(std::deque<CellLogBlockPlace> blocks, std::vector<CellLogSealPlace> seals) {
  const std::unique_lock lock(mutex_);
  assert(blocks_.empty());
  blocks_ = std::move(blocks);
  settled_ = blocks_.size();
  seals_ = std::move(seals);
  for (const CellLogBlockPlace& block : blocks_) deltas_ += block.deltas;
}

void CellLog::SetReader(std::shared_ptr<const CellLogReader> reader) {
  const std::unique_lock lock(mutex_);
  reader_ = std::move(reader);
}

void CellLog::Settle(const std::vector<CellLogPosition>& blocks,
                     const std::vector<CellLogSealPlace>& seals) {
  std::vector<std::shared_ptr<const CellLogBlock>> done;  // freed without the lock
  done.reserve(blocks.size());
  const std::unique_lock lock(mutex_);
  for (const CellLogPosition& position : blocks) {
    CellLogBlockPlace& place = blocks_[settled_++];
    place.offset = position.offset;
    place.seed = position.seed;
    deltas_in_memory_ -= place.deltas;
    done.push_back(std::move(in_memory_.front()));
    in_memory_.pop_front();
  }
  seals_.insert(seals_.end(), seals.begin(), seals.end());
}

std::size_t CellLog::size() const {
  const std::shared_lock lock(mutex_);
  return blocks_.size();
}

CellLogBlockPlace CellLog::Get(std::size_t index) const {
  const std::shared_lock lock(mutex_);
  return blocks_[index];
}

std::size_t CellLog::CountUntil(base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const auto end = std::upper_bound(
      blocks_.begin(), blocks_.end(), moment,
      [](base::Timestamp at, const CellLogBlockPlace& block) { return at < block.at; });
  return static_cast<std::size_t>(end - blocks_.begin());
}

std::optional<CellLogSealPlace> CellLog::FindSeal(std::uint64_t blocks) const {
  const std::shared_lock lock(mutex_);
  const auto end = std::upper_bound(
      seals_.begin(), seals_.end(), blocks,
      [](std::uint64_t count, const CellLogSealPlace& seal) { return count < seal.blocks; });
  if (end == seals_.begin()) return std::nullopt;
  return *std::prev(end);
}

CellLogSpan CellLog::Span(std::size_t first, std::size_t last) const {
  CellLogSpan span;
  span.bounds = bounds();
  const std::shared_lock lock(mutex_);
  last = std::max(first, last);
  const std::size_t behind_file = std::clamp(settled_, first, last);
  span.on_file = behind_file - first;
  if (span.on_file > 0) span.first = blocks_[first].position();
  span.reader = reader_;
  const auto in_memory = [&](std::size_t index) {
    return in_memory_.begin() + static_cast<std::ptrdiff_t>(index - settled_);
  };
  if (behind_file < last) span.rest.assign(in_memory(behind_file), in_memory(last));
  return span;
}

std::shared_ptr<const CellLogReader> CellLog::reader() const {
  const std::shared_lock lock(mutex_);
  return reader_;
}

CellLogBounds CellLog::bounds() const {
  CellLogBounds bounds = bounds_;
  bounds.values = values_.size();
  bounds.tuples = tuples_.size();
  return bounds;
}

std::uint64_t CellLog::deltas() const {
  const std::shared_lock lock(mutex_);
  return deltas_;
}

std::uint64_t CellLog::deltas_in_memory() const {
  const std::shared_lock lock(mutex_);
  return deltas_in_memory_;
}

}  // namespace fansipan::indicators
