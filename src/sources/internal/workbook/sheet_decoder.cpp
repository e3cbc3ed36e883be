#include "sources/internal/workbook/sheet_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "center/cell_range.h"
#include "model/spelling/ascii.h"
#include "model/spelling/composing.h"
#include "sources/internal/column_names.h"
#include "sources/internal/utf8.h"
#include "sources/internal/workbook/sheet_reader.h"
#include "sources/internal/workbook/sheet_text.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxColumns = 2000;

base::Error WrongColumns(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_columns", std::move(message)};
}

class SheetDecoder {
 public:
  SheetDecoder(std::string_view text, const center::WorkbookShape& shape,
               const center::CellRange& range, RowCollector& rows)
      : reader_(text, range),
        shape_(shape),
        ends_at_(InOneLine(shape.ends_at)),
        range_(range),
        rows_(rows) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(reader_.Begin());
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                              shape_.header_rows == 0
                                  ? base::Result<std::vector<std::string>>(shape_.columns)
                                  : ReadHeader());
    FANSIPAN_RETURN_IF_ERROR(rows_.Begin(names));
    SheetRow row;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool found, reader_.Next(row));
      if (!found) return ends_at_.empty() ? base::Status() : Unended();
      if (IsFooter(row)) {
        rows_.NoteFooter(row.cells);
        return {};
      }
      if (row.IsWritten()) FANSIPAN_RETURN_IF_ERROR(Emit(row));
    }
  }

 private:
  base::Result<std::vector<std::string>> ReadHeader() {
    SheetRow row;
    FANSIPAN_RETURN_IF_ERROR(FindHeader(row));
    const std::uint32_t first = row.number;
    std::vector<std::string> terms;
    for (const std::string_view cell : row.cells) terms.push_back(InOneLine(cell));
    std::vector<std::string> above = terms;
    for (std::uint32_t i = 1; i < shape_.header_rows; ++i) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool found, reader_.Next(row));
      if (!found || !row.utf8) {
        return WrongColumns(
            fmt::format("row {}: the header is declared to have {} rows of UTF-8 text", first + i,
                        shape_.header_rows));
      }
      AddTerms(row, terms, above);
    }
    return NamesOf(std::move(terms), first);
  }

  base::Status FindHeader(SheetRow& row) {
    const std::string wanted = model::Compose(InOneLine(shape_.header_has));
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool found, reader_.Next(row));
      if (!found) break;
      const bool is_header =
          wanted.empty()
              ? row.IsWritten()
              : std::any_of(row.cells.begin(), row.cells.end(), [&](std::string_view cell) {
                  return !cell.empty() && model::Compose(InOneLine(cell)) == wanted;
                });
      if (!is_header) continue;
      if (row.utf8) return {};
      return WrongColumns(fmt::format("row {}: the header is not UTF-8 text", row.number));
    }
    return WrongColumns(wanted.empty()
                            ? "the sheet has no written row within the declared range"
                            : fmt::format("no row within the declared range has a cell '{}', which "
                                          "the header must have",
                                          CutUtf8(wanted, 100)));
  }

  /// One more row of a header: in those before it, an empty cell goes on with what stands left of
  /// it. `above` is the row before it; a merged cell that is filled says the same in each row.
  static void AddTerms(const SheetRow& row, std::vector<std::string>& terms,
                       std::vector<std::string>& above) {
    std::string wider;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (!terms[i].empty()) wider = terms[i];
      std::string term = InOneLine(row.cells[i]);
      const bool says_more = !term.empty() && term != above[i];
      if (says_more) terms[i] = wider.empty() ? term : fmt::format("{} {}", wider, term);
      above[i] = std::move(term);
    }
  }

  base::Result<std::vector<std::string>> NamesOf(std::vector<std::string> terms,
                                                 std::uint32_t header_row) const {
    if (terms.size() > kMaxColumns) {
      return WrongColumns(
          fmt::format("the sheet has {} columns, at most {} are read; declare a range",
                      terms.size(), kMaxColumns));
    }
    const auto letters = [&](std::size_t i) {
      return center::ColumnLetters(range_.first_column + static_cast<std::uint32_t>(i));
    };
    std::vector<std::string> names =
        NamesOfHeader(std::move(terms), [&](std::size_t i) { return "column_" + letters(i); });
    if (const auto unusable = FindUnusable(names)) {
      const std::string& name = names[*unusable];
      return WrongColumns(fmt::format("row {}, column {}: the column name '{}' is {}", header_row,
                                      letters(*unusable), CutUtf8(name, 100), WhyUnusable(name)));
    }
    const std::string missing = TellMissing(names, shape_.columns, "sheet");
    if (missing.empty()) return names;
    return WrongColumns(fmt::format("row {}: {}", header_row, missing));
  }

  bool IsFooter(const SheetRow& row) const {
    if (ends_at_.empty()) return false;
    const auto first = std::find_if(row.cells.begin(), row.cells.end(),
                                    [](std::string_view cell) { return !cell.empty(); });
    return first != row.cells.end() && InOneLine(*first).starts_with(ends_at_);
  }

  base::Error Unended() const {
    return {base::ErrorCode::kInvalidArgument, "cut_off",
            fmt::format("no row begins with '{}', by which the table's end is known: the sheet is "
                        "cut off, or its footer has changed; compare `ends_at` with it",
                        CutUtf8(ends_at_, 100))};
  }

  bool IsMissing(std::string_view cell) const {
    return cell.empty() || std::find(shape_.null_texts.begin(), shape_.null_texts.end(), cell) !=
                               shape_.null_texts.end();
  }

  base::Status Emit(const SheetRow& row) {
    FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(row.offset, row.number));
    if (!row.utf8) return rows_.RefuseRow(row.length, "invalid_utf8", "the row is not UTF-8 text");
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (IsMissing(row.cells[i])) continue;
      if (i >= rows_.width()) {
        return rows_.RefuseRow(
            row.length, "too_many_columns",
            fmt::format("column {} has a cell, but only {} columns are declared",
                        center::ColumnLetters(range_.first_column + static_cast<std::uint32_t>(i)),
                        rows_.width()));
      }
      rows_.SetCell(i, rows_.Keep(std::string(row.cells[i])));
    }
    return rows_.EndRow(row.length);
  }

  SheetReader reader_;
  const center::WorkbookShape& shape_;
  const std::string ends_at_;
  const center::CellRange& range_;
  RowCollector& rows_;
};

}  // namespace

base::Status DecodeSheet(std::string_view text, const center::WorkbookShape& shape,
                         RowCollector& rows) {
  FANSIPAN_ASSIGN_OR_RETURN(const center::CellRange range, center::ParseCellRange(shape.range));
  return SheetDecoder(text, shape, range, rows).Run();
}

}  // namespace fansipan::sources::internal
