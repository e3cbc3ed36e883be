#include "sources/internal/duckdb/statements.h"

#include <fmt/format.h>

#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxMessage = 2000;

}  // namespace

base::Error Failed(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "mapping_failed", std::move(message)};
}

base::Status QueryResult::Run(duckdb_connection connection, const std::string& sql) {
  if (duckdb_query(connection, sql.c_str(), &result_) == DuckDBSuccess) return {};
  return Failure();
}

base::Status QueryResult::Stream(duckdb_prepared_statement statement) {
  if (duckdb_execute_prepared_streaming(statement, &result_) == DuckDBSuccess) return {};
  return Failure();
}

base::Status QueryResult::Failure() {
  const char* message = duckdb_result_error(&result_);
  if (message == nullptr) return {};
  const std::string text(CutUtf8(message, kMaxMessage));
  if (duckdb_result_error_type(&result_) == DUCKDB_ERROR_OUT_OF_MEMORY) {
    return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory", text};
  }
  return Failed(text);
}

base::Status Prepared::Prepare(duckdb_connection connection, const std::string& sql) {
  if (duckdb_prepare(connection, sql.c_str(), &statement_) == DuckDBSuccess) return {};
  const char* message = duckdb_prepare_error(statement_);
  return Failed(std::string(CutUtf8(message == nullptr ? "unknown fault" : message, kMaxMessage)));
}

std::string Quoted(std::string_view name, char quote) {
  std::string text(1, quote);
  for (const char c : name) {
    text += c;
    if (c == quote) text += quote;
  }
  return text + quote;
}

std::optional<std::string_view> TextAt(duckdb_vector vector, idx_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return std::string_view(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

std::string CastToText(const std::string& column, duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return fmt::format("replace(CAST(({} AT TIME ZONE 'UTC') AS VARCHAR), ' ', 'T') || 'Z'",
                         column);
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return fmt::format("replace(CAST(CAST({} AS TIMESTAMP) AS VARCHAR), ' ', 'T')", column);
    case DUCKDB_TYPE_VARCHAR:
      return column;
    default:
      return fmt::format("CAST({} AS VARCHAR)", column);
  }
}

}  // namespace fansipan::sources::internal
