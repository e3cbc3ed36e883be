#include "store/embedded/internal/table_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace fansipan::store::internal {
namespace {

duckdb_logical_type MakeType(Physical physical) {
  switch (physical) {
    case Physical::kBytes:
      return duckdb_create_logical_type(DUCKDB_TYPE_BLOB);
    case Physical::kNumber:
      return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case Physical::kUnsigned:
      return duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT);
    case Physical::kUnsigned32:
      return duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER);
    case Physical::kBoolean:
      return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case Physical::kDate:
      return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case Physical::kTimestamp:
      return duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP);
    case Physical::kUnsigned32List: {
      duckdb_logical_type element = duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER);
      duckdb_logical_type list = duckdb_create_list_type(element);
      duckdb_destroy_logical_type(&element);
      return list;
    }
    case Physical::kDecimal:
      break;
  }
  duckdb_logical_type members[] = {duckdb_create_logical_type(DUCKDB_TYPE_HUGEINT),
                                   duckdb_create_logical_type(DUCKDB_TYPE_UTINYINT)};
  const char* names[] = {"unscaled", "scale"};
  duckdb_logical_type type = duckdb_create_struct_type(members, names, 2);
  for (duckdb_logical_type& member : members) duckdb_destroy_logical_type(&member);
  return type;
}

void SetNull(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

}  // namespace

Physical PhysicalOf(model::ColumnType type) {
  switch (type) {
    case model::ColumnType::kText:
      return Physical::kBytes;
    case model::ColumnType::kInteger:
      return Physical::kNumber;
    case model::ColumnType::kDecimal:
      return Physical::kDecimal;
    case model::ColumnType::kBoolean:
      return Physical::kBoolean;
    case model::ColumnType::kDate:
      return Physical::kDate;
    case model::ColumnType::kTimestamp:
      return Physical::kTimestamp;
  }
  return Physical::kBytes;
}

base::Result<TableWriter> TableWriter::Open(DuckDbConnection& connection, const std::string& table,
                                            std::vector<Physical> columns) {
  duckdb_appender appender = nullptr;
  if (duckdb_appender_create(connection.raw(), nullptr, table.c_str(), &appender) == DuckDBError) {
    duckdb_appender_destroy(&appender);
    return base::Error{base::ErrorCode::kInternal, "",
                       fmt::format("the engine cannot append to table {}", table)};
  }
  std::vector<duckdb_logical_type> types;
  types.reserve(columns.size());
  for (const Physical column : columns) types.push_back(MakeType(column));
  duckdb_data_chunk chunk = duckdb_create_data_chunk(types.data(), types.size());
  for (duckdb_logical_type& type : types) duckdb_destroy_logical_type(&type);
  return TableWriter(appender, chunk, table, std::move(columns));
}

TableWriter::TableWriter(duckdb_appender appender, duckdb_data_chunk chunk, std::string table,
                         std::vector<Physical> columns)
    : appender_(appender),
      chunk_(chunk),
      table_(std::move(table)),
      columns_(std::move(columns)),
      vectors_(columns_.size()),
      list_sizes_(columns_.size()) {
  FetchVectors();
}

TableWriter::TableWriter(TableWriter&& other) noexcept
    : appender_(std::exchange(other.appender_, nullptr)),
      chunk_(std::exchange(other.chunk_, nullptr)),
      table_(std::move(other.table_)),
      columns_(std::move(other.columns_)),
      vectors_(std::move(other.vectors_)),
      list_sizes_(std::move(other.list_sizes_)),
      column_(other.column_),
      row_(other.row_) {}

TableWriter::~TableWriter() {
  duckdb_destroy_data_chunk(&chunk_);
  duckdb_appender_destroy(&appender_);
}

void TableWriter::FetchVectors() {
  for (idx_t column = 0; column < vectors_.size(); ++column) {
    vectors_[column] = duckdb_data_chunk_get_vector(chunk_, column);
    list_sizes_[column] = 0;
  }
}

