#pragma once

#include <duckdb.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

// DuckDB's statements and their results, each destroyed with its scope.

/// An error mapping_failed with DuckDB's words.
base::Error Failed(std::string message);

/// A result that is destroyed with its scope.
class QueryResult {
 public:
  QueryResult() = default;
  ~QueryResult() { duckdb_destroy_result(&result_); }
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;

  base::Status Run(duckdb_connection connection, const std::string& sql);
  /// Rows are computed as they are fetched; what then goes wrong, Failure tells.
  base::Status Stream(duckdb_prepared_statement statement);
  /// Of the last step; nothing when it did not fail.
  base::Status Failure();
  duckdb_result* get() { return &result_; }

 private:
  duckdb_result result_{};
};

class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk chunk) : chunk_(chunk) {}
  ~Chunk() {
    if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  explicit operator bool() const { return chunk_ != nullptr; }
  void Swap(Chunk& other) { std::swap(chunk_, other.chunk_); }
  duckdb_vector column(idx_t index) const { return duckdb_data_chunk_get_vector(chunk_, index); }
  idx_t size() const { return duckdb_data_chunk_get_size(chunk_); }

 private:
  duckdb_data_chunk chunk_;
};

/// A statement that is ready to run; destroyed with its scope.
class Prepared {
 public:
  Prepared() = default;
  ~Prepared() { duckdb_destroy_prepare(&statement_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  base::Status Prepare(duckdb_connection connection, const std::string& sql);
  duckdb_prepared_statement get() const { return statement_; }

 private:
  duckdb_prepared_statement statement_ = nullptr;
};

/// A name or text between quotes, those in it doubled.
std::string Quoted(std::string_view name, char quote);
/// Nothing for a missing value.
std::optional<std::string_view> TextAt(duckdb_vector vector, idx_t row);
/// SQL that gives a column as canonical text.
std::string CastToText(const std::string& column, duckdb_type type);

}  // namespace fansipan::sources::internal
