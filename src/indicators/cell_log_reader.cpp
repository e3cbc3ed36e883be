#include "indicators/cell_log_reader.h"

#include <algorithm>

#include "base/checksum.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kWindowBytes = 4ULL << 20U;

std::uint32_t Fixed32At(std::string_view bytes, std::size_t offset) {
  return internal::ByteReader(bytes.substr(offset)).Fixed32();
}

base::Error Damaged(std::uint64_t offset) {
  return {base::ErrorCode::kCorrupt, "cell_log_damaged",
          "the cell log is damaged at byte " + std::to_string(offset) +
              ", so that this moment of the past cannot be told; the next start of the server "
              "repairs it from the journal"};
}

base::Error DamagedSeal(std::uint64_t offset) {
  return {base::ErrorCode::kCorrupt, "cell_log_damaged",
          "a seal of the cell log is damaged at byte " + std::to_string(offset) +
              "; ask again, the one before it serves from now on"};
}

}  // namespace

base::Result<std::string> CellLogReader::ReadAt(std::uint64_t offset, std::size_t count) const {
  const std::lock_guard lock(mutex_);
  return file_->ReadAt(offset, count);
}

base::Result<std::uint64_t> CellLogReader::Size() const {
  const std::lock_guard lock(mutex_);
  return file_->Size();
}

base::Status CellLogReader::ReadBlocks(const CellLogPosition& first, std::size_t count,
                                       const CellLogBounds& bounds, const VisitBlock& visit,
                                       const base::Patience& patience) const {
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, Size());
  FrameReader frames(*this, size, first);
  FrameReader::Frame frame;
  for (std::size_t read = 0; read < count; frames.Accept()) {
    if (patience.IsOver()) return patience.Check();
    FANSIPAN_ASSIGN_OR_RETURN(const bool whole, frames.Next(frame));
    if (!whole) return Damaged(frames.position().offset);
    if (frame.kind != FrameKind::kBlock) continue;
    FANSIPAN_ASSIGN_OR_RETURN(const CellLogBlock block, DecodeBlock(frame.payload, bounds));
    visit(block);
    ++read;
  }
  return {};
}

base::Result<CellLogSeal> CellLogReader::ReadSeal(const CellLogSealPlace& place,
                                                  const CellLogBounds& bounds) const {
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, Size());
  FrameReader frames(*this, size, place.position);
  FrameReader::Frame frame;
  FANSIPAN_ASSIGN_OR_RETURN(const bool whole, frames.Next(frame));
  if (!whole || frame.kind != FrameKind::kSeal) return DamagedSeal(place.position.offset);
  FANSIPAN_ASSIGN_OR_RETURN(CellLogSeal seal,
                            DecodeSeal(frame.payload, bounds, place.position.offset));
  if (seal.blocks != place.blocks) return DamagedSeal(place.position.offset);
  return seal;
}

base::Result<CellChunk> CellLogReader::ReadChunk(const SealedChunk& place, const CellLayout& layout,
                                                 const CellChunkBounds& bounds) const {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string bytes,
                            ReadAt(place.offset, static_cast<std::size_t>(place.size)));
  const bool whole = bytes.size() == place.size && base::Crc32c(bytes) == place.checksum;
  if (!whole) return DamagedSeal(place.offset);
  FANSIPAN_ASSIGN_OR_RETURN(CellChunk chunk,
                            CellChunk::Decode(layout, place.key.set, bounds, bytes));
  if (chunk.changes() != place.changes) return DamagedSeal(place.offset);
  return chunk;
}

base::Result<std::string_view> FrameReader::Peek(std::uint64_t offset, std::size_t count) {
  const bool inside = window_start_ <= offset && offset + count <= window_start_ + window_.size();
  if (!inside) {
    FANSIPAN_ASSIGN_OR_RETURN(window_, file_.ReadAt(offset, std::max(count, kWindowBytes)));
    window_start_ = offset;
  }
  return std::string_view(window_).substr(static_cast<std::size_t>(offset - window_start_), count);
}

base::Result<bool> FrameReader::Next(Frame& frame) {
  FANSIPAN_ASSIGN_OR_RETURN(std::string_view bytes, Peek(next_.offset, kCellLogFrameHeadBytes));
  if (bytes.size() < kCellLogFrameHeadBytes) return false;
  const std::size_t length = kCellLogFrameHeadBytes + Fixed32At(bytes, 1);
  if (length > kMaxCellLogFrameBytes || length + kChecksumBytes > size_ - next_.offset) {
    return false;
  }
  frame.kind = static_cast<FrameKind>(bytes[0]);
  frame.position = next_;
  after_.offset = next_.offset + length + kChecksumBytes;
  if (frame.kind == FrameKind::kCells) {
    after_.seed = base::Crc32c(bytes, next_.seed);
    frame.payload = {};
    FANSIPAN_ASSIGN_OR_RETURN(bytes, Peek(next_.offset + length, kChecksumBytes));
    return bytes.size() == kChecksumBytes && Fixed32At(bytes, 0) == after_.seed;
  }
  FANSIPAN_ASSIGN_OR_RETURN(bytes, Peek(next_.offset, length + kChecksumBytes));
  if (bytes.size() < length + kChecksumBytes) return false;
  after_.seed = base::Crc32c(bytes.substr(0, length), next_.seed);
  frame.payload = bytes.substr(kCellLogFrameHeadBytes, length - kCellLogFrameHeadBytes);
  return Fixed32At(bytes, length) == after_.seed;
}

}  // namespace fansipan::indicators
