#include "store/embedded/duckdb_expression_parser.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "model/value.h"

namespace fansipan::store {
namespace {

using base::ErrorCode;
using model::Expression;
using model::Operator;

class DuckDbExpressionParserTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto opened = DuckDbExpressionParser::Open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    parser_ = std::move(opened).value().release();
  }
  static void TearDownTestSuite() { delete parser_; }

  static Expression Get(const std::string& text) {
    auto parsed = parser_->Parse(text);
    EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
    return parsed.ok() ? std::move(parsed).value() : Expression{};
  }
  static std::string Refusal(const std::string& text) {
    auto parsed = parser_->Parse(text);
    EXPECT_FALSE(parsed.ok()) << text;
    if (parsed.ok()) return "";
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument) << parsed.error().message;
    return parsed.error().message;
  }

  static DuckDbExpressionParser* parser_;
};

DuckDbExpressionParser* DuckDbExpressionParserTest::parser_ = nullptr;

TEST_F(DuckDbExpressionParserTest, FindsWhatIsWrongWithAStatementAndWhere) {
  EXPECT_FALSE(parser_->FindFault("SELECT a, _row FROM raw -- ễ\n"));
  const std::string cut = "SELECT 'ễ' AS a,\n  b FRM raw";
  const auto fault = parser_->FindFault(cut);
  ASSERT_TRUE(fault);
  EXPECT_EQ(cut.substr(fault->offset), "raw");
  EXPECT_FALSE(fault->message.empty());
  EXPECT_TRUE(parser_->FindFault("SELECT 1; SELECT 2"));
  EXPECT_TRUE(parser_->FindFault("COPY raw TO 'x.csv'"));
  EXPECT_TRUE(parser_->FindFault("-- nothing\n"));
}

/// Prefix notation, so that the shape of a tree can be compared as a whole.
std::string Shape(const Expression& expression) {
  std::string shape;
  switch (expression.kind) {
    case Expression::Kind::kLiteral:
      return "<" + std::to_string(expression.literal.index()) + ":" +
             model::ToText(expression.literal) + ">";
    case Expression::Kind::kName:
      return expression.name;
    case Expression::Kind::kCall:
      shape = "(" + expression.name;
      break;
    case Expression::Kind::kOperation:
      shape = "(#" + std::to_string(static_cast<int>(expression.operation));
      break;
  }
  for (const Expression& operand : expression.operands) shape += " " + Shape(operand);
  return shape + ")";
}

std::string Symbol(Operator operation) { return "#" + std::to_string(static_cast<int>(operation)); }

TEST_F(DuckDbExpressionParserTest, ReadsNamesAndConstantsOfEveryType) {
  EXPECT_EQ(Shape(Get("finished_at")), "finished_at");
  EXPECT_EQ(Shape(Get("'it''s'")), "<1:it's>");
  EXPECT_EQ(Shape(Get("'Hồ sơ; -- x'")), "<1:Hồ sơ; -- x>");
  EXPECT_EQ(Shape(Get("-42")), "<2:-42>");
  EXPECT_EQ(Shape(Get("1.50")), "<3:1.50>");
  EXPECT_EQ(Shape(Get("-12345678901234567890.5")), "<3:-12345678901234567890.5>");
  EXPECT_EQ(Shape(Get("TRUE")), "<4:true>");
  EXPECT_EQ(Shape(Get("false")), "<4:false>");
  EXPECT_EQ(Shape(Get("DATE '2025-07-01'")), "<5:2025-07-01>");
  EXPECT_EQ(Get("TIMESTAMP '2025-07-01T00:00:00+07:00'").literal,
            model::Value(base::Timestamp(std::chrono::sys_days(std::chrono::year(2025) / 6 / 30) +
                                         std::chrono::hours(17))));
}

