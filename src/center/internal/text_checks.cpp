#include "center/internal/text_checks.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace fansipan::center {
namespace {

bool IsLetter(char character) { return character >= 'a' && character <= 'z'; }
bool IsDigit(char character) { return character >= '0' && character <= '9'; }

struct Quantity {
  std::uint64_t number = 0;
  std::string_view unit;
};

// At most nine digits, then whatever follows.
std::optional<Quantity> SplitQuantity(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && IsDigit(text[digits])) ++digits;
  if (digits == 0 || digits > 9) return std::nullopt;
  Quantity quantity;
  std::from_chars(text.data(), text.data() + digits, quantity.number);
  quantity.unit = text.substr(digits);
  return quantity;
}

// Length of the well-formed UTF-8 character at the start, 0 when there is none.
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_high = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

}  // namespace

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameLength && IsLetter(text[0]) &&
         std::ranges::all_of(text, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

std::optional<base::Duration> ParseDuration(std::string_view text) {
  const std::optional<Quantity> quantity = SplitQuantity(text);
  if (!quantity || quantity->number == 0) return std::nullopt;
  std::chrono::seconds unit{0};
  if (quantity->unit == "s") unit = std::chrono::seconds(1);
  if (quantity->unit == "m") unit = std::chrono::minutes(1);
  if (quantity->unit == "h") unit = std::chrono::hours(1);
  if (quantity->unit == "d") unit = std::chrono::days(1);
  const auto duration = unit * static_cast<std::int64_t>(quantity->number);
  if (unit.count() == 0 || duration > std::chrono::days(3660)) return std::nullopt;
  return duration;
}

std::optional<std::uint64_t> ParseSize(std::string_view text) {
  const std::optional<Quantity> quantity = SplitQuantity(text);
  if (!quantity) return std::nullopt;
  if (quantity->unit.empty()) return quantity->number;
  if (quantity->unit == "KB") return quantity->number << 10U;
  if (quantity->unit == "MB") return quantity->number << 20U;
  if (quantity->unit == "GB") return quantity->number << 30U;
  return std::nullopt;
}

std::optional<std::size_t> FindBadByte(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const auto first = static_cast<unsigned char>(text[offset]);
    const bool allowed_control = first == '\t' || first == '\n' || first == '\r';
    if ((first < 0x20 && !allowed_control) || first == 0x7F) return offset;
    const std::size_t length = CharacterLength(text.substr(offset));
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

int CountCharacters(std::string_view text) {
  return static_cast<int>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

Position PositionAt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
          CountCharacters(before.substr(line_start)) + 1};
}

}  // namespace fansipan::center
