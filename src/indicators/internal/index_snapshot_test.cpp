#include "indicators/internal/index_snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"
#include "indicators/cell_log_format.h"
#include "indicators/internal/bytes.h"
#include "indicators/internal/value_bytes.h"
#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

model::Dataset MakeDataset() {
  model::Dataset dataset;
  dataset.name = "case";
  dataset.columns.resize(3);
  dataset.key = {0};
  dataset.order = 1;
  return dataset;
}

std::vector<CurrentIndex> MakeIndexes(VersionHistory& history) {
  std::vector<CurrentIndex> indexes;
  indexes.emplace_back(MakeDataset(), history);
  return indexes;
}

/// What is known of all records, whatever their numbers.
std::vector<std::string> ContentOf(const CurrentIndex& index) {
  std::vector<std::string> records(index.size());
  index.ForEach(0, static_cast<CurrentIndex::RecordNumber>(index.size()), {0, 1, 2},
                [&](CurrentIndex::RecordNumber number, model::Sequence, const model::Row& values) {
                  internal::ByteWriter writer(records[number]);
                  for (const model::Value& value : values) internal::WriteValue(value, writer);
                });
  for (CurrentIndex::RecordNumber number = 0; number < index.size(); ++number) {
    internal::ByteWriter writer(records[number]);
    for (const auto& version : index.VersionsOf(number)) internal::Write(version, writer);
  }
  std::sort(records.begin(), records.end());
  return records;
}

/// A snapshot is taken piece by piece while versions are staged; those that were staged since it
/// began are staged again in what was loaded from it.
class SnapshotUnderLoad : public ::testing::TestWithParam<unsigned> {
 protected:
  model::Version Next() {
    model::Version version;
    version.sequence = version.delivery = {++sequence_};
    version.dataset = "case";
    version.withdrawn = Below(9) == 0;
    const auto key = static_cast<std::int64_t>(Below(3) == 0 ? Below(300) : Below(3));
    version.values = {key, static_cast<std::int64_t>(Below(400)), std::string(Below(20), 'a')};
    return version;
  }
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  void StageGroup(std::vector<model::Version>& staged) {
    std::vector<model::Version> group;
    for (std::uint64_t left = Below(8); left > 0; --left) {
      group.push_back(Next());
      live_[0].Stage(group.back());
    }
    if (Below(5) == 0) return live_[0].Rollback();
    live_[0].Keep();
    staged.insert(staged.end(), group.begin(), group.end());
  }

  std::mt19937_64 random_{GetParam()};
  std::uint64_t sequence_ = 0;
  VersionHistory history_;
  std::vector<CurrentIndex> live_ = MakeIndexes(history_);
};

TEST_P(SnapshotUnderLoad, GivesTheLiveIndexWithWhatWasStagedSince) {
  std::vector<model::Version> before;
  for (int group = 0; group < 200; ++group) StageGroup(before);
  std::vector<model::Version> since;
  // The live index goes on adding to what the loaded one refers to.
  std::vector<CurrentIndex> loaded = MakeIndexes(history_);
  CurrentIndex::RecordNumber next = 0;
  while (next < live_[0].size()) {
    std::string bytes;
    next = AppendIndexRecords(0, live_[0], next, 300, bytes);
    auto read = ReadIndexRecords(bytes, loaded);
    ASSERT_TRUE(read.ok());
    ASSERT_TRUE(TakeIndexRecords(*std::move(read), loaded).ok());
    StageGroup(since);
  }
  ASSERT_FALSE(since.empty());
  for (const model::Version& version : since) {
    if (!loaded[0].Holds(version)) loaded[0].Stage(version);
    loaded[0].Keep();
  }
  EXPECT_EQ(ContentOf(loaded[0]), ContentOf(live_[0]));
}

INSTANTIATE_TEST_SUITE_P(Seeds, SnapshotUnderLoad, ::testing::Range(1U, 17U));

