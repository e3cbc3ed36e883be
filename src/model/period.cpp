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
using std::chrono::year_month_day;

constexpr int kFirstYear = 1600;
constexpr int kLastYear = 9999;
constexpr int kExampleYear = 2026;

local_days DayOf(base::LocalTime local) { return std::chrono::floor<days>(local); }
base::LocalTime LastMomentOf(const Period& period) { return period.to - base::Duration(1); }

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

Period CalendarPeriod(std::string_view kind, base::LocalTime from, base::LocalTime to) {
  return {&Regime::Calendar(), &CalendarKind(kind), from, to};
}

/// A period of a year: which year of its regime, and which of the kind's periods in it, from 0.
struct Place {
  int year = 0;
  int number = 0;
};

bool DividesYears(const PeriodKind& kind) {
  return kind.tiling == Tiling::kMonths || kind.tiling == Tiling::kParts;
}

/// Whole months from one day to a later one.
int MonthsBetween(const year_month_day& from, const year_month_day& to) {
  const auto between = to.year() / to.month() - from.year() / from.month();
  return static_cast<int>(between.count()) - (to.day() < from.day() ? 1 : 0);
}

Place PlaceAt(const Regime& regime, const PeriodKind& kind, local_days day) {
  const int year = regime.YearOf(day);
  const int last = Regime::PeriodsPerYear(kind) - 1;
  if (kind.tiling == Tiling::kMonths) {
    const int behind = MonthsBetween(year_month_day(regime.StartOfYear(year)), year_month_day(day));
    return {year, std::min(behind / kind.months, last)};
  }
  int number = 0;
  while (number < last && regime.EndOf(kind, year, number) <= day) ++number;
  return {year, number};
}

/// Of a period of a kind that divides years, also when it was extended: its last day tells.
Place PlaceOf(const Period& period) {
  return PlaceAt(*period.regime, *period.kind, DayOf(LastMomentOf(period)));
}

Period PeriodAt(const Regime& regime, const PeriodKind& kind, Place place) {
  return {&regime, &kind, regime.FirstDayOf(kind, place.year, place.number),
          regime.EndOf(kind, place.year, place.number)};
}

template <typename... Args>
std::string Format(const char* format, Args... args) {
  std::array<char, 48> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return {buffer.data(), static_cast<std::size_t>(std::max(length, 0))};
}

/// What stands behind the year in the text of its period of that number.
std::string SuffixOf(const PeriodKind& kind, int number) {
  if (kind.tiling == Tiling::kParts) {
    return "-" + kind.parts[static_cast<std::size_t>(number)].name;
  }
  if (kind.cumulative) return Format("-%dM", kind.months * (number + 1));
  switch (kind.months) {
    case 1:
      return Format("-%02d", number + 1);
    case 2:
      return Format("-B%d", number + 1);
    case 3:
      return Format("-Q%d", number + 1);
    case 4:
      return Format("-T%d", number + 1);
    case 6:
      return Format("-H%d", number + 1);
    default:
      return "";
  }
}

