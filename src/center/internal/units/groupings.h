#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxGroups = 10'000;
inline constexpr std::size_t kMaxGroupMembers = 500'000;

/// Reads groups.csv and group_members.csv of one tree, which must have been read. Both may be
/// missing.
void ReadGroupings(Draft& draft, model::TreeKind kind);

}  // namespace fansipan::center
