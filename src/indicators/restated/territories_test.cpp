#include "indicators/restated/territories.h"

#include <gtest/gtest.h>

#include <chrono>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

constexpr model::Date kFounded{std::chrono::days(20'000)};  // of the office's units
constexpr model::TreeKind kTree = model::TreeKind::kTerritory;

TEST(Territories, AreTheSameOnDaysBetweenWhichNothingChanges) {
  testing::PermitOffice office;
  const Territories territories(office.center());
  const auto first = territories.On(kTree, kFounded, "");
  for (int days = 1; days < 100; ++days) {
    EXPECT_EQ(territories.On(kTree, kFounded + std::chrono::days(days), ""), first);
  }
  EXPECT_NE(territories.On(kTree, kFounded - std::chrono::days(1), ""), first);
  EXPECT_NE(territories.On(kTree, kFounded, "people"), first);
  EXPECT_EQ(territories.On(kTree, kFounded - std::chrono::days(1), ""),
            territories.On(kTree, kFounded - std::chrono::days(99), ""));
}

}  // namespace
}  // namespace fansipan::indicators
