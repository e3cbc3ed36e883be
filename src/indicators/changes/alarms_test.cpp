#include "indicators/changes/alarms.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::Permit;
using testing::PermitOffice;

/// The office with a panel of its on-time rate, and what a declaration says of alarms.
void Show(PermitOffice& office, const model::AlarmRules& rules) {
  center::Panel panel;
  panel.name = "permits";
  panel.items.push_back({"figure", "on_time_rate"});
  office.center().panels = {panel};
  for (auto& indicator : office.center().indicators) {
    if (indicator.name == "on_time_rate") indicator.alarms = rules;
  }
  office.Open();
}

Permit Finished(std::int64_t id, const std::string& commune, const std::string& due,
                std::int64_t revision = 1) {
  return {id, commune, "online", At("2026-03-02 09:00"), At(due), At("2026-03-05 09:00"), revision};
}

std::vector<Alarm> AlarmsOf(PermitOffice& office, const std::string& from, const std::string& to) {
  const auto open = [&office]() -> base::Result<std::shared_ptr<const Engine>> {
    return std::shared_ptr<const Engine>(std::shared_ptr<void>(), &office.engine());
  };
  const auto list = ReadAlarms({{base::Timestamp::min(), open}}, At(from), At(to));
  EXPECT_TRUE(list.ok()) << list.error().message;
  return list->alarms;
}

/// In `a` two in time, in `b` two late; then one of `a` turns out to have been late as well.
void DeliverTwice(PermitOffice& office) {
  office.Deliver(At("2026-03-06 09:00"),
                 {Finished(1, "a", "2026-03-06 00:00"), Finished(2, "a", "2026-03-06 00:00"),
                  Finished(3, "b", "2026-03-04 00:00"), Finished(4, "b", "2026-03-04 00:00")});
  office.Deliver(At("2026-03-07 09:00"), {Finished(1, "a", "2026-03-04 00:00", 2)});
  office.engine().Advance(At("2026-03-08 00:00"));
}

TEST(Alarms, TellWhatCrossedAThreshold) {
  PermitOffice office;
  Show(office, {});
  DeliverTwice(office);
  const auto alarms = AlarmsOf(office, "2026-03-06 10:00", "2026-03-07 10:00");
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, AlarmKind::kJudgement);
  EXPECT_EQ(alarms[0].name.unit, "a");
  EXPECT_EQ(alarms[0].name.period, "2026-03");
  EXPECT_EQ(alarms[0].before.judgement, model::Judgement::kGood);
  EXPECT_EQ(alarms[0].after.judgement, model::Judgement::kBad);
}

TEST(Alarms, TellOfWhatIsBadFromTheStart) {
  PermitOffice office;
  Show(office, {});
  DeliverTwice(office);
  const auto alarms = AlarmsOf(office, "2026-03-06 08:00", "2026-03-06 10:00");
  ASSERT_EQ(alarms.size(), 2U);  // the whole and `b`; that `a` is good is no alarm
  EXPECT_EQ(alarms[0].name.unit, "root");
  EXPECT_EQ(alarms[1].name.unit, "b");
}

TEST(Alarms, TellWhichCorrectionWasBeyondItsTolerance) {
  PermitOffice office;
  Show(office, {model::Decimal::FromInteger(30), 0});
  DeliverTwice(office);
  const auto alarms = AlarmsOf(office, "2026-03-06 10:00", "2026-03-07 10:00");
  ASSERT_EQ(alarms.size(), 2U);
  EXPECT_EQ(alarms[1].kind, AlarmKind::kCorrection);
  EXPECT_EQ(alarms[1].name.unit, "a");  // by 50; the whole moved by 25 only
  EXPECT_EQ(alarms[1].corrected, model::Decimal::FromInteger(-50));
}

TEST(Alarms, ReadWhatHappenedOnceForAllFiguresThatCorrectionsTouched) {
  PermitOffice office;
  Show(office, {model::Decimal::FromInteger(30), 0});
  DeliverTwice(office);
  office.Deliver(At("2026-03-07 09:30"), {Finished(3, "b", "2026-03-06 00:00", 2)});
  int opened = 0;
  const auto open = [&]() -> base::Result<std::shared_ptr<const Engine>> {
    ++opened;
    return std::shared_ptr<const Engine>(std::shared_ptr<void>(), &office.engine());
  };
  const auto list =
      ReadAlarms({{base::Timestamp::min(), open}}, At("2026-03-06 10:00"), At("2026-03-07 10:00"));
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(std::ranges::count(list->alarms, AlarmKind::kCorrection, &Alarm::kind), 2);
  // For both ends, to find what was touched, and once for the whole, `a` and `b`.
  EXPECT_EQ(opened, 4);
}

TEST(Alarms, TellWhichRankMoved) {
  PermitOffice office;
  Show(office, {std::nullopt, 1});
  DeliverTwice(office);
  office.Deliver(At("2026-03-09 09:00"), {Finished(3, "b", "2026-03-06 00:00", 2),
                                          Finished(4, "b", "2026-03-06 00:00", 2)});
  const auto alarms = AlarmsOf(office, "2026-03-08 00:00", "2026-03-09 10:00");
  ASSERT_EQ(alarms.size(), 3U);
  EXPECT_EQ(alarms[0].kind, AlarmKind::kJudgement);
  EXPECT_EQ(alarms[1].kind, AlarmKind::kRank);
  EXPECT_EQ(alarms[1].name.unit, "a");
  EXPECT_EQ(alarms[1].rank_before, 1);
  EXPECT_EQ(alarms[1].rank_after, 2);
  EXPECT_EQ(alarms[1].ranked, 2);
  EXPECT_EQ(alarms[2].name.unit, "b");
}

}  // namespace
}  // namespace fansipan::indicators
