#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxRawColumns = 1000;

/// What a path of a column must be; nothing when it is right.
using PathCheck = std::function<base::Status(std::string_view path)>;

/// The list `columns` of a format: each entry the name of a column, or `{name: path}`. Reports
/// names that cannot be a column, or are there twice, and paths that `check` refuses.
std::vector<RawColumn> ReadRawColumns(const YamlMap& map, Need need, const PathCheck& check);

/// The same for a format whose columns are known by their names alone; several may have one name.
std::vector<std::string> ReadColumnNames(const YamlMap& map, Need need);

}  // namespace fansipan::center
