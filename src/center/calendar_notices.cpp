#include "center/calendar_notices.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "model/days.h"

namespace fansipan::center {
namespace {

std::optional<std::string> NoticeOfThisYear(const model::WorkingCalendar& calendar, int year) {
  const auto found = calendar.years.find(year);
  if (found == calendar.years.end()) {
    return "does not cover " + std::to_string(year) +
           ": its holidays count as working days now; declare the year under 'years'";
  }
  if (!found->second.provisional) return std::nullopt;
  return std::to_string(year) +
         " has begun and is still provisional; declare its days as they are decided, and take "
         "'provisional' away";
}

std::optional<std::string> NoticeOfNextYear(const model::WorkingCalendar& calendar,
                                            const std::chrono::year_month_day& today) {
  const auto month = static_cast<unsigned>(today.month());
  const int year = static_cast<int>(today.year()) + 1;
  const auto found = calendar.years.find(year);
  if (found == calendar.years.end() && month >= kMonthToDeclareNextYear) {
    return "does not cover " + std::to_string(year) +
           ", which begins soon; declare it under 'years', provisional while decisions are missing";
  }
  if (found != calendar.years.end() && found->second.provisional &&
      month >= kMonthToDecideNextYear) {
    return std::to_string(year) +
           " begins soon and is still provisional; declare its days as they are decided";
  }
  return std::nullopt;
}

}  // namespace

std::vector<Problem> CalendarNotices(const Center& center, model::Date today) {
  std::set<std::string> used;
  for (const Source& source : center.sources) used.insert(source.working_calendar);
  for (const auto& regime : center.regimes) {
    for (const model::PeriodKind& kind : regime->kinds()) {
      if (kind.due) used.insert(kind.due->calendar);
    }
  }
  for (const model::Dataset& dataset : center.datasets) {
    for (const model::CaseClock& clock : dataset.clocks) {
      used.insert(clock.calendar);
      for (const model::UnitCalendar& own : clock.unit_calendars) used.insert(own.calendar);
    }
  }
  const std::chrono::year_month_day day(today);
  std::vector<Problem> notices;
  for (const std::string& name : used) {
    const Calendar* calendar = center.FindCalendar(name);
    if (calendar == nullptr || calendar->timetable.calendar().years.empty()) continue;
    const model::WorkingCalendar& declared = calendar->timetable.calendar();
    for (const auto& text : {NoticeOfThisYear(declared, static_cast<int>(day.year())),
                             NoticeOfNextYear(declared, day)}) {
      if (!text) continue;
      notices.push_back(
          {calendar->file, calendar->line, calendar->column, "calendar '" + name + "': " + *text});
    }
  }
  std::ranges::sort(notices, {}, [](const Problem& notice) {
    return std::tie(notice.file, notice.line, notice.column);
  });
  return notices;
}

model::Date DayAt(const Center& center, base::Timestamp moment) {
  return model::DayOf(center.time_zone.ToLocal(moment));
}

std::optional<base::Timestamp> DecidedUntil(const Center& center, const Calendar& calendar) {
  const auto& years = calendar.timetable.calendar().years;
  if (years.empty()) return std::nullopt;
  int end = years.begin()->first;
  for (const auto& [number, year] : years) {
    if (!year.provisional) end = number + 1;
  }
  const model::Date first = std::chrono::sys_days(std::chrono::year(end) / 1 / 1);
  return center.time_zone.ToUtc(base::LocalTime(first.time_since_epoch()));
}

}  // namespace fansipan::center
