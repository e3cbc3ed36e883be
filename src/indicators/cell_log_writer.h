#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "indicators/cell_log_file.h"

namespace fansipan::indicators {

/// Follows a cell log: writes its blocks to the file and seals it now and then, on a thread of its
/// own, so that no commit waits for either. When the file fails, it ends where it failed: the log
/// keeps what follows in memory, and the next start computes it again from the journal.
class CellLogWriter {
 public:
  struct Parts {
    std::unique_ptr<CellLogFile> file;
    const RowTable* values = nullptr;  ///< both tables must outlive the writer
    const RowTable* tuples = nullptr;
    /// A seal follows this many deltas, or as many as the seal before has chunks if those are more.
    std::uint64_t seal_after = 1'000'000;
    /// Both are called by the writer's thread. The next blocks and seals stand in the file.
    std::function<void(const std::vector<CellLogPosition>&, const std::vector<CellLogSealPlace>&)>
        on_written;
    /// Cells that were to be sealed are not needed any more.
    std::function<void(std::unique_ptr<Cells>)> on_sealed;
  };

  /// `unsealed` deltas follow the last seal in the file.
  CellLogWriter(Parts parts, std::uint64_t unsealed);
  /// Writes and syncs what was appended.
  ~CellLogWriter();
  CellLogWriter(const CellLogWriter&) = delete;
  CellLogWriter& operator=(const CellLogWriter&) = delete;

  /// More deltas than that do not wait for the file: a commit waits for it then.
  static constexpr std::uint64_t kMaxWaitingDeltas = 4'000'000;

  // One thread, in the log's order.

  /// Returns once there is room for more. Before Append, and without a lock that readers need.
  void WaitForRoom();
  void Append(std::shared_ptr<const CellLogBlock> block);
  /// It is time for Seal.
  bool IsSealDue() const;
  /// `cells` are what the first `blocks` blocks, all of them appended, add up to.
  void Seal(std::uint64_t blocks, std::unique_ptr<Cells> cells);

  // Any thread.

  /// Returns once everything appended before is on the device; kUnavailable when it is not.
  base::Status Flush();
  /// Deltas that are not in the file yet.
  std::uint64_t waiting_deltas() const;

 private:
  struct Task {
    std::shared_ptr<const CellLogBlock> block;  ///< null: a seal
    std::uint64_t blocks = 0;
    std::unique_ptr<Cells> cells;
  };

  void Run();
  void Push(Task task);
  void Take(Task& task);
  void TakeBlock(const CellLogBlock& block);
  void TakeSeal(std::uint64_t blocks, const Cells& cells);
  void Write();
  void Sync();
  void GiveUp(const base::Error& error);

  Parts parts_;  ///< the file: the writer's thread alone, as all up to `unsealed_`
  std::vector<CellLogPosition> added_blocks_;  ///< not yet written
  std::vector<CellLogSealPlace> added_seals_;
  bool full_ = false;

  std::uint64_t unsealed_;  ///< the appending thread alone
  std::atomic<std::uint64_t> seal_after_;
  std::atomic<bool> sealing_{false};

  mutable std::mutex mutex_;  ///< guards what follows
  std::condition_variable wake_;
  std::condition_variable flushed_;
  std::condition_variable room_;
  std::vector<Task> queue_;
  std::uint64_t waiting_deltas_ = 0;
  std::uint64_t flushes_asked_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool complete_ = true;  ///< at the last flush
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace fansipan::indicators
