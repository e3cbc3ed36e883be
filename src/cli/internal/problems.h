#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "center/load.h"

namespace fansipan::cli {

/// All problems of a file or folder as one error, a line each.
base::Error ProblemsIn(const std::string& path, const char* reason,
                       const std::vector<center::Problem>& problems);

}  // namespace fansipan::cli
