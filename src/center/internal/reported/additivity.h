#pragma once

#include <string>

#include "center/center.h"

namespace fansipan::center {

/// What the values of an indicator are to be added up over.
enum class Over { kTime, kUnits };

/// What keeps the indicator from adding up, for messages; empty when nothing does. Rates, averages
/// and distinct counts never add up.
std::string FindObstacle(const Center& center, const model::Indicator& indicator, Over over);

}  // namespace fansipan::center
