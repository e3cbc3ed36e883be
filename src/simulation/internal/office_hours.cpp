#include "simulation/internal/office_hours.h"

#include <utility>

namespace fansipan::simulation::internal {

using std::chrono::hours;
using std::chrono::minutes;

namespace {

model::WorkingCalendar OfficeWeek() {
  model::WorkingCalendar calendar{.name = "office", .week = {}};
  for (std::size_t day = 0; day < 5; ++day) {
    calendar.week[day] = {{7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};
  }
  return calendar;
}

}  // namespace

OfficeHours::OfficeHours(base::TimeZone zone)
    : zone_(std::move(zone)), timetable_(OfficeWeek(), zone_) {}

base::Timestamp OfficeHours::After(base::Timestamp from, base::Duration amount) const {
  return timetable_.After(from, amount).value;
}

base::Duration OfficeHours::Between(base::Timestamp from, base::Timestamp to) const {
  return timetable_.Between(from, to).value;
}

base::Timestamp OfficeHours::Awake(base::Timestamp moment, Dice& dice) const {
  const base::LocalTime local = zone_.ToLocal(moment);
  auto day = std::chrono::floor<std::chrono::days>(local);
  const base::Duration time = local - day;
  const base::Duration wakes = hours(6) + minutes(30);
  const base::Duration sleeps = hours(22) + minutes(30);
  if (time >= wakes && time < sleeps) return moment;
  if (time >= sleeps) day += std::chrono::days(1);
  return zone_.ToUtc(day + wakes + std::chrono::seconds(dice.Between(0, 4 * 3600)));
}

}  // namespace fansipan::simulation::internal
