#include "sources/internal/encodings/utf16.h"

#include <algorithm>

#include "sources/internal/encodings/utf8_writer.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kBlockUnits = 32U << 10U;
constexpr std::size_t kUnit = 2;

char32_t UnitAt(const Utf16Text& from, std::size_t offset) {
  const auto first = static_cast<unsigned char>(from.bytes[offset]);
  const auto second = static_cast<unsigned char>(from.bytes[offset + 1]);
  return from.big_endian ? (first << 8U) | second : (second << 8U) | first;
}

bool IsSurrogate(char32_t unit) { return unit >= 0xD800 && unit <= 0xDFFF; }

/// The character at `offset`, which then stands behind it; nothing for a lone half.
std::optional<char32_t> TakeCharacter(const Utf16Text& from, std::size_t& offset) {
  const char32_t unit = UnitAt(from, offset);
  offset += kUnit;
  if (!IsSurrogate(unit)) return unit;
  if (unit >= 0xDC00 || offset >= from.bytes.size()) return std::nullopt;
  const char32_t next = UnitAt(from, offset);
  if (next < 0xDC00 || next > 0xDFFF) return std::nullopt;
  offset += kUnit;
  return 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00);
}

}  // namespace

void TranscodeUtf16(const Utf16Text& from, std::string& text) {
  text.reserve(from.bytes.size() * 3 / 4);  // as Vietnamese takes
  for (std::size_t at = 0; at < from.bytes.size();) {
    const std::size_t end = std::min(at + kBlockUnits * kUnit, from.bytes.size());
    const std::size_t before = text.size();
    // A pair, which may reach over the block's end, takes four bytes for its two units.
    text.resize(before + kUtf8Room * (end - at) / kUnit + 1);
    char* to = text.data() + before;
    while (at < end) {
      const char32_t unit = UnitAt(from, at);
      if (unit < 0x80) {
        *to++ = static_cast<char>(unit);
        at += kUnit;
        continue;
      }
      const auto character = TakeCharacter(from, at);
      if (character) {
        to = WriteUtf8(*character, to);
      } else {
        *to++ = kUndecodable;
      }
    }
    text.resize(static_cast<std::size_t>(to - text.data()));
  }
}

std::optional<std::size_t> FindLoneSurrogate(const Utf16Text& from) {
  for (std::size_t at = 0; at < from.bytes.size();) {
    const std::size_t start = at;
    if (!TakeCharacter(from, at)) return start;
  }
  return std::nullopt;
}

std::size_t FindNul(const Utf16Text& from) {
  std::size_t at = 0;
  while (at < from.bytes.size() && UnitAt(from, at) != 0) at += kUnit;
  return at;
}

std::size_t BehindLineFeeds(const Utf16Text& from, std::size_t start, std::size_t count) {
  for (std::size_t at = start; count > 0 && at < from.bytes.size(); at += kUnit) {
    if (UnitAt(from, at) != U'\n') continue;
    --count;
    if (count == 0) return at + kUnit;
  }
  return count == 0 ? start : from.bytes.size();
}

}  // namespace fansipan::sources::internal