TEST_F(DuckDbExpressionParserTest, KeepsWholeNumbersUpToTheirLimits) {
  EXPECT_EQ(Get("9223372036854775807").literal,
            model::Value(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(Get("-9223372036854775808").literal,
            model::Value(std::numeric_limits<std::int64_t>::min()));
  Refusal("9223372036854775808");
  Refusal("99999999999999999999999999");
}

TEST_F(DuckDbExpressionParserTest, ReadsEveryOperator) {
  const std::vector<std::pair<std::string, Operator>> pairs = {
      {"a = b", Operator::kEqual},
      {"a <> b", Operator::kNotEqual},
      {"a != b", Operator::kNotEqual},
      {"a < b", Operator::kLess},
      {"a <= b", Operator::kLessOrEqual},
      {"a > b", Operator::kGreater},
      {"a >= b", Operator::kGreaterOrEqual},
      {"a and b", Operator::kAnd},
      {"a or b", Operator::kOr},
      {"a + b", Operator::kAdd},
      {"a - b", Operator::kSubtract},
      {"a * b", Operator::kMultiply},
      {"a / b", Operator::kDivide}};
  for (const auto& [text, operation] : pairs) {
    EXPECT_EQ(Shape(Get(text)), "(" + Symbol(operation) + " a b)") << text;
  }
  EXPECT_EQ(Shape(Get("not a")), "(" + Symbol(Operator::kNot) + " a)");
  EXPECT_EQ(Shape(Get("-a")), "(" + Symbol(Operator::kNegate) + " a)");
  EXPECT_EQ(Shape(Get("+a")), "a");
  EXPECT_EQ(Shape(Get("clock.due")), "clock.due");
  EXPECT_EQ(Shape(Get("a is null")), "(" + Symbol(Operator::kIsNull) + " a)");
  EXPECT_EQ(Shape(Get("a is not null")), "(" + Symbol(Operator::kIsNotNull) + " a)");
  EXPECT_EQ(Shape(Get("a in ('x', 'y')")), "(" + Symbol(Operator::kIn) + " a <1:x> <1:y>)");
  EXPECT_EQ(Shape(Get("a not in (1)")), "(" + Symbol(Operator::kNotIn) + " a <2:1>)");
}

TEST_F(DuckDbExpressionParserTest, NestsConjunctionsInPairsAndKeepsPrecedence) {
  const std::string both = Symbol(Operator::kAnd);
  const std::string either = Symbol(Operator::kOr);
  EXPECT_EQ(Shape(Get("a and b and c")), "(" + both + " (" + both + " a b) c)");
  EXPECT_EQ(Shape(Get("a or b and c")), "(" + either + " a (" + both + " b c))");
  EXPECT_EQ(Shape(Get("100 * a / b")), "(" + Symbol(Operator::kDivide) + " (" +
                                           Symbol(Operator::kMultiply) + " <2:100> a) b)");
}

TEST_F(DuckDbExpressionParserTest, ReadsBetweenAsTwoComparisons) {
  const std::string between = "(" + Symbol(Operator::kAnd) + " (" +
                              Symbol(Operator::kGreaterOrEqual) + " a <2:1>) (" +
                              Symbol(Operator::kLessOrEqual) + " a <2:2>))";
  EXPECT_EQ(Shape(Get("a between 1 and 2")), between);
  EXPECT_EQ(Shape(Get("a not between 1 and 2")),
            "(" + Symbol(Operator::kNot) + " " + between + ")");
}

TEST_F(DuckDbExpressionParserTest, ReadsFunctionsInLowerCase) {
  EXPECT_EQ(Shape(Get("LOWER(a)")), "(lower a)");
  EXPECT_EQ(Shape(Get("coalesce(a, b, 0)")), "(coalesce a b <2:0>)");
  EXPECT_EQ(Shape(Get("previous(on_time_rate)")), "(previous on_time_rate)");
}

TEST_F(DuckDbExpressionParserTest, SaysWhereInTheTextAPieceStands) {
  EXPECT_EQ(Get("'Lào' = b").operands[1].offset, 9U);
  EXPECT_NE(Refusal("'Lào' = (select 1)").find("character 9:"), std::string::npos);
  EXPECT_NE(Refusal("'Lào' = = b").find("character 9:"), std::string::npos);
}

constexpr std::string_view kRefused[] = {"",
                                         "  \n",
                                         "a b",
                                         "a as b",
                                         "a, b",
                                         "a,",
                                         "a from t",
                                         "a where b",
                                         "a group by b",
                                         "a having b",
                                         "a order by b",
                                         "a limit 1",
                                         "a union select b",
                                         "a window w as ()",
                                         "a qualify b",
                                         "a using sample 1",
                                         "distinct a",
                                         "all a",
                                         "all(a)",
                                         "*",
                                         "t.*",
                                         "count(*)",
                                         "columns(*)",
                                         "(t).a",
                                         "a.b.c",
                                         "(select 1)",
                                         "exists(select 1)",
                                         "a in (select 1)",
                                         "a not in (select b)",
                                         "a in (b)",
                                         "a in ()",
                                         "case when a then b end",
                                         "a::int",
                                         "cast(a as date)",
                                         "try_cast('2024-01-01' as date)",
                                         "'1'::int",
                                         "interval '1 day'",
                                         "row_number() over ()",
                                         "sum(a) over (partition by b)",
                                         "sum(a) filter (where b)",
                                         "lower(distinct a)",
                                         "string_agg(a order by b)",
                                         "main.lower(a)",
                                         "lower(x := a)",
                                         "[1, 2]",
                                         "{'a': 1}",
                                         "(1, 2)",
                                         "row(1, 2)",
                                         "a[1]",
                                         "a -> b",
                                         "x -> x + 1",
                                         "a like 'x'",
                                         "a not like 'x'",
                                         "a ilike 'x'",
                                         "a similar to 'x'",
                                         "a in b",
                                         "a not in b",
                                         "a ^ 2",
                                         "a % 2",
                                         "a // 2",
                                         "a || b",
                                         "a & b",
                                         "~a",
                                         "a is true",
                                         "a is not false",
                                         "a is distinct from b",
                                         "a collate nocase",
                                         "null",
                                         "a = null",
                                         "1e3",
                                         "1e-2",
                                         "0x10",
                                         "?",
                                         "$1",
                                         "$name",
                                         "a = $$x$$",
                                         "a = E'x'",
                                         "a = x'ab'",
                                         "a = U&'x'",
                                         "a at time zone 'UTC'",
                                         "date 'yesterday'",
                                         "date '2024-02-30'",
                                         "timestamp '2024-01-01 00:00:00'",
                                         "timestamp 'now'",
                                         "time '10:00'",
                                         "boolean 'x'",
                                         "t 'x'",
                                         "1.0000000000000000001",
                                         "default",
                                         "a; ",
                                         "a;",
                                         "; a",
                                         "a -- b",
                                         "a /* b */",
                                         "a = 'x",
                                         "\"a",
                                         "(a",
                                         "a)",
                                         "a) from (select 1) t(a",
                                         "a) union (select 1",
                                         "a # b",
                                         "set x = 1",
                                         "drop table x",
                                         "copy (select 1) to 'x'",
                                         "a = 1; drop table x",
                                         "a\\",
                                         "a \xC2\xA0= 1",
                                         "\xE2\x80\x98x\xE2\x80\x99",
                                         "a = '\xFF'"};

TEST_F(DuckDbExpressionParserTest, RefusesEveryOtherConstruct) {
  for (const std::string_view text : kRefused) {
    auto parsed = parser_->Parse(text);
    ASSERT_FALSE(parsed.ok()) << text << " became " << Shape(parsed.value());
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument)
        << text << ": " << parsed.error().message;
  }
}

TEST_F(DuckDbExpressionParserTest, RefusesControlCharacters) {
  Refusal(std::string("a = 1\0; drop table x", 20));
  Refusal(std::string("a = '\0'", 7));
  Refusal("a = \x01");
}

TEST_F(DuckDbExpressionParserTest, NeverRunsOrReadsAnything) {
  // Each parses, if at all, to a call that callers refuse; nothing is evaluated.
  for (const char* text : {"getenv('HOME')", "read_text('/etc/passwd')", "current_setting('x')"}) {
    const Expression parsed = Get(text);
    EXPECT_EQ(parsed.kind, Expression::Kind::kCall);
  }
}

TEST_F(DuckDbExpressionParserTest, RefusesWhatIsTooLongOrTooDeep) {
  EXPECT_NE(Refusal(std::string(DuckDbExpressionParser::kMaxBytes + 1, 'a')), "");
  std::string deep = "a";
  for (int level = 0; level < 70; ++level) deep = "not " + deep;
  Refusal(deep);
  for (int level = 0; level < 700; ++level) deep = "not " + deep;
  Refusal(deep);
  std::string deepest;
  for (int level = 0; level < 2000; ++level) deepest += "- ";
  Refusal(deepest + "a");
  EXPECT_EQ(Shape(Get(std::string(2000, '(') + "a" + std::string(2000, ')'))), "a");
}

TEST_F(DuckDbExpressionParserTest, ServesManyThreads) {
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([] {
      for (int turn = 0; turn < 50; ++turn) EXPECT_EQ(Shape(Get("lower(a)")), "(lower a)");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace fansipan::store
