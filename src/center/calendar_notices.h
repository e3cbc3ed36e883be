#pragma once

#include <optional>
#include <vector>

#include "center/center.h"
#include "center/load.h"
#include "model/value.h"

namespace fansipan::center {

/// From this month on a calendar must cover the next year, and from the second on have it decided.
inline constexpr unsigned kMonthToDeclareNextYear = 10;
inline constexpr unsigned kMonthToDecideNextYear = 12;

/// What an official must do so that working time goes on being counted right: for each calendar
/// that a source, a regime or a clock uses, a missing or provisional year, told in time. `today` is
/// a day of the center's time zone. None of it makes the center unusable. In order of file and
/// line.
std::vector<Problem> CalendarNotices(const Center& center, model::Date today);

/// The day of the center's time zone at a moment.
model::Date DayAt(const Center& center, base::Timestamp moment);
/// The end of the last year that is decided, its first one's start when none is; nothing for a
/// calendar without years.
std::optional<base::Timestamp> DecidedUntil(const Center& center, const Calendar& calendar);

}  // namespace fansipan::center
