#include "simulation/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "simulation/testing/passing_waiter.h"
#include "simulation/testing/scripted_center.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// 2026-11-23 is a Monday; 02:00 UTC is 09:00 in Lào Cai.
const base::Timestamp kMondayMorning = sys_days(2026y / 11 / 23) + hours(2);
const base::Timestamp kSundayNight = sys_days(2026y / 11 / 22) + hours(20);

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    options_.center_folder = FANSIPAN_SAMPLE_CENTER;
    options_.token = "token";
    options_.history = days(1);
    options_.on_counts = [this](const PushCounts& counts) { counts_.push_back(counts); };
  }

  base::Status Run() {
    const SimulationWorld world{
        files_, clock_, waiter_, [this](const std::stop_token&) {
          return base::Result<std::unique_ptr<DeliveryTransport>>(center_.Connect());
        }};
    return RunCaseSystem(options_, world, stop_.get_token());
  }

  std::size_t HeartbeatsSent() const {
    const auto posts = center_.posts();
    return static_cast<std::size_t>(
        std::count_if(posts.begin(), posts.end(),
                      [](const HttpPost& post) { return post.path.ends_with("/heartbeat"); }));
  }

  base::PosixFileSystem files_;
  base::VirtualClock clock_{kMondayMorning};
  PassingWaiter waiter_{clock_};
  ScriptedCenter center_;
  std::stop_source stop_;
  SimulationOptions options_;
  std::vector<PushCounts> counts_;
};

TEST_F(SimulationTest, SendsItsHistoryAndThenWhatHappens) {
  options_.duration = minutes(20);
  ASSERT_TRUE(Run().ok());
  const std::string bodies = center_.bodies();
  EXPECT_NE(bodies.find("\"ngayTiepNhan\":\"2026-11-22T"), std::string::npos);
  EXPECT_NE(bodies.find("\"ngayTiepNhan\":\"2026-11-23T09:1"), std::string::npos);
  ASSERT_FALSE(counts_.empty());
  EXPECT_EQ(counts_.back().sent, counts_.back().accepted);
  EXPECT_GT(counts_.size(), 100U);  // every ten seconds
}

TEST_F(SimulationTest, SendsTheSameDeliveriesAgainWhenItIsStartedAgain) {
  options_.duration = seconds(1);
  ASSERT_TRUE(Run().ok());
  const HttpPost first = center_.posts().at(0);
  const std::size_t sent = center_.posts().size();
  clock_.Set(kMondayMorning);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(center_.posts().at(sent).idempotency_key, first.idempotency_key);
}

TEST_F(SimulationTest, KeepsAnEvenRateAlsoAtNight) {
  clock_.Set(kSundayNight);
  options_.history = seconds(0);
  options_.rate = 40;
  options_.duration = minutes(2);
  ASSERT_TRUE(Run().ok());
  EXPECT_NEAR(static_cast<double>(counts_.back().sent), 40 * 120, 40);
}

TEST_F(SimulationTest, SendsAllRowsOverSeveralConnections) {
  options_.history = seconds(0);
  options_.rate = 4'000;
  options_.batch = 500;
  options_.duration = seconds(5);
  ASSERT_TRUE(Run().ok());
  EXPECT_NEAR(static_cast<double>(counts_.back().sent), 20'000, 2'000);
  const std::string bodies = center_.bodies();
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(bodies.begin(), bodies.end(), '\n')),
            counts_.back().sent);
}

TEST_F(SimulationTest, GivesSignsOfLifeWhenThereIsNothingNew) {
  clock_.Set(kSundayNight);
  options_.history = seconds(0);
  options_.cases_per_day = 0;
  options_.duration = minutes(10);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(counts_.back().sent, 0U);
  EXPECT_NEAR(static_cast<double>(HeartbeatsSent()), 20, 1);
}

TEST_F(SimulationTest, IsSilentForTheTimeAskedFor) {
  options_.rate = 10;
  options_.history = seconds(0);
  options_.silent_after = seconds(30);
  options_.silent_for = minutes(5);
  options_.duration = seconds(30) + minutes(5);
  ASSERT_TRUE(Run().ok());
  EXPECT_NEAR(static_cast<double>(counts_.back().sent), 300, 10);
  EXPECT_EQ(HeartbeatsSent(), 0U);
}

TEST_F(SimulationTest, SendsAgainAfterItsSilence) {
  options_.rate = 10;
  options_.history = seconds(0);
  options_.silent_for = minutes(5);
  options_.duration = minutes(6);
  ASSERT_TRUE(Run().ok());
  EXPECT_NEAR(static_cast<double>(counts_.back().sent), 600, 10);
}

TEST_F(SimulationTest, LetsDaysPassFasterWhenAsked) {
  options_.history = seconds(0);
  options_.speed = 1000;
  options_.duration = seconds(500);  // 5.8 days
  ASSERT_TRUE(Run().ok());
  EXPECT_NE(center_.bodies().find("\"ngayTiepNhan\":\"2026-11-27T"), std::string::npos);
}

TEST_F(SimulationTest, StopsWithoutErrorWhenAsked) {
  center_.OnPost([this] { stop_.request_stop(); });
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(center_.posts().size(), 1U);
  EXPECT_FALSE(counts_.empty());
}

TEST_F(SimulationTest, EndsWithTheErrorOfARefusedToken) {
  center_.AnswerNext(HttpAnswer{.status = 403});
  const auto ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, base::ErrorCode::kForbidden);
}

TEST_F(SimulationTest, EndsWithTheErrorOfOneOfSeveralConnections) {
  options_.rate = 4'000;
  center_.AnswerNext(HttpAnswer{.status = 403});
  const auto ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, base::ErrorCode::kForbidden);
}

TEST_F(SimulationTest, RefusesAnotherMachineBeforeItSendsAnything) {
  options_.url = "http://example.org";
  const auto ended = Run();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_TRUE(center_.posts().empty());
}

}  // namespace
}  // namespace fansipan::simulation
