#include "model/units/lineage.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/units/unit_attributes.h"

namespace fansipan::model {
namespace {

using Kind = LineageKind;

Date Day(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

const Date kBegin = Day(2020, 1, 1);
const Date kMerger = Day(2025, 7, 1);
const Date kLater = Day(2026, 1, 1);

// Units by letter below a root "R", each existing from its first day to its end.
class LineageTest : public ::testing::Test {
 protected:
  UnitId Add(const std::string& code, Date from, std::optional<Date> to = {}) {
    Unit unit;
    unit.code = code;
    unit.level = "commune";
    unit.name = {{"vi", code}};
    unit.full_name = unit.name;
    unit.parent = UnitId{0};
    unit.valid_from = from;
    unit.valid_to = to;
    units_.push_back(unit);
    return UnitId{static_cast<std::uint32_t>(units_.size() - 1)};
  }

  void SetUp() override {
    Unit root;
    root.code = "R";
    root.level = "province";
    root.valid_from = kBegin;
    units_.push_back(root);
  }

  UnitTree Tree(TreeKind kind = TreeKind::kTerritory, std::vector<UnitCode> codes = {}) const {
    auto tree = UnitTree::Build(kind, units_, std::move(codes));
    EXPECT_TRUE(tree.ok()) << (tree.ok() ? "" : tree.error().message);
    return tree.ok() ? *std::move(tree) : UnitTree();
  }

  Lineage Build(const std::vector<LineageEvent>& events) const {
    auto lineage = Lineage::Build(Tree(), events);
    EXPECT_TRUE(lineage.ok()) << (lineage.ok() ? "" : lineage.error().message);
    return lineage.ok() ? *std::move(lineage) : Lineage();
  }

  std::vector<std::string> Reasons(const std::vector<LineageEvent>& events,
                                   TreeKind kind = TreeKind::kTerritory,
                                   std::vector<UnitCode> codes = {}) const {
    std::vector<std::string> reasons;
    for (const auto& fault : Lineage::FindFaults(Tree(kind, std::move(codes)), events)) {
      reasons.push_back(fault.reason);
    }
    return reasons;
  }

  std::vector<Unit> units_;
};

Decimal Number(std::string_view text) { return Decimal::Parse(text).value(); }

LineageEvent Event(Kind kind, Date day, UnitId from, UnitId to = kNoUnit,
                   std::string_view share = "") {
  LineageEvent event{kind, day, from, to, std::nullopt, share == "rest", "", ""};
  if (!share.empty() && !event.rest) event.share = Number(share);
  return event;
}

const Decimal kWhole = Decimal::FromInteger(1);
using Reason = std::vector<std::string>;

TEST_F(LineageTest, MergedUnitsAreFoundInTheirSuccessorAndBack) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin, kMerger);
  const UnitId c = Add("C", kMerger);
  const Lineage lineage =
      Build({Event(Kind::kMerge, kMerger, a, c), Event(Kind::kMerge, kMerger, b, c)});
  EXPECT_EQ(lineage.Trace(a, kBegin, kLater), (std::vector<Holding>{{c, kWhole}}));
  EXPECT_EQ(lineage.Trace(a, kBegin, kMerger - std::chrono::days(1)),
            (std::vector<Holding>{{a, kWhole}}));
  EXPECT_EQ(lineage.Trace(c, kLater, kBegin), (std::vector<Holding>{{a, kWhole}, {b, kWhole}}));
  EXPECT_EQ(lineage.Trace(c, kMerger, kMerger), (std::vector<Holding>{{c, kWhole}}));
  EXPECT_EQ(lineage.EventsOf(a).size(), 1U);
  EXPECT_EQ(lineage.EventsOf(c).size(), 2U);
}

TEST_F(LineageTest, PartsHaveTheirShareAndTheRestIsWhatIsLeft) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin);
  const UnitId c = Add("C", kMerger);
  const Lineage lineage =
      Build({Event(Kind::kSplit, kMerger, a, b, "0.35"), Event(Kind::kSplit, kMerger, a, c, "rest"),
             Event(Kind::kPart, kLater, b, c, "0.5")});
  EXPECT_EQ(lineage.Trace(a, kBegin, kMerger),
            (std::vector<Holding>{{b, Number("0.35")}, {c, Number("0.65")}}));
  EXPECT_EQ(lineage.Trace(a, kBegin, kLater),
            (std::vector<Holding>{{b, Number("0.175")}, {c, Number("0.825")}}));
  EXPECT_EQ(lineage.Trace(c, kLater, kBegin),
            (std::vector<Holding>{{a, Number("0.825")}, {b, Number("0.5")}}));
}

