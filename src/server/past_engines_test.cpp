#include "server/past_engines.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/files.h"
#include "base/testing/temporary_folder.h"
#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"
#include "server/center_archive.h"
#include "server/engine_ledger.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"
#include "store/testing/memory_archive.h"

namespace fansipan::server {
namespace {

using namespace std::chrono_literals;

base::Timestamp Hour(int hour) {
  return base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)) +
         std::chrono::hours(hour);
}

/// Tells when its entries are read, on the thread that reads them.
class WatchedJournal final : public store::Journal {
 public:
  explicit WatchedJournal(store::Journal& inner) : inner_(inner) {}

  base::Status Append(const store::JournalEntry& entry) override { return inner_.Append(entry); }
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override {
    ++reads;
    if (on_read) on_read();
    return inner_.Read(first, visit);
  }
  base::Status ReadHeads(
      std::uint64_t first,
      const std::function<base::Status(const store::JournalHead&)>& visit) override {
    return inner_.ReadHeads(first, visit);
  }
  store::JournalEnd End() const override { return inner_.End(); }
  const store::JournalRecovery& recovery() const override { return inner_.recovery(); }

  std::function<void()> on_read;
  std::atomic<int> reads = 0;

 private:
  store::Journal& inner_;
};

/// A center that ran from 0 to 1 o'clock, and another one that runs since then.
class PastEnginesTest : public ::testing::Test {
 protected:
  PastEnginesTest() {
    Run(former_, 0);
    Run(other_, 1);
  }

  std::shared_ptr<const center::Center> Load(const std::string& remark) const {
    center::testing::Files files = center::testing::SampleCenter();
    files["center.yaml"] += remark;
    auto outcome = center::LoadCenterFiles(std::move(files), parser_);
    EXPECT_TRUE(outcome.problems.empty());
    return outcome.center;
  }

  void Run(const std::shared_ptr<const center::Center>& center, int hour) {
    store::JournalEntry entry;
    entry.number = journal_.End().number + 1;
    entry.recorded_at = Hour(hour);
    entry.centers = {{center->revision, ArchiveCenter(archive_, *center).value(), {entry.number}}};
    ASSERT_TRUE(journal_.Append(entry).ok());
    ASSERT_TRUE(ledger_.Switch(center).ok());
  }

  /// As after a crash that lost the note: the log must be computed again.
  void ForgetEnd() { ASSERT_TRUE(files_.Remove(folder_ / (former_->revision + ".end")).ok()); }
  bool IsEndNoted() { return files_.Exists(folder_ / (former_->revision + ".end")); }
  bool MayWriteFormerLog() { return past_.turns().TakeIfFree(former_->revision).has_value(); }

  const center::testing::PrattParser parser_;
  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  store::FakeJournal journal_;
  WatchedJournal read_by_ledger_{journal_};
  WatchedJournal read_by_past_{journal_};
  store::MemoryArchive archive_;
  store::FakeFactStore facts_;
  const std::shared_ptr<const center::Center> former_ = Load("");
  const std::shared_ptr<const center::Center> other_ = Load("# another one\n");
  const indicators::CellLogPlace place_{
      &files_, folder_.path(), 1'000, 1'000, 1'000, [](const std::string&) { return true; }};
  PastEngines past_{{&read_by_past_, &archive_, &parser_, place_,
                     [this] { return PastEngines::EnginePointer(ledger_.engine()); }}};
  EngineLedger ledger_{read_by_ledger_, facts_, place_, &past_.turns()};
};

TEST_F(PastEnginesTest, AnswerByTheCenterOfThen) {
  const auto engine = past_.EngineAt(Hour(0), ledger_.engine());
  ASSERT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_EQ((*engine)->center().revision, former_->revision);
  EXPECT_EQ(past_.EngineAt(Hour(1), ledger_.engine()).value(), ledger_.engine());
}

TEST_F(PastEnginesTest, WriteALogWhileNobodyElseMay) {
  ForgetEnd();
  bool may_write = true;
  read_by_past_.on_read = [&] { may_write = MayWriteFormerLog(); };
  ASSERT_TRUE(past_.EngineAt(Hour(0), ledger_.engine()).ok());
  EXPECT_GT(read_by_past_.reads, 0);
  EXPECT_FALSE(may_write);
  EXPECT_TRUE(MayWriteFormerLog());
}

TEST_F(PastEnginesTest, WaitWhileTheirCenterIsMadeTheRunningOne) {
  bool may_write = true;
  const int reads = read_by_ledger_.reads;
  read_by_ledger_.on_read = [&] { may_write = MayWriteFormerLog(); };
  Run(former_, 2);
  EXPECT_GT(read_by_ledger_.reads, reads);
  EXPECT_FALSE(may_write);
  EXPECT_TRUE(MayWriteFormerLog());
}

TEST_F(PastEnginesTest, AreTheRunningOneWhenTheirCenterRunsAgainMeanwhile) {
  const auto before = ledger_.engine();
  Run(former_, 2);
  // Asked by somebody who had looked what runs a moment earlier.
  EXPECT_EQ(past_.EngineAt(Hour(0), before).value(), ledger_.engine());
}

TEST_F(PastEnginesTest, AreOpenedOnWhenNobodyWaitsAnyMore) {
  ForgetEnd();
  std::promise<void> reading;
  std::promise<void> go_on;
  read_by_past_.on_read = [&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    reading.set_value();
    go_on.get_future().wait();
  };
  const base::Patience none(std::chrono::steady_clock::now());
  const auto late = past_.EngineAt(Hour(0), ledger_.engine(), none);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, base::ErrorCode::kDeadlineExceeded);
  reading.get_future().wait();
  std::stop_source gone;
  gone.request_stop();
  const base::Patience away(base::Patience::Moment::max(), gone.get_token());
  EXPECT_EQ(past_.EngineAt(Hour(0), ledger_.engine(), away).error().code,
            base::ErrorCode::kUnavailable);
  go_on.set_value();
  ASSERT_TRUE(past_.EngineAt(Hour(0), ledger_.engine()).ok());
  const int reads = read_by_past_.reads;
  ASSERT_TRUE(past_.EngineAt(Hour(0), ledger_.engine()).ok());
  EXPECT_EQ(read_by_past_.reads, reads);
}

TEST_F(PastEnginesTest, AreMadeReadyBeforeAnybodyAsks) {
  ForgetEnd();
  std::promise<void> reading;
  read_by_past_.on_read = [&, first = true]() mutable {
    if (std::exchange(first, false)) reading.set_value();
  };
  past_.Prepare();
  reading.get_future().wait();
  ASSERT_TRUE(past_.EngineAt(Hour(0), ledger_.engine()).ok());
  EXPECT_TRUE(IsEndNoted());
}

TEST_F(PastEnginesTest, AreRefusedOnceTheyAreStopped) {
  past_.Stop();
  EXPECT_EQ(past_.EngineAt(Hour(0), ledger_.engine()).error().code, base::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace fansipan::server
