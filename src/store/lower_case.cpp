#include "store/lower_case.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace fansipan::store {

std::string LowerCase(std::string_view text) {
  std::string lower;
  lower.reserve(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  std::int64_t next = 0;
  while (next < size) {
    const std::int64_t start = next;
    UChar32 character = 0;
    U8_NEXT(bytes, next, size, character);
    if (character < 0) {
      lower.append(
          text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(next - start)));
      continue;
    }
    std::uint8_t encoded[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(encoded, length, u_tolower(character));
    lower.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
  }
  return lower;
}

}  // namespace fansipan::store
