#pragma once

#include "base/clock.h"
#include "base/time_zone.h"
#include "model/working_timetable.h"
#include "simulation/internal/dice.h"

namespace fansipan::simulation::internal {

/// Seven hours and a half: what a "working day" of a deadline is counted as.
inline constexpr base::Duration kWorkingDay = std::chrono::minutes(450);

/// When officials work (Monday to Friday, 07:30-11:30 and 13:30-17:00 of the zone) and when
/// applicants are awake. Immutable.
class OfficeHours {
 public:
  explicit OfficeHours(base::TimeZone zone);

  const base::TimeZone& zone() const { return zone_; }
  /// The moment by which officials have worked for `amount` after `from`.
  base::Timestamp After(base::Timestamp from, base::Duration amount) const;
  base::Duration Between(base::Timestamp from, base::Timestamp to) const;
  /// `moment` itself, or some time of the morning after when it falls between 22:30 and 06:30.
  base::Timestamp Awake(base::Timestamp moment, Dice& dice) const;

 private:
  base::TimeZone zone_;
  model::WorkingTimetable timetable_;
};

}  // namespace fansipan::simulation::internal
