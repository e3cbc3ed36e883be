#pragma once

#include "center/center.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// The key `json` of a source of the format json, ndjson or sdmx_json.
JsonShape ReadJsonShape(const YamlMap& map, Format format);

}  // namespace fansipan::center
