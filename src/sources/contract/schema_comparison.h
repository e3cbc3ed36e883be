#pragma once

#include <string>
#include <vector>

#include "model/contracts/contract.h"

namespace fansipan::sources {

/// Fewer cells say nothing of how a column is written.
inline constexpr std::uint32_t kLeastComparedCells = 20;

/// What changed in the raw columns from `before` to `now`. A column of one name in both is compared
/// with itself, the second of a name with the second. A missing and a new one are one that was
/// renamed when their names are alike (at most half of the longer one's letters differ, accents
/// apart, or one holds the other) and their cells are written alike; the nearest name is taken.
/// Where very many names are missing and new, none is. Time grows with the number of columns.
/// `measures` are the columns whose unit is watched: it changed when the median is ten times as
/// large or small, a hundred times, and so on, give or take a factor of 1.4.
std::vector<model::ColumnChange> CompareColumns(const std::vector<model::ColumnProfile>& before,
                                                const std::vector<model::ColumnProfile>& now,
                                                const std::vector<std::string>& measures);

}  // namespace fansipan::sources
