#include "indicators/figures.h"

#include <gtest/gtest.h>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::Permit;
using testing::PermitOffice;

model::Decimal Number(std::int64_t number) { return model::Decimal::FromInteger(number); }

/// Four permits of March, three of them finished, one of these late.
void DeliverMarch(PermitOffice& office) {
  office.Open();
  const auto due = At("2026-03-10 00:00");
  office.Deliver(At("2026-03-12 09:00"),
                 {{1, "a", "online", At("2026-03-02 09:00"), due, At("2026-03-05 09:00")},
                  {2, "a", "online", At("2026-03-02 09:00"), due, At("2026-03-09 09:00")},
                  {3, "b", "counter", At("2026-03-03 09:00"), due, At("2026-03-11 09:00")},
                  {4, "", "counter", At("2026-03-04 09:00"), due, std::nullopt}});
}

TEST(Figure, SaysItsValuePartsAndRecords) {
  PermitOffice office;
  DeliverMarch(office);
  const model::Figure figure = office.Figure("on_time_rate", "2026-03");
  ASSERT_TRUE(figure.value);
  EXPECT_EQ(figure.value->ToText(), "66.666666666667");
  ASSERT_EQ(figure.parts.size(), 2U);
  EXPECT_EQ(figure.parts[0].name, "on_time");
  EXPECT_EQ(figure.parts[0].value, Number(2));
  EXPECT_EQ(figure.parts[1].records, 3U);
  EXPECT_EQ(figure.records, 5U);
  EXPECT_EQ(figure.deliveries, 1U);
  EXPECT_EQ(figure.sources, std::vector<std::string>{"office"});
  EXPECT_EQ(figure.snapshot.sequence.value, 5U);
  EXPECT_EQ(figure.received_at, At("2026-03-12 09:00"));
}

TEST(Figure, RollsUpToTheRootWithRecordsThatHaveNoPlace) {
  PermitOffice office;
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("received_cases", "2026-03").value, Number(4));
  EXPECT_EQ(office.Figure("received_cases", "2026-03", "a").value, Number(2));
  EXPECT_EQ(office.Figure("received_cases", "2026-Q1", "b").value, Number(1));
  EXPECT_EQ(office.Figure("received_cases", "2026-03-03").value, Number(1));
}

TEST(Judgement, FollowsTheThresholds) {
  PermitOffice office;
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("on_time_rate", "2026-03").judgement, model::Judgement::kBad);
  EXPECT_EQ(office.Figure("on_time_rate", "2026-03", "a").judgement, model::Judgement::kGood);
}

TEST(Judgement, IsWithheldWithTheReason) {
  PermitOffice office;
  DeliverMarch(office);
  const auto few = office.Figure("on_time_rate", "2026-03", "b");
  EXPECT_EQ(few.judgement, model::Judgement::kNotJudged);
  EXPECT_EQ(few.not_judged_reason, "too_few_cases");
  EXPECT_EQ(office.Figure("received_cases", "2026-03").not_judged_reason, "no_threshold");
  EXPECT_EQ(office.Figure("on_time_rate", "2026-01").not_judged_reason, "no_value");
}

TEST(Figure, WithoutValueSaysWhy) {
  PermitOffice office;
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("on_time_rate", "2026-01").no_value_reason, "division_by_zero");
  EXPECT_EQ(office.Figure("received_cases", "2026-04").no_value_reason, "period_ahead");
  EXPECT_EQ(office.Figure("received_cases", "2026-03-02T09").no_value_reason,
            "finer_than_recorded");
  EXPECT_EQ(office.Figure("to_target", "2026-03").no_value_reason, "no_target");
}

TEST(OverdueCount, RisesWhenTheDeadlinePassesWithoutNewData) {
  PermitOffice office;
  office.Open();
  office.Deliver(At("2026-03-02 12:00"), {{1, "a", "online", At("2026-03-02 09:00"),
                                           At("2026-03-04 17:00"), std::nullopt}});
  office.engine().Advance(At("2026-03-04 16:59"));
  EXPECT_EQ(office.Figure("overdue_cases", "2026-03-04").value, Number(0));
  office.engine().Advance(At("2026-03-04 17:00"));
  EXPECT_EQ(office.Figure("overdue_cases", "2026-03-04").value, Number(1));
  EXPECT_EQ(office.Figure("overdue_cases", "2026-03-04", "root", At("2026-03-04 16:59")).value,
            Number(0));
}

