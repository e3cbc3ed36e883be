#include "indicators/formula.h"

#include <gtest/gtest.h>

#include <map>

namespace fansipan::indicators {
namespace {

using model::Expression;
using model::Operator;

Expression Name(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

Expression Operation(Operator operation, std::vector<Expression> operands) {
  Expression expression;
  expression.kind = Expression::Kind::kOperation;
  expression.operation = operation;
  expression.operands = std::move(operands);
  return expression;
}

FormulaValue Evaluate(const Expression& formula) {
  static const std::map<std::string, std::int64_t> kParts = {{"two", 2}, {"three", 3}, {"zero", 0}};
  FormulaContext context;
  context.name = [](const std::string& name) -> FormulaValue {
    const auto found = kParts.find(name);
    if (found == kParts.end()) return {std::nullopt, "no_records"};
    return {model::Decimal::FromInteger(found->second), {}};
  };
  context.call = [](const std::string&, const std::string&) -> FormulaValue {
    return {std::nullopt, "no_target"};
  };
  return EvaluateFormula(formula, context);
}

TEST(Formula, KeepsTwelveDecimalsOfAQuotient) {
  const auto value = Evaluate(Operation(Operator::kDivide, {Name("two"), Name("three")}));
  ASSERT_TRUE(value.value);
  EXPECT_EQ(value.value->ToText(), "0.666666666667");
}

TEST(Formula, DividedByZeroHasNoValue) {
  EXPECT_EQ(Evaluate(Operation(Operator::kDivide, {Name("two"), Name("zero")})).no_value_reason,
            "division_by_zero");
}

TEST(Formula, HandsOnWhyAPartHasNoValue) {
  EXPECT_EQ(Evaluate(Operation(Operator::kAdd, {Name("two"), Name("gone")})).no_value_reason,
            "no_records");
}

TEST(Formula, NegatesExactly) {
  const auto value = Evaluate(Operation(Operator::kNegate, {Name("three")}));
  ASSERT_TRUE(value.value);
  EXPECT_EQ(value.value->ToText(), "-3");
}

TEST(Formula, OfNumbersTooLargeOverflows) {
  Expression huge;
  huge.literal = *model::Decimal::Parse("99999999999999999999999999999999999999");
  EXPECT_EQ(Evaluate(Operation(Operator::kMultiply, {huge, huge})).no_value_reason, "overflow");
}

}  // namespace
}  // namespace fansipan::indicators
