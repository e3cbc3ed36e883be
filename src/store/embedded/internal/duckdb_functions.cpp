#include "store/embedded/internal/duckdb_functions.h"

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "model/text.h"

namespace fansipan::store::internal {
namespace {

/// Owns a logical type of the C API.
class LogicalType {
 public:
  explicit LogicalType(duckdb_logical_type type) : type_(type) {}
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  ~LogicalType() { duckdb_destroy_logical_type(&type_); }
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

duckdb_logical_type MakeDecimalType() {
  const LogicalType huge(duckdb_create_logical_type(DUCKDB_TYPE_HUGEINT));
  const LogicalType tiny(duckdb_create_logical_type(DUCKDB_TYPE_UTINYINT));
  duckdb_logical_type members[] = {huge.get(), tiny.get()};
  const char* names[] = {"unscaled", "scale"};
  return duckdb_create_struct_type(members, names, 2);
}

bool IsValid(duckdb_vector vector, idx_t row) {
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  return validity == nullptr || duckdb_validity_row_is_valid(validity, row);
}

void SetNull(duckdb_vector vector, idx_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

/// Reads one argument of kDecimalType; nothing where it is missing.
class DecimalInput {
 public:
  DecimalInput(duckdb_data_chunk chunk, idx_t column)
      : vector_(duckdb_data_chunk_get_vector(chunk, column)),
        unscaled_(static_cast<const duckdb_hugeint*>(
            duckdb_vector_get_data(duckdb_struct_vector_get_child(vector_, 0)))),
        scale_(static_cast<const std::uint8_t*>(
            duckdb_vector_get_data(duckdb_struct_vector_get_child(vector_, 1)))) {}

  std::optional<model::Decimal> At(idx_t row) const {
    if (!IsValid(vector_, row)) return std::nullopt;
    return model::Decimal(FromHugeint(unscaled_[row]), scale_[row]);
  }

 private:
  duckdb_vector vector_;
  const duckdb_hugeint* unscaled_;
  const std::uint8_t* scale_;
};

class DecimalOutput {
 public:
  explicit DecimalOutput(duckdb_vector vector)
      : vector_(vector),
        unscaled_child_(duckdb_struct_vector_get_child(vector, 0)),
        scale_child_(duckdb_struct_vector_get_child(vector, 1)) {}

  void Set(idx_t row, const std::optional<model::Decimal>& decimal) {
    static_cast<duckdb_hugeint*>(duckdb_vector_get_data(unscaled_child_))[row] =
        ToHugeint(decimal ? decimal->unscaled() : 0);
    static_cast<std::uint8_t*>(duckdb_vector_get_data(scale_child_))[row] =
        static_cast<std::uint8_t>(decimal ? decimal->scale() : 0);
    if (decimal) return;
    SetNull(vector_, row);
    SetNull(unscaled_child_, row);
    SetNull(scale_child_, row);
  }

 private:
  duckdb_vector vector_;
  duckdb_vector unscaled_child_;
  duckdb_vector scale_child_;
};

/// The decimals of a quotient in a condition, as everywhere in the program.
constexpr int kQuotientScale = 12;

std::optional<model::Decimal> DivideRounded(const model::Decimal& left,
                                            const model::Decimal& right) {
  return Divide(left, right, kQuotientScale);
}

using Arithmetic = std::optional<model::Decimal> (*)(const model::Decimal&, const model::Decimal&);

template <Arithmetic kOperation>
void Calculate(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const DecimalInput left(input, 0);
  const DecimalInput right(input, 1);
  DecimalOutput results(output);
  const idx_t size = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < size; ++row) {
    const auto first = left.At(row);
    const auto second = right.At(row);
    results.Set(row, first && second ? kOperation(*first, *second) : std::nullopt);
  }
}

void CompareDecimals(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  const DecimalInput left(input, 0);
  const DecimalInput right(input, 1);
  auto* results = static_cast<std::int64_t*>(duckdb_vector_get_data(output));
  const idx_t size = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < size; ++row) {
    const auto first = left.At(row);
    const auto second = right.At(row);
    results[row] = 0;
    if (!first || !second) {
      SetNull(output, row);
      continue;
    }
    const std::strong_ordering order = *first <=> *second;
    results[row] = std::is_lt(order) ? -1 : (std::is_gt(order) ? 1 : 0);
  }
}

void DecimalOf(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  duckdb_vector vector = duckdb_data_chunk_get_vector(input, 0);
  const auto* numbers = static_cast<const std::int64_t*>(duckdb_vector_get_data(vector));
  DecimalOutput results(output);
  const idx_t size = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < size; ++row) {
    results.Set(row, IsValid(vector, row) ? std::optional(model::Decimal::FromInteger(numbers[row]))
                                          : std::nullopt);
  }
}

void LowerCaseOf(duckdb_function_info /*info*/, duckdb_data_chunk input, duckdb_vector output) {
  duckdb_vector vector = duckdb_data_chunk_get_vector(input, 0);
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  const idx_t size = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < size; ++row) {
    if (!IsValid(vector, row)) {
      SetNull(output, row);
      continue;
    }
    const std::string lower =
        model::LowerCase({duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row])});
    duckdb_vector_assign_string_element_len(output, row, lower.data(), lower.size());
  }
}