TEST(Stock, OfAPastPeriodIsItsLast) {
  PermitOffice office;
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("open_cases", "2026-03-02").value, Number(2));
  EXPECT_EQ(office.Figure("open_cases", "2026-03-04").value, Number(4));
  EXPECT_EQ(office.Figure("open_cases", "2026-03-09").value, Number(2));
  EXPECT_EQ(office.Figure("open_cases", "2026-03").value, Number(1));
}

TEST(Correction, MovesTheFigureAndThePastKeepsWhatWasKnown) {
  PermitOffice office;
  DeliverMarch(office);
  Permit corrected{
      4, "b", "counter", At("2026-03-04 09:00"), At("2026-03-10 00:00"), At("2026-03-08 09:00"), 2};
  office.Deliver(At("2026-03-13 09:00"), {corrected});
  EXPECT_EQ(office.Figure("open_cases", "2026-03").value, Number(0));
  EXPECT_EQ(office.Figure("received_cases", "2026-03", "b").value, Number(2));
  EXPECT_EQ(office.Figure("open_cases", "2026-03", "root", At("2026-03-12 10:00")).value,
            Number(1));
}

TEST(OldRevision, ThatComesLateChangesNothing) {
  PermitOffice office;
  DeliverMarch(office);
  Permit old{1, "b", "post", At("2026-03-01 09:00"), std::nullopt, std::nullopt, 0};
  office.Deliver(At("2026-03-13 09:00"), {old});
  EXPECT_EQ(office.Figure("received_cases", "2026-03", "a").value, Number(2));
  EXPECT_EQ(office.Figure("received_cases", "2026-03-01").value, Number(0));
}

TEST(FormulaFunctions, LookAtOtherPeriods) {
  PermitOffice office;
  office.Open();
  office.Deliver(At("2026-03-12 09:00"), {{1, "a", "online", At("2025-03-02 09:00"), {}, {}},
                                          {2, "a", "online", At("2026-01-02 09:00"), {}, {}},
                                          {3, "a", "online", At("2026-02-02 09:00"), {}, {}},
                                          {4, "a", "online", At("2026-03-02 09:00"), {}, {}},
                                          {5, "a", "online", At("2026-03-03 09:00"), {}, {}}});
  EXPECT_EQ(office.Figure("growth", "2026-03").value, Number(1));
  EXPECT_EQ(office.Figure("year_before", "2026-03").value, Number(1));
  EXPECT_EQ(office.Figure("so_far", "2026-03").value, Number(4));
}

/// One permit on each side of every boundary that the tests below ask about.
void DeliverAroundThe15th(PermitOffice& office) {
  office.Open();
  const auto permit = [](std::int64_t id, std::string_view received) {
    return Permit{id, "a", "online", At(received), {}, {}};
  };
  office.Deliver(
      At("2026-06-20 09:00"),
      {permit(1, "2025-05-20 09:00"), permit(2, "2025-12-14 23:59"), permit(3, "2025-12-15 00:00"),
       permit(4, "2026-05-14 23:59"), permit(5, "2026-05-15 00:00"), permit(6, "2026-06-14 23:59"),
       permit(7, "2026-06-15 00:00"), permit(8, "2026-06-16 09:00")});
}

TEST(Figure, OfTwoRegimesIsEachItsOwn) {
  PermitOffice office;
  DeliverAroundThe15th(office);
  EXPECT_EQ(office.Figure("received_cases", "2026-06").value, Number(3));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-06").value, Number(2));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-07").value, Number(2));
  EXPECT_EQ(office.Figure("received_cases", "2026").value, Number(5));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026").value, Number(6));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-9M").value, Number(6));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2025").value, Number(2));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-Q2").value, Number(3));
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-08").no_value_reason, "period_ahead");
}

TEST(FormulaFunctions, LookAtOtherPeriodsOfTheSameRegime) {
  PermitOffice office;
  DeliverAroundThe15th(office);
  EXPECT_EQ(office.Figure("growth", "reporting:2026-06").value, Number(2 - 1));
  EXPECT_EQ(office.Figure("growth", "reporting:2026").value, Number(6 - 2));
  EXPECT_EQ(office.Figure("year_before", "reporting:2026-06").value, Number(1));
  EXPECT_EQ(office.Figure("year_before", "reporting:2026-9M").value, Number(1));
  EXPECT_EQ(office.Figure("so_far", "reporting:2026-06").value, Number(4));
  EXPECT_EQ(office.Figure("so_far", "reporting:2026-Q2").value, Number(4));
}

