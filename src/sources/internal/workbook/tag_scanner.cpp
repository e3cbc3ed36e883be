#include "sources/internal/workbook/tag_scanner.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "sources/internal/encodings/utf16.h"
#include "sources/internal/encodings/utf8_writer.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxTagBytes = 64U << 10U;
constexpr std::string_view kBlanks = " \t\r\n";

base::Error Unreadable(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "workbook_unreadable",
          "the workbook cannot be read: " + std::string(what)};
}

/// What an entity stands for; an unknown one stays as it is.
void AppendEntity(std::string_view name, std::string& text) {
  static const std::map<std::string_view, char> kKnown = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  if (const auto known = kKnown.find(name); known != kKnown.end()) {
    text += known->second;
    return;
  }
  if (name.starts_with('#')) {
    const bool hexadecimal = name.starts_with("#x");
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (read.ec == std::errc() && read.ptr == digits.data() + digits.size() && code > 0 &&
        code <= 0x10FFFF && !surrogate) {
      AppendUtf8(code, text);
      return;
    }
  }
  text += '&';
  text += name;
  text += ';';
}

std::string Plain(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const std::size_t ampersand = std::min(value.find('&'), value.size());
    text += value.substr(0, ampersand);
    value.remove_prefix(ampersand);
    if (value.empty()) break;
    const std::size_t end = value.find(';');
    if (end == std::string_view::npos) return text += value;
    AppendEntity(value.substr(1, end - 1), text);
    value.remove_prefix(end + 1);
  }
  return text;
}

std::string WithoutPrefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

std::string_view TakeName(std::string_view& text) {
  const std::string_view name = text.substr(0, text.find_first_of(" \t\r\n=/"));
  text.remove_prefix(name.size());
  return name;
}

void SkipBlanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

/// What cannot be read ends the reading; a sheet that is then without name or place is noticed.
void ReadAttributes(std::string_view text, TagScanner::Tag& tag) {
  while (true) {
    SkipBlanks(text);
    const std::string_view name = TakeName(text);
    SkipBlanks(text);
    if (name.empty() || !text.starts_with('=')) return;
    text.remove_prefix(1);
    SkipBlanks(text);
    if (text.empty() || (text[0] != '"' && text[0] != '\'')) return;
    const std::size_t end = text.find(text[0], 1);
    if (end == std::string_view::npos) return;
    tag.attributes[WithoutPrefix(name)] = Plain(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
  }
}

}  // namespace

base::Status TagScanner::Feed(std::string_view piece) {
  if (units_) return *units_ == XmlUnits::kBytes ? FeedBytes(piece) : FeedUtf16(piece);
  waiting_ += piece;
  if (waiting_.size() < 2) return {};
  units_ = UnitsOf(waiting_);
  return Feed(std::exchange(waiting_, std::string()));
}

/// What is no whole character yet waits for the next piece.
base::Status TagScanner::FeedUtf16(std::string_view piece) {
  waiting_ += piece;
  const bool big_endian = *units_ == XmlUnits::kUtf16Big;
  std::size_t whole = waiting_.size() / 2 * 2;
  if (whole >= 2) {
    const auto high = static_cast<unsigned char>(waiting_[whole - (big_endian ? 2 : 1)]);
    if (high >= 0xD8 && high <= 0xDB) whole -= 2;
  }
  std::string text;
  TranscodeUtf16({.bytes = std::string_view(waiting_).substr(0, whole), .big_endian = big_endian},
                 text);
  waiting_.erase(0, whole);
  return FeedBytes(text);
}

base::Status TagScanner::FeedBytes(std::string_view piece) {
  while (!piece.empty()) {
    if (!in_tag_) {
      const std::size_t start = piece.find('<');
      if (start == std::string_view::npos) return {};
      piece.remove_prefix(start + 1);
      in_tag_ = true;
      quote_ = '\0';
      tag_.clear();
      continue;
    }
    FANSIPAN_RETURN_IF_ERROR(Add(piece[0]));
    piece.remove_prefix(1);
  }
  return {};
}

base::Status TagScanner::Add(char c) {
  const bool comment = tag_.starts_with("!--");
  const bool characters = tag_.starts_with("![CDATA[");
  if (comment || characters) {
    const bool ends = c == '>' && tag_.ends_with(comment ? "--" : "]]");
    if (ends) {
      in_tag_ = false;
      return {};
    }
    // Only its end is looked for.
    constexpr std::size_t kLongest = 16;
    if (tag_.size() >= kLongest) tag_.erase(tag_.size() - 3, 1);
    tag_ += c;
    return {};
  }
  if (c == '>' && quote_ == '\0') {
    in_tag_ = false;
    return End();
  }
  if (quote_ == c) {
    quote_ = '\0';
  } else if (quote_ == '\0' && (c == '"' || c == '\'')) {
    quote_ = c;
  }
  tag_ += c;
  if (tag_.starts_with("!DOCTYPE")) return Unreadable("it declares a document type");
  if (tag_.size() > kMaxTagBytes) return Unreadable("an element's tag has more than 64 kB");
  return {};
}

base::Status TagScanner::End() {
  std::string_view text = tag_;
  if (text.starts_with('?') || text.starts_with('!')) return {};
  Tag tag;
  tag.ends = text.starts_with('/');
  if (tag.ends) text.remove_prefix(1);
  tag.name = WithoutPrefix(TakeName(text));
  if (!tag.ends) ReadAttributes(text, tag);
  return take_(tag);
}

}  // namespace fansipan::sources::internal
