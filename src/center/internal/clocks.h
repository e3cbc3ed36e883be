#pragma once

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "model/dataset.h"

namespace fansipan::center {

/// The clocks of a dataset whose columns, key, order and places have been read: adds them, and the
/// columns of what they say behind the others. `map` is the dataset's declaration.
void ReadClocks(Draft& draft, const FileScope& scope, const YamlMap& map, model::Dataset& dataset);

}  // namespace fansipan::center
