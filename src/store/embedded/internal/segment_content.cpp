#include "store/embedded/internal/segment_content.h"

#include <algorithm>
#include <utility>

#include "store/embedded/internal/bytes.h"
#include "store/embedded/internal/head_encoding.h"

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

base::Error Misplaced(std::string message) {
  return {base::ErrorCode::kCorrupt, "journal_entry", std::move(message)};
}

}  // namespace

void Segment::Add(const JournalHead& head, std::uint32_t checksum, std::uint64_t next_offset) {
  if (marks.empty() || bytes - marks.back().offset >= kMarkDistance) {
    marks.push_back({head.number, bytes, last_checksum});
  }
  ++entries;
  bytes = next_offset;
  last_checksum = checksum;
  recorded_at = head.recorded_at;
  last_sequence = std::max(last_sequence, head.last_sequence);
}

void HeadList::Add(const JournalHead& head) {
  std::string encoded;
  EncodeHead(head, encoded);
  if (pieces_.empty() || pieces_.back().heads.size() + encoded.size() > kPieceBytes) {
    pieces_.push_back({head.number, {}});
  }
  ByteWriter(pieces_.back().heads).Text(encoded);
}

const HeadPiece& HeadList::PieceWith(std::uint64_t number) const {
  const auto behind = std::upper_bound(
      pieces_.begin(), pieces_.end(), number,
      [](std::uint64_t wanted, const HeadPiece& piece) { return wanted < piece.first_number; });
  return *(behind - 1);
}

std::string HeadList::Join() const {
  std::size_t bytes = 0;
  for (const HeadPiece& piece : pieces_) bytes += piece.heads.size();
  std::string joined;
  joined.reserve(bytes);
  for (const HeadPiece& piece : pieces_) joined += piece.heads;
  return joined;
}

std::optional<std::string_view> HeadCursor::NextBytes() {
  ByteReader reader(std::string_view(piece_.heads).substr(offset_));
  const std::string_view bytes = reader.TextView();
  if (reader.failed()) return std::nullopt;
  offset_ += reader.offset();
  ++number_;
  return bytes;
}

void HeadCursor::SkipTo(std::uint64_t number) {
  while (number_ < number && NextBytes()) {
  }
}

std::optional<JournalHead> HeadCursor::Next() {
  const std::uint64_t number = number_;
  const std::optional<std::string_view> bytes = NextBytes();
  if (!bytes) return std::nullopt;
  base::Result<JournalHead> head = DecodeHead(*bytes, number);
  if (!head.ok()) return std::nullopt;
  return *std::move(head);
}

std::optional<std::size_t> MeasureHeads(std::string_view bytes, std::uint64_t count) {
  ByteReader reader(bytes);
  for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) reader.SkipText();
  if (reader.failed()) return std::nullopt;
  return reader.offset();
}

base::Status SegmentContent::Take(const FoundEntry& entry) {
  if (entry.header.number != segment.next_number() ||
      entry.header.previous_checksum != segment.last_checksum) {
    return Misplaced("entry " + std::to_string(entry.header.number) + " does not follow entry " +
                     std::to_string(segment.next_number() - 1));
  }
  FANSIPAN_ASSIGN_OR_RETURN(const JournalHead head,
                            DecodeEntryHead(entry.payload, entry.header.number));
  segment.Add(head, entry.checksum, entry.next_offset);
  heads.Add(head);
  return {};
}

}  // namespace fansipan::store::internal
