#include "simulation/province/healthcare/health_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fansipan::simulation::healthcare {
namespace {

using namespace std::chrono_literals;
using std::chrono::year_month_day;

constexpr std::array<year_month_day, 7> kNewYears = {2023y / 1 / 22, 2024y / 2 / 10, 2025y / 1 / 29,
                                                     2026y / 2 / 17, 2027y / 2 / 6,  2028y / 1 / 26,
                                                     2029y / 2 / 13};

struct Parts {
  int year;
  unsigned month;
  unsigned day;
};

Parts PartsOf(LocalDay day) {
  const year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

std::string TimeText(base::LocalTime local) {
  const std::chrono::hh_mm_ss time{local - DayOf(local)};
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

}  // namespace

bool IsTet(LocalDay day) {
  return std::ranges::any_of(kNewYears, [&](const year_month_day& first) {
    const LocalDay begins(first);
    return day >= begins - std::chrono::days(1) && day <= begins + std::chrono::days(3);
  });
}

std::string DayText(LocalDay day) {
  const Parts parts = PartsOf(day);
  return fmt::format("{:02}/{:02}/{:04}", parts.day, parts.month, parts.year);
}

std::string MomentText(base::LocalTime local) {
  return DayText(DayOf(local)) + " " + TimeText(local);
}

std::string IsoDay(LocalDay day) {
  const Parts parts = PartsOf(day);
  return fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day);
}

std::string IsoMoment(base::LocalTime local) {
  return IsoDay(DayOf(local)) + "T" + TimeText(local) + ":00";
}

}  // namespace fansipan::simulation::healthcare
