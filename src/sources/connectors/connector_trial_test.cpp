#include "sources/connectors/connector_trial.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <utility>
#include <vector>

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""h;

/// A connector whose askings the test writes; it is not asked more often.
class ScriptedConnector final : public Connector {
 public:
  using Step = std::function<base::Status(Passage&)>;
  explicit ScriptedConnector(std::vector<Step> steps) : steps_(std::move(steps)) {}

  base::Status Ask(Passage& passage) override {
    if (asked < steps_.size()) return steps_[asked++](passage);
    ADD_FAILURE() << "it is asked once more";
    return ConnectorStopped();
  }
  base::Duration every() const override { return 1h; }

  std::size_t asked = 0;

 private:
  std::vector<Step> steps_;
};

base::Status HasNothing(Passage& passage) {
  passage.NoteContact();
  return passage.Heartbeat("");
}

base::Status Hangs(Passage& passage) { return passage.Wait(1'000h); }

class ConnectorTrialTest : public ::testing::Test {
 protected:
  ConnectorTrialTest() {
    parts_.secret = [](const std::string& name) -> base::Result<std::optional<std::string>> {
      return name == "token" ? std::optional<std::string>("t0ken") : std::nullopt;
    };
    parts_.clock = &clock_;
    parts_.look = 0ms;
  }
  base::Result<FetchedOnce> Try(std::vector<ScriptedConnector::Step> steps) {
    ScriptedConnector connector(std::move(steps));
    auto fetched = FetchOnce("registry", connector, parts_, patience_);
    asked_ = connector.asked;
    return fetched;
  }
  /// Of a trial that shows nothing.
  base::Error ErrorOf(std::vector<ScriptedConnector::Step> steps) {
    const auto fetched = Try(std::move(steps));
    EXPECT_FALSE(fetched.ok());
    return fetched.ok() ? base::Error() : fetched.error();
  }

  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  ConnectorTrialParts parts_;
  base::Patience patience_;
  std::size_t asked_ = 0;
};

TEST_F(ConnectorTrialTest, ShowsTheFirstPayloadAndSaysThatItIsNotRecorded) {
  bool acknowledged = false;
  const auto fetched = Try({[&](Passage& passage) -> base::Status {
    EXPECT_TRUE(passage.is_trial());
    EXPECT_EQ(passage.Position(), "");
    EXPECT_EQ(passage.source(), "registry");
    FANSIPAN_ASSIGN_OR_RETURN(const std::string secret, passage.Secret("token"));
    EXPECT_EQ(secret, "t0ken");
    passage.NoteTold({{"total", "3"}});
    const base::Status first = passage.DeliverFile("june.csv", "a;b", "1");
    EXPECT_EQ(first.error().reason, "connector_stopped");
    EXPECT_FALSE(passage.Deliver("second", "2").ok());
    EXPECT_EQ(passage.Position(), "");
    FANSIPAN_RETURN_IF_ERROR(first);
    acknowledged = true;
    return {};
  }});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched->payload, "a;b");
  EXPECT_EQ(fetched->file_name, "june.csv");
  EXPECT_EQ(fetched->told, (std::map<std::string, std::string>{{"total", "3"}}));
  EXPECT_FALSE(acknowledged);
}

TEST_F(ConnectorTrialTest, AsksOnceAgainWhoHasNothing) {
  const auto fetched =
      Try({HasNothing, [](Passage& passage) { return passage.Deliver("late", "1"); }});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched->payload, "late");
  EXPECT_EQ(ErrorOf({HasNothing, HasNothing}).reason, "nothing_came");
}

TEST_F(ConnectorTrialTest, TellsTheConnectorsErrorAsOneOfTheSource) {
  const base::Error error = ErrorOf({[](Passage&) -> base::Status {
    return base::Error{base::ErrorCode::kUnauthenticated, "sign_in_refused", "check the secret"};
  }});
  EXPECT_EQ(error.code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(error.reason, "sign_in_refused");
  EXPECT_EQ(error.message, "check the secret");
  EXPECT_EQ(asked_, 1U);
  const base::Error missing = ErrorOf({[](Passage& passage) -> base::Status {
    FANSIPAN_RETURN_IF_ERROR(passage.Secret("unset"));
    return {};
  }});
  EXPECT_EQ(missing.reason, "secret_missing");
}

TEST_F(ConnectorTrialTest, EndsAtItsLimit) {
  parts_.limit = 20ms;
  EXPECT_EQ(ErrorOf({Hangs}).reason, "source_silent");
}

TEST_F(ConnectorTrialTest, EndsWhenNobodyWaits) {
  std::stop_source gone;
  patience_ = base::Patience(base::Patience::Moment::max(), gone.get_token());
  const base::Error error = ErrorOf({[&](Passage& passage) -> base::Status {
    gone.request_stop();
    return Hangs(passage);
  }});
  EXPECT_EQ(error.reason, "given_up");
}

TEST_F(ConnectorTrialTest, HasNobodyToAskForASourceThatSendsByItself) {
  center::Source source;
  source.name = "desk";
  const auto fetched = FetchOnce(source, parts_, patience_);
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().reason, "no_connector");
}

}  // namespace
}  // namespace fansipan::sources
