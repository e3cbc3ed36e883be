#include "model/period.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace fansipan::model {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::weeks;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int kFirstYear = 1600;
constexpr int kLastYear = 9999;

constexpr std::array<std::pair<PeriodKind, std::string_view>, 6> kPeriodKinds{{
    {PeriodKind::kHour, "hour"},
    {PeriodKind::kDay, "day"},
    {PeriodKind::kWeek, "week"},
    {PeriodKind::kMonth, "month"},
    {PeriodKind::kQuarter, "quarter"},
    {PeriodKind::kYear, "year"},
}};

local_days DayOf(base::LocalTime local) { return std::chrono::floor<days>(local); }

year_month MonthOf(base::LocalTime local) {
  const year_month_day date(DayOf(local));
  return date.year() / date.month();
}

local_days FirstDay(year_month month) { return local_days(month / std::chrono::day(1)); }

/// Monday of week 1: the week with the year's 4 January.
local_days FirstIsoMonday(std::chrono::year year) {
  const local_days fourth(year / std::chrono::January / 4);
  return fourth - (std::chrono::weekday(fourth) - std::chrono::Monday);
}

struct IsoWeek {
  std::chrono::year year;
  int week = 0;
};

IsoWeek IsoWeekOf(local_days day) {
  // A week belongs to the year of its Thursday.
  const local_days thursday = day - (std::chrono::weekday(day) - std::chrono::Monday) + days(3);
  const std::chrono::year year = year_month_day(thursday).year();
  return {year, static_cast<int>((thursday - FirstIsoMonday(year)) / weeks(1)) + 1};
}

int IsoWeeksIn(std::chrono::year year) {
  return static_cast<int>((FirstIsoMonday(year + std::chrono::years(1)) - FirstIsoMonday(year)) /
                          weeks(1));
}

Period MakePeriod(PeriodKind kind, base::LocalTime from, base::LocalTime to) {
  Period period;
  period.kind = kind;
  period.from = from;
  period.to = to;
  return period;
}

Period MakeMonths(PeriodKind kind, year_month first, int count) {
  return MakePeriod(kind, FirstDay(first), FirstDay(first + months(count)));
}

