#pragma once

#include <string>

namespace fansipan::sources::testing {

/// A Parquet file with the rows of a SELECT, as DuckDB writes it; empty when it cannot.
std::string ParquetOf(const std::string& select);

}  // namespace fansipan::sources::testing
