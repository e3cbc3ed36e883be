#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/time_zone.h"

namespace fansipan::simulation {

using Day = std::chrono::local_days;
using Month = std::chrono::year_month;

/// A day off for everybody: the fixed holidays, and Tết and the Hung Kings' day of the years 2025
/// to 2032. What is decided year by year, such as exchanged days, is not known here.
bool IsPublicHoliday(Day day);
/// Monday to Friday, but for public holidays.
bool IsWorkingDay(Day day);
/// A working day from 5 September to 31 May.
bool IsSchoolDay(Day day);

Day DayOf(base::Timestamp moment, const base::TimeZone& zone);
Month MonthOf(Day day);
Day FirstDayOf(Month month);
Day LastDayOf(Month month);
/// The year in whose September the school year began.
int SchoolYearOf(Day day);

/// So much after midnight of the day.
base::Timestamp MomentOn(Day day, base::Duration time, const base::TimeZone& zone);

std::string DayText(Day day);            ///< 2026-11-23
std::string VietnameseDayText(Day day);  ///< 23/11/2026
std::string MonthText(Month month);      ///< 2026-11
/// 2026-11-23T09:15:00+07:00
std::string MomentText(base::Timestamp moment, const base::TimeZone& zone);
/// 23/11/2026 09:15
std::string VietnameseMomentText(base::Timestamp moment, const base::TimeZone& zone);

/// A seed of its own for what goes by this name.
std::uint64_t SeedOfName(std::uint64_t seed, std::string_view name);

}  // namespace fansipan::simulation
