#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "indicators/changes/figure_change.h"
#include "indicators/verification.h"

namespace fansipan::indicators {

/// What a comparison of figures looked at, and where it disagrees.
struct FigureFindings {
  std::uint64_t compared = 0;
  std::vector<Finding> findings;  ///< at most the limit
};

/// Compares values and targets of figures with those computed from the plain evaluator's records:
/// sums, formulas and the choice of a target are done again, see PlainFigures.
FigureFindings CompareFigures(const View& view, const PlainEvaluator& plain,
                              const std::vector<FigureName>& names, std::size_t limit);

/// Compares both ends of a change with the figures of these moments, and the sum of its steps with
/// the difference. Errors of reading the past.
base::Result<FigureFindings> CompareChange(const std::vector<Era>& eras, const FigureName& name,
                                           base::Timestamp from, base::Timestamp to);

}  // namespace fansipan::indicators
