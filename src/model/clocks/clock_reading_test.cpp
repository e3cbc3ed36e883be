#include "model/clocks/clock_reading.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "model/testing/office_hours.h"

namespace fansipan::model {
namespace {

using model::testing::OfficeHours;

using base::Duration;
using base::Timestamp;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

const WorkingTimetable& Office() {
  static const WorkingTimetable office(OfficeHours(), *base::TimeZone::Find("Asia/Ho_Chi_Minh"));
  return office;
}

/// Of March 2026, whose 2nd is a Monday.
Timestamp March(int day, int hour, int minute = 0) {
  return sys_days(year(2026) / 3 / day) + hours(hour - 7) + minutes(minute);
}

ClockTimes Days(Timestamp from, std::int64_t days) {
  ClockTimes times;
  times.from = times.told_at = from;
  times.allowed = {true, days, {}};
  return times;
}

ClockTimes Time(Timestamp from, Duration time) {
  ClockTimes times;
  times.from = times.told_at = from;
  times.allowed = {false, 0, time};
  return times;
}

TEST(Clock, SaysNothingBeforeItBegins) {
  const ClockReading reading = ReadClock(Office(), {}, {});
  EXPECT_FALSE(reading.due || reading.used || reading.left || reading.paused_since);
}

TEST(Clock, OfATermInDaysIsDueWhenWorkEnds) {
  EXPECT_EQ(ReadClock(Office(), Days(March(2, 9), 2), {}).due, March(4, 17));
  // Half a day of pause puts it off to the end of the next day, not to noon.
  const Pause pause{March(3, 7, 30), March(3, 11, 30)};
  EXPECT_EQ(ReadClock(Office(), Days(March(2, 9), 2), {&pause, 1}).due, March(5, 17));
}

TEST(Clock, OfATermInHoursIsDueAtTheMinute) {
  EXPECT_EQ(ReadClock(Office(), Time(March(2, 9), hours(8)), {}).due, March(3, 9, 30));
  const Pause pause{March(2, 10), March(2, 11)};
  EXPECT_EQ(ReadClock(Office(), Time(March(2, 9), hours(8)), {&pause, 1}).due, March(3, 10, 30));
}

TEST(Clock, StandsStillWithoutAnEndInSight) {
  const Pause pauses[] = {{March(3, 10), kStillPaused}, {March(2, 15), March(3, 10)}};
  ClockTimes times = Days(March(2, 9), 2);
  times.told_at = March(3, 10);
  const ClockReading reading = ReadClock(Office(), times, pauses);
  EXPECT_FALSE(reading.due);
  // Pauses that follow each other without a gap are one.
  EXPECT_EQ(reading.paused_since, March(2, 15));
  EXPECT_EQ(reading.used, hours(4));
  EXPECT_EQ(reading.left, minutes(6 * 60 + 2 * 450) - hours(4));
}

TEST(Clock, ThatIsOverdueStaysSoInALaterPause) {
  const Pause pause{March(6, 8), kStillPaused};
  EXPECT_EQ(ReadClock(Office(), Days(March(2, 9), 2), {&pause, 1}).due, March(4, 17));
}

TEST(Clock, RunsOnWhereItsRecordEndsInAPause) {
  const Pause pause{March(3, 10), kStillPaused};
  ClockTimes times = Days(March(2, 9), 2);
  times.until = March(6, 10);
  const ClockReading reading = ReadClock(Office(), times, {&pause, 1});
  EXPECT_FALSE(reading.paused_since);
  ASSERT_TRUE(reading.due);
  EXPECT_GT(*reading.due, *times.until);
  EXPECT_EQ(reading.used, minutes(6 * 60 + 150));
}

TEST(Clock, TellsHowMuchTooLateItsRecordEnded) {
  ClockTimes times = Days(March(2, 9), 1);
  times.until = March(4, 8, 30);
  EXPECT_EQ(ReadClock(Office(), times, {}).left, -hours(1));
}

TEST(Clock, LeavesOutPausesThatEndBeforeTheyBegin) {
  const Pause pause{March(3, 15), March(3, 9)};
  EXPECT_EQ(ReadClock(Office(), Days(March(2, 9), 2), {&pause, 1}).due, March(4, 17));
}

/// The plain way: minute after minute, those of work outside pauses are counted until they are
/// enough.
Timestamp CountUntil(Timestamp from, Duration amount, const std::vector<Pause>& pauses) {
  Duration counted{0};
  Timestamp at = from;
  for (; counted < amount; at += minutes(1)) {
    const bool paused = std::ranges::any_of(
        pauses, [at](const Pause& pause) { return pause.from <= at && at < pause.until; });
    if (!paused && Office().Between(at, at + minutes(1)).value > Duration(0)) counted += minutes(1);
  }
  return at;
}

TEST(ClockProperty, IsThatOfCountingMinutes) {
  EXPECT_TRUE(rc::check([] {
    const Timestamp from = March(2, 0) + minutes(*rc::gen::inRange(0, 7 * 1440));
    const Duration time = minutes(*rc::gen::inRange(1, 40 * 60));
    std::vector<Pause> pauses;
    for (int left = *rc::gen::inRange(0, 5); left > 0; --left) {
      const Timestamp start = from + minutes(*rc::gen::inRange(-1440, 9 * 1440));
      pauses.push_back({start, start + minutes(*rc::gen::inRange(-60, 4 * 1440))});
    }
    ClockTimes times = Time(from, time);
    times.told_at = from + minutes(*rc::gen::inRange(0, 9 * 1440));
    const ClockReading reading = ReadClock(Office(), times, pauses);
    RC_ASSERT(reading.due == CountUntil(from, time, pauses));
    // What is used and what is left make what is allowed.
    RC_ASSERT(*reading.used + *reading.left == time);
  }));
}

TEST(ClockProperty, OfDaysEndsWithTheDayOnWhichItsTimeIsUsed) {
  EXPECT_TRUE(rc::check([] {
    const Timestamp from = March(2, 0) + minutes(*rc::gen::inRange(0, 7 * 1440));
    const std::int64_t days = *rc::gen::inRange(1, 8);
    const Timestamp start = from + minutes(*rc::gen::inRange(-1440, 9 * 1440));
    const std::vector<Pause> pauses = {{start, start + minutes(*rc::gen::inRange(0, 4 * 1440))}};
    const Timestamp unpaused = Office().DueAfterWorkingDays(from, days).value;
    const Timestamp used = CountUntil(from, Office().Between(from, unpaused).value, pauses);
    const auto due = ReadClock(Office(), Days(from, days), pauses).due;
    RC_ASSERT(due.has_value());
    RC_ASSERT(*due >= used);
    RC_ASSERT(*due - used < hours(24));
    RC_ASSERT(Office().DueAfterWorkingDays(*due, 0).value == *due);
  }));
}

}  // namespace
}  // namespace fansipan::model
