#pragma once

#include <optional>
#include <string>
#include <vector>

#include "center/center.h"
#include "model/record.h"

namespace fansipan::indicators {

/// What a clock says, by walking over days and their hours: for verification only, and on purpose
/// apart from WorkingTimetable and ReadClock.
struct PlainReading {
  std::optional<base::Timestamp> due;
  std::optional<std::int64_t> used;  ///< working minutes, as are the next two
  std::optional<std::int64_t> left;
  std::optional<std::int64_t> contradiction;
  std::optional<base::Timestamp> paused_since;
};

/// `history`: the versions of one record in precedence, the current one last. Nothing when its
/// moments lie more than twenty years apart, as where a source writes 9999 for none: a walk over
/// all these days proves little and takes long.
std::optional<PlainReading> ReadPlainClock(const center::Center& center,
                                           const model::Dataset& dataset,
                                           const model::CaseClock& clock,
                                           const std::vector<const model::Version*>& history,
                                           const std::string& calendar);

}  // namespace fansipan::indicators
