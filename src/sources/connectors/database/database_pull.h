#pragma once

#include <memory>

#include "base/metrics.h"
#include "center/center.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/database/database.h"

namespace fansipan::sources {

/// The connectors postgres and odbc. With `since` new rows are read in the order of its column and
/// key, in pieces; each is a statement and a delivery of its own, recorded together with the place
/// of its last row, so that a kill neither loses nor doubles one. What the overlap goes back over
/// is read first, and rows that were seen are left out. Without `since` the whole result is one
/// delivery, when it is another one than last time. `source` must outlive it.
std::unique_ptr<Connector> MakePostgresPull(const center::Source& source,
                                            base::MetricsRegistry& metrics);
std::unique_ptr<Connector> MakeOdbcPull(const center::Source& source,
                                        base::MetricsRegistry& metrics);
/// The same over another connection. `name`: of the connector.
std::unique_ptr<Connector> MakeDatabasePull(const center::Source& source,
                                            const center::DatabaseQuery& query,
                                            const std::string& name, base::MetricsRegistry& metrics,
                                            std::unique_ptr<Database> database);

}  // namespace fansipan::sources
