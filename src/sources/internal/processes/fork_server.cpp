#include "sources/internal/processes/fork_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "sources/internal/processes/passed_files.h"

namespace fansipan::sources::internal {
namespace {

base::Error Unable(std::string_view what, int number) {
  return {base::ErrorCode::kUnavailable, "",
          fmt::format("cannot {}: {}", what, std::strerror(number))};
}

/// Both ends of a channel, closed on exec. Not a pipe: writing to a process that has ended must not
/// be a signal.
base::Result<std::pair<FileHandle, FileHandle>> MakeChannel() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Unable("make a channel to a worker process", errno);
  }
  return std::pair(FileHandle(ends[0]), FileHandle(ends[1]));
}

int Spawn(const std::string& program, int input, pid_t& process) {
  std::string words[] = {program, "workers"};
  char* arguments[] = {words[0].data(), words[1].data(), nullptr};
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
      posix_spawn(&process, program.c_str(), &files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

}  // namespace

base::Result<std::unique_ptr<ForkServer>> ForkServer::Start(const std::string& program) {
  FANSIPAN_ASSIGN_OR_RETURN(auto channel, MakeChannel());
  pid_t process = 0;
  const int failed = Spawn(program, channel.second.number(), process);
  if (failed != 0) return Unable(fmt::format("start {}", program), failed);
  return std::unique_ptr<ForkServer>(new ForkServer(process, std::move(channel.first)));
}

ForkServer::~ForkServer() {
  kill(process_, SIGKILL);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

base::Result<std::unique_ptr<ChildProcess>> ForkServer::Fork() {
  FANSIPAN_ASSIGN_OR_RETURN(auto input, MakeChannel());
  FANSIPAN_ASSIGN_OR_RETURN(auto reports, MakeChannel());
  const int passed[] = {input.second.number(), reports.second.number()};
  if (!SendWithFiles(channel_.number(), "fork", passed)) {
    return Unable("reach the fork server of the workers", errno);
  }
  reports.second = FileHandle();  // so that the end is read here when the fork server dies
  FANSIPAN_ASSIGN_OR_RETURN(ReceivedPacket packet, ReceiveWithFiles(reports.first.number()));
  ForkedStart start;
  if (packet.bytes.size() != sizeof(start)) {
    return Unable("start a worker process", ECONNRESET);
  }
  std::memcpy(&start, packet.bytes.data(), sizeof(start));
  if (start.child == 0 || packet.files.size() != 1) {
    return Unable("start a worker process", start.number);
  }
  return std::make_unique<ChildProcess>(start.child, std::move(packet.files[0]),
                                        std::move(input.first), std::move(reports.first));
}

}  // namespace fansipan::sources::internal
