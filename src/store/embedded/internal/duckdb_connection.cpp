#include "store/embedded/internal/duckdb_connection.h"

#include <fmt/format.h>

#include <limits>

namespace fansipan::store::internal {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

base::ErrorCode CodeOf(duckdb_error_type type, std::string_view message) {
  if (Contains(message, "No space left") || Contains(message, "Disk quota exceeded")) {
    return base::ErrorCode::kStorageFull;
  }
  if (Contains(message, "version number") || Contains(message, "not recognized")) {
    return base::ErrorCode::kUnsupported;
  }
  if (Contains(message, "not a valid DuckDB database") || Contains(message, "checksum") ||
      Contains(message, "Corrupt") || Contains(message, "corrupt")) {
    return base::ErrorCode::kCorrupt;
  }
  if (Contains(message, "Could not set lock")) return base::ErrorCode::kConflict;
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT:
      return base::ErrorCode::kDeadlineExceeded;
    case DUCKDB_ERROR_OUT_OF_MEMORY:
      return base::ErrorCode::kUnavailable;
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_PERMISSION:
      return base::ErrorCode::kIo;
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_SERIALIZATION:
      return base::ErrorCode::kCorrupt;
    default:
      return base::ErrorCode::kInternal;
  }
}

}  // namespace

base::Error ErrorFrom(duckdb_error_type type, std::string_view message, std::string_view doing) {
  const base::ErrorCode code = CodeOf(type, message);
  return {code, code == base::ErrorCode::kUnavailable ? "memory" : "",
          fmt::format("{}: {}", doing, message)};
}

duckdb_hugeint ToHugeint(model::Int128 number) {
  duckdb_hugeint huge;
  huge.lower = static_cast<std::uint64_t>(number);
  huge.upper = static_cast<std::int64_t>(number >> 64);
  return huge;
}

model::Int128 FromHugeint(duckdb_hugeint number) {
  return static_cast<model::Int128>(number.upper) * (static_cast<model::Int128>(1) << 64) +
         number.lower;
}

base::Result<std::unique_ptr<DuckDb>> DuckDb::Open(const std::string& path,
                                                   const Settings& settings) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) == DuckDBError) {
    return base::Error{base::ErrorCode::kInternal, "", "the engine gives no configuration"};
  }
  for (const auto& [name, value] : settings) {
    if (duckdb_set_config(config, name.c_str(), value.c_str()) == DuckDBError) {
      duckdb_destroy_config(&config);
      return base::Error{base::ErrorCode::kUnsupported, "",
                         fmt::format("this DuckDB refuses the setting {} = {}", name, value)};
    }
  }
  duckdb_database database = nullptr;
  char* message = nullptr;
  const duckdb_state state =
      duckdb_open_ext(path.empty() ? nullptr : path.c_str(), &database, config, &message);
  duckdb_destroy_config(&config);
  if (state == DuckDBError) {
    base::Error error =
        ErrorFrom(DUCKDB_ERROR_IO, message == nullptr ? "" : message, "opening " + path);
    duckdb_free(message);
    return error;
  }
  return std::make_unique<DuckDb>(database);
}

base::Result<DuckDbConnection> DuckDb::Connect() {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(database_, &connection) == DuckDBError) {
    return base::Error{base::ErrorCode::kUnavailable, "", "the engine gives no connection"};
  }
  return DuckDbConnection(connection);
}

void DuckDbStatement::BindText(idx_t index, std::string_view text) {
  duckdb_bind_varchar_length(statement_, index, text.data(), text.size());
}
void DuckDbStatement::BindBytes(idx_t index, std::string_view bytes) {
  duckdb_bind_blob(statement_, index, bytes.empty() ? "" : bytes.data(), bytes.size());
}
void DuckDbStatement::BindNumber(idx_t index, std::int64_t number) {
  duckdb_bind_int64(statement_, index, number);
}
void DuckDbStatement::BindUnsigned(idx_t index, std::uint64_t number) {
  duckdb_bind_uint64(statement_, index, number);
}
void DuckDbStatement::BindHugeint(idx_t index, model::Int128 number) {
  duckdb_bind_hugeint(statement_, index, ToHugeint(number));
}
void DuckDbStatement::BindBoolean(idx_t index, bool truth) {
  duckdb_bind_boolean(statement_, index, truth);
}
void DuckDbStatement::BindDays(idx_t index, std::int32_t days_since_1970) {
  duckdb_bind_date(statement_, index, duckdb_date{days_since_1970});
}
void DuckDbStatement::BindMicros(idx_t index, std::int64_t micros_since_1970) {
  duckdb_bind_timestamp(statement_, index, duckdb_timestamp{micros_since_1970});
}
void DuckDbStatement::BindNull(idx_t index) { duckdb_bind_null(statement_, index); }

