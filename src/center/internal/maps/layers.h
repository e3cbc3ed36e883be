#pragma once

#include <cstddef>

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxLayers = 500;
inline constexpr std::size_t kMaxLayerProperties = 100;
/// The collection of the territory's units, which every center has.
inline constexpr const char* kUnitsLayer = "units";

/// layers.yaml of every system; datasets, indicators and regimes must have been read.
void ReadLayers(Draft& draft);

}  // namespace fansipan::center
