#include "simulation/province/state_budget/office_days.h"

#include <algorithm>
#include <array>

namespace fansipan::simulation::budget {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::month_day;

constexpr std::array<month_day, 5> kHolidays = {std::chrono::January / 1, std::chrono::April / 30,
                                                std::chrono::May / 1, std::chrono::September / 1,
                                                std::chrono::September / 2};
constexpr std::array<std::chrono::year_month_day, 5> kLunarNewYears = {
    2026y / 2 / 17, 2027y / 2 / 6, 2028y / 1 / 26, 2029y / 2 / 13, 2030y / 2 / 3};

}  // namespace

bool IsOfficeDay(local_days day) {
  if (std::chrono::weekday(day).iso_encoding() > 5) return false;
  const std::chrono::year_month_day date(day);
  if (std::ranges::find(kHolidays, month_day(date.month(), date.day())) != kHolidays.end()) {
    return false;
  }
  return std::ranges::none_of(kLunarNewYears, [&](const auto& first) {
    return day >= local_days(first) - days(1) && day <= local_days(first) + days(4);
  });
}

local_days OfficeDaysAfter(local_days day, int number) {
  while (number > 0) {
    day += days(1);
    if (IsOfficeDay(day)) --number;
  }
  return day;
}

local_days OfficeDay(std::chrono::year_month month, int number) {
  return OfficeDaysAfter(local_days(month / 1) - days(1), number);
}

}  // namespace fansipan::simulation::budget
