#include "sources/internal/json_reader.h"

#include <fmt/format.h>

#include <optional>

#include "sources/internal/encodings/utf8_writer.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

std::optional<unsigned> HexValue(std::string_view digits) {
  if (digits.size() != 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits) {
    value <<= 4U;
    if (c >= '0' && c <= '9') {
      value += static_cast<unsigned>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value += static_cast<unsigned>(c - 'a') + 10U;
    } else if (c >= 'A' && c <= 'F') {
      value += static_cast<unsigned>(c - 'A') + 10U;
    } else {
      return std::nullopt;
    }
  }
  return value;
}

char PlainEscape(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;
  }
}

/// The text of a string's checked content; false when it holds a NUL or half a surrogate pair.
bool Unescape(std::string_view content, std::string& text) {
  bool is_text = true;
  text.clear();
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\') {
      text += content[i];
      continue;
    }
    ++i;
    if (content[i] != 'u') {
      text += PlainEscape(content[i]);
      continue;
    }
    unsigned point = HexValue(content.substr(i + 1, 4)).value_or(0);
    i += 4;
    if (point >= 0xD800U && point <= 0xDBFFU && content.substr(i + 1, 2) == "\\u") {
      const unsigned low = HexValue(content.substr(i + 3, 4)).value_or(0);
      if (low >= 0xDC00U && low <= 0xDFFFU) {
        point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
        i += 6;
      }
    }
    if (point == 0 || (point >= 0xD800U && point <= 0xDFFFU)) is_text = false;
    AppendUtf8(point, text);
  }
  return is_text;
}

}  // namespace

std::size_t JsonReader::position() {
  SkipSpace();
  return at_;
}

void JsonReader::SkipSpace() {
  for (; !AtEnd(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      line_start_ = at_ + 1;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return;
    }
  }
}

base::Error JsonReader::Fail(std::string_view what) const {
  const bool cut = AtEnd();
  return {base::ErrorCode::kInvalidArgument, cut ? "cut_off" : "not_json",
          fmt::format("line {}, column {}: {}", line_, at_ - line_start_ + 1,
                      cut ? "the text ends before it is complete" : what)};
}

base::Error JsonReader::TooDeep() const {
  return {base::ErrorCode::kTooLarge, "too_deep",
          fmt::format("line {}, column {}: nested deeper than the {} levels that the source's "
                      "limit allows",
                      line_, at_ - line_start_ + 1, depth_limit_)};
}

base::Result<JsonKind> JsonReader::Peek() {
  SkipSpace();
  if (AtEnd()) return Fail("");
  switch (text_[at_]) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kArray;
    case '"':
      return JsonKind::kString;
    case 't':
    case 'f':
      return JsonKind::kBoolean;
    case 'n':
      return JsonKind::kNull;
    default:
      break;
  }
  if (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9')) return JsonKind::kNumber;
  return Fail("a value must stand here");
}

base::Status JsonReader::Open() {
  if (open_.size() >= depth_limit_) return TooDeep();
  open_.push_back(text_[at_] == '{' ? '}' : ']');
  ++at_;
  return {};
}

base::Status JsonReader::Enter() {
  SkipSpace();
  return Open();
}

base::Result<bool> JsonReader::NextItem(bool& first) {
  SkipSpace();
  if (AtEnd()) return Fail("");
  if (text_[at_] == open_.back()) {
    open_.pop_back();
    ++at_;
    return false;
  }
  if (!first) {
    if (text_[at_] != ',') return Fail("a comma or the end of the list must stand here");
    ++at_;
  }
  first = false;
  return true;
}

base::Result<std::string_view> JsonReader::ReadName(std::string& scratch) {
  SkipSpace();
  if (AtEnd() || text_[at_] != '"') return Fail("the name of a member must stand here");
  bool is_text = true;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, ReadString(scratch, is_text));
  SkipSpace();
  if (AtEnd() || text_[at_] != ':') return Fail("a colon must stand here");
  ++at_;
  return name;
}

base::Result<std::string_view> JsonReader::ReadString(std::string& scratch, bool& is_text) {
  is_text = true;
  bool escaped = false;
  const std::size_t start = at_ + 1;
  FANSIPAN_RETURN_IF_ERROR(SkipString(escaped));
  const std::string_view content = Slice(start, at_ - 1);
  if (!escaped) return content;
  is_text = Unescape(content, scratch);
  return std::string_view(scratch);
}