TEST_F(LineageTest, AnUnknownShareStaysUnknownUntilOneUnitHoldsEverything) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kMerger, kLater);
  const UnitId c = Add("C", kMerger);
  const Lineage lineage =
      Build({Event(Kind::kSplit, kMerger, a, b), Event(Kind::kSplit, kMerger, a, c, "rest"),
             Event(Kind::kMerge, kLater, b, c)});
  EXPECT_EQ(lineage.Trace(a, kBegin, kMerger),
            (std::vector<Holding>{{b, std::nullopt}, {c, std::nullopt}}));
  EXPECT_EQ(lineage.Trace(a, kBegin, kLater), (std::vector<Holding>{{c, kWhole}}));
}

TEST_F(LineageTest, UnitsThatExchangePartsOnOneDayDoSoAtOnce) {
  const UnitId a = Add("A", kBegin);
  const UnitId b = Add("B", kBegin);
  const Lineage lineage =
      Build({Event(Kind::kPart, kMerger, a, b, "0.1"), Event(Kind::kPart, kMerger, b, a, "0.2")});
  const auto after = lineage.Carry({{a, Number("100")}, {b, Number("50")}}, kBegin, kMerger);
  EXPECT_EQ(after.at(a), Number("100"));
  EXPECT_EQ(after.at(b), Number("50"));
  EXPECT_EQ(lineage.Trace(a, kBegin, kMerger),
            (std::vector<Holding>{{a, Number("0.9")}, {b, Number("0.1")}}));
}

TEST_F(LineageTest, NothingMayBeLeftNowhere) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin);
  const UnitId c = Add("C", kBegin);
  EXPECT_EQ(Reasons({Event(Kind::kSplit, kMerger, a, b, "0.4")}), Reason{"part_nowhere"});
  EXPECT_EQ(Reasons({Event(Kind::kSplit, kMerger, a, b, "0.4"),
                     Event(Kind::kSplit, kMerger, a, c, "0.5")}),
            Reason{"part_nowhere"});
  EXPECT_EQ(Reasons({Event(Kind::kEnd, kMerger, a)}), Reason{"part_nowhere"});
  EXPECT_EQ(Reasons({Event(Kind::kEnd, kMerger, a)}, TreeKind::kOrganisation), Reason{});
  EXPECT_EQ(Reasons({}), Reason{"unexplained"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, b)}), Reason{});
}

TEST_F(LineageTest, SharesAreRefusedThatCannotBe) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin);
  const UnitId c = Add("C", kBegin);
  const auto split = [&](std::string_view one, std::string_view other) {
    return Reasons(
        {Event(Kind::kSplit, kMerger, a, b, one), Event(Kind::kSplit, kMerger, a, c, other)});
  };
  EXPECT_EQ(split("0.6", "0.5"), Reason{"wrong_share"});
  EXPECT_EQ(split("0", "1"), (Reason{"wrong_share", "wrong_share"}));
  EXPECT_EQ(split("rest", "rest"), Reason{"wrong_share"});
  EXPECT_EQ(split("0.6", "0.4"), Reason{});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, b, "0.5")}), Reason{"wrong_share"});
}

