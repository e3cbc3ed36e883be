#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "center/difference.h"
#include "center/internal/formats/raw_columns.h"
#include "center/load.h"
#include "center/testing/loading.h"

namespace fansipan::center {
namespace {

using testing::LoadWithFormat;

std::string FirstProblem(const std::string& workbook) {
  const LoadOutcome outcome = LoadWithFormat("format: workbook\n    workbook: " + workbook);
  return outcome.problems.empty() ? "" : outcome.problems.front().message;
}

TEST(WorkbookDeclaration, SaysWhereTheTableStands) {
  const LoadOutcome outcome = LoadWithFormat(
      "format: workbook\n    workbook: {sheet: \"M09*\", range: \"B5:\", header_has: Tên, "
      "header_rows: 2, ends_at: Ghi, fill_merged: true, nulls: [\"..\"], columns: [a]}");
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
  const Source* source = outcome.center->FindSource("case_system");
  EXPECT_EQ(source->format, Format::kWorkbook);
  const WorkbookShape& shape = source->workbook;
  EXPECT_EQ(shape.sheet + shape.range + shape.header_has + shape.ends_at, "M09*B5:TênGhi");
  EXPECT_EQ(shape.header_rows, 2U);
  EXPECT_TRUE(shape.fill_merged);
  EXPECT_EQ(shape.null_texts, std::vector<std::string>{".."});
  EXPECT_EQ(shape.columns, std::vector<std::string>{"a"});
  EXPECT_TRUE(LoadWithFormat("format: workbook").center) << "nothing has to be said";
}

TEST(WorkbookDeclaration, ComposesTheNamesOfColumns) {
  const LoadOutcome outcome =
      LoadWithFormat("format: workbook\n    workbook: {columns: [Te\u0302n]}");
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
  EXPECT_EQ(outcome.center->FindSource("case_system")->workbook.columns,
            std::vector<std::string>{"Tên"});
}

TEST(WorkbookDeclaration, AsksForComposedNamesWhereTheyAreTheKeysOfTheSource) {
  const LoadOutcome outcome = LoadWithFormat("format: json\n    json: {columns: [Te\u0302n]}");
  EXPECT_TRUE(std::ranges::any_of(outcome.problems, [](const Problem& problem) {
    return problem.message.find("{name: path}") != std::string::npos;
  }));
}

TEST(ColumnNames, AreComposedInAStatementButNotInItsTextsAndComments) {
  const std::string apart = "Te\u0302n";
  EXPECT_EQ(WithComposedNames("SELECT \"" + apart + "\" FROM raw"), "SELECT \"Tên\" FROM raw");
  EXPECT_EQ(WithComposedNames("'it''s " + apart + "' || " + apart), "'it''s " + apart + "' || Tên");
  EXPECT_EQ(WithComposedNames("\"Cô's " + apart + "\", '" + apart + "'"),
            "\"Cô's Tên\", '" + apart + "'");
  EXPECT_EQ(WithComposedNames("-- don't\n\"" + apart + "\""), "-- don't\n\"Tên\"");
  EXPECT_EQ(WithComposedNames("/* ' */" + apart + " '" + apart), "/* ' */Tên '" + apart);
}

TEST(WorkbookDeclaration, SaysWhatIsWrong) {
  const auto expect = [](const std::string& workbook, const std::string& said) {
    const std::string problem = FirstProblem(workbook);
    EXPECT_NE(problem.find(said), std::string::npos) << workbook << ": " << problem;
  };
  expect("{range: B5}", "B5:K80");
  expect("{header_rows: 5}", "4");
  expect("{header_rows: 0}", "columns");
  expect("{header_rows: 0, header_has: x, columns: [a]}", "range");
  expect("{columns: [_row]}", "_row");
  expect("{columns: [_Row]}", "_row");
  expect("{header_rows: 0, range: \"B5:\", columns: [Name, id, NAME]}", "'NAME' is written twice");
  expect("{columns: []}", "at least one");
  expect("{sheets: x}", "sheet");
  const LoadOutcome mixed = LoadWithFormat("format: csv\n    workbook: {sheet: x}");
  ASSERT_FALSE(mixed.problems.empty());
  EXPECT_NE(mixed.problems.front().message.find("does not belong"), std::string::npos);
}

TEST(WorkbookDeclaration, ADifferenceShowsEachChange) {
  const auto declared = [](const std::string& keys) {
    return LoadWithFormat("format: workbook\n    workbook: {columns: [a], " + keys + "}").center;
  };
  const auto before = declared("sheet: x");
  ASSERT_TRUE(before);
  for (const char* keys : {"sheet: y", "sheet: x, range: \"B5:\"", "sheet: x, header_has: z",
                           "sheet: x, header_rows: 2", "sheet: x, ends_at: z",
                           "sheet: x, fill_merged: true", "sheet: x, nulls: [z]"}) {
    const auto after = declared(keys);
    ASSERT_TRUE(after) << keys;
    EXPECT_FALSE(DescribeDifference(*before, *after).empty()) << keys;
  }
}

}  // namespace
}  // namespace fansipan::center
