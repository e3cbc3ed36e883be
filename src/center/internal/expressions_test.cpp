#include "center/internal/expressions.h"

#include <gtest/gtest.h>

#include <string>

#include "center/testing/pratt_parser.h"

namespace fansipan::center {
namespace {

using model::ColumnType;

model::Dataset SampleDataset() {
  model::Dataset dataset;
  dataset.name = "case";
  dataset.columns = {{.name = "state", .type = ColumnType::kText, .one_of = {"open", "done"}},
                     {.name = "note", .type = ColumnType::kText},
                     {.name = "pages", .type = ColumnType::kInteger},
                     {.name = "fee", .type = ColumnType::kDecimal, .scale = 2},
                     {.name = "urgent", .type = ColumnType::kBoolean},
                     {.name = "born", .type = ColumnType::kDate},
                     {.name = "at", .type = ColumnType::kTimestamp}};
  return dataset;
}

struct Reading {
  std::optional<model::Expression> expression;
  std::vector<Problem> problems;
};

YamlNode NodeOf(const std::string& text) {
  YamlNode node;
  node.kind = YamlNode::Kind::kText;
  node.text = text;
  node.text_shift = 0;
  return node;
}

Reading ReadAsCondition(const std::string& text) {
  Problems problems;
  const FileScope scope{"a.yaml", &problems};
  const YamlNode node = NodeOf(text);
  const auto zone = base::TimeZone::Find("Asia/Ho_Chi_Minh");
  Reading reading;
  reading.expression =
      ReadCondition({testing::PrattParser(), scope, node, "test"}, SampleDataset(), zone.value());
  std::size_t left_out = 0;
  reading.problems = problems.Take(left_out);
  return reading;
}

TEST(Condition, AcceptsWhatTheLanguageAllows) {
  for (const char* text :
       {"urgent", "not urgent", "urgent = true", "pages + 1 > fee * -2",
        "state in ('open', 'done')", "state not in ('open')", "at is not null",
        "note is null or lower(note) = 'x'", "coalesce(pages, 0) between 1 and 10",
        "at >= '2026-01-01T08:00:00+07:00'", "at < '2026-01-01'", "at <= DATE '2026-01-01'",
        "at > TIMESTAMP '2026-01-01T00:00:00Z'", "born in ('2026-01-01', '2026-01-02')",
        "coalesce(born, '2026-01-01') = born", "(urgent or pages <> 3) and not (fee / 2 >= 1.5)",
        "pages != 3"}) {
    const Reading reading = ReadAsCondition(text);
    EXPECT_TRUE(reading.expression.has_value()) << text;
    for (const Problem& problem : reading.problems)
      ADD_FAILURE() << text << ": " << problem.message;
  }
}

TEST(Condition, NamesTheCharacterOfEachMistake) {
  const struct {
    const char* text;
    int column;
  } cases[] = {{"pages", 1},
               {"pages = 'x'", 9},
               {"state = note and pages", 18},
               {"urgent and stat = 'open'", 12},
               {"state = 'opn'", 9},
               {"state in ('open', 'dne')", 19},
               {"'opn' = state", 1},
               {"pages in (1, note)", 14},
               {"at > born", 6},
               {"born > TIMESTAMP '2026-01-01T00:00:00Z'", 8},
               {"at > 'noon'", 6},
               {"urgent > false", 1},
               {"at < now()", 6},
               {"at < current_timestamp", 6},
               {"pages = null", 9},
               {"note + 1 > 2", 1},
               {"at - at > 2", 1},
               {"lower(pages) = '1'", 1},
               {"coalesce(pages)  = 1", 1},
               {"coalesce(pages, 'x')  = 1", 17},
               {"substr(note, 1) = 'x'", 1},
               {"not pages", 5}};
  for (const auto& wrong : cases) {
    const Reading reading = ReadAsCondition(wrong.text);
    EXPECT_FALSE(reading.expression.has_value()) << wrong.text;
    ASSERT_FALSE(reading.problems.empty()) << wrong.text;
    EXPECT_EQ(reading.problems[0].column, wrong.column)
        << wrong.text << ": " << reading.problems[0].message;
  }
}

TEST(Condition, TellsEveryMistakeOnce) {
  EXPECT_EQ(ReadAsCondition("x = 1 and y = 2 and pages").problems.size(), 3U);
}

TEST(Condition, RefusesADeepOrLongOne) {
  std::string deep;
  for (int level = 0; level < 100; ++level) deep += "not ";
  EXPECT_FALSE(ReadAsCondition(deep + "urgent").expression.has_value());
  EXPECT_FALSE(ReadAsCondition("note = '" + std::string(kMaxExpressionBytes, 'x') + "'")
                   .expression.has_value());
}

TEST(Formula, NeedsValuesOfAllButTargets) {
  const auto formula =
      testing::PrattParser().Parse("previous(a) / (b + a) - target(c) * cumulative(d)");
  ASSERT_TRUE(formula.ok());
  EXPECT_EQ(ValuesIn(*formula), (std::vector<std::string>{"a", "b", "d"}));
}

}  // namespace
}  // namespace fansipan::center