TEST_F(LineageTest, DaysMustFitTheUnits) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin);
  const UnitId c = Add("C", kLater);
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kLater, a, b)}), Reason{"wrong_day"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, c)}), Reason{"wrong_day"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, b, a)}), Reason{"wrong_day"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, a)}), Reason{"wrong_units"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, kNoUnit)}), Reason{"wrong_units"});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, b)}), Reason{"unexplained"});
  EXPECT_EQ(
      Reasons({Event(Kind::kMerge, kMerger, a, b), Event(Kind::kFounding, kLater, kNoUnit, c)}),
      Reason{});
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, b), Event(Kind::kMerge, kMerger, a, b),
                     Event(Kind::kFounding, kLater, kNoUnit, c)}),
            Reason{"repeated_event"});
}

TEST_F(LineageTest, UnitsThatGoIntoEachOtherAreRefused) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin, kMerger);
  const UnitId c = Add("C", kBegin, kMerger);
  EXPECT_EQ(Reasons({Event(Kind::kMerge, kMerger, a, b), Event(Kind::kMerge, kMerger, b, c),
                     Event(Kind::kMerge, kMerger, c, a)}),
            (Reason{"wrong_day", "wrong_day", "wrong_day"}));
}

TEST_F(LineageTest, AChangeAndItsEventBelongTogether) {
  const UnitId a = Add("A", kBegin);
  UnitState ward{kMerger, "ward", {{"vi", "A mới"}}, {{"vi", "Phường A mới"}}, UnitId{0}};
  units_[a.value].states = {{kBegin, "commune", {{"vi", "A"}}, {{"vi", "A"}}, UnitId{0}}, ward};
  const LineageEvent rename = Event(Kind::kRename, kMerger, a);
  const LineageEvent status = Event(Kind::kStatus, kMerger, a);
  EXPECT_EQ(Reasons({}), Reason{"unexplained"});
  EXPECT_EQ(Reasons({rename}), Reason{"unexplained"});
  EXPECT_EQ(Reasons({rename, status}), Reason{});
  EXPECT_EQ(Reasons({rename, status, Event(Kind::kParent, kMerger, a)}), Reason{"no_such_change"});
  EXPECT_EQ(Tree().FindStateOn(a, kBegin)->level, "commune");
  EXPECT_EQ(Tree().FindStateOn(a, kMerger)->level, "ward");
}

TEST_F(LineageTest, ARecodeNeedsItsTwoCodes) {
  const UnitId a = Add("A", kBegin);
  LineageEvent recode = Event(Kind::kRecode, kMerger, a);
  recode.system = "gso";
  const std::vector<UnitCode> codes = {{"gso", "10", a, kBegin, kMerger},
                                       {"gso", "15", a, kMerger, std::nullopt}};
  EXPECT_EQ(Reasons({recode}, TreeKind::kTerritory, codes), Reason{});
  EXPECT_EQ(Reasons({recode}), Reason{"no_such_change"});
}

TEST_F(LineageTest, ACodeOfAMergedUnitMeansItsHeirUntilItIsGivenAway) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin, kMerger);
  const UnitId c = Add("C", kMerger, kLater);
  const UnitId d = Add("D", kLater);
  const UnitId e = Add("E", kBegin, kMerger);
  UnitTree tree = Tree(TreeKind::kTerritory, {{"gso", "1", a, kBegin, kMerger},
                                              {"gso", "2", b, kBegin, kMerger},
                                              {"gso", "2", d, kLater, std::nullopt},
                                              {"gso", "3", e, kBegin, kMerger}});
  const Lineage lineage =
      Build({Event(Kind::kMerge, kMerger, a, c), Event(Kind::kMerge, kMerger, b, c),
             Event(Kind::kMerge, kLater, c, d), Event(Kind::kSplit, kMerger, e, c),
             Event(Kind::kSplit, kMerger, e, UnitId{0}, "rest")});
  ASSERT_TRUE(tree.AddCodes(lineage.InheritedCodes(tree)).ok());
  EXPECT_EQ(tree.Resolve("gso", "1", kBegin), a);
  EXPECT_EQ(tree.Resolve("gso", "1", kMerger), c);
  EXPECT_EQ(tree.Resolve("gso", "1", kLater), d);
  EXPECT_EQ(tree.Resolve("gso", "2", kMerger), c);
  EXPECT_EQ(tree.Resolve("gso", "2", kLater), d);
  EXPECT_EQ(tree.Resolve("gso", "3", kMerger), std::nullopt);
}

