#include "store/embedded/internal/duckdb_sql_rendering.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fansipan::store::internal {
namespace {

using model::ColumnType;
using model::Expression;
using model::Operator;
using Rendered = base::Result<RenderedSql>;

bool IsNumber(ColumnType type) {
  return type == ColumnType::kInteger || type == ColumnType::kDecimal;
}

std::optional<ColumnType> TypeOf(const model::Value& value) {
  if (model::IsMissing(value)) return std::nullopt;
  return static_cast<ColumnType>(value.index() - 1);
}

std::string AsDecimal(const RenderedSql& number) {
  return number.type == ColumnType::kDecimal ? number.sql
                                             : fmt::format("decimal_of({})", number.sql);
}

std::string_view ComparisonOf(Operator operation) {
  switch (operation) {
    case Operator::kEqual:
      return "=";
    case Operator::kNotEqual:
      return "<>";
    case Operator::kLess:
      return "<";
    case Operator::kLessOrEqual:
      return "<=";
    case Operator::kGreater:
      return ">";
    case Operator::kGreaterOrEqual:
      return ">=";
    default:
      return "";
  }
}

class ConditionRenderer {
 public:
  ConditionRenderer(const ColumnRendering& columns, SqlParameters& parameters)
      : columns_(columns), parameters_(parameters) {}

  Rendered Render(const Expression& expression) {
    switch (expression.kind) {
      case Expression::Kind::kLiteral: {
        const auto type = TypeOf(expression.literal);
        if (!type) return Refuse(expression, "a missing value is no constant of a condition");
        return RenderedSql{parameters_.Add(expression.literal), *type};
      }
      case Expression::Kind::kName: {
        auto column = columns_(expression.name);
        if (!column) {
          return Refuse(expression, fmt::format("the dataset has no column '{}'", expression.name));
        }
        return *std::move(column);
      }
      case Expression::Kind::kOperation:
        return RenderOperation(expression);
      case Expression::Kind::kCall:
        return RenderCall(expression);
    }
    return Refuse(expression, "unknown kind of expression");
  }

 private:
  static base::Error Refuse(const Expression& expression, std::string_view what) {
    return {base::ErrorCode::kInvalidArgument, "bad_condition",
            fmt::format("condition, character {}: {}", expression.offset + 1, what)};
  }

  base::Result<std::vector<RenderedSql>> RenderAll(const Expression& expression, std::size_t least,
                                                   std::size_t most) {
    if (expression.operands.size() < least || expression.operands.size() > most) {
      return Refuse(expression, "wrong number of operands");
    }
    std::vector<RenderedSql> operands;
    for (const Expression& operand : expression.operands) {
      FANSIPAN_ASSIGN_OR_RETURN(RenderedSql rendered, Render(operand));
      operands.push_back(std::move(rendered));
    }
    return operands;
  }

  Rendered RenderOperation(const Expression& expression) {
    switch (expression.operation) {
      case Operator::kAnd:
      case Operator::kOr:
      case Operator::kNot:
        return RenderLogic(expression);
      case Operator::kIsNull:
      case Operator::kIsNotNull: {
        FANSIPAN_ASSIGN_OR_RETURN(auto operands, RenderAll(expression, 1, 1));
        const bool missing = expression.operation == Operator::kIsNull;
        return RenderedSql{
            fmt::format("({} IS {})", operands[0].sql, missing ? "NULL" : "NOT NULL"),
            ColumnType::kBoolean};
      }
      case Operator::kIn:
      case Operator::kNotIn:
        return RenderMembership(expression);
      case Operator::kAdd:
      case Operator::kSubtract:
      case Operator::kMultiply:
      case Operator::kDivide:
      case Operator::kNegate:
        return RenderArithmetic(expression);
      default: {
        FANSIPAN_ASSIGN_OR_RETURN(auto operands, RenderAll(expression, 2, 2));
        return Compare(expression, operands[0], ComparisonOf(expression.operation), operands[1]);
      }
    }
  }

  Rendered RenderLogic(const Expression& expression) {
    const bool negation = expression.operation == Operator::kNot;
    FANSIPAN_ASSIGN_OR_RETURN(auto operands,
                              RenderAll(expression, negation ? 1 : 2, negation ? 1 : 4096));
    std::string sql = negation ? "(NOT " : "(";
    for (std::size_t index = 0; index < operands.size(); ++index) {
      if (operands[index].type != ColumnType::kBoolean) {
        return Refuse(expression.operands[index], "this is not true or false");
      }
      if (index > 0) sql += expression.operation == Operator::kAnd ? " AND " : " OR ";
      sql += operands[index].sql;
    }
    return RenderedSql{sql + ")", ColumnType::kBoolean};
  }

