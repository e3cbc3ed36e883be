#include "model/unit.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fansipan::model {
namespace {

Date Day(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

Unit MakeUnit(std::string code, std::string name, UnitId parent) {
  Unit unit;
  unit.code = std::move(code);
  unit.name = {{"vi", std::move(name)}};
  unit.parent = parent;
  return unit;
}

UnitCode MakeCode(std::string code, UnitId unit, Date from, std::optional<Date> to = {}) {
  return {"gso", std::move(code), unit, from, to};
}

/// A province with two communes, one of which has a village.
std::vector<Unit> Units() {
  std::vector<Unit> units{
      MakeUnit("laocai", "Lào Cai", kNoUnit), MakeUnit("bac-ha", "Bắc Hà", UnitId{0}),
      MakeUnit("sa-pa", "Sa Pa", UnitId{0}), MakeUnit("cat-cat", "Cát Cát", UnitId{2})};
  units[2].full_name = {{"vi", "Phường Sa Pa"}, {"en", "Sa Pa ward"}};
  return units;
}

UnitTree Tree(std::vector<UnitCode> codes = {}) {
  base::Result<UnitTree> tree = UnitTree::Build(TreeKind::kTerritory, Units(), std::move(codes));
  EXPECT_TRUE(tree.ok());
  return tree.ok() ? *std::move(tree) : UnitTree();
}

std::string RefusalOf(std::vector<Unit> units, std::vector<UnitCode> codes = {}) {
  const base::Result<UnitTree> tree =
      UnitTree::Build(TreeKind::kOrganisation, std::move(units), std::move(codes));
  return tree.ok() ? "" : tree.error().reason;
}

TEST(UnitTree, KnowsWhatLiesAboveAndBelow) {
  const UnitTree tree = Tree();
  EXPECT_EQ(tree.kind(), TreeKind::kTerritory);
  EXPECT_EQ(tree.size(), 4U);
  EXPECT_EQ(tree.root(), UnitId{0});
  EXPECT_EQ(tree.ChildrenOf(UnitId{0}), (std::vector<UnitId>{UnitId{1}, UnitId{2}}));
  EXPECT_EQ(tree.SubtreeOf(UnitId{2}), (std::vector<UnitId>{UnitId{2}, UnitId{3}}));
  EXPECT_EQ(tree.SubtreeOf(tree.root()).size(), 4U);
  EXPECT_EQ(tree.PathTo(UnitId{3}), (std::vector<UnitId>{UnitId{0}, UnitId{2}, UnitId{3}}));
  EXPECT_TRUE(tree.IsWithin(UnitId{3}, UnitId{0}));
  EXPECT_TRUE(tree.IsWithin(UnitId{3}, UnitId{3}));
  EXPECT_FALSE(tree.IsWithin(UnitId{3}, UnitId{1}));
  EXPECT_FALSE(tree.IsWithin(UnitId{0}, UnitId{3}));
}

TEST(UnitTree, FindsAUnitByItsOwnCode) {
  const UnitTree tree = Tree();
  EXPECT_EQ(tree.FindByCode("sa-pa"), UnitId{2});
  EXPECT_EQ(tree.FindByCode("sapa"), std::nullopt);
}

TEST(UnitTree, IsRefusedWithTheReason) {
  std::vector<Unit> twice = Units();
  twice[3].code = "sa-pa";
  EXPECT_EQ(RefusalOf(twice), "duplicate_code");

  std::vector<Unit> orphan = Units();
  orphan[3].parent = UnitId{4};
  EXPECT_EQ(RefusalOf(orphan), "unknown_parent");

  std::vector<Unit> circle = Units();
  circle[2].parent = UnitId{3};
  EXPECT_EQ(RefusalOf(circle), "cycle");

  std::vector<Unit> two_roots = Units();
  two_roots[1].parent = kNoUnit;
  EXPECT_EQ(RefusalOf(two_roots), "no_root");

  std::vector<Unit> no_root = Units();
  no_root[0].parent = UnitId{3};
  EXPECT_EQ(RefusalOf(no_root), "no_root");
  EXPECT_EQ(RefusalOf({}), "no_root");

  EXPECT_EQ(RefusalOf(Units(), {MakeCode("1", UnitId{9}, Day(2025, 1, 1))}), "unknown_unit");
  EXPECT_EQ(RefusalOf(Units()), "");
}

TEST(UnitTree, ResolvesAReusedCodeByTheDay) {
  const UnitTree tree = Tree({MakeCode("10604", UnitId{1}, Day(2000, 1, 1), Day(2025, 7, 1)),
                              MakeCode("10604", UnitId{2}, Day(2025, 7, 1))});
  EXPECT_EQ(tree.Resolve("gso", "10604", Day(1999, 12, 31)), std::nullopt);
  EXPECT_EQ(tree.Resolve("gso", "10604", Day(2000, 1, 1)), UnitId{1});
  EXPECT_EQ(tree.Resolve("gso", "10604", Day(2025, 6, 30)), UnitId{1});
  EXPECT_EQ(tree.Resolve("gso", "10604", Day(2025, 7, 1)), UnitId{2});
  EXPECT_EQ(tree.Resolve("h38", "10604", Day(2026, 1, 1)), std::nullopt);
  EXPECT_EQ(tree.Resolve("gso", "10605", Day(2026, 1, 1)), std::nullopt);
  EXPECT_TRUE(tree.KnowsCode("gso", "10604"));
  EXPECT_FALSE(tree.KnowsCode("h38", "10604"));
  EXPECT_FALSE(tree.KnowsCode("gso", "10605"));
}

TEST(UnitTree, RefusesACodeThatMeansTwoUnitsOnOneDay) {
  EXPECT_EQ(RefusalOf(Units(), {MakeCode("1", UnitId{1}, Day(2000, 1, 1), Day(2025, 7, 2)),
                                MakeCode("1", UnitId{2}, Day(2025, 7, 1))}),
            "overlapping_codes");
  EXPECT_EQ(RefusalOf(Units(), {MakeCode("1", UnitId{1}, Day(2025, 7, 1)),
                                MakeCode("1", UnitId{2}, Day(2000, 1, 1))}),
            "overlapping_codes");
  EXPECT_EQ(RefusalOf(Units(), {MakeCode("1", UnitId{1}, Day(2025, 7, 1)),
                                MakeCode("1", UnitId{2}, Day(2000, 1, 1), Day(2025, 7, 1))}),
            "");
}

TEST(UnitTree, ListsTheCodesOfASubtree) {
  const UnitTree tree =
      Tree({MakeCode("1", UnitId{1}, Day(2000, 1, 1)), MakeCode("2", UnitId{2}, Day(2000, 1, 1)),
            MakeCode("3", UnitId{3}, Day(2000, 1, 1))});
  const std::vector<UnitCode> within = tree.CodesWithin(UnitId{2}, "gso");
  ASSERT_EQ(within.size(), 2U);
  EXPECT_EQ(within[0].code, "2");
  EXPECT_EQ(within[1].code, "3");
  EXPECT_TRUE(tree.CodesWithin(UnitId{2}, "h38").empty());
}

TEST(UnitTree, SuggestsTheNearestNamesWithoutAccents) {
  const UnitTree tree = Tree();
  EXPECT_EQ(tree.Nearest("BAC HA", 1), std::vector<UnitId>{UnitId{1}});
  EXPECT_EQ(tree.Nearest("sapa", 1), std::vector<UnitId>{UnitId{2}});
  EXPECT_EQ(tree.Nearest("Phường Sapa", 1), std::vector<UnitId>{UnitId{2}});
  EXPECT_EQ(tree.Nearest("lao kai", 1), std::vector<UnitId>{UnitId{0}});
  EXPECT_EQ(tree.Nearest("x", 9).size(), 4U);
  EXPECT_TRUE(UnitTree().Nearest("x", 9).empty());
}

}  // namespace
}  // namespace fansipan::model
