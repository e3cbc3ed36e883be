#include "sources/contract/schema_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace fansipan::sources {
namespace {

using model::ColumnChange;
using model::ColumnChangeKind;
using model::ColumnProfile;

ColumnProfile Text(const std::string& name) { return {name, 100, 0, 0, 0, 0, 12, {}}; }
ColumnProfile Number(const std::string& name, std::int32_t magnitude = 3000) {
  return {name, 100, 0, 100, 0, 0, 6, magnitude};
}
ColumnProfile DayFirst(const std::string& name) { return {name, 100, 0, 0, 100, 0, 10, {}}; }
ColumnProfile YearFirst(const std::string& name) { return {name, 100, 0, 0, 0, 100, 10, {}}; }
ColumnProfile Empty(const std::string& name) { return {name, 100, 100, 0, 0, 0, 0, {}}; }

const std::vector<ColumnProfile> kBefore = {Text("ma_ho_so"), DayFirst("ngay_nhan"), Number("phi")};

TEST(SchemaComparison, FindsNothingInTheSameColumns) {
  EXPECT_TRUE(CompareColumns(kBefore, kBefore, {"phi"}).empty());
}

TEST(SchemaComparison, FindsANewColumn) {
  auto now = kBefore;
  now.push_back(Text("ghi_chu"));
  EXPECT_EQ(CompareColumns(kBefore, now, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kNew, "ghi_chu", "", ""}}));
}

TEST(SchemaComparison, FindsAMissingColumn) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], kBefore[1]}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kMissing, "phi", "", ""}}));
}

TEST(SchemaComparison, FindsARenamedColumn) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], DayFirst("ngay_tiep_nhan"), kBefore[2]}, {}),
            (std::vector<ColumnChange>{
                {ColumnChangeKind::kRenamed, "ngay_nhan", "ngay_nhan", "ngay_tiep_nhan"}}));
}

TEST(SchemaComparison, TakesAColumnThatIsWrittenOtherwiseForAnother) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], Number("ngay_nhan_2"), kBefore[2]}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kMissing, "ngay_nhan", "", ""},
                                       {ColumnChangeKind::kNew, "ngay_nhan_2", "", ""}}));
}

TEST(SchemaComparison, FindsColumnsInAnotherOrder) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[1], kBefore[0], kBefore[2]}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kReordered, "ma_ho_so", "", ""}}));
}

TEST(SchemaComparison, DoesNotTakeANewColumnInBetweenForAnotherOrder) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], Text("xa"), kBefore[1], kBefore[2]}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kNew, "xa", "", ""}}));
}

TEST(SchemaComparison, FindsDatesThatAreWrittenAnotherWay) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], YearFirst("ngay_nhan"), kBefore[2]}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kTypeChanged, "ngay_nhan",
                                        "date_day_first", "date_year_first"}}));
}

TEST(SchemaComparison, FindsNumbersThatBecameText) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], kBefore[1], Text("phi")}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kTypeChanged, "phi", "number", "text"}}));
}

TEST(SchemaComparison, LeavesSomeBadCellsToTheQuarantine) {
  ColumnProfile some = Number("phi");
  some.numbers = 60;
  EXPECT_TRUE(CompareColumns(kBefore, {kBefore[0], kBefore[1], some}, {}).empty());
}

TEST(SchemaComparison, FindsAColumnThatIsNoLongerFilled) {
  EXPECT_EQ(CompareColumns(kBefore, {kBefore[0], kBefore[1], Empty("phi")}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kEmptied, "phi", "", ""}}));
}

TEST(SchemaComparison, FindsAnotherUnitOfAMeasureAlone) {
  const std::vector<ColumnProfile> in_thousands = {kBefore[0], kBefore[1], Number("phi", 60)};
  EXPECT_EQ(CompareColumns(kBefore, in_thousands, {"phi"}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kUnitChanged, "phi", "", "-3"}}));
  EXPECT_TRUE(CompareColumns(kBefore, in_thousands, {}).empty());
}

TEST(SchemaComparison, TakesAMedianThatMovedOtherwiseForNews) {
  EXPECT_TRUE(
      CompareColumns(kBefore, {kBefore[0], kBefore[1], Number("phi", 3400)}, {"phi"}).empty());
}

TEST(SchemaComparison, SaysNothingOfHowFewCellsAreWritten) {
  ColumnProfile few = Text("phi");
  few.cells = 5;
  EXPECT_TRUE(CompareColumns(kBefore, {kBefore[0], kBefore[1], few}, {}).empty());
}

TEST(SchemaComparison, TakesTheNearestNameForTheNewOne) {
  const std::vector<ColumnProfile> now = {kBefore[0], DayFirst("ngay_nhan_ket_qua"),
                                          DayFirst("ngay_nhan1"), kBefore[2]};
  EXPECT_EQ(CompareColumns(kBefore, now, {}),
            (std::vector<ColumnChange>{
                {ColumnChangeKind::kRenamed, "ngay_nhan", "ngay_nhan", "ngay_nhan1"},
                {ColumnChangeKind::kNew, "ngay_nhan_ket_qua", "", ""}}));
}

TEST(SchemaComparison, ComparesTheSecondOfANameWithTheSecond) {
  const std::vector<ColumnProfile> twice = {Text("a"), Text("a"), Text("b")};
  EXPECT_EQ(CompareColumns(twice, {Text("a"), Text("b")}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kMissing, "a", "", ""}}));
  EXPECT_EQ(CompareColumns(twice, {Text("a"), Number("a"), Text("b")}, {}),
            (std::vector<ColumnChange>{{ColumnChangeKind::kTypeChanged, "a", "text", "number"}}));
  EXPECT_TRUE(CompareColumns(twice, twice, {}).empty());
}

TEST(SchemaComparison, SearchesNoNewNamesWhereNearlyAllAreOthers) {
  std::vector<ColumnProfile> before;
  std::vector<ColumnProfile> now;
  for (int i = 0; i < 200; ++i) {
    before.push_back(Text("cot_" + std::to_string(i)));
    now.push_back(Text("cot_" + std::to_string(i) + "_\xC3\xA0"));
  }
  const auto changes = CompareColumns(before, now, {});
  EXPECT_EQ(changes.size(), 400U);
  EXPECT_EQ(std::ranges::count(changes, ColumnChangeKind::kRenamed, &ColumnChange::kind), 0);
}

}  // namespace
}  // namespace fansipan::sources
