#include "model/expression.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fansipan::model {
namespace {

Expression Literal(Value value) {
  Expression expression;
  expression.kind = Expression::Kind::kLiteral;
  expression.literal = std::move(value);
  return expression;
}

Expression Number(std::int64_t number) { return Literal(number); }

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

Expression Call(std::string name, std::vector<Expression> operands) {
  Expression expression = Name(std::move(name));
  expression.kind = Expression::Kind::kCall;
  expression.operands = std::move(operands);
  return expression;
}

TEST(ExpressionText, WritesAFormulaAsPeopleDo) {
  const Expression product =
      Operation(Operator::kMultiply, {Number(100), Name("finished_on_time")});
  EXPECT_EQ(ToText(Operation(Operator::kDivide, {product, Name("finished")})),
            "100 * finished_on_time / finished");
}

TEST(ExpressionText, EnclosesOnlyWhatWouldBeReadOtherwise) {
  const Expression a = Name("a");
  const Expression b = Name("b");
  const Expression c = Name("c");
  const auto two = [](Operator operation, Expression left, Expression right) {
    return Operation(operation, {std::move(left), std::move(right)});
  };
  using enum Operator;
  EXPECT_EQ(ToText(two(kMultiply, two(kAdd, a, b), c)), "(a + b) * c");
  EXPECT_EQ(ToText(two(kAdd, two(kMultiply, a, b), c)), "a * b + c");
  EXPECT_EQ(ToText(two(kSubtract, a, two(kSubtract, b, c))), "a - (b - c)");
  EXPECT_EQ(ToText(two(kSubtract, two(kSubtract, a, b), c)), "a - b - c");
  EXPECT_EQ(ToText(two(kDivide, a, two(kMultiply, b, c))), "a / (b * c)");
  EXPECT_EQ(ToText(two(kAnd, two(kOr, a, b), c)), "(a or b) and c");
  EXPECT_EQ(ToText(two(kOr, two(kAnd, a, b), c)), "a and b or c");
  EXPECT_EQ(ToText(two(kAnd, a, two(kAnd, b, c))), "a and b and c");
  EXPECT_EQ(ToText(two(kEqual, two(kLess, a, b), c)), "(a < b) = c");
  EXPECT_EQ(ToText(two(kLessOrEqual, two(kAdd, a, b), c)), "a + b <= c");
}

TEST(ExpressionText, WritesOperatorsOfOneOperand) {
  const Expression a = Name("a");
  const Expression both = Operation(Operator::kAnd, {a, Name("b")});
  const Expression negated = Operation(Operator::kNegate, {a});
  const Expression sum = Operation(Operator::kAdd, {a, Number(1)});
  EXPECT_EQ(ToText(Operation(Operator::kNot, {both})), "not (a and b)");
  EXPECT_EQ(ToText(Operation(Operator::kNot, {a})), "not a");
  EXPECT_EQ(ToText(Operation(Operator::kNegate, {sum})), "-(a + 1)");
  // Two signs side by side would begin a comment in SQL.
  EXPECT_EQ(ToText(Operation(Operator::kNegate, {negated})), "-(-a)");
  EXPECT_EQ(ToText(Operation(Operator::kNegate, {Number(-5)})), "-(-5)");
  EXPECT_EQ(ToText(Operation(Operator::kIsNull, {sum})), "a + 1 is null");
  EXPECT_EQ(ToText(Operation(Operator::kIsNotNull, {both})), "(a and b) is not null");
}

TEST(ExpressionText, WritesListsAndCalls) {
  const Expression channel = Name("channel");
  const Expression post = Literal(std::string("post"));
  const Expression other = Literal(std::string("o'clock"));
  EXPECT_EQ(ToText(Operation(Operator::kIn, {channel, post, other})),
            "channel in ('post', 'o''clock')");
  EXPECT_EQ(ToText(Operation(Operator::kNotIn, {channel, post})), "channel not in ('post')");
  EXPECT_EQ(ToText(Call("coalesce", {Name("a"), Number(0)})), "coalesce(a, 0)");
  EXPECT_EQ(ToText(Call("now", {})), "now()");
}

TEST(ExpressionText, WritesLiteralsOfEveryType) {
  const Date day = std::chrono::year(2026) / 11 / 23;
  EXPECT_EQ(ToText(Literal({})), "null");
  EXPECT_EQ(ToText(Literal(true)), "true");
  EXPECT_EQ(ToText(Literal(Decimal(150, 2))), "1.50");
  EXPECT_EQ(ToText(Literal(day)), "date '2026-11-23'");
  EXPECT_EQ(ToText(Literal(base::Timestamp(day))), "timestamp '2026-11-23T00:00:00Z'");
}

TEST(ExpressionText, QuotesNamesThatAreNoPlainWords) {
  EXPECT_EQ(ToText(Name("due_at2")), "due_at2");
  EXPECT_EQ(ToText(Name("Due \"at\"")), "\"Due \"\"at\"\"\"");
  EXPECT_EQ(ToText(Name("2nd")), "\"2nd\"");
}

TEST(NamesIn, GivesEachNameOnceInOrderOfAppearance) {
  const Expression call = Call("coalesce", {Name("b"), Name("a"), Number(1)});
  const Expression sum = Operation(Operator::kAdd, {call, Name("b")});
  EXPECT_EQ(NamesIn(Operation(Operator::kDivide, {sum, Name("c")})),
            (std::vector<std::string>{"b", "a", "c"}));
  EXPECT_TRUE(NamesIn(Number(1)).empty());
}

}  // namespace
}  // namespace fansipan::model
