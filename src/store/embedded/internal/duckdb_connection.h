#pragma once

#include <duckdb.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/decimal.h"

namespace fansipan::store::internal {

class DuckDbConnection;
class DuckDbRows;

/// What the engine says, as a code of ours: full disk, damage, memory, deadline, defect.
base::Error ErrorFrom(duckdb_error_type type, std::string_view message, std::string_view doing);

/// The DuckDB type of exact decimals: STRUCT(unscaled HUGEINT, scale UTINYINT). Unlike DECIMAL it
/// keeps every model::Decimal as it is.
inline constexpr const char* kDecimalType = "STRUCT(unscaled HUGEINT, scale UTINYINT)";

duckdb_hugeint ToHugeint(model::Int128 number);
model::Int128 FromHugeint(duckdb_hugeint number);

/// An open database. Outlives its connections. Safe from any thread.
class DuckDb {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  /// An empty path: in memory.
  static base::Result<std::unique_ptr<DuckDb>> Open(const std::string& path,
                                                    const Settings& settings);
  explicit DuckDb(duckdb_database database) : database_(database) {}
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;
  ~DuckDb() { duckdb_close(&database_); }

  base::Result<DuckDbConnection> Connect();

 private:
  duckdb_database database_;
};

/// A prepared statement. Parameters count from 1. A failed binding shows when it runs.
class DuckDbStatement {
 public:
  explicit DuckDbStatement(duckdb_prepared_statement statement) : statement_(statement) {}
  DuckDbStatement(DuckDbStatement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)) {}
  DuckDbStatement& operator=(DuckDbStatement&&) = delete;
  ~DuckDbStatement() { duckdb_destroy_prepare(&statement_); }

  void BindText(idx_t index, std::string_view text);
  void BindBytes(idx_t index, std::string_view bytes);
  void BindNumber(idx_t index, std::int64_t number);
  void BindUnsigned(idx_t index, std::uint64_t number);
  void BindHugeint(idx_t index, model::Int128 number);
  void BindBoolean(idx_t index, bool truth);
  void BindDays(idx_t index, std::int32_t days_since_1970);
  void BindMicros(idx_t index, std::int64_t micros_since_1970);
  void BindNull(idx_t index);

  /// Runs it and keeps the whole answer. `doing` says in an error what was going on.
  base::Result<DuckDbRows> Run(std::string_view doing);

 private:
  duckdb_prepared_statement statement_;
};

/// The rows of an answer, read once from first to last: `while (rows.Next()) …`.
class DuckDbRows {
 public:
  explicit DuckDbRows(const duckdb_result& result) : result_(result) {}
  DuckDbRows(DuckDbRows&& other) noexcept;
  DuckDbRows& operator=(DuckDbRows&&) = delete;
  ~DuckDbRows();

  /// Goes to the next row; false at the end.
  bool Next();
  bool IsNull(idx_t column) const;
  std::string Bytes(idx_t column) const;
  bool Boolean(idx_t column) const { return At<bool>(column); }
  std::int64_t Number(idx_t column) const { return At<std::int64_t>(column); }
  std::uint64_t Unsigned(idx_t column) const { return At<std::uint64_t>(column); }
  std::uint32_t Unsigned32(idx_t column) const { return At<std::uint32_t>(column); }
  std::int32_t Days(idx_t column) const { return At<std::int32_t>(column); }
  model::Decimal Decimal(idx_t column) const;
  std::vector<std::uint32_t> Unsigned32List(idx_t column) const;

 private:
  template <typename T>
  T At(idx_t column) const {
    return static_cast<const T*>(duckdb_vector_get_data(vectors_[column]))[row_];
  }

  duckdb_result result_{};
  bool owned_ = true;
  duckdb_data_chunk chunk_ = nullptr;
  std::vector<duckdb_vector> vectors_;
  idx_t size_ = 0;
  idx_t row_ = 0;
};

/// A connection. Used by one thread at a time; Interrupt may come from any.
class DuckDbConnection {
 public:
  explicit DuckDbConnection(duckdb_connection connection) : connection_(connection) {}
  DuckDbConnection(DuckDbConnection&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  DuckDbConnection& operator=(DuckDbConnection&&) = delete;
  ~DuckDbConnection() { duckdb_disconnect(&connection_); }

  /// Runs a statement of this program, whose answer is not asked for.
  base::Status Run(const std::string& sql, std::string_view doing);
  base::Result<DuckDbStatement> Prepare(const std::string& sql, std::string_view doing);
  void Interrupt() { duckdb_interrupt(connection_); }
  duckdb_connection raw() const { return connection_; }

 private:
  duckdb_connection connection_;
};

}  // namespace fansipan::store::internal
