#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/expression.h"
#include "model/value.h"
#include "store/embedded/internal/duckdb_connection.h"

namespace fansipan::store::internal {

/// The physical type that keeps values of a declared type exactly. Text is bytes: any content,
/// binary comparison, no collation.
std::string_view SqlTypeOf(model::ColumnType type);

/// The bound parameters of one statement. What was declared or asked for gets into a statement
/// through here only; the SQL text holds "$1", "$2", … with their types.
class SqlParameters {
 public:
  /// Adds a value (not a missing one) and returns the SQL that stands for it.
  std::string Add(const model::Value& value);
  std::string AddUnsigned(std::uint64_t number);
  std::string AddBytes(std::string bytes);
  void BindTo(DuckDbStatement& statement) const;

 private:
  using Parameter = std::variant<std::string, std::int64_t, std::uint64_t, model::Int128, bool,
                                 model::Date, base::Timestamp>;
  std::string Push(Parameter parameter, std::string_view type);

  std::vector<Parameter> parameters_;
};

/// Runs a statement of this program and gives its rows to `visit`.
base::Status ReadRows(DuckDbConnection& connection, const std::string& sql,
                      const SqlParameters& parameters, std::string_view doing,
                      const std::function<void(const DuckDbRows&)>& visit);

/// SQL of a scalar and the declared type of its values.
struct RenderedSql {
  std::string sql;
  model::ColumnType type = model::ColumnType::kBoolean;
};

/// Gives the SQL of a declared column by its name, nothing when there is none.
using ColumnRendering = std::function<std::optional<RenderedSql>(const std::string& name)>;

/// A condition as SQL with three-valued logic. Numbers calculate as model::Decimal (quotients have
/// 12 decimals); division by zero and overflow are unknown. kInvalidArgument names what does not
/// fit: an unknown column or function, operands of different types.
base::Result<std::string> RenderCondition(const model::Expression& condition,
                                          const ColumnRendering& columns,
                                          SqlParameters& parameters);

}  // namespace fansipan::store::internal
