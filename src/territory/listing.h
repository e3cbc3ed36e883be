#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "center/load.h"
#include "territory/matcher.h"

namespace fansipan::territory {

/// A list of units, or everything wrong with its file; with problems the units are not to be used.
struct Listing {
  std::vector<ListedUnit> units;
  std::vector<center::Problem> problems;
};

/// Reads CSV with the columns code, level, full_name, parent, and for the list after `origin`, the
/// official text. Reports repeated codes, parents that are not in the list, and circles of parents.
Listing ReadListing(std::string_view file, std::string_view text, bool with_origin);

struct DecisionList {
  std::vector<Decision> decisions;
  std::vector<center::Problem> problems;
};

/// Reads CSV with the columns statement, mention, units (codes with blanks between them), who, day,
/// why. Reports what names no unit of either list, and two decisions on one mention.
DecisionList ReadDecisions(std::string_view file, std::string_view text,
                           const std::vector<ListedUnit>& before,
                           const std::vector<ListedUnit>& after);

}  // namespace fansipan::territory
