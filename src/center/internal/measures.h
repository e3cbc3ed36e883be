#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxMeasures = 5000;
inline constexpr std::size_t kMaxDimensions = 8;
inline constexpr double kMaxEstimatedCells = 50e6;

/// The measures in indicators.yaml of every system; datasets and trees must have been read.
void ReadMeasures(Draft& draft);

}  // namespace fansipan::center
