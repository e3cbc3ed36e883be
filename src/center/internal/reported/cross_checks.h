#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxCrossChecks = 5'000;

/// The section `cross_checks` of every system's indicators.yaml; indicators and groupings must have
/// been read.
void ReadCrossChecks(Draft& draft);

}  // namespace fansipan::center
