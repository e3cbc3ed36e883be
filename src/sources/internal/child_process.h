#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

#include "base/result.h"
#include "sources/internal/file_handle.h"

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

/// A process that a ForkServer made ahead of its work, in a process group of its own. It waits for
/// a byte on its standard input, which Release sends; when this process ends before, it reads the
/// end instead. It writes its standard error to ours, nothing else is shared. The destructor kills
/// it. One thread at a time.
class ChildProcess {
 public:
  /// `handle` names the process; the fork server tells its end on `reports`.
  ChildProcess(pid_t child, FileHandle handle, FileHandle input, FileHandle reports)
      : child_(child),
        handle_(std::move(handle)),
        input_(std::move(input)),
        reports_(std::move(reports)) {}
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// True once it is of no use any more.
  bool HasEnded() const;
  /// Lets it begin.
  void Release();
  /// Returns when it has ended. Its memory is looked at every few milliseconds; at a limit it is
  /// killed.
  ChildEnd Wait(const ChildLimits& limits);

 private:
  const pid_t child_;
  const FileHandle handle_;  ///< tells that it has ended
  FileHandle input_;
  const FileHandle reports_;
  bool ended_ = false;
};

/// Called by the child: true when it may begin, false when its parent is gone.
bool AwaitRelease();

}  // namespace fansipan::sources::internal