  static Rendered Compare(const Expression& expression, const RenderedSql& left,
                          std::string_view comparison, const RenderedSql& right) {
    if (left.type == right.type && left.type != ColumnType::kDecimal) {
      return RenderedSql{fmt::format("({} {} {})", left.sql, comparison, right.sql),
                         ColumnType::kBoolean};
    }
    if (!IsNumber(left.type) || !IsNumber(right.type)) {
      return Refuse(expression, fmt::format("{} and {} cannot be compared",
                                            model::NameOf(left.type), model::NameOf(right.type)));
    }
    return RenderedSql{fmt::format("(decimal_compare({}, {}) {} 0)", AsDecimal(left),
                                   AsDecimal(right), comparison),
                       ColumnType::kBoolean};
  }

  Rendered RenderMembership(const Expression& expression) {
    FANSIPAN_ASSIGN_OR_RETURN(auto operands, RenderAll(expression, 2, 4096));
    const bool native = std::all_of(operands.begin(), operands.end(), [&](const auto& operand) {
      return operand.type == operands[0].type && operand.type != ColumnType::kDecimal;
    });
    std::vector<std::string> pieces;
    for (std::size_t index = 1; index < operands.size(); ++index) {
      FANSIPAN_ASSIGN_OR_RETURN(RenderedSql equal,
                                Compare(expression, operands[0], "=", operands[index]));
      pieces.push_back(native ? operands[index].sql : std::move(equal.sql));
    }
    const std::string_view negation = expression.operation == Operator::kNotIn ? "NOT " : "";
    if (native) {
      return RenderedSql{
          fmt::format("({}({} IN ({})))", negation, operands[0].sql, fmt::join(pieces, ", ")),
          ColumnType::kBoolean};
    }
    return RenderedSql{fmt::format("({}{})", negation, AnyOf(pieces, 0, pieces.size())),
                       ColumnType::kBoolean};
  }

  /// Halves instead of a chain, so that the engine's limit on depth is not met.
  static std::string AnyOf(const std::vector<std::string>& pieces, std::size_t from,
                           std::size_t until) {
    if (until - from == 1) return pieces[from];
    const std::size_t middle = from + (until - from) / 2;
    return fmt::format("({} OR {})", AnyOf(pieces, from, middle), AnyOf(pieces, middle, until));
  }

  Rendered RenderArithmetic(const Expression& expression) {
    const bool negation = expression.operation == Operator::kNegate;
    FANSIPAN_ASSIGN_OR_RETURN(auto operands,
                              RenderAll(expression, negation ? 1 : 2, negation ? 1 : 2));
    for (std::size_t index = 0; index < operands.size(); ++index) {
      if (!IsNumber(operands[index].type)) {
        return Refuse(expression.operands[index], "this is not a number");
      }
    }
    if (negation) {
      return RenderedSql{
          fmt::format("decimal_subtract({}, {})", parameters_.Add(model::Decimal::FromInteger(0)),
                      AsDecimal(operands[0])),
          ColumnType::kDecimal};
    }
    static constexpr std::array<std::pair<Operator, std::string_view>, 4> kFunctions = {
        {{Operator::kAdd, "decimal_add"},
         {Operator::kSubtract, "decimal_subtract"},
         {Operator::kMultiply, "decimal_multiply"},
         {Operator::kDivide, "decimal_divide"}}};
    std::string_view function;
    for (const auto& [operation, name] : kFunctions) {
      if (operation == expression.operation) function = name;
    }
    return RenderedSql{
        fmt::format("{}({}, {})", function, AsDecimal(operands[0]), AsDecimal(operands[1])),
        ColumnType::kDecimal};
  }

