#include "security/internal/utf8.h"

#include <unicode/utf8.h>

namespace fansipan::security {

// The macro mixes int and bytes in its own text.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"

std::int32_t NextCharacter(std::string_view text, std::size_t& position) {
  std::int32_t character = 0;
  U8_NEXT(text.data(), position, text.size(), character);
  return character;
}

#pragma GCC diagnostic pop

}  // namespace fansipan::security
