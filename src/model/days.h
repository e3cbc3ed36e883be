#pragma once

#include <chrono>
#include <optional>
#include <variant>

#include "base/clock.h"
#include "base/time_zone.h"
#include "model/period.h"
#include "model/value.h"

namespace fansipan::model {

/// The day on which a local moment lies.
inline Date DayOf(base::LocalTime local) {
  return Date(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
}

/// The last day of a period.
inline Date LastDayOf(const Period& period) { return DayOf(period.to - base::Duration(1)); }

/// The moment that a timestamp or a day means: a day stands for its local midnight. Nothing for
/// other values.
inline std::optional<base::Timestamp> MomentOf(const Value& value, const base::TimeZone& zone) {
  if (const auto* moment = std::get_if<base::Timestamp>(&value)) return *moment;
  if (const auto* day = std::get_if<Date>(&value)) {
    return zone.ToUtc(base::LocalTime(day->time_since_epoch()));
  }
  return std::nullopt;
}

}  // namespace fansipan::model
