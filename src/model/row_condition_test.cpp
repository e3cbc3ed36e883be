#include "model/row_condition.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fansipan::model {
namespace {

using enum Operator;

Expression Name(std::string name) {
  return {.kind = Expression::Kind::kName, .name = std::move(name)};
}
Expression Literal(Value value) { return {.literal = std::move(value)}; }
Expression Number(const char* digits) { return Literal(*Decimal::Parse(digits)); }
Expression Text(std::string text) { return Literal(std::move(text)); }
Expression Op(Operator operation, std::vector<Expression> operands) {
  return {.kind = Expression::Kind::kOperation,
          .operation = operation,
          .operands = std::move(operands)};
}
Expression Call(std::string name, std::vector<Expression> operands) {
  return {
      .kind = Expression::Kind::kCall, .name = std::move(name), .operands = std::move(operands)};
}

Dataset Cases() {
  Dataset dataset;
  dataset.name = "case";
  dataset.columns = {{.name = "text"},
                     {.name = "count", .type = ColumnType::kInteger},
                     {.name = "fee", .type = ColumnType::kDecimal, .scale = 2},
                     {.name = "open", .type = ColumnType::kBoolean},
                     {.name = "nothing"}};
  return dataset;
}

/// The row: text 'Đã XONG', count 2, fee 2.50, open true, nothing missing.
std::optional<bool> Evaluate(const Expression& expression) {
  const auto condition = RowCondition::Compile(expression, Cases());
  EXPECT_TRUE(condition.ok());
  return condition->Evaluate(
      {std::string("Đã XONG"), std::int64_t{2}, *Decimal::Parse("2.50"), true, {}});
}

const std::optional<bool> kUnknown;
const Expression kTrue = Literal(true);
const Expression kFalse = Literal(false);
const Expression kMissing = Name("nothing");

TEST(RowCondition, FollowsThreeValuedLogic) {
  EXPECT_EQ(Evaluate(Op(kAnd, {kTrue, kMissing})), kUnknown);
  EXPECT_EQ(Evaluate(Op(kAnd, {kMissing, kFalse})), false);
  EXPECT_EQ(Evaluate(Op(kAnd, {kTrue, kTrue, kTrue})), true);
  EXPECT_EQ(Evaluate(Op(kOr, {kMissing, kTrue})), true);
  EXPECT_EQ(Evaluate(Op(kOr, {kMissing, kFalse})), kUnknown);
  EXPECT_EQ(Evaluate(Op(kOr, {kFalse, kFalse})), false);
  EXPECT_EQ(Evaluate(Op(kNot, {kMissing})), kUnknown);
  EXPECT_EQ(Evaluate(Op(kNot, {kTrue})), false);
  EXPECT_EQ(Evaluate(Op(kEqual, {kMissing, kMissing})), kUnknown);
  EXPECT_EQ(Evaluate(Op(kIsNull, {kMissing})), true);
  EXPECT_EQ(Evaluate(Op(kIsNotNull, {kMissing})), false);
  EXPECT_EQ(Evaluate(Name("open")), true);
}

TEST(RowCondition, ComparesNumbersAcrossIntegersAndDecimals) {
  EXPECT_EQ(Evaluate(Op(kEqual, {Name("count"), Number("2.00")})), true);
  EXPECT_EQ(Evaluate(Op(kLess, {Name("count"), Name("fee")})), true);
  EXPECT_EQ(Evaluate(Op(kGreaterOrEqual, {Name("fee"), Number("2.5")})), true);
  EXPECT_EQ(Evaluate(Op(kNotEqual, {Name("fee"), Number("2.5")})), false);
}

TEST(RowCondition, ComparesTextsByTheirBytesAndOtherKindsNotAtAll) {
  EXPECT_EQ(Evaluate(Op(kGreater, {Name("text"), Text("Z")})), true);
  EXPECT_EQ(Evaluate(Op(kLessOrEqual, {Text("B"), Text("a")})), true);
  EXPECT_EQ(Evaluate(Op(kEqual, {Name("text"), Name("count")})), kUnknown);
}

TEST(RowCondition, FindsValuesInLists) {
  EXPECT_EQ(Evaluate(Op(kIn, {Name("count"), Number("1"), Number("2")})), true);
  EXPECT_EQ(Evaluate(Op(kIn, {Name("count"), Number("1"), kMissing})), kUnknown);
  EXPECT_EQ(Evaluate(Op(kIn, {Name("count"), Number("2"), kMissing})), true);
  EXPECT_EQ(Evaluate(Op(kNotIn, {Name("count"), Number("1"), Number("3")})), true);
  EXPECT_EQ(Evaluate(Op(kNotIn, {kMissing, Number("1")})), kUnknown);
}

TEST(RowCondition, ComputesExactly) {
  const auto equals = [](Expression left, const char* right) {
    return Evaluate(Op(kEqual, {std::move(left), Number(right)}));
  };
  EXPECT_EQ(equals(Op(kAdd, {Name("count"), Name("fee")}), "4.5"), true);
  EXPECT_EQ(equals(Op(kSubtract, {Name("count"), Name("fee")}), "-0.5"), true);
  EXPECT_EQ(equals(Op(kMultiply, {Name("fee"), Number("0.1")}), "0.25"), true);
  EXPECT_EQ(equals(Op(kDivide, {Number("1"), Number("3")}), "0.333333333333"), true);
  EXPECT_EQ(equals(Op(kNegate, {Name("fee")}), "-2.5"), true);
  EXPECT_EQ(equals(Op(kDivide, {Name("fee"), Number("0")}), "0"), kUnknown);
  EXPECT_EQ(equals(Op(kAdd, {Name("fee"), kMissing}), "0"), kUnknown);
}

TEST(RowCondition, KnowsCoalesceAndLower) {
  EXPECT_EQ(Evaluate(Op(kEqual, {Call("lower", {Name("text")}), Text("đã xong")})), true);
  EXPECT_EQ(Evaluate(Op(kEqual, {Call("lower", {Text("ƠƯẠẾ Ω Я Ǆ")}), Text("ơưạế ω я Ǆ")})), true);
  EXPECT_EQ(Evaluate(Op(kEqual, {Call("coalesce", {kMissing, Text("x")}), Text("x")})), true);
  EXPECT_EQ(Evaluate(Op(kEqual, {Call("lower", {kMissing}), Text("x")})), kUnknown);
}

TEST(RowCondition, RefusesWhatItCannotResolve) {
  const auto reason = [](const Expression& expression) {
    const auto condition = RowCondition::Compile(expression, Cases());
    return condition.ok() ? "" : condition.error().reason;
  };
  EXPECT_EQ(reason(Op(kEqual, {Name("count"), Name("missing")})), "unknown_column");
  EXPECT_EQ(reason(Call("now", {})), "unknown_function");
  EXPECT_EQ(reason(Op(kNot, {kTrue, kTrue})), "wrong_arity");
  EXPECT_EQ(reason(Call("lower", {})), "wrong_arity");
}

}  // namespace
}  // namespace fansipan::model
