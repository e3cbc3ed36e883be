#include "indicators/formula.h"

namespace fansipan::indicators {
namespace {

FormulaValue Nothing(std::string_view reason) { return {std::nullopt, std::string(reason)}; }

FormulaValue OrOverflow(std::optional<model::Decimal> value) {
  if (!value) return Nothing("overflow");
  return {value->Normalized(), {}};
}

FormulaValue Literal(const model::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return {model::Decimal::FromInteger(*integer), {}};
  }
  if (const auto* decimal = std::get_if<model::Decimal>(&value)) return {*decimal, {}};
  return Nothing("overflow");
}

FormulaValue Combine(model::Operator operation, const model::Decimal& left,
                     const model::Decimal& right) {
  switch (operation) {
    case model::Operator::kAdd:
      return OrOverflow(Add(left, right));
    case model::Operator::kSubtract:
      return OrOverflow(Subtract(left, right));
    case model::Operator::kMultiply:
      return OrOverflow(Multiply(left, right));
    case model::Operator::kDivide:
      if (right.is_zero()) return Nothing("division_by_zero");
      return OrOverflow(Divide(left, right, kQuotientDecimals));
    default:
      return Nothing("overflow");
  }
}

FormulaValue Operate(const model::Expression& formula, const FormulaContext& context) {
  FormulaValue left = EvaluateFormula(formula.operands[0], context);
  if (!left.value) return left;
  if (formula.operation == model::Operator::kNegate) {
    return Combine(model::Operator::kSubtract, model::Decimal(), *left.value);
  }
  FormulaValue right = EvaluateFormula(formula.operands[1], context);
  if (!right.value) return right;
  return Combine(formula.operation, *left.value, *right.value);
}

}  // namespace

FormulaValue EvaluateFormula(const model::Expression& formula, const FormulaContext& context) {
  switch (formula.kind) {
    case model::Expression::Kind::kLiteral:
      return Literal(formula.literal);
    case model::Expression::Kind::kName:
      return context.name(formula.name);
    case model::Expression::Kind::kCall:
      return context.call(formula.name, formula.operands[0].name);
    case model::Expression::Kind::kOperation:
      return Operate(formula, context);
  }
  return Nothing("overflow");
}

}  // namespace fansipan::indicators