TEST(FormulaFunctions, CompareWhatIsCumulatedWithWhatWasCumulatedBefore) {
  PermitOffice office;
  model::Expression cumulative;
  cumulative.kind = model::Expression::Kind::kCall;
  cumulative.name = "cumulative";
  cumulative.operands.emplace_back();
  cumulative.operands[0].kind = model::Expression::Kind::kName;
  cumulative.operands[0].name = "growth";
  auto indicator = office.center().indicators[1];
  indicator.name = "growth_so_far";
  indicator.formula = cumulative;
  office.center().indicators.push_back(indicator);
  DeliverAroundThe15th(office);
  // Four from December to June, two of them until May.
  EXPECT_EQ(office.Figure("growth_so_far", "reporting:2026-06").value, Number(4 - 2));
}

TEST(Target, OfAPeriodOfAnotherRegimeIsItsAlone) {
  PermitOffice office;
  office.center().indicators[1].targets = {{Number(9), "", "reporting:2026-06", {}}};
  DeliverAroundThe15th(office);
  EXPECT_EQ(office.Figure("received_cases", "reporting:2026-06").target, Number(9));
  EXPECT_FALSE(office.Figure("received_cases", "2026-06").target.has_value());
}

TEST(Target, NamedForUnitAndPeriodGoesBeforeTheGeneralOne) {
  PermitOffice office;
  auto& indicator = office.center().indicators[1];
  indicator.targets = {
      {Number(10), "", "", {}}, {Number(7), "a", "", {}}, {Number(5), "a", "2026-03", {}}};
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("received_cases", "2026-03").target, Number(10));
  EXPECT_EQ(office.Figure("received_cases", "2026-02", "a").target, Number(7));
  EXPECT_EQ(office.Figure("received_cases", "2026-03", "a").target, Number(5));
  EXPECT_EQ(office.Figure("to_target", "2026-03", "a").value, Number(3));
}

TEST(Target, DecidedLaterHoldsFromItsDayOn) {
  PermitOffice office;
  auto& indicator = office.center().indicators[1];
  const model::Date later = std::chrono::sys_days(std::chrono::year(2026) / 3 / 20);
  indicator.targets = {{Number(10), "", "2026-03", {}, std::nullopt},
                       {Number(12), "", "2026-03", {}, later}};
  DeliverMarch(office);
  EXPECT_EQ(office.Figure("received_cases", "2026-03").target, Number(10));
  office.engine().Advance(At("2026-03-20 08:00"));
  EXPECT_EQ(office.Figure("received_cases", "2026-03").target, Number(12));
}

TEST(Pace, IsThatOfTheMomentTheFigureIsOf) {
  PermitOffice office;
  model::WorkingCalendar week;
  for (std::size_t day = 0; day < 5; ++day) week.week[day] = {{8 * 60, 17 * 60}};
  office.center().calendars.emplace(
      "office",
      center::Calendar{{}, model::WorkingTimetable(week, office.center().time_zone), "", 1});
  auto& indicator = office.center().indicators[1];
  indicator.pace = model::PaceRule{"office"};
  DeliverMarch(office);
  EXPECT_FALSE(office.Figure("received_cases", "2026-03").pace);
  indicator.targets = {{Number(34), "", "2026-03", {}, std::nullopt}};
  // Thursday 12 March 2026: 8 of 22 working days are gone, this one and 13 more are left.
  const auto pace = office.Figure("received_cases", "2026-03").pace;
  ASSERT_TRUE(pace);
  EXPECT_EQ(pace->working_days, 22);
  EXPECT_EQ(pace->working_days_left, 14);
  EXPECT_EQ(pace->remaining, Number(30));
  EXPECT_FALSE(office.Figure("on_time_rate", "2026-03").pace);
}

TEST(SilentSource, IsMarkedAndTheJudgementStays) {
  PermitOffice office;
  DeliverMarch(office);
  EXPECT_TRUE(office.Figure("on_time_rate", "2026-03").trust.empty());
  office.engine().Advance(At("2026-03-12 10:30"));
  EXPECT_EQ(office.Figure("on_time_rate", "2026-03").trust,
            std::set<model::TrustMark>{model::TrustMark::kLate});
  office.engine().Advance(At("2026-03-12 13:30"));
  const model::Figure silent = office.Figure("on_time_rate", "2026-03");
  EXPECT_TRUE(silent.trust.contains(model::TrustMark::kSilent));
  EXPECT_EQ(silent.judgement, model::Judgement::kBad);
}

TEST(Heartbeat, KeepsASourceLiveThatHasNothingNew) {
  PermitOffice office;
  DeliverMarch(office);
  office.Heartbeat(At("2026-03-12 13:30"));
  EXPECT_TRUE(office.Figure("on_time_rate", "2026-03").trust.empty());
}

