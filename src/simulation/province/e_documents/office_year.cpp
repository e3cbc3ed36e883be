#include "simulation/province/e_documents/office_year.h"

#include <array>
#include <cstdint>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr int kFirstYear = 2024;
constexpr int kLastYear = 2030;

/// Days on which nobody works, both included. The Lunar New Year and what goes with the other
/// holidays is decided for each year; of 2027 what the law fixes.
constexpr std::array<std::array<sys_days, 2>, 8> kDecided = {{
    {2025y / 1 / 27, 2025y / 1 / 31},
    {2025y / 4 / 7, 2025y / 4 / 7},
    {2025y / 9 / 1, 2025y / 9 / 1},
    {2026y / 2 / 16, 2026y / 2 / 20},
    {2026y / 4 / 27, 2026y / 4 / 27},
    {2026y / 8 / 31, 2026y / 9 / 1},
    {2027y / 2 / 6, 2027y / 2 / 10},
    {2027y / 4 / 16, 2027y / 4 / 16},
}};

model::WorkingCalendar CalendarOfOffices() {
  model::WorkingCalendar calendar{.name = "office", .week = {}};
  for (std::size_t day = 0; day < 5; ++day) {
    calendar.week[day] = {{7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
  }
  for (int number = kFirstYear; number <= kLastYear; ++number) {
    const std::chrono::year year(number);
    calendar.years[number] = {};
    for (const sys_days day : {sys_days(year / 1 / 1), sys_days(year / 4 / 30),
                               sys_days(year / 5 / 1), sys_days(year / 9 / 2)}) {
      calendar.days[day] = {};
    }
  }
  for (const auto& [first, last] : kDecided) {
    for (sys_days day = first; day <= last; day += days(1)) calendar.days[day] = {};
  }
  return calendar;
}

model::Date DateOf(local_days day) { return model::Date(day.time_since_epoch()); }

}  // namespace

OfficeYear::OfficeYear(base::TimeZone zone)
    : zone_(std::move(zone)), timetable_(CalendarOfOffices(), zone_) {}

bool OfficeYear::IsWorked(local_days day) const { return timetable_.IsWorkingDay(DateOf(day)); }

base::Timestamp OfficeYear::After(base::Timestamp from, double hours) const {
  const auto seconds = static_cast<std::int64_t>(hours * 3600);
  return timetable_.After(from, std::chrono::seconds(seconds)).value;
}

double OfficeYear::HoursBetween(base::Timestamp from, base::Timestamp to) const {
  const auto worked = timetable_.Between(from, to).value;
  return static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(worked).count()) /
         3600;
}

local_days OfficeYear::DayAfter(local_days day, std::int64_t working_days) const {
  const model::Date later = timetable_.AddWorkingDays(DateOf(day), working_days).value;
  return local_days(later.time_since_epoch());
}

base::Timestamp OfficeYear::At(local_days day, std::int64_t minute) const {
  return zone_.ToUtc(day + std::chrono::minutes(minute));
}

local_days OfficeYear::DayOf(base::Timestamp moment) const {
  return std::chrono::floor<days>(zone_.ToLocal(moment));
}

}  // namespace fansipan::simulation::internal
