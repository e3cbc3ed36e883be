#include "base/thread_priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

namespace fansipan::base {
namespace {

constexpr std::chrono::nanoseconds kQuickSlice = std::chrono::microseconds(300);
constexpr std::chrono::nanoseconds kDefaultSlice{0};

/// As the kernel has it (sched_setattr(2)); the C library does not declare it.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  ///< of SCHED_OTHER: the slice asked for, in nanoseconds
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};

/// Leaves threads of other policies alone. A kernel that does not know of slices refuses or ignores
/// it; both are well.
void AskForSlice(std::chrono::nanoseconds slice) {
  if (sched_getscheduler(0) != SCHED_OTHER) return;
  SchedulingAttributes attributes;
  attributes.nice = getpriority(PRIO_PROCESS, 0);
  attributes.runtime = static_cast<std::uint64_t>(slice.count());
  (void)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

int NiceOf(Priority priority) {
  switch (priority) {
    case Priority::kAnswers:
      return 0;
    case Priority::kQuestions:
      return 8;
    case Priority::kBackground:
      return 15;
  }
  return 0;
}

}  // namespace

void QuickenThread() { AskForSlice(kQuickSlice); }

void LowerThread(Priority priority) {
  // Linux keeps niceness for each thread, which is what PRIO_PROCESS with 0 names here. A program
  // that was started lower still stays there.
  const int now = getpriority(PRIO_PROCESS, 0);
  if (now < NiceOf(priority)) setpriority(PRIO_PROCESS, 0, NiceOf(priority));
  if (priority != Priority::kAnswers) AskForSlice(kDefaultSlice);
}

}  // namespace fansipan::base
