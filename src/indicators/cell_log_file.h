#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "indicators/cell_log.h"
#include "indicators/cell_log_format.h"
#include "indicators/cell_log_reader.h"
#include "store/journal.h"

namespace fansipan::indicators {

/// What a file held that can be gone on from.
struct LoadedCellLog {
  std::vector<model::Row> values;  ///< by id
  std::vector<model::Row> tuples;  ///< by id
  std::deque<CellLogBlockPlace> blocks;
  std::vector<CellLogSealPlace> seals;
  CellLogSeal last_seal;  ///< that of the last place
  std::shared_ptr<const CellLogReader> reader;
  std::uint64_t size = 0;           ///< of the file up to the last frame that counts
  std::uint32_t checksum = 0;       ///< of that frame
  std::uint64_t damaged_bytes = 0;  ///< behind it: torn, garbled, or behind such
};

/// Reads a file without changing it, up to the first frame that is not whole or lies behind the
/// journal's `end`, and adds what it comes to to `cells`, which must be empty; after an error they
/// are of no use. Deltas before the last seal are checked but not read. `bounds` without its
/// tables. kNotFound, kIo; as CheckFileHeader; kCorrupt: what is whole is not possible, the file
/// is of no use.
base::Result<LoadedCellLog> LoadCellLog(base::FileSystem& files, const std::string& path,
                                        const FileIdentity& identity, CellLogBounds bounds,
                                        const store::JournalEnd& end, Cells& cells);

/// The file of a cell log, open for what follows. Problem: adding up the past again from the
/// journal takes minutes, and it is too much for the memory. What is added is kept until Write; a
/// crash loses the end of the file, never the sense of what stands before it. One thread.
class CellLogFile {
 public:
  /// A new file in place of whatever is there.
  static base::Result<std::unique_ptr<CellLogFile>> Create(base::FileSystem& files,
                                                           const std::string& path,
                                                           const FileIdentity& identity);
  /// Goes on behind what was loaded; what lies behind that is cut off.
  static base::Result<std::unique_ptr<CellLogFile>> Continue(base::FileSystem& files,
                                                             const std::string& path,
                                                             const LoadedCellLog& loaded);

  /// Adds the rows that the table has and the file has not. Comes before blocks that name them.
  void AddRows(CellLogTable table, const RowTable& rows);
  /// Where it will stand. kTooLarge: the block does not fit into a frame.
  base::Result<CellLogPosition> Add(const CellLogBlock& block);
  /// Adds a seal: `cells` are what the first `blocks` blocks make. Chunks that the seal before has
  /// are not written again, others are handed to the operating system as they come. Errors of
  /// Write; kTooLarge: there are too many chunks for a frame. There is no seal then.
  base::Result<CellLogSealPlace> AddSeal(std::uint64_t blocks, const Cells& cells);
  /// Hands everything added to the operating system. After kStorageFull it may be called again.
  base::Status Write();
  /// Returns once everything written is on the device. A failure is final.
  base::Status Sync();
  std::size_t waiting_bytes() const { return waiting_.size(); }
  /// Chunks of the last seal.
  std::size_t sealed_chunks() const { return last_seal_.chunks.size(); }

 private:
  CellLogFile(std::unique_ptr<base::File> file, std::uint64_t size, std::uint32_t checksum)
      : file_(std::move(file)), size_(size), checksum_(checksum) {}
  base::Result<CellLogPosition> AddFrame(FrameKind kind, const std::string& payload);
  std::uint64_t end() const { return size_ + waiting_.size(); }

  std::unique_ptr<base::File> file_;
  std::uint64_t size_ = 0;
  std::uint32_t checksum_ = 0;  ///< of the last frame added, written or not
  std::uint64_t values_ = 0;    ///< rows added of each table
  std::uint64_t tuples_ = 0;
  CellLogSeal last_seal_;
  std::string waiting_;
};

}  // namespace fansipan::indicators
