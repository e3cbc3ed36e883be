#include "sources/internal/processes/child_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "sources/internal/processes/fork_server.h"
#include "sources/internal/processes/passed_files.h"
#include "sources/internal/processes/process_memory.h"

namespace fansipan::sources::internal {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{5};
constexpr std::size_t kAnswerBytes = 16;

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

std::uint64_t ChildProcess::OwnMemory() const {
  const auto memory = ReadProcessMemory(fmt::format("/proc/{}/statm", child_));
  return memory ? memory->resident - std::min(memory->resident, memory->shared) : 0;
}

void ChildProcess::Send(std::string_view packet, std::span<const int> files) {
  [[maybe_unused]] const bool sent = SendWithFiles(channel_.number(), packet, files);
}

std::optional<std::string> ChildProcess::Await(const ChildLimits& limits) {
  const auto deadline = SteadyClock::now() + limits.deadline;
  while (!killed_) {
    pollfd answered{channel_.number(), POLLIN, 0};
    if (poll(&answered, 1, static_cast<int>(kLook.count())) > 0) {
      char answer[kAnswerBytes];
      const ssize_t got = recv(channel_.number(), answer, sizeof(answer), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return std::nullopt;
      return std::string(answer, static_cast<std::size_t>(got));
    }
    if (SteadyClock::now() >= deadline) killed_ = ChildEnd::Kind::kKilledAtDeadline;
    if (OwnMemory() > limits.memory_bytes) killed_ = ChildEnd::Kind::kKilledForMemory;
  }
  Kill(handle_);
  return std::nullopt;
}

ChildEnd ChildProcess::Wait() {
  const ForkedEnd forked = ReadEnd(reports_);
  ended_ = true;
  const int status = forked.status;
  ChildEnd end;
  end.peak_bytes = forked.peak_bytes;
  end.kind =
      killed_.value_or(WIFSIGNALED(status) ? ChildEnd::Kind::kSignalled : ChildEnd::Kind::kExited);
  end.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

}  // namespace fansipan::sources::internal
