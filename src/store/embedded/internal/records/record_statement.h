#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/fact_store.h"

namespace fansipan::store::internal {

/// A statement about records with what it reads.
struct RecordStatement {
  std::string sql;
  SqlParameters parameters;
  std::vector<const PhysicalColumn*> columns;
};

/// Sequences from <= s < before.
struct SequenceRange {
  std::uint64_t from = 0;
  std::uint64_t before = 0;
};

/// The last versions of the range that the query asks for, the newest first. Those that are
/// current, unless it asks for changes: the function was_displaced says which are not.
base::Result<RecordStatement> BuildRecords(const RecordQuery& query, const PhysicalDataset& dataset,
                                           const SequenceRange& range, std::size_t limit);

}  // namespace fansipan::store::internal
