#include "model/pace.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fansipan::model {
namespace {

constexpr int kDecimals = 12;

/// The first and the last day with any of the period's time.
std::pair<Date, Date> DaysOf(const Period& period) {
  using std::chrono::days;
  const auto first = std::chrono::floor<days>(period.from);
  const auto last = std::chrono::floor<days>(period.to - base::Duration(1));
  return {Date(first.time_since_epoch()), Date(last.time_since_epoch())};
}

/// Working days from the moment to the period's end; one that has begun counts until its work is
/// done.
std::int64_t DaysLeft(const PaceQuestion& question, const WorkingTimetable& timetable,
                      const base::TimeZone& zone) {
  const auto [first, last] = DaysOf(question.period);
  const base::LocalTime local = zone.ToLocal(question.now);
  if (local >= question.period.to) return 0;
  if (local < question.period.from) {
    return timetable.WorkingDaysBetween(first - std::chrono::days(1), last).value;
  }
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const base::Timestamp end_of_today = zone.ToUtc(midnight + std::chrono::days(1));
  const bool work_left =
      timetable.Between(question.now, end_of_today).value > base::Duration::zero();
  const Date today(midnight.time_since_epoch());
  return timetable.WorkingDaysBetween(today, last).value + (work_left ? 1 : 0);
}

}  // namespace

std::optional<Pace> PaceOf(const PaceQuestion& question, const WorkingTimetable& timetable,
                           const base::TimeZone& zone) {
  const Decimal zero = Decimal::FromInteger(0);
  if (question.target <= zero) return std::nullopt;
  const auto hundredfold = Multiply(Decimal::FromInteger(100), question.value);
  const auto share = hundredfold ? Divide(*hundredfold, question.target, kDecimals) : std::nullopt;
  const auto missing = Subtract(question.target, question.value);
  if (!share || !missing) return std::nullopt;
  Pace pace;
  pace.share = share->Normalized();
  pace.remaining = std::max(*missing, zero);
  const auto [first, last] = DaysOf(question.period);
  pace.working_days = timetable.WorkingDaysBetween(first - std::chrono::days(1), last).value;
  pace.working_days_left = DaysLeft(question, timetable, zone);
  pace.coverage = timetable.CoverageOf(first, last);
  if (pace.working_days_left > 0) {
    const auto needed =
        Divide(pace.remaining, Decimal::FromInteger(pace.working_days_left), kDecimals);
    if (needed) pace.needed_per_working_day = needed->Normalized();
  }
  if (pace.working_days > 0) {
    const auto gone =
        Multiply(question.target, Decimal::FromInteger(pace.working_days - pace.working_days_left));
    const auto expected =
        gone ? Divide(*gone, Decimal::FromInteger(pace.working_days), kDecimals) : std::nullopt;
    if (expected) pace.expected = expected->Normalized();
  }
  return pace;
}

}  // namespace fansipan::model
