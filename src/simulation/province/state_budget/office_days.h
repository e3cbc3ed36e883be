#pragma once

#include <chrono>

namespace fansipan::simulation::budget {

/// Whether the treasury works: no weekend, no fixed public holiday, no Lunar New Year (of the years
/// 2026 to 2030).
bool IsOfficeDay(std::chrono::local_days day);
/// The n-th day of the month on which it does, from 1.
std::chrono::local_days OfficeDay(std::chrono::year_month month, int number);
/// So many of them after the day.
std::chrono::local_days OfficeDaysAfter(std::chrono::local_days day, int number);

}  // namespace fansipan::simulation::budget
