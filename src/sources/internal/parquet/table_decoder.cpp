#include "sources/internal/parquet/table_decoder.h"

#include <fmt/format.h>

#include <utility>

#include "sources/internal/column_names.h"
#include "sources/internal/utf8.h"
#include "sources/internal/workbook/sheet_reader.h"

namespace fansipan::sources::internal {
namespace {

base::Error WrongColumns(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_columns", std::move(message)};
}

}  // namespace

base::Result<std::vector<std::string>> UsableNames(std::vector<std::string> names,
                                                   std::string_view holder) {
  if (names.size() > kMaxTableColumns) {
    return WrongColumns(fmt::format("the {} has {} columns, at most {} are read", holder,
                                    names.size(), kMaxTableColumns));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) names[i] = fmt::format("column_{}", i + 1);
    if (!IsUtf8(names[i])) {
      return WrongColumns(fmt::format("the name of column {} is not UTF-8 text", i + 1));
    }
  }
  const auto unusable = FindUnusable(names);
  if (!unusable) return names;
  return WrongColumns(fmt::format("the column name '{}' of the {} is {}",
                                  CutUtf8(names[*unusable], 100), holder,
                                  WhyUnusable(names[*unusable])));
}

base::Status DecodeTable(std::string_view text, RowCollector& rows) {
  SheetReader reader(text, kWholeTable);
  FANSIPAN_RETURN_IF_ERROR(reader.Begin());
  std::vector<std::string> names(reader.first_cells().begin(), reader.first_cells().end());
  FANSIPAN_ASSIGN_OR_RETURN(names, UsableNames(std::move(names), "file"));
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(names));
  SheetRow row;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, reader.Next(row));
    if (!found) return {};
    FANSIPAN_RETURN_IF_ERROR(rows.StartRow(row.offset, row.number));
    if (!row.utf8) {
      FANSIPAN_RETURN_IF_ERROR(
          rows.RefuseRow(row.length, "invalid_utf8", "the row is not UTF-8 text"));
      continue;
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty()) rows.SetCell(i, rows.Keep(std::string(row.cells[i])));
    }
    FANSIPAN_RETURN_IF_ERROR(rows.EndRow(row.length));
  }
}

}  // namespace fansipan::sources::internal