/// Digits of a fixed count at `at`; nothing when one is missing or no digit.
std::optional<int> DigitsAt(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<Period> ParseWeek(int year, std::string_view text) {
  const std::optional<int> week = DigitsAt(text, 6, 2);
  if (text.size() != 8 || !week || *week < 1) return std::nullopt;
  if (*week > IsoWeeksIn(std::chrono::year(year))) return std::nullopt;
  const local_days monday = FirstIsoMonday(std::chrono::year(year)) + weeks(*week - 1);
  return MakePeriod(PeriodKind::kWeek, monday, monday + weeks(1));
}

std::optional<Period> ParseQuarter(int year, std::string_view text) {
  const std::optional<int> quarter = DigitsAt(text, 6, 1);
  if (text.size() != 7 || !quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
  const auto month = std::chrono::month(static_cast<unsigned>(*quarter * 3 - 2));
  return MakeMonths(PeriodKind::kQuarter, std::chrono::year(year) / month, 3);
}

std::optional<Period> ParseDayOrHour(year_month month, std::string_view text) {
  const std::optional<int> day = DigitsAt(text, 8, 2);
  if (text[7] != '-' || !day) return std::nullopt;
  const year_month_day date = month / std::chrono::day(static_cast<unsigned>(*day));
  if (!date.ok()) return std::nullopt;
  const local_days start(date);
  if (text.size() == 10) return MakePeriod(PeriodKind::kDay, start, start + days(1));
  const std::optional<int> hour = DigitsAt(text, 11, 2);
  if (text.size() != 13 || text[10] != 'T' || !hour || *hour > 23) return std::nullopt;
  return MakePeriod(PeriodKind::kHour, start + hours(*hour), start + hours(*hour + 1));
}

std::optional<Period> FindPeriod(std::string_view text) {
  const std::optional<int> year = DigitsAt(text, 0, 4);
  if (!year || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  if (text.size() == 4) {
    return MakeMonths(PeriodKind::kYear, std::chrono::year(*year) / std::chrono::January, 12);
  }
  if (text.size() < 7 || text[4] != '-') return std::nullopt;
  if (text[5] == 'W') return ParseWeek(*year, text);
  if (text[5] == 'Q') return ParseQuarter(*year, text);
  const std::optional<int> number = DigitsAt(text, 5, 2);
  if (!number || *number < 1 || *number > 12) return std::nullopt;
  const year_month month =
      std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*number));
  if (text.size() == 7) return MakeMonths(PeriodKind::kMonth, month, 1);
  return ParseDayOrHour(month, text);
}

template <typename... Args>
std::string Format(const char* format, Args... args) {
  std::array<char, 48> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return {buffer.data(), static_cast<std::size_t>(std::max(length, 0))};
}

std::string DateText(local_days day) {
  const year_month_day date(day);
  return Format("%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// The same date a year earlier; 29 February becomes 28.
local_days DayLastYear(local_days day) {
  const year_month_day date = year_month_day(day) - std::chrono::years(1);
  if (date.ok()) return local_days(date);
  return local_days(date.year() / date.month() / std::chrono::last);
}

Period WeekLastYear(base::LocalTime from) {
  const IsoWeek week = IsoWeekOf(DayOf(from));
  const std::chrono::year year = week.year - std::chrono::years(1);
  const local_days monday = FirstIsoMonday(year) + weeks(std::min(week.week, IsoWeeksIn(year)) - 1);
  return MakePeriod(PeriodKind::kWeek, monday, monday + weeks(1));
}

Leaf WholeUnits(base::Duration since, Grain grain) {
  if (grain == Grain::kHour) return static_cast<Leaf>(std::chrono::floor<hours>(since).count());
  return static_cast<Leaf>(std::chrono::floor<days>(since).count());
}

}  // namespace

std::string_view NameOf(Grain grain) { return grain == Grain::kHour ? "hour" : "day"; }

Leaf LeafOf(base::LocalTime local, Grain grain) {
  return WholeUnits(local.time_since_epoch(), grain);
}

base::LocalTime StartOf(Leaf leaf, Grain grain) {
  if (grain == Grain::kHour) return base::LocalTime(hours(leaf));
  return base::LocalTime(days(leaf));
}

std::string_view NameOf(PeriodKind kind) {
  for (const auto& [known, name] : kPeriodKinds) {
    if (known == kind) return name;
  }
  return "";
}

std::optional<PeriodKind> FindPeriodKind(std::string_view name) {
  for (const auto& [kind, known] : kPeriodKinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

base::Result<Period> ParsePeriod(std::string_view text) {
  if (const std::optional<Period> period = FindPeriod(text)) return *period;
  return base::Error{base::ErrorCode::kInvalidArgument, "unknown_period",
                     "'" + std::string(text.substr(0, 40)) +
                         "' is not a period; write an hour 2026-11-23T14, a day 2026-11-23, a week "
                         "2026-W48, a month 2026-11, a quarter 2026-Q4, or a year 2026"};
}

std::string ToText(const Period& period) {
  const local_days day = DayOf(period.from);
  const year_month month = MonthOf(period.from);
  const int year = static_cast<int>(month.year());
  switch (period.kind) {
    case PeriodKind::kHour: {
      const auto hour = std::chrono::floor<hours>(period.from - day);
      return DateText(day) + Format("T%02d", static_cast<int>(hour.count()));
    }
    case PeriodKind::kDay:
      return DateText(day);
    case PeriodKind::kWeek: {
      const IsoWeek week = IsoWeekOf(day);
      return Format("%04d-W%02d", static_cast<int>(week.year), week.week);
    }
    case PeriodKind::kMonth:
      return Format("%04d-%02u", year, static_cast<unsigned>(month.month()));
    case PeriodKind::kQuarter:
      return Format("%04d-Q%u", year, (static_cast<unsigned>(month.month()) + 2) / 3);
    case PeriodKind::kYear:
      return Format("%04d", year);
  }
  return {};
}

Period PeriodContaining(PeriodKind kind, base::LocalTime local) {
  const local_days day = DayOf(local);
  const year_month month = MonthOf(local);
  switch (kind) {
    case PeriodKind::kHour: {
      const auto hour = std::chrono::floor<hours>(local);
      return MakePeriod(kind, hour, hour + hours(1));
    }
    case PeriodKind::kDay:
      return MakePeriod(kind, day, day + days(1));
    case PeriodKind::kWeek: {
      const local_days monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
      return MakePeriod(kind, monday, monday + weeks(1));
    }
    case PeriodKind::kMonth:
      return MakeMonths(kind, month, 1);
    case PeriodKind::kQuarter: {
      const unsigned into_quarter = (static_cast<unsigned>(month.month()) - 1) % 3;
      return MakeMonths(kind, month - months(into_quarter), 3);
    }
    case PeriodKind::kYear:
      return MakeMonths(kind, month.year() / std::chrono::January, 12);
  }
  return {};
}

Period Shift(const Period& period, int steps) {
  switch (period.kind) {
    case PeriodKind::kHour:
      return MakePeriod(period.kind, period.from + hours(steps), period.to + hours(steps));
    case PeriodKind::kDay:
      return MakePeriod(period.kind, period.from + days(steps), period.to + days(steps));
    case PeriodKind::kWeek:
      return MakePeriod(period.kind, period.from + weeks(steps), period.to + weeks(steps));
    case PeriodKind::kMonth:
      return MakeMonths(period.kind, MonthOf(period.from) + months(steps), 1);
    case PeriodKind::kQuarter:
      return MakeMonths(period.kind, MonthOf(period.from) + months(std::int64_t{3} * steps), 3);
    case PeriodKind::kYear:
      return MakeMonths(period.kind, MonthOf(period.from) + months(std::int64_t{12} * steps), 12);
  }
  return period;
}

Period SamePeriodLastYear(const Period& period) {
  const local_days day = DayOf(period.from);
  switch (period.kind) {
    case PeriodKind::kHour:
    case PeriodKind::kDay:
      return PeriodContaining(period.kind, DayLastYear(day) + (period.from - day));
    case PeriodKind::kWeek:
      return WeekLastYear(period.from);
    case PeriodKind::kMonth:
      return Shift(period, -12);
    case PeriodKind::kQuarter:
      return Shift(period, -4);
    case PeriodKind::kYear:
      return Shift(period, -1);
  }
  return period;
}

base::LocalTime YearStart(const Period& period) {
  return FirstDay(MonthOf(period.from).year() / std::chrono::January);
}

std::optional<LeafRange> LeavesOf(const Period& period, Grain grain) {
  if (period.kind == PeriodKind::kHour && grain == Grain::kDay) return std::nullopt;
  return LeafRange{LeafOf(period.from, grain), LeafOf(period.to, grain)};
}

}  // namespace fansipan::model
