#pragma once

#include <cstddef>
#include <string>

namespace fansipan::sources::internal {

/// Stands in a transcoded text for what could not be decoded: a byte that no UTF-8 has.
inline constexpr char kUndecodable = '\xFF';

/// Bytes that one character of the basic plane takes at most.
inline constexpr std::size_t kUtf8Room = 3;

/// Writes a character; returns the end of it. Half a surrogate pair gives what is no UTF-8.
inline char* WriteUtf8(char32_t character, char* to) {
  const auto low = [](char32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (character < 0x80) {
    *to++ = static_cast<char>(character);
  } else if (character < 0x800) {
    *to++ = static_cast<char>(0xC0U | (character >> 6U));
    *to++ = low(character);
  } else if (character < 0x10000) {
    *to++ = static_cast<char>(0xE0U | (character >> 12U));
    *to++ = low(character >> 6U);
    *to++ = low(character);
  } else {
    *to++ = static_cast<char>(0xF0U | (character >> 18U));
    *to++ = low(character >> 12U);
    *to++ = low(character >> 6U);
    *to++ = low(character);
  }
  return to;
}

inline void AppendUtf8(char32_t character, std::string& text) {
  char bytes[4];
  text.append(bytes, WriteUtf8(character, bytes));
}

}  // namespace fansipan::sources::internal
