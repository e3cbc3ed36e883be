#include "indicators/cell_log_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/checksum.h"
#include "base/log.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kCellsInFrame = 16ULL << 20U;
constexpr std::size_t kRowsInFrame = 4'096;

std::string FolderOf(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

std::uint32_t Fixed32At(std::string_view bytes, std::size_t offset) {
  return internal::ByteReader(bytes.substr(offset)).Fixed32();
}

base::Error Impossible() {
  return {base::ErrorCode::kCorrupt, "cell_log",
          "the cell log holds what no cell log can hold; it is rebuilt from the journal"};
}

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
base::Result<bool> TakeBlock(const FrameReader::Frame& frame, const store::JournalEnd& end,
                             LoadedCellLog& log) {
  FANSIPAN_ASSIGN_OR_RETURN(const CellLogBlockHead head, DecodeBlockHead(frame.payload));
  if (head.at > end.recorded_at) return false;
  if (head.sequence > end.sequence) return Impossible();
  if (!log.blocks.empty()) {
    const CellLogBlockPlace& before = log.blocks.back();
    if (head.at < before.at || head.sequence < before.sequence) return Impossible();
  }
  log.blocks.emplace_back(head, frame.position);
  return true;
}

base::Status TakeSeal(const FrameReader::Frame& frame, const CellLogBounds& bounds,
                      LoadedCellLog& log) {
  FANSIPAN_ASSIGN_OR_RETURN(const CellLogSeal seal,
                            DecodeSeal(frame.payload, bounds, frame.position.offset));
  const bool again = !log.seals.empty() && log.seals.back().blocks == seal.blocks;
  if (seal.blocks != log.blocks.size() || again) return Impossible();
  log.seals.push_back({seal.blocks, frame.position});
  return {};
}

/// Passes over the file, noting where what stands. False when a block lies behind the end.
base::Result<bool> TakeFrame(const FrameReader::Frame& frame, const store::JournalEnd& end,
                             CellLogBounds& bounds, LoadedCellLog& log) {
  switch (frame.kind) {
    case FrameKind::kRows:
      FANSIPAN_RETURN_IF_ERROR(TakeRows(frame.payload, log, bounds));
      return true;
    case FrameKind::kBlock:
      return TakeBlock(frame, end, log);
    case FrameKind::kSeal:
      FANSIPAN_RETURN_IF_ERROR(TakeSeal(frame, bounds, log));
      return true;
    case FrameKind::kCells:
      return true;
    case FrameKind::kRecords:
    case FrameKind::kIndexEnd:
      break;
  }
  return Impossible();
}

/// Takes the cells of the last seal that is whole; one that is not is left out.
base::Status TakeSealedCells(const CellLogBounds& bounds, LoadedCellLog& log, Cells& cells) {
  const Cells empty = cells;
  const CellChunkBounds chunk_bounds{bounds.tuples, bounds.values};
  for (; !log.seals.empty(); log.seals.pop_back()) {
    FANSIPAN_ASSIGN_OR_RETURN(log.last_seal, log.reader->ReadSeal(log.seals.back(), bounds));
    base::Status status;
    for (const SealedChunk& place : log.last_seal.chunks) {
      auto chunk = log.reader->ReadChunk(place, cells.layout(), chunk_bounds);
      if (!chunk.ok()) {
        status = chunk.error();
        break;
      }
      cells.Append(place.key, *std::move(chunk));
    }
    if (status.ok()) return status;
    if (status.error().code != base::ErrorCode::kCorrupt) return status;
    base::LogWarning("cell log: the seal of {} blocks is damaged; the one before it serves",
                     log.last_seal.blocks);
    cells = empty;
  }
  log.last_seal = {};
  return {};
}

/// What comes after the last seal.
base::Status AddUpRest(const CellLogBounds& bounds, const LoadedCellLog& log, Cells& cells) {
  const auto sealed = static_cast<std::size_t>(log.last_seal.blocks);
  if (sealed == log.blocks.size()) return {};
  return log.reader->ReadBlocks(log.blocks[sealed].position(), log.blocks.size() - sealed, bounds,
                                [&](const CellLogBlock& block) { cells.Apply(block.deltas); });
}

}  // namespace

