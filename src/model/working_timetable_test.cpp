#include "model/working_timetable.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
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

base::TimeZone Zone(std::string_view name) { return *base::TimeZone::Find(name); }

Timestamp Hanoi(int month, int day, int hour, int minute) {
  return sys_days(year(2026) / month / day) + hours(hour - 7) + minutes(minute);
}

Date Day(int number, unsigned month, unsigned day) {
  return sys_days(year(number) / std::chrono::month(month) / std::chrono::day(day));
}

/// The plain rule of which hours a day has.
WorkingSpans HoursOn(const WorkingCalendar& calendar, Date day) {
  const auto of_week = [&](Date weekday) {
    return calendar.week[(std::chrono::weekday(weekday).c_encoding() + 6) % 7];
  };
  if (!calendar.days.contains(day)) return of_week(day);
  const SpecialDay& special = calendar.days.at(day);
  if (!special.hours.empty()) return special.hours;
  return special.kind == SpecialDayKind::kExchangedFor ? of_week(*special.other) : WorkingSpans();
}

/// Asks for each minute whether the wall clock stands in a span.
Duration CountMinutes(const WorkingCalendar& calendar, const base::TimeZone& zone, Timestamp from,
                      Timestamp to) {
  Duration total{0};
  for (; from < to; from += minutes(1)) {
    const base::LocalTime local = zone.ToLocal(from);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto minute = std::chrono::floor<minutes>(local - day).count();
    for (const WorkingSpan& span : HoursOn(calendar, Date(day.time_since_epoch()))) {
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
  const WorkingTimetable office(OfficeHours(), Zone("Asia/Ho_Chi_Minh"));
  const auto between = [&](Timestamp from, Timestamp to) { return office.Between(from, to).value; };
  // 23 November 2026 is a Monday.
  EXPECT_EQ(between(Hanoi(11, 23, 8, 0), Hanoi(11, 23, 9, 15)), minutes(75));
  EXPECT_EQ(between(Hanoi(11, 23, 11, 0), Hanoi(11, 23, 14, 0)), hours(1));
  EXPECT_EQ(between(Hanoi(11, 27, 16, 0), Hanoi(11, 30, 8, 0)), minutes(90));
  EXPECT_EQ(between(Hanoi(11, 28, 0, 0), Hanoi(11, 30, 0, 0)), hours(0));
  EXPECT_EQ(between(Hanoi(11, 24, 8, 0), Hanoi(11, 23, 8, 0)), hours(0));
}

TEST(WorkingTime, AddsOverNightsAndWeekends) {
  const WorkingTimetable office(OfficeHours(), Zone("Asia/Ho_Chi_Minh"));
  const auto after = [&](Timestamp from, Duration amount) {
    return office.After(from, amount).value;
  };
  EXPECT_EQ(after(Hanoi(11, 27, 16, 30), hours(1)), Hanoi(11, 30, 8, 0));
  EXPECT_EQ(after(Hanoi(11, 28, 12, 0), minutes(1)), Hanoi(11, 30, 7, 31));
  // The earliest such moment: the end of the span, not the start of the next one.
  EXPECT_EQ(after(Hanoi(11, 27, 16, 0), hours(1)), Hanoi(11, 27, 17, 0));
  EXPECT_EQ(after(Hanoi(11, 28, 12, 0), hours(0)), Hanoi(11, 28, 12, 0));
}

TEST(WorkingTime, IsAllTimeWithoutSpans) {
  const WorkingTimetable always(Zone("Asia/Ho_Chi_Minh"));
  EXPECT_TRUE(always.calendar().is_always());
  EXPECT_FALSE(OfficeHours().is_always());
  const Timestamp from = Hanoi(11, 28, 0, 0);
  EXPECT_EQ(always.Between(from, from + hours(50)).value, hours(50));
  EXPECT_EQ(always.After(from, hours(50)).value, from + hours(50));
  EXPECT_EQ(always.AddWorkingDays(Day(2026, 11, 28), 3).value, Day(2026, 12, 1));
}

TEST(WorkingTime, FollowsTheWallClockWhenItIsChanged) {
  WorkingCalendar nights;
  nights.week[6] = {{60, 240}};  // Sundays, 01:00 to 04:00
  const WorkingTimetable timetable(nights, Zone("Europe/Amsterdam"));
  const Timestamp spring = sys_days(year(2012) / 3 / 25) - hours(12);
  const Timestamp autumn = sys_days(year(2012) / 10 / 28) - hours(12);
  EXPECT_EQ(timetable.Between(spring, spring + hours(24)).value, hours(2));
  EXPECT_EQ(timetable.Between(autumn, autumn + hours(24)).value, hours(4));
}

TEST(WorkingTime, GoesOverCenturies) {
  const WorkingTimetable office(OfficeHours(), Zone("Europe/Amsterdam"));
  const Timestamp from = sys_days(year(1650) / 1 / 2);
  const Timestamp to = sys_days(year(2950) / 1 / 2);
  const Duration worked = office.Between(from, to).value;
  EXPECT_GT(worked, hours(2'500'000));
  EXPECT_EQ(office.Between(from, office.After(from, worked).value).value, worked);
}

TEST(WorkingTime, EndsWithTheCalendarWhenMoreIsAskedThanThereIs) {
  const base::TimeZone zone = Zone("Asia/Ho_Chi_Minh");
  const WorkingTimetable office(OfficeHours(), zone);
  const Timestamp from = Hanoi(11, 23, 8, 0);
  const Timestamp end = sys_days(year(10000) / 1 / 1);
  EXPECT_EQ(office.After(from, Duration::max()).value, end);
  EXPECT_EQ(WorkingTimetable(zone).After(from, Duration::max()).value, end);
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 11, 23), INT64_MAX).value, Day(9999, 12, 31));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 11, 23), INT64_MIN).value, Day(1600, 1, 1));
}

