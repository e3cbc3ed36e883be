#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fansipan::sources::internal {

/// What one process holds, in bytes.
struct ProcessMemory {
  std::uint64_t addresses = 0;  ///< taken, present or not
  std::uint64_t resident = 0;   ///< present
  std::uint64_t shared = 0;     ///< of these, backed by files
};

/// Reads a `statm` file of /proc; nothing when the process has just ended.
std::optional<ProcessMemory> ReadProcessMemory(const std::string& statm_path);

}  // namespace fansipan::sources::internal