base::Result<LoadedCellLog> LoadCellLog(base::FileSystem& files, const std::string& path,
                                        const FileIdentity& identity, CellLogBounds bounds,
                                        const store::JournalEnd& end, Cells& cells) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForRead(path));
  LoadedCellLog log;
  log.reader = std::make_shared<const CellLogReader>(std::move(file));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, log.reader->Size());
  FANSIPAN_ASSIGN_OR_RETURN(const std::string header, log.reader->ReadAt(0, kFileHeaderBytes));
  FANSIPAN_RETURN_IF_ERROR(CheckFileHeader(header, kCellLogFile, identity));
  bounds.values = 0;
  bounds.tuples = 0;
  FrameReader frames(*log.reader, size,
                     {header.size(), Fixed32At(header, header.size() - kChecksumBytes)});
  FrameReader::Frame frame;
  bool behind_end = false;
  while (!behind_end) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool whole, frames.Next(frame));
    if (!whole) break;
    FANSIPAN_ASSIGN_OR_RETURN(const bool taken, TakeFrame(frame, end, bounds, log));
    behind_end = !taken;
    if (taken) frames.Accept();
  }
  log.size = frames.position().offset;
  log.checksum = frames.position().seed;
  log.damaged_bytes = behind_end ? 0 : size - log.size;
  FANSIPAN_RETURN_IF_ERROR(TakeSealedCells(bounds, log, cells));
  FANSIPAN_RETURN_IF_ERROR(AddUpRest(bounds, log, cells));
  return log;
}

base::Result<std::unique_ptr<CellLogFile>> CellLogFile::Create(base::FileSystem& files,
                                                               const std::string& path,
                                                               const FileIdentity& identity) {
  if (files.Exists(path)) FANSIPAN_RETURN_IF_ERROR(files.Remove(path));
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForAppend(path));
  const std::string header = EncodeFileHeader(kCellLogFile, identity);
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
  opened->last_seal_ = loaded.last_seal;
  return opened;
}

base::Result<CellLogPosition> CellLogFile::AddFrame(FrameKind kind, const std::string& payload) {
  if (payload.size() + kCellLogFrameHeadBytes > kMaxCellLogFrameBytes) {
    return base::Error{base::ErrorCode::kTooLarge, "cell_log_frame",
                       "what changed at once takes " + std::to_string(payload.size()) +
                           " bytes in the cell log, more than one frame may have"};
  }
  const CellLogPosition position{end(), checksum_};
  checksum_ = AppendFrame(kind, payload, checksum_, waiting_);
  return position;
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
    checksum_ = AppendFrame(FrameKind::kRows, payload, checksum_, waiting_);
  }
}

base::Result<CellLogPosition> CellLogFile::Add(const CellLogBlock& block) {
  std::string payload;
  EncodeBlock(block, payload);
  return AddFrame(FrameKind::kBlock, payload);
}

base::Result<CellLogSealPlace> CellLogFile::AddSeal(std::uint64_t blocks, const Cells& cells) {
  CellLogSeal seal{blocks, {}};
  std::string fresh;
  base::Status written;
  const auto add_cells = [&] {
    if (fresh.empty()) return;
    checksum_ = AppendFrame(FrameKind::kCells, fresh, checksum_, waiting_);
    fresh.clear();
    if (written.ok()) written = Write();
  };
  auto known = last_seal_.chunks.cbegin();
  const auto add_chunk = [&](const CellChunkKey& key, const CellChunk& chunk) {
    while (known != last_seal_.chunks.cend() && known->key < key) ++known;
    const bool same =
        known != last_seal_.chunks.cend() && known->key == key && known->changes == chunk.changes();
    if (same) {
      seal.chunks.push_back(*known);
      return;
    }
    const std::size_t start = fresh.size();
    const std::uint64_t offset = end() + kCellLogFrameHeadBytes + start;
    chunk.Encode(cells.layout(), key.set, fresh);
    const std::string_view bytes = std::string_view(fresh).substr(start);
    seal.chunks.push_back({key, chunk.changes(), offset, bytes.size(), base::Crc32c(bytes)});
    if (fresh.size() >= kCellsInFrame) add_cells();
  };
  for (std::uint32_t set = 0; set < cells.layout().sets(); ++set) {
    cells.ForEachChunk(set, add_chunk);
  }
  add_cells();
  FANSIPAN_RETURN_IF_ERROR(written);
  std::string payload;
  EncodeSeal(seal, payload);
  FANSIPAN_ASSIGN_OR_RETURN(const CellLogPosition position, AddFrame(FrameKind::kSeal, payload));
  last_seal_ = std::move(seal);
  return CellLogSealPlace{blocks, position};
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
