#pragma once

#include "base/result.h"
#include "store/embedded/internal/duckdb_connection.h"

namespace fansipan::store::internal {

/// Registers, for the whole database, exact arithmetic over kDecimalType with the meaning of
/// model::Decimal, and lower_case over text as bytes:
///   decimal_of(BIGINT), decimal_add, _subtract, _multiply, _divide (12 decimals), decimal_compare
///   (-1, 0, 1), lower_case(BLOB).
/// A missing operand, a division by zero and a result that does not fit give NULL.
base::Status RegisterFunctions(DuckDbConnection& connection);

}  // namespace fansipan::store::internal
