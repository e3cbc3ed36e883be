#include "sources/internal/encodings/vietnamese_letters.h"

#include <algorithm>
#include <array>

namespace fansipan::sources::internal {
namespace {

/// A letter and what it is with each tone, in the order of Tone; 0 where no one character is.
struct Toned {
  char16_t letter;
  std::array<char16_t, 5> with;
};

/// Ascending by letter. The vowels of Vietnamese, and the consonants for which Unicode has one
/// character with such a mark: NFC asks for it.
constexpr std::array kToned = {
    Toned{u'A', {u'À', u'Ả', u'Ã', u'Á', u'Ạ'}},
    Toned{u'B', {0, 0, 0, 0, u'Ḅ'}},
    Toned{u'C', {0, 0, 0, u'Ć', 0}},
    Toned{u'D', {0, 0, 0, 0, u'Ḍ'}},
    Toned{u'E', {u'È', u'Ẻ', u'Ẽ', u'É', u'Ẹ'}},
    Toned{u'G', {0, 0, 0, u'Ǵ', 0}},
    Toned{u'H', {0, 0, 0, 0, u'Ḥ'}},
    Toned{u'I', {u'Ì', u'Ỉ', u'Ĩ', u'Í', u'Ị'}},
    Toned{u'K', {0, 0, 0, u'Ḱ', u'Ḳ'}},
    Toned{u'L', {0, 0, 0, u'Ĺ', u'Ḷ'}},
    Toned{u'M', {0, 0, 0, u'Ḿ', u'Ṃ'}},
    Toned{u'N', {u'Ǹ', 0, u'Ñ', u'Ń', u'Ṇ'}},
    Toned{u'O', {u'Ò', u'Ỏ', u'Õ', u'Ó', u'Ọ'}},
    Toned{u'P', {0, 0, 0, u'Ṕ', 0}},
    Toned{u'R', {0, 0, 0, u'Ŕ', u'Ṛ'}},
    Toned{u'S', {0, 0, 0, u'Ś', u'Ṣ'}},
    Toned{u'T', {0, 0, 0, 0, u'Ṭ'}},
    Toned{u'U', {u'Ù', u'Ủ', u'Ũ', u'Ú', u'Ụ'}},
    Toned{u'V', {0, 0, u'Ṽ', 0, u'Ṿ'}},
    Toned{u'W', {u'Ẁ', 0, 0, u'Ẃ', u'Ẉ'}},
    Toned{u'Y', {u'Ỳ', u'Ỷ', u'Ỹ', u'Ý', u'Ỵ'}},
    Toned{u'Z', {0, 0, 0, u'Ź', u'Ẓ'}},
    Toned{u'a', {u'à', u'ả', u'ã', u'á', u'ạ'}},
    Toned{u'b', {0, 0, 0, 0, u'ḅ'}},
    Toned{u'c', {0, 0, 0, u'ć', 0}},
    Toned{u'd', {0, 0, 0, 0, u'ḍ'}},
    Toned{u'e', {u'è', u'ẻ', u'ẽ', u'é', u'ẹ'}},
    Toned{u'g', {0, 0, 0, u'ǵ', 0}},
    Toned{u'h', {0, 0, 0, 0, u'ḥ'}},
    Toned{u'i', {u'ì', u'ỉ', u'ĩ', u'í', u'ị'}},
    Toned{u'k', {0, 0, 0, u'ḱ', u'ḳ'}},
    Toned{u'l', {0, 0, 0, u'ĺ', u'ḷ'}},
    Toned{u'm', {0, 0, 0, u'ḿ', u'ṃ'}},
    Toned{u'n', {u'ǹ', 0, u'ñ', u'ń', u'ṇ'}},
    Toned{u'o', {u'ò', u'ỏ', u'õ', u'ó', u'ọ'}},
    Toned{u'p', {0, 0, 0, u'ṕ', 0}},
    Toned{u'r', {0, 0, 0, u'ŕ', u'ṛ'}},
    Toned{u's', {0, 0, 0, u'ś', u'ṣ'}},
    Toned{u't', {0, 0, 0, 0, u'ṭ'}},
    Toned{u'u', {u'ù', u'ủ', u'ũ', u'ú', u'ụ'}},
    Toned{u'v', {0, 0, u'ṽ', 0, u'ṿ'}},
    Toned{u'w', {u'ẁ', 0, 0, u'ẃ', u'ẉ'}},
    Toned{u'y', {u'ỳ', u'ỷ', u'ỹ', u'ý', u'ỵ'}},
    Toned{u'z', {0, 0, 0, u'ź', u'ẓ'}},
    Toned{u'Â', {u'Ầ', u'Ẩ', u'Ẫ', u'Ấ', u'Ậ'}},
    Toned{u'Ê', {u'Ề', u'Ể', u'Ễ', u'Ế', u'Ệ'}},
    Toned{u'Ô', {u'Ồ', u'Ổ', u'Ỗ', u'Ố', u'Ộ'}},
    Toned{u'â', {u'ầ', u'ẩ', u'ẫ', u'ấ', u'ậ'}},
    Toned{u'ê', {u'ề', u'ể', u'ễ', u'ế', u'ệ'}},
    Toned{u'ô', {u'ồ', u'ổ', u'ỗ', u'ố', u'ộ'}},
    Toned{u'Ă', {u'Ằ', u'Ẳ', u'Ẵ', u'Ắ', u'Ặ'}},
    Toned{u'ă', {u'ằ', u'ẳ', u'ẵ', u'ắ', u'ặ'}},
    Toned{u'Ơ', {u'Ờ', u'Ở', u'Ỡ', u'Ớ', u'Ợ'}},
    Toned{u'ơ', {u'ờ', u'ở', u'ỡ', u'ớ', u'ợ'}},
    Toned{u'Ư', {u'Ừ', u'Ử', u'Ữ', u'Ứ', u'Ự'}},
    Toned{u'ư', {u'ừ', u'ử', u'ữ', u'ứ', u'ự'}},
};
static_assert(std::ranges::is_sorted(kToned, {}, &Toned::letter));

/// A vowel and what it is with a circumflex and with a breve.
struct Shaped {
  char16_t letter;
  std::array<char16_t, 2> with;
};

constexpr std::array<Shaped, 6> kShaped = {{{u'a', {u'â', u'ă'}},
                                            {u'e', {u'ê', 0}},
                                            {u'o', {u'ô', 0}},
                                            {u'A', {u'Â', u'Ă'}},
                                            {u'E', {u'Ê', 0}},
                                            {u'O', {u'Ô', 0}}}};

constexpr std::array<char16_t, 6> kCombining = {0, 0x300, 0x309, 0x303, 0x301, 0x323};

std::optional<char16_t> WithTone(char16_t letter, Tone tone) {
  if (tone == kNoTone) return letter;
  const auto* found = std::ranges::lower_bound(kToned, letter, {}, &Toned::letter);
  if (found == kToned.end() || found->letter != letter) return std::nullopt;
  const char16_t toned = found->with.at(tone - 1);
  return toned == 0 ? std::nullopt : std::optional(toned);
}

std::optional<char16_t> WithShape(char16_t letter, Shape shape) {
  if (shape == kNoShape) return letter;
  const auto* found = std::ranges::find(kShaped, letter, &Shaped::letter);
  if (found == kShaped.end()) return std::nullopt;
  const char16_t shaped = found->with.at(shape - 1);
  return shaped == 0 ? std::nullopt : std::optional(shaped);
}

}  // namespace

std::optional<char16_t> WithMark(char16_t letter, Mark mark) {
  const auto shaped = WithShape(letter, mark.shape);
  return shaped ? WithTone(*shaped, mark.tone) : std::nullopt;
}

char16_t CombiningCharacter(Tone tone) { return kCombining.at(tone); }

}  // namespace fansipan::sources::internal