base::Result<DuckDbRows> DuckDbStatement::Run(std::string_view doing) {
  duckdb_result result;
  if (duckdb_execute_prepared(statement_, &result) == DuckDBError) {
    const char* message = duckdb_result_error(&result);
    base::Error error = ErrorFrom(duckdb_result_error_type(&result),
                                  message == nullptr ? "no reason given" : message, doing);
    duckdb_destroy_result(&result);
    return error;
  }
  return DuckDbRows(result);
}

DuckDbRows::DuckDbRows(DuckDbRows&& other) noexcept
    : result_(other.result_),
      owned_(std::exchange(other.owned_, false)),
      chunk_(std::exchange(other.chunk_, nullptr)),
      vectors_(std::move(other.vectors_)),
      size_(other.size_),
      row_(other.row_) {}

DuckDbRows::~DuckDbRows() {
  duckdb_destroy_data_chunk(&chunk_);
  if (owned_) duckdb_destroy_result(&result_);
}

bool DuckDbRows::Next() {
  if (chunk_ != nullptr && ++row_ < size_) return true;
  duckdb_destroy_data_chunk(&chunk_);
  chunk_ = duckdb_fetch_chunk(result_);
  if (chunk_ == nullptr) return false;
  size_ = duckdb_data_chunk_get_size(chunk_);
  row_ = 0;
  vectors_.resize(duckdb_data_chunk_get_column_count(chunk_));
  for (idx_t column = 0; column < vectors_.size(); ++column) {
    vectors_[column] = duckdb_data_chunk_get_vector(chunk_, column);
  }
  return size_ > 0;
}

bool DuckDbRows::IsNull(idx_t column) const {
  std::uint64_t* validity = duckdb_vector_get_validity(vectors_[column]);
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row_);
}

std::string DuckDbRows::Bytes(idx_t column) const {
  auto text = At<duckdb_string_t>(column);
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

model::Decimal DuckDbRows::Decimal(idx_t column) const {
  const auto* unscaled = static_cast<const duckdb_hugeint*>(
      duckdb_vector_get_data(duckdb_struct_vector_get_child(vectors_[column], 0)));
  const auto* scale = static_cast<const std::uint8_t*>(
      duckdb_vector_get_data(duckdb_struct_vector_get_child(vectors_[column], 1)));
  return {FromHugeint(unscaled[row_]), scale[row_]};
}

std::vector<std::uint32_t> DuckDbRows::Unsigned32List(idx_t column) const {
  const auto entry = At<duckdb_list_entry>(column);
  const auto* numbers = static_cast<const std::uint32_t*>(
      duckdb_vector_get_data(duckdb_list_vector_get_child(vectors_[column])));
  return {numbers + entry.offset, numbers + entry.offset + entry.length};
}

base::Status DuckDbConnection::Run(const std::string& sql, std::string_view doing) {
  duckdb_result result;
  const duckdb_state state = duckdb_query(connection_, sql.c_str(), &result);
  base::Status status;
  if (state == DuckDBError) {
    const char* message = duckdb_result_error(&result);
    status = ErrorFrom(duckdb_result_error_type(&result),
                       message == nullptr ? "no reason given" : message, doing);
  }
  duckdb_destroy_result(&result);
  return status;
}

base::Result<DuckDbStatement> DuckDbConnection::Prepare(const std::string& sql,
                                                        std::string_view doing) {
  duckdb_prepared_statement statement = nullptr;
  if (duckdb_prepare(connection_, sql.c_str(), &statement) == DuckDBError) {
    const char* message = duckdb_prepare_error(statement);
    base::Error error = ErrorFrom(DUCKDB_ERROR_INVALID, message == nullptr ? "" : message, doing);
    duckdb_destroy_prepare(&statement);
    return error;
  }
  return DuckDbStatement(statement);
}

}  // namespace fansipan::store::internal
