#pragma once

#include <memory>

#include "center/connectors/database_source.h"
#include "center/source.h"
#include "sources/connectors/database/database.h"

namespace fansipan::sources {

/// A PostgreSQL server by libpq: at an address of the declared network alone, in transactions that
/// can only read, under time limits that the server keeps, too. Rows come one by one. `source` must
/// outlive it.
std::unique_ptr<Database> MakePostgresDatabase(const center::PostgresSource& source,
                                               center::Reach reach);

}  // namespace fansipan::sources
