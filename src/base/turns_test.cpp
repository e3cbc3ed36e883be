#include "base/turns.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace fansipan::base {
namespace {

TEST(Turns, GoToOneAtATime) {
  Turns turns;
  std::atomic<int> inside = 0;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) {
        const auto turn = turns.Take({});
        ASSERT_TRUE(turn.ok());
        EXPECT_EQ(++inside, 1);
        --inside;
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 400);
}

TEST(Turns, AreNotWaitedForLongerThanPatienceAllows) {
  Turns turns;
  auto first = turns.Take({});
  ASSERT_TRUE(first.ok());
  const auto late = turns.Take(Patience().AtMost(std::chrono::milliseconds(5)));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().reason, "question_too_long");
  std::stop_source gone;
  std::thread leaving([&] { gone.request_stop(); });
  const auto left = turns.Take(Patience(Patience::Moment::max(), gone.get_token()));
  leaving.join();
  ASSERT_FALSE(left.ok());
  EXPECT_EQ(left.error().reason, "given_up");
  first->reset();
  EXPECT_TRUE(turns.Take({}).ok());
}

}  // namespace
}  // namespace fansipan::base
