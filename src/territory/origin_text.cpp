#include "territory/origin_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/spelling/folding.h"
#include "territory/name_form.h"

namespace fansipan::territory {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kNoBreak = "\u00A0";
  while (true) {
    if (text.starts_with(kNoBreak)) {
      text.remove_prefix(kNoBreak.size());
    } else if (text.ends_with(kNoBreak)) {
      text.remove_suffix(kNoBreak.size());
    } else {
      break;
    }
  }
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Words as written, beside their plain and their toned form.
struct Words {
  std::vector<std::string> written;
  std::vector<std::string> plain;
  std::vector<std::string> toned;

  explicit Words(std::string_view text) {
    while (true) {
      text = Trim(text);
      if (text.empty()) return;
      const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
      text.remove_prefix(word.size());
      written.emplace_back(word);
      plain.push_back(model::FoldForSearch(word));
      // "TT." and "Phường:" are written with a stop.
      toned.push_back(TonedWord(word.substr(0, word.find_last_not_of(".:") + 1)));
    }
  }

  bool empty() const { return plain.empty(); }

  bool BeginWith(std::initializer_list<std::string_view> phrase) const {
    return phrase.size() <= plain.size() && std::equal(phrase.begin(), phrase.end(), plain.begin());
  }

  bool Skip(std::initializer_list<std::string_view> phrase) {
    if (!BeginWith(phrase)) return false;
    Drop(phrase.size());
    return true;
  }

  void Drop(std::size_t count) {
    const auto end = static_cast<std::ptrdiff_t>(count);
    written.erase(written.begin(), written.begin() + end);
    plain.erase(plain.begin(), plain.begin() + end);
    toned.erase(toned.begin(), toned.begin() + end);
  }

  // Cuts what begins with the phrase, wherever it stands, and returns it.
  std::string CutFrom(std::initializer_list<std::string_view> phrase) {
    const auto at = std::search(plain.begin(), plain.end(), phrase.begin(), phrase.end());
    const auto kept = static_cast<std::size_t>(at - plain.begin());
    std::string cut;
    for (std::size_t i = kept; i < written.size(); ++i) cut += (i == kept ? "" : " ") + written[i];
    plain.resize(kept);
    written.resize(kept);
    toned.resize(kept);
    return cut;
  }

  std::string Text() const {
    std::string text;
    for (const std::string& word : written) text += (text.empty() ? "" : " ") + word;
    return text;
  }
};

// A unit with all that stands in brackets behind it.
struct Piece {
  std::string text;
  std::vector<std::string> brackets;
};

// Cuts at commas, semicolons and "và" outside brackets. A bracket that is never closed ends with
// the text.
class PieceCutter {
 public:
  explicit PieceCutter(std::string_view text) : text_(text) {}

  std::vector<Piece> Cut() && {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      const char c = text_[at];
      if (c == '(') {
        if (depth_++ == 0) pieces_.back().brackets.emplace_back();
        if (depth_ == 1) continue;
      } else if (c == ')' && depth_ > 0 && --depth_ == 0) {
        continue;
      }
      if (depth_ > 0) {
        pieces_.back().brackets.back() += c;
      } else if (c == ',' || c == ';') {
        pieces_.emplace_back();
      } else if (const std::size_t length = AndAt(at); length > 0) {
        pieces_.emplace_back();
        at += length - 1;
      } else {
        pieces_.back().text += c;
      }
    }
    return std::move(pieces_);
  }

 private:
  // The bytes of "và" as a word of its own, 0 when there is none.
  std::size_t AndAt(std::size_t at) const {
    const bool begins = at == 0 || kBlanks.find(text_[at - 1]) != std::string_view::npos;
    if (!begins || (text_[at] != 'v' && text_[at] != 'V')) return 0;
    const std::string_view rest = text_.substr(at);
    const std::size_t end = rest.find_first_of(kBlanks);
    const bool is_and = end != std::string_view::npos && TonedWord(rest.substr(0, end)) == "vaf";
    return is_and ? end : 0;
  }

  std::string_view text_;
  std::size_t depth_ = 0;
  std::vector<Piece> pieces_ = std::vector<Piece>(1);
};

class OriginReader {
 public:
  OriginStatement Read(std::string_view text) && {
    Words whole(text);
    if (whole.BeginWith({"giu", "nguyen"}) && whole.plain.size() == 2) {
      statement_.unchanged = true;
      return std::move(statement_);
    }
    for (const Piece& piece : PieceCutter(text).Cut()) Take(piece);
    return std::move(statement_);
  }