TEST(Freshness, CountsWorkingTimeOnly) {
  PermitOffice office;
  model::WorkingCalendar hours{"office", {}};
  for (auto& day : hours.week) day = {{8 * 60, 10 * 60}};
  office.center().calendars.emplace(
      "office",
      center::Calendar{.timetable = model::WorkingTimetable(hours, office.center().time_zone)});
  office.center().sources[0].working_calendar = "office";
  DeliverMarch(office);
  office.engine().Advance(At("2026-03-13 07:00"));
  EXPECT_TRUE(office.Figure("on_time_rate", "2026-03").trust.empty());
  EXPECT_EQ(office.Figure("on_time_rate", "2026-03").age, std::chrono::hours(1));
}

TEST(Source, ThatNeverDeliveredMakesFiguresSilent) {
  PermitOffice office;
  office.center().sources[0].simulated = true;
  office.Open();
  office.engine().Advance(At("2026-03-12 09:00"));
  const auto trust = office.Figure("received_cases", "2026-03").trust;
  EXPECT_TRUE(trust.contains(model::TrustMark::kSilent));
  EXPECT_TRUE(trust.contains(model::TrustMark::kSimulated));
}

TEST(Breakdown, AddsUpToTheWhole) {
  PermitOffice office;
  DeliverMarch(office);
  const auto read = office.engine().Read(std::nullopt, [&](const View& view) {
    const auto key = office.Key("received_cases", "2026-03");
    const auto values = DimensionValues(view, key, "channel");
    ASSERT_TRUE(values.ok());
    EXPECT_EQ(*values, (std::vector<std::string>{"counter", "online"}));
    EXPECT_EQ(ReadFigure(view, key, DimensionFilter{"channel", "online"}).value, Number(2));
    EXPECT_EQ(DimensionValues(view, key, "commune").error().reason, "unknown_dimension");
  });
  EXPECT_TRUE(read.ok());
}

TEST(Changes, ByCauseAddUpToTheDifference) {
  PermitOffice office;
  DeliverMarch(office);
  office.Deliver(At("2026-03-13 09:00"), {{1, "a", "online", At("2026-02-02 09:00"), {}, {}, 2},
                                          {9, "a", "online", At("2026-03-13 08:00"), {}, {}},
                                          {10, "a", "online", At("2026-03-02 08:00"), {}, {}}});
  ChangesQuestion question;
  const auto read = office.engine().Read(std::nullopt, [&](const View& view) {
    question = AskChanges(view, {*view.plan->FindMeasure("received")},
                          office.Key("received_cases", "2026-03"), At("2026-03-12 10:00"));
  });
  ASSERT_TRUE(read.ok());
  const auto changes = ReadChanges(question);
  ASSERT_TRUE(changes.ok());
  std::map<Cause, std::int64_t> records;
  for (const auto& change : changes->at(0)) records[change.cause] = change.records;
  EXPECT_EQ(records[Cause::kCorrected], -1);
  EXPECT_EQ(records[Cause::kNew], 1);
  EXPECT_EQ(records[Cause::kLate], 1);
  EXPECT_EQ(office.Figure("received_cases", "2026-03").value, Number(5));
}

TEST(PlaceCode, FromBeforeItsUnitWasFoundedIsNotLost) {
  PermitOffice office;
  office.Open();
  office.Deliver(At("2026-03-12 09:00"), {{1, "a", "online", At("2020-01-02 09:00"), {}, {}}});
  EXPECT_EQ(office.Figure("received_cases", "2020", "a").value, Number(1));
}

TEST(ReadingApart, HoldsNothingUpAndSeesNothingOfIt) {
  PermitOffice office;
  office.Open();
  office.Deliver(At("2026-03-02 10:00"), {{1, "a", "online", At("2026-03-02 09:00"), {}, {}}});
  const model::FigureKey key = office.Key("received_cases", "2026-03");
  const auto read = office.engine().ReadApart(std::nullopt, [&](const View& view) {
    // Would wait for ever if the reader kept the writer waiting.
    office.Deliver(At("2026-03-02 11:00"), {{2, "a", "online", At("2026-03-02 09:00"), {}, {}}});
    EXPECT_EQ(ReadFigure(view, key).value, model::Decimal::FromInteger(1));
    EXPECT_EQ(view.snapshot.tick, At("2026-03-02 10:00"));
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(office.Figure("received_cases", "2026-03").value, model::Decimal::FromInteger(2));
}

}  // namespace
}  // namespace fansipan::indicators
