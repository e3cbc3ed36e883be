#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/result.h"
#include "indicators/cell_log_file.h"
#include "indicators/cell_sums.h"

namespace fansipan::indicators {

/// Follows a cell log: writes its blocks to the file, seals it now and then, on a thread of its
/// own, so that no commit waits for either. When the file fails, sealing goes on in memory and the
/// file ends where it failed; the next start recomputes the rest from the journal.
class CellLogWriter {
 public:
  struct Parts {
    std::unique_ptr<CellLogFile> file;  ///< null: seals only
    const RowTable* values = nullptr;   ///< both tables must outlive the writer
    const RowTable* tuples = nullptr;
    /// A seal follows this many deltas, or as many as the seal before has sums if those are more:
    /// all seals together are then never larger than the log.
    std::uint64_t seal_after = 1'000'000;
    /// Called by the writer's thread.
    std::function<void(std::shared_ptr<const SealedCells>)> on_seal;
  };

  /// `blocks` and `seals` are what the file holds already.
  CellLogWriter(Parts parts, CellLogBlocks blocks, const CellLogSeals& seals);
  /// Writes and syncs what was appended.
  ~CellLogWriter();
  CellLogWriter(const CellLogWriter&) = delete;
  CellLogWriter& operator=(const CellLogWriter&) = delete;

  /// One thread appends, in the log's order.
  void Append(std::shared_ptr<const CellLogBlock> block);
  /// Returns once everything appended before is on the device; kUnavailable when it is not.
  base::Status Flush();

 private:
  void Run();
  void CatchUp();
  void Take(const CellLogBlock& block);
  void Seal();
  void Write();
  void Sync();
  void GiveUp(const base::Error& error);

  Parts parts_;         ///< the file: the writer's thread alone
  CellLogBlocks past_;  ///< the writer's thread alone, as all up to `mutex_`
  std::shared_ptr<const SealedCells> last_seal_;
  CellSums sums_;
  std::uint64_t blocks_ = 0;
  std::uint64_t unsealed_deltas_ = 0;
  bool full_ = false;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable wake_;
  std::condition_variable flushed_;
  CellLogBlocks queue_;
  std::uint64_t flushes_asked_ = 0;
  std::uint64_t flushes_done_ = 0;
  bool complete_ = true;  ///< at the last flush
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace fansipan::indicators
