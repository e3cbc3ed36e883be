#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/cell_range.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// More columns of a converted file are not read.
inline constexpr std::size_t kMaxTableColumns = 2000;

/// All of a converted file: it has more rows than a sheet can have.
inline constexpr center::CellRange kWholeTable{.last_row = UINT32_MAX, .last_column = UINT32_MAX};

/// Names that can be columns: one without a name is called "column_N" after its place. Errors
/// wrong_columns: too many, reserved, or one there twice.
base::Result<std::vector<std::string>> UsableNames(std::vector<std::string> names,
                                                   std::string_view holder);

/// Raw rows of the text of a Parquet file (see ConvertedText): every row of it is one, whose line
/// is its number in the file, counted from 1. An empty cell is a missing one. Errors: cut_off,
/// wrong_columns.
base::Status DecodeTable(std::string_view text, RowCollector& rows);

}  // namespace fansipan::sources::internal
