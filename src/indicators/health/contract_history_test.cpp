#include "indicators/health/contract_history.h"

#include <gtest/gtest.h>

#include "indicators/source_log.h"

namespace fansipan::indicators {
namespace {

using model::ClearedBy;
using model::Reconciliation;

const base::Timestamp kStart = base::Timestamp(std::chrono::hours(24 * 365 * 55));

base::Timestamp Hour(std::uint64_t hours) { return kStart + std::chrono::hours(hours); }

model::ContractFacts Facts(Reconciliation outcome, ClearedBy cleared_by = ClearedBy::kAny,
                           const std::string& period = "") {
  model::ContractFacts facts;
  model::ControlTotals& control = facts.control.emplace();
  control.outcome = outcome;
  control.cleared_by = cleared_by;
  control.period = period;
  if (outcome != Reconciliation::kNotTold) control.rows_told = 48;
  control.rows_arrived = control.rows_accepted = 44;
  control.named.resize(model::kMaxNamedMissing, {"visit", "key", 1, "not_a_date"});
  return facts;
}

class ContractHistoryTest : public ::testing::Test {
 protected:
  /// An accepted delivery, or a replay of one, each an hour after the one before it.
  model::Sequence Deliver(model::ContractFacts facts,
                          std::optional<model::Sequence> replay_of = std::nullopt,
                          const std::string& outcome = "accepted") {
    model::Delivery delivery;
    delivery.sequence = {++sequence_};
    delivery.source = "desk";
    delivery.received_at = Hour(sequence_);
    delivery.outcome = outcome;
    delivery.replay_of = replay_of;
    delivery.contract = std::move(facts);
    log_.AddDelivery(delivery, Hour(sequence_));
    return delivery.sequence;
  }
  ContractStanding Now() const { return log_.ContractAt("desk", Hour(sequence_)); }

  SourceLog log_;
  std::uint64_t sequence_ = 0;
};

TEST_F(ContractHistoryTest, KeepsWhatIsAlikeInARowOnce) {
  Deliver(Facts(Reconciliation::kNotTold));
  const auto not_told = Now().not_told;
  Deliver(Facts(Reconciliation::kNotTold));
  EXPECT_EQ(Now().not_told, not_told);
  model::ContractFacts drift;
  drift.drift = {model::Sequence{1}, {{model::ColumnChangeKind::kMissing, "fee", "", ""}}};
  Deliver(drift);
  const auto drifting = Now().drifting;
  ASSERT_TRUE(drifting);
  Deliver(drift);
  EXPECT_EQ(Now().drifting, drifting);
  drift.drift->changes[0].column = "number";
  Deliver(drift);
  EXPECT_NE(Now().drifting, drifting);
  EXPECT_EQ(Now().drifting_since, drifting->received_at);
}

TEST_F(ContractHistoryTest, KeepsNamesOfTheYoungestIncompleteDeliveryAlone) {
  Deliver(Facts(Reconciliation::kIncomplete));
  EXPECT_EQ(Now().incomplete->facts.control->named.size(), kNamedOfYoungest);
  Deliver(Facts(Reconciliation::kIncomplete));
  EXPECT_EQ(Now().incomplete->facts.control->named.size(), kNamedOfYoungest);
  const ContractStanding then = log_.ContractAt("desk", Hour(1));
  ASSERT_TRUE(then.incomplete);
  EXPECT_EQ(then.incomplete->delivery, model::Sequence{1});
  EXPECT_TRUE(then.incomplete->facts.control->named.empty());
}

TEST_F(ContractHistoryTest, CountsMoreThanItKeeps) {
  for (std::size_t i = 0; i < kMaxIncomplete + 5; ++i) Deliver(Facts(Reconciliation::kIncomplete));
  EXPECT_EQ(Now().incomplete_deliveries, kMaxIncomplete + 5);
  EXPECT_EQ(Now().incomplete_since, Hour(1));
  Deliver(Facts(Reconciliation::kComplete));
  EXPECT_FALSE(Now().incomplete);
  EXPECT_EQ(Now().incomplete_deliveries, 0U);
}

TEST_F(ContractHistoryTest, IsNotOpenedAgainByAReplayOfWhatWasMadeGood) {
  const auto incomplete = Deliver(Facts(Reconciliation::kIncomplete));
  Deliver(Facts(Reconciliation::kComplete));
  Deliver(Facts(Reconciliation::kIncomplete), incomplete);
  EXPECT_FALSE(Now().incomplete);
}

TEST_F(ContractHistoryTest, IsOpenedByAReplayThatFindsWhatWasNotSeenBefore) {
  const auto complete = Deliver(Facts(Reconciliation::kComplete));
  Deliver(Facts(Reconciliation::kIncomplete), complete);
  EXPECT_TRUE(Now().incomplete);
  Deliver(Facts(Reconciliation::kComplete), complete);
  EXPECT_FALSE(Now().incomplete);
}

TEST_F(ContractHistoryTest, IsClosedByAReplayThatTellsTheTotal) {
  const auto first = Deliver(Facts(Reconciliation::kNotTold));
  const auto last = Deliver(Facts(Reconciliation::kNotTold));
  Deliver(Facts(Reconciliation::kComplete), first);
  EXPECT_TRUE(Now().not_told);
  Deliver(Facts(Reconciliation::kNotTold), last);
  EXPECT_TRUE(Now().not_told);
  Deliver(Facts(Reconciliation::kComplete), last);
  EXPECT_FALSE(Now().not_told);
}

TEST_F(ContractHistoryTest, MakesNothingGoodByADeliveryThatWasRefused) {
  Deliver(Facts(Reconciliation::kIncomplete));
  Deliver(Facts(Reconciliation::kComplete), std::nullopt, "refused");
  EXPECT_TRUE(Now().incomplete);
}

TEST_F(ContractHistoryTest, ClearsByThePeriodOrTheReplayAsItWasDeclared) {
  Deliver(Facts(Reconciliation::kIncomplete, ClearedBy::kSamePeriod, "2025-09"));
  const auto by_replay = Deliver(Facts(Reconciliation::kIncomplete, ClearedBy::kReplay));
  Deliver(Facts(Reconciliation::kComplete, ClearedBy::kSamePeriod, "2025-10"));
  EXPECT_EQ(Now().incomplete_deliveries, 2U);
  Deliver(Facts(Reconciliation::kComplete, ClearedBy::kSamePeriod, "2025-09"));
  EXPECT_EQ(Now().incomplete_deliveries, 1U);
  Deliver(Facts(Reconciliation::kComplete, ClearedBy::kReplay), by_replay);
  EXPECT_EQ(Now().incomplete_deliveries, 0U);
}

}  // namespace
}  // namespace fansipan::indicators
