#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

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

/// Starts a program in its own process group, with an empty environment, and waits. Its memory is
/// looked at every few milliseconds; at a limit the whole group is killed. The child writes its
/// standard error to ours, nothing else is shared. Error kUnavailable when it cannot be started.
base::Result<ChildEnd> RunChild(const std::vector<std::string>& command, const ChildLimits& limits);

}  // namespace fansipan::sources::internal
