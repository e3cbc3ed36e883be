#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/fact_store.h"

namespace fansipan::store::internal {

/// A statement about current records with what it reads.
struct RecordStatement {
  std::string sql;
  SqlParameters parameters;
  std::vector<const PhysicalColumn*> columns;
};

/// One page: the version's columns, then its key; one row more than asked for when there is a next
/// page.
base::Result<RecordStatement> BuildPageStatement(const RecordQuery& query,
                                                 const PhysicalDataset& dataset);
base::Result<RecordStatement> BuildCountStatement(const RecordQuery& query,
                                                  const PhysicalDataset& dataset);

/// The text of a page's end: a mark and the hexadecimal key of its last record.
std::string EncodeCursor(std::string_view key);

}  // namespace fansipan::store::internal
