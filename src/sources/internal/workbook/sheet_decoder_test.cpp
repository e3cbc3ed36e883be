#include "sources/internal/workbook/sheet_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "center/cell_range.h"
#include "sources/decoding.h"
#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using testing::Cells;
using testing::Rows;

center::Source SourceOf(center::WorkbookShape shape) {
  center::Source source;
  source.name = "budget";
  source.format = center::Format::kWorkbook;
  source.workbook = std::move(shape);
  return source;
}

struct Read {
  Rows rows;
  std::vector<std::uint32_t> lines;
  std::vector<model::QuarantinedRow> refused;
  std::string reason;
  std::string message;
};

Read ReadSheet(const std::string& text, center::WorkbookShape shape) {
  Read read;
  const auto decoded = Decode(text, SourceOf(std::move(shape)), read.rows);
  if (!decoded.ok()) {
    read.reason = decoded.error().reason;
    read.message = decoded.error().message;
    return read;
  }
  for (const RawRowSpan& row : decoded->rows) read.lines.push_back(row.line);
  read.refused = decoded->refused;
  return read;
}

constexpr const char* kTitled =
    "\nField1,Field2,Field3,Field4\n"
    "Title,,,\n,,,\n"
    "No,\"Name of\n unit\",Money,\n,,Total,Of  it\n"
    "1,Lào Cai,10,7\n,,,\n \xC2\xA0,,,\n2,\"A \"\"B\"\"\",..,\n"
    "Note: x,,,\n3,After,1,1\n";

TEST(Sheet, NamesAreComposedWhateverProgramWroteThem) {
  const Read read =
      ReadSheet("\nField1,Field2\nTe\u0302n \u0111o\u031bn vi\u0323,So\u0302\u0301\nBa\u0301t,2\n",
                {.header_has = "Tên đơn vị", .columns = {"Tên đơn vị", "Số"}});
  ASSERT_EQ(read.reason, "") << read.message;
  EXPECT_EQ(read.rows.columns, (std::vector<std::string>{"Tên đơn vị", "Số"}));
  EXPECT_EQ(read.rows.cells, (std::vector<Cells>{{"Ba\u0301t", "2"}}));
}

TEST(Sheet, HeaderIsSearchedJoinedAndEndsAtTheFooter) {
  const Read read = ReadSheet(
      kTitled,
      {.header_has = "Name of unit", .ends_at = "Note", .header_rows = 2, .null_texts = {".."}});
  EXPECT_EQ(read.reason, "") << read.message;
  EXPECT_EQ(read.rows.columns,
            (std::vector<std::string>{"No", "Name of unit", "Money Total", "Money Of it"}));
  EXPECT_EQ(read.rows.cells, (std::vector<Cells>{{"1", "Lào Cai", "10", "7"},
                                                 {"2", "A \"B\"", std::nullopt, std::nullopt}}));
  EXPECT_EQ(read.lines, (std::vector<std::uint32_t>{5, 8}));
}

TEST(Sheet, RangeCutsRowsAndColumns) {
  const Read read = ReadSheet(kTitled, {.range = "B4:C5"});
  EXPECT_EQ(read.rows.columns, (std::vector<std::string>{"column_B", "Total"}));
  EXPECT_EQ(read.rows.cells, (std::vector<Cells>{{"Lào Cai", "10"}}));
  EXPECT_EQ(ReadSheet(kTitled, {.range = "F1:"}).reason, "wrong_columns");
}

TEST(Sheet, WithoutAHeaderColumnsAreNamedByPlace) {
  const Read read =
      ReadSheet(kTitled, {.range = "A5:", .header_rows = 0, .columns = {"no", "name", "money"}});
  EXPECT_EQ(read.rows.columns, (std::vector<std::string>{"no", "name", "money"}));
  ASSERT_EQ(read.refused.size(), 2U);
  EXPECT_EQ(read.refused[0].reason, "too_many_columns");
  EXPECT_NE(read.refused[0].message.find("column D"), std::string::npos);
  EXPECT_EQ(read.rows.cells.size(), 2U);
}

TEST(Sheet, MergedCellsSayTheSameEverywhere) {
  const std::string text = "A1:B1 C1:C2 A3:A4\nF,F,F\nMoney,,Name\nIn,Out,\nx,1,2\n,3,4\n";
  const Read filled = ReadSheet(text, {.header_rows = 2});
  EXPECT_EQ(filled.rows.columns, (std::vector<std::string>{"Money In", "Money Out", "Name"}));
  EXPECT_EQ(filled.rows.cells, (std::vector<Cells>{{"x", "1", "2"}, {"x", "3", "4"}}));
  const Read plain = ReadSheet(text.substr(text.find('\n')), {.header_rows = 2});
  EXPECT_FALSE(plain.rows.cells[1][0].has_value());
}

