#include "simulation/pusher.h"

#include <gtest/gtest.h>

#include <set>

#include "simulation/testing/passing_waiter.h"
#include "simulation/testing/scripted_center.h"

namespace fansipan::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class PusherTest : public testing::Test {
 protected:
  base::Status Push(const Delivery& delivery = {"{}\n{}\n", "key", 2}) {
    return pusher_.Push(delivery, stop_.get_token());
  }

  ScriptedCenter center_;
  base::VirtualClock clock_{base::Timestamp{}};
  PassingWaiter waiter_{clock_};
  PushTally tally_;
  std::unique_ptr<DeliveryTransport> transport_ = center_.Connect();
  Pusher pusher_{*transport_, waiter_, tally_, {.patience = minutes(10)}};
  std::stop_source stop_;
};

TEST_F(PusherTest, CountsWhatTheReportSays) {
  center_.AnswerNext(HttpAnswer{
      .status = 201,
      .body = R"({"sequence":7,"counts":{"raw_rows":9,"refused":1,"accepted":4,"repeated":2,)"
              R"("in_conflict":1,"quarantined":1}})"});
  ASSERT_TRUE(Push({"x\n", "key", 9}).ok());
  const PushCounts counts = tally_.Read();
  EXPECT_EQ(counts.deliveries, 1U);
  EXPECT_EQ(counts.sent, 9U);
  EXPECT_EQ(counts.refused, 1U);
  EXPECT_EQ(counts.accepted, 4U);
  EXPECT_EQ(counts.repeated, 2U);
  EXPECT_EQ(counts.in_conflict, 1U);
  EXPECT_EQ(counts.quarantined, 1U);
  ASSERT_EQ(center_.posts().size(), 1U);
  EXPECT_EQ(center_.posts()[0].path, "/api/v1/sources/case_system/deliveries");
}

TEST_F(PusherTest, SendsTheSameBodyUnderTheSameKeyWhenItTriesAgain) {
  center_.AnswerNext(HttpAnswer{.status = 503});
  center_.AnswerNext(base::Error{base::ErrorCode::kUnavailable, "no_answer", "gone"});
  center_.AnswerNext(HttpAnswer{.status = 200, .body = R"({"counts":{"accepted":2}})"});
  ASSERT_TRUE(Push().ok());
  const auto posts = center_.posts();
  ASSERT_EQ(posts.size(), 3U);
  for (const HttpPost& post : posts) {
    EXPECT_EQ(post.idempotency_key, "key");
    EXPECT_EQ(post.body, posts[0].body);
  }
  EXPECT_EQ(tally_.Read().retries, 2U);
  EXPECT_EQ(tally_.Read().sent, 2U);
  EXPECT_EQ(tally_.Read().accepted, 2U);
}

TEST_F(PusherTest, WaitsAsLongAsABusyCenterAsks) {
  center_.AnswerNext(HttpAnswer{.status = 429, .retry_after = seconds(17)});
  ASSERT_TRUE(Push().ok());
  EXPECT_EQ(waiter_.waits(), std::vector<base::Duration>{seconds(17)});
}

TEST_F(PusherTest, WaitsLongerEachTimeUpToALimit) {
  for (int i = 0; i < 7; ++i) center_.AnswerNext(HttpAnswer{.status = 503});
  ASSERT_TRUE(Push().ok());
  const std::vector<base::Duration> expected = {seconds(1),  seconds(2),  seconds(4), seconds(8),
                                                seconds(16), seconds(30), seconds(30)};
  EXPECT_EQ(waiter_.waits(), expected);
}

TEST_F(PusherTest, GivesUpWhenItsPatienceEnds) {
  for (int i = 0; i < 100; ++i) center_.AnswerNext(HttpAnswer{.status = 503});
  const auto pushed = Push();
  ASSERT_FALSE(pushed.ok());
  EXPECT_EQ(pushed.error().reason, "center_unavailable");
  EXPECT_LE(clock_.Now().time_since_epoch(), minutes(10));
}

TEST_F(PusherTest, StopsInsteadOfTryingAgainWhenAsked) {
  center_.AnswerNext(HttpAnswer{.status = 503});
  stop_.request_stop();
  const auto pushed = Push();
  ASSERT_FALSE(pushed.ok());
  EXPECT_EQ(pushed.error().reason, "stopped");
  EXPECT_EQ(center_.posts().size(), 1U);
}

TEST_F(PusherTest, EndsAtOnceWhenTheTokenIsRefused) {
  center_.AnswerNext(HttpAnswer{.status = 401, .body = R"({"code":"unauthenticated"})"});
  const auto pushed = Push();
  ASSERT_FALSE(pushed.ok());
  EXPECT_EQ(pushed.error().code, base::ErrorCode::kUnauthenticated);
  EXPECT_EQ(center_.posts().size(), 1U);
}

TEST_F(PusherTest, GoesOnAfterARefusedDeliveryButNotAfterManyInARow) {
  for (int i = 0; i < 5; ++i) center_.AnswerNext(HttpAnswer{.status = 422});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(Push().ok());
  const auto fifth = Push();
  ASSERT_FALSE(fifth.ok());
  EXPECT_EQ(fifth.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(tally_.Read().refused, 10U);
}

TEST_F(PusherTest, CountsADeliveryOfAnEarlierRunAsKnown) {
  center_.AnswerNext(HttpAnswer{.status = 200, .body = R"({"counts":{"accepted":2}})"});
  ASSERT_TRUE(Push().ok());
  EXPECT_EQ(tally_.Read().known, 2U);
  EXPECT_EQ(tally_.Read().accepted, 0U);
}

TEST_F(PusherTest, CompressesInGzipFormatWhenAsked) {
  Pusher compressing(*transport_, waiter_, tally_, {.gzip = true});
  const std::string body(10'000, 'a');
  ASSERT_TRUE(compressing.Push({body, "key", 1}, stop_.get_token()).ok());
  const HttpPost post = center_.posts().at(0);
  EXPECT_TRUE(post.is_gzip);
  EXPECT_LT(post.body.size(), 200U);
  EXPECT_EQ(post.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(PusherTest, SendsAHeartbeatWithoutBodyAndKey) {
  ASSERT_TRUE(pusher_.SendHeartbeat().ok());
  const HttpPost post = center_.posts().at(0);
  EXPECT_EQ(post.path, "/api/v1/sources/case_system/heartbeat");
  EXPECT_TRUE(post.body.empty());
  EXPECT_TRUE(post.idempotency_key.empty());
  EXPECT_EQ(tally_.Read().heartbeats, 1U);
}

TEST_F(PusherTest, PassesOverAHeartbeatThatIsNotAnswered) {
  center_.AnswerNext(base::Error{base::ErrorCode::kUnavailable, "no_answer", "gone"});
  EXPECT_TRUE(pusher_.SendHeartbeat().ok());
  EXPECT_EQ(tally_.Read().heartbeats, 0U);
  EXPECT_TRUE(waiter_.waits().empty());
}

TEST(BuildDelivery, GivesEqualBodiesOneKeyAndOthersAnother) {
  const base::TimeZone zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value();
  std::vector<CaseRow> rows(2);
  const Delivery first = BuildDelivery(rows, zone);
  EXPECT_EQ(first.rows, 2U);
  EXPECT_EQ(BuildDelivery(rows, zone).key, first.key);
  rows[1].fee = 1;
  EXPECT_NE(BuildDelivery(rows, zone).key, first.key);
}

}  // namespace
}  // namespace fansipan::simulation
