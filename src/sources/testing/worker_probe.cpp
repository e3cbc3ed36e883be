// The program of the worker's tests. `workers` is the fork server; `attempt <what>` closes the
// sandbox around itself and tries what it forbids: exit status 0 when that was refused, 1 when not.
// `confined <what>` does so within what a program is confined to that is not ours.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sources/conversion_task.h"
#include "sources/internal/processes/confinement.h"
#include "sources/internal/processes/sandbox.h"
#include "sources/process_mapping_worker.h"

namespace {

using fansipan::sources::internal::CloseSandbox;
using fansipan::sources::internal::ConfineProgram;
using fansipan::sources::internal::EnterSandbox;
using fansipan::sources::internal::SandboxLimits;

enum ExitStatus { kRefused = 0, kDone = 1, kUnknown = 2 };

ExitStatus StatusOf(bool done) { return done ? kDone : kRefused; }

ExitStatus Try(std::string_view what) {
  if (what == "read_file") return StatusOf(open("/etc/passwd", O_RDONLY) >= 0);
  if (what == "write_file")
    return StatusOf(open("/tmp/fansipan_probe", O_WRONLY | O_CREAT, 0600) >= 0);
  if (what == "socket") return StatusOf(socket(AF_INET, SOCK_STREAM, 0) >= 0);
  if (what == "fork") {
    const pid_t child = fork();
    if (child == 0) _exit(kRefused);
    return StatusOf(child > 0);
  }
  if (what == "execute") {
    char program[] = "/bin/true";
    char* words[] = {program, nullptr};
    execve(program, words, nullptr);
    return StatusOf(errno != EPERM);
  }
  if (what == "signal_parent") return StatusOf(kill(getppid(), 0) == 0);
  if (what == "thread") {
    bool ran = false;
    std::thread([&] { ran = true; }).join();
    return StatusOf(!ran);
  }
  return kUnknown;
}

}  // namespace

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "workers") {
    return fansipan::sources::RunWorkers();
  }
  if (count > 1 && std::string_view(words[1]) == "conversion-task") {
    return fansipan::sources::ServeConversionTask(count, words);
  }
  if (count != 3) return kUnknown;
  const SandboxLimits limits{.memory_bytes = 1U << 30U, .file_bytes = 1U << 20U, .cpu_seconds = 10};
  // "unbound" shows that an attempt succeeds where there is no sandbox.
  if (std::string_view(words[1]) == "confined") {
    const std::vector<std::string> libraries = {"/usr/lib", "/lib"};
    if (!EnterSandbox(limits, 0).ok() || !ConfineProgram(libraries, {}).ok()) return kUnknown;
  } else if (std::string_view(words[1]) != "unbound") {
    if (!EnterSandbox(limits, 0).ok() || !CloseSandbox(limits).ok()) return kUnknown;
  }
  _exit(Try(words[2]));
}
