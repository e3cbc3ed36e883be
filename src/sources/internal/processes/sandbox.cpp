#include "sources/internal/processes/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "sources/internal/processes/process_memory.h"

namespace fansipan::sources::internal {
namespace {

constexpr rlim_t kOpenFiles = 32;

/// What computing, allocating, threads and ending need, and reading and writing what is open.
constexpr int kAllowedCalls[] = {SCMP_SYS(read),
                                 SCMP_SYS(readv),
                                 SCMP_SYS(pread64),
                                 SCMP_SYS(write),
                                 SCMP_SYS(writev),
                                 SCMP_SYS(pwrite64),
                                 SCMP_SYS(lseek),
                                 SCMP_SYS(ftruncate),
                                 SCMP_SYS(fstat),
                                 SCMP_SYS(close),
                                 SCMP_SYS(mmap),
                                 SCMP_SYS(munmap),
                                 SCMP_SYS(mremap),
                                 SCMP_SYS(mprotect),
                                 SCMP_SYS(madvise),
                                 SCMP_SYS(brk),
                                 SCMP_SYS(futex),
                                 SCMP_SYS(set_robust_list),
                                 SCMP_SYS(get_robust_list),
                                 SCMP_SYS(rseq),
                                 SCMP_SYS(set_tid_address),
                                 SCMP_SYS(rt_sigaction),
                                 SCMP_SYS(rt_sigprocmask),
                                 SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(sigaltstack),
                                 SCMP_SYS(restart_syscall),
                                 SCMP_SYS(gettid),
                                 SCMP_SYS(getpid),
                                 SCMP_SYS(getppid),
                                 SCMP_SYS(getuid),
                                 SCMP_SYS(geteuid),
                                 SCMP_SYS(getgid),
                                 SCMP_SYS(getegid),
                                 SCMP_SYS(sched_yield),
                                 SCMP_SYS(sched_getaffinity),
                                 SCMP_SYS(nanosleep),
                                 SCMP_SYS(clock_nanosleep),
                                 SCMP_SYS(clock_gettime),
                                 SCMP_SYS(clock_getres),
                                 SCMP_SYS(gettimeofday),
                                 SCMP_SYS(time),
                                 SCMP_SYS(getrandom),
                                 SCMP_SYS(getrusage),
                                 SCMP_SYS(getrlimit),
                                 SCMP_SYS(sysinfo),
                                 SCMP_SYS(getcpu),
                                 SCMP_SYS(membarrier),
                                 SCMP_SYS(poll),
                                 SCMP_SYS(ppoll),
                                 SCMP_SYS(exit),
                                 SCMP_SYS(exit_group)};

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

scmp_arg_cmp ArgumentIs(unsigned position, scmp_datum_t value) {
  return {position, SCMP_CMP_EQ, value, 0};
}

int AllowCalls(scmp_filter_ctx filter) {
  for (const int call : kAllowedCalls) {
    const int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    if (failed != 0) return failed;
  }
  // A new thread shares everything; without CLONE_THREAD it would be a process. clone3 hides its
  // flags behind a pointer, so the C library is told that there is none and falls back to clone.
  int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
  if (failed == 0) failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  if (failed == 0) {
    failed =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(recvmsg), 1, ArgumentIs(0, STDIN_FILENO));
  }
  // abort() signals the process's own thread.
  const auto self = static_cast<scmp_datum_t>(getpid());
  if (failed == 0) {
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, ArgumentIs(0, self));
  }
  // Limits may be read, not set.
  if (failed == 0) {
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, ArgumentIs(2, 0));
  }
  if (failed == 0) {
    failed =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, ArgumentIs(0, PR_SET_NAME));
  }
  // UndefinedBehaviorSanitizer looks through a pipe whether memory may be read.
  if (failed == 0 && IsSanitized()) {
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(pipe2), 0);
    if (failed == 0) failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(pipe), 0);
  }
  return failed;
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
