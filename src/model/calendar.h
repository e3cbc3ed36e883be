#pragma once

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"

namespace fansipan::model {

/// A span of a day, minutes after local midnight, from included, to excluded.
struct WorkingSpan {
  int from_minute = 0;
  int to_minute = 0;
};

/// A plain weekly calendar of working time. Index 0 is Monday. A calendar without any span counts
/// every moment as working time. Spans of a day stand in order and do not overlap. A moment is
/// working time when the zone's wall clock shows a time in a span, also on days on which it is
/// changed.
struct WorkingCalendar {
  std::string name;
  std::array<std::vector<WorkingSpan>, 7> week;

  bool is_always() const;
};

/// Working time between two moments; zero when `to` is not after `from`.
base::Duration WorkingTimeBetween(const WorkingCalendar& calendar, const base::TimeZone& zone,
                                  base::Timestamp from, base::Timestamp to);
/// The earliest moment by which `amount` of working time after `from` has passed; `from` when
/// nothing is asked, the end of the year 9999 when it is not reached before.
base::Timestamp AddWorkingTime(const WorkingCalendar& calendar, const base::TimeZone& zone,
                               base::Timestamp from, base::Duration amount);

}  // namespace fansipan::model
