#include "store/embedded/internal/journal_recovery.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.h"
#include "store/embedded/internal/segment_format.h"
#include "store/embedded/internal/segment_reader.h"
#include "store/embedded/internal/segment_summary.h"

namespace fansipan::store::internal {
namespace {

base::Error Damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return {base::ErrorCode::kCorrupt, "journal_damaged",
          "journal segment " + path + ", byte " + std::to_string(offset) + ": " + what +
              "; acknowledged entries may be lost here. Restore the data folder from a backup, or "
              "repair the disk's copy of this file, before starting again"};
}

// Walks through the segments in order. State between two calls is in `journal_`.
class Recovery {
 public:
  Recovery(base::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  base::Result<RecoveredJournal> Run() {
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> numbers, ListSegments());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const bool is_last = i + 1 == numbers.size();
      FANSIPAN_RETURN_IF_ERROR(
          CheckSegment(numbers[i], is_last ? std::nullopt : std::optional(numbers[i + 1])));
    }
    journal_.report.entries = journal_.end.number;
    journal_.report.segments = journal_.segments.size();
    return std::move(journal_);
  }

 private:
  base::Result<std::vector<std::uint64_t>> ListSegments() {
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.List(folder_));
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : names) {
      if (const auto number = ParseSegmentName(name)) numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }

  // `next` is the first number of the segment that follows; without one it is the last.
  base::Status CheckSegment(std::uint64_t number, std::optional<std::uint64_t> next) {
    Segment segment;
    segment.path = PathOf(number);
    segment.first_number = number;
    if (number != journal_.end.number + 1) {
      return Damage(segment.path, 0,
                    "entry " + std::to_string(journal_.end.number + 1) +
                        " should come next, but the next segment begins with " +
                        std::to_string(number));
    }
    FANSIPAN_ASSIGN_OR_RETURN(auto file, files_.OpenForRead(segment.path));
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t bytes, file->Size());
    FANSIPAN_ASSIGN_OR_RETURN(const std::string start, file->ReadAt(0, kSegmentHeaderBytes));
    const base::Result<SegmentHeader> header = ParseSegmentHeader(start);
    if (!header.ok()) {
      // The header is synced before an entry is written behind it: without one, nothing was lost.
      const bool torn =
          !next && bytes <= kSegmentHeaderBytes && header.error().code == base::ErrorCode::kCorrupt;
      if (torn) return CutSegment(segment.path, bytes);
      if (header.error().code != base::ErrorCode::kCorrupt) {
        return base::Annotate(header.error(), "journal segment " + segment.path);
      }
      return Damage(segment.path, 0, header.error().message);
    }
    FANSIPAN_RETURN_IF_ERROR(CheckHeader(*header, segment));
    segment.previous_checksum = header->previous_checksum;
    segment.last_checksum = header->previous_checksum;
    segment.bytes = bytes;
    if (next && TakeSummary(segment, *next)) {
      Follow(std::move(segment));
      return {};
    }
    return ReadSegment(SegmentReader(std::move(file), bytes), std::move(segment), !next);
  }

  base::Status CheckHeader(const SegmentHeader& header, const Segment& segment) {
    if (journal_.segments.empty()) journal_.id = header.journal_id;
    if (header.journal_id != journal_.id) {
      return Damage(segment.path, 0, "it belongs to another journal than the segments before it");
    }
    const std::uint32_t last_checksum =
        journal_.segments.empty() ? 0 : journal_.segments.back().last_checksum;
    if (header.first_number != segment.first_number || header.previous_checksum != last_checksum) {
      return Damage(segment.path, 0, "it does not continue the segment before it");
    }
    return {};
  }

  // Fills in `segment` from its summary when that is of the segment and leads to the next one.
  bool TakeSummary(Segment& segment, std::uint64_t next) {
    base::Result<SegmentSummary> summary =
        LoadSummary(files_, folder_, segment.first_number, segment.bytes);
    if (!summary.ok()) return false;
    Segment& told = summary->segment;
    const bool continues = summary->journal_id == journal_.id &&
                           told.previous_checksum == segment.previous_checksum &&
                           told.next_number() == next;
    if (!continues || !LeadsTo(next, told.last_checksum)) return false;
    told.path = std::move(segment.path);
    segment = std::move(told);
    return true;
  }

  // The next segment's header is what says that this one's last entry is still its last. Without
  // one, as after a power cut while it was made, the segment becomes the one that is written to.
  bool LeadsTo(std::uint64_t next, std::uint32_t last_checksum) {
    const auto file = files_.OpenForRead(PathOf(next));
    if (!file.ok()) return false;
    const base::Result<std::string> start = (*file)->ReadAt(0, kSegmentHeaderBytes);
    if (!start.ok()) return false;
    const base::Result<SegmentHeader> header = ParseSegmentHeader(*start);
    return header.ok() && header->journal_id == journal_.id && header->first_number == next &&
           header->previous_checksum == last_checksum;
  }

  // Verifies every byte, and writes a missing summary.
  base::Status ReadSegment(SegmentReader reader, Segment segment, bool is_last) {
    const std::uint32_t seed = ChecksumSeed(journal_.id);
    segment.bytes = kSegmentHeaderBytes;
    SegmentContent content{std::move(segment), {}};
    while (content.segment.bytes < reader.end()) {
      const std::uint64_t offset = content.segment.bytes;
      FANSIPAN_ASSIGN_OR_RETURN(const auto entry, reader.FindEntry(offset, seed));
      if (!entry) {
        FANSIPAN_RETURN_IF_ERROR(Tail(reader, content.segment, is_last, seed));
        break;
      }
      const base::Status taken = content.Take(*entry);
      if (!taken.ok()) return Damage(content.segment.path, offset, taken.error().message);
    }
    ++journal_.report.read_segments;
    if (!is_last) SummariseClosed(content);
    journal_.open_heads = std::move(content.heads);
    Follow(std::move(content.segment));
    return {};
  }

  void Follow(Segment segment) {
    JournalEnd& end = journal_.end;
    if (segment.entries > 0) {
      end.number = segment.next_number() - 1;
      end.recorded_at = segment.recorded_at;
      end.sequence = std::max(end.sequence, segment.last_sequence);
    }
    journal_.segments.push_back(std::move(segment));
  }

  void SummariseClosed(const SegmentContent& content) {
    if (content.segment.entries == 0) return;
    const base::Status written =
        WriteSummary(files_, folder_, {journal_.id, content.segment, content.heads.Join()});
    if (written.ok() || warned_) return;
    warned_ = true;
    base::LogWarning(
        "journal {}: a segment's summary could not be written ({}); until one can, "
        "each start reads the segment whole",
        folder_, written.error().message);
  }

  // Everything from segment.bytes on is no valid entry.
  base::Status Tail(SegmentReader& reader, const Segment& segment, bool is_last,
                    std::uint32_t seed) {
    const std::uint64_t number = segment.next_number();
    const std::string which = "entry " + std::to_string(number) + " is damaged";
    if (!is_last) {
      return Damage(segment.path, segment.bytes, which + ", and another segment follows");
    }
    FANSIPAN_ASSIGN_OR_RETURN(const auto later,
                              reader.FindLaterHeader(segment.bytes, number, seed));
    if (later) {
      return Damage(segment.path, segment.bytes,
                    which + ", and another entry follows at byte " + std::to_string(*later));
    }
    const std::uint64_t cut = reader.end() - segment.bytes;
    FANSIPAN_ASSIGN_OR_RETURN(const auto file, files_.OpenForAppend(segment.path));
    FANSIPAN_RETURN_IF_ERROR(file->Truncate(segment.bytes));
    FANSIPAN_RETURN_IF_ERROR(file->Sync());
    Report(segment.path, cut, "torn_entry");
    return {};
  }

  base::Status CutSegment(const std::string& path, std::uint64_t bytes) {
    FANSIPAN_RETURN_IF_ERROR(files_.Remove(path));
    FANSIPAN_RETURN_IF_ERROR(files_.SyncFolder(folder_));
    Report(path, bytes, "torn_segment_header");
    return {};
  }

  void Report(const std::string& path, std::uint64_t bytes, std::string reason) {
    journal_.report.cut_bytes = bytes;
    journal_.report.cut_file = path;
    journal_.report.cut_reason = std::move(reason);
  }

  std::string PathOf(std::uint64_t number) const { return folder_ + "/" + SegmentName(number); }

  base::FileSystem& files_;
  std::string folder_;
  RecoveredJournal journal_;
  bool warned_ = false;
};

}  // namespace

base::Result<RecoveredJournal> RecoverJournal(base::FileSystem& files, const std::string& folder) {
  return Recovery(files, folder).Run();
}

}  // namespace fansipan::store::internal