/// Office hours with the days around the Lunar New Year of 2026, and an exchanged Friday.
WorkingCalendar OfficeOf2026() {
  WorkingCalendar calendar = OfficeHours();
  calendar.years[2026] = {};
  for (unsigned day = 16; day <= 20; ++day) calendar.days[Day(2026, 2, day)] = {};
  calendar.days[Day(2026, 1, 2)] = {.kind = SpecialDayKind::kExchangedOff,
                                    .other = Day(2026, 1, 10)};
  calendar.days[Day(2026, 1, 10)] = {.kind = SpecialDayKind::kExchangedFor,
                                     .other = Day(2026, 1, 2)};
  calendar.days[Day(2026, 3, 14)] = {.kind = SpecialDayKind::kOwnHours, .hours = {{480, 600}}};
  return calendar;
}

TEST(SpecialDays, AreWorkedAsTheyAreDeclared) {
  const WorkingTimetable office(OfficeOf2026(), Zone("Asia/Ho_Chi_Minh"));
  const auto worked = [&](int month, int day) {
    return office.Between(Hanoi(month, day, 0, 0), Hanoi(month, day, 24, 0)).value;
  };
  EXPECT_EQ(worked(2, 13), minutes(450));
  EXPECT_EQ(worked(2, 16), minutes(0));
  EXPECT_EQ(worked(1, 2), minutes(0));
  EXPECT_EQ(worked(1, 10), minutes(450));
  EXPECT_EQ(worked(1, 17), minutes(0));
  EXPECT_EQ(worked(3, 14), minutes(120));
  EXPECT_EQ(office.After(Hanoi(2, 13, 16, 30), hours(1)).value, Hanoi(2, 23, 8, 0));
}

TEST(WorkingDays, LeaveOutFreeDaysAndTheDayTheyAreCountedFrom) {
  const WorkingTimetable office(OfficeOf2026(), Zone("Asia/Ho_Chi_Minh"));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 2, 13), 1).value, Day(2026, 2, 23));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 2, 18), 1).value, Day(2026, 2, 23));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 2, 23), -1).value, Day(2026, 2, 13));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 2, 18), 0).value, Day(2026, 2, 18));
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 1, 9), 1).value, Day(2026, 1, 10));
  EXPECT_EQ(office.WorkingDaysBetween(Day(2026, 2, 13), Day(2026, 2, 24)).value, 2);
  EXPECT_EQ(office.WorkingDaysBetween(Day(2026, 2, 24), Day(2026, 2, 13)).value, 0);
}

TEST(DueMoment, IsTheEndOfWorkOfTheLastDayWhateverTheHourOfReceipt) {
  const WorkingTimetable office(OfficeOf2026(), Zone("Asia/Ho_Chi_Minh"));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 12, 8, 0), 2).value, Hanoi(2, 23, 17, 0));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 12, 23, 50), 2).value, Hanoi(2, 23, 17, 0));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 18, 12, 0), 1).value, Hanoi(2, 23, 17, 0));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(3, 13, 8, 0), 1).value, Hanoi(3, 14, 10, 0));
}

TEST(DueMoment, OfZeroDaysIsTheSameDayWhileItIsWorked) {
  const WorkingTimetable office(OfficeOf2026(), Zone("Asia/Ho_Chi_Minh"));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 12, 8, 0), 0).value, Hanoi(2, 12, 17, 0));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 12, 17, 1), 0).value, Hanoi(2, 13, 17, 0));
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(2, 14, 8, 0), 0).value, Hanoi(2, 23, 17, 0));
}

