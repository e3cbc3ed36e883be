#include "sources/internal/base64.h"

#include <cstddef>
#include <cstdint>

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

int DigitOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0;  // bits that no byte has taken yet
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (kSpace.find(c) != std::string_view::npos) continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int digit = DigitOf(c);
    if (digit < 0 || padding > 0) return std::nullopt;
    ++digits;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFFU);
  }
  // The bits that no byte takes are zero where nothing was cut off.
  const bool is_clean = (bits & ((1U << held) - 1U)) == 0;
  if ((digits + padding) % 4 != 0 || padding > 2 || !is_clean) return std::nullopt;
  return bytes;
}

}  // namespace fansipan::sources::internal