TEST_F(LineageTest, EndedUnitsStayBelowTheRootButNotAmongItsChildrenOfToday) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kMerger);
  units_[a.value].parent = kNoUnit;
  const UnitTree tree = Tree();
  EXPECT_EQ(tree.root(), UnitId{0});
  EXPECT_TRUE(tree.IsWithin(a, tree.root()));
  EXPECT_EQ(tree.FindStateOn(a, kBegin)->parent, kNoUnit);
  EXPECT_EQ(tree.ChildrenOn(tree.root(), kLater), std::vector<UnitId>{b});
  EXPECT_EQ(tree.UnitsOn(kBegin), (std::vector<UnitId>{UnitId{0}, a}));
  EXPECT_EQ(tree.NearestDayOf(a, kLater), kMerger - std::chrono::days(1));
  EXPECT_EQ(tree.NearestDayOf(b, kBegin), kMerger);
}

TEST_F(LineageTest, AParentMustExistAsLongAsItsChildren) {
  const UnitId a = Add("A", kBegin, kMerger);
  const UnitId b = Add("B", kBegin);
  units_[b.value].parent = a;
  EXPECT_EQ(UnitTree::Build(TreeKind::kTerritory, units_, {}).error().reason, "outside_parent");
  units_[b.value].states = {{kBegin, "commune", {}, {}, a},
                            {kMerger, "commune", {}, {}, UnitId{0}}};
  EXPECT_TRUE(UnitTree::Build(TreeKind::kTerritory, units_, {}).ok());
}

TEST_F(LineageTest, ACircleOfThePastIsFound) {
  const UnitId a = Add("A", kBegin);
  const UnitId b = Add("B", kBegin);
  units_[a.value].states = {{kBegin, "c", {}, {}, b}, {kMerger, "c", {}, {}, UnitId{0}}};
  units_[b.value].states = {{kBegin, "c", {}, {}, a}, {kMerger, "c", {}, {}, UnitId{0}}};
  EXPECT_EQ(UnitTree::Build(TreeKind::kTerritory, units_, {}).error().reason, "cycle");
}

// A random history: each year some units are merged, split, or lose a part to another one.
class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed) : random_(seed) {}

  void Run(std::vector<Unit>& units, std::vector<LineageEvent>& events, int years) {
    units_ = &units;
    events_ = &events;
    for (int i = 0; i < 6; ++i) living_.push_back(Add(kBegin));
    for (int year = 1; year <= years; ++year) Change(Day(2020 + year, 7, 1));
  }

 private:
  UnitId Add(Date from) {
    Unit unit;
    unit.code = "u" + std::to_string(units_->size());
    unit.level = "commune";
    unit.parent = UnitId{0};
    unit.valid_from = from;
    units_->push_back(unit);
    return UnitId{static_cast<std::uint32_t>(units_->size() - 1)};
  }

  std::size_t Below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  UnitId TakeLiving() {
    const std::size_t index = Below(living_.size());
    const UnitId unit = living_[index];
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(index));
    return unit;
  }

  void Change(Date day) {
    const UnitId unit = TakeLiving();
    const std::size_t choice = living_.size() < 2 ? 1 : Below(3);
    if (choice == 0) {
      (*units_)[unit.value].valid_to = day;
      events_->push_back(Event(Kind::kMerge, day, unit, living_[Below(living_.size())]));
    } else if (choice == 1) {
      (*units_)[unit.value].valid_to = day;
      const UnitId one = Add(day);
      const UnitId other = Add(day);
      // Thirds have no last decimal, so that rounding is put to the test.
      events_->push_back(Event(Kind::kSplit, day, unit, one, "0.333333333333333333"));
      events_->push_back(Event(Kind::kSplit, day, unit, other, "rest"));
      living_.insert(living_.end(), {one, other});
    } else {
      const UnitId to = living_[Below(living_.size())];
      events_->push_back(Event(Kind::kPart, day, unit, to, "0." + std::to_string(1 + Below(8))));
      living_.push_back(unit);
    }
  }

  std::mt19937_64 random_;
  std::vector<Unit>* units_ = nullptr;
  std::vector<LineageEvent>* events_ = nullptr;
  std::vector<UnitId> living_;
};

