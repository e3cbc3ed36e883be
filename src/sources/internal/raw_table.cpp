#include "sources/internal/raw_table.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace fansipan::sources::internal {
namespace {

/// A type of the engine, destroyed with its scope.
class LogicalType {
 public:
  explicit LogicalType(duckdb_type type) : type_(duckdb_create_logical_type(type)) {}
  ~LogicalType() { duckdb_destroy_logical_type(&type_); }
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

/// How far one scan has come, and which columns it asks for.
struct Scan {
  std::size_t next = 0;
  std::vector<idx_t> columns;
};

void Bind(duckdb_bind_info info) {
  const auto& table = *static_cast<const RawTable*>(duckdb_bind_get_extra_info(info));
  const LogicalType text(DUCKDB_TYPE_VARCHAR);
  const LogicalType number(DUCKDB_TYPE_UINTEGER);
  duckdb_bind_add_result_column(info, "_row", number.get());
  for (const std::string& column : table.columns()) {
    duckdb_bind_add_result_column(info, column.c_str(), text.get());
  }
}

void Init(duckdb_init_info info) {
  auto scan = std::make_unique<Scan>();
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    scan->columns.push_back(duckdb_init_get_column_index(info, i));
  }
  duckdb_init_set_max_threads(info, 1);
  duckdb_init_set_init_data(info, scan.release(),
                            [](void* data) { delete static_cast<Scan*>(data); });
}

void Produce(duckdb_function_info info, duckdb_data_chunk output) {
  const auto& table = *static_cast<const RawTable*>(duckdb_function_get_extra_info(info));
  auto& scan = *static_cast<Scan*>(duckdb_function_get_init_data(info));
  if (scan.next == table.chunk_count()) return duckdb_data_chunk_set_size(output, 0);
  duckdb_data_chunk chunk = table.chunk(scan.next++);
  for (idx_t i = 0; i < scan.columns.size(); ++i) {
    // Asked for no column at all, the engine names one that there is not.
    if (scan.columns[i] > table.columns().size()) continue;
    duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, i),
                                   duckdb_data_chunk_get_vector(chunk, scan.columns[i]));
  }
  duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(chunk));
}

void FillColumn(const RawBatch& batch, std::size_t column, duckdb_vector vector) {
  duckdb_vector_ensure_validity_writable(vector);
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  for (std::size_t row = 0; row < batch.rows.size(); ++row) {
    const RawCell& cell = batch.cells[row * batch.width + column];
    if (cell.missing) {
      duckdb_validity_set_row_invalid(validity, row);
    } else {
      duckdb_vector_assign_string_element_len(vector, row, cell.text.data(), cell.text.size());
    }
  }
}

}  // namespace

RawTable::~RawTable() { Clear(); }

void RawTable::Clear() {
  for (duckdb_data_chunk chunk : chunks_) duckdb_destroy_data_chunk(&chunk);
  chunks_.clear();
}

void RawTable::Begin(std::vector<std::string> columns) {
  Clear();
  columns_ = std::move(columns);
}

base::Status RawTable::Register(duckdb_connection connection) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "raw_rows");
  duckdb_table_function_set_extra_info(function, this, nullptr);
  duckdb_table_function_set_bind(function, Bind);
  duckdb_table_function_set_init(function, Init);
  duckdb_table_function_set_function(function, Produce);
  duckdb_table_function_supports_projection_pushdown(function, true);
  const duckdb_state registered = duckdb_register_table_function(connection, function);
  duckdb_destroy_table_function(&function);
  if (registered == DuckDBSuccess) return {};
  return base::Error{base::ErrorCode::kInternal, "", "the mapping engine takes no rows"};
}

base::Status RawTable::Take(const RawBatch& batch) {
  const LogicalType text(DUCKDB_TYPE_VARCHAR);
  const LogicalType number(DUCKDB_TYPE_UINTEGER);
  std::vector<duckdb_logical_type> types(columns_.size() + 1, text.get());
  types[0] = number.get();
  duckdb_data_chunk chunk = duckdb_create_data_chunk(types.data(), types.size());
  if (chunk == nullptr) {
    return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
                       "the rows of the delivery do not fit into the worker's memory"};
  }
  chunks_.push_back(chunk);
  auto* numbers =
      static_cast<std::uint32_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)));
  std::copy(batch.rows.begin(), batch.rows.end(), numbers);
  for (std::size_t column = 0; column < batch.width; ++column) {
    FillColumn(batch, column, duckdb_data_chunk_get_vector(chunk, column + 1));
  }
  duckdb_data_chunk_set_size(chunk, batch.rows.size());
  return {};
}

}  // namespace fansipan::sources::internal
