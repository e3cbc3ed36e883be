#include "territory/name_form.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/spelling/folding.h"
#include "model/text.h"

namespace fansipan::territory {
namespace {

// Each vowel without a tone, then with grave, acute, hook, tilde and dot below.
constexpr std::array<std::array<std::string_view, 6>, 12> kVowels = {{
    {"a", "à", "á", "ả", "ã", "ạ"},
    {"ă", "ằ", "ắ", "ẳ", "ẵ", "ặ"},
    {"â", "ầ", "ấ", "ẩ", "ẫ", "ậ"},
    {"e", "è", "é", "ẻ", "ẽ", "ẹ"},
    {"ê", "ề", "ế", "ể", "ễ", "ệ"},
    {"i", "ì", "í", "ỉ", "ĩ", "ị"},
    {"o", "ò", "ó", "ỏ", "õ", "ọ"},
    {"ô", "ồ", "ố", "ổ", "ỗ", "ộ"},
    {"ơ", "ờ", "ớ", "ở", "ỡ", "ợ"},
    {"u", "ù", "ú", "ủ", "ũ", "ụ"},
    {"ư", "ừ", "ứ", "ử", "ữ", "ự"},
    {"y", "ỳ", "ý", "ỷ", "ỹ", "ỵ"},
}};
constexpr std::string_view kToneSigns = "_fsrxj";  // as typed in Telex

// The combining accents of tones, in the order of kToneSigns from its second on.
constexpr std::array<std::string_view, 5> kToneMarks = {"\u0300", "\u0301", "\u0309", "\u0303",
                                                        "\u0323"};
// Combining accents that make another letter: base letter, accent, letter.
struct Composition {
  std::string_view base;
  std::string_view accent;
  std::string_view letter;
};
constexpr std::array<Composition, 6> kCompositions = {{{"a", "\u0306", "ă"},
                                                       {"a", "\u0302", "â"},
                                                       {"e", "\u0302", "ê"},
                                                       {"o", "\u0302", "ô"},
                                                       {"o", "\u031B", "ơ"},
                                                       {"u", "\u031B", "ư"}}};

// A status as toned words, in full or short, and its plain form. Two words go before one.
struct Status {
  std::string_view written;
  std::string_view plain;
};
constexpr std::array<Status, 18> kStatuses = {{{"thij trâns", "thi tran"},
                                               {"thij xax", "thi xa"},
                                               {"thanhf phôs", "thanh pho"},
                                               {"thur đô", "thanh pho"},
                                               {"đăcj khu", "dac khu"},
                                               {"xax", "xa"},
                                               {"phươngf", "phuong"},
                                               {"huyênj", "huyen"},
                                               {"quânj", "quan"},
                                               {"tinhr", "tinh"},
                                               {"tt", "thi tran"},
                                               {"tx", "thi xa"},
                                               {"tp", "thanh pho"},
                                               {"p", "phuong"},
                                               {"x", "xa"},
                                               {"h", "huyen"},
                                               {"q", "quan"},
                                               {"t", "tinh"}}};

std::size_t LengthOfFirst(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = 1;
  if (lead >= 0xF0) {
    length = 4;
  } else if (lead >= 0xE0) {
    length = 3;
  } else if (lead >= 0xC0) {
    length = 2;
  }
  return std::min(length, text.size());
}

// One word with its accents composed and its tone taken to the end; the words are small already.
class Syllable {
 public:
  void Take(std::string_view character) {
    for (std::size_t tone = 0; tone < kToneMarks.size(); ++tone) {
      if (character == kToneMarks[tone]) return SetTone(tone + 1);
    }
    for (const Composition& composition : kCompositions) {
      if (character != composition.accent || !letters_.ends_with(composition.base)) continue;
      letters_.resize(letters_.size() - composition.base.size());
      letters_ += composition.letter;
      return;
    }
    for (const auto& vowel : kVowels) {
      const auto* const found = std::ranges::find(vowel, character);
      if (found == vowel.end()) continue;
      letters_ += vowel[0];
      const auto tone = static_cast<std::size_t>(found - vowel.begin());
      if (tone > 0) SetTone(tone);
      return;
    }
    letters_ += character;
  }

