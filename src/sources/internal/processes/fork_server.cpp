#include "sources/internal/processes/fork_server.h"

#include <fmt/format.h>
#include <poll.h>
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
#include "sources/internal/processes/spawn.h"

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

}  // namespace

base::Result<std::unique_ptr<ForkServer>> ForkServer::Start(const std::string& program) {
  FANSIPAN_ASSIGN_OR_RETURN(auto channel, MakeChannel());
  pid_t process = 0;
  const int failed =
      Spawn({program, "workers"}, {}, {channel.second.number(), kNowhere, STDERR_FILENO}, process);
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
