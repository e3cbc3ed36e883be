#include "indicators/health/source_history.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using store::SourceCondition;
using testing::At;
using testing::PermitOffice;

class SourceHistoryTest : public ::testing::Test {
 protected:
  SourceHistoryTest() { office_.Open(); }

  template <typename Read>
  auto Ask(const Read& read) {
    decltype(read(std::declval<const View&>(), std::declval<const center::Source&>())) answer;
    const auto done = office_.engine().Read(
        std::nullopt, [&](const View& view) { answer = read(view, view.center->sources[0]); });
    EXPECT_TRUE(done.ok());
    return answer;
  }
  SourcePast Past(base::Timestamp from) {
    return Ask([&](const View& view, const center::Source& source) {
      return CopyPast(view, source, from);
    });
  }
  std::vector<SourceEvent> Events(const char* from) {
    return EventsOf(Past(At(from) - kEventLookBack), At(from));
  }
  KeptTime Kept(const char* from) {
    const SourcePast past = Past(At(from));
    return KeptTimeOf(past, SpansOf(past));
  }

  PermitOffice office_;
};

TEST_F(SourceHistoryTest, OneDeadSourceIsOneEventWhateverBecomesOfIt) {
  office_.Heartbeat(At("2026-03-12 09:00"));
  office_.Note(At("2026-03-12 10:00"), SourceCondition::kFailing, true, "no_connection");
  office_.engine().Advance(At("2026-03-12 20:00"));
  const auto open = Events("2026-03-12 00:00");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_TRUE(open[0].open);
  EXPECT_EQ(open[0].closed_at(), std::nullopt);
  ASSERT_EQ(open[0].steps.size(), 2U);
  EXPECT_EQ(open[0].steps[0].state, SourceState::kFailing);
  EXPECT_EQ(open[0].steps[0].reason, "no_connection");
  EXPECT_EQ(open[0].steps[1].state, SourceState::kSilent);
  EXPECT_EQ(open[0].steps[1].from, At("2026-03-12 13:00"));

  office_.Note(At("2026-03-12 21:00"), SourceCondition::kFailing, false);
  office_.Heartbeat(At("2026-03-12 21:00"));
  office_.engine().Advance(At("2026-03-12 22:00"));
  const auto closed = Events("2026-03-12 00:00");
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_FALSE(closed[0].open);
  EXPECT_EQ(closed[0].opened_at(), At("2026-03-12 10:00"));
  EXPECT_EQ(closed[0].closed_at(), At("2026-03-12 21:00"));
}

TEST_F(SourceHistoryTest, AnEventKeepsItsBeginningFromWhereverItIsAskedFor) {
  office_.Heartbeat(At("2026-03-01 09:00"));
  office_.Note(At("2026-03-01 10:00"), SourceCondition::kFailing, true, "no_connection");
  office_.engine().Advance(At("2026-03-20 09:00"));
  EXPECT_EQ(Events("2026-03-19 00:00").at(0).opened_at(), At("2026-03-01 10:00"));
  EXPECT_EQ(Events("2026-02-01 00:00").at(0).opened_at(), At("2026-03-01 10:00"));
}

TEST_F(SourceHistoryTest, WhatIsOverBeforeTheSpanIsNotInIt) {
  office_.Heartbeat(At("2026-03-01 09:00"));
  office_.Heartbeat(At("2026-03-02 09:00"));
  office_.Heartbeat(At("2026-03-02 12:00"));
  office_.engine().Advance(At("2026-03-02 13:00"));
  EXPECT_EQ(Events("2026-03-01 00:00").size(), 1U);
  EXPECT_EQ(Events("2026-03-02 10:00").size(), 0U);
}