  std::string Finish() && {
    if (tone_ > 0) letters_ += kToneSigns[tone_];
    return std::move(letters_);
  }

 private:
  void SetTone(std::size_t tone) { tone_ = tone; }

  std::string letters_;
  std::size_t tone_ = 0;
};

bool IsSeparator(std::string_view character) {
  constexpr std::array<std::string_view, 9> kSeparators = {" ", "\t", "\n", "\r",    "-",
                                                           ".", "–",  "_",  "\u00A0"};
  return std::ranges::find(kSeparators, character) != kSeparators.end();
}

bool IsDropped(std::string_view character) {
  constexpr std::array<std::string_view, 6> kDropped = {"'", "’", "‘", "`", "´", "\""};
  return std::ranges::find(kDropped, character) != kDropped.end();
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, LengthOfFirst(text));
    text.remove_prefix(character.size());
    if (IsDropped(character)) continue;
    if (IsSeparator(character)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    words.back() += character;
  }
  return words;
}

bool IsNumber(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

std::string WithoutLeadingZeros(std::string word) {
  if (!IsNumber(word)) return word;
  const std::size_t first = word.find_first_not_of('0');
  return first == std::string::npos ? "0" : word.substr(first);
}

// "N.T" came apart as two words; "NT" is one.
void ExpandStateFarm(std::vector<std::string>& words, std::vector<std::string>& plain) {
  std::size_t count = 0;
  if (plain.size() > 1 && plain[0] == "nt") count = 1;
  if (plain.size() > 2 && plain[0] == "n" && plain[1] == "t") count = 2;
  if (count == 0) return;
  const auto expand = [count](std::vector<std::string>& list, const char* one, const char* two) {
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
    list.insert(list.begin(), {one, two});
  };
  expand(words, "nông", "trươngf");
  expand(plain, "nong", "truong");
}

std::string Join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

}  // namespace

std::string TonedWord(std::string_view word) {
  const std::string small = model::LowerCase(std::string(word));
  std::string_view left = small;
  Syllable syllable;
  while (!left.empty()) {
    const std::size_t length = LengthOfFirst(left);
    syllable.Take(left.substr(0, length));
    left.remove_prefix(length);
  }
  return std::move(syllable).Finish();
}

StatusWords FindStatus(const std::vector<std::string>& words) {
  if (words.empty()) return {};
  const std::string two = words.size() > 1 ? words[0] + " " + words[1] : "";
  for (const Status& status : kStatuses) {
    if (two == status.written) return {std::string(status.plain), 2};
    if (words[0] == status.written) return {std::string(status.plain), 1};
  }
  return {};
}

NameForm FormOfName(std::string_view text) {
  const std::vector<std::string> words = SplitWords(text);
  std::vector<std::string> toned;
  std::vector<std::string> plain;
  for (const std::string& word : words) {
    toned.push_back(WithoutLeadingZeros(TonedWord(word)));
    plain.push_back(WithoutLeadingZeros(model::FoldForSearch(word)));
  }
  NameForm form;
  // "Xã" alone is a name of nothing, and "Phường 1" has a number for a name.
  if (const StatusWords status = FindStatus(toned); status.count < words.size()) {
    form.status = status.status;
    const auto skipped = static_cast<std::ptrdiff_t>(status.count);
    toned.erase(toned.begin(), toned.begin() + skipped);
    plain.erase(plain.begin(), plain.begin() + skipped);
  }
  ExpandStateFarm(toned, plain);
  form.toned = Join(toned);
  form.plain = Join(plain);
  return form;
}

std::string GluedName(std::string_view plain) {
  std::string glued(plain);
  std::erase(glued, ' ');
  return glued;
}

}  // namespace fansipan::territory
