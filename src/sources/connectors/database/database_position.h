#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "center/connectors/database_source.h"
#include "sources/connectors/database/statement.h"

namespace fansipan::sources {

/// Where a connector stands with its database: what is recorded as the source's position.
struct DatabasePosition {
  std::optional<RowPlace> last;  ///< since: the last row that was taken, in the query's order
  std::string content;           ///< the whole query: of what it gave last
  std::uint64_t taken = 0;       ///< deliveries, ever: no two have one position
  std::string rule;  ///< of database, query and since; under another one the rest says nothing
  bool operator==(const DatabasePosition&) const = default;
};

/// One line of JSON. Places are UTF-8: PieceTaker refuses others. A text that cannot be read, of
/// another connector say, is as none.
std::string Encode(const DatabasePosition& position);
DatabasePosition DecodeDatabasePosition(const std::string& text);

/// What of `position` still means something under this declaration: a place in the rows of another
/// database, query or column is none in these. `identity`: Database::Identity.
DatabasePosition Under(const std::string& identity, const center::DatabaseQuery& query,
                       DatabasePosition position);

}  // namespace fansipan::sources