std::optional<Decimal> SumOf(const Lineage::Amounts& amounts) {
  Decimal sum;
  for (const auto& [unit, amount] : amounts) {
    if (!amount) return std::nullopt;
    sum = Add(sum, *amount).value();
  }
  return sum;
}

TEST(LineageProperty, WhatGoesInComesOutOfAnySequenceOfMergesAndSplits) {
  rc::check([](std::uint64_t seed) {
    const int years = 1 + static_cast<int>(seed % 12);
    std::vector<Unit> units(1);
    units[0].code = "R";
    units[0].valid_from = kBegin;
    std::vector<LineageEvent> events;
    RandomHistory(seed).Run(units, events, years);
    const auto tree = UnitTree::Build(TreeKind::kTerritory, units, {});
    RC_ASSERT(tree.ok());
    const auto lineage = Lineage::Build(*tree, events);
    RC_ASSERT(lineage.ok());
    Lineage::Amounts amounts;
    for (std::uint32_t i = 1; i <= 6; ++i) amounts[{i}] = Decimal(Int128(seed % 9973) * i + 1, 2);
    const auto before = SumOf(amounts);
    for (int year = 1; year <= years; ++year) {
      const Date day = Day(2020 + year, 7, 1);
      const auto after = lineage->Carry(amounts, kBegin, day);
      RC_ASSERT(SumOf(after) == before);
      for (const auto& [unit, amount] : after) RC_ASSERT(tree->IsValidOn(unit, day));
    }
  });
}

TEST(LineageProperty, ForwardAndBackwardTellTheSameShares) {
  rc::check([](std::uint64_t seed) {
    const int years = 1 + static_cast<int>(seed % 8);
    std::vector<Unit> units(1);
    units[0].code = "R";
    units[0].valid_from = kBegin;
    std::vector<LineageEvent> events;
    RandomHistory(seed).Run(units, events, years);
    const UnitTree tree = UnitTree::Build(TreeKind::kTerritory, units, {}).value();
    const Lineage lineage = Lineage::Build(tree, events).value();
    const Date last = Day(2020 + years, 7, 1);
    for (const UnitId origin : tree.UnitsOn(kBegin)) {
      for (const Holding& holding : lineage.Trace(origin, kBegin, last)) {
        const auto back = lineage.Trace(holding.unit, last, kBegin);
        RC_ASSERT(std::ranges::count(back, Holding{origin, holding.share}) == 1);
      }
    }
  });
}

TEST(UnitAttributes, AreKnownOnTheirDays) {
  const auto built =
      UnitAttributes::Build({{UnitId{1}, "population", Number("120"), kMerger, std::nullopt, ""},
                             {UnitId{1}, "population", Number("100"), kBegin, kMerger, "census"},
                             {UnitId{1}, "area_km2", Number("7.5"), kBegin, std::nullopt, ""}});
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->Find(UnitId{1}, "population", kBegin)->value, Number("100"));
  EXPECT_EQ(built->Find(UnitId{1}, "population", kLater)->value, Number("120"));
  EXPECT_EQ(built->Find(UnitId{1}, "households", kLater), nullptr);
  EXPECT_EQ(built->Find(UnitId{2}, "population", kLater), nullptr);
  EXPECT_EQ(built->AllOf(UnitId{1}, kLater).size(), 2U);
  EXPECT_TRUE(built->Knows("population"));
  EXPECT_FALSE(built->Knows("households"));
  const auto twice =
      UnitAttributes::Build({{UnitId{1}, "population", Number("1"), kBegin, std::nullopt, ""},
                             {UnitId{1}, "population", Number("2"), kMerger, std::nullopt, ""}});
  EXPECT_EQ(twice.error().reason, "overlapping_attributes");
}

}  // namespace
}  // namespace fansipan::model