TEST_F(SourceHistoryTest, DriftIsAnEventFromTheDeliveryThatShowsItToTheNextThatIsAsBefore) {
  const model::Sequence good = office_.Show(At("2026-03-12 09:00"), testing::AsBefore());
  office_.Show(At("2026-03-12 10:00"), testing::Renamed(good));
  office_.Heartbeat(At("2026-03-12 12:00"));
  office_.Show(At("2026-03-12 13:00"), testing::Renamed(good));
  office_.engine().Advance(At("2026-03-12 14:00"));
  const auto open = Events("2026-03-12 00:00");
  ASSERT_EQ(open.size(), 1U);
  EXPECT_TRUE(open[0].open);
  ASSERT_EQ(open[0].steps.size(), 1U);
  EXPECT_EQ(open[0].steps[0].state, SourceState::kDrifting);
  EXPECT_EQ(open[0].steps[0].reason, "schema_drift");

  office_.Show(At("2026-03-12 15:00"), testing::AsBefore());
  office_.engine().Advance(At("2026-03-12 16:00"));
  const auto closed = Events("2026-03-12 00:00");
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].opened_at(), At("2026-03-12 10:00"));
  EXPECT_EQ(closed[0].closed_at(), At("2026-03-12 15:00"));
}

TEST_F(SourceHistoryTest, ARestartTellsTheSame) {
  office_.Heartbeat(At("2026-03-12 09:00"));
  office_.Note(At("2026-03-12 10:00"), SourceCondition::kPaused, true, "nâng cấp");
  office_.Note(At("2026-03-12 12:00"), SourceCondition::kPaused, false);
  office_.engine().Advance(At("2026-03-12 20:00"));
  const auto before = Events("2026-03-12 00:00");
  office_.Restore({});
  office_.engine().Advance(At("2026-03-12 20:00"));
  const auto after = Events("2026-03-12 00:00");
  ASSERT_EQ(before.size(), 2U);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].opened_at(), before[i].opened_at());
    EXPECT_EQ(after[i].closed_at(), before[i].closed_at());
    EXPECT_EQ(after[i].steps.back().state, before[i].steps.back().state);
  }
}

TEST_F(SourceHistoryTest, KeptTimeIsWhatWasNeitherSilentNorPaused) {
  office_.Heartbeat(At("2026-03-12 00:00"));
  // Silent from 04:00 to 06:00, paused from 08:00 to 09:00.
  office_.Heartbeat(At("2026-03-12 06:00"));
  office_.Note(At("2026-03-12 08:00"), SourceCondition::kPaused, true, "nâng cấp");
  office_.Note(At("2026-03-12 09:00"), SourceCondition::kPaused, false);
  office_.engine().Advance(At("2026-03-12 10:00"));
  const KeptTime time = Kept("2026-03-01 00:00");
  EXPECT_EQ(time.working, 10h);
  EXPECT_EQ(time.kept, 7h);
}

TEST_F(SourceHistoryTest, ASourceThatFailsBeforeItWasEverHeardOfKeepsNoPromise) {
  office_.Note(At("2026-03-12 00:00"), SourceCondition::kFailing, true, "no_connection");
  office_.engine().Advance(At("2026-03-12 10:00"));
  const KeptTime never_heard = Kept("2026-03-01 00:00");
  EXPECT_EQ(never_heard.working, 10h);
  EXPECT_EQ(never_heard.kept, 0h);
}

TEST(SourceHistory, ASourceThatIsLateAndFailsKeepsNoPromise) {
  center::Source source;
  source.late_after = 2h;
  SourceConditions failing;
  failing.failing = SourceTrouble{At("2026-03-12 01:00"), "no_connection", {}, {}, {}};
  SourceFacts heard;
  heard.last_sign_of_life = heard.data_as_of = At("2026-03-12 00:00");
  SourcePast past;
  past.source = &source;
  past.until = At("2026-03-12 04:00");
  past.known.from = At("2026-03-12 00:00");
  past.known.before.facts = heard;
  past.known.conditions = {
      {At("2026-03-12 01:00"), std::make_shared<const SourceConditions>(failing), 0}};
  heard.last_sign_of_life = At("2026-03-12 03:00");
  past.known.facts = {{At("2026-03-12 03:00"), heard}};
  const KeptTime time = KeptTimeOf(past, SpansOf(past));
  EXPECT_EQ(time.working, 4h);
  EXPECT_EQ(time.kept, 3h) << "failing alone keeps it; at 03:00 it is seen how old its data is";
  const auto events = EventsOf(past, past.known.from);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].steps.size(), 1U) << "one step of failing, late or not";
}

