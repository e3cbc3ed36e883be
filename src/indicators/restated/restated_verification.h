#pragma once

#include <cstddef>
#include <vector>

#include "indicators/verification.h"

namespace fansipan::indicators {

/// Compares what is restated on the territories before and after each change of units with a plain
/// re-evaluation, see PlainTerritory and PlainFigures: every measure, once with unknown shares left
/// unknown and once for each attribute that some indicator divides by, and the figures of
/// indicators that declare more than to be computed again (sum, mean, weighted, not_comparable,
/// share, or reported). Looks at the latest changes: at the months around each, its year and the
/// one before, and the view's month. At most `limit` findings.
std::vector<Finding> CompareRestated(const View& view, const PlainEvaluator& plain,
                                     std::size_t limit);

}  // namespace fansipan::indicators
