#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace fansipan::sources::internal {

/// The files that a started program has as its input, output and complaints.
inline constexpr int kNowhere = -1;  ///< /dev/null, for writing
using StandardFiles = int[3];

/// Starts a program in a process group of its own, with no signal held or ignored, this environment
/// and these files: sockets of the server that nobody marked are not for it, nor may it keep them
/// open. Returns what posix_spawn does.
int Spawn(std::vector<std::string> words, std::vector<std::string> environment,
          const StandardFiles& standard, pid_t& process);

}  // namespace fansipan::sources::internal
