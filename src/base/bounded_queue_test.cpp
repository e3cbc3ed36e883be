#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace fansipan::base {
namespace {

using std::chrono::milliseconds;

TEST(BoundedQueue, GivesItemsInTheOrderTheyCame) {
  BoundedQueue<int> queue(3);
  EXPECT_TRUE(queue.Push(1));
  EXPECT_TRUE(queue.TryPush(2));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_EQ(queue.TryPop(), 2);
  EXPECT_EQ(queue.TryPop(), std::nullopt);
}

TEST(BoundedQueue, RefusesWhenFull) {
  BoundedQueue<int> queue(1);
  EXPECT_TRUE(queue.TryPush(1));
  EXPECT_FALSE(queue.TryPush(2));
  EXPECT_EQ(queue.TryPop(), 1);
  EXPECT_TRUE(queue.TryPush(3));
}

TEST(BoundedQueue, GivesUpWaitingAtTheEndOfPatience) {
  BoundedQueue<int> queue(1);
  EXPECT_EQ(queue.PopFor(milliseconds(1)), std::nullopt);
  EXPECT_TRUE(queue.Push(1));
  EXPECT_EQ(queue.PopFor(milliseconds(1)), 1);
}

TEST(BoundedQueue, IsDrainedAfterItWasClosed) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.Push(1));
  queue.Close();
  EXPECT_TRUE(queue.closed());
  EXPECT_FALSE(queue.Push(2));
  EXPECT_FALSE(queue.TryPush(3));
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(BoundedQueue, TakesItemsThatCannotBeCopied) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.Push(std::make_unique<int>(7)));
  const auto item = queue.Pop();
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(**item, 7);
}

TEST(BoundedQueue, ClosingWakesThoseWhoWait) {
  BoundedQueue<int> full(1);
  BoundedQueue<int> empty(1);
  EXPECT_TRUE(full.Push(1));
  bool pushed = true;
  std::optional<int> popped = 1;
  std::thread producer([&] { pushed = full.Push(2); });
  std::thread consumer([&] { popped = empty.Pop(); });
  full.Close();
  empty.Close();
  producer.join();
  consumer.join();
  EXPECT_FALSE(pushed);
  EXPECT_EQ(popped, std::nullopt);
}

TEST(BoundedQueue, LosesAndRepeatsNothingBetweenThreads) {
  constexpr std::uint64_t kEach = 2'000;
  BoundedQueue<std::uint64_t> queue(4);
  const auto produce = [&queue](std::uint64_t first) {
    for (std::uint64_t i = 0; i < kEach; ++i) queue.Push(first + i);
  };
  std::vector<int> seen(2 * kEach, 0);
  std::thread first(produce, 0);
  std::thread second(produce, kEach);
  for (std::uint64_t i = 0; i < 2 * kEach; ++i) ++seen.at(*queue.Pop());
  first.join();
  second.join();
  EXPECT_EQ(seen, std::vector<int>(2 * kEach, 1));
}

}  // namespace
}  // namespace fansipan::base
