#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

struct ChildLimits {
  std::chrono::seconds deadline{0};
  std::uint64_t memory_bytes = 0;  ///< of memory of its own, not of mapped files
};

/// How a child process ended.
struct ChildEnd {
  enum class Kind { kExited, kSignalled, kKilledAtDeadline, kKilledForMemory };
  Kind kind = Kind::kExited;
  int number = 0;                ///< exit status or signal
  std::uint64_t peak_bytes = 0;  ///< most memory it held, mapped files included
};

/// A process that a ForkServer made, in a process group of its own. It takes packets on its
/// standard input and answers there; when this process ends, it reads the end instead. It writes
/// its standard error to ours, nothing else is shared. The destructor kills it. One thread at a
/// time.
class ChildProcess {
 public:
  /// `handle` names the process; the fork server tells its end on `reports`.
  ChildProcess(pid_t child, FileHandle handle, FileHandle channel, FileHandle reports)
      : child_(child),
        handle_(std::move(handle)),
        channel_(std::move(channel)),
        reports_(std::move(reports)) {}
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// True once it is of no use any more.
  bool HasEnded() const;
  /// Bytes of its own memory that are present, without mapped files; 0 when it has just ended.
  std::uint64_t OwnMemory() const;
  /// Hands over a packet and open files. A child that is gone already is noticed by Await.
  void Send(std::string_view packet, std::span<const int> files);
  /// Its answer, or nothing when it has ended, which Wait tells more of. Its memory is looked at
  /// every few milliseconds; at a limit it is killed.
  std::optional<std::string> Await(const ChildLimits& limits);
  /// Returns when it has ended.
  ChildEnd Wait();

 private:
  const pid_t child_;
  const FileHandle handle_;  ///< tells that it has ended
  const FileHandle channel_;
  const FileHandle reports_;
  std::optional<ChildEnd::Kind> killed_;
  bool ended_ = false;
};

}  // namespace fansipan::sources::internal
