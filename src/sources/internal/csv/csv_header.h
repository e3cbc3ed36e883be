#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/csv/csv_records.h"

namespace fansipan::sources::internal {

/// How many lines may stand before the header that `header_has` looks for.
inline constexpr std::size_t kMaxTitleLines = 1000;

/// Reads what stands before the first record of a CSV text: byte order mark, Excel's `sep=;` line,
/// lines to skip, titles, and the row or rows with the names of the columns. Leaves `records`
/// behind them and returns the names. Errors: byte_order_mark; wrong_columns when the header is not
/// there, lacks a declared column, names one twice, or contradicts the declared delimiter;
/// wrong_shape when lines end with CR alone; not_utf8, with the line noted in `rows`.
base::Result<std::vector<std::string>> ReadCsvHeader(const center::CsvDialect& dialect,
                                                     CsvRecords& records, RowCollector& rows);

}  // namespace fansipan::sources::internal