base::Status JsonReader::ExpectEnd() {
  SkipSpace();
  if (!AtEnd()) return Fail("nothing may follow the value");
  return {};
}

base::Status JsonReader::SkipValue() {
  const std::size_t base_depth = open_.size();
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool opened, BeginValue());
    if (opened) continue;
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, CloseValues(base_depth));
    if (!more) return {};
  }
}

/// Reads a scalar or an empty container (false), or goes into a filled one up to its first value
/// (true).
base::Result<bool> JsonReader::BeginValue() {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, Peek());
  if (kind != JsonKind::kObject && kind != JsonKind::kArray) {
    FANSIPAN_RETURN_IF_ERROR(SkipScalar());
    return false;
  }
  FANSIPAN_RETURN_IF_ERROR(Open());
  SkipSpace();
  if (AtEnd()) return Fail("");
  if (text_[at_] == open_.back()) {
    open_.pop_back();
    ++at_;
    return false;
  }
  if (kind == JsonKind::kObject) FANSIPAN_RETURN_IF_ERROR(SkipNameAndColon());
  return true;
}

/// After a value: reads the ends of what it closes, down to `base_depth` (false), or the comma and
/// the name before the next value (true).
base::Result<bool> JsonReader::CloseValues(std::size_t base_depth) {
  while (open_.size() > base_depth) {
    const bool in_object = open_.back() == '}';
    bool first = false;
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, NextItem(first));
    if (!more) continue;
    if (in_object) FANSIPAN_RETURN_IF_ERROR(SkipNameAndColon());
    return true;
  }
  return false;
}

base::Status JsonReader::SkipNameAndColon() {
  SkipSpace();
  if (AtEnd() || text_[at_] != '"') return Fail("the name of a member must stand here");
  bool escaped = false;
  FANSIPAN_RETURN_IF_ERROR(SkipString(escaped));
  SkipSpace();
  if (AtEnd() || text_[at_] != ':') return Fail("a colon must stand here");
  ++at_;
  return {};
}

base::Status JsonReader::SkipScalar() {
  switch (text_[at_]) {
    case '"': {
      bool escaped = false;
      return SkipString(escaped);
    }
    case 't':
      return SkipWord("true");
    case 'f':
      return SkipWord("false");
    case 'n':
      return SkipWord("null");
    default:
      return SkipNumber();
  }
}

base::Status JsonReader::SkipWord(std::string_view word) {
  for (const char c : word) {
    if (AtEnd() || text_[at_] != c) return Fail("only true, false and null are words");
    ++at_;
  }
  return {};
}

base::Status JsonReader::SkipString(bool& escaped) {
  for (++at_; !AtEnd(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      return {};
    }
    if (static_cast<unsigned char>(c) < 0x20U) {
      return Fail("control characters in a string must be escaped");
    }
    if (c == '\\') {
      escaped = true;
      FANSIPAN_RETURN_IF_ERROR(SkipEscape());
    }
  }
  return Fail("");
}

/// Stands on the backslash; ends on the last character of the escape.
base::Status JsonReader::SkipEscape() {
  ++at_;
  if (AtEnd()) return Fail("");
  if (text_[at_] == 'u') {
    if (text_.size() - at_ > 4 && HexValue(text_.substr(at_ + 1, 4))) {
      at_ += 4;
      return {};
    }
    return Fail("four hexadecimal digits must follow \\u");
  }
  if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
    return Fail("there is no such escape");
  }
  return {};
}

base::Status JsonReader::SkipNumber() {
  if (text_[at_] == '-') ++at_;
  if (!AtEnd() && text_[at_] == '0') {
    ++at_;
  } else {
    FANSIPAN_RETURN_IF_ERROR(SkipDigits());
  }
  if (!AtEnd() && text_[at_] == '.') {
    ++at_;
    FANSIPAN_RETURN_IF_ERROR(SkipDigits());
  }
  if (!AtEnd() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (!AtEnd() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    FANSIPAN_RETURN_IF_ERROR(SkipDigits());
  }
  return {};
}

base::Status JsonReader::SkipDigits() {
  const std::size_t start = at_;
  while (!AtEnd() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  if (at_ == start) return Fail("a digit must stand here");
  return {};
}

base::Status CheckJson(std::string_view text, std::uint32_t depth_limit) {
  if (!IsUtf8(text)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_utf8", "the text is not UTF-8"};
  }
  JsonReader reader(text, depth_limit);
  FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
  return reader.ExpectEnd();
}

}  // namespace fansipan::sources::internal
