#include "indicators/health/source_standing.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "center/source_contract.h"
#include "indicators/health/contract_standing.h"
#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using store::SourceCondition;
using testing::At;
using testing::PermitOffice;

/// An office's hours from Monday to Friday, 07:30 to 11:30 and 13:30 to 17:00, with one holiday on
/// Wednesday 11 March 2026. Time is UTC.
model::WorkingCalendar OfficeHours() {
  model::WorkingCalendar calendar{"office", {}};
  for (std::size_t day = 0; day < 5; ++day) {
    calendar.week[day] = {{7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
  }
  calendar.years[2026] = {};
  calendar.days[std::chrono::floor<std::chrono::days>(At("2026-03-11 00:00"))] = {};
  return calendar;
}

testing::Permit PermitOf(std::int64_t id, const char* received) {
  testing::Permit permit;
  permit.id = id;
  permit.received = At(received);
  return permit;
}

class SourceStandingTest : public ::testing::Test {
 protected:
  void KeepOfficeHours() {
    office_.center().calendars.emplace(
        "office", center::Calendar{.timetable = model::WorkingTimetable(
                                       OfficeHours(), office_.center().time_zone)});
    source().working_calendar = "office";
  }
  center::Source& source() { return office_.center().sources[0]; }
  SourceStanding StandingAt(const char* moment) {
    office_.engine().Advance(At(moment));
    SourceStanding standing;
    const auto read = office_.engine().Read(
        At(moment), [&](const View& view) { standing = StandingOf(view, source()); });
    EXPECT_TRUE(read.ok());
    return standing;
  }
  std::set<model::TrustMark> Marks() { return office_.Figure("received_cases", "2026-03").trust; }

  PermitOffice office_;
};

TEST_F(SourceStandingTest, AWeekWithAHolidayGivesNoFalseSilence) {
  KeepOfficeHours();
  source().silent_after = 5h;
  office_.Open();
  office_.Heartbeat(At("2026-03-09 14:30"));
  for (const char* moment : {"2026-03-10 09:00", "2026-03-10 14:30", "2026-03-12 09:00",
                             "2026-03-12 14:30", "2026-03-13 09:00", "2026-03-13 14:30"}) {
    EXPECT_EQ(StandingAt(moment).state, SourceState::kLive) << moment;
    office_.Heartbeat(At(moment));
  }
  EXPECT_EQ(StandingAt("2026-03-15 23:00").state, SourceState::kLive);
  EXPECT_EQ(StandingAt("2026-03-16 09:30").state, SourceState::kLive);
  const SourceStanding monday = StandingAt("2026-03-16 10:30");
  EXPECT_EQ(monday.state, SourceState::kSilent);
  EXPECT_EQ(monday.since, At("2026-03-16 10:00"));
}

TEST_F(SourceStandingTest, ACutAtTwoInTheNightIsSeenAtOnceWhereEveryMomentCounts) {
  source().silent_after = 30min;
  office_.Open();
  office_.Heartbeat(At("2026-03-10 01:59"));
  EXPECT_EQ(StandingAt("2026-03-10 02:29").state, SourceState::kLive);
  const SourceStanding cut = StandingAt("2026-03-10 02:30");
  EXPECT_EQ(cut.state, SourceState::kSilent);
  EXPECT_EQ(cut.since, At("2026-03-10 02:29"));
  EXPECT_EQ(cut.answer, SourceAnswer::kNone);
}

TEST_F(SourceStandingTest, ACutAtTwoInTheNightIsSeenWhenAnOfficeOpens) {
  KeepOfficeHours();
  source().silent_after = 30min;
  office_.Open();
  office_.Heartbeat(At("2026-03-10 01:59"));
  EXPECT_EQ(StandingAt("2026-03-10 07:30").state, SourceState::kLive);
  EXPECT_EQ(StandingAt("2026-03-10 07:30").expected_by, At("2026-03-10 08:00"));
  EXPECT_EQ(StandingAt("2026-03-10 08:01").state, SourceState::kSilent);
}

TEST_F(SourceStandingTest, NothingNewIsAnAnswer) {
  office_.Open();
  EXPECT_EQ(StandingAt("2026-03-12 08:00").answer, SourceAnswer::kNone);
  office_.Deliver(At("2026-03-12 09:00"), {PermitOf(1, "2026-03-12 08:30")});
  EXPECT_EQ(StandingAt("2026-03-12 09:30").answer, SourceAnswer::kDelivery);
  office_.Heartbeat(At("2026-03-12 10:00"));
  const SourceStanding standing = StandingAt("2026-03-12 10:30");
  EXPECT_EQ(standing.answer, SourceAnswer::kNothingNew);
  EXPECT_EQ(standing.facts.received_at, At("2026-03-12 09:00"));
  EXPECT_EQ(standing.expected_by, At("2026-03-12 14:00"));
  EXPECT_EQ(StandingAt("2026-03-12 15:00").answer, SourceAnswer::kNone);
}

TEST_F(SourceStandingTest, AFailureReachesEveryFigureUntilItAnswersAgain) {
  office_.Open();
  office_.Deliver(At("2026-03-12 09:00"), {PermitOf(1, "2026-03-12 08:30")});
  office_.Note(At("2026-03-12 09:30"), SourceCondition::kFailing, true, "no_connection");
  office_.Note(At("2026-03-12 09:40"), SourceCondition::kFailing, true, "http_status");
  const SourceStanding failing = StandingAt("2026-03-12 10:00");
  EXPECT_EQ(failing.state, SourceState::kFailing);
  EXPECT_EQ(failing.since, At("2026-03-12 09:30"));
  EXPECT_EQ(failing.trouble()->reason, "http_status");
  EXPECT_EQ(Marks(), std::set{model::TrustMark::kFailing});
  EXPECT_EQ(StandingAt("2026-03-12 14:00").state, SourceState::kSilent);
  EXPECT_EQ(Marks(), (std::set{model::TrustMark::kSilent, model::TrustMark::kFailing}));
  office_.Note(At("2026-03-12 14:10"), SourceCondition::kFailing, false);
  office_.Heartbeat(At("2026-03-12 14:10"));
  EXPECT_EQ(StandingAt("2026-03-12 14:20").state, SourceState::kLive);
  EXPECT_TRUE(Marks().empty());
}

TEST_F(SourceStandingTest, ARefusedDeliveryIsAFailureUntilOneIsTaken) {
  office_.Open();
  office_.Deliver(At("2026-03-12 09:00"), {PermitOf(1, "2026-03-12 08:30")});
  office_.Refuse(At("2026-03-12 09:30"));
  const SourceStanding refused = StandingAt("2026-03-12 09:40");
  EXPECT_EQ(refused.state, SourceState::kFailing);
  EXPECT_EQ(refused.trouble()->reason, "mapping_failed");
  EXPECT_TRUE(refused.trouble()->delivery);
  office_.Deliver(At("2026-03-12 10:00"), {PermitOf(2, "2026-03-12 09:50")});
  EXPECT_EQ(StandingAt("2026-03-12 10:10").state, SourceState::kLive);
}

TEST_F(SourceStandingTest, APauseStandsBeforeEverythingAndIsNotHeldAgainstTheSource) {
  office_.Open();
  office_.Deliver(At("2026-03-12 09:00"), {PermitOf(1, "2026-03-12 08:30")});
  office_.Note(At("2026-03-12 09:30"), SourceCondition::kPaused, true, "chuyển máy chủ");
  const SourceStanding paused = StandingAt("2026-03-14 09:00");
  EXPECT_EQ(paused.state, SourceState::kPaused);
  EXPECT_EQ(paused.since, At("2026-03-12 09:30"));
  EXPECT_EQ(paused.conditions.paused->reason, "chuyển máy chủ");
  EXPECT_FALSE(paused.expected_by);
  EXPECT_EQ(Marks(), std::set{model::TrustMark::kPaused});
  office_.Note(At("2026-03-14 10:00"), SourceCondition::kPaused, false);
  EXPECT_EQ(StandingAt("2026-03-14 13:59").state, SourceState::kLive);
  EXPECT_EQ(StandingAt("2026-03-14 14:01").state, SourceState::kSilent);
}

TEST_F(SourceStandingTest, DriftIsSaidOfTheSourceAndOfItsFiguresUntilADeliveryIsAsBefore) {
  office_.Open();
  const model::Sequence good = office_.Show(At("2026-03-12 09:00"), testing::AsBefore());
  const model::Sequence first = office_.Show(At("2026-03-12 09:30"), testing::Renamed(good));
  office_.Show(At("2026-03-12 09:40"), testing::Renamed(good));
  const SourceStanding standing = StandingAt("2026-03-12 09:50");
  EXPECT_EQ(standing.state, SourceState::kDrifting);
  EXPECT_EQ(standing.since, At("2026-03-12 09:30"));
  EXPECT_EQ(Marks(), std::set{model::TrustMark::kDrifting});
  const auto drift = DriftOf(standing.contract);
  ASSERT_TRUE(drift);
  EXPECT_EQ(drift->delivery, first);
  EXPECT_NE(drift->message.find("renamed 'fee' to 'phi'"), std::string::npos) << drift->message;
  office_.Show(At("2026-03-12 10:00"), testing::AsBefore());
  EXPECT_EQ(StandingAt("2026-03-12 10:10").state, SourceState::kLive);
  EXPECT_TRUE(Marks().empty());
}

TEST_F(SourceStandingTest, AnIncompleteDeliveryStandsBeforeDriftUntilOneAgrees) {
  center::SourceContract contract;
  contract.control_totals.emplace();
  source().contract = std::make_shared<const center::SourceContract>(contract);
  office_.Open();
  office_.Show(At("2026-03-12 09:00"), testing::Counted(44, 48));
  model::ContractFacts both = testing::Counted(45, 48);
  both.drift = testing::Renamed({1}).drift;
  office_.Show(At("2026-03-12 09:30"), both);
  const SourceStanding standing = StandingAt("2026-03-12 09:40");
  EXPECT_EQ(standing.state, SourceState::kIncomplete);
  EXPECT_EQ(standing.since, At("2026-03-12 09:00"));
  EXPECT_EQ(Marks(), (std::set{model::TrustMark::kIncomplete, model::TrustMark::kDrifting}));
  const auto incomplete = IncompleteOf(standing.contract);
  ASSERT_TRUE(incomplete);
  EXPECT_NE(incomplete->message.find("45 rows are accepted of 48 told"), std::string::npos)
      << incomplete->message;
  model::ContractFacts whole = testing::Counted(48, 48);
  whole.profile = testing::AsBefore().profile;
  office_.Show(At("2026-03-12 10:00"), whole);
  EXPECT_EQ(StandingAt("2026-03-12 10:10").state, SourceState::kLive);
}

TEST_F(SourceStandingTest, DataOlderThanItsOwnPromiseIsLate) {
  center::SourceContract contract;
  contract.freshness = 2h;
  source().contract = std::make_shared<const center::SourceContract>(contract);
  SourceKnowledge known;
  known.facts.last_sign_of_life = At("2026-03-12 09:00");
  known.facts.data_as_of = At("2026-03-12 07:00");
  EXPECT_EQ(Judge(source(), nullptr, known, At("2026-03-12 09:00")).state, SourceState::kLive);
  known.facts.data_as_of = At("2026-03-12 06:00");
  const SourceStanding late = Judge(source(), nullptr, known, At("2026-03-12 09:00"));
  EXPECT_EQ(late.state, SourceState::kLate);
  EXPECT_EQ(late.since, At("2026-03-12 08:00"));
  // What the center declares goes before it.
  source().late_after = 12h;
  EXPECT_EQ(Judge(source(), nullptr, known, At("2026-03-12 09:00")).state, SourceState::kLive);
}

TEST_F(SourceStandingTest, WhatASourceNoLongerPromisesIsNotHeldAgainstIt) {
  office_.Open();
  office_.Show(At("2026-03-12 09:00"), testing::Counted(44, 48));
  EXPECT_EQ(StandingAt("2026-03-12 09:10").state, SourceState::kLive);
}

TEST_F(SourceStandingTest, PastMomentsAreToldAsTheyWere) {
  office_.Open();
  office_.Deliver(At("2026-03-12 09:00"), {PermitOf(1, "2026-03-12 08:30")});
  office_.Note(At("2026-03-12 09:30"), SourceCondition::kFailing, true, "no_connection");
  office_.Note(At("2026-03-12 09:50"), SourceCondition::kFailing, false);
  EXPECT_EQ(StandingAt("2026-03-12 10:00").state, SourceState::kLive);
  EXPECT_EQ(StandingAt("2026-03-12 09:40").state, SourceState::kFailing);
  EXPECT_EQ(StandingAt("2026-03-12 09:20").state, SourceState::kLive);
}

}  // namespace
}  // namespace fansipan::indicators