TEST_F(SourceHistoryTest, OfManyStepsTheOldestAndTheYoungestAreTold) {
  base::Timestamp now = At("2026-03-12 00:00");
  office_.Heartbeat(now);
  office_.Note(now, SourceCondition::kFailing, true, "no_connection");
  for (int i = 0; i < 50; ++i) {
    office_.Note(now += 1min, SourceCondition::kPaused, true, "x");
    office_.Note(now += 1min, SourceCondition::kPaused, false);
  }
  office_.engine().Advance(now + 1min);
  const auto events = Events("2026-03-12 00:00");
  ASSERT_EQ(events.size(), 1U);
  ASSERT_EQ(events[0].steps.size(), kMaxEventSteps);
  EXPECT_EQ(events[0].steps_left_out, 101U - kMaxEventSteps);
  EXPECT_EQ(events[0].opened_at(), At("2026-03-12 00:00"));
  EXPECT_EQ(events[0].steps.back().from, now);
}

TEST_F(SourceHistoryTest, AThousandRefusalsAreOneTroubleThatTellsHowMany) {
  base::Timestamp now = At("2026-03-12 00:00");
  for (int i = 0; i < 1'000; ++i) office_.Refuse(now += 1min);
  const SourcePast past = Past(At("2026-03-11 00:00"));
  EXPECT_LE(past.known.conditions.size(), ConditionLog::kMaxWords);
  EXPECT_EQ(past.known.conditions.back().conditions->refused->times, 1'000U);
  const auto events = Events("2026-03-11 00:00");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].opened_at(), At("2026-03-12 00:01"));
}

TEST_F(SourceHistoryTest, WhatWasCopiedIsJudgedWithoutTheEngine) {
  office_.Heartbeat(At("2026-03-12 00:00"));
  office_.engine().Advance(At("2026-03-12 01:00"));
  const SourcePast past = Past(At("2026-03-12 00:00"));
  office_.Note(At("2026-03-12 02:00"), SourceCondition::kFailing, true, "no_connection");
  office_.engine().Advance(At("2026-03-12 03:00"));
  const auto spans = SpansOf(past);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].state, SourceState::kLive);
  EXPECT_EQ(spans[0].until, At("2026-03-12 01:00"));
}

/// Spans against the state asked for moment by moment.
TEST_F(SourceHistoryTest, SpansAgreeWithTheStateOfEveryMomentOfRandomHistories) {
  std::mt19937 random(5);
  base::Timestamp now = At("2026-03-01 00:00");
  const base::Timestamp start = now;
  for (int i = 0; i < 60; ++i) {
    now += std::chrono::minutes(1 + random() % 600);
    switch (random() % 8) {
      case 0:
        office_.Note(now, SourceCondition::kPaused, random() % 2 == 0, "x");
        break;
      case 1:
        office_.Note(now, SourceCondition::kFailing, random() % 2 == 0, "y");
        break;
      case 2:
        office_.Refuse(now);
        break;
      case 3:
        office_.Deliver(now, {});
        break;
      case 4:
        office_.Show(now, testing::Renamed({1}));
        break;
      case 5:
        office_.Show(now, testing::AsBefore());
        break;
      default:
        office_.Heartbeat(now);
    }
  }
  now += 9h;
  office_.engine().Advance(now);
  const auto spans = SpansOf(Past(start));
  ASSERT_FALSE(spans.empty());
  EXPECT_EQ(spans.back().until, now);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].from, i == 0 ? start : spans[i - 1].until);
    if (spans[i].from == spans[i].until) continue;
    const base::Timestamp middle = spans[i].from + (spans[i].until - spans[i].from) / 2;
    const auto read = office_.engine().Read(middle, [&](const View& view) {
      EXPECT_EQ(StandingOf(view, view.center->sources[0]).state, spans[i].state);
    });
    EXPECT_TRUE(read.ok());
  }
}

TEST_F(SourceHistoryTest, NamesEveryFigureThatASourceFeeds) {
  const FedIndicators fed = FedBySources(office_.center());
  ASSERT_EQ(fed.size(), 1U);
  EXPECT_EQ(fed.at("office").size(), office_.center().indicators.size());
}

}  // namespace
}  // namespace fansipan::indicators
