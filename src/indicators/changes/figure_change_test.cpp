#include "indicators/changes/figure_change.h"

#include <gtest/gtest.h>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::Permit;
using testing::PermitOffice;

model::Decimal Number(std::int64_t number) { return model::Decimal::FromInteger(number); }

/// The office's engine, which must outlive it.
Era EraOf(const PermitOffice& office, base::Timestamp from) {
  auto& engine = const_cast<PermitOffice&>(office).engine();
  return {from,
          [engine = std::shared_ptr<const Engine>(std::shared_ptr<void>(), &engine)]()
              -> base::Result<std::shared_ptr<const Engine>> { return engine; }};
}

FigureChange Change(const PermitOffice& office, const std::string& indicator,
                    const std::string& from, const std::string& to) {
  auto change = ReadFigureChange({EraOf(office, base::Timestamp::min())},
                                 {indicator, model::TreeKind::kTerritory, "root", "2026-03"},
                                 At(from), At(to));
  EXPECT_TRUE(change.ok()) << change.error().message;
  return *std::move(change);
}

/// On 12 March: one finished in time, one late, two open, of which one falls due on the 20th.
void DeliverMarch(PermitOffice& office) {
  office.Open();
  const auto due = At("2026-03-10 00:00");
  office.Deliver(At("2026-03-12 09:00"),
                 {{1, "a", "online", At("2026-03-02 09:00"), due, At("2026-03-05 09:00")},
                  {2, "a", "online", At("2026-03-02 09:00"), due, At("2026-03-11 09:00")},
                  {3, "b", "counter", At("2026-03-11 09:00"), At("2026-03-20 00:00"), std::nullopt},
                  {4, "b", "counter", At("2026-03-11 09:00"), std::nullopt, std::nullopt}});
}

TEST(FigureChange, SplitsACountByCause) {
  PermitOffice office;
  DeliverMarch(office);
  office.Deliver(At("2026-03-13 09:00"),
                 {{5, "a", "online", At("2026-03-13 08:00"), std::nullopt, std::nullopt},
                  {6, "a", "online", At("2026-03-01 08:00"), std::nullopt, std::nullopt},
                  {7, "a", "online", At("2026-03-02 08:00"), std::nullopt, std::nullopt},
                  {4, "b", "counter", At("2026-02-11 09:00"), std::nullopt, std::nullopt, 2}});
  const auto change = Change(office, "received_cases", "2026-03-12 10:00", "2026-03-13 10:00");
  EXPECT_EQ(change.before.value, Number(4));
  EXPECT_EQ(change.after.value, Number(6));
  EXPECT_EQ(change.difference, Number(2));
  ASSERT_EQ(change.steps.size(), 3U);
  EXPECT_EQ(change.steps[0].causes, std::vector{Cause::kNew});
  EXPECT_EQ(change.steps[0].difference, Number(1));
  EXPECT_EQ(change.steps[1].causes, std::vector{Cause::kLate});
  EXPECT_EQ(change.steps[1].difference, Number(2));
  EXPECT_EQ(change.steps[2].causes, std::vector{Cause::kCorrected});
  EXPECT_EQ(change.steps[2].difference, Number(-1));
}

TEST(FigureChange, OfARateAddsUpAndNamesTheParts) {
  PermitOffice office;
  DeliverMarch(office);
  const auto due = At("2026-03-20 00:00");
  office.Deliver(At("2026-03-13 09:00"),
                 {{8, "a", "online", At("2026-03-12 08:00"), due, At("2026-03-13 08:00")},
                  {2, "a", "online", At("2026-03-02 09:00"), due, At("2026-03-11 09:00"), 2}});
  const auto change = Change(office, "on_time_rate", "2026-03-12 10:00", "2026-03-13 10:00");
  EXPECT_EQ(change.before.value, Number(50));
  EXPECT_EQ(change.after.value, Number(100));
  ASSERT_EQ(change.steps.size(), 2U);
  EXPECT_EQ(change.steps[0].difference->ToText(), "16.666666666667");
  EXPECT_EQ(change.steps[1].difference->ToText(), "33.333333333333");
  EXPECT_EQ(change.steps[1].before.parts[0].value, Number(2));
  EXPECT_EQ(change.steps[1].after.parts[0].value, Number(3));
  EXPECT_EQ(change.steps[1].before.judgement, model::Judgement::kBad);
  EXPECT_EQ(change.steps[1].after.judgement, model::Judgement::kGood);
}

TEST(FigureChange, OfTheClockNeedsNoData) {
  PermitOffice office;
  DeliverMarch(office);
  office.engine().Advance(At("2026-03-21 00:00"));
  const auto change = Change(office, "overdue_cases", "2026-03-13 00:00", "2026-03-20 12:00");
  EXPECT_EQ(change.difference, Number(1));
  ASSERT_EQ(change.steps.size(), 1U);
  EXPECT_EQ(change.steps[0].causes, std::vector{Cause::kClock});
}

