#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::sources::internal {

/// What is chosen among, for messages and reasons: a sheet of a workbook, declared as `sheet`.
struct ChoiceWords {
  std::string_view thing;
  std::string_view holder;
};

/// The one name that a name or a pattern with `*` means; a hidden one is meant by its exact name
/// alone. Errors no_<thing>, several_<thing>s, which name those that there are.
base::Result<std::string> ChooseName(const std::vector<std::string>& names,
                                     const std::vector<std::string>& hidden,
                                     const std::string& wanted, const ChoiceWords& words);

}  // namespace fansipan::sources::internal
