#include "sources/internal/workbook/sheet_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace fansipan::sources::internal {
namespace {

/// Bytes of the blank that the text begins with; 0 when it begins with none.
std::size_t BlankAtFront(std::string_view text) {
  if (text.starts_with(' ') || text.starts_with('\t') || text.starts_with('\n') ||
      text.starts_with('\r')) {
    return 1;
  }
  return text.starts_with("\xC2\xA0") ? 2 : 0;
}

}  // namespace

std::string InOneLine(std::string_view text) {
  std::string line;
  bool blank = false;
  while (!text.empty()) {
    const std::size_t skipped = BlankAtFront(text);
    if (skipped == 0) {
      if (blank && !line.empty()) line += ' ';
      line += text[0];
    }
    blank = skipped > 0;
    text.remove_prefix(std::max<std::size_t>(skipped, 1));
  }
  return line;
}

bool IsBlank(std::string_view text) {
  while (const std::size_t skipped = BlankAtFront(text)) text.remove_prefix(skipped);
  return text.empty();
}

std::string ToText(const std::vector<center::CellRange>& merged) {
  std::string text;
  for (const center::CellRange& range : merged) {
    text += fmt::format("{}{}{}:{}{}", text.empty() ? "" : " ",
                        center::ColumnLetters(range.first_column), range.first_row,
                        center::ColumnLetters(range.last_column), range.last_row);
  }
  return text;
}

}  // namespace fansipan::sources::internal
