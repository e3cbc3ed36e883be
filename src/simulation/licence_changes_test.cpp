#include "simulation/licence_changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace fansipan::simulation {
namespace {

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
const std::vector<std::string> kCommunes = {"02824", "02845"};

/// How many of a thousand changes meet the condition.
template <typename Condition>
int CountOf(const LicenceFaults& faults, Condition meets) {
  const LicenceChanges changes(7, kCommunes, faults);
  int count = 0;
  for (std::uint64_t n = 0; n < 1'000; ++n) {
    if (meets(changes.Make(n, kNow))) ++count;
  }
  return count;
}

TEST(LicenceChanges, AreTheSameForTheSameSeed) {
  const LicenceChanges changes(7, kCommunes, {});
  const LicenceChanges again(7, kCommunes, {});
  const LicenceChanges other(8, kCommunes, {});
  int same = 0;
  for (std::uint64_t n = 0; n < 100; ++n) {
    EXPECT_EQ(changes.Make(n, kNow)[0].licence, again.Make(n, kNow)[0].licence);
    if (changes.Make(n, kNow)[0].licence == other.Make(n, kNow)[0].licence) ++same;
  }
  EXPECT_LT(same, 5);
}

TEST(LicenceChanges, ChangeLicencesThatThereAreAndMakeNewOnes) {
  const LicenceChanges changes(7, kCommunes, {});
  std::set<std::string> numbers;
  for (std::uint64_t n = 0; n < 1'000; ++n) numbers.insert(changes.Make(n, kNow)[0].licence.number);
  EXPECT_GT(numbers.size(), 200U);
  EXPECT_LT(numbers.size(), 600U);
}

TEST(LicenceChanges, GoWrongAsOftenAsTheyShould) {
  const auto late = [](const auto& made) { return made[0].written_at > kNow; };
  const auto twice = [](const auto& made) { return made.size() == 2; };
  const auto back = [](const auto& made) { return made[0].licence.updated_at < kNow; };
  EXPECT_EQ(CountOf({}, late) + CountOf({}, twice) + CountOf({}, back), 0);
  EXPECT_NEAR(CountOf({.late = 0.2}, late), 200, 60);
  EXPECT_NEAR(CountOf({.duplicated = 0.2}, twice), 200, 60);
  EXPECT_NEAR(CountOf({.reordered = 0.2}, back), 200, 60);
  const auto cut = [](const auto& made) {
    return std::ranges::count_if(made[0].licence.holder, [](char c) {
             return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
           }) <= 6;
  };
  EXPECT_EQ(CountOf({.truncated = 1}, cut), 1'000);
  EXPECT_EQ(CountOf({}, cut), 0);
}

}  // namespace
}  // namespace fansipan::simulation
