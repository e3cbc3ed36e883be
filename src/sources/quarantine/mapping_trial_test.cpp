#include "sources/quarantine/mapping_trial.h"

#include <gtest/gtest.h>

#include <utility>

#include "store/testing/memory_archive.h"

namespace fansipan::sources {
namespace {

/// Lines `number,channel`. The mapping's text lists words, each with what it becomes: `a=b;`; a
/// line whose word becomes nothing yields no record.
class WordWorker final : public MappingWorker {
 public:
  base::Result<MappedDelivery> Map(const MappingJob& job) override {
    const std::string& sql = job.source->mappings.front().sql;
    if (sql == "broken")
      return base::Error{base::ErrorCode::kInvalidArgument, "mapping_failed", ""};
    if (job.payload.starts_with("7000,") && sql == heavy_for) {
      return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory", "too much"};
    }
    if (is_busy) return base::Error{base::ErrorCode::kUnavailable, "intake_busy", ""};
    texts_.push_back(std::make_unique<std::vector<std::string>>());
    texts_.back()->reserve(100);
    MappedDelivery mapped;
    mapped.datasets.push_back({"visit", {}});
    for (std::size_t begin = 0; begin < job.payload.size();) {
      const std::size_t end = job.payload.find('\n', begin);
      const std::string line = job.payload.substr(begin, end - begin);
      mapped.offsets.push_back(begin);
      Add(line, static_cast<std::uint32_t>(mapped.offsets.size()), sql, mapped.datasets[0]);
      begin = end + 1;
    }
    mapped.counts.raw_rows = mapped.offsets.size();
    return mapped;
  }
  base::Result<LocatedRows> Locate(const MappingJob&, const std::vector<std::uint32_t>&) override {
    return LocatedRows();
  }
  base::Result<std::string> DropBodies(const MappingJob& job) override { return job.payload; }

 private:
  void Add(const std::string& line, std::uint32_t row, const std::string& sql,
           DatasetCandidates& candidates) {
    const std::size_t comma = line.find(',');
    std::string word = line.substr(comma + 1);
    const std::size_t rule = sql.find(word + "=");
    if (rule != std::string::npos) {
      const std::size_t begin = rule + word.size() + 1;
      word = sql.substr(begin, sql.find(';', begin) - begin);
      if (word.empty()) return;
    }
    texts_.back()->push_back(line.substr(0, comma));
    texts_.back()->push_back(word);
    const auto& texts = *texts_.back();
    candidates.rows.push_back({{texts[texts.size() - 2], texts[texts.size() - 1]}, {row}});
  }

  std::vector<std::unique_ptr<std::vector<std::string>>> texts_;

 public:
  std::string heavy_for = "never";  ///< the text that has no memory for a payload that begins so
  bool is_busy = false;
};

class MappingTrialTest : public testing::Test {
 protected:
  MappingTrialTest() {
    model::Dataset dataset;
    dataset.name = "visit";
    dataset.kind = model::DatasetKind::kEvent;
    dataset.columns = {{.name = "number", .type = model::ColumnType::kInteger},
                       {.name = "channel", .one_of = {"counter", "online"}}};
    dataset.key = {0};
    center_.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    center_.datasets = {dataset};
    center::Source source;
    source.name = "desk";
    source.mappings = {{.dataset = "visit", .file = "mappings/visit.sql", .sql = ""}};
    center_.sources = {source};
  }

  model::Delivery Archive(const std::string& payload) {
    model::Delivery delivery;
    delivery.sequence = {++sequence_};
    delivery.source = "desk";
    delivery.archive_id = archive_.Put(payload).value();
    return delivery;
  }

  base::Result<MappingTrial> Try(const std::string& sql, std::vector<model::Delivery> deliveries) {
    center::Center tried = center_;
    tried.sources[0].mappings[0].sql = sql;
    return TryMapping({.center = &center_,
                       .tried = &tried,
                       .source = "desk",
                       .dataset = "visit",
                       .deliveries = std::move(deliveries),
                       .accepted = accepted_,
                       .patience = {}},
                      archive_, worker_);
  }

  static std::uint64_t Count(const MappingTrial& trial, RowChange change) {
    return trial.counts.at(static_cast<std::size_t>(change));
  }

