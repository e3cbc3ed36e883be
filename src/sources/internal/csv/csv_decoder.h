#pragma once

#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// CSV after RFC 4180 in the declared dialect. Lines end with LF or CR LF; a line of nothing but
/// blanks and delimiters is no row; an empty cell is a missing one, and one behind the last column
/// is none. A column without a name in the header is called "column_N" after its place. A quote
/// inside an unquoted cell, text after a closing quote, or a carriage return outside quotes refuses
/// the row (bad_quoting); a quote that never closes, and a declared footer that does not come,
/// refuse the payload (cut_off). What follows the beginning of the footer is not looked at.
base::Status DecodeCsv(std::string_view payload, const center::CsvDialect& dialect,
                       RowCollector& rows);

}  // namespace fansipan::sources::internal
