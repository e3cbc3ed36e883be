#pragma once

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "model/dataset.h"

namespace fansipan::center {

/// The key `quality` of a dataset; its columns must have been read without a problem. The registry
/// of a match is looked for later, by ReadRegistryMatches.
void ReadQualityRules(const Draft& draft, const FileScope& scope, const YamlMap& map,
                      model::Dataset& dataset);

/// The matches of all datasets; all of them must have been read.
void ReadRegistryMatches(Draft& draft);

}  // namespace fansipan::center
