#include "base/thread_priority.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <thread>

namespace fansipan::base {
namespace {

int OwnNiceness() { return getpriority(PRIO_PROCESS, 0); }

TEST(ThreadPriority, IsTheThreadsOwnAndThatOfThoseItStarts) {
  const int before = OwnNiceness();
  int lowered = 0;
  int inherited = 0;
  std::thread([&] {
    LowerThread(Priority::kBackground);
    lowered = OwnNiceness();
    std::thread([&] { inherited = OwnNiceness(); }).join();
  }).join();
  EXPECT_GT(lowered, 0);
  EXPECT_EQ(inherited, lowered);
  EXPECT_EQ(OwnNiceness(), before);
}

TEST(ThreadPriority, IsNeverRaised) {
  int lowered = 0;
  int later = 0;
  std::thread([&] {
    LowerThread(Priority::kBackground);
    lowered = OwnNiceness();
    LowerThread(Priority::kAnswers);
    later = OwnNiceness();
  }).join();
  EXPECT_EQ(later, lowered);
}

TEST(ThreadPriority, QuickeningKeepsTheNicenessAndThePolicy) {
  std::thread([] {
    LowerThread(Priority::kQuestions);
    const int lowered = OwnNiceness();
    QuickenThread();
    EXPECT_EQ(OwnNiceness(), lowered);
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
    LowerThread(Priority::kBackground);
    EXPECT_GT(OwnNiceness(), lowered);
  }).join();
}

}  // namespace
}  // namespace fansipan::base
