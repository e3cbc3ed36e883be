#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sources/committer.h"
#include "sources/testing/empty_ledger.h"
#include "store/testing/fake_journal.h"

namespace fansipan::sources {
namespace {

/// Knows of no record, or of every one that another delivery has told it otherwise.
class ToldLedger final : public testing::EmptyLedger {
 public:
  using EmptyLedger::EmptyLedger;
  std::optional<Current> FindCurrent(const model::Version&) override {
    return knows_all ? std::optional(Current{model::Sequence{999}, {}, false}) : std::nullopt;
  }

  std::atomic<bool> knows_all = false;
};

std::shared_ptr<const center::Center> DeskCenter() {
  auto center = std::make_shared<center::Center>();
  center->revision = "one";
  model::Dataset dataset;
  dataset.name = "visit";
  dataset.columns = {{.name = "number"},
                     {.name = "fee", .type = model::ColumnType::kDecimal, .scale = 2}};
  dataset.key = {0};
  center->datasets.push_back(dataset);
  center::Source source;
  source.name = "desk";
  center->sources.push_back(source);
  return center;
}

PendingDelivery WithColumns(const std::vector<std::string>& names) {
  PendingDelivery pending;
  pending.center_revision = "one";
  pending.delivery.source = "desk";
  pending.delivery.outcome = "accepted";
  model::ContractFacts& facts = pending.delivery.contract.emplace();
  for (const std::string& name : names) facts.profile.push_back({name, 100, 0, 0, 0, 0, 8, {}});
  return pending;
}

bool Drifts(const base::Result<RecordedDelivery>& recorded) {
  EXPECT_TRUE(recorded.ok());
  return recorded.ok() && recorded->delivery.contract && recorded->delivery.contract->drift;
}

class CommitterContract : public ::testing::Test {
 protected:
  CommitterContract() {
    committer_.Start();
    EXPECT_TRUE(committer_.WaitForStart(std::chrono::minutes(1)));
  }
  ~CommitterContract() override { committer_.Stop(); }

  /// The committer's thread stands still at the next tick until `go_` is set.
  void HoldNextTick() { hold_ = true; }
  void OnPublished() {
    if (!hold_.exchange(false)) return;
    held_.set_value();
    go_.get_future().wait();
  }

  std::atomic<bool> hold_ = false;
  std::promise<void> held_;
  std::promise<void> go_;
  store::FakeJournal journal_;
  ToldLedger ledger_{DeskCenter()};
  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  base::MetricsRegistry metrics_;
  Committer committer_{
      {&journal_, &ledger_, &clock_, &metrics_, [this](const auto&) { OnPublished(); }}, {}};
};

TEST_F(CommitterContract, JudgesADeliveryByTheOneBeforeItInTheSameEntry) {
  HoldNextTick();
  auto ticking = std::async(std::launch::async, [&] { committer_.PassTimeNow(); });
  held_.get_future().wait();
  std::atomic<int> begun = 0;
  const auto commit = [&](const std::vector<std::string>& names) {
    return std::async(std::launch::async, [&, names] {
      ++begun;
      return committer_.Commit(WithColumns(names));
    });
  };
  auto one = commit({"number", "fee"});
  auto other = commit({"number"});
  while (begun < 2) std::this_thread::yield();
  go_.set_value();
  ticking.get();
  const auto first = one.get();
  const auto second = other.get();
  EXPECT_NE(Drifts(first), Drifts(second));
}

TEST_F(CommitterContract, LearnsNothingFromWhatCouldNotBeRecorded) {
  journal_.FailNextAppend({base::ErrorCode::kStorageFull, "storage_full", "no room"});
  EXPECT_FALSE(committer_.Commit(WithColumns({"number", "fee"})).ok());
  EXPECT_FALSE(Drifts(committer_.Commit(WithColumns({"number"}))));
  EXPECT_TRUE(Drifts(committer_.Commit(WithColumns({"number", "fee"}))));
}

TEST_F(CommitterContract, TakesConflictsOutOfWhatWasAccepted) {
  ledger_.knows_all = true;
  PendingDelivery pending = WithColumns({"number"});
  pending.delivery.counts.raw_rows = 2;
  pending.delivery.counts.accepted = 1;
  model::ControlTotals& control = pending.delivery.contract->control.emplace();
  control.rows_told = 2;
  control.rows_arrived = control.rows_accepted = 2;
  const auto number = [](const char* digits) { return *model::Decimal::Parse(digits); };
  control.sums = {{"visit", "fee", number("30"), number("30"), number("30")}};
  model::Version version;
  version.dataset = "visit";
  version.values = {std::string("HS-1"), number("10.00")};
  version.raw_rows = {2};
  pending.versions.push_back(version);
  const auto recorded = committer_.Commit(std::move(pending));
  ASSERT_TRUE(recorded.ok());
  ASSERT_TRUE(recorded->delivery.contract && recorded->delivery.contract->control);
  const model::ControlTotals& counted = *recorded->delivery.contract->control;
  EXPECT_EQ(counted.outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(counted.rows_accepted, 1U);
  EXPECT_EQ(counted.sums[0].accepted, number("20"));
  ASSERT_EQ(counted.named.size(), 1U);
  EXPECT_EQ(counted.named[0].key, "HS-1");
}

}  // namespace
}  // namespace fansipan::sources
