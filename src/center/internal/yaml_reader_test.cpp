#include "center/internal/yaml_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::center {
namespace {

struct Reading {
  std::optional<YamlNode> node;
  std::vector<Problem> problems;
};

Reading Read(const std::string& text) {
  Problems problems;
  const FileScope scope{"a.yaml", &problems};
  Reading reading;
  reading.node = ParseYaml(scope, text);
  std::size_t left_out = 0;
  reading.problems = problems.Take(left_out);
  return reading;
}

std::string Nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(YamlReader, KeepsTextsAndTheirPlaces) {
  const Reading reading = Read("a: Hồ sơ\nb:\n  - {c: 'it''s', d: \"x\"}\n");
  ASSERT_TRUE(reading.node.has_value());
  const YamlNode& root = *reading.node;
  ASSERT_EQ(root.items.size(), 2U);
  EXPECT_EQ(root.items[0].key, "a");
  EXPECT_EQ(root.items[0].text, "Hồ sơ");
  EXPECT_EQ(root.items[0].at, (Position{1, 4}));
  const YamlNode& map = root.items[1].items.at(0);
  EXPECT_EQ(map.kind, YamlNode::Kind::kMap);
  EXPECT_EQ(map.items[0].text, "it's");
  EXPECT_FALSE(map.items[0].text_shift.has_value());
  EXPECT_EQ(map.items[1].anchor(), (Position{3, 18}));
  EXPECT_TRUE(map.items[1].in_braces);
}

TEST(YamlReader, PointsIntoTextsThatStandAsTheyAre) {
  const Reading reading = Read("plain: ồ = bcd\nquoted: \"a = b\"\nblock: |\n  a = b\n");
  ASSERT_TRUE(reading.node.has_value());
  EXPECT_EQ(reading.node->items[0].PositionOf(6), (Position{1, 12}));  // ồ has three bytes
  EXPECT_EQ(reading.node->items[1].PositionOf(4), (Position{2, 14}));
  EXPECT_EQ(reading.node->items[2].PositionOf(4), reading.node->items[2].at);
}

TEST(YamlReader, ReadsAcrossAByteOrderMarkAndCrLf) {
  const Reading reading = Read(
      "\xEF\xBB\xBF"
      "a: b\r\nc: d\r\n");
  ASSERT_TRUE(reading.node.has_value());
  EXPECT_EQ(reading.node->items.at(1).text, "d");
  EXPECT_EQ(reading.node->items.at(1).at, (Position{2, 4}));
}

TEST(YamlReader, RefusesABombOfAliases) {
  std::string bomb = "a: &a [x, x]\n";
  for (char name = 'b'; name <= 'z'; ++name) {
    const std::string before(1, static_cast<char>(name - 1));
    bomb.append(1, name).append(": &").append(1, name);
    bomb.append(" [*").append(before).append(", *").append(before).append("]\n");
  }
  const Reading reading = Read(bomb);
  EXPECT_FALSE(reading.node.has_value());
  EXPECT_FALSE(reading.problems.empty());
}

TEST(YamlReader, ReadsTheDeepestAllowedAndRefusesOneMore) {
  EXPECT_TRUE(Read(Nested(kMaxYamlDepth)).node.has_value());
  const Reading deeper = Read(Nested(kMaxYamlDepth + 1));
  ASSERT_EQ(deeper.problems.size(), 1U);
  EXPECT_EQ(deeper.problems[0].column, static_cast<int>(kMaxYamlDepth) + 1);
  EXPECT_FALSE(Read(Nested(100'000)).node.has_value());
}

TEST(YamlReader, RefusesMoreValuesOrBytesThanAllowed) {
  std::string many = "[";
  for (std::size_t index = 0; index < kMaxYamlNodes; ++index) many += "a,";
  EXPECT_FALSE(Read(many + "]").node.has_value());
  EXPECT_FALSE(Read("a: " + std::string(kMaxYamlBytes, 'x')).node.has_value());
}

TEST(YamlReader, RefusesAMapAsKeyAndEmptyFiles) {
  EXPECT_FALSE(Read("? {a: b}\n: c\n").node.has_value());
  EXPECT_FALSE(Read("? [a]\n: {d: e}\nf: g\n").node.has_value());
  EXPECT_FALSE(Read("").node.has_value());
  EXPECT_FALSE(Read("# nothing\n").node.has_value());
}

TEST(YamlReader, NamesTheLineOfABrokenText) {
  const Reading reading = Read("a: b\nc: [d\ne: f\n");
  ASSERT_FALSE(reading.problems.empty());
  EXPECT_GE(reading.problems[0].line, 2);
}

}  // namespace
}  // namespace fansipan::center
