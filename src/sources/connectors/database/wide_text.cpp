#include "sources/connectors/database/wide_text.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace fansipan::sources {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kFirstPair = 0x10000;
constexpr char32_t kHighHalf = 0xD800;
constexpr char32_t kLowHalf = 0xDC00;
constexpr char32_t kHalfMask = 0xFC00;

void AppendUtf8(char32_t c, std::string& text) {
  const auto tail = [&](unsigned shift) {
    text += static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
  };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0U | (c >> 6U));
    tail(0);
  } else if (c < kFirstPair) {
    text += static_cast<char>(0xE0U | (c >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0U | (c >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The character at `at`, which moves behind it.
char32_t TakeUtf8(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, kFirstPair};
  if (lead < 0xC2 || lead > 0xF4 || at + more > text.size()) return kReplacement;
  char32_t c = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80U) return kReplacement;
    c = (c << 6U) | (byte & 0x3FU);
  }
  at += more;
  const bool is_half = c >= kHighHalf && c <= 0xDFFF;
  return c < kLeast[more] || is_half || c > 0x10FFFF ? kReplacement : c;
}

}  // namespace

std::u16string ToWide(std::string_view utf8) {
  std::u16string wide;
  wide.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = TakeUtf8(utf8, at);
    if (c < kFirstPair) {
      wide += static_cast<char16_t>(c);
    } else {
      wide += static_cast<char16_t>(kHighHalf + ((c - kFirstPair) >> 10U));
      wide += static_cast<char16_t>(kLowHalf + ((c - kFirstPair) & 0x3FFU));
    }
  }
  return wide;
}

std::string ToNarrow(std::u16string_view wide) {
  std::string text;
  text.reserve(wide.size());
  for (std::size_t at = 0; at < wide.size(); ++at) {
    char32_t c = wide[at];
    const bool pair = (c & kHalfMask) == kHighHalf && at + 1 < wide.size() &&
                      (wide[at + 1] & kHalfMask) == kLowHalf;
    if (pair) {
      ++at;
      c = kFirstPair + ((c - kHighHalf) << 10U) + (wide[at] - kLowHalf);
    }
    AppendUtf8(c, text);
  }
  return text;
}

}  // namespace fansipan::sources
