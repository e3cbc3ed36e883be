#pragma once

#include <string>

#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// Reads what a source says of its workbook; `source` names it in messages.
WorkbookShape ReadWorkbook(const YamlNode& node, const FileScope& scope, const std::string& source);

}  // namespace fansipan::center