  std::uint64_t sequence_ = 0;
  center::Center center_;
  store::MemoryArchive archive_;
  WordWorker worker_;
  model::AcceptedByDelivery accepted_;
};

TEST_F(MappingTrialTest, TellsRowsThatAreMendedFromThoseThatAreSpoiled) {
  const auto trial = Try("web=online;online=on line;fax=;",
                         {Archive("1,web\n2,counter\n3,online\n4,fax\n5,post\n")});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(trial->deliveries, 1U);
  EXPECT_EQ(trial->unchanged, 1U);
  EXPECT_EQ(Count(*trial, RowChange::kMended), 1U);
  EXPECT_EQ(Count(*trial, RowChange::kSpoiled), 1U);
  EXPECT_EQ(Count(*trial, RowChange::kLeftOut), 1U);
  EXPECT_EQ(Count(*trial, RowChange::kStillBad), 1U);
  ASSERT_EQ(trial->rows.size(), 4U);
  const ChangedRow& mended = trial->rows[0];
  EXPECT_EQ(mended.change, RowChange::kMended);
  EXPECT_EQ(mended.raw_row, 1U);
  ASSERT_EQ(mended.before.faults.size(), 1U);
  EXPECT_EQ(mended.before.faults[0].reason, "not_allowed");
  ASSERT_EQ(mended.after.records.size(), 1U);
  EXPECT_EQ(mended.after.records[0][1], (std::pair<std::string, std::string>("channel", "online")));
}

TEST_F(MappingTrialTest, TellsTakenRowsThatWouldBeOtherwise) {
  const auto trial =
      Try("counter=online;online=;", {Archive("1,counter\n2,online\n"), Archive("3,counter\n")});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(trial->deliveries, 2U);
  EXPECT_EQ(Count(*trial, RowChange::kAltered), 2U);
  EXPECT_EQ(Count(*trial, RowChange::kLost), 1U);
  EXPECT_EQ(trial->unchanged, 0U);
}

TEST_F(MappingTrialTest, TakesAcceptedRowsForTaken) {
  const model::Delivery delivery = Archive("1,fax\n2,fax\n");
  accepted_[delivery.sequence] = {{"visit", 1}};
  const auto trial = Try("", {delivery});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(trial->unchanged, 1U);
  EXPECT_EQ(Count(*trial, RowChange::kStillBad), 1U);
}

TEST_F(MappingTrialTest, ShowsTheFirstOfManyAndCountsAll) {
  std::string payload;
  for (int row = 1; row <= 49; ++row) payload += std::to_string(row) + ",web\n";
  const auto trial = Try("web=online;", {Archive(payload), Archive(payload)});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(Count(*trial, RowChange::kMended), 98U);
  EXPECT_EQ(trial->rows.size(), kMaxShownOfChange);
  EXPECT_EQ(trial->reasons_before, (std::map<std::string, std::uint64_t>{{"not_allowed", 98}}));
  EXPECT_TRUE(trial->reasons_after.empty());
}

TEST_F(MappingTrialTest, SaysWhatTheMappingFailsOf) {
  const auto trial = Try("broken", {Archive("1,web\n")});
  ASSERT_FALSE(trial.ok());
  EXPECT_EQ(trial.error().reason, "mapping_failed");
  center_.sources[0].mappings[0].sql = "broken";
  const auto mended = Try("web=online;", {Archive("1,web\n")});
  ASSERT_TRUE(mended.ok()) << "the running mapping is what is to be mended";
  EXPECT_EQ(Count(*mended, RowChange::kGained), 1U);
}

TEST_F(MappingTrialTest, ADeliveryThatCannotBeReadHidesNoOther) {
  worker_.heavy_for = "web=online;";
  model::Delivery lost = Archive("3,web\n");
  lost.archive_id = "nowhere";
  const model::Delivery heavy = Archive("7000,web\n");
  const auto trial = Try("web=online;", {heavy, Archive("1,web\n2,web\n"), lost});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(trial->deliveries, 1U);
  EXPECT_EQ(Count(*trial, RowChange::kMended), 2U);
  ASSERT_EQ(trial->unread.size(), 2U);
  EXPECT_EQ(trial->unread[0].delivery, heavy.sequence);
  EXPECT_EQ(trial->unread[0].reason, "worker_out_of_memory");
  EXPECT_EQ(trial->unread[1].delivery, lost.sequence);
}

TEST_F(MappingTrialTest, WhatTheRunningMappingCannotReadIsGained) {
  worker_.heavy_for = "";
  const auto trial = Try("web=online;", {Archive("7000,web\n"), Archive("1,web\n")});
  ASSERT_TRUE(trial.ok()) << trial.error().message;
  EXPECT_EQ(trial->deliveries, 2U);
  EXPECT_TRUE(trial->unread.empty());
  EXPECT_EQ(Count(*trial, RowChange::kGained), 1U);
  EXPECT_EQ(Count(*trial, RowChange::kMended), 1U);
}

TEST_F(MappingTrialTest, EndsWhenNoWorkerIsToBeHad) {
  worker_.is_busy = true;
  const auto trial = Try("web=online;", {Archive("1,web\n")});
  ASSERT_FALSE(trial.ok());
  EXPECT_EQ(trial.error().reason, "intake_busy");
}

TEST_F(MappingTrialTest, EndsWithThePatience) {
  MappingTrialJob job{.center = &center_,
                      .tried = &center_,
                      .source = "desk",
                      .dataset = "visit",
                      .deliveries = {Archive("1,web\n")},
                      .accepted = {},
                      .patience = base::Patience(base::Patience::Moment::min())};
  const auto trial = TryMapping(job, archive_, worker_);
  ASSERT_FALSE(trial.ok());
  EXPECT_EQ(trial.error().code, base::ErrorCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace fansipan::sources
