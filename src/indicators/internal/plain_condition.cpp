#include "indicators/internal/plain_condition.h"

#include <algorithm>
#include <cctype>

namespace fansipan::indicators::internal {
namespace {

using model::Decimal;
using model::Expression;
using model::Operator;
using model::Value;

Value ValueOf(const Expression& expression, const model::Dataset& dataset, const model::Row& row);

std::optional<Decimal> Number(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return Decimal::FromInteger(*integer);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return *decimal;
  return std::nullopt;
}

std::optional<int> Order(const Value& left, const Value& right) {
  if (model::IsMissing(left) || model::IsMissing(right)) return std::nullopt;
  const auto a = Number(left);
  const auto b = Number(right);
  const auto order = a && b ? *a <=> *b : model::Compare(left, right);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

Value FromTruth(std::optional<bool> truth) { return truth ? Value(*truth) : Value(); }

std::optional<bool> Truth(const Value& value) {
  const auto* truth = std::get_if<bool>(&value);
  return truth != nullptr ? std::optional(*truth) : std::nullopt;
}

Value Connect(const Expression& expression, const model::Dataset& dataset, const model::Row& row) {
  const bool deciding = expression.operation == Operator::kOr;
  bool unknown = false;
  for (const Expression& operand : expression.operands) {
    const auto truth = Truth(ValueOf(operand, dataset, row));
    if (truth == deciding) return deciding;
    unknown = unknown || !truth;
  }
  return unknown ? Value() : Value(!deciding);
}

Value Contains(const Expression& expression, const model::Dataset& dataset, const model::Row& row) {
  const Value wanted = ValueOf(expression.operands[0], dataset, row);
  const bool negated = expression.operation == Operator::kNotIn;
  bool unknown = false;
  for (std::size_t i = 1; i < expression.operands.size(); ++i) {
    const auto order = Order(wanted, ValueOf(expression.operands[i], dataset, row));
    if (order == 0) return !negated;
    unknown = unknown || !order;
  }
  return unknown ? Value() : Value(negated);
}

Value Relate(Operator operation, std::optional<int> order) {
  if (!order) return {};
  switch (operation) {
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

std::optional<Decimal> Reckon(Operator operation, const Decimal& left, const Decimal& right) {
  switch (operation) {
    case Operator::kAdd:
      return Add(left, right);
    case Operator::kSubtract:
      return Subtract(left, right);
    case Operator::kMultiply:
      return Multiply(left, right);
    default:
      return Divide(left, right, 12);
  }
}

Value Operate(const Expression& expression, const model::Dataset& dataset, const model::Row& row) {
  const Operator operation = expression.operation;
  if (operation == Operator::kAnd || operation == Operator::kOr) {
    return Connect(expression, dataset, row);
  }
  if (operation == Operator::kIn || operation == Operator::kNotIn) {
    return Contains(expression, dataset, row);
  }
  const Value left = ValueOf(expression.operands[0], dataset, row);
  if (operation == Operator::kIsNull) return model::IsMissing(left);
  if (operation == Operator::kIsNotNull) return !model::IsMissing(left);
  if (operation == Operator::kNot) {
    const auto truth = Truth(left);
    return FromTruth(truth ? std::optional(!*truth) : std::nullopt);
  }
  const Value right = operation == Operator::kNegate
                          ? Value(Decimal())
                          : ValueOf(expression.operands[1], dataset, row);
  if (operation < Operator::kIsNull) return Relate(operation, Order(left, right));
  const auto a = Number(operation == Operator::kNegate ? right : left);
  const auto b = Number(operation == Operator::kNegate ? left : right);
  if (!a || !b) return {};
  const auto result =
      Reckon(operation == Operator::kNegate ? Operator::kSubtract : operation, *a, *b);
  return result ? Value(*result) : Value();
}

Value Call(const Expression& expression, const model::Dataset& dataset, const model::Row& row) {
  if (expression.name == "coalesce") {
    for (const Expression& operand : expression.operands) {
      Value value = ValueOf(operand, dataset, row);
      if (!model::IsMissing(value)) return value;
    }
    return {};
  }
  Value value = ValueOf(expression.operands[0], dataset, row);
  if (auto* text = std::get_if<std::string>(&value)) {
    std::transform(text->begin(), text->end(), text->begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }
  return value;
}

Value ValueOf(const Expression& expression, const model::Dataset& dataset, const model::Row& row) {
  switch (expression.kind) {
    case Expression::Kind::kLiteral:
      return expression.literal;
    case Expression::Kind::kName: {
      const auto column = dataset.FindColumn(expression.name);
      return column ? row[*column] : Value();
    }
    case Expression::Kind::kCall:
      return Call(expression, dataset, row);
    case Expression::Kind::kOperation:
      return Operate(expression, dataset, row);
  }
  return {};
}

}  // namespace

std::optional<bool> IsTrue(const Expression& condition, const model::Dataset& dataset,
                           const model::Row& row) {
  return Truth(ValueOf(condition, dataset, row));
}

}  // namespace fansipan::indicators::internal