TEST(FigureChange, JoinsCausesBetweenWhichThereIsNoValue) {
  PermitOffice office;
  DeliverMarch(office);
  // Both finished permits turn out to be of February; another one of March had been finished late.
  const auto of_february = At("2026-02-05 09:00");
  office.Deliver(At("2026-03-13 09:00"),
                 {{1, "a", "online", At("2026-02-02 09:00"), of_february, of_february, 2},
                  {2, "a", "online", At("2026-02-02 09:00"), of_february, of_february, 2}});
  office.Deliver(At("2026-03-14 09:00"), {{3, "b", "counter", At("2026-03-11 09:00"),
                                           At("2026-03-12 00:00"), At("2026-03-13 09:00"), 2}});
  const auto whole = Change(office, "on_time_rate", "2026-03-12 10:00", "2026-03-14 10:00");
  EXPECT_EQ(whole.difference, Number(-50));
  const auto gone = Change(office, "on_time_rate", "2026-03-12 10:00", "2026-03-13 10:00");
  EXPECT_FALSE(gone.difference);
  EXPECT_EQ(gone.after.no_value_reason, "division_by_zero");
  ASSERT_EQ(gone.steps.size(), 1U);
  EXPECT_FALSE(gone.steps[0].difference);
}

TEST(FigureChange, NamesATargetThatCameIntoForce) {
  PermitOffice office;
  for (auto& indicator : office.center().indicators) {
    if (indicator.name != "received_cases") continue;
    indicator.targets = {{Number(10), "", "", {}, std::nullopt},
                         {Number(12), "", "", {}, model::Date(std::chrono::days(20'532))}};
    model::SortTargets(indicator.targets);
  }
  DeliverMarch(office);
  office.engine().Advance(At("2026-03-31 00:00"));
  const auto change = Change(office, "to_target", "2026-03-12 10:00", "2026-03-30 00:00");
  ASSERT_EQ(change.steps.size(), 1U);
  EXPECT_EQ(change.steps[0].causes, std::vector{Cause::kTargeted});
  EXPECT_EQ(change.steps[0].aspects, std::vector{Aspect::kDecided});
  EXPECT_EQ(change.steps[0].difference, Number(2));
}

/// The same journal under rules that hold from 13 March on.
struct Redefined {
  explicit Redefined(const PermitOffice& office) : center(*office.shared_center()) {}
  std::vector<Era> Eras(PermitOffice& office) {
    center.revision = "office-2";
    const auto next = std::make_shared<const center::Center>(center);
    const auto open = [next, &office]() -> base::Result<std::shared_ptr<const Engine>> {
      FANSIPAN_ASSIGN_OR_RETURN(auto engine, Engine::Restore(next, office.journal(), {}));
      engine->Advance(At("2026-03-15 00:00"));
      return std::shared_ptr<const Engine>(std::move(engine));
    };
    return {EraOf(office, base::Timestamp::min()), {At("2026-03-13 00:00"), open}};
  }
  model::Indicator& Find(const std::string& name) {
    for (auto& indicator : center.indicators) {
      if (indicator.name == name) return indicator;
    }
    return center.indicators.front();
  }
  center::Center center;
};

FigureChange ChangeOver(const std::vector<Era>& eras, const std::string& indicator) {
  auto change = ReadFigureChange(eras, {indicator, model::TreeKind::kTerritory, "root", "2026-03"},
                                 At("2026-03-12 10:00"), At("2026-03-14 00:00"));
  EXPECT_TRUE(change.ok()) << change.error().message;
  return *std::move(change);
}

TEST(FigureChange, TellsARedefinedMeasureFromAFormulaAndAThreshold) {
  PermitOffice office;
  DeliverMarch(office);
  office.engine().Advance(At("2026-03-15 00:00"));
  Redefined next{office};
  next.center.measures[2].condition.reset();  // everything counts as on time
  next.Find("on_time_rate").formula.operands[0].operands[0].literal = std::int64_t{200};
  next.Find("on_time_rate").thresholds->good = Number(300);
  const auto change = ChangeOver(next.Eras(office), "on_time_rate");
  EXPECT_EQ(change.from_revision, "office-1");
  EXPECT_EQ(change.to_revision, "office-2");
  EXPECT_EQ(change.difference, Number(150));
  ASSERT_EQ(change.steps.size(), 3U);
  EXPECT_EQ(change.steps[0].aspects, std::vector{Aspect::kMeasure});
  EXPECT_EQ(change.steps[0].difference, Number(50));
  EXPECT_EQ(change.steps[1].aspects, std::vector{Aspect::kFormula});
  EXPECT_EQ(change.steps[1].difference, Number(100));
  EXPECT_EQ(change.steps[2].aspects, std::vector{Aspect::kThresholds});
  EXPECT_EQ(change.steps[2].difference, Number(0));
  EXPECT_EQ(change.steps[2].after.judgement, model::Judgement::kWatch);
}

TEST(FigureChange, TellsOfAnIndicatorThatWasNotThere) {
  PermitOffice office;
  DeliverMarch(office);
  office.engine().Advance(At("2026-03-15 00:00"));
  Redefined next{office};
  model::Indicator added = next.Find("open_cases");
  added.name = "still_open";
  next.center.indicators.push_back(added);
  const auto change = ChangeOver(next.Eras(office), "still_open");
  EXPECT_EQ(change.before.no_value_reason, "unknown_indicator");
  EXPECT_EQ(change.after.value, Number(2));
  EXPECT_FALSE(change.difference);
  ASSERT_EQ(change.steps.size(), 1U);
  EXPECT_EQ(change.steps[0].aspects, std::vector{Aspect::kFormula});
}

TEST(FigureChange, IsToldForwardInTime) {
  PermitOffice office;
  DeliverMarch(office);
  const auto change = ReadFigureChange({EraOf(office, base::Timestamp::min())},
                                       {"open_cases", model::TreeKind::kTerritory, "root", "2026"},
                                       At("2026-03-13 00:00"), At("2026-03-12 00:00"));
  ASSERT_FALSE(change.ok());
  EXPECT_EQ(change.error().reason, "moments_reversed");
}

}  // namespace
}  // namespace fansipan::indicators
