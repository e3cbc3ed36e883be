#include "sources/internal/csv/csv_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sources/internal/csv/csv_header.h"
#include "sources/internal/csv/csv_records.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxFooterBytes = 64U << 10U;

bool IsMissing(std::string_view cell, const center::CsvDialect& dialect) {
  return cell.empty() || std::find(dialect.null_texts.begin(), dialect.null_texts.end(), cell) !=
                             dialect.null_texts.end();
}

base::Status Emit(const CsvRecord& record, const CsvRecords& records,
                  const center::CsvDialect& dialect, RowCollector& rows) {
  FANSIPAN_RETURN_IF_ERROR(rows.StartRow(record.offset, record.line));
  if (!records.IsSound(record)) {
    return rows.RefuseRow(record.length, "invalid_utf8", "the row is not UTF-8 text");
  }
  if (!record.well_quoted) {
    return rows.RefuseRow(record.length, "bad_quoting",
                          "a quote stands inside a cell, or text after a closing quote");
  }
  if (record.lone_return) {
    return rows.RefuseRow(record.length, "bad_quoting",
                          "a carriage return stands inside a cell without quotes, or ends a line "
                          "alone");
  }
  if (record.written > rows.width()) {
    return rows.RefuseRow(
        record.length, "too_many_columns",
        fmt::format("the row has {} columns instead of {}", record.cell_count, rows.width()));
  }
  if (record.cell_count < rows.width()) {
    return rows.RefuseRow(
        record.length, "too_few_columns",
        fmt::format("the row has {} columns instead of {}", record.cell_count, rows.width()));
  }
  for (std::size_t i = 0; i < rows.width(); ++i) {
    if (!IsMissing(record.cells[i], dialect)) rows.SetCell(i, record.cells[i]);
  }
  return rows.EndRow(record.length);
}

}  // namespace

base::Status DecodeCsv(std::string_view payload, const center::CsvDialect& dialect,
                       RowCollector& rows) {
  CsvRecords records(payload, dialect, rows);
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                            ReadCsvHeader(dialect, records, rows));
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(names));
  const bool has_footer = !dialect.ends_at.empty();
  CsvRecord record;
  while (true) {
    if (has_footer) {
      FANSIPAN_RETURN_IF_ERROR(records.SkipBlank());
      if (records.StandsAt(dialect.ends_at)) {
        if (records.Peek(kMaxFooterBytes, record)) rows.NoteFooter(record.cells);
        return {};
      }
    }
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, records.Next(record));
    if (found) {
      FANSIPAN_RETURN_IF_ERROR(Emit(record, records, dialect, rows));
    } else if (has_footer) {
      return base::Error{base::ErrorCode::kInvalidArgument, "cut_off",
                         fmt::format("the file has no row that begins with '{}', by which its end "
                                     "is known: it is cut off, or its footer has changed; compare "
                                     "`ends_at` with the file",
                                     dialect.ends_at)};
    } else {
      return {};
    }
  }
}

}  // namespace fansipan::sources::internal
