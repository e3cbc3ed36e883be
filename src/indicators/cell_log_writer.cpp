#include "indicators/cell_log_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kWriteBytes = 4ULL << 20U;
constexpr std::size_t kMaxWaitingBytes = 64ULL << 20U;

}  // namespace

CellLogWriter::CellLogWriter(Parts parts, std::uint64_t unsealed)
    : parts_(std::move(parts)), unsealed_(unsealed), seal_after_(parts_.seal_after) {
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

void CellLogWriter::Push(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (task.block) waiting_deltas_ += task.block->deltas.size();
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void CellLogWriter::WaitForRoom() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return waiting_deltas_ < kMaxWaitingDeltas; });
}

std::uint64_t CellLogWriter::waiting_deltas() const {
  const std::lock_guard lock(mutex_);
  return waiting_deltas_;
}

void CellLogWriter::Append(std::shared_ptr<const CellLogBlock> block) {
  unsealed_ += block->deltas.size();
  Push({std::move(block), 0, nullptr});
}

bool CellLogWriter::IsSealDue() const { return unsealed_ >= seal_after_ && !sealing_; }

void CellLogWriter::Seal(std::uint64_t blocks, std::unique_ptr<Cells> cells) {
  unsealed_ = 0;
  sealing_ = true;
  Push({nullptr, blocks, std::move(cells)});
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
  base::NameThread("cell-log");
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || !queue_.empty() || flushes_asked_ > flushes_done_; });
    std::vector<Task> tasks = std::exchange(queue_, {});
    const std::uint64_t deltas = waiting_deltas_;
    const std::uint64_t asked = flushes_asked_;
    const bool stop = stop_;
    const bool sync = stop || asked > flushes_done_;
    lock.unlock();
    for (Task& task : tasks) Take(task);
    tasks.clear();
    Write();
    if (sync) Sync();
    lock.lock();
    waiting_deltas_ -= deltas;
    room_.notify_all();
    complete_ = parts_.file != nullptr && parts_.file->waiting_bytes() == 0;
    flushes_done_ = asked;
    flushed_.notify_all();
    if (stop) return;
  }
}

void CellLogWriter::Take(Task& task) {
  if (task.block) {
    if (parts_.file) TakeBlock(*task.block);
    task.block.reset();
    return;
  }
  // With the disk full, the bytes that wait are not to become more.
  if (parts_.file && !full_) TakeSeal(task.blocks, *task.cells);
  parts_.on_sealed(std::move(task.cells));
  if (parts_.file) sealing_ = false;
}

void CellLogWriter::TakeBlock(const CellLogBlock& block) {
  parts_.file->AddRows(CellLogTable::kValues, *parts_.values);
  parts_.file->AddRows(CellLogTable::kTuples, *parts_.tuples);
  const auto added = parts_.file->Add(block);
  if (!added.ok()) return GiveUp(added.error());
  added_blocks_.push_back(*added);
  if (parts_.file->waiting_bytes() >= kWriteBytes) Write();
}

void CellLogWriter::TakeSeal(std::uint64_t blocks, const Cells& cells) {
  const auto added = parts_.file->AddSeal(blocks, cells);
  if (!added.ok()) {
    // The log is whole without it: questions then add up from an earlier seal.
    base::LogWarning("cell log: no seal: {}", added.error().message);
    return;
  }
  added_seals_.push_back(*added);
  seal_after_ = std::max<std::uint64_t>(parts_.seal_after, parts_.file->sealed_chunks());
  Write();
  Sync();
}

void CellLogWriter::Write() {
  if (!parts_.file) return;
  const auto written = parts_.file->Write();
  if (written.ok()) {
    full_ = false;
    if (added_blocks_.empty() && added_seals_.empty()) return;
    parts_.on_written(std::exchange(added_blocks_, {}), std::exchange(added_seals_, {}));
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
  base::LogError(
      "cell log: {}; it stays as it is; from here on the past is kept in memory, which grows until "
      "the next start, and that takes longer",
      error.message);
  parts_.file.reset();
}

}  // namespace fansipan::indicators
