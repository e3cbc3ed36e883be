#include "model/units/restated_territory.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace fansipan::model {
namespace {

using Kind = LineageKind;

Date Day(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

Decimal Number(std::string_view text) { return *Decimal::Parse(text); }

const Date kBegin = Day(2020, 1, 1);
const Date kMerger = Day(2025, 7, 1);
const Date kBefore = Day(2025, 6, 30);

Unit MakeUnit(std::string code, Date from, std::optional<Date> to, UnitId parent = UnitId{0}) {
  Unit unit;
  unit.code = std::move(code);
  unit.level = "commune";
  unit.parent = parent;
  unit.valid_from = from;
  unit.valid_to = to;
  return unit;
}

LineageEvent Event(Kind kind, UnitId from, UnitId to, std::string_view share = "") {
  LineageEvent event{kind, kMerger, from, to, {}, share == "rest", "", ""};
  if (!share.empty() && share != "rest") event.share = Number(share);
  return event;
}

/// Root R; district D of A and B, which become C; E gives a part of unknown share to F.
class Territory : public ::testing::Test {
 protected:
  Territory() {
    std::vector<Unit> units{MakeUnit("R", kBegin, {}, kNoUnit),
                            MakeUnit("D", kBegin, kMerger),
                            MakeUnit("A", kBegin, kMerger, {1}),
                            MakeUnit("B", kBegin, kMerger, {1}),
                            MakeUnit("C", kMerger, {}),
                            MakeUnit("E", kBegin, {}),
                            MakeUnit("F", kBegin, {})};
    tree_ = UnitTree::Build(TreeKind::kTerritory, std::move(units), {}).value();
    lineage_ =
        Lineage::Build(tree_, {Event(Kind::kMerge, {2}, {4}), Event(Kind::kMerge, {3}, {4}),
                               Event(Kind::kEnd, {1}, kNoUnit), Event(Kind::kPart, {5}, {6})})
            .value();
    attributes_ = UnitAttributes::Build(
                      {Attribute(2, "60", kBegin, kMerger), Attribute(3, "40", kBegin, kMerger),
                       Attribute(5, "50", kBegin, kMerger), Attribute(5, "42", kMerger, {}),
                       Attribute(6, "20", kBegin, kMerger), Attribute(6, "28", kMerger, {})})
                      .value();
  }

  static UnitAttribute Attribute(std::uint32_t unit, std::string_view value, Date from,
                                 std::optional<Date> to) {
    return {{unit}, "people", Number(value), from, to, ""};
  }

  RestatedTerritory On(Date day, const std::string& share = "") const {
    return {tree_, lineage_, attributes_, day, share};
  }

  UnitTree tree_;
  Lineage lineage_;
  UnitAttributes attributes_;
};

using Parts = std::vector<Holding>;

TEST_F(Territory, OfAMergedUnitIsThatOfTheUnitsItWasMadeOf) {
  const RestatedTerritory today = On(kMerger);
  // The whole district, with A and B in it.
  EXPECT_EQ(today.ContentOf({4}, kBefore).units, (Parts{{{1}, Number("1")}}));
  EXPECT_EQ(today.PlacesOf({2}, kBefore).parts, (Parts{{{4}, Number("1")}}));
  EXPECT_FALSE(today.ContentOf({4}, kBefore).unchanged);
  EXPECT_TRUE(today.ContentOf({4}, kMerger).unchanged);
}

TEST_F(Territory, OfAPartOfUnknownShareIsToldByAnAttributeAlone) {
  EXPECT_EQ(On(kMerger).ContentOf({6}, kBefore).units,
            (Parts{{{5}, std::nullopt}, {{6}, Number("1")}}));
  // F had 20 and then 28, so 8 of E's 50 went over, and 42 stayed.
  EXPECT_EQ(On(kMerger, "people").ContentOf({6}, kBefore).units,
            (Parts{{{5}, Number("0.16")}, {{6}, Number("1")}}));
  EXPECT_EQ(On(kMerger, "people").ContentOf({5}, kBefore).units, (Parts{{{5}, Number("0.84")}}));
}

TEST_F(Territory, AsksBackwardByTheAttributeToo) {
  EXPECT_EQ(On(kBefore).ContentOf({2}, kMerger).units, (Parts{{{4}, std::nullopt}}));
  EXPECT_EQ(On(kBefore, "people").ContentOf({2}, kMerger).units, (Parts{{{4}, Number("0.6")}}));
}

TEST_F(Territory, NamesWhoseAttributeIsLacking) {
  attributes_ = UnitAttributes::Build({Attribute(2, "60", kBegin, kMerger)}).value();
  const RestatedTerritory before = On(kBefore, "people");
  const auto& readings = before.ContentOf({2}, kMerger).readings;
  const auto unknown = std::ranges::find(readings, UnitId{4}, &RestatedReading::unit);
  ASSERT_NE(unknown, readings.end());
  EXPECT_EQ(unknown->share, std::nullopt);
  EXPECT_EQ(unknown->lacking, std::set<UnitId>{UnitId{3}});
}

TEST_F(Territory, OfADistrictThatEndedIsWhatTheUnitsBelowItBecame) {
  EXPECT_EQ(On(kBefore).ContentOf({1}, kMerger).units, (Parts{{{4}, Number("1")}}));
  // What was counted in the district itself lies in C, which has all of its communes.
  EXPECT_EQ(On(kMerger).PlacesOf({1}, kBefore).parts, (Parts{{{4}, Number("1")}}));
}

TEST_F(Territory, CutsAPeriodWhereUnitsChange) {
  const RestatedTerritory today = On(kMerger);
  const auto pieces = today.PiecesOf({4}, Day(2025, 1, 1), Day(2026, 1, 1));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].to, kMerger);
  EXPECT_EQ(pieces[1].from, kMerger);
  EXPECT_EQ(today.PiecesOf({4}, Day(2025, 1, 1), kMerger).size(), 1U);
}

