#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxPanels = 500;
inline constexpr std::size_t kMaxPanelItems = 100;

/// panels.yaml of every system; indicators must have been read.
void ReadPanels(Draft& draft);

}  // namespace fansipan::center
