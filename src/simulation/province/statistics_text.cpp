#include "simulation/province/statistics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace fansipan::simulation {
namespace {

using std::chrono::local_days;
using std::chrono::year_month_day;

struct LocalParts {
  year_month_day day;
  std::chrono::hh_mm_ss<base::Duration> time;
};

LocalParts PartsOf(const base::TimeZone& zone, base::Timestamp moment) {
  const base::LocalTime local = zone.ToLocal(moment);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return {year_month_day{day}, std::chrono::hh_mm_ss<base::Duration>{local - day}};
}

}  // namespace

ReportMonth MonthOf(const base::TimeZone& zone, base::Timestamp moment) {
  const year_month_day day = PartsOf(zone, moment).day;
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month())};
}

ReportMonth MonthsLater(ReportMonth month, int months) {
  const int all = month.year * 12 + static_cast<int>(month.month) - 1 + months;
  return {all / 12, static_cast<unsigned>(all % 12) + 1};
}

std::string PeriodOf(ReportMonth month) {
  return fmt::format("{:04}-{:02}", month.year, month.month);
}

base::Timestamp SendingMoment(const base::TimeZone& zone, ReportMonth month, unsigned day,
                              int minute_of_day) {
  local_days sent{std::chrono::year(month.year) / std::chrono::month(month.month) /
                  std::chrono::day(day)};
  const unsigned weekday = std::chrono::weekday(sent).iso_encoding();
  if (weekday > 5) sent -= std::chrono::days(weekday - 5);
  return zone.ToUtc(base::LocalTime(sent) + std::chrono::minutes(minute_of_day));
}

std::string DottedNumber(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > sign + 3;) {
    at -= 3;
    text.insert(at, 1, '.');
  }
  return text;
}

std::string DayAndTime(const base::TimeZone& zone, base::Timestamp moment) {
  const LocalParts parts = PartsOf(zone, moment);
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}", static_cast<unsigned>(parts.day.day()),
                     static_cast<unsigned>(parts.day.month()), static_cast<int>(parts.day.year()),
                     parts.time.hours().count(), parts.time.minutes().count());
}

std::string MomentWithOffset(const base::TimeZone& zone, base::Timestamp moment) {
  const LocalParts parts = PartsOf(zone, moment);
  const auto minutes =
      std::chrono::duration_cast<std::chrono::minutes>(zone.OffsetAt(moment)).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
                     static_cast<int>(parts.day.year()), static_cast<unsigned>(parts.day.month()),
                     static_cast<unsigned>(parts.day.day()), parts.time.hours().count(),
                     parts.time.minutes().count(), parts.time.seconds().count(),
                     minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::vector<SystemDelivery> SpanOfDeliveries::Take() {
  std::ranges::stable_sort(deliveries_, [](const auto& left, const auto& right) {
    return std::tie(left.at, left.source) < std::tie(right.at, right.source);
  });
  return std::exchange(deliveries_, {});
}

}  // namespace fansipan::simulation
