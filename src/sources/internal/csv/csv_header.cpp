#include "sources/internal/csv/csv_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "model/spelling/ascii.h"
#include "model/spelling/composing.h"
#include "sources/internal/column_names.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// A header row longer than this is not looked for.
constexpr std::size_t kMaxHeaderBytes = 1U << 20U;

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

std::string_view WithoutBlanks(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

class HeaderReader {
 public:
  HeaderReader(const center::CsvDialect& dialect, CsvRecords& records, RowCollector& rows)
      : dialect_(dialect), records_(records), rows_(rows) {}

  base::Result<std::vector<std::string>> Read() {
    FANSIPAN_RETURN_IF_ERROR(SkipMark());
    FANSIPAN_RETURN_IF_ERROR(CheckLineEnds());
    FANSIPAN_RETURN_IF_ERROR(SkipSeparatorLine());
    for (std::uint32_t i = 0; i < dialect_.skip; ++i) records_.SkipLine();
    if (!dialect_.header) return dialect_.columns;
    if (!dialect_.header_has.empty()) FANSIPAN_RETURN_IF_ERROR(FindHeader());
    return ReadNames();
  }

 private:
  base::Status SkipMark() {
    if (!records_.text().starts_with(kByteOrderMark)) return {};
    if (!dialect_.byte_order_mark) {
      return Refusal("byte_order_mark",
                     "the file begins with a UTF-8 byte order mark, which its source does not "
                     "declare; set `byte_order_mark: true`");
    }
    records_.Skip(kByteOrderMark.size());
    return {};
  }

  base::Status CheckLineEnds() const {
    const std::string_view text = records_.text();
    if (text.find('\n') != std::string_view::npos || text.find('\r') == std::string_view::npos) {
      return {};
    }
    return Refusal("wrong_shape",
                   "the lines of the file end with a carriage return alone, as old Macintosh "
                   "programs write them; have it saved with LF or CR LF");
  }

  /// Excel's first line `sep=;`. Where lines are skipped by declaration, it is one of them.
  base::Status SkipSeparatorLine() {
    const std::string_view rest = records_.text().substr(records_.position());
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::string_view bare = line.substr(0, line.find('\r'));
    const bool says_separator = bare.size() == 5 && bare[4] >= '\t' && bare[4] < 0x7F &&
                                model::LowerAscii(std::string(bare.substr(0, 4))) == "sep=";
    if (dialect_.skip > 0 || !says_separator) return {};
    if (bare[4] != dialect_.delimiter) {
      return Refusal("wrong_columns",
                     fmt::format("the first line says that '{}' separates the cells, its source "
                                 "declares '{}'; set `delimiter`",
                                 bare[4], dialect_.delimiter));
    }
    records_.SkipLine();
    return {};
  }

  /// Goes to the line whose record has the declared cell. Titles before it may hold any quotes, so
  /// that each line is tried as the beginning of a record.
  base::Status FindHeader() {
    const std::string wanted = model::Compose(dialect_.header_has);
    CsvRecord record;
    for (std::size_t tried = 0; tried <= kMaxTitleLines && !records_.at_end(); ++tried) {
      if (records_.Peek(kMaxHeaderBytes, record) && record.well_quoted &&
          std::ranges::any_of(record.cells, [&](std::string_view cell) {
            return model::Compose(WithoutBlanks(cell)) == wanted;
          })) {
        return {};
      }
      records_.SkipLine();
    }
    return Refusal("wrong_columns",
                   fmt::format("none of the first {} lines has a cell '{}', by which the header is "
                               "known; compare `header_has` and `encoding` with the file",
                               kMaxTitleLines + 1, dialect_.header_has));
  }

  base::Result<std::vector<std::string>> ReadNames() {
    CsvRecord header;
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, records_.Next(header));
    if (!found)
      return Refusal("wrong_columns", "the file has no row with the names of its columns");
    FANSIPAN_RETURN_IF_ERROR(CheckRow(header));
    if (header.cell_count > kMaxCsvColumns) {
      return Refusal("wrong_columns",
                     fmt::format("line {}: the file has {} columns, at most {} are read",
                                 header.line, header.cell_count, kMaxCsvColumns));
    }
    std::vector<std::string> terms(header.cells.begin(), header.cells.end());
    for (std::uint32_t row = 1; row < dialect_.header_rows; ++row) {
      FANSIPAN_RETURN_IF_ERROR(ReadTerms(terms));
    }
    return NamesOf(header.line, std::move(terms));
  }

  base::Status CheckRow(const CsvRecord& row) {
    if (!records_.IsSound(row)) {
      rows_.NoteUnreadable(row.offset);
      return Refusal("not_utf8", fmt::format("line {}: the row of column names is no text in the "
                                             "declared encoding",
                                             row.line));
    }
    if (row.lone_return) {
      return Refusal("wrong_shape",
                     fmt::format("line {}: a carriage return stands within the row of column "
                                 "names; lines must end with LF or CR LF",
                                 row.line));
    }
    if (row.well_quoted) return {};
    return Refusal(
        "wrong_columns",
        fmt::format("line {}: the quotes in the row of column names do not match", row.line));
  }

  /// One more row of a header: in the one above, an empty cell goes on with what stands left of it.
  base::Status ReadTerms(std::vector<std::string>& terms) {
    CsvRecord row;
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, records_.Next(row));
    if (found) FANSIPAN_RETURN_IF_ERROR(CheckRow(row));
    if (!found || row.cell_count < terms.size() || row.written > terms.size()) {
      return Refusal("wrong_columns",
                     fmt::format("line {}: the rows of column names must have {} cells each",
                                 found ? row.line : records_.line(), terms.size()));
    }
    std::string above;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (!terms[i].empty()) above = terms[i];
      if (row.cells[i].empty()) continue;
      terms[i] =
          above.empty() ? std::string(row.cells[i]) : fmt::format("{} {}", above, row.cells[i]);
    }
    return {};
  }

  base::Result<std::vector<std::string>> NamesOf(std::uint32_t line,
                                                 std::vector<std::string> terms) const {
    std::vector<std::string> names = NamesOfHeader(
        std::move(terms), [](std::size_t i) { return fmt::format("column_{}", i + 1); });
    if (const auto unusable = FindUnusable(names)) {
      const std::string& name = names[*unusable];
      return Refusal("wrong_columns", fmt::format("line {}: the column name '{}' is {}", line,
                                                  CutUtf8(name, 100), WhyUnusable(name)));
    }
    const std::string missing = TellMissing(names, dialect_.columns, "file");
    if (missing.empty()) return names;
    return Refusal("wrong_columns", fmt::format("line {}: {}", line, missing));
  }

  const center::CsvDialect& dialect_;
  CsvRecords& records_;
  RowCollector& rows_;
};

}  // namespace

base::Result<std::vector<std::string>> ReadCsvHeader(const center::CsvDialect& dialect,
                                                     CsvRecords& records, RowCollector& rows) {
  return HeaderReader(dialect, records, rows).Read();
}

}  // namespace fansipan::sources::internal
