#pragma once

#include <chrono>

#include "base/time_zone.h"
#include "simulation/case_row.h"
#include "simulation/internal/dice.h"

namespace fansipan::simulation::internal {

using LocalDay = std::chrono::local_days;

/// Cases filed on the day as a multiple of the daily mean: most on Mondays, more in the last three
/// days of a month, few (all online) at weekends. The mean over weeks is about 1.
double FilingWeight(LocalDay day);
bool IsWeekend(LocalDay day);
/// A time of the day: in office hours at a counter or by post, with a peak on Monday mornings; at
/// any hour online, with a second peak in the evening.
base::LocalTime PickFilingTime(LocalDay day, Channel channel, Dice& dice);

}  // namespace fansipan::simulation::internal
