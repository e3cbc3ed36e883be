#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

/// A program in its own process group, with an empty environment. It is started ahead of its work
/// and waits for a byte on its standard input, which Release sends; when this process ends before,
/// it reads the end instead. It writes its standard error to ours, nothing else is shared. The
/// destructor kills the group. One thread at a time.
class ChildProcess {
 public:
  /// kUnavailable when it cannot be started.
  static base::Result<std::unique_ptr<ChildProcess>> Start(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// True once it is of no use any more.
  bool HasEnded() const;
  /// Lets it begin.
  void Release();
  /// Returns when it has ended. Its memory is looked at every few milliseconds; at a limit the
  /// whole group is killed.
  ChildEnd Wait(const ChildLimits& limits);

 private:
  ChildProcess(pid_t child, FileHandle handle, FileHandle input)
      : child_(child), handle_(std::move(handle)), input_(std::move(input)) {}
  int Reap(rusage& usage);

  const pid_t child_;
  const FileHandle handle_;  ///< tells that it has ended
  FileHandle input_;
  bool reaped_ = false;
};

/// Called by the child: true when it may begin, false when its parent is gone.
bool AwaitRelease();

}  // namespace fansipan::sources::internal
