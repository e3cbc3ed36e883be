#include "store/embedded/internal/segment_summary.h"

#include <limits>
#include <utility>

#include "base/checksum.h"
#include "store/embedded/internal/bytes.h"
#include "store/embedded/internal/segment_format.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kMagic = "FSJHEADS";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kHeaderBytes = 88;
constexpr std::size_t kMarkBytes = 20;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::uint64_t kLeastEntryBytes = kEntryHeaderBytes + kEntryTrailerBytes;

base::Error Bad(const char* what) { return {base::ErrorCode::kCorrupt, "segment_summary", what}; }

// A head is shorter than its entry by more than its length takes, and 32 bytes for each megabyte
// are more than its marks take.
std::uint64_t LargestSummary(std::uint64_t segment_bytes) {
  return segment_bytes + (segment_bytes >> 15) + 2 * kHeaderBytes;
}

base::Status CheckEnds(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes + kChecksumBytes) return Bad("it is not whole");
  const std::size_t covered = bytes.size() - kChecksumBytes;
  if (ByteReader(bytes.substr(covered)).Fixed32() != base::Crc32c(bytes.substr(0, covered))) {
    return Bad("its checksum is wrong");
  }
  if (!bytes.starts_with(kMagic)) return Bad("it does not begin like a summary");
  ByteReader reader(bytes.substr(kMagic.size()));
  if (reader.Fixed32() != kFormat || reader.Fixed32() != kHeaderBytes) {
    return base::Error{base::ErrorCode::kUnsupported, "segment_summary", "it has another format"};
  }
  return {};
}

// Marks are where reading begins, so each must be a place where an entry may stand.
bool MayStand(const EntryMark& mark, const Segment& segment) {
  if (segment.marks.empty()) {
    return mark == EntryMark{segment.first_number, kSegmentHeaderBytes, segment.previous_checksum};
  }
  const EntryMark& before = segment.marks.back();
  return mark.number > before.number && mark.number < segment.next_number() &&
         mark.offset >= before.offset && mark.offset - before.offset >= kMarkDistance &&
         mark.offset < segment.bytes;
}

base::Status ReadMarks(ByteReader& reader, std::uint64_t count, Segment& segment) {
  if (count == 0 || count > reader.remaining() / kMarkBytes) return Bad("its marks do not follow");
  for (std::uint64_t i = 0; i < count; ++i) {
    EntryMark mark;
    mark.number = reader.Fixed64();
    mark.offset = reader.Fixed64();
    mark.previous_checksum = reader.Fixed32();
    if (!MayStand(mark, segment)) return Bad("a mark is at no entry's place");
    segment.marks.push_back(mark);
  }
  return {};
}

bool HasRoomForItsEntries(const Segment& segment) {
  if (segment.first_number == 0 || segment.entries == 0) return false;
  if (segment.bytes < kSegmentHeaderBytes + kLeastEntryBytes) return false;
  if (segment.entries > (segment.bytes - kSegmentHeaderBytes) / kLeastEntryBytes) return false;
  return segment.first_number <= std::numeric_limits<std::uint64_t>::max() - segment.entries;
}

}  // namespace

std::string SummaryName(std::uint64_t first_number) { return NumberedName(first_number, ".heads"); }

std::string EncodeSummary(const SegmentSummary& summary) {
  const Segment& segment = summary.segment;
  std::string bytes(kMagic);
  bytes.reserve(kHeaderBytes + segment.marks.size() * kMarkBytes + summary.heads.size() +
                kChecksumBytes);
  ByteWriter writer(bytes);
  writer.Fixed32(kFormat);
  writer.Fixed32(kHeaderBytes);
  bytes += summary.journal_id;
  writer.Fixed64(segment.first_number);
  writer.Fixed32(segment.previous_checksum);
  writer.Fixed32(segment.last_checksum);
  writer.Fixed64(segment.bytes);
  writer.Fixed64(segment.entries);
  writer.Fixed64(static_cast<std::uint64_t>(segment.recorded_at.time_since_epoch().count()));
  writer.Fixed64(segment.last_sequence.value);
  writer.Fixed64(segment.marks.size());
  for (const EntryMark& mark : segment.marks) {
    writer.Fixed64(mark.number);
    writer.Fixed64(mark.offset);
    writer.Fixed32(mark.previous_checksum);
  }
  bytes += summary.heads;
  writer.Fixed32(base::Crc32c(bytes));
  return bytes;
}

base::Result<SegmentSummary> DecodeSummary(std::string_view bytes) {
  FANSIPAN_RETURN_IF_ERROR(CheckEnds(bytes));
  SegmentSummary summary;
  const std::size_t id_offset = kMagic.size() + 8;
  summary.journal_id = std::string(bytes.substr(id_offset, kJournalIdBytes));
  const std::string_view rest = bytes.substr(id_offset + kJournalIdBytes);
  ByteReader reader(rest.substr(0, rest.size() - kChecksumBytes));
  Segment& segment = summary.segment;
  segment.first_number = reader.Fixed64();
  segment.previous_checksum = reader.Fixed32();
  segment.last_checksum = reader.Fixed32();
  segment.bytes = reader.Fixed64();
  segment.entries = reader.Fixed64();
  segment.recorded_at =
      base::Timestamp{base::Duration{static_cast<std::int64_t>(reader.Fixed64())}};
  segment.last_sequence.value = reader.Fixed64();
  const std::uint64_t marks = reader.Fixed64();
  if (!HasRoomForItsEntries(segment)) return Bad("it is of no segment that can be");
  FANSIPAN_RETURN_IF_ERROR(ReadMarks(reader, marks, segment));
  const std::string_view heads = rest.substr(reader.offset(), reader.remaining());
  if (MeasureHeads(heads, segment.entries) != heads.size()) return Bad("its heads do not fit");
  summary.heads = std::string(heads);
  return summary;
}

base::Result<SegmentSummary> LoadSummary(base::FileSystem& files, const std::string& folder,
                                         std::uint64_t first_number, std::uint64_t segment_bytes) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const std::string bytes,
      files.ReadWhole(folder + "/" + SummaryName(first_number), LargestSummary(segment_bytes)));
  FANSIPAN_ASSIGN_OR_RETURN(SegmentSummary summary, DecodeSummary(bytes));
  if (summary.segment.first_number != first_number || summary.segment.bytes != segment_bytes) {
    return Bad("it is of another segment, or of an earlier state");
  }
  return summary;
}

base::Status WriteSummary(base::FileSystem& files, const std::string& folder,
                          const SegmentSummary& summary) {
  const std::string path = folder + "/" + SummaryName(summary.segment.first_number);
  const std::string beside = path + ".new";
  const auto write = [&]() -> base::Status {
    FANSIPAN_ASSIGN_OR_RETURN(const auto file, files.OpenForAppend(beside));
    // An earlier attempt that a crash ended may have left its part here.
    FANSIPAN_RETURN_IF_ERROR(file->Truncate(0));
    return file->Append(EncodeSummary(summary));
  };
  base::Status status = write();
  if (status.ok()) status = files.Rename(beside, path);
  // What made the writing fail is what the caller must know; the leftover is cut by the next try.
  if (!status.ok()) static_cast<void>(files.Remove(beside));
  return status;
}

}  // namespace fansipan::store::internal
