#include "store/testing/journal_contract.h"

#include <atomic>
#include <thread>

#include "store/testing/random_entries.h"

namespace fansipan::store {
namespace {

JournalEntry LifeSignEntry(std::uint64_t number, std::uint64_t sequence, base::Timestamp at) {
  JournalEntry entry;
  entry.number = number;
  entry.recorded_at = at;
  entry.life_signs.push_back({"source", at, model::Sequence{sequence}});
  return entry;
}

base::Timestamp Second(int second) {
  return base::Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}} +
         std::chrono::seconds{second};
}

base::ErrorCode CodeOf(const base::Status& status) {
  EXPECT_FALSE(status.ok());
  return status.ok() ? base::ErrorCode::kInternal : status.error().code;
}

}  // namespace

std::vector<JournalEntry> ReadEntries(Journal& journal, std::uint64_t first) {
  std::vector<JournalEntry> entries;
  const base::Status read = journal.Read(first, [&entries](const JournalEntry& entry) {
    entries.push_back(entry);
    return base::Status();
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
  return entries;
}

std::vector<JournalHead> ReadHeads(Journal& journal, std::uint64_t first) {
  std::vector<JournalHead> heads;
  const base::Status read = journal.ReadHeads(first, [&heads](const JournalHead& head) {
    heads.push_back(head);
    return base::Status();
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
  return heads;
}

std::vector<JournalHead> HeadsOf(const std::vector<JournalEntry>& entries, std::uint64_t first) {
  std::vector<JournalHead> heads;
  for (const JournalEntry& entry : entries) {
    if (entry.number >= first) heads.push_back(HeadOf(entry));
  }
  return heads;
}

void JournalContract::SetUp() {
  place_ = GetParam().make_place();
  Reopen();
}

void JournalContract::Reopen() {
  journal_.reset();
  auto opened = place_->Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  journal_ = *std::move(opened);
}

// Tests of other parts link this library for its fakes and run no contract.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JournalContract);

TEST_P(JournalContract, BeginsEmpty) {
  EXPECT_EQ(journal_->End(), JournalEnd{});
  EXPECT_EQ(journal_->recovery().entries, 0U);
  EXPECT_TRUE(ReadEntries(*journal_).empty());
}

TEST_P(JournalContract, GivesBackEveryFieldOfWhatWasAppended) {
  RandomEntries random(1);
  std::vector<JournalEntry> appended;
  for (int i = 0; i < 60; ++i) {
    appended.push_back(random.Next());
    const base::Status status = journal_->Append(appended.back());
    ASSERT_TRUE(status.ok()) << status.error().message;
  }
  EXPECT_EQ(ReadEntries(*journal_), appended);
}

TEST_P(JournalContract, KeepsEntriesAndItsEndWhenOpenedAgain) {
  RandomEntries random(2);
  std::vector<JournalEntry> appended;
  for (int i = 0; i < 40; ++i) {
    appended.push_back(random.Next());
    ASSERT_TRUE(journal_->Append(appended.back()).ok());
    if (i % 13 != 0) continue;
    const JournalEnd end = journal_->End();
    ASSERT_NO_FATAL_FAILURE(Reopen());
    EXPECT_EQ(journal_->End(), end);
    EXPECT_EQ(journal_->recovery().entries, end.number);
    EXPECT_EQ(journal_->recovery().cut_bytes, 0U);
  }
  ASSERT_NO_FATAL_FAILURE(Reopen());
  EXPECT_EQ(ReadEntries(*journal_), appended);
}

TEST_P(JournalContract, ReadsFromAnyNumber) {
  RandomEntries random(3);
  std::vector<JournalEntry> appended;
  for (int i = 0; i < 30; ++i) {
    appended.push_back(random.Next());
    ASSERT_TRUE(journal_->Append(appended.back()).ok());
  }
  for (std::size_t first = 1; first <= appended.size() + 1; ++first) {
    const std::vector<JournalEntry> expected(appended.begin() + (first - 1), appended.end());
    EXPECT_EQ(ReadEntries(*journal_, first), expected) << "from " << first;
  }
}

TEST_P(JournalContract, TellsItsEnd) {
  ASSERT_TRUE(journal_->Append(LifeSignEntry(1, 7, Second(1))).ok());
  const JournalEnd expected{.number = 1, .sequence = {7}, .recorded_at = Second(1)};
  EXPECT_EQ(journal_->End(), expected);
}

TEST_P(JournalContract, KeepsItsLastSequenceBehindAnEntryWithout) {
  ASSERT_TRUE(journal_->Append(LifeSignEntry(1, 7, Second(1))).ok());
  JournalEntry empty;
  empty.number = 2;
  empty.recorded_at = Second(2);
  ASSERT_TRUE(journal_->Append(empty).ok());
  EXPECT_EQ(journal_->End().sequence, model::Sequence{7});
  ASSERT_NO_FATAL_FAILURE(Reopen());
  EXPECT_EQ(journal_->End().sequence, model::Sequence{7});
  EXPECT_EQ(CodeOf(journal_->Append(LifeSignEntry(3, 7, Second(3)))), base::ErrorCode::kConflict);
}

TEST_P(JournalContract, RefusesWhatDoesNotFollow) {
  ASSERT_TRUE(journal_->Append(LifeSignEntry(1, 7, Second(5))).ok());
  const JournalEnd end = journal_->End();
  for (const JournalEntry& entry :
       {LifeSignEntry(1, 8, Second(6)), LifeSignEntry(3, 8, Second(6)),
        LifeSignEntry(2, 7, Second(6)), LifeSignEntry(2, 8, Second(4))}) {
    EXPECT_EQ(CodeOf(journal_->Append(entry)), base::ErrorCode::kConflict);
    EXPECT_EQ(journal_->End(), end);
  }
  EXPECT_TRUE(journal_->Append(LifeSignEntry(2, 8, Second(5))).ok());
  EXPECT_EQ(ReadEntries(*journal_).size(), 2U);
}

TEST_P(JournalContract, RefusesAVersionThatItsColumnsDoNotDescribe) {
  JournalEntry entry;
  entry.number = 1;
  entry.datasets.push_back({"case", {"number"}, {model::ColumnType::kInteger}});
  CommittedDelivery committed;
  committed.delivery.sequence = {1};
  model::Version version;
  version.sequence = {2};
  version.delivery = {1};
  version.dataset = "case";
  version.values = {std::int64_t{5}};
  committed.versions.push_back(version);
  entry.deliveries.push_back(committed);

  const auto append_with = [&](const auto& change) {
    JournalEntry changed = entry;
    change(changed.deliveries[0].versions[0]);
    return journal_->Append(changed);
  };
  using model::Version;
  EXPECT_EQ(CodeOf(append_with([](Version& bad) { bad.dataset = "other"; })),
            base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(append_with([](Version& bad) { bad.values = {std::string("5")}; })),
            base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(append_with([](Version& bad) { bad.values.clear(); })),
            base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(append_with([](Version& bad) { bad.sequence = {1}; })),
            base::ErrorCode::kInvalidArgument);
  EXPECT_TRUE(append_with([](Version&) {}).ok());
}

TEST_P(JournalContract, EndsAReadWithTheVisitorsError) {
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(journal_->Append(LifeSignEntry(i, i, Second(i))).ok());
  }
  std::uint64_t visited = 0;
  const base::Status read =
      journal_->Read(1, [&visited](const JournalEntry& entry) -> base::Status {
        visited = entry.number;
        if (entry.number < 2) return {};
        return base::Error{base::ErrorCode::kDeadlineExceeded, {}, {}};
      });
  EXPECT_EQ(CodeOf(read), base::ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(visited, 2U);
}

TEST_P(JournalContract, ReadsUpToTheEndAtTheTimeOfTheCall) {
  ASSERT_TRUE(journal_->Append(LifeSignEntry(1, 1, Second(1))).ok());
  int visits = 0;
  const base::Status read = journal_->Read(1, [&](const JournalEntry&) {
    ++visits;
    return journal_->Append(LifeSignEntry(2, 2, Second(2)));
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(visits, 1);
  EXPECT_EQ(ReadEntries(*journal_).size(), 2U);
}

TEST_P(JournalContract, ReadsTheHeadsOfTheEntriesFromAnyNumber) {
  RandomEntries random(4);
  std::vector<JournalEntry> appended;
  for (int i = 0; i < 30; ++i) {
    appended.push_back(random.Next());
    ASSERT_TRUE(journal_->Append(appended.back()).ok());
    if (i % 11 == 7) {
      ASSERT_NO_FATAL_FAILURE(Reopen());
    }
    EXPECT_EQ(ReadHeads(*journal_), HeadsOf(appended)) << "after entry " << appended.size();
  }
  for (int openings = 0; openings < 2; ++openings) {
    for (std::uint64_t first = 0; first <= appended.size() + 2; ++first) {
      EXPECT_EQ(ReadHeads(*journal_, first), HeadsOf(appended, first)) << "from " << first;
    }
    ASSERT_NO_FATAL_FAILURE(Reopen());
  }
}

TEST_P(JournalContract, EndsAReadOfHeadsWithTheVisitorsError) {
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(journal_->Append(LifeSignEntry(i, i, Second(i))).ok());
  }
  std::uint64_t visited = 0;
  const base::Status read =
      journal_->ReadHeads(1, [&visited](const JournalHead& head) -> base::Status {
        visited = head.number;
        if (head.number < 2) return {};
        return base::Error{base::ErrorCode::kCorrupt, {}, {}};
      });
  EXPECT_EQ(CodeOf(read), base::ErrorCode::kCorrupt);
  EXPECT_EQ(visited, 2U);
}

TEST_P(JournalContract, ReadsHeadsUpToTheEndAtTheTimeOfTheCall) {
  ASSERT_TRUE(journal_->Append(LifeSignEntry(1, 1, Second(1))).ok());
  int visits = 0;
  const base::Status read = journal_->ReadHeads(1, [&](const JournalHead&) {
    ++visits;
    return journal_->Append(LifeSignEntry(2, 2, Second(2)));
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(visits, 1);
  EXPECT_EQ(ReadHeads(*journal_).size(), 2U);
}

TEST_P(JournalContract, ReadsHeadsWhileAnotherThreadAppends) {
  constexpr std::uint64_t kEntries = 200;
  std::atomic<bool> failed{false};
  std::thread reader([&] {
    std::uint64_t next = 1;
    while (next <= kEntries && !failed) {
      const base::Status read = journal_->ReadHeads(next, [&](const JournalHead& head) {
        failed = failed || head.number != next || head.last_sequence.value != next ||
                 head.life_signs.at(0).source != std::string(next, 'x');
        ++next;
        return base::Status();
      });
      failed = failed || !read.ok();
    }
  });
  for (std::uint64_t number = 1; number <= kEntries && !failed; ++number) {
    JournalEntry entry;
    entry.number = number;
    entry.life_signs.push_back({std::string(number, 'x'), {}, {number}});
    if (!journal_->Append(entry).ok()) failed = true;
  }
  reader.join();
  EXPECT_FALSE(failed);
}

}  // namespace fansipan::store