 private:
  void Take(const Piece& piece) {
    Words words(piece.text);
    const std::optional<Extent> stated = SkipExtent(words);
    const bool after_part = enumerated_ == Extent::kPart || enumerated_ == Extent::kRest;
    if (stated) enumerated_ = *stated;
    Remark(words.CutFrom({"sau", "khi"}));
    SkipStatusWithoutName(words);
    Mention mention;
    mention.text = words.Text();
    if (stated) {
      mention.extent = *stated;
    } else if (after_part) {
      mention.extent = Extent::kCarried;
    }
    for (const std::string& bracket : piece.brackets) TakeBracket(bracket, mention);
    if (words.empty()) return;
    const StatusWords status = FindStatus(words.toned);
    if (status.count > 0 && status.count < words.plain.size()) {
      status_.clear();
      for (std::size_t i = 0; i < status.count; ++i) {
        status_ += (i == 0 ? "" : " ") + words.written[i];
      }
    } else if (!status_.empty()) {
      mention.text = status_ + " " + mention.text;
    }
    statement_.mentions.push_back(std::move(mention));
  }

  // What stands before a unit and says how much of it is meant. "Diện tích TN, quy mô dân số" is an
  // enumeration of its own, whose second half goes on with the first one's extent.
  std::optional<Extent> SkipExtent(Words& words) {
    std::optional<Extent> stated;
    bool skipped = true;
    while (skipped && !words.empty()) {
      skipped = true;
      if (words.Skip({"mot", "phan"})) {
        stated = Extent::kPart;
        open_ = true;
      } else if (words.Skip({"phan", "con", "lai"})) {
        stated = Extent::kRest;
        open_ = true;
      } else if (words.Skip({"toan", "bo"})) {
        if (!open_) stated = Extent::kWhole;
      } else {
        skipped = words.Skip({"va"}) || words.Skip({"sap", "xep"}) ||
                  words.Skip({"dien", "tich", "tn"}) ||
                  words.Skip({"dien", "tich", "tu", "nhien"}) || words.Skip({"dien", "tich"}) ||
                  words.Skip({"quy", "mo", "dan", "so"}) || words.Skip({"dan", "so"}) ||
                  words.Skip({"cua"}) || words.Skip({"cac"});
      }
    }
    if (open_ && !stated) stated = enumerated_;
    if (!words.empty()) open_ = false;
    return stated;
  }

  // "phường Phường Tiên Nội", "các phường Phường Bạch Đằng".
  static void SkipStatusWithoutName(Words& words) {
    while (true) {
      const StatusWords first = FindStatus(words.toned);
      if (first.count == 0 || first.count >= words.plain.size()) return;
      const std::vector<std::string> behind(
          words.toned.begin() + static_cast<std::ptrdiff_t>(first.count), words.toned.end());
      const StatusWords second = FindStatus(behind);
      if (second.count == 0 || second.count >= behind.size() || first.status != second.status) {
        return;
      }
      words.Drop(first.count);
    }
  }

  void TakeBracket(const std::string& bracket, Mention& mention) {
    Words words(bracket);
    if (words.BeginWith({"phan", "con", "lai"})) {
      mention.extent = Extent::kRest;
      Remark(words.Text());
    } else if (words.BeginWith({"mot", "phan"})) {
      mention.extent = Extent::kPart;
    } else if (const StatusWords status = FindStatus(words.toned);
               status.count > 0 && status.count < words.plain.size() && mention.within.empty()) {
      mention.within = words.Text();
    } else {
      Remark(words.Text());
    }
  }

  void Remark(std::string text) {
    if (!text.empty()) statement_.remarks.push_back(std::move(text));
  }

  OriginStatement statement_;
  Extent enumerated_ = Extent::kWhole;  ///< the last extent stated before a unit
  bool open_ = false;                   ///< an extent was stated and its unit has not come yet
  std::string status_;                  ///< of the last unit, as written
};

}  // namespace

std::string_view NameOf(Extent extent) {
  switch (extent) {
    case Extent::kWhole:
      return "whole";
    case Extent::kPart:
      return "part";
    case Extent::kRest:
      return "rest";
    case Extent::kCarried:
      return "carried";
  }
  return "";
}

OriginStatement ParseOrigin(std::string_view text) { return OriginReader().Read(text); }

}  // namespace fansipan::territory
