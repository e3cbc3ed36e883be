#include "model/row_condition.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "model/text.h"

namespace fansipan::model {
namespace {

constexpr int kQuotientScale = 12;
constexpr std::string_view kCoalesce = "coalesce";
constexpr std::string_view kLower = "lower";

bool IsArithmetic(Operator operation) {
  return operation >= Operator::kAdd && operation <= Operator::kNegate;
}

/// How many operands an operator takes: from, to.
std::pair<std::size_t, std::size_t> ArityOf(Operator operation) {
  constexpr std::size_t kMany = SIZE_MAX;
  switch (operation) {
    case Operator::kAnd:
    case Operator::kOr:
      return {1, kMany};
    case Operator::kIn:
    case Operator::kNotIn:
      return {2, kMany};
    case Operator::kNot:
    case Operator::kIsNull:
    case Operator::kIsNotNull:
    case Operator::kNegate:
      return {1, 1};
    default:
      return {2, 2};
  }
}

std::optional<Decimal> NumberOf(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return Decimal::FromInteger(*integer);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return *decimal;
  return std::nullopt;
}

/// Nothing when one is missing or they are of different kinds.
std::optional<std::strong_ordering> Order(const Value& left, const Value& right) {
  if (IsMissing(left) || IsMissing(right)) return std::nullopt;
  if (left.index() == right.index()) return Compare(left, right);
  const std::optional<Decimal> first = NumberOf(left);
  const std::optional<Decimal> second = NumberOf(right);
  if (!first || !second) return std::nullopt;
  return *first <=> *second;
}

std::optional<bool> Not(std::optional<bool> truth) {
  if (!truth) return std::nullopt;
  return !*truth;
}

base::Error Refuse(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

}  // namespace

/// An expression whose names are found.
struct RowCondition::Node {
  Expression::Kind kind = Expression::Kind::kLiteral;
  Operator operation = Operator::kAnd;
  Value literal;
  std::size_t column = 0;
  bool lower = false;  ///< a call of lower, else of coalesce
  std::vector<Node> operands;
};

base::Result<RowCondition> RowCondition::Compile(const Expression& expression,
                                                 const Dataset& dataset) {
  FANSIPAN_ASSIGN_OR_RETURN(Node root, Resolve(expression, dataset));
  return RowCondition(std::make_shared<const Node>(std::move(root)));
}

std::vector<std::size_t> RowCondition::Columns() const {
  std::vector<std::size_t> columns;
  CollectColumns(*root_, columns);
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

void RowCondition::CollectColumns(const Node& node, std::vector<std::size_t>& columns) {
  if (node.kind == Expression::Kind::kName) columns.push_back(node.column);
  for (const Node& operand : node.operands) CollectColumns(operand, columns);
}

base::Result<RowCondition::Node> RowCondition::Resolve(const Expression& expression,
                                                       const Dataset& dataset) {
  Node node;
  node.kind = expression.kind;
  node.operation = expression.operation;
  node.literal = expression.literal;
  std::pair<std::size_t, std::size_t> arity{0, 0};
  if (expression.kind == Expression::Kind::kName) {
    const std::optional<std::size_t> column = dataset.FindColumn(expression.name);
    if (!column) {
      return Refuse("unknown_column",
                    "the dataset '" + dataset.name + "' has no column '" + expression.name + "'");
    }
    node.column = *column;
  } else if (expression.kind == Expression::Kind::kOperation) {
    arity = ArityOf(expression.operation);
  } else if (expression.kind == Expression::Kind::kCall) {
    node.lower = expression.name == kLower;
    if (!node.lower && expression.name != kCoalesce) {
      return Refuse("unknown_function",
                    "the function '" + expression.name + "' is not known in a condition");
    }
    arity = {1, node.lower ? 1 : SIZE_MAX};
  }
  if (expression.operands.size() < arity.first || expression.operands.size() > arity.second) {
    return Refuse("wrong_arity", "'" + ToText(expression) + "' has the wrong number of values");
  }
  for (const Expression& operand : expression.operands) {
    FANSIPAN_ASSIGN_OR_RETURN(Node resolved, Resolve(operand, dataset));
    node.operands.push_back(std::move(resolved));
  }
  return node;
}

std::optional<bool> RowCondition::Evaluate(const Row& row) const { return TruthOf(*root_, row); }

std::optional<bool> RowCondition::TruthOf(const Node& node, const Row& row) {
  if (node.kind == Expression::Kind::kOperation && !IsArithmetic(node.operation)) {
    return Operate(node, row);
  }
  Value scratch;
  const Value& value = ValueOf(node, row, scratch);
  const bool* truth = std::get_if<bool>(&value);
  return truth == nullptr ? std::nullopt : std::optional(*truth);
}

/// The node's value; in `scratch` when it is neither a column nor a literal.
const Value& RowCondition::ValueOf(const Node& node, const Row& row, Value& scratch) {
  switch (node.kind) {
    case Expression::Kind::kLiteral:
      return node.literal;
    case Expression::Kind::kName:
      return row[node.column];
    case Expression::Kind::kCall:
      scratch = Call(node, row);
      return scratch;
    case Expression::Kind::kOperation:
      break;
  }
  if (IsArithmetic(node.operation)) {
    scratch = Compute(node, row);
  } else {
    const std::optional<bool> truth = Operate(node, row);
    scratch = truth ? Value(*truth) : Value();
  }
  return scratch;
}

std::optional<bool> RowCondition::Operate(const Node& node, const Row& row) {
  switch (node.operation) {
    case Operator::kAnd:
    case Operator::kOr: {
      const bool decisive = node.operation == Operator::kOr;
      bool unknown = false;
      for (const Node& operand : node.operands) {
        const std::optional<bool> truth = TruthOf(operand, row);
        if (truth == decisive) return decisive;
        unknown = unknown || !truth;
      }
      return unknown ? std::nullopt : std::optional(!decisive);
    }
    case Operator::kNot:
      return Not(TruthOf(node.operands[0], row));
    case Operator::kIsNull:
    case Operator::kIsNotNull: {
      Value scratch;
      const bool missing = IsMissing(ValueOf(node.operands[0], row, scratch));
      return missing == (node.operation == Operator::kIsNull);
    }
    case Operator::kIn:
      return FindIn(node, row);
    case Operator::kNotIn:
      return Not(FindIn(node, row));
    default:
      return CompareOperands(node, row);
  }
}

std::optional<bool> RowCondition::FindIn(const Node& node, const Row& row) {
  Value scratch;
  Value other_scratch;
  const Value& wanted = ValueOf(node.operands[0], row, scratch);
  bool unknown = false;
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    const auto order = Order(wanted, ValueOf(node.operands[i], row, other_scratch));
    if (!order) unknown = true;
    if (order && *order == std::strong_ordering::equal) return true;
  }
  return unknown ? std::nullopt : std::optional(false);
}

std::optional<bool> RowCondition::CompareOperands(const Node& node, const Row& row) {
  Value left_scratch;
  Value right_scratch;
  const auto order = Order(ValueOf(node.operands[0], row, left_scratch),
                           ValueOf(node.operands[1], row, right_scratch));
  if (!order) return std::nullopt;
  switch (node.operation) {
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
    case Operator::kGreaterOrEqual:
      return *order >= 0;
    default:
      return std::nullopt;
  }
}

Value RowCondition::Compute(const Node& node, const Row& row) {
  Value scratch;
  const std::optional<Decimal> first = NumberOf(ValueOf(node.operands[0], row, scratch));
  if (!first) return {};
  std::optional<Decimal> result;
  if (node.operation == Operator::kNegate) {
    result = Subtract(Decimal(), *first);
    return result ? Value(*result) : Value();
  }
  const std::optional<Decimal> second = NumberOf(ValueOf(node.operands[1], row, scratch));
  if (!second) return {};
  switch (node.operation) {
    case Operator::kAdd:
      result = Add(*first, *second);
      break;
    case Operator::kSubtract:
      result = Subtract(*first, *second);
      break;
    case Operator::kMultiply:
      result = Multiply(*first, *second);
      break;
    default:
      result = Divide(*first, *second, kQuotientScale);
      break;
  }
  return result ? Value(*result) : Value();
}

Value RowCondition::Call(const Node& node, const Row& row) {
  Value scratch;
  for (const Node& operand : node.operands) {
    const Value& value = ValueOf(operand, row, scratch);
    if (IsMissing(value)) continue;
    if (!node.lower) return value;
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr ? Value() : Value(LowerCase(*text));
  }
  return {};
}

}  // namespace fansipan::model
