#include "indicators/cell_log_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/checksum.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kWindowBytes = 4ULL << 20U;
constexpr std::size_t kRowsInFrame = 4'096;

std::string FolderOf(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

std::uint32_t Fixed32At(std::string_view bytes, std::size_t offset) {
  return internal::ByteReader(bytes.substr(offset)).Fixed32();
}

base::Error Impossible() {
  return {base::ErrorCode::kCorrupt, "cell_log",
          "the cell log holds what no cell log can hold; it is rebuilt from the journal"};
}

/// Hands out the frames of a file from its front, reading ahead.
class FrameReader {
 public:
  FrameReader(const base::File& file, std::uint64_t offset, std::uint64_t size,
              std::uint32_t checksum)
      : file_(file), offset_(offset), size_(size), checksum_(checksum) {}

  struct Frame {
    CellLogFrame kind = CellLogFrame::kRows;
    std::string_view payload;  ///< until the next call
  };
  /// False at the end and where no whole frame stands.
  base::Result<bool> Next(Frame& frame) {
    FANSIPAN_ASSIGN_OR_RETURN(std::string_view bytes, Peek(kCellLogFrameHeadBytes));
    if (bytes.size() < kCellLogFrameHeadBytes) return false;
    const std::size_t covered = kCellLogFrameHeadBytes + Fixed32At(bytes, 1);
    if (covered > kMaxCellLogFrameBytes || covered + kChecksumBytes > size_ - offset_) return false;
    FANSIPAN_ASSIGN_OR_RETURN(bytes, Peek(covered + kChecksumBytes));
    if (bytes.size() < covered + kChecksumBytes) return false;
    next_checksum_ = base::Crc32c(bytes.substr(0, covered), checksum_);
    if (Fixed32At(bytes, covered) != next_checksum_) return false;
    frame.kind = static_cast<CellLogFrame>(bytes[0]);
    frame.payload = bytes.substr(kCellLogFrameHeadBytes, covered - kCellLogFrameHeadBytes);
    next_offset_ = offset_ + covered + kChecksumBytes;
    return true;
  }
  /// Goes behind the frame that Next gave.
  void Accept() {
    offset_ = next_offset_;
    checksum_ = next_checksum_;
  }
  std::uint64_t offset() const { return offset_; }
  std::uint32_t checksum() const { return checksum_; }

 private:
  base::Result<std::string_view> Peek(std::size_t count) {
    const std::uint64_t at = offset_ - window_start_;
    if (at + count > window_.size()) {
      FANSIPAN_ASSIGN_OR_RETURN(window_, file_.ReadAt(offset_, std::max(count, kWindowBytes)));
      window_start_ = offset_;
    }
    const auto start = static_cast<std::size_t>(offset_ - window_start_);
    return std::string_view(window_).substr(start, count);
  }

  const base::File& file_;
  std::uint64_t offset_;
  const std::uint64_t size_;
  std::uint32_t checksum_;
  std::uint64_t next_offset_ = 0;
  std::uint32_t next_checksum_ = 0;
  std::string window_;
  std::uint64_t window_start_ = 0;
};

base::Status TakeRows(std::string_view payload, LoadedCellLog& log, CellLogBounds& bounds) {
  FANSIPAN_ASSIGN_OR_RETURN(CellLogRows rows, DecodeRows(payload));
  const bool is_values = rows.table == CellLogTable::kValues;
  std::vector<model::Row>& table = is_values ? log.values : log.tuples;
  if (rows.first != table.size()) return Impossible();
  std::move(rows.rows.begin(), rows.rows.end(), std::back_inserter(table));
  (is_values ? bounds.values : bounds.tuples) = table.size();
  return {};
}

/// False when the block lies behind the journal's end.
base::Result<bool> TakeBlock(std::string_view payload, const store::JournalEnd& end,
                             const CellLogBounds& bounds, LoadedCellLog& log) {
  FANSIPAN_ASSIGN_OR_RETURN(CellLogBlock block, DecodeBlock(payload, bounds));
  if (block.at > end.recorded_at) return false;
  if (block.sequence > end.sequence) return Impossible();
  if (!log.blocks.empty()) {
    const CellLogBlock& before = *log.blocks.back();
    if (block.at < before.at || block.sequence < before.sequence) return Impossible();
  }
  log.blocks.push_back(std::make_shared<const CellLogBlock>(std::move(block)));
  return true;
}

base::Status TakeSeal(std::string_view payload, const CellLogBounds& bounds, LoadedCellLog& log) {
  FANSIPAN_ASSIGN_OR_RETURN(SealedCells seal, DecodeSeal(payload, bounds));
  const bool again = !log.seals.empty() && log.seals.back()->blocks == seal.blocks;
  if (seal.blocks != log.blocks.size() || again) return Impossible();
  log.seals.push_back(std::make_shared<const SealedCells>(std::move(seal)));
  return {};
}

}  // namespace

