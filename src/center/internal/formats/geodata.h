#pragma once

#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

// Read what a source says of its geodata or Parquet.
GeodataShape ReadGeodata(const YamlMap& map);
ParquetShape ReadParquet(const YamlMap& map);

}  // namespace fansipan::center
