#include "sources/committer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "sources/testing/empty_ledger.h"
#include "store/testing/fake_journal.h"

namespace fansipan::sources {
namespace {

/// Completes when the test says so, with what the test says; keeps nothing.
class WaitingLedger final : public testing::EmptyLedger {
 public:
  explicit WaitingLedger(std::future<base::Status> completion)
      : completion_(std::move(completion)) {}

  void Begin(base::Timestamp) override { EXPECT_TRUE(complete_); }
  void Advance(base::Timestamp) override { EXPECT_TRUE(complete_); }
  base::Status Complete() override {
    auto completed = completion_.get();
    complete_ = completed.ok();
    return completed;
  }

 private:
  std::future<base::Status> completion_;
  bool complete_ = false;
};

/// Has records to look at for as long as the test says so.
class ReckoningLedger final : public testing::EmptyLedger {
 public:
  std::optional<std::vector<model::Version>> ReckonNext() override {
    if (is_through) return std::nullopt;
    return std::vector<model::Version>();
  }
  void ReckonFromStart() override { ++begun_anew; }

  std::atomic<bool> is_through = false;
  std::atomic<int> begun_anew = 0;
};

class CommitterClocks : public ::testing::Test {
 protected:
  CommitterClocks() { committer_.Start(); }
  ~CommitterClocks() override { committer_.Stop(); }

  ReckoningLedger ledger_;
  store::FakeJournal journal_;
  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  base::MetricsRegistry metrics_;
  Committer committer_{{&journal_, &ledger_, &clock_, &metrics_, {}}, {}};
};

TEST_F(CommitterClocks, KeepNobodyWaitingButWhoAsksForThem) {
  committer_.PassTimeNow();
  auto reckoned = std::async(std::launch::async, [&] { committer_.TickNow(); });
  committer_.PassTimeNow();
  EXPECT_TRUE(committer_.CommitLifeSign("office", clock_.Now()).ok());
  ledger_.is_through = true;
  reckoned.get();
  // The life sign, and that all records have been looked at.
  EXPECT_EQ(journal_.End().number, 2U);
}

TEST_F(CommitterClocks, AreRecordedOnceAFullDiskHasRoomAgain) {
  journal_.FailNextAppend({base::ErrorCode::kStorageFull, "storage_full", "no room"});
  // Records are looked at between the two.
  committer_.PassTimeNow();
  committer_.PassTimeNow();
  ledger_.is_through = true;
  while (ledger_.begun_anew == 0) committer_.PassTimeNow();
  EXPECT_EQ(journal_.End().number, 0U);
  committer_.TickNow();
  EXPECT_EQ(journal_.End().number, 1U);
}

class CommitterStart : public ::testing::Test {
 protected:
  ~CommitterStart() override { committer_.Stop(); }

