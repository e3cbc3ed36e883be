#pragma once

#include <cstdint>

#include "base/result.h"

namespace fansipan::sources::internal {

/// True in builds with AddressSanitizer or ThreadSanitizer, which reserve terabytes of addresses: a
/// limit on addresses is not possible there, and memory is held by the parent's watch alone.
bool IsSanitized();

struct SandboxLimits {
  std::uint64_t memory_bytes = 0;  ///< addresses that may be taken beyond those in use now
  std::uint64_t file_bytes = 0;    ///< longest file that may be written
  std::uint32_t cpu_seconds = 0;
};

/// Dies with the parent, gains no rights, dumps no core, and is bounded in processor time, files
/// and what it writes. To be called first.
base::Status EnterSandbox(const SandboxLimits& limits, std::int32_t parent);

/// Bounds the memory from here on, and takes every system call away but those for computing with
/// what is open: no opening of files, no sockets, no processes (threads are allowed), no signals to
/// others. What the server hands over on the standard input can still be taken. A refused call
/// fails with EPERM. Cannot be undone.
base::Status CloseSandbox(const SandboxLimits& limits);

}  // namespace fansipan::sources::internal
