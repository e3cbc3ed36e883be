#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/internal/processes/fork_server.h"
#include "sources/internal/processes/passed_files.h"

namespace fansipan::sources::internal {
namespace {

struct Running {
  pid_t child = 0;
  FileHandle handle;
  FileHandle reports;
};

void Report(const FileHandle& reports, ForkedStart start, const FileHandle& handle) {
  const int passed[] = {handle.number()};
  const std::string_view bytes(reinterpret_cast<const char*>(&start), sizeof(start));
  // A server that has gone closes the channel, too, which ends the loop.
  SendWithFiles(reports.number(), bytes, std::span(passed, handle.valid() ? 1 : 0));
}

/// Tells of the end of a child that has ended, and of everything that it may have started: the
/// group's number cannot have been given away, since the child is not reaped yet.
void Reap(const Running& running) {
  kill(-running.child, SIGKILL);
  ForkedEnd end;
  rusage usage{};
  while (wait4(running.child, &end.status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) << 10U;
  send(running.reports.number(), &end, sizeof(end), MSG_NOSIGNAL);
}

class ForkLoop {
 public:
  explicit ForkLoop(const std::function<int(pid_t)>& work) : work_(work) {}

  int Run() {
    while (true) {
      std::vector<pollfd> events{{STDIN_FILENO, POLLIN, 0}};
      for (const Running& running : running_) {
        events.push_back({running.handle.number(), POLLIN, 0});
      }
      if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) return 1;
      for (std::size_t i = running_.size(); i-- > 0;) {
        if (events[i + 1].revents == 0) continue;
        Reap(running_[i]);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      }
      if (events[0].revents != 0 && !Serve()) return 0;
    }
  }

 private:
  /// False once nobody asks any more.
  bool Serve() {
    auto packet = ReceiveWithFiles(STDIN_FILENO);
    if (!packet.ok() || packet->bytes.empty()) return false;
    if (packet->files.size() != 2) return true;
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) BeChild(packet->files[0], parent);
    Running running{child, FileHandle(), std::move(packet->files[1])};
    if (child < 0) {
      Report(running.reports, {0, errno}, running.handle);
      return true;
    }
    setpgid(child, child);
    running.handle = FileHandle(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    if (!running.handle.valid()) {
      Report(running.reports, {0, errno}, running.handle);
      kill(child, SIGKILL);
      Reap(running);
      return true;
    }
    Report(running.reports, {child, 0}, running.handle);
    running_.push_back(std::move(running));
    return true;
  }

  [[noreturn]] void BeChild(const FileHandle& input, pid_t parent) {
    setpgid(0, 0);
    dup2(input.number(), STDIN_FILENO);
    // Nothing of the others stays open; what waits for a job must not keep their channels.
    close_range(STDERR_FILENO + 1, ~0U, 0);
    _exit(work_(parent));
  }

  const std::function<int(pid_t)>& work_;
  std::vector<Running> running_;
};

}  // namespace

int ServeForks(const std::function<int(pid_t parent)>& work) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return 1;
  return ForkLoop(work).Run();
}

}  // namespace fansipan::sources::internal
