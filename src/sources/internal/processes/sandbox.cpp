#include "sources/internal/processes/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>

#include "sources/internal/processes/allowed_calls.h"
#include "sources/internal/processes/process_memory.h"

namespace fansipan::sources::internal {
namespace {

constexpr rlim_t kOpenFiles = 32;

base::Error Unable(std::string_view what) {
  return {base::ErrorCode::kInternal, "",
          fmt::format("the worker cannot {}: {}", what, std::strerror(errno))};
}

base::Status Limit(__rlimit_resource resource, rlim_t limit, std::string_view what) {
  rlimit current{};
  getrlimit(resource, &current);
  if (current.rlim_max != RLIM_INFINITY && limit > current.rlim_max) limit = current.rlim_max;
  const rlimit wanted{limit, limit};
  if (setrlimit(resource, &wanted) != 0) return Unable(what);
  return {};
}

/// Bytes of addresses that the process has taken.
std::uint64_t AddressesInUse() {
  const auto memory = ReadProcessMemory("/proc/self/statm");
  return memory ? memory->addresses : 0;
}

int AllowCalls(scmp_filter_ctx filter) {
  const int failed = AllowComputing(filter);
  if (failed != 0) return failed;
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(recvmsg), 1,
                          scmp_arg_cmp{0, SCMP_CMP_EQ, STDIN_FILENO, 0});
}

}  // namespace

bool IsSanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return true;
#else
  return false;
#endif
#else
  return false;
#endif
}

base::Status EnterSandbox(const SandboxLimits& limits, std::int32_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return Unable("bind its life to the server's");
  if (parent != 0 && getppid() != parent) {
    return base::Error{base::ErrorCode::kInternal, "", "the server of the worker is gone"};
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Unable("give up new privileges");
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return Unable("refuse to be read");
  signal(SIGXFSZ, SIG_IGN);
  FANSIPAN_RETURN_IF_ERROR(Limit(RLIMIT_CORE, 0, "refuse core dumps"));
  FANSIPAN_RETURN_IF_ERROR(Limit(RLIMIT_NOFILE, kOpenFiles, "limit its open files"));
  FANSIPAN_RETURN_IF_ERROR(Limit(RLIMIT_FSIZE, limits.file_bytes, "limit what it writes"));
  return Limit(RLIMIT_CPU, limits.cpu_seconds, "limit its processor time");
}

base::Status CloseSandbox(const SandboxLimits& limits) {
  if (!IsSanitized()) {
    FANSIPAN_RETURN_IF_ERROR(
        Limit(RLIMIT_AS, AddressesInUse() + limits.memory_bytes, "limit its memory"));
  }
  const std::unique_ptr<void, decltype(&seccomp_release)> filter(
      seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return Unable("make its filter of system calls");
  int failed = AllowCalls(filter.get());
  if (failed == 0) failed = seccomp_load(filter.get());
  if (failed == 0) return {};
  errno = -failed;
  return Unable("close its sandbox");
}

}  // namespace fansipan::sources::internal
