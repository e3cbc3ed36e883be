#include "model/pace.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <chrono>
#include <string>

namespace fansipan::model {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

/// Monday to Friday 07:30 to 17:00; 2 January 2026 is free.
WorkingCalendar OfficeHours() {
  WorkingCalendar calendar;
  calendar.name = "office";
  for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = {{7 * 60 + 30, 17 * 60}};
  calendar.years[2026] = CalendarYear{};
  calendar.days[sys_days(year(2026) / 1 / 2)] = SpecialDay{};
  return calendar;
}

class PaceTest : public testing::Test {
 protected:
  std::optional<Pace> Ask(int value, int target, std::string_view period, base::Timestamp now) {
    return PaceOf(
        {Decimal::FromInteger(value), Decimal::FromInteger(target), *ParsePeriod(period), now},
        timetable_, zone_);
  }
  static base::Timestamp Hanoi(int month, int day, int hour) {
    return sys_days(year(2026) / month / day) + hours(hour - 7);
  }

  base::TimeZone zone_ = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
  WorkingTimetable timetable_{OfficeHours(), zone_};
};

TEST_F(PaceTest, SaysWhatEachWorkingDayThatIsLeftMustBring) {
  // November 2026 has 21 working days; Monday the 16th is the 11th.
  const auto pace = Ask(400, 1'000, "2026-11", Hanoi(11, 16, 8));
  ASSERT_TRUE(pace);
  EXPECT_EQ(pace->share, *Decimal::Parse("40"));
  EXPECT_EQ(pace->remaining, *Decimal::Parse("600"));
  EXPECT_EQ(pace->working_days, 21);
  EXPECT_EQ(pace->working_days_left, 11);
  EXPECT_EQ(pace->needed_per_working_day, Decimal::Parse("54.545454545455"));
  EXPECT_EQ(pace->expected, Decimal::Parse("476.190476190476"));
  EXPECT_EQ(pace->coverage, Coverage::kDecided);
}

TEST_F(PaceTest, ADayCountsUntilItsWorkIsDone) {
  EXPECT_EQ(Ask(1, 2, "2026-11", Hanoi(11, 16, 16))->working_days_left, 11);
  EXPECT_EQ(Ask(1, 2, "2026-11", Hanoi(11, 16, 17))->working_days_left, 10);
  EXPECT_EQ(Ask(1, 2, "2026-11", Hanoi(11, 15, 12))->working_days_left, 11);
  EXPECT_EQ(Ask(1, 2, "2026-01-02", Hanoi(1, 2, 9))->working_days, 0);
}

TEST_F(PaceTest, APeriodThatIsOverNeedsNothingMoreAndOneAheadAllOfIt) {
  const auto over = Ask(900, 1'000, "2026-10", Hanoi(11, 16, 8));
  EXPECT_EQ(over->working_days_left, 0);
  EXPECT_FALSE(over->needed_per_working_day);
  EXPECT_EQ(over->expected, Decimal::FromInteger(1'000));
  EXPECT_EQ(over->share, Decimal::FromInteger(90));
  const auto ahead = Ask(0, 1'000, "2026-12", Hanoi(11, 16, 8));
  EXPECT_EQ(ahead->working_days_left, ahead->working_days);
  EXPECT_EQ(ahead->expected, Decimal::FromInteger(0));
}

TEST_F(PaceTest, ATargetThatIsReachedLeavesNothing) {
  const auto pace = Ask(1'200, 1'000, "2026-11", Hanoi(11, 16, 8));
  EXPECT_EQ(pace->share, Decimal::FromInteger(120));
  EXPECT_EQ(pace->remaining, Decimal::FromInteger(0));
  EXPECT_EQ(pace->needed_per_working_day, Decimal::FromInteger(0));
}

TEST_F(PaceTest, WithoutWorkingDaysOrATargetAboveZeroThereIsNoPace) {
  const auto sunday = Ask(1, 2, "2026-11-15", Hanoi(11, 15, 12));
  EXPECT_FALSE(sunday->expected);
  EXPECT_FALSE(sunday->needed_per_working_day);
  EXPECT_FALSE(Ask(1, 0, "2026-11", Hanoi(11, 15, 12)));
  EXPECT_FALSE(Ask(1, -5, "2026-11", Hanoi(11, 15, 12)));
}

TEST_F(PaceTest, SaysWhatItsCalendarDoesNotKnow) {
  EXPECT_EQ(Ask(1, 2, "2027-03", Hanoi(11, 15, 12))->coverage, Coverage::kOutside);
}

TEST(PaceProperty, DaysAreThoseThatACountDayByDayFinds) {
  const bool holds = rc::check("days left and gone", [] {
    const base::TimeZone zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    const WorkingTimetable timetable(OfficeHours(), zone);
    const auto start = sys_days(year(2026) / 1 / 1);
    const int first = *rc::gen::inRange(0, 300);
    const int length = *rc::gen::inRange(1, 60);
    const int now_minute = *rc::gen::inRange(-3 * 24 * 60, (length + 3) * 24 * 60);
    Period period;
    period.from = base::LocalTime((start + days(first)).time_since_epoch());
    period.to = period.from + days(length);
    const base::Timestamp now = zone.ToUtc(period.from + minutes(now_minute));
    const auto pace =
        PaceOf({Decimal::FromInteger(3), Decimal::FromInteger(7), period, now}, timetable, zone);
    std::int64_t all = 0;
    std::int64_t left = 0;
    for (int day = 0; day < length; ++day) {
      const Date date(start + days(first + day));
      if (!timetable.IsWorkingDay(date)) continue;
      ++all;
      const base::LocalTime end_of_work = period.from + days(day) + hours(17);
      if (zone.ToLocal(now) < end_of_work) ++left;
    }
    RC_ASSERT(pace->working_days == all);
    RC_ASSERT(pace->working_days_left == left);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace fansipan::model
