#include "model/spelling/folding.h"

#include <cstddef>

#include "model/spelling/ascii.h"

namespace fansipan::model {
namespace {

constexpr char32_t kLatinFirst = 0x00C0;
constexpr char32_t kVietnameseFirst = 0x1EA0;

// The base letter of each character from the block's first on; a point where there is none.
constexpr std::string_view kLatin =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccdd"
    "ddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll..llnnnnnn.nnoooooo..rrrrrrssssss"
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbb....occdddd....ffg...ikkl.mnnooo..pp.....ttttu"
    "u.vyyzz......................aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg..nnaa..oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hhnd....aaeeooooooooyylntj..accltsz..bu.eejjqqrryy";
constexpr std::string_view kVietnamese =
    "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu"
    "uuyyyyyyyy..vvyy";

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

char32_t Bits(char c, unsigned mask) { return static_cast<unsigned char>(c) & mask; }

/// The character at the start of `text` and the bytes it takes; 0 for anything outside two and
/// three well-formed bytes, all that is folded here.
struct Decoded {
  char32_t character = 0;
  std::size_t length = 1;
};

Decoded DecodeFirst(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead >= 0xC2 && lead < 0xE0 && text.size() >= 2 && IsContinuation(text[1])) {
    return {Bits(text[0], 0x1F) << 6U | Bits(text[1], 0x3F), 2};
  }
  if ((lead & 0xF0U) == 0xE0 && text.size() >= 3 && IsContinuation(text[1]) &&
      IsContinuation(text[2])) {
    return {Bits(text[0], 0x0F) << 12U | Bits(text[1], 0x3F) << 6U | Bits(text[2], 0x3F), 3};
  }
  return {};
}

bool IsCombiningMark(char32_t character) { return character >= 0x0300 && character <= 0x036F; }

char BaseIn(std::string_view letters, char32_t first, char32_t character) {
  const bool inside = character >= first && character < first + letters.size();
  return inside ? letters[character - first] : '.';
}

/// The folded form, empty when the character stays as it is.
std::string_view LettersOf(char32_t character) {
  switch (character) {
    case 0x00C6:
    case 0x00E6:
      return "ae";
    case 0x0152:
    case 0x0153:
      return "oe";
    case 0x00DF:
    case 0x1E9E:
      return "ss";
    case 0x00DE:
    case 0x00FE:
      return "th";
    default:
      break;
  }
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz";
  char letter = BaseIn(kLatin, kLatinFirst, character);
  if (letter == '.') letter = BaseIn(kVietnamese, kVietnameseFirst, character);
  if (letter == '.') return {};
  return kAlphabet.substr(static_cast<std::size_t>(letter - 'a'), 1);
}

}  // namespace

std::string FoldForSearch(std::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  while (!utf8.empty()) {
    const char c = utf8[0];
    const Decoded decoded = DecodeFirst(utf8);
    const std::string_view letters = LettersOf(decoded.character);
    if (!letters.empty()) {
      folded += letters;
    } else if (decoded.character == 0) {
      folded += LowerAscii(c);
    } else if (!IsCombiningMark(decoded.character)) {
      folded += utf8.substr(0, decoded.length);
    }
    utf8.remove_prefix(decoded.length);
  }
  return folded;
}

}  // namespace fansipan::model
