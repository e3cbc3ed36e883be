#include "store/embedded/journal_scrub.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "store/embedded/internal/segment_format.h"
#include "store/embedded/internal/segment_reader.h"
#include "store/embedded/internal/segment_summary.h"

namespace fansipan::store {
namespace {

base::Error Damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return {base::ErrorCode::kCorrupt, "journal_damaged",
          "journal segment " + path + ", byte " + std::to_string(offset) + ": " + what +
              "; acknowledged entries may be lost here. Restore the data folder from a backup, or "
              "repair the disk's copy of this file, then start again"};
}

// The content that the bytes say; nothing when it was stopped.
base::Result<std::optional<internal::SegmentContent>> ReadContent(const ScrubbedSegment& scrubbed,
                                                                  const std::stop_token& stop) {
  const internal::Segment& known = scrubbed.known;
  FANSIPAN_ASSIGN_OR_RETURN(auto file, scrubbed.files.OpenForRead(known.path));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t bytes, file->Size());
  FANSIPAN_ASSIGN_OR_RETURN(const std::string start,
                            file->ReadAt(0, internal::kSegmentHeaderBytes));
  if (start != internal::EncodeSegmentHeader({.journal_id = scrubbed.journal_id,
                                              .first_number = known.first_number,
                                              .previous_checksum = known.previous_checksum})) {
    return Damage(known.path, 0, "its header is damaged");
  }
  if (bytes != known.bytes) {
    return Damage(known.path, std::min(bytes, known.bytes),
                  "it has " + std::to_string(bytes) + " bytes and should have " +
                      std::to_string(known.bytes));
  }
  internal::SegmentReader reader(std::move(file), bytes);
  std::optional<internal::SegmentContent> content(std::in_place);
  internal::Segment& segment = content->segment;
  segment.path = known.path;
  segment.first_number = known.first_number;
  segment.previous_checksum = known.previous_checksum;
  segment.last_checksum = known.previous_checksum;
  segment.bytes = internal::kSegmentHeaderBytes;
  const std::uint32_t seed = internal::ChecksumSeed(scrubbed.journal_id);
  while (segment.bytes < bytes) {
    if (stop.stop_requested()) return std::optional<internal::SegmentContent>();
    const std::uint64_t offset = segment.bytes;
    FANSIPAN_ASSIGN_OR_RETURN(const auto entry, reader.FindEntry(offset, seed));
    if (!entry) {
      return Damage(known.path, offset,
                    "entry " + std::to_string(segment.next_number()) + " is damaged");
    }
    const base::Status taken = content->Take(*entry);
    if (!taken.ok()) return Damage(known.path, offset, taken.error().message);
  }
  return content;
}

// Where `bytes` differ from what the segment's summary must be.
std::size_t FirstDifference(std::string_view bytes, std::string_view right) {
  const auto [at, unused] = std::mismatch(bytes.begin(), bytes.end(), right.begin(), right.end());
  return static_cast<std::size_t>(at - bytes.begin());
}

base::Status CheckSummary(const ScrubbedSegment& scrubbed,
                          const internal::SegmentContent& content) {
  const internal::Segment& known = scrubbed.known;
  const std::string right =
      internal::EncodeSummary({scrubbed.journal_id, content.segment, content.heads.Join()});
  const auto summary = internal::LoadSummary(scrubbed.files, scrubbed.folder, known.first_number,
                                             content.segment.bytes);
  const std::string found = summary.ok() ? internal::EncodeSummary(*summary) : right;
  if (found == right && known == content.segment) return {};
  const std::string path = scrubbed.folder + "/" + internal::SummaryName(known.first_number);
  if (found != right) {
    FANSIPAN_RETURN_IF_ERROR(scrubbed.files.Remove(path));
    FANSIPAN_RETURN_IF_ERROR(scrubbed.files.SyncFolder(scrubbed.folder));
  }
  return base::Error{base::ErrorCode::kCorrupt, "journal_summary",
                     "journal summary " + path + ", byte " +
                         std::to_string(FirstDifference(found, right)) +
                         ": it does not say what its segment says, which is whole; start again, so "
                         "that what was taken from it is taken from the segment"};
}

}  // namespace

base::Result<bool> Scrub(const ScrubbedSegment& segment, const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto content, ReadContent(segment, stop));
  if (!content) return false;
  if (content->segment.last_checksum != segment.known.last_checksum) {
    return Damage(segment.known.path, segment.known.bytes,
                  "its last entry is not the one that the next segment follows");
  }
  FANSIPAN_RETURN_IF_ERROR(CheckSummary(segment, *content));
  return true;
}

}  // namespace fansipan::store
