#include "model/spelling/composing.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>

namespace fansipan::model {

std::string Compose(std::string_view utf8) {
  if (std::ranges::all_of(utf8, [](char c) { return c >= 0; })) return std::string(utf8);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(status);
  const icu::StringPiece piece(utf8.data(), static_cast<std::int32_t>(utf8.size()));
  if (U_FAILURE(status)) return std::string(utf8);
  // Malformed bytes would become U+FFFD, and other names.
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(piece);
  std::string same;
  if (text.toUTF8String(same) != utf8) return std::string(utf8);
  const icu::UnicodeString composed = composer->normalize(text, status);
  if (U_FAILURE(status)) return std::string(utf8);
  std::string bytes;
  composed.toUTF8String(bytes);
  return bytes;
}

}  // namespace fansipan::model
