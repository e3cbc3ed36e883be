#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/files.h"
#include "base/result.h"
#include "indicators/current_index.h"
#include "indicators/internal/index_snapshot.h"

namespace fansipan::indicators {

/// Takes a snapshot of the indexes now and then, so that a start need not read the whole journal.
/// Problem: the indexes have gigabytes and one thread that changes them; it cannot stop for a
/// snapshot. So it takes some records after each group commit, while more are recorded, and the
/// start brings the rest up from the journal (see IndexSnapshotMark). A thread of its own writes
/// them. A snapshot that cannot be written is given up and tried again later.
class IndexSnapshotWriter {
 public:
  struct Parts {
    base::FileSystem* files = nullptr;
    std::string path;  ///< of the file, whose folder exists
    FileIdentity identity;
    /// A snapshot follows this many versions, or half as many as there are records if those are
    /// more.
    std::uint64_t after = 2'000'000;
    std::size_t piece_bytes = 1U << 20U;  ///< about as much is taken at once
    /// Returns once the cell log's file has everything added so far. Any thread.
    std::function<base::Status()> flush_log;
    VersionHistory* history = nullptr;  ///< of the indexes; outlives the writer
  };
  /// The last entry published, and the blocks of the cell log up to it.
  struct Published {
    std::uint64_t entry = 0;
    std::uint64_t blocks = 0;
  };

  /// `versions` were recorded since the last snapshot.
  IndexSnapshotWriter(Parts parts, std::uint64_t versions);
  /// Gives up the snapshot under way, unless all of it was taken.
  ~IndexSnapshotWriter();
  IndexSnapshotWriter(const IndexSnapshotWriter&) = delete;
  IndexSnapshotWriter& operator=(const IndexSnapshotWriter&) = delete;

  // The engine's writing thread; nothing may be staged.

  void Count(std::size_t versions) { versions_ += versions; }
  /// Goes on with a snapshot, or begins one when it is time, by at most `pieces`. Never waits.
  void Step(const std::vector<CurrentIndex>& indexes, const Published& published,
            std::size_t pieces);
  /// Pieces that wait to be written, and how many may.
  std::size_t waiting() const { return queue_.size(); }
  std::size_t capacity() const { return queue_.capacity(); }

 private:
  struct Piece {
    FrameKind kind = FrameKind::kRecords;
    std::string payload;
    bool is_first = false;
    base::Status whole;  ///< not ok: there can be no snapshot
  };

  bool IsDue(const std::vector<CurrentIndex>& indexes) const;
  /// What comes next; moves the place where the taking stands.
  Piece TakeEnd(const Published& published);
  Piece Take(const std::vector<CurrentIndex>& indexes, const Published& published);

  void Run();
  void Write(const Piece& piece);
  base::Status Begin();
  base::Status Finish();
  void GiveUp(const base::Error& error);

  const Parts parts_;

  // The engine's writing thread alone.
  std::uint64_t versions_;
  bool taking_ = false;
  bool first_ = false;  ///< the next piece is the file's first
  IndexSnapshotMark mark_;
  std::size_t dataset_ = 0;
  CurrentIndex::RecordNumber record_ = 0;

  base::BoundedQueue<Piece> queue_;
  std::atomic<bool> writing_{false};  ///< until the last piece of a snapshot is on the device

  // The writer's thread alone.
  std::unique_ptr<base::File> file_;  ///< null: none, or it was given up
  std::uint32_t checksum_ = 0;
  std::thread thread_;
};

}  // namespace fansipan::indicators
