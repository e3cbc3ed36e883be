#pragma once

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "center/source_contract.h"

namespace fansipan::center {

/// `control_totals` of a source, whose format, connectors and mappings have been read.
ControlTotals ReadControlTotals(const YamlNode& node, const YamlMap& source, const Source& read,
                                const Draft& draft);

}  // namespace fansipan::center
