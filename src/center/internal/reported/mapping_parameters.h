#pragma once

#include <string>
#include <string_view>

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxMappingParameters = 50;
inline constexpr std::size_t kMaxParameterItems = 500;

/// Puts the parameters of a source's mapping into its text: `$name` becomes the value, as a text,
/// a list of texts or a map of texts in SQL; `$"name"` becomes the name of a column. Texts,
/// comments and quoted names of the mapping stay as they are. Reports parameters that the text does
/// not use, and those it uses but `node` does not give. `node` null: none are given.
std::string FillIn(const YamlMap& source, const YamlNode& path, const YamlNode* node,
                   std::string_view sql);

}  // namespace fansipan::center
