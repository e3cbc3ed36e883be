#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxLineageEvents = 200'000;
inline constexpr std::size_t kMaxAttributes = 500'000;

/// Reads events.csv and attributes.csv of one tree, which must have been read. Either may be
/// missing; without events no unit may end or change.
void ReadHistory(Draft& draft, model::TreeKind kind);

}  // namespace fansipan::center
