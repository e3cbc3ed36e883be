#include "base/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace fansipan::base {
namespace {

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

void LowerThread(Priority priority) {
  // Linux keeps niceness for each thread, which is what PRIO_PROCESS with 0 names here. A program
  // that was started lower still stays there.
  const int now = getpriority(PRIO_PROCESS, 0);
  if (now < NiceOf(priority)) setpriority(PRIO_PROCESS, 0, NiceOf(priority));
}

}  // namespace fansipan::base
