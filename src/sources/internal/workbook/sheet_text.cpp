#include "sources/internal/workbook/sheet_text.h"

#include <fmt/format.h>

namespace fansipan::sources::internal {

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
