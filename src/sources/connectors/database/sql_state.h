#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources {

/// What the code of a failed statement (SQLSTATE) means for who must act. `place`: which database;
/// `told`: its own words, without a secret.
base::Error ErrorOfState(std::string_view state, const std::string& place, const std::string& told);

}  // namespace fansipan::sources
