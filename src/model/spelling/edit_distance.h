#pragma once

#include <cstddef>
#include <string_view>

namespace fansipan::model {

/// Bytes inserted, left out or exchanged between two texts (Levenshtein). Time and memory grow with
/// the product of the lengths: the caller limits them.
std::size_t EditDistance(std::string_view left, std::string_view right);

}  // namespace fansipan::model
