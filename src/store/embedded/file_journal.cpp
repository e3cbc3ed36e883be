#include "store/embedded/file_journal.h"

#include <algorithm>
#include <utility>

#include "store/embedded/internal/segment_format.h"
#include "store/embedded/internal/segment_reader.h"
#include "store/embedded/journal_encoding.h"

namespace fansipan::store {
namespace {

// A frame's memory is kept for the next append up to this size.
constexpr std::size_t kKeptFrameBytes = std::size_t{8} << 20;

base::Error Damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return {base::ErrorCode::kCorrupt, "journal_damaged",
          "journal segment " + path + ", byte " + std::to_string(offset) + ": " + what +
              "; the file changed after it was opened. Check the disk, then restart"};
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
      last_checksum_(recovered.last_checksum),
      segments_(std::move(recovered.segments)),
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
  const std::string header = internal::EncodeSegmentHeader(
      {.journal_id = id_, .first_number = first_number, .previous_checksum = last_checksum_});
  FANSIPAN_ASSIGN_OR_RETURN(auto file, files_.OpenForAppend(segment.path));
  FANSIPAN_RETURN_IF_ERROR(Write(*file, header, 0));
  if (const base::Status synced = files_.SyncFolder(folder_); !synced.ok()) {
    return Poison(synced.error());
  }
  segment.bytes = header.size();
  tail_ = std::move(file);
  const std::lock_guard lock(mutex_);
  segments_.push_back(std::move(segment));
  return {};
}

base::Status FileJournal::Append(const JournalEntry& entry) {
  if (poison_) return *poison_;
  FANSIPAN_RETURN_IF_ERROR(CheckFollows(entry, End()));
  if (frame_.capacity() > kKeptFrameBytes) frame_ = std::string();
  frame_.assign(internal::kEntryHeaderBytes, '\0');
  FANSIPAN_RETURN_IF_ERROR(EncodeEntry(entry, frame_));
  const std::uint32_t checksum = internal::SealEntry(frame_, entry.number, last_checksum_, seed_);

  // Only this thread changes the segments, so reading them here needs no lock.
  const bool has_entries = segments_.back().bytes > internal::kSegmentHeaderBytes;
  if (has_entries && segments_.back().bytes + frame_.size() > options_.segment_bytes) {
    FANSIPAN_RETURN_IF_ERROR(StartSegment(entry.number));
  }
  const std::uint64_t offset = segments_.back().bytes;
  FANSIPAN_RETURN_IF_ERROR(Write(*tail_, frame_, offset));

  const std::lock_guard lock(mutex_);
  segments_.back().Remember({entry.number, offset, last_checksum_});
  segments_.back().bytes += frame_.size();
  last_checksum_ = checksum;
  end_ = JournalEnd{.number = entry.number,
                    .sequence = std::max(end_.sequence, entry.LastSequence()),
                    .recorded_at = entry.recorded_at};
  return {};
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

FileJournal::Start FileJournal::FindStart(std::uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto behind = std::upper_bound(segments_.begin(), segments_.end(), number,
                                       [](std::uint64_t wanted, const internal::Segment& segment) {
                                         return wanted < segment.first_number;
                                       });
  const internal::Segment& segment = *(behind - 1);
  const auto mark =
      std::upper_bound(segment.marks.begin(), segment.marks.end(), number,
                       [](std::uint64_t wanted, const internal::EntryMark& candidate) {
                         return wanted < candidate.number;
                       });
  const std::uint64_t last = behind == segments_.end() ? end_.number : behind->first_number - 1;
  return {segment.path, *(mark - 1), segment.bytes, last};
}

base::Status FileJournal::Read(std::uint64_t first,
                               const std::function<base::Status(const JournalEntry&)>& visit) {
  const std::uint64_t last = End().number;
  first = std::max<std::uint64_t>(first, 1);
  while (first <= last) {
    const Start start = FindStart(first);
    const std::uint64_t until = std::min(last, start.last_number);
    FANSIPAN_RETURN_IF_ERROR(ReadSegment(start, first, until, visit));
    first = until + 1;
  }
  return {};
}

base::Status FileJournal::ReadSegment(
    const Start& start, std::uint64_t first, std::uint64_t last,
    const std::function<base::Status(const JournalEntry&)>& visit) const {
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
      const base::Result<JournalEntry> entry = DecodeEntry(found->payload, number);
      if (!entry.ok()) return Damage(start.path, offset, entry.error().message);
      FANSIPAN_RETURN_IF_ERROR(visit(*entry));
    }
    offset = found->next_offset;
    previous = found->checksum;
  }
  return {};
}

}  // namespace fansipan::store
