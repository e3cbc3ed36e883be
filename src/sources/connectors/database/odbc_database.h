#pragma once

#include <memory>
#include <string>

#include "center/connectors/database_source.h"
#include "sources/connectors/database/database.h"

namespace fansipan::sources {

/// A database by an installed ODBC driver, in transactions that are always rolled back. The driver
/// is another's code within this program: where it calls, and whether it keeps to time limits and
/// cancelling, is its own. `source` must outlive it.
std::unique_ptr<Database> MakeOdbcDatabase(const center::OdbcSource& source);

/// The connection string; a value that could end before its end stands in braces.
std::string OdbcConnectionText(const center::OdbcSource& source, const std::string& password);

}  // namespace fansipan::sources
