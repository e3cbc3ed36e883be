#pragma once

#include <duckdb.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/decoding.h"

namespace fansipan::sources::internal {

/// The raw rows of a delivery, as SQL sees them: text columns and `_row`. Kept in the engine's own
/// vectors, which a scan hands out as they are; a table of the engine would copy every text and
/// gather statistics that no mapping asks for. Must outlive every statement that reads it. One
/// thread.
class RawTable {
 public:
  RawTable() = default;
  ~RawTable();
  RawTable(const RawTable&) = delete;
  RawTable& operator=(const RawTable&) = delete;

  /// Makes the table function `raw_rows()` known to the connection. Error kInternal.
  base::Status Register(duckdb_connection connection);
  /// Empties the table, which has these columns from now on.
  void Begin(std::vector<std::string> columns);
  /// Empties the table; the columns stay.
  void Clear();
  /// Error worker_out_of_memory.
  base::Status Take(const RawBatch& batch);

  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t chunk_count() const { return chunks_.size(); }
  duckdb_data_chunk chunk(std::size_t index) const { return chunks_[index]; }

 private:
  std::vector<std::string> columns_;  ///< without `_row`, which is the first
  std::vector<duckdb_data_chunk> chunks_;
};

}  // namespace fansipan::sources::internal
