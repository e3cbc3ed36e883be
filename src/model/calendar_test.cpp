#include "model/calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace fansipan::model {
namespace {

using base::Duration;
using base::Timestamp;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

base::TimeZone Zone(std::string_view name) { return *base::TimeZone::Find(name); }

WorkingCalendar OfficeHours() {
  WorkingCalendar calendar;
  calendar.name = "office";
  for (std::size_t day = 0; day < 5; ++day) {
    calendar.week[day] = {{7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
  }
  return calendar;
}

Timestamp Hanoi(int month, int day, int hour, int minute) {
  return sys_days(year(2026) / month / day) + hours(hour - 7) + minutes(minute);
}

/// Asks for each minute whether the wall clock stands in a span.
Duration CountMinutes(const WorkingCalendar& calendar, const base::TimeZone& zone, Timestamp from,
                      Timestamp to) {
  Duration total{0};
  for (; from < to; from += minutes(1)) {
    const base::LocalTime local = zone.ToLocal(from);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto minute = std::chrono::floor<minutes>(local - day).count();
    for (const WorkingSpan& span : calendar.week[std::chrono::weekday(day).iso_encoding() - 1]) {
      if (span.from_minute <= minute && minute < span.to_minute) total += minutes(1);
    }
  }
  return total;
}

class RandomTimes {
 public:
  explicit RandomTimes(std::uint64_t seed) : engine_(seed) {}

  int Below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }

  /// At most three spans a day, some of them around the hours at which clocks are changed.
  WorkingCalendar NextCalendar() {
    WorkingCalendar calendar;
    for (auto& day : calendar.week) {
      int from = Below(240);
      for (int spans = Below(4); spans > 0 && from < 1440; --spans) {
        const int to = std::min(from + 1 + Below(400), 1440);
        day.push_back({from, to});
        from = to + Below(300);
      }
    }
    return calendar;
  }

 private:
  std::mt19937_64 engine_;
};

TEST(WorkingTime, CountsOfficeHoursOnly) {
  const base::TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const WorkingCalendar office = OfficeHours();
  // 23 November 2026 is a Monday.
  EXPECT_EQ(WorkingTimeBetween(office, zone, Hanoi(11, 23, 8, 0), Hanoi(11, 23, 9, 15)),
            minutes(75));
  EXPECT_EQ(WorkingTimeBetween(office, zone, Hanoi(11, 23, 11, 0), Hanoi(11, 23, 14, 0)), hours(1));
  EXPECT_EQ(WorkingTimeBetween(office, zone, Hanoi(11, 27, 16, 0), Hanoi(11, 30, 8, 0)),
            minutes(90));
  EXPECT_EQ(WorkingTimeBetween(office, zone, Hanoi(11, 28, 0, 0), Hanoi(11, 30, 0, 0)), hours(0));
  EXPECT_EQ(WorkingTimeBetween(office, zone, Hanoi(11, 24, 8, 0), Hanoi(11, 23, 8, 0)), hours(0));
}

TEST(WorkingTime, AddsOverNightsAndWeekends) {
  const base::TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const WorkingCalendar office = OfficeHours();
  EXPECT_EQ(AddWorkingTime(office, zone, Hanoi(11, 27, 16, 30), hours(1)), Hanoi(11, 30, 8, 0));
  EXPECT_EQ(AddWorkingTime(office, zone, Hanoi(11, 28, 12, 0), minutes(1)), Hanoi(11, 30, 7, 31));
  // The earliest such moment: the end of the span, not the start of the next one.
  EXPECT_EQ(AddWorkingTime(office, zone, Hanoi(11, 27, 16, 0), hours(1)), Hanoi(11, 27, 17, 0));
  EXPECT_EQ(AddWorkingTime(office, zone, Hanoi(11, 28, 12, 0), hours(0)), Hanoi(11, 28, 12, 0));
}

TEST(WorkingTime, IsAllTimeWithoutSpans) {
  const base::TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const WorkingCalendar always;
  EXPECT_TRUE(always.is_always());
  EXPECT_FALSE(OfficeHours().is_always());
  const Timestamp from = Hanoi(11, 28, 0, 0);
  EXPECT_EQ(WorkingTimeBetween(always, zone, from, from + hours(50)), hours(50));
  EXPECT_EQ(AddWorkingTime(always, zone, from, hours(50)), from + hours(50));
}

TEST(WorkingTime, FollowsTheWallClockWhenItIsChanged) {
  const base::TimeZone zone = Zone("Europe/Amsterdam");
  WorkingCalendar nights;
  nights.week[6] = {{60, 240}};  // Sundays, 01:00 to 04:00
  const Timestamp spring = sys_days(year(2012) / 3 / 25) - hours(12);
  const Timestamp autumn = sys_days(year(2012) / 10 / 28) - hours(12);
  EXPECT_EQ(WorkingTimeBetween(nights, zone, spring, spring + hours(24)), hours(2));
  EXPECT_EQ(WorkingTimeBetween(nights, zone, autumn, autumn + hours(24)), hours(4));
}

TEST(WorkingTime, GoesOverCenturiesQuickly) {
  const base::TimeZone zone = Zone("Europe/Amsterdam");
  const Timestamp from = sys_days(year(1950) / 1 / 2);
  const Timestamp to = sys_days(year(2950) / 1 / 2);
  const Duration worked = WorkingTimeBetween(OfficeHours(), zone, from, to);
  EXPECT_GT(worked, hours(1'900'000));
  EXPECT_EQ(WorkingTimeBetween(OfficeHours(), zone, from,
                               AddWorkingTime(OfficeHours(), zone, from, worked)),
            worked);
}

TEST(WorkingTime, EndsWithTheCalendarWhenMoreIsAskedThanThereIs) {
  const base::TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const Timestamp from = Hanoi(11, 23, 8, 0);
  const Timestamp end = sys_days(year(10000) / 1 / 1);
  EXPECT_EQ(AddWorkingTime(OfficeHours(), zone, from, Duration::max()), end);
  EXPECT_EQ(AddWorkingTime({}, zone, from, Duration::max()), end);
}

TEST(WorkingTimeProperty, IsThatOfCountingMinutes) {
  RandomTimes random(1);
  for (const char* name : {"Asia/Ho_Chi_Minh", "Europe/Amsterdam", "America/St_Johns",
                           "Australia/Lord_Howe", "Africa/Casablanca", "Etc/UTC"}) {
    const base::TimeZone zone = Zone(name);
    for (int round = 0; round < 60; ++round) {
      WorkingCalendar calendar = random.NextCalendar();
      if (calendar.is_always()) calendar.week[0] = {{0, 1}};
      const Timestamp from = sys_days(year(2012) / 1 / 1) + minutes(random.Below(5 * 366 * 1440));
      const Timestamp to = from + minutes(random.Below(round < 50 ? 3 * 1440 : 100 * 1440));
      const Duration expected = CountMinutes(calendar, zone, from, to);
      ASSERT_EQ(WorkingTimeBetween(calendar, zone, from, to), expected)
          << name << " round " << round;
      const Timestamp reached = AddWorkingTime(calendar, zone, from, expected);
      ASSERT_LE(reached, to);
      ASSERT_EQ(CountMinutes(calendar, zone, from, reached), expected);
      if (expected > Duration(0)) {
        ASSERT_LT(CountMinutes(calendar, zone, from, reached - minutes(1)), expected);
      }
    }
  }
}

// Days on which clocks are changed are too few to be met by chance often enough.
TEST(WorkingTimeProperty, IsThatOfCountingMinutesOnDaysOfChange) {
  RandomTimes random(2);
  for (const char* name : {"Europe/Amsterdam", "Australia/Lord_Howe"}) {
    const base::TimeZone zone = Zone(name);
    Timestamp day = sys_days(year(2012) / 1 / 1);
    for (int days = 0; days < 730; ++days, day += hours(24)) {
      if (zone.OffsetAt(day) == zone.OffsetAt(day + hours(24))) continue;
      for (int round = 0; round < 50; ++round) {
        WorkingCalendar calendar = random.NextCalendar();
        if (calendar.is_always()) continue;
        const Timestamp from = day - minutes(random.Below(1440));
        const Timestamp to = day + minutes(random.Below(3 * 1440));
        ASSERT_EQ(WorkingTimeBetween(calendar, zone, from, to),
                  CountMinutes(calendar, zone, from, to))
            << name;
      }
    }
  }
}

}  // namespace
}  // namespace fansipan::model
