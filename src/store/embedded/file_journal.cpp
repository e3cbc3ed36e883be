#include "store/embedded/file_journal.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "store/embedded/internal/head_encoding.h"
#include "store/embedded/internal/segment_format.h"
#include "store/embedded/internal/segment_reader.h"
#include "store/embedded/internal/segment_summary.h"
#include "store/embedded/journal_encoding.h"
#include "store/embedded/journal_scrub.h"

namespace fansipan::store {
namespace {

// A frame's memory is kept for the next append up to this size.
constexpr std::size_t kKeptFrameBytes = std::size_t{8} << 20;

base::Error Damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return {base::ErrorCode::kCorrupt, "journal_damaged",
          "journal segment " + path + ", byte " + std::to_string(offset) + ": " + what +
              "; acknowledged entries may be lost here. Restore the data folder from a backup, or "
              "repair the disk's copy of this file, then start again"};
}

}  // namespace

base::Result<std::unique_ptr<FileJournal>> FileJournal::Open(base::FileSystem& files,
                                                             const std::string& folder,
                                                             base::RandomSource& random,
                                                             const FileJournalOptions& options) {
  FANSIPAN_RETURN_IF_ERROR(files.MakeFolder(folder));
  std::optional<FolderLock> lock;
  if (options.lock) {
    FANSIPAN_ASSIGN_OR_RETURN(lock, FolderLock::Acquire(folder + "/lock"));
  }
  FANSIPAN_ASSIGN_OR_RETURN(internal::RecoveredJournal recovered,
                            internal::RecoverJournal(files, folder));
  if (recovered.segments.empty()) recovered.id = random.Bytes(internal::kJournalIdBytes);
  std::unique_ptr<FileJournal> journal(
      new FileJournal(files, folder, options, std::move(recovered), std::move(lock)));
  FANSIPAN_RETURN_IF_ERROR(journal->OpenTail());
  return journal;
}

FileJournal::FileJournal(base::FileSystem& files, std::string folder,
                         const FileJournalOptions& options, internal::RecoveredJournal recovered,
                         std::optional<FolderLock> lock)
    : files_(files),
      folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)),
      id_(std::move(recovered.id)),
      seed_(internal::ChecksumSeed(id_)),
      report_(std::move(recovered.report)),
      segments_(std::move(recovered.segments)),
      open_heads_(std::move(recovered.open_heads)),
      end_(recovered.end) {}

base::Status FileJournal::OpenTail() {
  if (segments_.empty()) return StartSegment(1);
  FANSIPAN_ASSIGN_OR_RETURN(tail_, files_.OpenForAppend(segments_.back().path));
  // What a killed process wrote but did not sync was verified from memory. Followers will build on
  // it, so it must be on the device first.
  FANSIPAN_RETURN_IF_ERROR(tail_->Sync());
  return files_.SyncFolder(folder_);
}

base::Status FileJournal::StartSegment(std::uint64_t first_number) {
  internal::Segment segment;
  segment.path = folder_ + "/" + internal::SegmentName(first_number);
  segment.first_number = first_number;
  // Only this thread changes the segments, so reading them here needs no lock.
  if (!segments_.empty()) segment.previous_checksum = segments_.back().last_checksum;
  segment.last_checksum = segment.previous_checksum;
  const std::string header =
      internal::EncodeSegmentHeader({.journal_id = id_,
                                     .first_number = first_number,
                                     .previous_checksum = segment.previous_checksum});
  FANSIPAN_ASSIGN_OR_RETURN(auto file, files_.OpenForAppend(segment.path));
  FANSIPAN_RETURN_IF_ERROR(Write(*file, header, 0));
  if (const base::Status synced = files_.SyncFolder(folder_); !synced.ok()) {
    return Poison(synced.error());
  }
  segment.bytes = header.size();
  tail_ = std::move(file);
  const std::lock_guard lock(mutex_);
  if (!segments_.empty()) closed_ = internal::SegmentContent{segments_.back(), {}};
  if (closed_) closed_->heads = std::exchange(open_heads_, {});
  segments_.push_back(std::move(segment));
  return {};
}

