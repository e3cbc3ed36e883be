#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fansipan::center {

/// Up to `count` of `names` that `word` may be a slip of the pen for, nearest first: at most a
/// third of its bytes, and at least two, inserted, left out or exchanged. Words over 100 bytes have
/// none.
std::vector<std::string> NearestNames(std::string_view word, const std::vector<std::string>& names,
                                      std::size_t count);

}  // namespace fansipan::center
