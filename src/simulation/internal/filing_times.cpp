#include "simulation/internal/filing_times.h"

#include <array>

namespace fansipan::simulation::internal {
namespace {

constexpr std::array<double, 7> kWeek = {1.55, 1.33, 1.26, 1.20, 1.23, 0.20, 0.15};
constexpr double kMonthEnd = 1.35;
constexpr double kMondayMorning = 1.6;
constexpr std::size_t kMorningSlots = 8;
// Half hours from 07:30 to 11:30, then from 13:30 to 17:00.
constexpr std::array<double, 15> kOffice = {0.8, 1.4, 1.6, 1.6, 1.4, 1.2, 1.0, 0.6,
                                            1.0, 1.2, 1.2, 1.1, 1.0, 0.8, 0.5};
// Hours from midnight.
constexpr std::array<double, 24> kOnline = {0.05, 0.03, 0.02, 0.02, 0.03, 0.1, 0.3, 0.7,
                                            1.6,  1.8,  1.5,  0.9,  0.6,  1.0, 1.5, 1.4,
                                            1.1,  0.7,  0.7,  1.1,  1.4,  1.1, 0.5, 0.15};

/// Monday is 0.
unsigned WeekdayOf(LocalDay day) { return std::chrono::weekday(day).iso_encoding() - 1; }

base::Duration PickOfficeTime(LocalDay day, Dice& dice) {
  std::array<double, 15> weights = kOffice;
  if (WeekdayOf(day) == 0) {
    for (std::size_t slot = 0; slot < kMorningSlots; ++slot) weights[slot] *= kMondayMorning;
  }
  const auto slot = static_cast<int>(dice.Pick(weights));
  const int first_minute = slot < static_cast<int>(kMorningSlots)
                               ? 7 * 60 + 30 + slot * 30
                               : 13 * 60 + 30 + (slot - static_cast<int>(kMorningSlots)) * 30;
  return std::chrono::minutes(first_minute) + std::chrono::seconds(dice.Between(0, 1799));
}

}  // namespace

double FilingWeight(LocalDay day) {
  const std::chrono::year_month_day in_three_days{day + std::chrono::days(3)};
  const bool month_ends = in_three_days.month() != std::chrono::year_month_day{day}.month();
  return kWeek[WeekdayOf(day)] * (month_ends ? kMonthEnd : 1.0);
}

bool IsWeekend(LocalDay day) { return WeekdayOf(day) >= 5; }

base::LocalTime PickFilingTime(LocalDay day, Channel channel, Dice& dice) {
  if (channel != Channel::kOnline) return day + PickOfficeTime(day, dice);
  const auto hour = static_cast<int>(dice.Pick(kOnline));
  return day + std::chrono::hours(hour) + std::chrono::seconds(dice.Between(0, 3599));
}

}  // namespace fansipan::simulation::internal
