#include "sources/internal/mapping_functions.h"

#include <string>
#include <string_view>
#include <type_traits>

#include "sources/internal/writings/date_writing.h"
#include "sources/internal/writings/number_writing.h"

namespace fansipan::sources::internal {
namespace {

using Read = base::Result<std::string>;

bool IsMissing(duckdb_vector vector, idx_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row);
}

template <typename Value>
Value ValueAt(duckdb_vector vector, idx_t row) {
  if constexpr (std::is_same_v<Value, std::string_view>) {
    auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    return {duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row])};
  } else {
    return static_cast<const Value*>(duckdb_vector_get_data(vector))[row];
  }
}

template <typename How, Read (*function)(std::string_view, How)>
void Call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  duckdb_vector text = duckdb_data_chunk_get_vector(input, 0);
  duckdb_vector how = duckdb_data_chunk_get_vector(input, 1);
  for (idx_t row = 0; row < duckdb_data_chunk_get_size(input); ++row) {
    if (IsMissing(text, row) || IsMissing(how, row)) {
      duckdb_vector_ensure_validity_writable(output);
      duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
      continue;
    }
    const Read read = function(ValueAt<std::string_view>(text, row), ValueAt<How>(how, row));
    if (!read.ok()) return duckdb_scalar_function_set_error(info, read.error().message.c_str());
    duckdb_vector_assign_string_element_len(output, row, read->data(), read->size());
  }
}

base::Status Register(duckdb_connection connection, const char* name, duckdb_type how,
                      duckdb_scalar_function_t call) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type text_type = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type how_type = duckdb_create_logical_type(how);
  duckdb_scalar_function_set_name(function, name);
  duckdb_scalar_function_add_parameter(function, text_type);
  duckdb_scalar_function_add_parameter(function, how_type);
  duckdb_scalar_function_set_return_type(function, text_type);
  duckdb_scalar_function_set_function(function, call);
  const duckdb_state registered = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_logical_type(&text_type);
  duckdb_destroy_logical_type(&how_type);
  duckdb_destroy_scalar_function(&function);
  if (registered == DuckDBSuccess) return {};
  return base::Error{base::ErrorCode::kInternal, "",
                     std::string("the mapping engine takes no function ") + name};
}

template <Read (*function)(std::string_view, std::string_view)>
base::Status RegisterByText(duckdb_connection connection, const char* name) {
  return Register(connection, name, DUCKDB_TYPE_VARCHAR, Call<std::string_view, function>);
}

template <Read (*function)(std::string_view, std::int64_t)>
base::Status RegisterByNumber(duckdb_connection connection, const char* name) {
  return Register(connection, name, DUCKDB_TYPE_BIGINT, Call<std::int64_t, function>);
}

}  // namespace

base::Status RegisterMappingFunctions(duckdb_connection connection) {
  FANSIPAN_RETURN_IF_ERROR(RegisterByText<NumberOf>(connection, "number_of"));
  FANSIPAN_RETURN_IF_ERROR(RegisterByNumber<Scaled>(connection, "scaled"));
  FANSIPAN_RETURN_IF_ERROR(RegisterByText<DateOf>(connection, "date_of"));
  FANSIPAN_RETURN_IF_ERROR(RegisterByText<MomentOf>(connection, "moment_of"));
  FANSIPAN_RETURN_IF_ERROR(RegisterByNumber<DateOfSerial>(connection, "date_of_serial"));
  return RegisterByNumber<MomentOfSerial>(connection, "moment_of_serial");
}

}  // namespace fansipan::sources::internal
