#include "center/cell_range.h"

#include <algorithm>

namespace fansipan::center {
namespace {

base::Error NoRange() {
  return {base::ErrorCode::kInvalidArgument, "",
          "allowed: cells of a sheet such as B5:K80, B5: or B:K, at most up to XFD1048576"};
}

/// Takes the letters of a column off the front; 0 when there are none, or too many.
std::uint32_t TakeColumn(std::string_view& text) {
  std::uint32_t column = 0;
  while (!text.empty() && text[0] >= 'A' && text[0] <= 'Z' && column <= CellRange::kLastColumn) {
    column = column * 26 + static_cast<std::uint32_t>(text[0] - 'A') + 1;
    text.remove_prefix(1);
  }
  return column;
}

/// The same of the digits of a row.
std::uint32_t TakeRow(std::string_view& text) {
  std::uint32_t row = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9' && row <= CellRange::kLastRow) {
    row = row * 10 + static_cast<std::uint32_t>(text[0] - '0');
    text.remove_prefix(1);
  }
  return row;
}

}  // namespace

base::Result<CellRange> ParseCellRange(std::string_view text) {
  CellRange range;
  if (text.empty()) return range;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return NoRange();
  std::string_view from = text.substr(0, colon);
  std::string_view to = text.substr(colon + 1);
  range.first_column = TakeColumn(from);
  if (range.first_column == 0) return NoRange();
  if (!from.empty()) {
    range.first_row = TakeRow(from);
    if (range.first_row == 0) return NoRange();
  }
  const bool ends_with_column = !to.empty() && to[0] >= 'A';
  if (ends_with_column) range.last_column = TakeColumn(to);
  const bool ends_with_row = !to.empty();
  if (ends_with_row) range.last_row = TakeRow(to);
  if (!from.empty() || !to.empty()) return NoRange();
  if (range.last_row > CellRange::kLastRow || range.last_column > CellRange::kLastColumn ||
      range.first_row > range.last_row || range.first_column > range.last_column) {
    return NoRange();
  }
  return range;
}

std::string ColumnLetters(std::uint32_t column) {
  std::string letters;
  for (; column > 0; column = (column - 1) / 26) {
    letters += static_cast<char>('A' + (column - 1) % 26);
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

}  // namespace fansipan::center