base::Status FileJournal::Append(const JournalEntry& entry) {
  if (poison_) return *poison_;
  FANSIPAN_RETURN_IF_ERROR(CheckFollows(entry, End()));
  if (frame_.capacity() > kKeptFrameBytes) frame_ = std::string();
  frame_.assign(internal::kEntryHeaderBytes, '\0');
  FANSIPAN_RETURN_IF_ERROR(EncodeEntry(entry, frame_));
  const std::uint32_t checksum =
      internal::SealEntry(frame_, entry.number, segments_.back().last_checksum, seed_);

  // Only this thread changes the segments, so reading them here needs no lock.
  const bool has_entries = segments_.back().bytes > internal::kSegmentHeaderBytes;
  if (has_entries && segments_.back().bytes + frame_.size() > options_.segment_bytes) {
    FANSIPAN_RETURN_IF_ERROR(StartSegment(entry.number));
  }
  const std::uint64_t offset = segments_.back().bytes;
  FANSIPAN_RETURN_IF_ERROR(Write(*tail_, frame_, offset));
  Remember(HeadOf(entry), checksum, offset + frame_.size());
  SummariseClosed();
  return {};
}

void FileJournal::Remember(const JournalHead& head, std::uint32_t checksum,
                           std::uint64_t next_offset) {
  const std::lock_guard lock(mutex_);
  segments_.back().Add(head, checksum, next_offset);
  open_heads_.Add(head);
  end_ = JournalEnd{.number = head.number,
                    .sequence = std::max(end_.sequence, head.last_sequence),
                    .recorded_at = head.recorded_at};
}

// After the entry, so that a summary takes no room from it.
void FileJournal::SummariseClosed() {
  if (!closed_) return;
  const base::Status written =
      internal::WriteSummary(files_, folder_, {id_, closed_->segment, closed_->heads.Join()});
  closed_.reset();
  if (written.ok() || summary_failed_) return;
  summary_failed_ = true;
  base::LogWarning(
      "journal {}: a segment's summary could not be written ({}); a start reads the segment whole "
      "and writes it",
      folder_, written.error().message);
}

// After a failure the file ends at `good_end` again, or nothing is appended any more.
base::Status FileJournal::Write(base::File& file, std::string_view bytes, std::uint64_t good_end) {
  const base::Status written = file.Append(bytes);
  if (written.ok()) {
    const base::Status synced = file.Sync();
    if (synced.ok()) return {};
    // What the device holds is unknown. Taking the entry off the file's end keeps a later opening
    // from finding it in memory only; whether that works is not asked.
    static_cast<void>(file.Truncate(good_end));
    return Poison(synced.error());
  }
  base::Status taken_back = file.Truncate(good_end);
  if (taken_back.ok()) taken_back = file.Sync();
  if (!taken_back.ok()) return Poison(taken_back.error());
  return base::Annotate(written.error(), "journal " + folder_ + ": nothing was appended");
}

base::Error FileJournal::Poison(const base::Error& cause) {
  poison_ = base::Error{base::ErrorCode::kIo, "sync_failed",
                        "journal " + folder_ + ": the disk did not take a write (" + cause.message +
                            "). Nothing is accepted until the program is started again; check the "
                            "disk first"};
  return *poison_;
}

JournalEnd FileJournal::End() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

const internal::Segment& FileJournal::SegmentWith(std::uint64_t number) const {
  const auto behind = std::upper_bound(segments_.begin(), segments_.end(), number,
                                       [](std::uint64_t wanted, const internal::Segment& segment) {
                                         return wanted < segment.first_number;
                                       });
  return *(behind - 1);
}

FileJournal::Start FileJournal::FindStart(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const internal::Segment& segment = SegmentWith(number);
  const auto mark =
      std::upper_bound(segment.marks.begin(), segment.marks.end(), number,
                       [](std::uint64_t wanted, const internal::EntryMark& candidate) {
                         return wanted < candidate.number;
                       });
  return {segment.path, *(mark - 1), segment.bytes, segment.next_number() - 1};
}

