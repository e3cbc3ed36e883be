#pragma once

#include <optional>
#include <string>

#include "center/internal/draft.h"
#include "center/internal/yaml_map.h"
#include "model/indicator.h"

namespace fansipan::center {

/// The key `across_merger` of an indicator: one word, or a map of `rule`, `weighted` and `share`.
/// What it names is not looked at.
model::MergerRule ReadMergerRule(const YamlMap& indicator);

/// What is wrong with a rule, and where: the key inside `across_merger`, empty for the whole.
struct MergerProblem {
  std::string key;
  std::string message;
};
/// Looks at what an indicator's rule names, and says whether its weight is an attribute. Formulas
/// must have been read.
std::optional<MergerProblem> CheckMergerRule(const Center& center, model::Indicator& indicator);

}  // namespace fansipan::center
