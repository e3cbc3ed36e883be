#pragma once

#include <string>
#include <string_view>

namespace fansipan::http {

/// Writes rows as CSV (RFC 4180: comma, CRLF, quotes where needed), UTF-8. Text that a spreadsheet
/// would take for a formula begins with an apostrophe; what is a number by its type does not.
class CsvWriter {
 public:
  void Text(std::string_view cell);
  /// Digits of our own making.
  void Number(std::string_view cell);
  void EndRow();
  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
  bool row_begun_ = false;
};

}  // namespace fansipan::http
