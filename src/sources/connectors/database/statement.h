#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "center/connectors/database_source.h"

namespace fansipan::sources {

/// Where a row stands in the order of its query: its text in the column and in the key.
struct RowPlace {
  std::string column;
  std::string key;
  bool operator==(const RowPlace&) const = default;
};

/// Which rows of a query are wanted. All that is given holds.
struct RowRange {
  std::optional<std::string> from{};  ///< column at least
  std::optional<RowPlace> after{};
  std::optional<RowPlace> up_to{};  ///< and that one
  bool unplaced = false;            ///< instead: rows without a column or a key
};

/// How a database wants its statements.
struct Dialect {
  std::string quote = "\"";    ///< around names; empty: names stand as they are
  bool numbered = false;       ///< parameters are $1, $2 …; else ?
  bool compares_rows = false;  ///< (a, b) > (c, d)
  bool limits = false;         ///< LIMIT
};

struct Statement {
  std::string sql;
  std::vector<std::string> parameters;  ///< texts, in order
  std::uint64_t most_rows = 0;          ///< 0: all
};

/// The declared query as it stands, with its `$since` bound.
Statement WholeStatement(const center::DatabaseQuery& query, const Dialect& dialect);

/// At most so many rows of the declared query within the range, in the order of its column and key.
/// Every value is a parameter. `since` is bound to the query's own `$since`.
Statement PieceStatement(const center::DatabaseQuery& query, const RowRange& range,
                         const std::string& since, std::uint64_t most_rows, const Dialect& dialect);

}  // namespace fansipan::sources
