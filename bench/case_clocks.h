#pragma once

#include <cstddef>

#include "base/result.h"
#include "bench/report.h"

namespace fansipan::bench {

/// What clocks cost where versions are recorded: a center with one clock, `cases` records of three
/// versions each (received, paused, gone on with), reckoned and staged as the committer does; then
/// all of them again, as after a change of the calendar. Adds lines to the report.
base::Status MeasureCaseClocks(std::size_t cases, Report& report);

}  // namespace fansipan::bench
