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
/// names that cannot be a column, are there twice, or are not composed (NFC), and paths that
/// `check` refuses.
std::vector<RawColumn> ReadRawColumns(const YamlMap& map, Need need, const PathCheck& check);

/// The same for a table, whose columns are known by their names alone. The names are composed
/// (NFC), as those of the header that is read.
std::vector<std::string> ReadColumnNames(const YamlMap& map, Need need);

/// A statement whose names are composed, too; texts in single quotes stay as they are written.
std::string WithComposedNames(std::string_view sql);

}  // namespace fansipan::center
