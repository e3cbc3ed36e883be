// The lineage of the sample center: 1 July 2025 in Lào Cai and Yên Bái.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "center/load.h"
#include "center/testing/pratt_parser.h"

namespace fansipan::center {
namespace {

const model::Date kBefore = std::chrono::year(2025) / 6 / 30;
const model::Date kAfter = std::chrono::year(2025) / 7 / 1;
const model::Decimal kWhole = model::Decimal::FromInteger(1);

class LaocaiLineage : public ::testing::Test {
 protected:
  void SetUp() override {
    const LoadOutcome outcome =
        LoadCenter(FANSIPAN_SOURCE "/centers/laocai", testing::PrattParser());
    for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
    center_ = outcome.center;
    ASSERT_NE(center_, nullptr);
  }

  const model::UnitTree& tree() const { return center_->territory; }
  const model::Lineage& lineage() const { return center_->territory_history.lineage; }
  model::UnitId Unit(std::string_view code) const { return tree().FindByCode(code).value(); }
  std::size_t Count(const std::string& level, model::Date day) const {
    const auto units = tree().UnitsOn(day);
    return static_cast<std::size_t>(std::ranges::count_if(
        units, [&](model::UnitId unit) { return tree().FindStateOn(unit, day)->level == level; }));
  }

  std::shared_ptr<const Center> center_;
};

TEST_F(LaocaiLineage, CountsTheUnitsOfBothDays) {
  EXPECT_EQ(Count("province", kBefore), 2U);
  EXPECT_EQ(Count("district", kBefore), 18U);
  EXPECT_EQ(Count("commune", kBefore), 319U);
  EXPECT_EQ(Count("province", kAfter), 1U);
  EXPECT_EQ(Count("district", kAfter), 0U);
  EXPECT_EQ(Count("commune", kAfter), 99U);
  EXPECT_EQ(tree().ChildrenOn(tree().root(), kAfter).size(), 99U);
}

TEST_F(LaocaiLineage, EveryOldCommuneIsWhollyInOneOfToday) {
  std::set<model::UnitId> holders;
  for (const model::UnitId unit : tree().UnitsOn(kBefore)) {
    if (tree().FindStateOn(unit, kBefore)->level != "commune") continue;
    const auto holdings = lineage().Trace(unit, kBefore, kAfter);
    ASSERT_EQ(holdings.size(), 1U) << tree().Get(unit).code;
    EXPECT_EQ(holdings[0].share, kWhole);
    EXPECT_TRUE(tree().IsValidOn(holdings[0].unit, kAfter)) << tree().Get(unit).code;
    holders.insert(holdings[0].unit);
  }
  EXPECT_EQ(holders.size(), 99U);
}

TEST_F(LaocaiLineage, WhatWasCountedInTheOldCommunesIsCountedInTheNew) {
  model::Lineage::Amounts before;
  std::int64_t sum = 0;
  for (const model::UnitId unit : tree().UnitsOn(kBefore)) {
    if (tree().FindStateOn(unit, kBefore)->level != "commune") continue;
    before[unit] = model::Decimal::FromInteger(unit.value + 7);
    sum += unit.value + 7;
  }
  model::Decimal after;
  for (const auto& [unit, amount] : lineage().Carry(before, kBefore, kAfter)) {
    ASSERT_TRUE(amount.has_value());
    after = model::Add(after, *amount).value();
  }
  EXPECT_EQ(after, model::Decimal::FromInteger(sum));
}

TEST_F(LaocaiLineage, TheCode15ChangedHands) {
  EXPECT_EQ(tree().Resolve("gso", "15", kBefore), Unit("15@2025"));
  EXPECT_EQ(tree().Resolve("gso", "15", kAfter), Unit("15"));
  EXPECT_EQ(tree().Resolve("gso", "10", kBefore), Unit("10@2025"));
  // Who goes on sending the old code of Lào Cai means the province that took it over.
  EXPECT_EQ(tree().Resolve("gso", "10", kAfter), Unit("15"));
  EXPECT_EQ(tree().FindStateOn(Unit("15@2025"), kBefore)->name.at("vi"), "Yên Bái");
}

TEST_F(LaocaiLineage, ACommuneThatWasKeptHasAnotherUnitAbove) {
  const model::UnitId kept = Unit("03085");
  EXPECT_EQ(tree().FindStateOn(kept, kBefore)->parent, Unit("089@2025"));
  EXPECT_EQ(tree().FindStateOn(kept, kAfter)->parent, Unit("15"));
  EXPECT_EQ(lineage().Trace(kept, kBefore, kAfter), (std::vector<model::Holding>{{kept, kWhole}}));
}

TEST_F(LaocaiLineage, ADistrictIsTracedThroughItsCommunes) {
  std::set<std::string> names;
  for (const auto& holding : lineage().TraceContent(tree(), Unit("080@2025"), kBefore, kAfter)) {
    names.insert(tree().Get(holding.unit).full_name.at("vi"));
  }
  EXPECT_TRUE(names.contains("Phường Lào Cai"));
  EXPECT_TRUE(names.contains("Phường Cam Đường"));
  EXPECT_EQ(names.size(), 5U);
}

}  // namespace
}  // namespace fansipan::center
