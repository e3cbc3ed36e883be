#pragma once

#include <vector>

#include "center/center.h"
#include "center/load.h"

namespace fansipan::center {

/// Series that can be reported and that no indicator shows: of a dataset whose series column
/// declares its values by `one_of`, each such value; of any other reported dataset, that no
/// indicator reads it at all. Which series deliveries bring besides is not declared. None of it
/// makes the center unusable. In order of declaration.
std::vector<Problem> ReportedNotices(const Center& center);

}  // namespace fansipan::center
