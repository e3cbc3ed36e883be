#include "http/rendering/csv_writer.h"

#include <gtest/gtest.h>

namespace fansipan::http {
namespace {

std::string Cell(std::string_view text) {
  CsvWriter csv;
  csv.Text(text);
  return csv.Take();
}

TEST(CsvWriter, MakesFormulasHarmless) {
  EXPECT_EQ(Cell("=1+1"), "'=1+1");
  EXPECT_EQ(Cell("+84"), "'+84");
  EXPECT_EQ(Cell("-x"), "'-x");
  EXPECT_EQ(Cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(Cell("\t=1"), "\"'\t=1\"");
  EXPECT_EQ(Cell("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(Cell("=cmd|'/c \"calc\"'!A1"), "\"'=cmd|'/c \"\"calc\"\"'!A1\"");
  EXPECT_EQ(Cell("a=1"), "a=1");
}

TEST(CsvWriter, KeepsNumbersAsTheyAre) {
  CsvWriter csv;
  csv.Number("-0.50");
  csv.Text("a,b");
  csv.Text("say \"x\"");
  csv.EndRow();
  csv.Text("line\nbreak");
  csv.EndRow();
  EXPECT_EQ(csv.Take(), "-0.50,\"a,b\",\"say \"\"x\"\"\"\r\n\"line\nbreak\"\r\n");
}

}  // namespace
}  // namespace fansipan::http
