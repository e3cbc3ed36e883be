#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/value.h"
#include "store/embedded/internal/duckdb_connection.h"

namespace fansipan::store::internal {

/// Physical types that a TableWriter fills.
enum class Physical {
  kBytes,
  kNumber,
  kUnsigned,
  kUnsigned32,
  kDecimal,
  kBoolean,
  kDate,
  kTimestamp,
  kUnsigned32List
};

Physical PhysicalOf(model::ColumnType type);

/// Appends rows to a table in batches, inside the connection's open transaction. Set every column
/// of a row from the first to the last, then EndRow; Finish at the end, otherwise rows may be
/// missing.
class TableWriter {
 public:
  static base::Result<TableWriter> Open(DuckDbConnection& connection, const std::string& table,
                                        std::vector<Physical> columns);
  TableWriter(TableWriter&& other) noexcept;
  TableWriter& operator=(TableWriter&&) = delete;
  ~TableWriter();

  void Null();
  void Bytes(std::string_view bytes);
  void Number(std::int64_t number) { At<std::int64_t>() = number; }
  void Unsigned(std::uint64_t number) { At<std::uint64_t>() = number; }
  void Unsigned32(std::uint32_t number) { At<std::uint32_t>() = number; }
  void Boolean(bool truth) { At<bool>() = truth; }
  void Moment(base::Timestamp moment) { At<std::int64_t>() = moment.time_since_epoch().count(); }
  void Unsigned32List(const std::vector<std::uint32_t>& numbers);
  /// False when the value does not have the column's type.
  [[nodiscard]] bool Value(const model::Value& value);

  base::Status EndRow();
  base::Status Finish();

 private:
  TableWriter(duckdb_appender appender, duckdb_data_chunk chunk, std::string table,
              std::vector<Physical> columns);

  void FetchVectors();
  base::Status Flush();
  base::Status AppenderError(std::string_view doing) const;
  void Decimal(const model::Decimal& decimal);

  template <typename T>
  T& At() {
    return static_cast<T*>(duckdb_vector_get_data(vectors_[column_++]))[row_];
  }

  duckdb_appender appender_;
  duckdb_data_chunk chunk_;
  std::string table_;
  std::vector<Physical> columns_;
  std::vector<duckdb_vector> vectors_;
  std::vector<std::uint64_t> list_sizes_;
  std::size_t column_ = 0;
  idx_t row_ = 0;
};

}  // namespace fansipan::store::internal
