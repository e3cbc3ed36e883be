#include "sources/internal/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "sources/internal/file_handle.h"
#include "sources/internal/process_memory.h"

namespace fansipan::sources::internal {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook{5};

base::Error Unable(std::string_view what, int number) {
  return {base::ErrorCode::kUnavailable, "",
          fmt::format("cannot {}: {}", what, std::strerror(number))};
}

int Spawn(const std::vector<std::string>& command, int input, pid_t& child) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  char* environment[] = {nullptr};
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  // Sockets of the server that nobody marked are not for a worker, nor may it keep them open.
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int failed =
      posix_spawn(&child, command[0].c_str(), &files, &attributes, words.data(), environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

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
    if (OwnMemory(child) > limits.memory_bytes) {
      return ChildEnd::Kind::kKilledForMemory;
    }
  }
}

}  // namespace

base::Result<std::unique_ptr<ChildProcess>> ChildProcess::Start(
    const std::vector<std::string>& command) {
  int ends[2] = {-1, -1};
  // Not a pipe: writing to a child that has ended must not be a signal.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return Unable("make a channel to a worker process", errno);
  }
  const FileHandle output(ends[0]);
  FileHandle input(ends[1]);
  pid_t child = 0;
  const int failed = Spawn(command, output.number(), child);
  if (failed != 0) return Unable(fmt::format("start {}", command[0]), failed);
  // The C library's own declaration has C++ linkage in some releases.
  FileHandle handle(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  const int watchless = handle.valid() ? 0 : errno;
  std::unique_ptr<ChildProcess> started(
      new ChildProcess(child, std::move(handle), std::move(input)));
  if (watchless != 0) return Unable("watch a worker process", watchless);
  return started;
}

ChildProcess::~ChildProcess() {
  rusage usage{};
  if (!reaped_) Reap(usage);
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
  rusage usage{};
  const int status = Reap(usage);
  ChildEnd end;
  end.peak_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) << 10U;
  end.kind =
      killed.value_or(WIFSIGNALED(status) ? ChildEnd::Kind::kSignalled : ChildEnd::Kind::kExited);
  end.number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

int ChildProcess::Reap(rusage& usage) {
  // Also when it ended by itself: nothing it may have started outlives it. The group's number
  // cannot have been given away, since the child is not reaped yet.
  kill(-child_, SIGKILL);
  int status = 0;
  while (wait4(child_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  return status;
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