TEST(Pauses, AreNotCounted) {
  const WorkingTimetable office(OfficeHours(), Zone("Asia/Ho_Chi_Minh"));
  const std::vector<Pause> pauses = {{Hanoi(11, 24, 8, 0), Hanoi(11, 24, 10, 0)},
                                     {Hanoi(11, 23, 16, 0), Hanoi(11, 24, 9, 0)}};
  EXPECT_EQ(office.Between(Hanoi(11, 23, 15, 0), Hanoi(11, 24, 11, 0), pauses).value, hours(2));
  EXPECT_EQ(office.After(Hanoi(11, 23, 15, 0), minutes(90), pauses).value, Hanoi(11, 24, 10, 30));
  const std::vector<Pause> open = {{Hanoi(11, 23, 16, 0), kStillPaused}};
  EXPECT_EQ(office.Between(Hanoi(11, 23, 15, 0), Hanoi(11, 27, 11, 0), open).value, hours(1));
  EXPECT_EQ(office.After(Hanoi(11, 23, 15, 0), hours(1), open).value, Hanoi(11, 23, 16, 0));
  EXPECT_EQ(office.After(Hanoi(11, 23, 15, 0), hours(2), open).value,
            Timestamp(sys_days(year(10000) / 1 / 1)));
}

TEST(Coverage, TellsWhenACountLeavesTheDecidedYears) {
  WorkingCalendar calendar = OfficeOf2026();
  calendar.years[2027] = {.provisional = true};
  const WorkingTimetable office(calendar, Zone("Asia/Ho_Chi_Minh"));
  const Timestamp new_year = Hanoi(12, 31, 24, 0);
  EXPECT_EQ(office.Between(Hanoi(1, 1, 0, 0), new_year).coverage, Coverage::kDecided);
  EXPECT_EQ(office.Between(Hanoi(1, 1, 0, 0), new_year + minutes(1)).coverage,
            Coverage::kProvisional);
  EXPECT_EQ(office.Between(Hanoi(1, 1, 0, 0) - minutes(1), new_year).coverage, Coverage::kOutside);
  EXPECT_EQ(office.After(Hanoi(12, 31, 16, 0), hours(2)).coverage, Coverage::kProvisional);
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 12, 30), 1).coverage, Coverage::kDecided);
  EXPECT_EQ(office.AddWorkingDays(Day(2026, 12, 31), 1).coverage, Coverage::kProvisional);
  EXPECT_EQ(office.DueAfterWorkingDays(Hanoi(12, 30, 8, 0), 300).coverage, Coverage::kOutside);
  EXPECT_EQ(office.WorkingDaysBetween(Day(2025, 12, 31), Day(2026, 1, 3)).coverage,
            Coverage::kDecided);
  EXPECT_EQ(
      WorkingTimetable(OfficeHours(), Zone("Etc/UTC")).CoverageOf(Day(1999, 1, 1), Day(1999, 1, 1)),
      Coverage::kDecided);
}

WorkingSpans AnySpans() {
  WorkingSpans spans;
  int from = *rc::gen::inRange(0, 240);
  for (int left = *rc::gen::inRange(0, 4); left > 0 && from < 1440; --left) {
    const int to = std::min(from + 1 + *rc::gen::inRange(0, 400), 1440);
    spans.push_back({from, to});
    from = to + *rc::gen::inRange(0, 300);
  }
  return spans;
}

/// Covers 2025 and 2026, with special days of every kind around their ends and clock changes.
WorkingCalendar AnyCalendar() {
  WorkingCalendar calendar;
  for (WorkingSpans& hours_of_day : calendar.week) hours_of_day = AnySpans();
  if (calendar.is_always()) calendar.week[2] = {{100, 101}};
  calendar.years[2025] = {};
  calendar.years[2026] = {};
  for (int left = *rc::gen::inRange(0, 60); left > 0; --left) {
    const Date day = Day(2025, 1, 1) + std::chrono::days(*rc::gen::inRange(0, 730));
    SpecialDay special;
    special.kind = static_cast<SpecialDayKind>(*rc::gen::inRange(0, 4));
    special.other = day + std::chrono::days(*rc::gen::inRange(-9, 10));
    if (special.kind == SpecialDayKind::kOwnHours) special.hours = AnySpans();
    if (special.kind == SpecialDayKind::kExchangedFor && *rc::gen::arbitrary<bool>()) {
      special.hours = AnySpans();
    }
    calendar.days[day] = special;
  }
  return calendar;
}

Timestamp AnyMoment() {
  return Timestamp(Day(2024, 11, 1)) + minutes(*rc::gen::inRange(0, 900 * 1440));
}

base::TimeZone AnyZone() {
  return Zone(*rc::gen::element<const char*>("Asia/Ho_Chi_Minh", "Europe/Amsterdam",
                                             "Australia/Lord_Howe", "America/St_Johns"));
}

