#pragma once

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "model/dataset.h"
#include "model/indicator.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxVintages = 20;

/// The key `reported` of a dataset of this kind; columns and places must have been read without a
/// problem. Fills in the shape, the key, and which vintages may stand in a row.
void ReadReportedShape(const Draft& draft, const YamlMap& map, model::Dataset& dataset);

/// The keys `reported` and `additive` of an indicator; datasets must have been read.
void ReadReportedRule(const Draft& draft, const YamlMap& map, model::Indicator& indicator);

}  // namespace fansipan::center
