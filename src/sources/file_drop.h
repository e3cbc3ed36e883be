#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace fansipan::sources {

/// A finished file as it was found.
struct DroppedFile {
  std::string source;
  std::string name;  ///< without folder, UTF-8
  std::string bytes;
};

/// What became of a file, and the report (JSON text) that is laid beside it.
struct DropVerdict {
  bool accepted = false;
  std::string report;
};

/// Watches folders into which other systems put files. A file is finished when it was renamed into
/// its folder, or when nobody has it open for writing and two looks in a row found it unchanged;
/// names that begin with a dot or end in ".part" are let be, and so is all that is no plain file.
/// Each finished file is handed over once and then moved to `done/` or `refused/` below its folder,
/// with `<name>.report.json` beside it; a name that is taken there gets a number. A file that was
/// handed over but not yet moved when the program died is handed over again.
/// Start begins a thread of its own that calls the receiver; Stop ends it after the file at hand.
class FileDrop {
 public:
  struct Folder {
    std::string source;
    std::string path;               ///< made when missing
    std::uint64_t limit_bytes = 0;  ///< longer files are refused unread
  };
  struct Settings {
    std::chrono::milliseconds rescan{2'000};  ///< a look at least this often
    std::chrono::milliseconds settle{250};    ///< between two looks at a file that may still grow
  };
  /// An error with the code kUnavailable, kStorageFull, kIo or kDeadlineExceeded leaves the file
  /// where it is, to be tried again at the next look; any other refuses it.
  using Receiver = std::function<base::Result<DropVerdict>(DroppedFile)>;

  /// Makes the folders. Error kIo.
  static base::Result<std::unique_ptr<FileDrop>> Open(std::vector<Folder> folders,
                                                      Receiver receiver, Settings settings);
  ~FileDrop();
  FileDrop(const FileDrop&) = delete;
  FileDrop& operator=(const FileDrop&) = delete;

  void Start();
  void Stop();

  struct Scan {
    std::size_t taken = 0;    ///< files handed over and moved away
    std::size_t waiting = 0;  ///< files that are not finished, or have to be tried again
  };
  /// One look into all folders, by the calling thread. What the thread does, and what tests do
  /// instead of it.
  Scan ScanOnce();

 private:
  /// Equal for a file that nobody has touched.
  struct Identity {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified = 0;
    bool operator==(const Identity&) const = default;
  };
  struct Judged {
    Identity identity;
    DropVerdict verdict;
  };
  struct Watched {
    Folder folder;
    int watch = -1;
    std::set<std::string> moved_in;                 ///< renamed into the folder since the last look
    std::map<std::string, Identity> seen;           ///< at the last look
    std::map<std::string, Judged> unmoved;          ///< handed over, could not be moved away
    std::map<std::string, std::string> complaints;  ///< last message logged about a file
  };
  struct Found {
    std::string name;
    Identity identity;
  };
  class Wakeup;

  FileDrop(Receiver receiver, Settings settings);
  base::Status Watch(Folder folder);
  void Run();
  void ReadEvents();
  void ScanFolder(Watched& watched, Scan& scan);
  std::vector<Found> List(const Watched& watched) const;
  bool Take(Watched& watched, const Found& found);
  std::optional<DropVerdict> HandOver(Watched& watched, const Found& found);
  base::Result<std::optional<std::string>> Read(const Watched& watched, const Found& found) const;
  base::Status MoveAway(const Watched& watched, const std::string& name,
                        const DropVerdict& verdict) const;
  static void Complain(Watched& watched, const std::string& name, const std::string& message);
  static std::optional<Identity> IdentityOf(const std::string& path);

  Receiver receiver_;
  Settings settings_;
  std::unique_ptr<Wakeup> wakeup_;
  std::mutex scanning_;  ///< held during a look; guards watched_
  std::vector<Watched> watched_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace fansipan::sources
