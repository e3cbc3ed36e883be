#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxDatasets = 500;
inline constexpr std::size_t kMaxDatasetColumns = 200;

/// datasets.yaml of every system; the trees must have been read.
void ReadDatasets(Draft& draft);

}  // namespace fansipan::center
