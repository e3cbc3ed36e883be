#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::sources::internal {

enum class JsonKind { kObject, kArray, kString, kNumber, kBoolean, kNull };

/// A strict forward reader of JSON (RFC 8259) that knows where it stands. It exists beside simdjson
/// because raw rows need what a document tree has lost: byte offsets, numbers and nested values as
/// they were written, members that come twice; and because it needs no memory besides the text,
/// where a tree reserves a dozen times the payload. The text must be UTF-8 already.
/// Errors have the reason cut_off, not_json or too_deep and say line and column.
class JsonReader {
 public:
  JsonReader(std::string_view text, std::uint32_t depth_limit)
      : text_(text), depth_limit_(depth_limit) {}

  /// Bytes before the next value or token, white space skipped.
  std::size_t position();
  /// Bytes up to the end of what was read last.
  std::size_t position_after() const { return at_; }
  std::uint32_t line() const { return line_; }
  std::string_view Slice(std::size_t from, std::size_t to) const {
    return text_.substr(from, to - from);
  }

  /// What stands next; decided by its first character alone.
  base::Result<JsonKind> Peek();
  /// Reads the value that stands next, whatever it is, and checks all of it.
  base::Status SkipValue();

  /// Go into the array or object that Peek has announced.
  base::Status Enter();
  /// Inside a container: true when another element or member stands next (the comma, if any, is
  /// read); false after its end, which is then read. `first` is cleared.
  base::Result<bool> NextItem(bool& first);
  /// Name of the member that stands next, and the colon. A view of the text, or of `scratch`.
  base::Result<std::string_view> ReadName(std::string& scratch);
  /// The string that Peek has announced. A view of the text, or of `scratch`. Sets `is_text` to
  /// false when it cannot be stored as text: a NUL or half of a surrogate pair.
  base::Result<std::string_view> ReadString(std::string& scratch, bool& is_text);
  /// Nothing but white space may be left.
  base::Status ExpectEnd();

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  void SkipSpace();
  base::Error Fail(std::string_view what) const;
  base::Error TooDeep() const;
  base::Status Open();
  base::Status SkipScalar();
  base::Status SkipString(bool& escaped);
  base::Status SkipEscape();
  base::Status SkipNumber();
  base::Status SkipDigits();
  base::Status SkipWord(std::string_view word);
  base::Status SkipNameAndColon();
  base::Result<bool> BeginValue();
  base::Result<bool> CloseValues(std::size_t base_depth);

  std::string_view text_;
  std::uint32_t depth_limit_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t line_start_ = 0;
  std::vector<char> open_;  // the brackets that close what is open
};

/// Nothing when `text` is exactly one JSON value, whatever it is.
base::Status CheckJson(std::string_view text, std::uint32_t depth_limit);

}  // namespace fansipan::sources::internal
