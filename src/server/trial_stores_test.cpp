#include "server/trial_stores.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <vector>

#include "store/testing/fake_journal.h"

namespace fansipan::server {
namespace {

constexpr base::Timestamp kStart{std::chrono::seconds(1'770'000'000)};

/// A sign of life of a source, the smallest entry there is.
store::JournalEntry MakeEntry(std::uint64_t number) {
  store::JournalEntry entry;
  entry.number = number;
  entry.recorded_at = kStart + std::chrono::seconds(number);
  entry.life_signs.push_back({"desk", entry.recorded_at, {number}});
  return entry;
}

std::vector<std::uint64_t> NumbersIn(store::Journal& journal, std::uint64_t first) {
  std::vector<std::uint64_t> numbers;
  const auto read = journal.Read(first, [&](const store::JournalEntry& entry) -> base::Status {
    numbers.push_back(entry.number);
    return {};
  });
  EXPECT_TRUE(read.ok());
  return numbers;
}

class TrialJournalTest : public testing::Test {
 protected:
  TrialJournalTest() {
    for (const std::uint64_t number : {1U, 2U}) {
      EXPECT_TRUE(recorded_.Append(MakeEntry(number)).ok());
    }
  }
  store::FakeJournal recorded_;
};

TEST_F(TrialJournalTest, GoesOnBehindWhatWasRecordedAndLeavesThatAlone) {
  TrialJournal trial(recorded_, recorded_.End(), {});
  ASSERT_TRUE(recorded_.Append(MakeEntry(3)).ok());
  store::JournalEntry own = MakeEntry(3);
  own.life_signs.front().source = "trial";
  ASSERT_TRUE(trial.Append(own).ok());
  ASSERT_TRUE(trial.Append(MakeEntry(4)).ok());
  EXPECT_EQ(NumbersIn(trial, 1), (std::vector<std::uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(NumbersIn(trial, 4), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(NumbersIn(recorded_, 1), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(trial.End().number, 4U);
  EXPECT_EQ(trial.End().sequence.value, 4U);
  std::vector<std::string> sources;
  ASSERT_TRUE(trial
                  .ReadHeads(3,
                             [&](const store::JournalHead& head) -> base::Status {
                               sources.push_back(head.life_signs.front().source);
                               return {};
                             })
                  .ok());
  EXPECT_EQ(sources, (std::vector<std::string>{"trial", "desk"}));
}

TEST_F(TrialJournalTest, RefusesWhatDoesNotFollow) {
  TrialJournal trial(recorded_, recorded_.End(), {});
  const auto appended = trial.Append(MakeEntry(4));
  ASSERT_FALSE(appended.ok());
  EXPECT_EQ(appended.error().code, base::ErrorCode::kConflict);
}

TEST_F(TrialJournalTest, EndsWhenNobodyWaits) {
  std::stop_source gone;
  TrialJournal trial(recorded_, recorded_.End(),
                     base::Patience(base::Patience::Moment::max(), gone.get_token()));
  gone.request_stop();
  EXPECT_FALSE(trial.Append(MakeEntry(3)).ok());
  EXPECT_FALSE(trial.Read(1, [](const store::JournalEntry&) -> base::Status { return {}; }).ok());
}

}  // namespace
}  // namespace fansipan::server
