#pragma once

#include "base/result.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/records/displaced_versions.h"

namespace fansipan::store::internal {

/// Registers, for the whole database, exact arithmetic over kDecimalType with the meaning of
/// model::Decimal, and lower_case over text as bytes:
///   decimal_of(BIGINT), decimal_add, _subtract, _multiply, _divide (12 decimals), decimal_compare
///   (-1, 0, 1), lower_case(BLOB).
/// A missing operand, a division by zero and a result that does not fit give NULL.
base::Status RegisterFunctions(DuckDbConnection& connection);
/// Registers was_displaced(UBIGINT): whether the set in use has the sequence; false without a set.
/// `in_use` must outlive the database's connections.
base::Status RegisterDisplaced(DuckDbConnection& connection, DisplacedInUse& in_use);

}  // namespace fansipan::store::internal