/// Counts the entries that are read whole.
class CountingJournal final : public store::Journal {
 public:
  explicit CountingJournal(store::Journal& inner) : inner_(inner) {}
  base::Status Append(const store::JournalEntry& entry) override { return inner_.Append(entry); }
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override {
    return inner_.Read(first, [&](const store::JournalEntry& entry) {
      ++entries_read_;
      return visit(entry);
    });
  }
  base::Status ReadHeads(
      std::uint64_t first,
      const std::function<base::Status(const store::JournalHead&)>& visit) override {
    return inner_.ReadHeads(first, visit);
  }
  store::JournalEnd End() const override { return inner_.End(); }
  const store::JournalRecovery& recovery() const override { return inner_.recovery(); }

  std::uint64_t entries_read() const { return entries_read_; }

 private:
  store::Journal& inner_;
  std::uint64_t entries_read_ = 0;
};

/// An office whose index is taken a few records at a time after each delivery. All its permits are
/// there before, so that the pieces are few enough to wait, all of them, for a slow writer.
class SnapshotOfAnOffice : public ::testing::Test {
 protected:
  SnapshotOfAnOffice() {
    office_.Restore(place_);
    Deliver(25);
    office_.Restore(place_);
    Work();
  }

  /// Deliveries that outlast the taking of a snapshot.
  void Work() {
    for (int i = 0; i < 40; ++i) Deliver(1);
    office_.engine().CloseLog();
  }
  void Deliver(int permits) {
    std::vector<testing::Permit> delivered;
    for (int i = 0; i < permits; ++i) {
      ++permits_;
      const base::Timestamp received =
          testing::At("2026-03-02 09:00") + std::chrono::hours(permits_);
      delivered.push_back({permits_ % 25,
                           permits_ % 2 == 0 ? "a" : "b",
                           "online",
                           received,
                           received + std::chrono::hours(30),
                           {},
                           permits_});
    }
    office_.Deliver(testing::At("2026-03-02 10:00") + std::chrono::hours(permits_), delivered);
  }

  /// Restores from the files; how many entries were read whole.
  std::uint64_t Restore() {
    CountingJournal journal(office_.journal());
    auto engine = Engine::Restore(office_.shared_center(), journal, place_);
    EXPECT_TRUE(engine.ok()) << engine.error().message;
    if (!engine.ok()) return 0;
    ExpectAsFromTheJournal(**engine);
    return journal.entries_read();
  }
  /// Cells and waiting deadlines are those of an engine that read everything.
  void ExpectAsFromTheJournal(Engine& engine) {
    const auto plain = Engine::Restore(office_.shared_center(), office_.journal(), {}).value();
    for (const int hours : {0, 20, 60}) {
      const base::Timestamp moment =
          office_.journal().End().recorded_at + std::chrono::hours(hours);
      engine.Advance(moment);
      plain->Advance(moment);
      EXPECT_EQ(BlocksOf(engine), BlocksOf(*plain));
    }
  }
  static std::vector<std::string> BlocksOf(const Engine& engine) {
    std::vector<std::string> blocks;
    const auto read = engine.Read(std::nullopt, [&](const View& view) {
      const auto whole =
          view.log->Span(0, view.block_count).ForEach([&](const CellLogBlock& block) {
            EncodeBlock(block, blocks.emplace_back());
          });
      EXPECT_TRUE(whole.ok());
    });
    EXPECT_TRUE(read.ok());
    return blocks;
  }
  void Replace(const std::string& bytes) {
    ASSERT_TRUE(files_.Remove(path_).ok());
    ASSERT_TRUE(files_.OpenForAppend(path_).value()->Append(bytes).ok());
  }

  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  const CellLogPlace place_{&files_, folder_ / "cells", 2, 3, 400};
  const std::string path_ = folder_ / "cells/office-1.fix";
  int permits_ = 0;
  testing::PermitOffice office_;
};

TEST_F(SnapshotOfAnOffice, IsReadInsteadOfMostOfTheJournal) {
  ASSERT_TRUE(files_.Exists(path_));
  EXPECT_LT(Restore(), 41U);
  ASSERT_TRUE(files_.Remove(path_).ok());
  EXPECT_EQ(Restore(), 41U);
}

