#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "sources/internal/processes/child_process.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

// What goes over the channels of a fork server, each as one packet of a SOCK_SEQPACKET pair:
//   to it:   anything, with the child's standard input and the end for reports
//   from it: on the child's reports, ForkedStart with the child's handle, later ForkedEnd

struct ForkedStart {
  pid_t child = 0;  ///< 0: could not be forked
  int number = 0;   ///< why, as errno
};

struct ForkedEnd {
  int status = 0;  ///< as wait gives it
  std::uint64_t peak_bytes = 0;
};

/// A process of this program that has ready what all workers have in common and forks itself for
/// each: linking the program and opening the mapping engine cost many times a fork. It never reads
/// a job, so every child begins as the first one did. It dies with the thread that started it, and
/// its children with it. One thread at a time.
class ForkServer {
 public:
  /// Runs `<program> workers` with an empty environment. kUnavailable when it cannot be started.
  static base::Result<std::unique_ptr<ForkServer>> Start(const std::string& program);
  /// Ends it. Children that still run end, too.
  ~ForkServer();
  ForkServer(const ForkServer&) = delete;
  ForkServer& operator=(const ForkServer&) = delete;

  /// A new child. kUnavailable when there can be none; a server that has died is to be replaced.
  base::Result<std::unique_ptr<ChildProcess>> Fork();

 private:
  ForkServer(pid_t process, FileHandle channel) : process_(process), channel_(std::move(channel)) {}

  const pid_t process_;
  const FileHandle channel_;
};

/// What `<program> workers` does: serves on its standard input until that ends. A forked child runs
/// `work` with the number of the process that it must not outlive, and ends with the status that it
/// gives. Returns an exit status. The process must have one thread.
int ServeForks(const std::function<int(pid_t parent)>& work);

}  // namespace fansipan::sources::internal
