#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxMeasures = 5000;
inline constexpr std::size_t kMaxDimensions = 8;
inline constexpr double kMaxEstimatedCells = 50e6;

/// The measures in indicators.yaml of every system; datasets and trees must have been read.
void ReadMeasures(Draft& draft);

/// Behind the declared measures: for each of them that counts by the due moment of a clock of which
/// the source states another, one that counts those of its records where the two contradict each
/// other. To be called behind ReadIndicators, since no formula names
/// them. Does nothing when there are problems.
void AddContradictions(Draft& draft);

}  // namespace fansipan::center
