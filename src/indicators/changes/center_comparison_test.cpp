#include "indicators/changes/center_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stop_token>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::PermitOffice;

constexpr std::uint64_t kIndicators = 8;
constexpr std::uint64_t kUnits = 3;
constexpr std::uint64_t kPeriods = 32;  // the days of March from the 1st to the 31st, and March

/// An office with one open permit of commune a, received on 11 March.
class CenterComparisonTest : public ::testing::Test {
 protected:
  CenterComparisonTest() {
    for (PermitOffice* office : {&before_, &after_}) {
      // Units in which no permit has a place.
      office->center().organisation = office->center().territory;
      office->Open();
      office->Deliver(At("2026-03-12 09:00"),
                      {{1, "a", "online", At("2026-03-11 09:00"), std::nullopt, std::nullopt}});
    }
    job_.before = &before_.engine();
    job_.after = &after_.engine();
    job_.at = At("2026-03-31 12:00");
  }

  CenterComparison Compare() {
    before_.engine().Advance(job_.at);
    after_.engine().Advance(job_.at);
    auto compared = CompareCenters(job_);
    EXPECT_TRUE(compared.ok()) << compared.error().message;
    return *std::move(compared);
  }

  PermitOffice before_;
  PermitOffice after_;
  CenterComparisonJob job_;
};

TEST_F(CenterComparisonTest, AsksTheRootAloneOfATreeInWhichRecordsHaveNoPlaces) {
  const CenterComparison compared = Compare();
  EXPECT_EQ(compared.compared, kIndicators * (kUnits + 1) * kPeriods);
  EXPECT_EQ(compared.changed, 0U);
  EXPECT_TRUE(compared.largest.empty());
}

TEST_F(CenterComparisonTest, TellsWhatDiffersInEachUnitAndPeriod) {
  after_.Deliver(At("2026-03-13 09:00"),
                 {{2, "a", "online", At("2026-03-11 09:00"), std::nullopt, std::nullopt}});
  const CenterComparison compared = Compare();
  EXPECT_EQ(compared.largest.size(), compared.changed);
  const auto found = std::ranges::find_if(compared.largest, [](const FigureDifference& one) {
    return one.name.indicator == "received_cases" && one.name.unit == "a" &&
           one.name.period == "2026-03-11";
  });
  ASSERT_NE(found, compared.largest.end());
  EXPECT_EQ(found->before.value, model::Decimal::FromInteger(1));
  EXPECT_EQ(found->after.value, model::Decimal::FromInteger(2));
  EXPECT_EQ(found->difference, model::Decimal::FromInteger(1));
  EXPECT_TRUE(std::ranges::none_of(
      compared.largest, [](const FigureDifference& one) { return one.name.unit == "b"; }));
}

TEST_F(CenterComparisonTest, CountsAllAndListsAsManyAsAsked) {
  after_.Deliver(At("2026-03-13 09:00"),
                 {{2, "a", "online", At("2026-03-11 09:00"), std::nullopt, std::nullopt}});
  job_.limit = 2;
  const CenterComparison compared = Compare();
  EXPECT_GT(compared.changed, 2U);
  EXPECT_EQ(compared.largest.size(), 2U);
}

TEST_F(CenterComparisonTest, EndsWhenNobodyWaits) {
  std::stop_source gone;
  gone.request_stop();
  job_.patience = base::Patience(base::Patience::Moment::max(), gone.get_token());
  const auto compared = CompareCenters(job_);
  ASSERT_FALSE(compared.ok());
  EXPECT_EQ(compared.error().reason, "given_up");
}

}  // namespace
}  // namespace fansipan::indicators