TEST(Sheet, ASheetOfOneColumnHasOne) {
  const Read read = ReadSheet("\nField1,\n,\nx\n,\n\"5\"\n", {});
  EXPECT_EQ(read.rows.columns, (std::vector<std::string>{"x"}));
  EXPECT_EQ(read.rows.cells, (std::vector<Cells>{{"5"}}));
  EXPECT_EQ(read.lines, (std::vector<std::uint32_t>{4}));
}

TEST(Sheet, WhatIsWrongWithItsHeaderIsSaid) {
  EXPECT_EQ(ReadSheet("\nF,F\na,A\n1,2\n", {}).reason, "wrong_columns");
  EXPECT_EQ(ReadSheet("\nF,F\na,_row\n1,2\n", {}).reason, "wrong_columns");
  EXPECT_EQ(ReadSheet("\nF,F\na,b\n", {.header_has = "c"}).reason, "wrong_columns");
  EXPECT_EQ(ReadSheet("\nF,F\n,\n", {}).reason, "wrong_columns");
  const Read read = ReadSheet("\nF,F\na,b\n1,2\n", {.columns = {"a", "z"}});
  EXPECT_EQ(read.reason, "wrong_columns");
  EXPECT_NE(read.message.find("'z'"), std::string::npos);
}

TEST(Sheet, TextThatIsCutOffIsRefused) {
  EXPECT_EQ(ReadSheet("", {}).reason, "cut_off");
  EXPECT_EQ(ReadSheet("\nF,F\na,\"b\n", {}).reason, "cut_off");
  EXPECT_EQ(ReadSheet("\nF,F\na,\"b\"c\n", {}).reason, "cut_off");
}

TEST(Sheet, ARowThatIsNotUtf8IsRefusedAlone) {
  const Read read = ReadSheet("\nF,F\na,b\n1,\xFF\n2,3\n", {});
  ASSERT_EQ(read.refused.size(), 1U);
  EXPECT_EQ(read.refused[0].reason, "invalid_utf8");
  EXPECT_EQ(read.rows.cells.size(), 1U);
}

/// Any grid, written as CSV and read back within any range, gives the cells that were in it.
TEST(Sheet, AnyGridComesBack) {
  std::mt19937 random(7);
  const auto any = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(random() % below);
  };
  const std::vector<std::string> texts = {"", "x", "a,b", "q\"q", "two\nlines", "Đ", "0012", ";"};
  for (int round = 0; round < 300; ++round) {
    const std::uint32_t width = 2 + any(5);
    const std::uint32_t height = 1 + any(8);
    const center::CellRange range{1 + any(3), 1 + any(12), 1 + any(2), 1 + any(7)};
    if (range.first_row > range.last_row || range.first_column > range.last_column) continue;
    if (range.first_column > width) continue;
    std::string text = "\n";
    for (std::uint32_t i = 0; i < width; ++i) text += i == 0 ? "F" : ",F";
    text += "\n";
    std::vector<Cells> expected;
    const std::uint32_t last = std::min(width, range.last_column);
    for (std::uint32_t row = 1; row <= height; ++row) {
      Cells cells;
      bool written = false;
      for (std::uint32_t column = 1; column <= width; ++column) {
        const std::string& cell = texts[any(static_cast<std::uint32_t>(texts.size()))];
        if (column > 1) text += ",";
        if (cell.find_first_of(",\"\n") == std::string::npos) {
          text += cell;
        } else {
          text += '"';
          for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
          text += '"';
        }
        if (column < range.first_column || column > last) continue;
        cells.push_back(cell.empty() ? std::nullopt : std::optional(cell));
        written = written || !cell.empty();
      }
      text += "\n";
      if (written && row >= range.first_row && row <= range.last_row) expected.push_back(cells);
    }
    std::vector<std::string> names;
    for (std::uint32_t column = range.first_column; column <= last; ++column) {
      names.push_back(center::ColumnLetters(column));
    }
    const std::string cells =
        center::ColumnLetters(range.first_column) + std::to_string(range.first_row) + ":" +
        center::ColumnLetters(range.last_column) + std::to_string(range.last_row);
    const Read read = ReadSheet(text, {.range = cells, .header_rows = 0, .columns = names});
    EXPECT_EQ(read.rows.cells, expected) << cells << text;
  }
}

}  // namespace
}  // namespace fansipan::sources
