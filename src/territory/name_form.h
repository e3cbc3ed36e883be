#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fansipan::territory {

/// The forms in which the name of a Vietnamese unit is compared.
struct NameForm {
  std::string status;  ///< "xa", "phuong", "thi tran", "huyen", …; empty when the text has none
  std::string toned;   ///< the name without status; the tone of each syllable stands at its end
  std::string plain;   ///< the same without accents
  bool operator==(const NameForm&) const = default;
};

/// Takes a text such as "TT. N.T Phong Hải" apart. The same are: composed and combining accents,
/// small and capital letters, "Hoà" and "Hòa", "TT." and "Thị trấn", "N.T" and "Nông trường",
/// "Phường 01" and "Phường 1", hyphens, apostrophes and blanks of any number. Any bytes are taken.
NameForm FormOfName(std::string_view text);

/// A word in small letters with its accents composed and its tone, as a letter, at its end: "Hoà"
/// and "Hòa" both give "hoaf".
std::string TonedWord(std::string_view word);

/// The status that `words` (as TonedWord gives them) begin with, in plain form, and how many words
/// it takes. Accents count: "Xà Hồ" has no status.
struct StatusWords {
  std::string status;
  std::size_t count = 0;
};
StatusWords FindStatus(const std::vector<std::string>& words);

/// A plain name without blanks: "Ea H'leo" and "Ea Hleo", "A Vương" and "Avương" give the same.
std::string GluedName(std::string_view plain);

}  // namespace fansipan::territory
