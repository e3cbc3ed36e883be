#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/random.h"
#include "base/result.h"
#include "store/embedded/folder_lock.h"
#include "store/embedded/internal/journal_recovery.h"
#include "store/embedded/internal/segment_content.h"
#include "store/journal.h"

namespace fansipan::store {

struct FileJournalOptions {
  /// A segment is followed by the next one before it would grow beyond this; one entry may.
  std::uint64_t segment_bytes = std::uint64_t{64} << 20;
  /// Keeps other processes out by the file "lock" in the folder. Off only for file systems that are
  /// not the machine's.
  bool lock = true;
};

/// The journal as checksummed segment files in one folder (docs/formats/journal.md). An append is
/// one write and one sync. One thread appends; any thread reads, without hindering it. The heads of
/// closed segments stand in summaries beside them, those of the open one are in memory.
class FileJournal final : public Journal {
 public:
  /// Makes the folder if it is missing, verifies the open segment and those without a summary, and
  /// cuts a torn tail. kCorrupt: damage elsewhere, named by file and offset. kUnsupported: a newer
  /// format. kConflict: another process has the folder. `files` must outlive the journal.
  static base::Result<std::unique_ptr<FileJournal>> Open(base::FileSystem& files,
                                                         const std::string& folder,
                                                         base::RandomSource& random,
                                                         const FileJournalOptions& options = {});

  base::Status Append(const JournalEntry& entry) override;
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(JournalEntry)>& visit) override;
  base::Status ReadHeads(std::uint64_t first,
                         const std::function<base::Status(const JournalHead&)>& visit) override;
  base::Result<JournalScrub> Scrub(const std::stop_token& stop) override;
  JournalEnd End() const override;
  const JournalRecovery& recovery() const override { return report_; }

 private:
  FileJournal(base::FileSystem& files, std::string folder, const FileJournalOptions& options,
              internal::RecoveredJournal recovered, std::optional<FolderLock> lock);

  base::Status OpenTail();
  base::Status StartSegment(std::uint64_t first_number);
  base::Status Write(base::File& file, std::string_view bytes, std::uint64_t good_end);
  base::Error Poison(const base::Error& cause);
  void Remember(const JournalHead& head, std::uint32_t checksum, std::uint64_t next_offset);
  /// After the append that began a new segment: the one before gets its summary.
  void SummariseClosed();
  /// The segment of entry `number`; under the lock.
  const internal::Segment& SegmentWith(std::uint64_t number) const;
  /// Where reading entry `number` begins: the segment's path, and the last mark not after it.
  struct Start {
    std::string path;
    internal::EntryMark mark;
    std::uint64_t bytes = 0;
    std::uint64_t last_number = 0;
  };
  Start FindStart(std::uint64_t number) const;
  /// `visit` gets what `decode` makes of the entries from number `first` to the segment's end, or
  /// to `last`. Hands back the number behind them.
  template <typename Decode, typename Visit>
  base::Result<std::uint64_t> ReadSegment(std::uint64_t first, std::uint64_t last,
                                          const Decode& decode, const Visit& visit) const;
  /// Heads from number `first` on, from memory or a summary; none when the segment must be read.
  internal::HeadCursor FindHeads(std::uint64_t first) const;

  base::FileSystem& files_;
  const std::string folder_;
  const FileJournalOptions options_;
  const std::optional<FolderLock> lock_;
  const std::string id_;
  const std::uint32_t seed_;
  const JournalRecovery report_;

  // Of the appending thread alone.
  std::unique_ptr<base::File> tail_;
  std::optional<internal::SegmentContent> closed_;  // waits for its summary
  bool summary_failed_ = false;
  std::optional<base::Error> poison_;
  std::string frame_;

  mutable std::mutex mutex_;  // guards what follows
  std::vector<internal::Segment> segments_;
  internal::HeadList open_heads_;  // of the last segment
  JournalEnd end_;
};

}  // namespace fansipan::store
