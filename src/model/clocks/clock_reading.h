#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"
#include "model/calendar.h"
#include "model/working_timetable.h"

namespace fansipan::model {

/// What a clock goes by, besides its pauses.
struct ClockTimes {
  /// The time allowed: working days, or else working time. Nothing: none is known.
  struct Allowed {
    bool in_days = true;
    std::int64_t days = 0;
    base::Duration time{0};
  };
  std::optional<base::Timestamp> from;
  std::optional<base::Timestamp> until;    ///< nothing: it has not ended
  std::optional<base::Timestamp> told_at;  ///< what is used and left of one that has not ended
  std::optional<Allowed> allowed;
};

/// What a clock says. Without a beginning it says nothing.
struct ClockReading {
  std::optional<base::Timestamp> due;  ///< nothing while it stands still before it is reached
  std::optional<base::Duration> used;
  std::optional<base::Duration> left;  ///< until due; while that is not known, of what is allowed
  std::optional<base::Timestamp> paused_since;
  Coverage coverage = Coverage::kDecided;
};

/// Reads a clock. Working time is allowed from the beginning on, less the pauses; a term in working
/// days is that of WorkingTimetable::DueAfterWorkingDays, and where pauses put it off, it too ends
/// when work ends on its last day. Pauses may overlap and stand in any order; those that end before
/// they begin are left out, and none goes on after the end.
ClockReading ReadClock(const WorkingTimetable& table, const ClockTimes& times,
                       std::span<const Pause> pauses);

/// Working time from the one moment to the other, negative when that lies before it.
Counted<base::Duration> SignedBetween(const WorkingTimetable& table, base::Timestamp from,
                                      base::Timestamp to, std::span<const Pause> pauses = {});

}  // namespace fansipan::model
