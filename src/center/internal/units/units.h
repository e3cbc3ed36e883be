#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxUnits = 100'000;

/// Reads units.csv and codes.csv of one tree. Rows of units.csv with one code are the states of one
/// unit. The territory must be there; an organisation may be missing.
void ReadUnits(Draft& draft, model::TreeKind kind);

}  // namespace fansipan::center