std::string TextAt(const Regime& regime, const PeriodKind& kind, Place place) {
  const std::string prefix = regime.is_calendar() ? "" : regime.name() + ":";
  return prefix + Format("%04d", place.year) + SuffixOf(kind, place.number);
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

/// A period of a kind that divides years, without its regime's name.
std::optional<Period> FindInYear(const Regime& regime, int year, std::string_view suffix) {
  for (const PeriodKind& kind : regime.kinds()) {
    if (!DividesYears(kind)) continue;
    for (int number = 0; number < Regime::PeriodsPerYear(kind); ++number) {
      if (SuffixOf(kind, number) == suffix) return PeriodAt(regime, kind, {year, number});
    }
  }
  return std::nullopt;
}

std::optional<Period> ParseWeek(int year, std::string_view text) {
  const std::optional<int> week = DigitsAt(text, 6, 2);
  if (text.size() != 8 || !week || *week < 1) return std::nullopt;
  if (*week > IsoWeeksIn(std::chrono::year(year))) return std::nullopt;
  const local_days monday = FirstIsoMonday(std::chrono::year(year)) + weeks(*week - 1);
  return CalendarPeriod("week", monday, monday + weeks(1));
}

std::optional<Period> ParseDayOrHour(int year, std::string_view text) {
  const std::optional<int> month = DigitsAt(text, 5, 2);
  const std::optional<int> day = DigitsAt(text, 8, 2);
  if (text[7] != '-' || !month || !day) return std::nullopt;
  const auto date = std::chrono::year(year) / *month / *day;
  if (!date.ok()) return std::nullopt;
  const local_days start(date);
  if (text.size() == 10) return CalendarPeriod("day", start, start + days(1));
  const std::optional<int> hour = DigitsAt(text, 11, 2);
  if (text.size() != 13 || text[10] != 'T' || !hour || *hour > 23) return std::nullopt;
  return CalendarPeriod("hour", start + hours(*hour), start + hours(*hour + 1));
}

std::optional<Period> FindPeriod(const Regime& regime, std::string_view text) {
  const std::optional<int> year = DigitsAt(text, 0, 4);
  if (!year || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  if (regime.is_calendar() && text.size() > 5 && text[5] == 'W') return ParseWeek(*year, text);
  if (regime.is_calendar() && text.size() > 7) return ParseDayOrHour(*year, text);
  return FindInYear(regime, *year, text.substr(4));
}

std::string FormsOf(const Regime& regime) {
  if (regime.is_calendar()) {
    return "write an hour 2026-11-23T14, a day 2026-11-23, a week 2026-W48, a month 2026-11, a "
           "quarter 2026-Q4, or a year 2026";
  }
  std::string forms;
  for (const PeriodKind& kind : regime.kinds()) {
    forms += (forms.empty() ? "write " : ", ") + TextAt(regime, kind, {kExampleYear, 0}) + " (" +
             kind.name + ")";
  }
  return forms;
}

base::Error UnknownPeriod(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "unknown_period", std::move(message)};
}

std::string DateText(local_days day, const char* format) {
  const year_month_day date(day);
  return Format(format, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
}

/// The same date a year earlier; 29 February becomes 28.
local_days DayLastYear(local_days day) {
  const year_month_day date = year_month_day(day) - std::chrono::years(1);
  if (date.ok()) return local_days(date);
  return local_days(date.year() / date.month() / std::chrono::last);
}

Period WeekLastYear(local_days day) {
  const IsoWeek week = IsoWeekOf(day);
  const std::chrono::year year = week.year - std::chrono::years(1);
  const local_days monday = FirstIsoMonday(year) + weeks(std::min(week.week, IsoWeeksIn(year)) - 1);
  return CalendarPeriod("week", monday, monday + weeks(1));
}

/// The period without what it was extended by.
Period Unextended(const Period& period) {
  return PeriodContaining(*period.regime, *period.kind, LastMomentOf(period));
}

/// `moved` extended when `period` is.
Period ExtendedLike(const Period& period, const Period& moved) {
  return Unextended(period).from == period.from ? moved : ExtendedToYearStart(moved);
}

Period ShiftUnextended(const Period& period, int steps) {
  switch (period.kind->tiling) {
    case Tiling::kHours:
      return CalendarPeriod("hour", period.to + hours(steps - 1), period.to + hours(steps));
    case Tiling::kDays:
      return CalendarPeriod("day", period.to + days(steps - 1), period.to + days(steps));
    case Tiling::kIsoWeeks:
      return CalendarPeriod("week", period.to + weeks(steps - 1), period.to + weeks(steps));
    case Tiling::kMonths:
    case Tiling::kParts:
      break;
  }
  const Place place = PlaceOf(period);
  const int per_year = Regime::PeriodsPerYear(*period.kind);
  const int index = place.number + steps;
  const int years = index >= 0 ? index / per_year : -((per_year - 1 - index) / per_year);
  return PeriodAt(*period.regime, *period.kind, {place.year + years, index - years * per_year});
}

Period LastYearUnextended(const Period& period) {
  const base::LocalTime last = LastMomentOf(period);
  const local_days day = DayOf(last);
  switch (period.kind->tiling) {
    case Tiling::kHours:
    case Tiling::kDays:
      return PeriodContaining(*period.regime, *period.kind, DayLastYear(day) + (last - day));
    case Tiling::kIsoWeeks:
      return WeekLastYear(day);
    case Tiling::kMonths:
    case Tiling::kParts:
      break;
  }
  const Place place = PlaceOf(period);
  return PeriodAt(*period.regime, *period.kind, {place.year - 1, place.number});
}

std::string Roman(int number) {
  constexpr std::array<std::pair<int, std::string_view>, 5> kSigns{
      {{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}};
  std::string text;
  for (const auto& [value, sign] : kSigns) {
    for (; number >= value; number -= value) text += sign;
  }
  return text;
}

std::string_view EnglishMonth(local_days day) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return kMonths[static_cast<unsigned>(year_month_day(day).month()) - 1];
}

/// "23/11/2026", in English "23 November 2026".
std::string DayIn(const std::string& language, local_days day) {
  const year_month_day date(day);
  const auto number = static_cast<unsigned>(date.day());
  const int year = static_cast<int>(date.year());
  if (language == "en") {
    return Format("%u ", number) + std::string(EnglishMonth(day)) + Format(" %d", year);
  }
  return Format("%u/%u/%d", number, static_cast<unsigned>(date.month()), year);
}

/// What the marks of a label stand for, in one language.
std::string MarkText(const Period& period, std::string_view mark, const std::string& language) {
  const bool is_week = period.kind->tiling == Tiling::kIsoWeeks;
  const local_days last = DayOf(LastMomentOf(period));
  const IsoWeek week = IsoWeekOf(last);
  const Place place = is_week ? Place{static_cast<int>(week.year), week.week - 1} : PlaceOf(period);
  if (mark == "year") return std::to_string(place.year);
  if (mark == "next_year") return std::to_string(place.year + 1);
  if (mark == "number") return std::to_string(place.number + 1);
  if (mark == "roman") return Roman(place.number + 1);
  if (mark == "from") return DayIn(language, DayOf(period.from));
  if (mark == "to") return DayIn(language, last);
  if (mark == "month") return std::string(EnglishMonth(last));
  const year_month_day date(last);
  if (mark == "end_month") return std::to_string(static_cast<unsigned>(date.month()));
  if (mark == "end_year") return std::to_string(static_cast<int>(date.year()));
  const PeriodKind& kind = *period.kind;
  if (mark == "months") {
    return std::to_string(kind.cumulative ? kind.months * (place.number + 1) : kind.months);
  }
  if (mark != "part" || kind.tiling != Tiling::kParts) return "";
  const auto& part = kind.parts[static_cast<std::size_t>(place.number)];
  return std::string(TextIn(part.title, language));
}

std::string Filled(const Period& period, std::string_view label, const std::string& language) {
  std::string text;
  while (true) {
    const std::size_t open = label.find('{');
    const std::size_t close = label.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    text += label.substr(0, open);
    text += MarkText(period, label.substr(open + 1, close - open - 1), language);
    label.remove_prefix(close + 1);
  }
  return text.append(label);
}

LocalizedText LabelOfDayOrHour(const Period& period) {
  const local_days day = DayOf(LastMomentOf(period));
  const std::string vi = DayIn("vi", day);
  const std::string en = DayIn("en", day);
  if (period.kind->tiling == Tiling::kDays) return {{"vi", "Ngày " + vi}, {"en", en}};
  const auto hour = static_cast<int>(
      std::chrono::floor<hours>(LastMomentOf(period) - base::LocalTime(day)).count());
  return {{"vi", std::to_string(hour) + " giờ ngày " + vi}, {"en", en + Format(", %02d:00", hour)}};
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

const Regime* FindRegime(const Regimes& regimes, std::string_view name) {
  if (name == Regime::Calendar().name()) return &Regime::Calendar();
  const auto found =
      std::ranges::find_if(regimes, [&](const auto& regime) { return regime->name() == name; });
  return found == regimes.end() ? nullptr : found->get();
}

base::Result<Period> ParsePeriod(std::string_view text, const Regimes& regimes) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  const std::string quoted = "'" + std::string(text.substr(0, 80)) + "'";
  const Regime* regime = name.empty() ? &Regime::Calendar() : FindRegime(regimes, name);
  if (regime == nullptr) {
    std::string names = Regime::Calendar().name();
    for (const auto& declared : regimes) names += ", " + declared->name();
    return UnknownPeriod(quoted + " is of no regime of this center; it has " + names);
  }
  const std::string_view inside = text.substr(name.empty() ? 0 : colon + 1);
  if (const std::optional<Period> period = FindPeriod(*regime, inside)) return *period;
  if (regime->is_calendar()) return UnknownPeriod(quoted + " is not a period; " + FormsOf(*regime));
  return UnknownPeriod(quoted + " is not a period of the regime '" + regime->name() + "'; " +
                       FormsOf(*regime));
}

std::string ToText(const Period& period) {
  const local_days day = DayOf(LastMomentOf(period));
  switch (period.kind->tiling) {
    case Tiling::kHours: {
      const auto hour = std::chrono::floor<hours>(LastMomentOf(period) - base::LocalTime(day));
      return DateText(day, "%04d-%02u-%02u") + Format("T%02d", static_cast<int>(hour.count()));
    }
    case Tiling::kDays:
      return DateText(day, "%04d-%02u-%02u");
    case Tiling::kIsoWeeks: {
      const IsoWeek week = IsoWeekOf(day);
      return Format("%04d-W%02d", static_cast<int>(week.year), week.week);
    }
    case Tiling::kMonths:
    case Tiling::kParts:
      break;
  }
  return TextAt(*period.regime, *period.kind, PlaceOf(period));
}

LocalizedText LabelOf(const Period& period) {
  const Tiling tiling = period.kind->tiling;
  if (tiling == Tiling::kHours || tiling == Tiling::kDays) return LabelOfDayOrHour(period);
  LocalizedText label;
  for (const auto& [language, pattern] : period.kind->label) {
    label.emplace(language, Filled(period, pattern, language));
  }
  return label;
}

Period PeriodContaining(const Regime& regime, const PeriodKind& kind, base::LocalTime local) {
  const local_days day = DayOf(local);
  switch (kind.tiling) {
    case Tiling::kHours: {
      const auto hour = std::chrono::floor<hours>(local);
      return {&regime, &kind, hour, hour + hours(1)};
    }
    case Tiling::kDays:
      return {&regime, &kind, day, day + days(1)};
    case Tiling::kIsoWeeks: {
      const local_days monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
      return {&regime, &kind, monday, monday + weeks(1)};
    }
    case Tiling::kMonths:
    case Tiling::kParts:
      break;
  }
  return PeriodAt(regime, kind, PlaceAt(regime, kind, day));
}

Period PeriodContaining(std::string_view calendar_kind, base::LocalTime local) {
  return PeriodContaining(Regime::Calendar(), CalendarKind(calendar_kind), local);
}

Period Shift(const Period& period, int steps) {
  return ExtendedLike(period, ShiftUnextended(period, steps));
}

Period SamePeriodLastYear(const Period& period) {
  return ExtendedLike(period, LastYearUnextended(period));
}

base::LocalTime YearStart(const Period& period) {
  const Regime& regime = *period.regime;
  const local_days day = DayOf(Unextended(period).from);
  return regime.StartOfYear(regime.YearOf(day));
}

Period ExtendedToYearStart(const Period& period) {
  Period extended = period;
  extended.from = YearStart(period);
  return extended;
}

std::optional<LeafRange> LeavesOf(const Period& period, Grain grain) {
  if (period.kind->tiling == Tiling::kHours && grain == Grain::kDay) return std::nullopt;
  return LeafRange{LeafOf(period.from, grain), LeafOf(period.to, grain)};
}

}  // namespace fansipan::model