  std::promise<base::Status> completion_;
  WaitingLedger ledger_{completion_.get_future()};
  store::FakeJournal journal_;
  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  base::MetricsRegistry metrics_;
  Committer committer_{{&journal_, &ledger_, &clock_, &metrics_, {}}, {}};
};

TEST_F(CommitterStart, TakesNothingBeforeTheLedgerIsComplete) {
  committer_.Start();
  EXPECT_FALSE(committer_.WaitForStart(std::chrono::milliseconds(0)));
  EXPECT_EQ(committer_.refusal(), "starting");
  EXPECT_EQ(committer_.CommitLifeSign("office", clock_.Now()).error().reason, "intake_starting");
  EXPECT_EQ(committer_.Commit({}).error().reason, "intake_starting");
  completion_.set_value({});
  ASSERT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  EXPECT_EQ(committer_.refusal(), "");
  EXPECT_TRUE(committer_.CommitLifeSign("office", clock_.Now()).ok());
  EXPECT_EQ(journal_.End().number, 1U);
}

TEST_F(CommitterStart, StaysClosedWhenWhatIsRecordedCannotBeRead) {
  completion_.set_value(base::Error{base::ErrorCode::kCorrupt, "", "byte 7 is damaged"});
  committer_.Start();
  ASSERT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  EXPECT_EQ(committer_.refusal(), "failed");
  committer_.TickNow();
  EXPECT_EQ(committer_.CommitLifeSign("office", clock_.Now()).error().reason, "intake_stopped");
  EXPECT_EQ(journal_.End().number, 0U);
}

TEST_F(CommitterStart, RecordsAPositionInTheEntryOfItsRowsAndKnowsItAgain) {
  completion_.set_value({});
  committer_.Start();
  ASSERT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  EXPECT_EQ(committer_.FindPosition("registry"), "");
  ASSERT_TRUE(committer_.CommitLifeSign("registry", clock_.Now(), "page 2").ok());
  ASSERT_TRUE(committer_.CommitLifeSign("registry", clock_.Now()).ok()) << "leaves it as it is";
  EXPECT_EQ(committer_.FindPosition("registry"), "page 2");
  PendingDelivery delivery;
  delivery.delivery.source = "registry";
  delivery.position = "page 3";
  ASSERT_TRUE(committer_.Commit(delivery).ok());
  delivery.position.clear();
  delivery.delivery.source = "office";
  ASSERT_TRUE(committer_.Commit(delivery).ok());

  Committer again({&journal_, &ledger_, &clock_, &metrics_, {}}, {});
  std::vector<std::string> positions;
  ASSERT_TRUE(journal_
                  .ReadHeads(1,
                             [&](const store::JournalHead& head) -> base::Status {
                               again.Recall(head);
                               for (const auto& found : head.positions) {
                                 positions.push_back(found.position);
                                 EXPECT_EQ(head.deliveries.size(), found.position == "page 3");
                               }
                               return {};
                             })
                  .ok());
  EXPECT_EQ(positions, (std::vector<std::string>{"page 2", "page 3"}));
  EXPECT_EQ(again.FindPosition("registry"), "page 3");
  EXPECT_EQ(again.FindPosition("office"), "");
}

store::SourceNote NoteOf(store::SourceCondition condition, bool begins,
                         const std::string& reason = {}) {
  store::SourceNote note;
  note.source = "registry";
  note.condition = condition;
  note.begins = begins;
  note.reason = reason;
  return note;
}

TEST_F(CommitterStart, RecordsAConditionWhenItBeginsAndEndsAndKnowsItAgain) {
  using store::SourceCondition;
  completion_.set_value({});
  committer_.Start();
  ASSERT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  const auto commit = [&](bool begins, const std::string& reason = {}) {
    EXPECT_TRUE(committer_.CommitNote(NoteOf(SourceCondition::kFailing, begins, reason)).ok());
    return journal_.End().number;
  };
  EXPECT_EQ(commit(false), 0U) << "it did not fail";
  EXPECT_EQ(commit(true, "no_connection"), 1U);
  EXPECT_EQ(commit(true, "no_connection"), 1U) << "nothing new";
  EXPECT_EQ(commit(true, "http_status"), 2U) << "another reason";
  EXPECT_FALSE(committer_.FindNote("registry", SourceCondition::kPaused));

  Committer again({&journal_, &ledger_, &clock_, &metrics_, {}}, {});
  const auto recall = [&](const store::JournalHead& head) -> base::Status {
    again.Recall(head);
    return {};
  };
  ASSERT_TRUE(journal_.ReadHeads(1, recall).ok());
  EXPECT_EQ(again.FindNote("registry", SourceCondition::kFailing)->reason, "http_status");
  EXPECT_EQ(commit(false), 3U);
  EXPECT_FALSE(committer_.FindNote("registry", SourceCondition::kFailing));
  EXPECT_EQ(commit(false), 3U);
}

TEST_F(CommitterStart, AConditionThatCouldNotBeRecordedHasNotBegun) {
  completion_.set_value({});
  committer_.Start();
  ASSERT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  journal_.FailNextAppend({base::ErrorCode::kStorageFull, "storage_full", "no room"});
  const auto note = NoteOf(store::SourceCondition::kPaused, true, "moved");
  EXPECT_EQ(committer_.CommitNote(note).error().reason, "storage_full");
  EXPECT_FALSE(committer_.FindNote("registry", store::SourceCondition::kPaused));
  EXPECT_TRUE(committer_.CommitNote(note).ok());
  EXPECT_TRUE(committer_.FindNote("registry", store::SourceCondition::kPaused));
}

}  // namespace
}  // namespace fansipan::sources
