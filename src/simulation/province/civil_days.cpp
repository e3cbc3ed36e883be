#include "simulation/province/civil_days.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/hash.h"
#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

constexpr days kTetBefore{1};
constexpr days kTetAfter{5};

/// First days of the lunar years.
constexpr std::array kTet = {local_days(2025y / 1 / 29), local_days(2026y / 2 / 17),
                             local_days(2027y / 2 / 6),  local_days(2028y / 1 / 26),
                             local_days(2029y / 2 / 13), local_days(2030y / 2 / 3),
                             local_days(2031y / 1 / 23), local_days(2032y / 2 / 11)};

/// Days on which the Hung Kings' commemoration is off.
constexpr std::array kHungKings = {local_days(2025y / 4 / 7),  local_days(2026y / 4 / 27),
                                   local_days(2027y / 4 / 16), local_days(2028y / 4 / 4),
                                   local_days(2029y / 4 / 23), local_days(2030y / 4 / 12),
                                   local_days(2031y / 4 / 1),  local_days(2032y / 4 / 19)};

bool IsFixedHoliday(const year_month_day& date) {
  const auto day = date.month() / date.day();
  return day == 1 / 1d || day == 4 / 30d || day == 5 / 1d || day == 9 / 1d || day == 9 / 2d;
}

}  // namespace

bool IsPublicHoliday(Day day) {
  if (IsFixedHoliday(year_month_day(day))) return true;
  if (std::find(kHungKings.begin(), kHungKings.end(), day) != kHungKings.end()) return true;
  return std::any_of(kTet.begin(), kTet.end(), [day](Day first) {
    return day >= first - kTetBefore && day <= first + kTetAfter;
  });
}

bool IsWorkingDay(Day day) {
  return std::chrono::weekday(day).iso_encoding() <= 5 && !IsPublicHoliday(day);
}

bool IsSchoolDay(Day day) {
  const year_month_day date(day);
  const auto in_year = date.month() / date.day();
  return IsWorkingDay(day) && (in_year >= 9 / 5d || in_year <= 5 / 31d);
}

Day DayOf(base::Timestamp moment, const base::TimeZone& zone) {
  return std::chrono::floor<days>(zone.ToLocal(moment));
}

Month MonthOf(Day day) {
  const year_month_day date(day);
  return date.year() / date.month();
}

Day FirstDayOf(Month month) { return Day(month / 1d); }

Day LastDayOf(Month month) { return Day(month / std::chrono::last); }

int SchoolYearOf(Day day) {
  const year_month_day date(day);
  return static_cast<int>(date.year()) - (date.month() < std::chrono::September ? 1 : 0);
}

base::Timestamp MomentOn(Day day, base::Duration time, const base::TimeZone& zone) {
  return zone.ToUtc(base::LocalTime(day) + time);
}

std::string DayText(Day day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string VietnameseDayText(Day day) {
  const year_month_day date(day);
  return fmt::format("{:02}/{:02}/{:04}", static_cast<unsigned>(date.day()),
                     static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
}

std::string MonthText(Month month) {
  return fmt::format("{:04}-{:02}", static_cast<int>(month.year()),
                     static_cast<unsigned>(month.month()));
}

std::string MomentText(base::Timestamp moment, const base::TimeZone& zone) {
  const base::LocalTime local = zone.ToLocal(moment);
  const Day day = std::chrono::floor<days>(local);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(local - day));
  const auto offset =
      std::chrono::duration_cast<std::chrono::minutes>(zone.OffsetAt(moment)).count();
  return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", DayText(day), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), offset < 0 ? '-' : '+',
                     std::abs(offset) / 60, std::abs(offset) % 60);
}

std::string VietnameseMomentText(base::Timestamp moment, const base::TimeZone& zone) {
  const base::LocalTime local = zone.ToLocal(moment);
  const Day day = std::chrono::floor<days>(local);
  const std::chrono::hh_mm_ss time(local - day);
  return fmt::format("{} {:02}:{:02}", VietnameseDayText(day), time.hours().count(),
                     time.minutes().count());
}

std::uint64_t SeedOfName(std::uint64_t seed, std::string_view name) {
  return internal::MixSeeds(seed, base::FingerprintOf(name).low);
}

}  // namespace fansipan::simulation
