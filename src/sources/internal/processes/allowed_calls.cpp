#include "sources/internal/processes/allowed_calls.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "sources/internal/processes/sandbox.h"

namespace fansipan::sources::internal {
namespace {

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

scmp_arg_cmp ArgumentIs(unsigned position, scmp_datum_t value) {
  return {position, SCMP_CMP_EQ, value, 0};
}

}  // namespace

int AllowComputing(void* filter) {
  for (const int call : kAllowedCalls) {
    const int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    if (failed != 0) return failed;
  }
  // A new thread shares everything; without CLONE_THREAD it would be a process. clone3 hides its
  // flags behind a pointer, so the C library is told that there is none and falls back to clone.
  int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                                scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD});
  if (failed == 0) failed = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
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

}  // namespace fansipan::sources::internal
