#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/connectors/database/database.h"

namespace fansipan::sources {

/// Writes the rows of a result as NDJSON: an object each, its members in the result's order, null
/// for null and a string for everything else, as the database writes it. Bytes that are no UTF-8
/// stay as they are: intake refuses that row and names it.
class RowLines {
 public:
  /// kInvalidArgument column_binary for a column of bytes, columns_ambiguous for two of one name,
  /// column_missing when one of `wanted` is not there.
  base::Status Begin(const std::vector<ResultColumn>& columns,
                     const std::vector<std::string>& wanted);
  /// The row's line with its line end; valid until the next one.
  std::string_view Write(std::span<const Cell> cells);

 private:
  std::vector<std::string> names_;  ///< as they stand before a value
  std::vector<CellKind> kinds_;
  std::string line_;
};

}  // namespace fansipan::sources
