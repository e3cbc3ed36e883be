#include "sources/internal/child_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include "sources/internal/fork_server.h"
#include "sources/internal/process_memory.h"

namespace fansipan::sources::internal {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{5};

/// Bytes of the child's own memory that are present; 0 when it has just ended.
std::uint64_t OwnMemory(pid_t child) {
  const auto memory = ReadProcessMemory(fmt::format("/proc/{}/statm", child));
  return memory ? memory->resident - std::min(memory->resident, memory->shared) : 0;
}

/// Waits until the child ends or passes a limit; says which limit.
std::optional<ChildEnd::Kind> Watch(pid_t child, const FileHandle& handle,
                                    const ChildLimits& limits) {
  const auto deadline = SteadyClock::now() + limits.deadline;
  while (true) {
    pollfd ended{handle.number(), POLLIN, 0};
    if (poll(&ended, 1, static_cast<int>(kLook.count())) > 0) return std::nullopt;
    if (SteadyClock::now() >= deadline) return ChildEnd::Kind::kKilledAtDeadline;
    if (OwnMemory(child) > limits.memory_bytes) return ChildEnd::Kind::kKilledForMemory;
  }
}

void Kill(const FileHandle& handle) {
  // The C library's own declaration has C++ linkage in some releases.
  syscall(SYS_pidfd_send_signal, handle.number(), SIGKILL, nullptr, 0);
}

/// What the fork server says of the end. A child whose fork server has died was killed with it.
ForkedEnd ReadEnd(const FileHandle& reports) {
  ForkedEnd end{.status = SIGKILL};
  while (recv(reports.number(), &end, sizeof(end), 0) < 0 && errno == EINTR) {
  }
  return end;
}

}  // namespace

ChildProcess::~ChildProcess() {
  if (ended_) return;
  Kill(handle_);
  ReadEnd(reports_);
}

bool ChildProcess::HasEnded() const {
  pollfd ended{handle_.number(), POLLIN, 0};
  return poll(&ended, 1, 0) != 0;
}

void ChildProcess::Release() {
  const char go = 1;
  // A child that is gone already is noticed by Wait.
  [[maybe_unused]] const auto sent = send(input_.number(), &go, sizeof(go), MSG_NOSIGNAL);
  input_ = FileHandle(-1);
}

ChildEnd ChildProcess::Wait(const ChildLimits& limits) {
  const auto killed = Watch(child_, handle_, limits);
  if (killed) Kill(handle_);
  const ForkedEnd forked = ReadEnd(reports_);
  ended_ = true;
  const int status = forked.status;
  ChildEnd end;
  end.peak_bytes = forked.peak_bytes;
  end.kind =
      killed.value_or(WIFSIGNALED(status) ? ChildEnd::Kind::kSignalled : ChildEnd::Kind::kExited);
  end.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

bool AwaitRelease() {
  char go = 0;
  ssize_t got = 0;
  do {
    got = read(STDIN_FILENO, &go, sizeof(go));
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

}  // namespace fansipan::sources::internal
