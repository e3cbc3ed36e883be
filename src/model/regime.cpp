#include "model/regime.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fansipan::model {
namespace {

using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr int kMonthsOfYear = 12;

PeriodKind Kind(std::string name, Tiling tiling, int length, LocalizedText title,
                LocalizedText label) {
  PeriodKind kind;
  kind.name = std::move(name);
  kind.title = std::move(title);
  kind.label = std::move(label);
  kind.tiling = tiling;
  kind.months = length;
  return kind;
}

// Hours, days and weeks are labelled by their own rules, months of the calendar with their names:
// see LabelOf.
std::vector<PeriodKind> CalendarKinds() {
  std::vector<PeriodKind> kinds;
  kinds.push_back(Kind("hour", Tiling::kHours, 0, {{"vi", "giờ"}, {"en", "hour"}}, {}));
  kinds.push_back(Kind("day", Tiling::kDays, 0, {{"vi", "ngày"}, {"en", "day"}}, {}));
  kinds.push_back(Kind("week", Tiling::kIsoWeeks, 0, {{"vi", "tuần"}, {"en", "week"}},
                       {{"vi", "Tuần {number}/{year}"}, {"en", "Week {number} of {year}"}}));
  kinds.push_back(Kind("month", Tiling::kMonths, 1, {{"vi", "tháng"}, {"en", "month"}},
                       {{"vi", "Tháng {number}/{year}"}, {"en", "{month} {year}"}}));
  kinds.push_back(Kind("quarter", Tiling::kMonths, 3, {{"vi", "quý"}, {"en", "quarter"}},
                       {{"vi", "Quý {roman}/{year}"}, {"en", "Quarter {number} of {year}"}}));
  kinds.push_back(Kind("year", Tiling::kMonths, kMonthsOfYear, {{"vi", "năm"}, {"en", "year"}},
                       {{"vi", "Năm {year}"}, {"en", "Year {year}"}}));
  return kinds;
}

}  // namespace

Regime::Regime(std::string name, LocalizedText title, LocalizedText basis, Year year,
               std::vector<PeriodKind> kinds)
    : name_(std::move(name)),
      title_(std::move(title)),
      basis_(std::move(basis)),
      year_(year),
      kinds_(std::move(kinds)) {}

const Regime& Regime::Calendar() {
  static const Regime kCalendar("calendar", {{"vi", "Theo lịch"}, {"en", "Calendar"}}, {}, Year{},
                                CalendarKinds());
  return kCalendar;
}

const PeriodKind* Regime::FindKind(std::string_view kind) const {
  const auto found = std::ranges::find(kinds_, kind, &PeriodKind::name);
  return found == kinds_.end() ? nullptr : &*found;
}

local_days Regime::StartOfYear(int year) const {
  const int civil = year_.named_after_end ? year - 1 : year;
  return local_days(std::chrono::year(civil) / year_.from);
}

int Regime::YearOf(local_days day) const {
  const auto civil = static_cast<int>(year_month_day(day).year());
  const int year = year_.named_after_end ? civil + 1 : civil;
  return day < StartOfYear(year) ? year - 1 : year;
}

int Regime::PeriodsPerYear(const PeriodKind& kind) {
  if (kind.tiling == Tiling::kParts) return static_cast<int>(kind.parts.size());
  assert(kind.tiling == Tiling::kMonths);
  return kMonthsOfYear / kind.months;
}

local_days Regime::DayOfYear(int year, std::chrono::month_day day) const {
  const auto start = year_month_day(StartOfYear(year));
  const local_days found(start.year() / day);
  return found < local_days(start) ? local_days((start.year() + std::chrono::years(1)) / day)
                                   : found;
}

local_days Regime::FirstDayOf(const PeriodKind& kind, int year, int number) const {
  if (kind.cumulative) return StartOfYear(year);
  if (kind.tiling == Tiling::kParts) {
    return DayOfYear(year, kind.parts[static_cast<std::size_t>(number)].from);
  }
  return local_days(year_month_day(StartOfYear(year)) + months(kind.months * number));
}

local_days Regime::EndOf(const PeriodKind& kind, int year, int number) const {
  if (kind.cumulative) {
    return local_days(year_month_day(StartOfYear(year)) + months(kind.months * (number + 1)));
  }
  const bool last = number + 1 == PeriodsPerYear(kind);
  return last ? StartOfYear(year + 1) : FirstDayOf(kind, year, number + 1);
}

const PeriodKind& CalendarKind(std::string_view kind) {
  const PeriodKind* found = Regime::Calendar().FindKind(kind);
  assert(found != nullptr);
  return *found;
}

}  // namespace fansipan::model