TEST_F(SnapshotOfAnOffice, IsOfNoUseWhenAByteIsWrong) {
  const std::string bytes = files_.ReadWhole(path_, 1U << 20U).value();
  ASSERT_GT(bytes.size(), 300U);
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string garbled = bytes;
    garbled[at] = static_cast<char>(garbled[at] ^ 0x04);
    Replace(garbled);
    EXPECT_EQ(Restore(), 41U) << at;
    Replace(bytes.substr(0, at));
    EXPECT_EQ(Restore(), 41U) << at;
  }
  Replace(bytes);
  EXPECT_LT(Restore(), 41U);
}

TEST_F(SnapshotOfAnOffice, IsOfNoUseWhenTheCellLogHasLess) {
  const std::string log = folder_ / "cells/office-1.fcl";
  const auto file = files_.OpenForAppend(log).value();
  ASSERT_TRUE(file->Truncate(file->Size().value() / 20).ok());
  EXPECT_EQ(Restore(), 41U);
}

TEST_F(SnapshotOfAnOffice, IsOfNoUseWithoutTheOlderVersions) {
  // So many that records have more versions than stay with them.
  for (int i = 0; i < 3; ++i) {
    office_.Restore(place_);
    Work();
  }
  const std::uint64_t entries = office_.journal().End().number;
  EXPECT_LT(Restore(), entries);
  const std::string history = folder_ / "cells/office-1.fvh";
  const std::uint64_t size = files_.OpenForRead(history).value()->Size().value();
  ASSERT_GT(size, 1000U);
  ASSERT_TRUE(files_.OpenForAppend(history).value()->Truncate(500).ok());
  EXPECT_EQ(Restore(), entries);
  ASSERT_TRUE(files_.Remove(history).ok());
  EXPECT_EQ(Restore(), entries);
}

TEST_F(SnapshotOfAnOffice, IsGivenUpWhileTheOlderVersionsHaveNoRoom) {
  ASSERT_TRUE(files_.Remove(path_).ok());
  base::FaultyFileSystem faulty(files_);
  office_.Restore({&faulty, folder_ / "cells", 2, 3, 400});
  faulty.Fail(base::FileOperation::kAppend, ".fvh", {base::ErrorCode::kStorageFull, "", "full"}, 9);
  for (int i = 0; i < 5; ++i) Work();
  EXPECT_GT(faulty.failures(), 0U);
  ExpectAsFromTheJournal(office_.engine());
  office_.Restore({&faulty, folder_ / "cells", 2, 3, 400});
  Work();
  Restore();
}

TEST_F(SnapshotOfAnOffice, IsGivenUpOnAFullDiskAndTakenLater) {
  ASSERT_TRUE(files_.Remove(path_).ok());
  base::FaultyFileSystem faulty(files_);
  office_.Restore({&faulty, folder_ / "cells", 2, 3, 400});
  faulty.Fail(base::FileOperation::kAppend, ".fix.new", {base::ErrorCode::kStorageFull, "", "full"},
              1);
  Work();
  EXPECT_EQ(faulty.failures(), 1U);
  office_.Restore({&faulty, folder_ / "cells", 2, 3, 400});
  Work();
  EXPECT_TRUE(files_.Exists(path_));
  EXPECT_FALSE(files_.Exists(path_ + ".new"));
  Restore();
}

TEST_F(SnapshotOfAnOffice, GivesFiguresBeforeItIsRead) {
  CountingJournal journal(office_.journal());
  const auto engine = Engine::Open(office_.shared_center(), journal, place_).value();
  EXPECT_EQ(journal.entries_read(), 0U);
  EXPECT_EQ(engine->behind(), 0U);
  EXPECT_EQ(engine->snapshot().sequence, office_.journal().End().sequence);
  const auto blocks = BlocksOf(*engine);
  ASSERT_TRUE(engine->Complete(journal).ok());
  EXPECT_EQ(BlocksOf(*engine), blocks);
  ExpectAsFromTheJournal(*engine);
}

}  // namespace
}  // namespace fansipan::indicators
