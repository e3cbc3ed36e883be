#pragma once

#include <set>
#include <string>

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// `reach` and what each connector that asks declares, of a source whose format is read. `named`:
/// those that its `connector` names. Reports what is missing, too much, or cannot be asked.
void ReadAsking(const std::set<std::string>& named, Draft& draft, const YamlMap& map,
                Source& source);

}  // namespace fansipan::center
