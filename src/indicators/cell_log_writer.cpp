#include "indicators/cell_log_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kWriteBytes = 4ULL << 20U;
constexpr std::size_t kMaxWaitingBytes = 64ULL << 20U;

}  // namespace

CellLogWriter::CellLogWriter(Parts parts, CellLogBlocks blocks, const CellLogSeals& seals)
    : parts_(std::move(parts)),
      past_(std::move(blocks)),
      last_seal_(seals.empty() ? nullptr : seals.back()) {
  thread_ = std::thread([this] { Run(); });
}

CellLogWriter::~CellLogWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void CellLogWriter::Append(std::shared_ptr<const CellLogBlock> block) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(block));
  }
  wake_.notify_one();
}

base::Status CellLogWriter::Flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++flushes_asked_;
  wake_.notify_one();
  flushed_.wait(lock, [&] { return flushes_done_ >= mine; });
  if (complete_) return {};
  return base::Error{base::ErrorCode::kUnavailable, "cell_log_behind",
                     "the cell log's file could not be written; the next start takes longer"};
}

void CellLogWriter::Run() {
  CatchUp();
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || !queue_.empty() || flushes_asked_ > flushes_done_; });
    const CellLogBlocks blocks = std::exchange(queue_, {});
    const std::uint64_t asked = flushes_asked_;
    const bool stop = stop_;
    const bool sync = stop || asked > flushes_done_;
    lock.unlock();
    for (const auto& block : blocks) Take(*block);
    Write();
    if (sync) Sync();
    lock.lock();
    complete_ = parts_.file != nullptr && parts_.file->waiting_bytes() == 0;
    flushes_done_ = asked;
    flushed_.notify_all();
    if (stop) return;
  }
}

/// Adds up what the file holds, to seal on from there.
void CellLogWriter::CatchUp() {
  if (last_seal_) {
    for (const Delta& sum : last_seal_->sums) sums_.Add(sum);
    blocks_ = last_seal_->blocks;
  }
  for (; blocks_ < past_.size(); ++blocks_) {
    const auto& deltas = past_[static_cast<std::size_t>(blocks_)]->deltas;
    for (const Delta& delta : deltas) sums_.Add(delta);
    unsealed_deltas_ += deltas.size();
  }
  past_.clear();
}

void CellLogWriter::Take(const CellLogBlock& block) {
  if (parts_.file) {
    parts_.file->AddRows(CellLogTable::kValues, *parts_.values);
    parts_.file->AddRows(CellLogTable::kTuples, *parts_.tuples);
    const auto added = parts_.file->Add(block);
    if (!added.ok()) GiveUp(added.error());
  }
  for (const Delta& delta : block.deltas) sums_.Add(delta);
  ++blocks_;
  unsealed_deltas_ += block.deltas.size();
  const std::uint64_t sealed = last_seal_ ? last_seal_->sums.size() : 0;
  if (unsealed_deltas_ >= std::max(parts_.seal_after, sealed)) Seal();
  if (parts_.file && parts_.file->waiting_bytes() >= kWriteBytes) Write();
}

void CellLogWriter::Seal() {
  last_seal_ = sums_.Seal(blocks_);
  unsealed_deltas_ = 0;
  parts_.on_seal(last_seal_);
  if (!parts_.file) return;
  const auto added = parts_.file->Add(*last_seal_);
  // The log is whole without it: loading then adds up from an earlier seal.
  if (!added.ok()) base::LogWarning("cell log: no seal: {}", added.error().message);
  Write();
  Sync();
}

void CellLogWriter::Write() {
  if (!parts_.file) return;
  const auto written = parts_.file->Write();
  if (written.ok()) {
    full_ = false;
    return;
  }
  const bool wait = written.error().code == base::ErrorCode::kStorageFull &&
                    parts_.file->waiting_bytes() < kMaxWaitingBytes;
  if (!wait) return GiveUp(written.error());
  if (!std::exchange(full_, true)) {
    base::LogWarning("cell log: {}; it is written when there is room", written.error().message);
  }
}

void CellLogWriter::Sync() {
  if (!parts_.file) return;
  const auto synced = parts_.file->Sync();
  if (!synced.ok()) GiveUp(synced.error());
}

void CellLogWriter::GiveUp(const base::Error& error) {
  base::LogError("cell log: {}; it stays as it is, and the next start takes longer", error.message);
  parts_.file.reset();
}

}  // namespace fansipan::indicators
