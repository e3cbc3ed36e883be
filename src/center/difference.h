#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "center/center.h"

namespace fansipan::center {

/// What is declared otherwise in `to` than in `from`, for people, in a fixed order: "indicator
/// 'on_time_rate' changed: formula, thresholds", "dataset 'case' added". Formulas and conditions
/// count by meaning, not by their spacing. At most 100 lines a kind, then how many more. Empty when
/// nothing that is declared differs.
std::vector<std::string> DescribeDifference(const Center& from, const Center& to);

/// Kind, in the words of DescribeDifference, and the names of what was added, changed or removed.
using ChangedNames = std::map<std::string, std::set<std::string>>;
ChangedNames NamesChanged(const Center& from, const Center& to);

}  // namespace fansipan::center
