#pragma once

#include <chrono>
#include <string>

#include "base/time_zone.h"

namespace fansipan::simulation::healthcare {

using LocalDay = std::chrono::local_days;

/// From here on measles break out, one outbreak after another, and hospitals are crowded in turn: a
/// Monday. Years before are quiet, and tell what is usual.
inline constexpr LocalDay kStoriesFrom{
    std::chrono::local_days(std::chrono::year(2026) / std::chrono::January / 5)};
inline constexpr LocalDay kMergerDay{
    std::chrono::local_days(std::chrono::year(2025) / std::chrono::July / 1)};

inline LocalDay DayOf(base::LocalTime local) {
  return std::chrono::floor<std::chrono::days>(local);
}
inline bool IsMonday(LocalDay day) { return std::chrono::weekday(day) == std::chrono::Monday; }
inline int YearOf(LocalDay day) {
  return static_cast<int>(std::chrono::year_month_day(day).year());
}
/// True on the eve of the Lunar New Year and the four days from it on.
bool IsTet(LocalDay day);

/// 31/12/2026, and 31/12/2026 07:05 as offices write them.
std::string DayText(LocalDay day);
std::string MomentText(base::LocalTime local);
/// 2026-12-31 and 2026-12-31T07:05:00, of the zone.
std::string IsoDay(LocalDay day);
std::string IsoMoment(base::LocalTime local);

}  // namespace fansipan::simulation::healthcare