base::Result<LoadedCellLog> LoadCellLog(base::FileSystem& files, const std::string& path,
                                        const CellLogIdentity& identity, CellLogBounds bounds,
                                        const store::JournalEnd& end) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::unique_ptr<base::File> file, files.OpenForRead(path));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, file->Size());
  FANSIPAN_ASSIGN_OR_RETURN(const std::string header, file->ReadAt(0, kCellLogHeaderBytes));
  FANSIPAN_RETURN_IF_ERROR(CheckCellLogHeader(header, identity));
  bounds.values = 0;
  bounds.tuples = 0;
  LoadedCellLog log;
  FrameReader reader(*file, header.size(), size, Fixed32At(header, header.size() - kChecksumBytes));
  FrameReader::Frame frame;
  bool behind_end = false;
  while (!behind_end) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool whole, reader.Next(frame));
    if (!whole) break;
    if (frame.kind == CellLogFrame::kRows) {
      FANSIPAN_RETURN_IF_ERROR(TakeRows(frame.payload, log, bounds));
    } else if (frame.kind == CellLogFrame::kBlock) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool taken, TakeBlock(frame.payload, end, bounds, log));
      behind_end = !taken;
    } else if (frame.kind == CellLogFrame::kSeal) {
      FANSIPAN_RETURN_IF_ERROR(TakeSeal(frame.payload, bounds, log));
    } else {
      return Impossible();
    }
    if (!behind_end) reader.Accept();
  }
  log.size = reader.offset();
  log.checksum = reader.checksum();
  log.damaged_bytes = behind_end ? 0 : size - log.size;
  return log;
}

base::Result<std::unique_ptr<CellLogFile>> CellLogFile::Create(base::FileSystem& files,
                                                               const std::string& path,
                                                               const CellLogIdentity& identity) {
  if (files.Exists(path)) FANSIPAN_RETURN_IF_ERROR(files.Remove(path));
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForAppend(path));
  const std::string header = EncodeCellLogHeader(identity);
  FANSIPAN_RETURN_IF_ERROR(file->Append(header));
  FANSIPAN_RETURN_IF_ERROR(files.SyncFolder(FolderOf(path)));
  return std::unique_ptr<CellLogFile>(new CellLogFile(
      std::move(file), header.size(), Fixed32At(header, header.size() - kChecksumBytes)));
}

base::Result<std::unique_ptr<CellLogFile>> CellLogFile::Continue(base::FileSystem& files,
                                                                 const std::string& path,
                                                                 const LoadedCellLog& loaded) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForAppend(path));
  FANSIPAN_RETURN_IF_ERROR(file->Truncate(loaded.size));
  std::unique_ptr<CellLogFile> opened(
      new CellLogFile(std::move(file), loaded.size, loaded.checksum));
  opened->values_ = loaded.values.size();
  opened->tuples_ = loaded.tuples.size();
  return opened;
}

base::Status CellLogFile::AddFrame(CellLogFrame kind, const std::string& payload) {
  if (payload.size() + kCellLogFrameHeadBytes > kMaxCellLogFrameBytes) {
    return base::Error{base::ErrorCode::kTooLarge, "cell_log_frame",
                       "what changed at once takes " + std::to_string(payload.size()) +
                           " bytes in the cell log, more than one frame may have"};
  }
  checksum_ = AppendFrame(kind, payload, checksum_, waiting_);
  return {};
}

void CellLogFile::AddRows(CellLogTable table, const RowTable& rows) {
  std::uint64_t& added = table == CellLogTable::kValues ? values_ : tuples_;
  const std::uint64_t size = rows.size();
  while (added < size) {
    CellLogRows frame{table, added, {}};
    for (; added < size && frame.rows.size() < kRowsInFrame; ++added) {
      frame.rows.push_back(rows.Get(static_cast<std::uint32_t>(added)));
    }
    std::string payload;
    EncodeRows(frame, payload);
    checksum_ = AppendFrame(CellLogFrame::kRows, payload, checksum_, waiting_);
  }
}

base::Status CellLogFile::Add(const CellLogBlock& block) {
  std::string payload;
  EncodeBlock(block, payload);
  return AddFrame(CellLogFrame::kBlock, payload);
}

base::Status CellLogFile::Add(const SealedCells& seal) {
  std::string payload;
  EncodeSeal(seal, payload);
  return AddFrame(CellLogFrame::kSeal, payload);
}

base::Status CellLogFile::Write() {
  if (waiting_.empty()) return {};
  auto written = file_->Append(waiting_);
  if (!written.ok()) {
    // A part of it may stand there; the next attempt begins where this one did.
    FANSIPAN_RETURN_IF_ERROR(file_->Truncate(size_));
    return written;
  }
  size_ += waiting_.size();
  waiting_.clear();
  return {};
}

base::Status CellLogFile::Sync() { return file_->Sync(); }

}  // namespace fansipan::indicators