void WasDisplaced(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto* in_use =
      static_cast<const DisplacedInUse*>(duckdb_scalar_function_get_extra_info(info));
  const SequenceSet* set = in_use->set();
  const auto* sequences = static_cast<const std::uint64_t*>(
      duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
  auto* answers = static_cast<bool*>(duckdb_vector_get_data(output));
  const idx_t rows = duckdb_data_chunk_get_size(input);
  for (idx_t row = 0; row < rows; ++row) {
    answers[row] = set != nullptr && set->Contains(sequences[row]);
  }
}

base::Status Register(DuckDbConnection& connection, const char* name,
                      const std::vector<duckdb_logical_type>& parameters,
                      duckdb_logical_type result, duckdb_scalar_function_t function,
                      void* extra = nullptr) {
  duckdb_scalar_function scalar = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(scalar, name);
  for (duckdb_logical_type parameter : parameters) {
    duckdb_scalar_function_add_parameter(scalar, parameter);
  }
  duckdb_scalar_function_set_return_type(scalar, result);
  duckdb_scalar_function_set_special_handling(scalar);
  duckdb_scalar_function_set_function(scalar, function);
  duckdb_scalar_function_set_extra_info(scalar, extra, nullptr);
  const duckdb_state state = duckdb_register_scalar_function(connection.raw(), scalar);
  duckdb_destroy_scalar_function(&scalar);
  if (state == DuckDBError) {
    return base::Error{base::ErrorCode::kInternal, "",
                       std::string("the engine refuses the function ") + name};
  }
  return {};
}

}  // namespace

base::Status RegisterFunctions(DuckDbConnection& connection) {
  const LogicalType decimal(MakeDecimalType());
  const LogicalType number(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  const LogicalType bytes(duckdb_create_logical_type(DUCKDB_TYPE_BLOB));
  const std::vector<duckdb_logical_type> pair = {decimal.get(), decimal.get()};
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_of", {number.get()}, decimal.get(), DecimalOf));
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_add", pair, decimal.get(), Calculate<model::Add>));
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_subtract", pair, decimal.get(), Calculate<model::Subtract>));
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_multiply", pair, decimal.get(), Calculate<model::Multiply>));
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_divide", pair, decimal.get(), Calculate<DivideRounded>));
  FANSIPAN_RETURN_IF_ERROR(
      Register(connection, "decimal_compare", pair, number.get(), CompareDecimals));
  return Register(connection, "lower_case", {bytes.get()}, bytes.get(), LowerCaseOf);
}

base::Status RegisterDisplaced(DuckDbConnection& connection, DisplacedInUse& in_use) {
  const LogicalType sequence(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
  const LogicalType truth(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  return Register(connection, "was_displaced", {sequence.get()}, truth.get(), WasDisplaced,
                  &in_use);
}

}  // namespace fansipan::store::internal
