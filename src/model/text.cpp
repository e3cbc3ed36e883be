#include "model/text.h"

#include <array>
#include <cstddef>
#include <utility>

namespace fansipan::model {
namespace {

/// Where capital letters stand: from, to, how far their small letters are, and every which one.
struct CapitalRange {
  char32_t from;
  char32_t to;
  char32_t distance;
  char32_t step;
};
constexpr std::array<CapitalRange, 15> kCapitals{{{U'A', U'Z', 32, 1},
                                                  {0xC0, 0xD6, 32, 1},
                                                  {0xD8, 0xDE, 32, 1},
                                                  {0x100, 0x12E, 1, 2},
                                                  {0x132, 0x136, 1, 2},
                                                  {0x139, 0x147, 1, 2},
                                                  {0x14A, 0x176, 1, 2},
                                                  {0x179, 0x17D, 1, 2},
                                                  {0x1A0, 0x1A4, 1, 2},
                                                  {0x1AF, 0x1AF, 1, 2},
                                                  {0x391, 0x3A1, 32, 1},
                                                  {0x3A3, 0x3AB, 32, 1},
                                                  {0x410, 0x42F, 32, 1},
                                                  {0x1E00, 0x1E94, 1, 2},
                                                  {0x1EA0, 0x1EFE, 1, 2}}};

char32_t SmallLetter(char32_t letter) {
  for (const CapitalRange& range : kCapitals) {
    if (letter < range.from || letter > range.to) continue;
    return (letter - range.from) % range.step == 0 ? letter + range.distance : letter;
  }
  return letter;
}

}  // namespace

std::string_view TextIn(const LocalizedText& text, std::string_view language) {
  const auto found = text.find(language);
  if (found != text.end()) return found->second;
  return text.empty() ? std::string_view() : std::string_view(text.begin()->second);
}

std::string LowerCase(std::string text) {
  const auto is_tail = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  const auto tail = [&](std::size_t at) { return static_cast<unsigned char>(text[at]) & 0x3FU; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80U) {
      text[i] = static_cast<char>(SmallLetter(lead));
    } else if ((lead & 0xE0U) == 0xC0U && is_tail(i + 1)) {
      const char32_t small = SmallLetter(((lead & 0x1FU) << 6U) | tail(i + 1));
      text[i] = static_cast<char>(0xC0U | (small >> 6U));
      text[++i] = static_cast<char>(0x80U | (small & 0x3FU));
    } else if ((lead & 0xF0U) == 0xE0U && is_tail(i + 1) && is_tail(i + 2)) {
      const char32_t small =
          SmallLetter(((lead & 0x0FU) << 12U) | (tail(i + 1) << 6U) | tail(i + 2));
      text[i] = static_cast<char>(0xE0U | (small >> 12U));
      text[++i] = static_cast<char>(0x80U | ((small >> 6U) & 0x3FU));
      text[++i] = static_cast<char>(0x80U | (small & 0x3FU));
    }
  }
  return text;
}

}  // namespace fansipan::model
