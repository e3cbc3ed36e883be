#pragma once

#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// CSV after RFC 4180 in the declared dialect. Lines end with LF or CR LF; a wholly empty line is
/// no row; an empty cell is a missing one. A column without a name in the header is called
/// "column_N" after its place. A quote inside an unquoted cell, or text after a closing quote,
/// refuses the row (bad_quoting); a quote that never closes refuses the payload (cut_off).
base::Status DecodeCsv(std::string_view payload, const center::CsvDialect& dialect,
                       RowCollector& rows);

}  // namespace fansipan::sources::internal
