#include "store/embedded/internal/segment_reader.h"

#include <algorithm>

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

}  // namespace

base::Result<std::string_view> SegmentReader::Fetch(std::uint64_t offset, std::size_t count) {
  if (offset >= end_) return std::string_view();
  count = static_cast<std::size_t>(std::min<std::uint64_t>(count, end_ - offset));
  const bool held = offset >= piece_offset_ && offset + count <= piece_offset_ + piece_.size();
  if (!held) {
    const std::uint64_t wanted =
        std::min<std::uint64_t>(std::max(count, kPieceBytes), end_ - offset);
    FANSIPAN_ASSIGN_OR_RETURN(piece_, file_->ReadAt(offset, static_cast<std::size_t>(wanted)));
    piece_offset_ = offset;
  }
  return std::string_view(piece_).substr(static_cast<std::size_t>(offset - piece_offset_), count);
}

base::Result<std::optional<FoundEntry>> SegmentReader::FindEntry(std::uint64_t offset,
                                                                 std::uint32_t seed) {
  std::optional<FoundEntry> found;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string_view start, Fetch(offset, kEntryHeaderBytes));
  const std::optional<EntryHeader> header = ParseEntryHeader(start, seed);
  if (!header) return found;
  const std::size_t whole = kEntryHeaderBytes + header->payload_bytes + kEntryTrailerBytes;
  if (whole > end_ - offset) return found;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string_view bytes, Fetch(offset, whole));
  if (bytes.size() < whole) return found;
  const std::string_view payload = bytes.substr(kEntryHeaderBytes, header->payload_bytes);
  const std::uint32_t checksum = EntryChecksum(*header, payload);
  if (checksum != ParseEntryTrailer(bytes.substr(whole - kEntryTrailerBytes))) return found;
  found = FoundEntry{*header, payload, checksum, offset + whole};
  return found;
}

base::Result<std::optional<std::uint64_t>> SegmentReader::FindLaterHeader(std::uint64_t offset,
                                                                          std::uint64_t number,
                                                                          std::uint32_t seed) {
  std::optional<std::uint64_t> found;
  ++offset;
  while (offset + kEntryHeaderBytes <= end_) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view bytes, Fetch(offset, kPieceBytes));
    if (bytes.size() < kEntryHeaderBytes) break;
    std::size_t at = FindEntryMagic(bytes, 0);
    for (; at != std::string_view::npos; at = FindEntryMagic(bytes, at + 1)) {
      const std::optional<EntryHeader> header = ParseEntryHeader(bytes.substr(at), seed);
      if (header && header->number >= number) {
        found = offset + at;
        return found;
      }
    }
    // A header may stand across the border of two pieces.
    offset += bytes.size() - kEntryHeaderBytes + 1;
  }
  return found;
}

}  // namespace fansipan::store::internal
