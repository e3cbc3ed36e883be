#include "center/cell_range.h"

#include <gtest/gtest.h>

namespace fansipan::center {
namespace {

TEST(CellRange, EndsThatAreLeftOutAreTheSheets) {
  EXPECT_EQ(*ParseCellRange(""), CellRange());
  EXPECT_EQ(*ParseCellRange("B5:K80"), (CellRange{5, 80, 2, 11}));
  EXPECT_EQ(*ParseCellRange("B5:"), (CellRange{5, CellRange::kLastRow, 2, CellRange::kLastColumn}));
  EXPECT_EQ(*ParseCellRange("B5:K"), (CellRange{5, CellRange::kLastRow, 2, 11}));
  EXPECT_EQ(*ParseCellRange("B5:9"), (CellRange{5, 9, 2, CellRange::kLastColumn}));
  EXPECT_EQ(*ParseCellRange("B:AA"), (CellRange{1, CellRange::kLastRow, 2, 27}));
  EXPECT_EQ(*ParseCellRange("A1:XFD1048576"), CellRange());
}

TEST(CellRange, WhatIsNoRangeIsRefused) {
  for (const char* text : {"B5", "5:6", "b5:k80", "B5:K80:", "B0:C1", "K5:B80", "B9:K8", "B5:XFE9",
                           "B5:K1048577", ":K80", "B5:K-1", "AAAAAAAAAAAAAA1:", "A99999999999:"}) {
    EXPECT_FALSE(ParseCellRange(text).ok()) << text;
  }
}

TEST(CellRange, ColumnsHaveLetters) {
  EXPECT_EQ(ColumnLetters(1), "A");
  EXPECT_EQ(ColumnLetters(26), "Z");
  EXPECT_EQ(ColumnLetters(27), "AA");
  EXPECT_EQ(ColumnLetters(702), "ZZ");
  EXPECT_EQ(ColumnLetters(CellRange::kLastColumn), "XFD");
}

}  // namespace
}  // namespace fansipan::center
