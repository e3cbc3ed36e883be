#include "base/patience.h"

#include <gtest/gtest.h>

namespace fansipan::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(Patience, NeverEndsWithoutADeadline) {
  EXPECT_FALSE(Patience().IsOver());
  EXPECT_TRUE(Patience().Check().ok());
}

TEST(Patience, EndsAtItsDeadline) {
  const Patience passed(steady_clock::now());
  EXPECT_TRUE(passed.IsOver());
  EXPECT_EQ(passed.Check().error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(passed.Check().error().reason, "question_too_long");
  EXPECT_FALSE(Patience(steady_clock::now() + std::chrono::hours(1)).IsOver());
}

TEST(Patience, EndsWhenNobodyWaits) {
  std::stop_source gone;
  const Patience patience(steady_clock::now() + std::chrono::hours(1), gone.get_token());
  EXPECT_TRUE(patience.Check().ok());
  gone.request_stop();
  EXPECT_TRUE(patience.IsOver());
  EXPECT_EQ(patience.Check().error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(patience.Check().error().reason, "given_up");
}

TEST(Patience, ALimitShortensItAndKeepsWhoWaits) {
  std::stop_source gone;
  const Patience patience(Patience::Moment::max(), gone.get_token());
  EXPECT_TRUE(patience.AtMost(milliseconds(0)).IsOver());
  const Patience limited = patience.AtMost(std::chrono::hours(1));
  EXPECT_FALSE(limited.IsOver());
  EXPECT_TRUE(Patience(steady_clock::now()).AtMost(std::chrono::hours(1)).IsOver());
  gone.request_stop();
  EXPECT_TRUE(limited.IsOver());
}

}  // namespace
}  // namespace fansipan::base
