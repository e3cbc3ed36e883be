#include "indicators/health/source_conditions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace fansipan::indicators {
namespace {

base::Timestamp At(std::uint64_t second) { return base::Timestamp(std::chrono::seconds(second)); }

SourceConditions Refused(std::uint64_t since, std::uint64_t times) {
  SourceConditions conditions;
  conditions.refused =
      SourceTrouble{At(since), "mapping_failed", "word " + std::to_string(times), {}, {}, times};
  return conditions;
}

TEST(ConditionLog, KeepsTheFirstAndTheLastWordsOfATroubleThatIsSaidAgainAndAgain) {
  ConditionLog log;
  for (std::uint64_t i = 1; i <= 10'000; ++i) log.Add(At(i), Refused(1, i));
  ASSERT_EQ(log.entries().size(), ConditionLog::kMaxWords);
  const std::size_t half = ConditionLog::kMaxWords / 2;
  EXPECT_EQ(log.entries().front().recorded_at, At(1));
  EXPECT_EQ(log.entries()[half - 1].recorded_at, At(half));
  EXPECT_EQ(log.entries()[half].recorded_at, At(10'001 - half));
  EXPECT_EQ(log.Last().refused->times, 10'000U) << "of all, also of those left out";
}

TEST(ConditionLog, KeepsTheOldestAndTheYoungestChangesAndTellsHowManyAreLeftOut) {
  ConditionLog log;
  constexpr std::uint64_t kChanges = 50'000;
  for (std::uint64_t i = 1; i <= kChanges; ++i) {
    log.Add(At(i), i % 2 == 1 ? Refused(i, 1) : SourceConditions());
  }
  const auto& entries = log.entries();
  EXPECT_LE(entries.size(), ConditionLog::kMaxEntries);
  EXPECT_EQ(entries.front().recorded_at, At(1));
  EXPECT_EQ(entries.back().recorded_at, At(kChanges));
  const std::uint64_t left_out =
      std::accumulate(entries.begin(), entries.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const auto& entry) { return sum + entry.left_out; });
  EXPECT_EQ(entries.size() + left_out, kChanges);
  EXPECT_TRUE(std::is_sorted(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.recorded_at < b.recorded_at;
  }));
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].left_out == 0) continue;
    EXPECT_TRUE(entries[i - 1].conditions->refused) << "what is left out is never a good time";
  }
}

}  // namespace
}  // namespace fansipan::indicators