void TableWriter::Null() {
  const Physical physical = columns_[column_];
  duckdb_vector vector = vectors_[column_++];
  SetNull(vector, row_);
  if (physical == Physical::kDecimal) {
    SetNull(duckdb_struct_vector_get_child(vector, 0), row_);
    SetNull(duckdb_struct_vector_get_child(vector, 1), row_);
  }
}

void TableWriter::Bytes(std::string_view bytes) {
  duckdb_vector_assign_string_element_len(vectors_[column_++], row_,
                                          bytes.empty() ? "" : bytes.data(), bytes.size());
}

void TableWriter::Decimal(const model::Decimal& decimal) {
  duckdb_vector vector = vectors_[column_++];
  static_cast<duckdb_hugeint*>(duckdb_vector_get_data(
      duckdb_struct_vector_get_child(vector, 0)))[row_] = ToHugeint(decimal.unscaled());
  static_cast<std::uint8_t*>(duckdb_vector_get_data(duckdb_struct_vector_get_child(
      vector, 1)))[row_] = static_cast<std::uint8_t>(decimal.scale());
}

void TableWriter::Unsigned32List(const std::vector<std::uint32_t>& numbers) {
  duckdb_vector vector = vectors_[column_];
  std::uint64_t& size = list_sizes_[column_];
  duckdb_list_vector_reserve(vector, size + numbers.size());
  auto* elements =
      static_cast<std::uint32_t*>(duckdb_vector_get_data(duckdb_list_vector_get_child(vector)));
  std::copy(numbers.begin(), numbers.end(), elements + size);
  At<duckdb_list_entry>() = {size, numbers.size()};
  size += numbers.size();
  duckdb_list_vector_set_size(vector, size);
}

bool TableWriter::Value(const model::Value& value) {
  const Physical physical = columns_[column_];
  if (model::IsMissing(value)) {
    Null();
    return true;
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (physical != Physical::kBytes) return false;
    Bytes(*text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (physical == Physical::kDecimal) {
      Decimal(model::Decimal::FromInteger(*number));
      return true;
    }
    if (physical != Physical::kNumber) return false;
    Number(*number);
  } else if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
    if (physical != Physical::kDecimal) return false;
    Decimal(*decimal);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    if (physical != Physical::kBoolean) return false;
    Boolean(*truth);
  } else if (const auto* date = std::get_if<model::Date>(&value)) {
    if (physical != Physical::kDate) return false;
    At<std::int32_t>() = static_cast<std::int32_t>(date->time_since_epoch().count());
  } else {
    if (physical != Physical::kTimestamp) return false;
    Moment(std::get<base::Timestamp>(value));
  }
  return true;
}

base::Status TableWriter::EndRow() {
  assert(column_ == columns_.size());
  column_ = 0;
  if (++row_ < duckdb_vector_size()) return {};
  return Flush();
}

base::Status TableWriter::Flush() {
  if (row_ == 0) return {};
  duckdb_data_chunk_set_size(chunk_, row_);
  if (duckdb_append_data_chunk(appender_, chunk_) == DuckDBError) return AppenderError("appending");
  duckdb_data_chunk_reset(chunk_);
  FetchVectors();
  row_ = 0;
  return {};
}

base::Status TableWriter::Finish() {
  FANSIPAN_RETURN_IF_ERROR(Flush());
  if (duckdb_appender_close(appender_) == DuckDBError) return AppenderError("writing");
  return {};
}

base::Status TableWriter::AppenderError(std::string_view doing) const {
  duckdb_error_data error = duckdb_appender_error_data(appender_);
  const char* message = duckdb_error_data_message(error);
  base::Error found = ErrorFrom(duckdb_error_data_error_type(error),
                                message == nullptr ? "no reason given" : message,
                                fmt::format("{} to table {}", doing, table_));
  duckdb_destroy_error_data(&error);
  return found;
}

}  // namespace fansipan::store::internal
