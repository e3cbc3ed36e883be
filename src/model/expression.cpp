#include "model/expression.h"

#include <algorithm>
#include <cstdint>

namespace fansipan::model {
namespace {

/// How strongly a piece of text binds; a weaker piece inside a stronger one needs parentheses.
enum Strength : int { kOr, kAnd, kNot, kCompare, kSum, kProduct, kSign, kPrimary };

Strength StrengthOf(Operator operation) {
  switch (operation) {
    case Operator::kOr:
      return Strength::kOr;
    case Operator::kAnd:
      return Strength::kAnd;
    case Operator::kNot:
      return Strength::kNot;
    case Operator::kAdd:
    case Operator::kSubtract:
      return Strength::kSum;
    case Operator::kMultiply:
    case Operator::kDivide:
      return Strength::kProduct;
    case Operator::kNegate:
      return Strength::kSign;
    default:
      return Strength::kCompare;
  }
}

bool IsNegativeNumber(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  const auto* decimal = std::get_if<Decimal>(&value);
  return (integer != nullptr && *integer < 0) || (decimal != nullptr && decimal->unscaled() < 0);
}

Strength StrengthOf(const Expression& expression) {
  if (expression.kind == Expression::Kind::kOperation) return StrengthOf(expression.operation);
  const bool negative =
      expression.kind == Expression::Kind::kLiteral && IsNegativeNumber(expression.literal);
  return negative ? Strength::kSign : Strength::kPrimary;
}

std::string_view SymbolOf(Operator operation) {
  switch (operation) {
    case Operator::kAnd:
      return " and ";
    case Operator::kOr:
      return " or ";
    case Operator::kNot:
      return "not ";
    case Operator::kEqual:
      return " = ";
    case Operator::kNotEqual:
      return " <> ";
    case Operator::kLess:
      return " < ";
    case Operator::kLessOrEqual:
      return " <= ";
    case Operator::kGreater:
      return " > ";
    case Operator::kGreaterOrEqual:
      return " >= ";
    case Operator::kIsNull:
      return " is null";
    case Operator::kIsNotNull:
      return " is not null";
    case Operator::kIn:
      return " in ";
    case Operator::kNotIn:
      return " not in ";
    case Operator::kAdd:
      return " + ";
    case Operator::kSubtract:
      return " - ";
    case Operator::kMultiply:
      return " * ";
    case Operator::kDivide:
      return " / ";
    case Operator::kNegate:
      return "-";
  }
  return "";
}

std::string Quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  quoted += quote;
  return quoted;
}

std::string NameText(const std::string& name) {
  const bool plain = !name.empty() && (name[0] < '0' || name[0] > '9') &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                     });
  return plain ? name : Quoted(name, '"');
}

std::string LiteralText(const Value& value) {
  if (IsMissing(value)) return "null";
  if (const auto* text = std::get_if<std::string>(&value)) return Quoted(*text, '\'');
  if (std::holds_alternative<Date>(value)) return "date '" + ToText(value) + "'";
  if (std::holds_alternative<base::Timestamp>(value)) return "timestamp '" + ToText(value) + "'";
  return ToText(value);
}

std::string Enclosed(const Expression& expression, int at_least) {
  const std::string text = ToText(expression);
  return StrengthOf(expression) < at_least ? "(" + text + ")" : text;
}

std::string ListText(const std::vector<Expression>& items, std::size_t first) {
  std::string text = "(";
  for (std::size_t i = first; i < items.size(); ++i) {
    if (i > first) text += ", ";
    text += ToText(items[i]);
  }
  return text + ")";
}

/// Operands with the operator between them. `a - (b - c)` keeps its parentheses, `a and (b and c)`
/// does not need them, and a comparison never stands beside another without.
std::string InfixText(const Expression& expression) {
  const int own = StrengthOf(expression.operation);
  const bool joins =
      expression.operation == Operator::kAnd || expression.operation == Operator::kOr;
  std::string text;
  for (std::size_t i = 0; i < expression.operands.size(); ++i) {
    const bool same_allowed = joins || (i == 0 && own != Strength::kCompare);
    if (i > 0) text += SymbolOf(expression.operation);
    text += Enclosed(expression.operands[i], same_allowed ? own : own + 1);
  }
  return text;
}

std::string OperationText(const Expression& expression) {
  if (expression.operands.empty()) return std::string(SymbolOf(expression.operation));
  const Expression& first = expression.operands[0];
  const std::string symbol(SymbolOf(expression.operation));
  switch (expression.operation) {
    case Operator::kNot:
      return symbol + Enclosed(first, Strength::kNot);
    case Operator::kNegate:
      return symbol + Enclosed(first, Strength::kPrimary);
    case Operator::kIsNull:
    case Operator::kIsNotNull:
      return Enclosed(first, Strength::kSum) + symbol;
    case Operator::kIn:
    case Operator::kNotIn:
      return Enclosed(first, Strength::kSum) + symbol + ListText(expression.operands, 1);
    default:
      return InfixText(expression);
  }
}

void CollectNames(const Expression& expression, std::vector<std::string>& names) {
  if (expression.kind == Expression::Kind::kName &&
      std::find(names.begin(), names.end(), expression.name) == names.end()) {
    names.push_back(expression.name);
  }
  for (const Expression& operand : expression.operands) CollectNames(operand, names);
}

}  // namespace

std::vector<std::string> NamesIn(const Expression& expression) {
  std::vector<std::string> names;
  CollectNames(expression, names);
  return names;
}

std::string ToText(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::kLiteral:
      return LiteralText(expression.literal);
    case Expression::Kind::kName:
      return NameText(expression.name);
    case Expression::Kind::kCall:
      return expression.name + ListText(expression.operands, 0);
    case Expression::Kind::kOperation:
      return OperationText(expression);
  }
  return {};
}

}  // namespace fansipan::model
