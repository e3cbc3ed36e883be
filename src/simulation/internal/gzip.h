#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::simulation::internal {

/// The bytes in gzip format at a quick level.
base::Result<std::string> Gzip(std::string_view bytes);

}  // namespace fansipan::simulation::internal
