#include "model/indicator.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::model {
namespace {

Date Day(unsigned month) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(month) / 1);
}

Target Make(int value, std::string unit, std::string period,
            std::optional<Date> decided_on = std::nullopt) {
  return {Decimal::FromInteger(value), std::move(unit), std::move(period), {}, decided_on};
}

std::string Find(const std::vector<Target>& targets, std::string_view unit, std::string_view period,
                 Date day) {
  const Target* target = FindTarget(targets, unit, period, day);
  return target == nullptr ? "none" : target->value.ToText();
}

TEST(FindTarget, TakesTheOneThatSaysMost) {
  std::vector<Target> targets = {Make(4, "", ""), Make(3, "", "2026"), Make(2, "15", ""),
                                 Make(1, "15", "2026")};
  SortTargets(targets);
  EXPECT_EQ(Find(targets, "15", "2026", Day(1)), "1");
  EXPECT_EQ(Find(targets, "15", "2027", Day(1)), "2");
  EXPECT_EQ(Find(targets, "02680", "2026", Day(1)), "3");
  EXPECT_EQ(Find(targets, "02680", "2027", Day(1)), "4");
  EXPECT_EQ(Find({}, "15", "2026", Day(1)), "none");
}

TEST(FindTarget, TakesTheOneDecidedLastButNotBeforeItIs) {
  std::vector<Target> targets = {Make(30, "15", "2026", Day(7)), Make(10, "15", "2026"),
                                 Make(20, "15", "2026", Day(3))};
  SortTargets(targets);
  EXPECT_EQ(Find(targets, "15", "2026", Day(1)), "10");
  EXPECT_EQ(Find(targets, "15", "2026", Day(3)), "20");
  EXPECT_EQ(Find(targets, "15", "2026", Day(6)), "20");
  EXPECT_EQ(Find(targets, "15", "2026", Day(7)), "30");
}

TEST(FindTarget, OneThatIsNotDecidedYetHidesNoOtherOne) {
  std::vector<Target> targets = {Make(2, "15", "2026", Day(7)), Make(1, "", "2026")};
  SortTargets(targets);
  EXPECT_EQ(Find(targets, "15", "2026", Day(6)), "1");
}

}  // namespace
}  // namespace fansipan::model
