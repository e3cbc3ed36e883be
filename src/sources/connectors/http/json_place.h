#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/internal/json_reader.h"

namespace fansipan::sources {

/// Goes to the value at the steps, each the name of a member. False: there is none.
base::Result<bool> EnterAt(internal::JsonReader& reader, const std::vector<std::string>& steps);

/// A string or number at the steps, as text; nothing when there is none, or anything else. A string
/// with a NUL or half of a surrogate pair is as an empty one. The text must be checked JSON.
base::Result<std::optional<std::string>> ScalarAt(std::string_view text,
                                                  const std::vector<std::string>& steps,
                                                  std::uint32_t depth);

}  // namespace fansipan::sources
