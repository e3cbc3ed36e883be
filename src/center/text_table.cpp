#include "center/text_table.h"

#include "center/internal/csv_reader.h"
#include "center/internal/table.h"

namespace fansipan::center {

TextTable ReadTextTable(std::string_view file, std::string_view text,
                        const std::vector<TextColumn>& columns) {
  Problems problems;
  const FileScope scope{std::string(file), &problems};
  TextTable read;
  if (const auto cells = ParseCsv(scope, text)) {
    const TableReader table(scope, *cells, columns);
    for (std::size_t row = 0; table.valid() && row < table.row_count(); ++row) {
      TextRow& taken = read.rows.emplace_back();
      taken.line = table.RowAt(row).line;
      for (const TextColumn& column : columns) taken.cells.push_back(table.Text(row, column.name));
    }
  }
  std::size_t left_out = 0;
  read.problems = problems.Take(left_out);
  return read;
}

std::vector<TextColumn> DecisionColumns() {
  return {{"statement", true}, {"mention", false}, {"units", false},
          {"who", true},       {"day", true},      {"why", true}};
}

std::string QuoteCell(std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(cell);
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace fansipan::center
