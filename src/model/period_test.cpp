#include "model/period.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fansipan::model {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::year;

constexpr std::string_view kKinds[] = {"hour", "day", "week", "month", "quarter", "year"};

local_days Day(int year_number, unsigned month, unsigned day) {
  return local_days(year(year_number) / std::chrono::month(month) / std::chrono::day(day));
}

Period Read(std::string_view text) {
  const base::Result<Period> period = ParsePeriod(text);
  EXPECT_TRUE(period.ok()) << text;
  return period.ok() ? *period : Period();
}

void ExpectSpan(std::string_view text, std::string_view kind, base::LocalTime from,
                base::LocalTime to) {
  const Period period = Read(text);
  EXPECT_EQ(period.regime, &Regime::Calendar());
  EXPECT_EQ(period.kind->name, kind) << text;
  EXPECT_EQ(period.from, from) << text;
  EXPECT_EQ(period.to, to) << text;
  EXPECT_EQ(ToText(period), text);
}

TEST(ParsePeriod, ReadsEveryForm) {
  const local_days day = Day(2026, 11, 23);
  ExpectSpan("2026-11-23T14", "hour", day + hours(14), day + hours(15));
  ExpectSpan("2026-11-23T23", "hour", day + hours(23), day + hours(24));
  ExpectSpan("2026-11-23", "day", day, day + days(1));
  ExpectSpan("2026-W48", "week", day, day + days(7));
  ExpectSpan("2026-11", "month", Day(2026, 11, 1), Day(2026, 12, 1));
  ExpectSpan("2026-Q4", "quarter", Day(2026, 10, 1), Day(2027, 1, 1));
  ExpectSpan("2026", "year", Day(2026, 1, 1), Day(2027, 1, 1));
}

TEST(ParsePeriod, ReadsIsoWeeksAroundTheTurnOfTheYear) {
  ExpectSpan("2026-W01", "week", Day(2025, 12, 29), Day(2026, 1, 5));
  ExpectSpan("2026-W53", "week", Day(2026, 12, 28), Day(2027, 1, 4));
  ExpectSpan("2020-W53", "week", Day(2020, 12, 28), Day(2021, 1, 4));
}

TEST(ParsePeriod, RefusesWhatIsNoPeriod) {
  for (const std::string_view text :
       {"",           "26",          "2026-",         "2026-1",           "2026-13",   "2026-00",
        "2026-W00",   "2026-W54",    "2025-W53",      "2026-Q0",          "2026-Q5",   "2026-Q10",
        "2026-02-30", "2026-11-23T", "2026-11-23T24", "2026-11-23T14:00", "2026-11-2", "2026/11",
        "1599",       "20261",       "2026-W4",       "2026-11-23 14"}) {
    const base::Result<Period> period = ParsePeriod(text);
    ASSERT_FALSE(period.ok()) << text;
    EXPECT_EQ(period.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_EQ(period.error().reason, "unknown_period");
  }
}

// Walks every day of years with and without a leap day and a week 53.
TEST(Period, ContainsTheMomentItIsMadeForAndAdjoinsItsNeighbours) {
  for (local_days day = Day(2019, 12, 1); day < Day(2029, 2, 1); day += days(1)) {
    const base::LocalTime moment = day + hours(13) + minutes(5);
    for (const std::string_view kind : kKinds) {
      const Period period = PeriodContaining(kind, moment);
      ASSERT_LE(period.from, moment);
      ASSERT_LT(moment, period.to);
      ASSERT_EQ(PeriodContaining(kind, period.from), period);
      ASSERT_EQ(PeriodContaining(kind, period.to - base::Duration(1)), period);
      ASSERT_EQ(Read(ToText(period)), period);
      ASSERT_EQ(Shift(period, 1), PeriodContaining(kind, period.to));
      ASSERT_EQ(Shift(Shift(period, 29), -29), period);
      ASSERT_EQ(Shift(period, 0), period);
    }
  }
}

TEST(Period, ShiftsAcrossTheTurnOfTheYear) {
  EXPECT_EQ(ToText(Shift(Read("2026-11"), 3)), "2027-02");
  EXPECT_EQ(ToText(Shift(Read("2026-Q1"), -1)), "2025-Q4");
  EXPECT_EQ(ToText(Shift(Read("2026-W53"), 1)), "2027-W01");
  EXPECT_EQ(ToText(Shift(Read("2026-03-01"), -1)), "2026-02-28");
  EXPECT_EQ(ToText(Shift(Read("2026-01-01T00"), -1)), "2025-12-31T23");
  EXPECT_EQ(ToText(Shift(Read("2026"), -26)), "2000");
}

TEST(Period, FindsTheSameOneAYearEarlier) {
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-11-23T14"))), "2025-11-23T14");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2028-02-29"))), "2027-02-28");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2028-02-29T23"))), "2027-02-28T23");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-W48"))), "2025-W48");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-W53"))), "2025-W52");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-W01"))), "2025-W01");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-02"))), "2025-02");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026-Q2"))), "2025-Q2");
  EXPECT_EQ(ToText(SamePeriodLastYear(Read("2026"))), "2025");
}

TEST(Period, KnowsWhereItsYearBegins) {
  EXPECT_EQ(YearStart(Read("2026-11-23")), Day(2026, 1, 1));
  EXPECT_EQ(YearStart(Read("2026")), Day(2026, 1, 1));
  EXPECT_EQ(YearStart(Read("2026-W01")), Day(2025, 1, 1));
}

TEST(Leaf, CountsHoursAndDaysOfLocalTime) {
  const base::LocalTime moment = Day(1970, 1, 2) + hours(1) + minutes(59);
  EXPECT_EQ(LeafOf(moment, Grain::kDay), 1);
  EXPECT_EQ(LeafOf(moment, Grain::kHour), 25);
  EXPECT_EQ(LeafOf(Day(1970, 1, 1) - base::Duration(1), Grain::kDay), -1);
  EXPECT_EQ(LeafOf(Day(1970, 1, 1) - base::Duration(1), Grain::kHour), -1);
  EXPECT_EQ(StartOf(25, Grain::kHour), Day(1970, 1, 2) + hours(1));
  EXPECT_EQ(StartOf(-1, Grain::kDay), Day(1969, 12, 31));
  EXPECT_EQ(NameOf(Grain::kHour), "hour");
  EXPECT_EQ(NameOf(Grain::kDay), "day");
}

TEST(Leaf, IsInsideOfExactlyTheTimesBetweenStarts) {
  for (const std::string_view kind : kKinds) {
    for (const Grain grain : {Grain::kHour, Grain::kDay}) {
      const Period period = PeriodContaining(kind, Day(2028, 2, 29) + hours(7));
      const std::optional<LeafRange> leaves = LeavesOf(period, grain);
      if (kind == "hour" && grain == Grain::kDay) {
        EXPECT_FALSE(leaves.has_value());
        continue;
      }
      ASSERT_TRUE(leaves.has_value());
      EXPECT_EQ(StartOf(leaves->first, grain), period.from);
      EXPECT_EQ(StartOf(leaves->last, grain), period.to);
    }
  }
}

}  // namespace
}  // namespace fansipan::model
