#pragma once

#include <string_view>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// Raw rows of a sheet's text (see sheet_text.h) as the source declares its table. The line of a
/// row is its number in the sheet. Rows without any written cell are none, a cell of blanks alone
/// is a missing one. A column without a name in the header is called "column_E" after its letters.
/// A row with more cells than `columns` names by place is refused (too_many_columns).
base::Status DecodeSheet(std::string_view text, const center::WorkbookShape& shape,
                         RowCollector& rows);

}  // namespace fansipan::sources::internal
