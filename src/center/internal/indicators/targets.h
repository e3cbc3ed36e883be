#pragma once

#include <optional>
#include <string>

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "model/indicator.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxTargets = 200'000;

/// The list `targets` of an indicator; units must have been read.
void ReadTargets(const Draft& draft, const YamlMap& map, const YamlNode& list,
                 model::Indicator& indicator);
/// systems/<name>/targets.csv of every system, for its indicators; these must have been read. Sorts
/// all targets.
void ReadTargetTables(Draft& draft);
/// Why the indicator can have no pace; nothing when it can. Formulas must have been read.
std::optional<std::string> FindPaceProblem(const Center& center, const model::Indicator& indicator);

}  // namespace fansipan::center