TEST_F(Territory, OfTheRootIsEverything) {
  for (const Date day : {kBefore, kMerger}) {
    const RestatedTerritory territory = On(day);
    const auto& readings = territory.ContentOf({0}, kBefore).readings;
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_EQ(readings[0].unit, UnitId{0});
    EXPECT_FALSE(readings[0].own);
    EXPECT_EQ(readings[0].share, Number("1"));
  }
}

/// Each year some units are merged or split, or lose a part to another one; of some parts no share
/// is stated. Every unit has an attribute, of random size.
class RandomTerritory {
 public:
  RandomTerritory(std::uint64_t seed, int years) : random_(seed) {
    units_.push_back(MakeUnit("R", kBegin, {}, kNoUnit));
    for (int i = 0; i < 5; ++i) living_.push_back(Add(kBegin));
    for (int year = 1; year <= years; ++year) Change(Day(2020 + year, 7, 1));
    tree = UnitTree::Build(TreeKind::kTerritory, units_, {}).value();
    lineage = Lineage::Build(tree, events_).value();
    std::vector<UnitAttribute> known;
    for (std::uint32_t i = 1; i < units_.size(); ++i) {
      known.push_back({{i},
                       "people",
                       Decimal::FromInteger(1 + static_cast<int>(Below(1000))),
                       units_[i].valid_from,
                       units_[i].valid_to,
                       ""});
    }
    attributes = UnitAttributes::Build(known).value();
  }

  UnitTree tree;
  Lineage lineage;
  UnitAttributes attributes;

 private:
  UnitId Add(Date from) {
    units_.push_back(MakeUnit("u" + std::to_string(units_.size()), from, {}));
    return UnitId{static_cast<std::uint32_t>(units_.size() - 1)};
  }
  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  void Note(Kind kind, Date day, UnitId from, UnitId to, std::string_view share = "") {
    LineageEvent event = Event(kind, from, to, share);
    event.day = day;
    events_.push_back(event);
  }
  void Change(Date day) {
    const std::size_t index = Below(living_.size());
    const UnitId unit = living_[index];
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(index));
    const std::size_t choice = living_.size() < 2 ? 1 : Below(3);
    if (choice == 0) {
      units_[unit.value].valid_to = day;
      Note(Kind::kMerge, day, unit, living_[Below(living_.size())]);
    } else if (choice == 1) {
      units_[unit.value].valid_to = day;
      const UnitId one = Add(day);
      const UnitId other = Add(day);
      const bool stated = Below(2) == 0;
      Note(Kind::kSplit, day, unit, one, stated ? "0.333333333333333333" : "");
      Note(Kind::kSplit, day, unit, other, stated ? "rest" : "");
      living_.insert(living_.end(), {one, other});
    } else {
      const std::string share = Below(2) == 0 ? "" : "0." + std::to_string(1 + Below(8));
      Note(Kind::kPart, day, unit, living_[Below(living_.size())], share);
      living_.push_back(unit);
    }
  }

  std::mt19937_64 random_;
  std::vector<Unit> units_;
  std::vector<LineageEvent> events_;
  std::vector<UnitId> living_;
};

TEST(TerritoryProperty, WhatGoesInComesOutOfAnySequenceOfMergesAndSplits) {
  rc::check([](std::uint64_t seed) {
    const int years = 1 + static_cast<int>(seed % 7);
    const RandomTerritory random(seed, years);
    for (const std::string share : {"", "people"}) {
      for (int year = 0; year <= years; ++year) {
        const RestatedTerritory territory(random.tree, random.lineage, random.attributes,
                                          Day(2020 + year, 12, 31), share);
        for (int of = 0; of <= years; ++of) {
          std::map<UnitId, std::optional<Decimal>> sums;
          for (const UnitId unit : territory.ChildrenOf(random.tree.root())) {
            for (const auto& reading : territory.ContentOf(unit, Day(2020 + of, 12, 31)).readings) {
              const auto [sum, first] = sums.try_emplace(reading.unit, Decimal());
              sum->second =
                  sum->second && reading.share ? Add(*sum->second, *reading.share) : std::nullopt;
            }
          }
          RC_ASSERT(sums.size() == random.tree.size() - 1);
          for (const auto& [unit, sum] : sums) RC_ASSERT(!sum || *sum == Number("1"));
        }
      }
    }
  });
}

TEST(TerritoryProperty, OnItsOwnDayEveryUnitIsItself) {
  rc::check([](std::uint64_t seed) {
    const int years = 1 + static_cast<int>(seed % 7);
    const RandomTerritory random(seed, years);
    for (int year = 0; year <= years; ++year) {
      const Date day = Day(2020 + year, 12, 31);
      const RestatedTerritory territory(random.tree, random.lineage, random.attributes, day, "");
      for (const UnitId unit : random.tree.UnitsOn(day)) {
        if (unit == random.tree.root()) continue;
        RC_ASSERT(territory.ContentOf(unit, day).unchanged);
      }
    }
  });
}

}  // namespace
}  // namespace fansipan::model
