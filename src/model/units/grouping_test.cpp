#include "model/units/grouping.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

const Date kBegin = std::chrono::year(2020) / 1 / 1;
const Date kChange = std::chrono::year(2025) / 7 / 1;

TEST(Groupings, HoldEachUnitInOneGroupOfAGroupingOnADay) {
  const auto built =
      Groupings::Build({{"health", "south", {}}, {"health", "north", {}}, {"region", "hills", {}}},
                       {{"health", "north", UnitId{1}, kBegin, kChange},
                        {"health", "south", UnitId{1}, kChange, std::nullopt},
                        {"health", "north", UnitId{2}, kBegin, std::nullopt},
                        {"region", "hills", UnitId{1}, kBegin, std::nullopt}});
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->FindGroupOf("health", UnitId{1}, kBegin)->code, "north");
  EXPECT_EQ(built->FindGroupOf("health", UnitId{1}, kChange)->code, "south");
  EXPECT_EQ(built->FindGroupOf("region", UnitId{2}, kChange), nullptr);
  const UnitGroup& north = built->groups().front();
  EXPECT_EQ(north.code, "north");
  EXPECT_EQ(built->MembersOf(north, kBegin), (std::vector<UnitId>{UnitId{1}, UnitId{2}}));
  EXPECT_EQ(built->MembersOf(north, kChange), std::vector<UnitId>{UnitId{2}});
}

TEST(Groupings, AreRefusedWithTheReason) {
  const std::vector<UnitGroup> groups = {{"health", "north", {}}, {"health", "south", {}}};
  const auto reason = [&](std::vector<GroupMember> members) {
    return Groupings::Build(groups, std::move(members)).error().reason;
  };
  EXPECT_EQ(reason({{"health", "east", UnitId{1}, kBegin, std::nullopt}}), "unknown_group");
  EXPECT_EQ(reason({{"health", "north", UnitId{1}, kBegin, std::nullopt},
                    {"health", "south", UnitId{1}, kChange, std::nullopt}}),
            "two_groups");
  EXPECT_EQ(Groupings::Build({groups[0], groups[0]}, {}).error().reason, "duplicate_group");
}

}  // namespace
}  // namespace fansipan::model
