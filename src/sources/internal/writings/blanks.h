#pragma once

#include <array>
#include <string_view>

namespace fansipan::sources::internal {

/// What counts as a blank in the writing of numbers and dates: the ASCII ones, and those that may
/// not be broken (U+00A0, U+202F).
inline constexpr std::array<std::string_view, 4> kBlanks = {" ", "\t", "\u00A0", "\u202F"};

/// Bytes of the blank at the start of the text; 0 when none is there.
inline std::size_t SizeOfBlank(std::string_view text) {
  for (const std::string_view blank : kBlanks) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}

inline std::string_view WithoutBlanks(std::string_view text) {
  while (const std::size_t size = SizeOfBlank(text)) text.remove_prefix(size);
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view blank : kBlanks) {
      if (!text.ends_with(blank)) continue;
      text.remove_suffix(blank.size());
      found = true;
    }
  }
  return text;
}

}  // namespace fansipan::sources::internal
