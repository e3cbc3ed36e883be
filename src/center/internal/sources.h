#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxSources = 500;

/// sources.yaml of every system, with the mappings they name; datasets and calendars must have been
/// read.
void ReadSources(Draft& draft);

}  // namespace fansipan::center
