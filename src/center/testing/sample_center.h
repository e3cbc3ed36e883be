#pragma once

#include <map>
#include <string>

namespace fansipan::center::testing {

using Files = std::map<std::string, std::string, std::less<>>;

/// A small, correct center that uses nearly every key of the language once.
Files SampleCenter();

}  // namespace fansipan::center::testing
