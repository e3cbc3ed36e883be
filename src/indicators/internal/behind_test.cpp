#include "indicators/internal/behind.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace fansipan::indicators::internal {
namespace {

using model::Expression;

Expression Named(Expression::Kind kind, std::string name, std::vector<Expression> operands = {}) {
  Expression expression;
  expression.kind = kind;
  expression.name = std::move(name);
  expression.operands = std::move(operands);
  return expression;
}

Expression Name(std::string name) { return Named(Expression::Kind::kName, std::move(name)); }

Expression Target(std::string indicator) {
  return Named(Expression::Kind::kCall, "target", {Name(std::move(indicator))});
}

Expression Quotient(Expression dividend, Expression divisor) {
  Expression expression;
  expression.kind = Expression::Kind::kOperation;
  expression.operation = model::Operator::kDivide;
  expression.operands = {std::move(dividend), std::move(divisor)};
  return expression;
}

class BehindTest : public ::testing::Test {
 protected:
  BehindTest() {
    for (const char* name : {"done", "paid"}) {
      model::Measure measure;
      measure.name = name;
      center_.measures.push_back(measure);
    }
    Declare("share", Quotient(Name("done"), Target("share")));
    Declare("gap", Quotient(Name("share"), Target("payment")));
    Declare("payment", Name("paid"));
  }

  void Declare(const std::string& name, Expression formula) {
    model::Indicator indicator;
    indicator.name = name;
    indicator.formula = std::move(formula);
    center_.indicators.push_back(indicator);
  }

  Behind Of(const std::string& name) const {
    return BehindOf(center_, *center_.FindIndicator(name));
  }

  center::Center center_;
};

TEST_F(BehindTest, OfAnIndicatorThatMeasuresItselfByItsTargetEnds) {
  const Behind behind = Of("share");
  EXPECT_EQ(behind.measures, std::vector<std::string>{"done"});
  EXPECT_EQ(behind.indicators.size(), 1U);
}

TEST_F(BehindTest, IsNothingOfAnIndicatorWhoseTargetAloneIsRead) {
  EXPECT_EQ(Of("gap").measures, std::vector<std::string>{"done"});
  EXPECT_EQ(Of("gap").indicators.size(), 2U);
}

}  // namespace
}  // namespace fansipan::indicators::internal
