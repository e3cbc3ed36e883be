#include "sources/connectors/connector_runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;

/// A connector whose askings the test writes; the last one hangs until the stop.
class ScriptedConnector final : public Connector {
 public:
  using Step = std::function<base::Status(Passage&)>;
  ScriptedConnector(std::vector<Step> steps, std::promise<void>& through)
      : steps_(std::move(steps)), through_(through) {}

  base::Status Ask(Passage& passage) override {
    if (next_ < steps_.size()) return steps_[next_++](passage);
    through_.set_value();
    return passage.Wait(std::chrono::hours(1'000));
  }
  base::Duration every() const override { return 15min; }

 private:
  std::vector<Step> steps_;
  std::size_t next_ = 0;
  std::promise<void>& through_;
};

class ConnectorRunnerTest : public ::testing::Test {
 protected:
  ConnectorRunnerTest() {
    surroundings_.clock = &clock_;
    surroundings_.random = &random_;
    surroundings_.metrics = &metrics_;
    surroundings_.position_of = [this](const std::string&) { return position_; };
    surroundings_.heartbeat = [](const std::string&, const std::string&) { return base::Status(); };
    surroundings_.secret = [](const std::string&) -> base::Result<std::optional<std::string>> {
      return std::optional<std::string>();
    };
    surroundings_.deliver = [this](Submission submission) -> base::Result<DeliveryReport> {
      delivered_.push_back(submission.payload);
      position_ = submission.position;
      return DeliveryReport{};
    };
    // Time passes when somebody waits; the wait after the last step is the stop's.
    surroundings_.wait = [this](base::Duration duration, const std::stop_token& stop) {
      if (duration > std::chrono::hours(100)) return WaitUnlessStopped(duration, stop);
      waits_.push_back(duration);
      clock_.Advance(duration);
    };
  }

  /// Runs the steps, and gives how the connector stood then.
  Connection Run(std::vector<ScriptedConnector::Step> steps) {
    std::promise<void> through;
    ConnectorRunner runner("registry", "http_pull",
                           std::make_unique<ScriptedConnector>(std::move(steps), through),
                           surroundings_);
    EXPECT_EQ(through.get_future().wait_for(60s), std::future_status::ready);
    return runner.connection();
  }

  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  base::SeededRandom random_{7};
  base::MetricsRegistry metrics_;
  ConnectorSurroundings surroundings_;
  std::string position_;
  std::vector<std::string> delivered_;
  std::vector<base::Duration> waits_;
};

base::Status Fails(Passage&) {
  return base::Error{base::ErrorCode::kUnavailable, "no_connection", "registry: no connection"};
}

TEST_F(ConnectorRunnerTest, AsksAgainAtGrowingDistancesWithChanceInThem) {
  const Connection connection =
      Run({Fails, Fails, Fails, Fails, Fails, Fails, Fails, Fails, Fails, Fails, Fails, Fails});
  ASSERT_EQ(waits_.size(), 12U);
  base::Duration whole = 1s;
  for (const base::Duration wait : waits_) {
    EXPECT_GE(wait, whole / 2);
    EXPECT_LE(wait, whole);
    whole = std::min<base::Duration>(whole * 2, 5min);
  }
  EXPECT_NE(waits_[10], waits_[11]) << "chance";
  EXPECT_EQ(connection.phase, ConnectionPhase::kFailing);
  EXPECT_EQ(connection.failures, 12U);
  EXPECT_EQ(connection.failing_since, base::Timestamp(std::chrono::hours(1)));
  EXPECT_EQ(connection.reason, "no_connection");
  EXPECT_EQ(connection.last_contact, std::nullopt);
  EXPECT_NE(
      metrics_.Render().find(
          "fansipan_connector_failures_total{connector=\"http_pull\",source=\"registry\"} 12"),
      std::string::npos);
}

TEST_F(ConnectorRunnerTest, ForgetsFailuresWhenTheSourceAnswersAgain) {
  const Connection connection = Run({Fails, Fails, [](Passage& passage) -> base::Status {
                                       passage.NoteContact();
                                       return {};
                                     }});
  ASSERT_EQ(waits_.size(), 3U);
  EXPECT_EQ(waits_[2], 15min);
  EXPECT_EQ(connection.phase, ConnectionPhase::kAsking);
  EXPECT_EQ(connection.failing_since, std::nullopt);
  EXPECT_EQ(connection.message, "");
  EXPECT_TRUE(connection.last_contact.has_value());
}

TEST_F(ConnectorRunnerTest, WaitsAsLongAsTheSourceAsks) {
  Run({[](Passage& passage) {
    passage.HoldOff(20min);
    return Fails(passage);
  }});
  EXPECT_EQ(waits_, (std::vector<base::Duration>{20min}));
}

TEST_F(ConnectorRunnerTest, ASourceThatGivesAndAsksForPatienceSetsThePace) {
  int recorded = 0;
  surroundings_.note_failing = [&](const std::string&, const base::Error&) {
    ++recorded;
    return base::Status();
  };
  const auto page_then_busy = [](Passage& passage) -> base::Status {
    EXPECT_TRUE(passage.Deliver("page", passage.Position() + "p").ok());
    passage.HoldOff(2s);
    return base::Error{base::ErrorCode::kUnavailable, "source_busy", "registry: busy"};
  };
  const Connection connection =
      Run({page_then_busy, page_then_busy, page_then_busy, page_then_busy, page_then_busy});
  EXPECT_EQ(waits_, (std::vector<base::Duration>{2s, 2s, 2s, 2s, 2s}));
  EXPECT_EQ(connection.failures, 1U);
  EXPECT_EQ(recorded, 0);
  const auto busy = [](Passage& passage) -> base::Status {
    passage.HoldOff(2s);
    return base::Error{base::ErrorCode::kUnavailable, "source_busy", "registry: busy"};
  };
  EXPECT_EQ(Run({page_then_busy, busy, busy, busy}).failures, 4U);
  EXPECT_EQ(recorded, 2) << "one that gives nothing fails";
}

TEST_F(ConnectorRunnerTest, OffersTheSameAgainWhileIntakeIsBusyOrTheDiskFull) {
  int refusals = 0;
  const auto take = surroundings_.deliver;
  surroundings_.deliver = [&](Submission submission) -> base::Result<DeliveryReport> {
    ++refusals;
    if (refusals == 1) return base::Error{base::ErrorCode::kUnavailable, "intake_busy", "busy"};
    if (refusals == 2) return base::Error{base::ErrorCode::kStorageFull, "storage_full", "full"};
    return take(std::move(submission));
  };
  Run({[](Passage& passage) { return passage.Deliver("rows", "p1"); }});
  EXPECT_EQ(delivered_, (std::vector<std::string>{"rows"}));
  EXPECT_EQ(position_, "p1");
  EXPECT_EQ(refusals, 3);
}

TEST_F(ConnectorRunnerTest, TellsWhyItIsHeldBack) {
  surroundings_.wait = WaitUnlessStopped;
  surroundings_.deliver = [&](const Submission&) -> base::Result<DeliveryReport> {
    return base::Error{base::ErrorCode::kStorageFull, "storage_full", "the disk is full"};
  };
  std::promise<void> through;
  ConnectorRunner runner("registry", "http_pull",
                         std::make_unique<ScriptedConnector>(
                             std::vector<ScriptedConnector::Step>{
                                 [](Passage& passage) { return passage.Deliver("rows", "p1"); }},
                             through),
                         surroundings_);
  const auto ends_at = std::chrono::steady_clock::now() + 60s;
  while (runner.connection().phase != ConnectionPhase::kHeldBack &&
         std::chrono::steady_clock::now() < ends_at) {
    std::this_thread::yield();
  }
  const Connection connection = runner.connection();
  EXPECT_EQ(connection.phase, ConnectionPhase::kHeldBack);
  EXPECT_EQ(connection.reason, "storage_full");
  EXPECT_EQ(connection.message, "the disk is full");
  EXPECT_EQ(connection.failures, 0U);
}

TEST_F(ConnectorRunnerTest, ItsGaugesEndWithItAndComeBackWithTheNextOne) {
  const auto shows = [&](std::string_view name) {
    return metrics_.Render().find(std::string(name) + "{") != std::string::npos;
  };
  const auto asks = [](Passage& passage) -> base::Status {
    passage.NoteContact();
    return {};
  };
  Run({asks});
  EXPECT_FALSE(shows("fansipan_connector_state"));
  EXPECT_FALSE(shows("fansipan_connector_last_contact_seconds"));
  EXPECT_TRUE(shows("fansipan_connector_deliveries_total"));
  Run({[&](Passage& passage) -> base::Status {
    passage.NoteContact();
    EXPECT_TRUE(shows("fansipan_connector_state"));
    EXPECT_TRUE(shows("fansipan_connector_last_contact_seconds"));
    return {};
  }});
}

TEST_F(ConnectorRunnerTest, GoesOnBehindAPayloadThatIsKeptForReplayAndShowsIt) {
  surroundings_.deliver = [&](const Submission& submission) -> base::Result<DeliveryReport> {
    position_ = submission.position;
    return base::Error{base::ErrorCode::kInvalidArgument, "mapping_failed", "no column x"};
  };
  bool went_on = false;
  const Connection connection = Run({[&](Passage& passage) {
    const auto status = passage.Deliver("rows", "p1");
    went_on = status.ok();
    return status;
  }});
  EXPECT_TRUE(went_on);
  EXPECT_EQ(connection.phase, ConnectionPhase::kFailing);
  EXPECT_EQ(connection.reason, "mapping_failed");
  EXPECT_EQ(waits_, (std::vector<base::Duration>{15min}));
}

TEST_F(ConnectorRunnerTest, DoesNotGoOnBehindAPayloadThatNobodyKept) {
  surroundings_.deliver = [](const Submission&) -> base::Result<DeliveryReport> {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_json", "no JSON"};
  };
  const Connection connection =
      Run({[](Passage& passage) { return passage.Deliver("rows", "p1"); }});
  EXPECT_EQ(position_, "");
  EXPECT_EQ(connection.reason, "not_json");
}

TEST_F(ConnectorRunnerTest, SaysWhichSecretIsMissingAndLooksAgainSoon) {
  const Connection connection = Run({[](Passage& passage) -> base::Status {
    const auto secret = passage.Secret("registry_token");
    return secret.ok() ? base::Status() : base::Status(secret.error());
  }});
  EXPECT_EQ(connection.phase, ConnectionPhase::kFailing);
  EXPECT_NE(connection.message.find("fansipan secret set registry_token"), std::string::npos);
  EXPECT_EQ(waits_, (std::vector<base::Duration>{5s}));
}

TEST_F(ConnectorRunnerTest, EndsAtOnceWhileItIsHeldBack) {
  surroundings_.wait = WaitUnlessStopped;
  std::promise<void> offered;
  bool told = false;
  surroundings_.deliver = [&](const Submission&) -> base::Result<DeliveryReport> {
    if (!std::exchange(told, true)) offered.set_value();
    return base::Error{base::ErrorCode::kUnavailable, "intake_busy", "busy"};
  };
  std::promise<void> through;
  auto runner = std::make_unique<ConnectorRunner>(
      "registry", "http_pull",
      std::make_unique<ScriptedConnector>(
          std::vector<ScriptedConnector::Step>{
              [](Passage& passage) { return passage.Deliver("rows", "p1"); }},
          through),
      surroundings_);
  offered.get_future().wait();
  const auto before = std::chrono::steady_clock::now();
  runner.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_EQ(position_, "");
}

TEST_F(ConnectorRunnerTest, RecordsAFailureThatLastsAndItsEnd) {
  std::vector<std::string> notes;
  surroundings_.note_failing = [&](const std::string& source, const base::Error& error) {
    notes.push_back(source + " " + error.reason);
    return base::Status();
  };
  surroundings_.note_answering = [&](const std::string& source) {
    notes.push_back(source + " answers");
    return base::Status();
  };
  const auto answers = [](Passage&) { return base::Status(); };
  Run({Fails, Fails, answers, Fails, Fails, Fails, answers});
  EXPECT_EQ(notes, (std::vector<std::string>{"registry answers", "registry no_connection",
                                             "registry answers"}))
      << "two failures are no news";
}

TEST_F(ConnectorRunnerTest, APayloadThatIsKeptAsRefusedIsRecordedByItsDeliveryAlone) {
  std::vector<std::string> notes;
  surroundings_.note_answering = [&](const std::string& source) {
    notes.push_back(source + " answers");
    return base::Status();
  };
  surroundings_.note_failing = [&](const std::string&, const base::Error& error) {
    notes.push_back(error.reason);
    return base::Status();
  };
  surroundings_.deliver = [&](const Submission& submission) -> base::Result<DeliveryReport> {
    position_ = submission.position;
    return base::Error{base::ErrorCode::kInvalidArgument, "mapping_failed", "no column x"};
  };
  const Connection connection =
      Run({[](Passage& passage) { return passage.Deliver("rows", "p1"); }});
  EXPECT_EQ(notes, (std::vector<std::string>{"registry answers"})) << "the source did its part";
  EXPECT_EQ(connection.reason, "mapping_failed");
}

TEST_F(ConnectorRunnerTest, DoesNotAskWhileTheSourceIsPaused) {
  int looks = 0;
  surroundings_.is_paused = [&](const std::string&) { return looks++ < 3; };
  int asked_at_look = 0;
  Run({[&](Passage&) {
    asked_at_look = looks;
    return base::Status();
  }});
  EXPECT_EQ(asked_at_look, 4);
  EXPECT_EQ(waits_.front(), 1s);
}

TEST_F(ConnectorRunnerTest, APauseAndItsEndShowWithoutAnAsking) {
  std::atomic<bool> paused = false;
  surroundings_.is_paused = [&](const std::string&) { return paused.load(); };
  std::promise<void> through;
  ConnectorRunner runner(
      "registry", "http_pull",
      std::make_unique<ScriptedConnector>(std::vector<ScriptedConnector::Step>{}, through),
      surroundings_);
  ASSERT_EQ(through.get_future().wait_for(60s), std::future_status::ready);
  EXPECT_EQ(runner.connection().phase, ConnectionPhase::kAsking);
  paused = true;
  EXPECT_EQ(runner.connection().phase, ConnectionPhase::kPaused);
  EXPECT_EQ(runner.connection().next_at, std::nullopt);
  paused = false;
  EXPECT_EQ(runner.connection().phase, ConnectionPhase::kAsking);
}

TEST_F(ConnectorRunnerTest, APauseEndsTheWaitAndItsEndAsksAtOnce) {
  int seconds = 0;
  const auto wait = surroundings_.wait;
  surroundings_.wait = [&](base::Duration duration, const std::stop_token& stop) {
    if (duration == base::Duration(1s)) ++seconds;
    wait(duration, stop);
  };
  surroundings_.is_paused = [&](const std::string&) { return seconds >= 5 && seconds < 8; };
  const auto answers = [](Passage&) { return base::Status(); };
  Run({answers});
  EXPECT_EQ(seconds, 8) << "of fifteen minutes";
}

TEST_F(ConnectorRunnerTest, APauseBreaksOffWhatIsUnderWayAndIsNoFailure) {
  const auto take = surroundings_.deliver;
  bool paused = true;
  surroundings_.deliver = [&](Submission submission) -> base::Result<DeliveryReport> {
    if (std::exchange(paused, false)) {
      return base::Error{base::ErrorCode::kUnavailable, std::string(kSourcePaused), "paused"};
    }
    return take(std::move(submission));
  };
  const auto deliver = [](Passage& passage) { return passage.Deliver("rows", "p1"); };
  const Connection connection = Run({deliver, deliver});
  EXPECT_EQ(delivered_, (std::vector<std::string>{"rows"}));
  EXPECT_EQ(connection.failing_since, std::nullopt);
  EXPECT_EQ(connection.failures, 0U);
}

}  // namespace
}  // namespace fansipan::sources
