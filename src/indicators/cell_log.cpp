#include "indicators/cell_log.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fansipan::indicators {

std::shared_ptr<const CellLogBlock> CellLog::Append(CellLogBlock block) {
  assert(blocks_.empty() || blocks_.back()->at <= block.at);
  deltas_ += block.deltas.size();
  blocks_.push_back(std::make_shared<const CellLogBlock>(std::move(block)));
  return blocks_.back();
}

void CellLog::Restore(CellLogBlocks blocks, CellLogSeals seals) {
  assert(blocks_.empty());
  blocks_ = std::move(blocks);
  seals_ = std::move(seals);
  for (const auto& block : blocks_) deltas_ += block->deltas.size();
}

std::size_t CountUntil(const CellLogBlocks& blocks, base::Timestamp moment) {
  const auto end =
      std::upper_bound(blocks.begin(), blocks.end(), moment,
                       [](base::Timestamp at, const auto& block) { return at < block->at; });
  return static_cast<std::size_t>(end - blocks.begin());
}

std::shared_ptr<const SealedCells> FindSeal(const CellLogSeals& seals, std::uint64_t blocks) {
  const auto end =
      std::upper_bound(seals.begin(), seals.end(), blocks,
                       [](std::uint64_t count, const auto& seal) { return count < seal->blocks; });
  return end == seals.begin() ? nullptr : *std::prev(end);
}

void AddUp(const CellLogBlocks& blocks, std::size_t count, const SealedCells* seal, Cells& cells) {
  std::size_t next = 0;
  if (seal != nullptr) {
    for (const Delta& sum : seal->sums) cells.Apply(sum);
    next = static_cast<std::size_t>(seal->blocks);
  }
  for (; next < count; ++next) {
    for (const Delta& delta : blocks[next]->deltas) cells.Apply(delta);
  }
}

}  // namespace fansipan::indicators
