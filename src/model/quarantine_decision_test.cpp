#include "model/quarantine_decision.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

TEST(QuarantineVerdict, IsFoundByItsName) {
  for (const auto verdict : {QuarantineVerdict::kDiscarded, QuarantineVerdict::kAccepted,
                             QuarantineVerdict::kReopened}) {
    EXPECT_EQ(FindVerdict(NameOf(verdict)), verdict);
  }
  EXPECT_EQ(FindVerdict("Accepted"), std::nullopt);
  EXPECT_EQ(FindVerdict(""), std::nullopt);
}

TEST(AcceptedRows, FollowTheLastDecisionOfEachRow) {
  const auto decide = [](std::uint32_t row, QuarantineVerdict verdict) {
    return QuarantineDecision{{}, {Sequence{7}, "case", row}, verdict, "as agreed", "quanly", {}};
  };
  AcceptedByDelivery accepted;
  Note(decide(1, QuarantineVerdict::kAccepted), accepted);
  Note(decide(2, QuarantineVerdict::kAccepted), accepted);
  Note(decide(3, QuarantineVerdict::kDiscarded), accepted);
  Note(decide(1, QuarantineVerdict::kReopened), accepted);
  EXPECT_EQ(AcceptedOf(accepted, Sequence{7}), (AcceptedRows{{"case", 2}}));
  EXPECT_TRUE(AcceptedOf(accepted, Sequence{8}).empty());
  Note(decide(2, QuarantineVerdict::kDiscarded), accepted);
  EXPECT_TRUE(accepted.empty());
}

TEST(IsAcceptable, TakesBrokenChecksOfValuesAndNothingThatTheModelCannotHold) {
  EXPECT_TRUE(IsAcceptable("not_allowed"));
  EXPECT_TRUE(IsAcceptable("rule_broken"));
  for (const auto* reason : {"missing_key", "missing_value", "not_a_timestamp", "unknown_place",
                             "not_a_period", "conflict", "conflict_with_recorded", ""}) {
    EXPECT_FALSE(IsAcceptable(reason)) << reason;
  }
}

}  // namespace
}  // namespace fansipan::model
