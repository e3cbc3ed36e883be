#include "center/internal/csv_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::center {
namespace {

struct Reading {
  std::optional<CsvTable> table;
  std::vector<Problem> problems;
};

Reading Read(const std::string& text) {
  Problems problems;
  const FileScope scope{"a.csv", &problems};
  Reading reading;
  reading.table = ParseCsv(scope, text);
  std::size_t left_out = 0;
  reading.problems = problems.Take(left_out);
  return reading;
}

TEST(CsvReader, ReadsQuotedCellsWithCommasQuotesAndLines) {
  const Reading reading = Read("a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\nồ,\n");
  ASSERT_TRUE(reading.table.has_value());
  ASSERT_EQ(reading.table->rows.size(), 2U);
  EXPECT_EQ(reading.table->rows[0][0].text, "x, \"y\"");
  EXPECT_EQ(reading.table->rows[0][1].text, "1\n2");
  EXPECT_EQ(reading.table->rows[1][0].at, (Position{4, 1}));
  EXPECT_EQ(reading.table->rows[1][1].at, (Position{4, 3}));
  EXPECT_EQ(reading.table->rows[1][1].text, "");
}

TEST(CsvReader, ReadsALastLineWithoutAnEnd) {
  const Reading reading = Read("a\n1");
  ASSERT_TRUE(reading.table.has_value());
  ASSERT_EQ(reading.table->rows.size(), 1U);
  EXPECT_EQ(reading.table->rows[0][0].text, "1");
}

TEST(CsvReader, LeavesOutRowsOfAnotherWidthAndReadsOn) {
  const Reading reading = Read("a,b\n1\n1,2,3\n1,2\n");
  ASSERT_EQ(reading.problems.size(), 2U);
  EXPECT_EQ(reading.problems[0].line, 2);
  EXPECT_EQ(reading.problems[1].line, 3);
  ASSERT_TRUE(reading.table.has_value());
  EXPECT_EQ(reading.table->rows.size(), 1U);
}

TEST(CsvReader, RefusesWhatRfc4180DoesNotAllow) {
  const struct {
    const char* text;
    Position at;
  } cases[] = {
      {"a\nx\"y\n", {2, 2}}, {"a\n\"x\"y\n", {2, 4}}, {"a\n\"x\n", {2, 1}},    {"a\rb\n", {1, 3}},
      {"", {1, 1}},          {"a\n\xFF\n", {2, 1}},   {"a\n\"x\"\"\n", {2, 1}}};
  for (const auto& wrong : cases) {
    const Reading reading = Read(wrong.text);
    EXPECT_FALSE(reading.table.has_value()) << wrong.text;
    ASSERT_EQ(reading.problems.size(), 1U) << wrong.text;
    EXPECT_EQ((Position{reading.problems[0].line, reading.problems[0].column}), wrong.at)
        << wrong.text;
  }
}

TEST(CsvReader, RefusesTooManyColumns) {
  EXPECT_TRUE(Read(std::string(kMaxCsvColumns - 1, ',') + "\n").table.has_value());
  EXPECT_FALSE(Read(std::string(kMaxCsvColumns, ',') + "\n").table.has_value());
}

}  // namespace
}  // namespace fansipan::center
