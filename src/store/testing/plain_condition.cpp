#include "store/testing/plain_condition.h"

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "model/text.h"

namespace fansipan::store {
namespace {

using model::ColumnType;
using model::Decimal;
using model::Expression;
using model::Operator;
using model::Value;

constexpr int kQuotientScale = 12;

base::Error Refuse(const std::string& what) {
  return {base::ErrorCode::kInvalidArgument, "bad_condition", what};
}

bool IsNumber(ColumnType type) {
  return type == ColumnType::kInteger || type == ColumnType::kDecimal;
}

const model::Column* FindColumn(const std::vector<model::Column>& columns,
                                const std::string& name) {
  for (const model::Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

bool IsArithmetic(Operator operation) {
  return operation >= Operator::kAdd && operation <= Operator::kNegate;
}

base::Result<ColumnType> TypeOf(const Expression& expression,
                                const std::vector<model::Column>& columns);

base::Result<ColumnType> TypeOfCall(const Expression& call, const std::vector<ColumnType>& types) {
  if (call.name == "lower") {
    if (types.size() == 1 && types[0] == ColumnType::kText) return ColumnType::kText;
    return Refuse("lower takes a text");
  }
  if (call.name != "coalesce" || types.empty()) return Refuse("unknown function");
  ColumnType type = types[0];
  for (const ColumnType other : types) {
    if (other == type) continue;
    if (!IsNumber(other) || !IsNumber(type)) return Refuse("coalesce of different types");
    type = ColumnType::kDecimal;
  }
  return type;
}

base::Result<ColumnType> TypeOfOperation(Operator operation, const std::vector<ColumnType>& types) {
  if (types.empty()) return Refuse("no operand");
  if (IsArithmetic(operation)) {
    for (const ColumnType type : types) {
      if (!IsNumber(type)) return Refuse("not a number");
    }
    return ColumnType::kDecimal;
  }
  if (operation == Operator::kAnd || operation == Operator::kOr || operation == Operator::kNot) {
    for (const ColumnType type : types) {
      if (type != ColumnType::kBoolean) return Refuse("not true or false");
    }
    return ColumnType::kBoolean;
  }
  if (operation == Operator::kIsNull || operation == Operator::kIsNotNull) {
    return ColumnType::kBoolean;
  }
  for (const ColumnType type : types) {
    if (type != types[0] && !(IsNumber(type) && IsNumber(types[0]))) {
      return Refuse("comparison of different types");
    }
  }
  return ColumnType::kBoolean;
}

base::Result<ColumnType> TypeOf(const Expression& expression,
                                const std::vector<model::Column>& columns) {
  if (expression.kind == Expression::Kind::kLiteral) {
    if (model::IsMissing(expression.literal)) return Refuse("a missing constant");
    return static_cast<ColumnType>(expression.literal.index() - 1);
  }
  if (expression.kind == Expression::Kind::kName) {
    const model::Column* column = FindColumn(columns, expression.name);
    if (column == nullptr) return Refuse("unknown column");
    return column->type;
  }
  std::vector<ColumnType> types;
  for (const Expression& operand : expression.operands) {
    FANSIPAN_ASSIGN_OR_RETURN(const ColumnType type, TypeOf(operand, columns));
    types.push_back(type);
  }
  return expression.kind == Expression::Kind::kCall ? TypeOfCall(expression, types)
                                                    : TypeOfOperation(expression.operation, types);
}

class RowEvaluator {
 public:
  RowEvaluator(const std::vector<model::Column>& columns, const model::Row& row)
      : columns_(columns), row_(row) {}

  Value Evaluate(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::kLiteral:
        return expression.literal;
      case Expression::Kind::kName:
        return row_[static_cast<std::size_t>(FindColumn(columns_, expression.name) -
                                             columns_.data())];
      case Expression::Kind::kCall:
        return Call(expression);
      case Expression::Kind::kOperation:
        break;
    }
    if (IsArithmetic(expression.operation)) return Calculate(expression);
    const std::optional<bool> truth = Decide(expression);
    return truth ? Value(*truth) : Value();
  }

 private:
  std::optional<bool> Truth(const Expression& expression) const {
    const Value value = Evaluate(expression);
    const bool* truth = std::get_if<bool>(&value);
    return truth == nullptr ? std::nullopt : std::optional(*truth);
  }

  Value Call(const Expression& call) const {
    for (const Expression& operand : call.operands) {
      Value value = Evaluate(operand);
      if (model::IsMissing(value)) continue;
      if (call.name == "lower") return model::LowerCase(std::get<std::string>(value));
      return value;
    }
    return {};
  }

  static std::optional<Decimal> NumberOf(const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return Decimal::FromInteger(*whole);
    if (const auto* decimal = std::get_if<Decimal>(&value)) return *decimal;
    return std::nullopt;
  }

  Value Calculate(const Expression& expression) const {
    const auto first = NumberOf(Evaluate(expression.operands[0]));
    if (!first) return {};
    std::optional<Decimal> result;
    if (expression.operation == Operator::kNegate) {
      result = Subtract(Decimal::FromInteger(0), *first);
    } else {
      const auto second = NumberOf(Evaluate(expression.operands[1]));
      if (!second) return {};
      if (expression.operation == Operator::kAdd) result = Add(*first, *second);
      if (expression.operation == Operator::kSubtract) result = Subtract(*first, *second);
      if (expression.operation == Operator::kMultiply) result = Multiply(*first, *second);
      if (expression.operation == Operator::kDivide) {
        result = Divide(*first, *second, kQuotientScale);
      }
    }
    return result ? Value(*result) : Value();
  }

  static std::optional<std::strong_ordering> Order(const Value& left, const Value& right) {
    if (model::IsMissing(left) || model::IsMissing(right)) return std::nullopt;
    if (left.index() == right.index()) return model::Compare(left, right);
    return *NumberOf(left) <=> *NumberOf(right);
  }

  std::optional<bool> Decide(const Expression& expression) const {
    const Operator operation = expression.operation;
    switch (operation) {
      case Operator::kAnd:
      case Operator::kOr: {
        const bool decisive = operation == Operator::kOr;
        bool unknown = false;
        for (const Expression& operand : expression.operands) {
          const auto truth = Truth(operand);
          if (truth == decisive) return decisive;
          unknown = unknown || !truth;
        }
        return unknown ? std::nullopt : std::optional(!decisive);
      }
      case Operator::kNot: {
        const auto truth = Truth(expression.operands[0]);
        return truth ? std::optional(!*truth) : std::nullopt;
      }
      case Operator::kIsNull:
        return model::IsMissing(Evaluate(expression.operands[0]));
      case Operator::kIsNotNull:
        return !model::IsMissing(Evaluate(expression.operands[0]));
      case Operator::kIn:
      case Operator::kNotIn:
        return Contains(expression);
      default:
        return Compare(expression);
    }
  }

  std::optional<bool> Contains(const Expression& expression) const {
    const bool wanted = expression.operation == Operator::kIn;
    const Value value = Evaluate(expression.operands[0]);
    bool unknown = false;
    for (std::size_t index = 1; index < expression.operands.size(); ++index) {
      const auto order = Order(value, Evaluate(expression.operands[index]));
      if (order && *order == 0) return wanted;
      unknown = unknown || !order;
    }
    return unknown ? std::nullopt : std::optional(!wanted);
  }

  std::optional<bool> Compare(const Expression& expression) const {
    const auto order = Order(Evaluate(expression.operands[0]), Evaluate(expression.operands[1]));
    if (!order) return std::nullopt;
    switch (expression.operation) {
      case Operator::kEqual:
        return *order == 0;
      case Operator::kNotEqual:
        return *order != 0;
      case Operator::kLess:
        return *order < 0;
      case Operator::kLessOrEqual:
        return *order <= 0;
      case Operator::kGreater:
        return *order > 0;
      default:
        return *order >= 0;
    }
  }

  const std::vector<model::Column>& columns_;
  const model::Row& row_;
};

}  // namespace

base::Status CheckPlainCondition(const Expression& condition,
                                 const std::vector<model::Column>& columns) {
  FANSIPAN_ASSIGN_OR_RETURN(const ColumnType type, TypeOf(condition, columns));
  if (type != ColumnType::kBoolean) return Refuse("a condition must be true or false");
  return {};
}

std::optional<bool> EvaluatePlain(const Expression& condition,
                                  const std::vector<model::Column>& columns,
                                  const model::Row& row) {
  const Value value = RowEvaluator(columns, row).Evaluate(condition);
  const bool* truth = std::get_if<bool>(&value);
  return truth == nullptr ? std::nullopt : std::optional(*truth);
}

}  // namespace fansipan::store
