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
/// every moment as working time.
struct WorkingCalendar {
  std::string name;
  std::array<std::vector<WorkingSpan>, 7> week;

  bool is_always() const;
};

/// Working time between two moments; zero when `to` is not after `from`.
base::Duration WorkingTimeBetween(const WorkingCalendar& calendar, const base::TimeZone& zone,
                                  base::Timestamp from, base::Timestamp to);
/// The moment at which `amount` of working time after `from` has passed.
base::Timestamp AddWorkingTime(const WorkingCalendar& calendar, const base::TimeZone& zone,
                               base::Timestamp from, base::Duration amount);

}  // namespace fansipan::model
