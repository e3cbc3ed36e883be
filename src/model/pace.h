#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/time_zone.h"
#include "model/calendar.h"
#include "model/decimal.h"
#include "model/period.h"
#include "model/working_timetable.h"

namespace fansipan::model {

/// What a value that accumulates over a period, and its target, are asked at a moment.
struct PaceQuestion {
  Decimal value;   ///< so far
  Decimal target;  ///< for the whole period
  Period period;
  base::Timestamp now;
};

/// How far a value has come to its target, and what is needed from now on to reach it. Quotients
/// are rounded half away from zero at 12 decimals.
struct Pace {
  Decimal share;                       ///< percent of the target: 100 * value / target
  Decimal remaining;                   ///< target less value; zero once it is reached
  std::int64_t working_days = 0;       ///< of the period
  std::int64_t working_days_left = 0;  ///< today is one of them as long as there is work left in it
  /// For each working day that is left: remaining / working_days_left. Nothing when none is left.
  std::optional<Decimal> needed_per_working_day;
  /// What the same amount on every working day that is gone would have come to: target *
  /// (working_days - working_days_left) / working_days. Nothing without working days.
  std::optional<Decimal> expected;
  Coverage coverage = Coverage::kDecided;  ///< of the period's days
  bool operator==(const Pace&) const = default;
};

/// Nothing when the target is not above zero, or a number does not fit.
std::optional<Pace> PaceOf(const PaceQuestion& question, const WorkingTimetable& timetable,
                           const base::TimeZone& zone);

}  // namespace fansipan::model
