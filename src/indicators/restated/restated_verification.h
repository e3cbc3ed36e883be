#pragma once

#include <cstddef>
#include <vector>

#include "indicators/verification.h"

namespace fansipan::indicators {

/// Compares measures restated on the territories before and after each change of units with a plain
/// re-evaluation: record by record, along the declared events, with nothing in common with
/// model::RestatedTerritory but the declarations. Looks at the months around each change, its year
/// and the view's month; parts without a stated share count as unknown. At most `limit` findings.
std::vector<Finding> CompareRestated(const View& view, const PlainEvaluator& plain,
                                     std::size_t limit);

}  // namespace fansipan::indicators