template <typename Decode, typename Visit>
base::Result<std::uint64_t> FileJournal::ReadSegment(std::uint64_t first, std::uint64_t last,
                                                     const Decode& decode,
                                                     const Visit& visit) const {
  const Start start = FindStart(first);
  last = std::min(last, start.last_number);
  FANSIPAN_ASSIGN_OR_RETURN(auto file, files_.OpenForRead(start.path));
  internal::SegmentReader reader(std::move(file), start.bytes);
  std::uint64_t offset = start.mark.offset;
  std::uint32_t previous = start.mark.previous_checksum;
  for (std::uint64_t number = start.mark.number; number <= last; ++number) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto found, reader.FindEntry(offset, seed_));
    if (!found || found->header.number != number || found->header.previous_checksum != previous) {
      return Damage(start.path, offset, "entry " + std::to_string(number) + " is damaged");
    }
    if (number >= first) {
      auto decoded = decode(found->payload, number);
      if (!decoded.ok()) return Damage(start.path, offset, decoded.error().message);
      FANSIPAN_RETURN_IF_ERROR(visit(*std::move(decoded)));
    }
    offset = found->next_offset;
    previous = found->checksum;
  }
  return last + 1;
}

base::Status FileJournal::Read(std::uint64_t first,
                               const std::function<base::Status(JournalEntry)>& visit) {
  const std::uint64_t last = End().number;
  std::uint64_t next = std::max<std::uint64_t>(first, 1);
  while (next <= last) {
    FANSIPAN_ASSIGN_OR_RETURN(next, ReadSegment(next, last, DecodeEntry, visit));
  }
  return {};
}

base::Status FileJournal::ReadHeads(std::uint64_t first,
                                    const std::function<base::Status(const JournalHead&)>& visit) {
  const std::uint64_t last = End().number;
  std::uint64_t next = std::max<std::uint64_t>(first, 1);
  while (next <= last) {
    const std::uint64_t before = next;
    internal::HeadCursor heads = FindHeads(next);
    while (next <= last) {
      const std::optional<JournalHead> head = heads.Next();
      if (!head) break;
      FANSIPAN_RETURN_IF_ERROR(visit(*head));
      ++next;
    }
    // What no summary tells, the segment does.
    if (next == before) {
      FANSIPAN_ASSIGN_OR_RETURN(next, ReadSegment(next, last, internal::DecodeEntryHead, visit));
    }
  }
  return {};
}

base::Result<JournalScrub> FileJournal::Scrub(const std::stop_token& stop) {
  std::vector<internal::Segment> closed;
  {
    const std::lock_guard lock(mutex_);
    closed.assign(segments_.begin(), segments_.end() - 1);
  }
  JournalScrub done;
  for (const internal::Segment& segment : closed) {
    FANSIPAN_ASSIGN_OR_RETURN(
        const bool whole,
        store::Scrub({.files = files_, .folder = folder_, .journal_id = id_, .known = segment},
                     stop));
    if (!whole) {
      done.stopped = true;
      break;
    }
    ++done.segments;
    done.bytes += segment.bytes;
  }
  return done;
}

internal::HeadCursor FileJournal::FindHeads(std::uint64_t first) const {
  internal::Segment segment;
  internal::HeadPiece piece;
  {
    const std::lock_guard lock(mutex_);
    segment = SegmentWith(first);
    const bool is_open = segment.first_number == segments_.back().first_number;
    if (is_open) piece = open_heads_.PieceWith(first);
  }
  if (piece.heads.empty()) {
    base::Result<internal::SegmentSummary> summary =
        internal::LoadSummary(files_, folder_, segment.first_number, segment.bytes);
    if (!summary.ok()) return {};
    summary->segment.path = segment.path;
    if (summary->journal_id != id_ || summary->segment != segment) return {};
    piece = {segment.first_number, std::move(summary->heads)};
  }
  internal::HeadCursor heads(std::move(piece));
  heads.SkipTo(first);
  return heads;
}

}  // namespace fansipan::store
