#include "store/embedded/internal/journal_recovery.h"

#include <algorithm>
#include <utility>

#include "store/embedded/internal/head_encoding.h"
#include "store/embedded/internal/segment_format.h"
#include "store/embedded/internal/segment_reader.h"

namespace fansipan::store::internal {
namespace {

constexpr std::uint64_t kMarkDistance = std::uint64_t{1} << 20;

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
      FANSIPAN_RETURN_IF_ERROR(CheckSegment(numbers[i], i + 1 == numbers.size()));
    }
    journal_.report.entries = journal_.end.number;
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

  base::Status CheckSegment(std::uint64_t number, bool is_last) {
    Segment segment;
    segment.path = folder_ + "/" + SegmentName(number);
    segment.first_number = number;
    if (number != journal_.end.number + 1) {
      return Damage(segment.path, 0,
                    "entry " + std::to_string(journal_.end.number + 1) +
                        " should come next, but the next segment begins with " +
                        std::to_string(number));
    }
    FANSIPAN_ASSIGN_OR_RETURN(auto file, files_.OpenForRead(segment.path));
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t bytes, file->Size());
    SegmentReader reader(std::move(file), bytes);
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view start, reader.Fetch(0, kSegmentHeaderBytes));
    const base::Result<SegmentHeader> header = ParseSegmentHeader(start);
    if (!header.ok()) {
      // The header is synced before an entry is written behind it: without one, nothing was lost.
      const bool torn = is_last && bytes <= kSegmentHeaderBytes &&
                        header.error().code == base::ErrorCode::kCorrupt;
      if (torn) return CutSegment(segment.path, bytes);
      if (header.error().code != base::ErrorCode::kCorrupt) {
        return base::Annotate(header.error(), "journal segment " + segment.path);
      }
      return Damage(segment.path, 0, header.error().message);
    }
    FANSIPAN_RETURN_IF_ERROR(CheckHeader(*header, segment));
    FANSIPAN_RETURN_IF_ERROR(Entries(reader, segment, is_last));
    journal_.segments.push_back(std::move(segment));
    return {};
  }

  base::Status CheckHeader(const SegmentHeader& header, const Segment& segment) {
    if (journal_.segments.empty()) journal_.id = header.journal_id;
    if (header.journal_id != journal_.id) {
      return Damage(segment.path, 0, "it belongs to another journal than the segments before it");
    }
    if (header.first_number != segment.first_number ||
        header.previous_checksum != journal_.last_checksum) {
      return Damage(segment.path, 0, "it does not continue the segment before it");
    }
    return {};
  }

  base::Status Entries(SegmentReader& reader, Segment& segment, bool is_last) {
    const std::uint32_t seed = ChecksumSeed(journal_.id);
    segment.bytes = kSegmentHeaderBytes;
    while (segment.bytes < reader.end()) {
      FANSIPAN_ASSIGN_OR_RETURN(const auto entry, reader.FindEntry(segment.bytes, seed));
      if (!entry) return Tail(reader, segment, is_last, seed);
      const EntryMark mark{entry->header.number, segment.bytes, entry->header.previous_checksum};
      FANSIPAN_RETURN_IF_ERROR(Take(*entry, segment));
      segment.Remember(mark);
      segment.bytes = entry->next_offset;
    }
    return {};
  }

  base::Status Take(const FoundEntry& entry, const Segment& segment) {
    JournalEnd& end = journal_.end;
    if (entry.header.number != end.number + 1 ||
        entry.header.previous_checksum != journal_.last_checksum) {
      return Damage(segment.path, segment.bytes,
                    "entry " + std::to_string(entry.header.number) + " does not follow entry " +
                        std::to_string(end.number));
    }
    const base::Result<JournalHead> head = DecodeEntryHead(entry.payload, entry.header.number);
    if (!head.ok()) return Damage(segment.path, segment.bytes, head.error().message);
    end.number = entry.header.number;
    end.recorded_at = head->recorded_at;
    end.sequence = std::max(end.sequence, head->last_sequence);
    journal_.last_checksum = entry.checksum;
    return {};
  }

  // Everything from segment.bytes on is no valid entry.
  base::Status Tail(SegmentReader& reader, const Segment& segment, bool is_last,
                    std::uint32_t seed) {
    const std::string which = "entry " + std::to_string(journal_.end.number + 1) + " is damaged";
    if (!is_last) {
      return Damage(segment.path, segment.bytes, which + ", and another segment follows");
    }
    FANSIPAN_ASSIGN_OR_RETURN(const auto later,
                              reader.FindLaterHeader(segment.bytes, journal_.end.number + 1, seed));
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

  base::FileSystem& files_;
  std::string folder_;
  RecoveredJournal journal_;
};

}  // namespace

void Segment::Remember(const EntryMark& mark) {
  if (marks.empty() || mark.offset - marks.back().offset >= kMarkDistance) marks.push_back(mark);
}

base::Result<RecoveredJournal> RecoverJournal(base::FileSystem& files, const std::string& folder) {
  return Recovery(files, folder).Run();
}

}  // namespace fansipan::store::internal
