#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources::internal {

// Declared columns on their way to the process that reads a Parquet file.

std::string EncodeParquetColumns(const std::vector<center::RawColumn>& columns);
/// Error kInternal.
base::Result<std::vector<center::RawColumn>> ParseParquetColumns(std::string_view encoded);

/// SQL of a declared column: the field that its path leads to, /address/ward; without a path the
/// field of its name.
std::string FieldOf(const center::RawColumn& column);

}  // namespace fansipan::sources::internal