TEST(SpecialDaysProperty, AreThoseOfCountingMinutes) {
  EXPECT_TRUE(rc::check([] {
    const base::TimeZone zone = AnyZone();
    const WorkingCalendar calendar = AnyCalendar();
    const WorkingTimetable timetable(calendar, zone);
    const Timestamp from = AnyMoment();
    const Timestamp to = from + minutes(*rc::gen::inRange(0, 40 * 1440));
    const Duration expected = CountMinutes(calendar, zone, from, to);
    RC_ASSERT(timetable.Between(from, to).value == expected);
    const Timestamp reached = timetable.After(from, expected).value;
    RC_ASSERT(reached <= to);
    RC_ASSERT(CountMinutes(calendar, zone, from, reached) == expected);
    if (expected > Duration(0)) {
      RC_ASSERT(CountMinutes(calendar, zone, from, reached - minutes(1)) < expected);
    }
  }));
}

TEST(PausesProperty, AreThoseOfCountingMinutes) {
  EXPECT_TRUE(rc::check([] {
    const base::TimeZone zone = AnyZone();
    const WorkingCalendar calendar = AnyCalendar();
    const WorkingTimetable timetable(calendar, zone);
    const Timestamp from = AnyMoment();
    const Timestamp to = from + minutes(*rc::gen::inRange(0, 10 * 1440));
    std::vector<Pause> pauses;
    for (int left = *rc::gen::inRange(0, 5); left > 0; --left) {
      const Timestamp start = from + minutes(*rc::gen::inRange(-1440, 11 * 1440));
      pauses.push_back({start, start + minutes(*rc::gen::inRange(0, 3 * 1440))});
    }
    Duration expected{0};
    for (Timestamp at = from; at < to; at += minutes(1)) {
      const bool paused = std::ranges::any_of(
          pauses, [at](const Pause& pause) { return pause.from <= at && at < pause.until; });
      if (!paused) expected += CountMinutes(calendar, zone, at, at + minutes(1));
    }
    RC_ASSERT(timetable.Between(from, to, pauses).value == expected);
    const Timestamp reached = timetable.After(from, expected, pauses).value;
    RC_ASSERT(reached <= to);
    RC_ASSERT(timetable.Between(from, reached, pauses).value == expected);
  }));
}

TEST(WorkingDaysProperty, AreThoseOfCountingDays) {
  EXPECT_TRUE(rc::check([] {
    const WorkingCalendar calendar = AnyCalendar();
    const WorkingTimetable timetable(calendar, Zone("Asia/Ho_Chi_Minh"));
    const Date from = Day(2024, 6, 1) + std::chrono::days(*rc::gen::inRange(0, 1000));
    const Date to = from + std::chrono::days(*rc::gen::inRange(0, 300));
    std::int64_t expected = 0;
    Date last = from;
    for (Date day = from + std::chrono::days(1); day <= to; day += std::chrono::days(1)) {
      if (HoursOn(calendar, day).empty()) continue;
      ++expected;
      last = day;
    }
    RC_ASSERT(timetable.WorkingDaysBetween(from, to).value == expected);
    RC_ASSERT(timetable.AddWorkingDays(from, expected).value == last);
    if (!HoursOn(calendar, from).empty()) {
      RC_ASSERT(timetable.AddWorkingDays(last, -expected).value == from);
    }
  }));
}

TEST(WorkingTimeProperty, IsThatOfCountingMinutes) {
  RandomTimes random(1);
  for (const char* name : {"Asia/Ho_Chi_Minh", "Europe/Amsterdam", "America/St_Johns",
                           "Australia/Lord_Howe", "Africa/Casablanca", "Etc/UTC"}) {
    const base::TimeZone zone = Zone(name);
    for (int round = 0; round < 60; ++round) {
      WorkingCalendar calendar = random.NextCalendar();
      if (calendar.is_always()) calendar.week[0] = {{0, 1}};
      const WorkingTimetable timetable(calendar, zone);
      const Timestamp from = sys_days(year(2012) / 1 / 1) + minutes(random.Below(5 * 366 * 1440));
      const Timestamp to = from + minutes(random.Below(round < 50 ? 3 * 1440 : 100 * 1440));
      const Duration expected = CountMinutes(calendar, zone, from, to);
      ASSERT_EQ(timetable.Between(from, to).value, expected) << name << " round " << round;
      const Timestamp reached = timetable.After(from, expected).value;
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
        const WorkingTimetable timetable(calendar, zone);
        const Timestamp from = day - minutes(random.Below(1440));
        const Timestamp to = day + minutes(random.Below(3 * 1440));
        ASSERT_EQ(timetable.Between(from, to).value, CountMinutes(calendar, zone, from, to))
            << name;
      }
    }
  }
}

}  // namespace
}  // namespace fansipan::model
