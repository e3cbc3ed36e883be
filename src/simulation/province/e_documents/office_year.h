#pragma once

#include <chrono>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "model/working_timetable.h"

namespace fansipan::simulation::internal {

/// When offices that exchange documents work: office hours, without the public holidays. Immutable.
class OfficeYear {
 public:
  explicit OfficeYear(base::TimeZone zone);

  const base::TimeZone& zone() const { return zone_; }
  bool IsWorked(std::chrono::local_days day) const;
  /// The moment by which officials have worked for so many hours after `from`.
  base::Timestamp After(base::Timestamp from, double hours) const;
  double HoursBetween(base::Timestamp from, base::Timestamp to) const;
  /// The day so many working days later.
  std::chrono::local_days DayAfter(std::chrono::local_days day, std::int64_t working_days) const;
  /// A local time of a day, in minutes after midnight.
  base::Timestamp At(std::chrono::local_days day, std::int64_t minute) const;
  std::chrono::local_days DayOf(base::Timestamp moment) const;

 private:
  base::TimeZone zone_;
  model::WorkingTimetable timetable_;
};

}  // namespace fansipan::simulation::internal
