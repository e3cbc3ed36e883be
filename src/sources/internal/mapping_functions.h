#pragma once

#include <duckdb.h>

#include "base/result.h"

namespace fansipan::sources::internal {

/// Makes the functions by which a mapping reads numbers and dates as its source writes them known
/// to the connection: number_of, scaled, date_of, moment_of, date_of_serial, moment_of_serial (see
/// writings/). A missing text stays missing. Error kInternal.
base::Status RegisterMappingFunctions(duckdb_connection connection);

}  // namespace fansipan::sources::internal