  Rendered RenderCall(const Expression& expression) {
    if (expression.name == "lower") {
      FANSIPAN_ASSIGN_OR_RETURN(auto operands, RenderAll(expression, 1, 1));
      if (operands[0].type != ColumnType::kText) {
        return Refuse(expression, "lower takes a text");
      }
      return RenderedSql{fmt::format("lower_case({})", operands[0].sql), ColumnType::kText};
    }
    if (expression.name != "coalesce") {
      return Refuse(expression,
                    fmt::format("the function '{}' is not allowed; there are coalesce and lower",
                                expression.name));
    }
    FANSIPAN_ASSIGN_OR_RETURN(auto operands, RenderAll(expression, 1, 4096));
    ColumnType type = operands[0].type;
    for (const RenderedSql& operand : operands) {
      if (operand.type == type) continue;
      if (!IsNumber(operand.type) || !IsNumber(type)) {
        return Refuse(expression, "the operands of coalesce have different types");
      }
      type = ColumnType::kDecimal;
    }
    std::string sql = "coalesce(";
    for (std::size_t index = 0; index < operands.size(); ++index) {
      if (index > 0) sql += ", ";
      sql += type == ColumnType::kDecimal ? AsDecimal(operands[index]) : operands[index].sql;
    }
    return RenderedSql{sql + ")", type};
  }

  const ColumnRendering& columns_;
  SqlParameters& parameters_;
};

struct Binder {
  DuckDbStatement& statement;
  idx_t index;
  void operator()(const std::string& bytes) const { statement.BindBytes(index, bytes); }
  void operator()(std::int64_t number) const { statement.BindNumber(index, number); }
  void operator()(std::uint64_t number) const { statement.BindUnsigned(index, number); }
  void operator()(model::Int128 number) const { statement.BindHugeint(index, number); }
  void operator()(bool truth) const { statement.BindBoolean(index, truth); }
  void operator()(model::Date date) const {
    statement.BindDays(index, static_cast<std::int32_t>(date.time_since_epoch().count()));
  }
  void operator()(base::Timestamp moment) const {
    statement.BindMicros(index, moment.time_since_epoch().count());
  }
};

}  // namespace

std::string_view SqlTypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return "BLOB";
    case ColumnType::kInteger:
      return "BIGINT";
    case ColumnType::kDecimal:
      return kDecimalType;
    case ColumnType::kBoolean:
      return "BOOLEAN";
    case ColumnType::kDate:
      return "DATE";
    case ColumnType::kTimestamp:
      return "TIMESTAMP";
  }
  return "BLOB";
}

std::string SqlParameters::Push(Parameter parameter, std::string_view type) {
  parameters_.push_back(std::move(parameter));
  return fmt::format("${}::{}", parameters_.size(), type);
}

std::string SqlParameters::Add(const model::Value& value) {
  if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
    const std::string unscaled = Push(decimal->unscaled(), "HUGEINT");
    const std::string scale = Push(static_cast<std::uint64_t>(decimal->scale()), "UTINYINT");
    return fmt::format("struct_pack(unscaled := {}, scale := {})", unscaled, scale);
  }
  if (const auto* text = std::get_if<std::string>(&value)) return Push(*text, "BLOB");
  if (const auto* number = std::get_if<std::int64_t>(&value)) return Push(*number, "BIGINT");
  if (const auto* truth = std::get_if<bool>(&value)) return Push(*truth, "BOOLEAN");
  if (const auto* date = std::get_if<model::Date>(&value)) return Push(*date, "DATE");
  return Push(std::get<base::Timestamp>(value), "TIMESTAMP");
}

std::string SqlParameters::AddUnsigned(std::uint64_t number) { return Push(number, "UBIGINT"); }

std::string SqlParameters::AddBytes(std::string bytes) { return Push(std::move(bytes), "BLOB"); }

void SqlParameters::BindTo(DuckDbStatement& statement) const {
  for (idx_t index = 0; index < parameters_.size(); ++index) {
    std::visit(Binder{statement, index + 1}, parameters_[index]);
  }
}

base::Status ReadRows(DuckDbConnection& connection, const std::string& sql,
                      const SqlParameters& parameters, std::string_view doing,
                      const std::function<void(const DuckDbRows&)>& visit) {
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbStatement statement, connection.Prepare(sql, doing));
  parameters.BindTo(statement);
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows rows, statement.Run(doing));
  while (rows.Next()) visit(rows);
  return {};
}

base::Result<std::string> RenderCondition(const Expression& condition,
                                          const ColumnRendering& columns,
                                          SqlParameters& parameters) {
  FANSIPAN_ASSIGN_OR_RETURN(RenderedSql rendered,
                            ConditionRenderer(columns, parameters).Render(condition));
  if (rendered.type != ColumnType::kBoolean) {
    return base::Error{base::ErrorCode::kInvalidArgument, "bad_condition",
                       fmt::format("a condition must be true or false; this one is a {}",
                                   model::NameOf(rendered.type))};
  }
  return std::move(rendered.sql);
}

}  // namespace fansipan::store::internal
