#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxIndicators = 5000;
/// Indicators that stand on indicators that stand on …
inline constexpr std::size_t kMaxFormulaChain = 32;

/// The indicators in indicators.yaml of every system; all measures must have been read. Afterwards
/// the formulas of a sound center form no cycle.
void ReadIndicators(Draft& draft);

}  // namespace fansipan::center
