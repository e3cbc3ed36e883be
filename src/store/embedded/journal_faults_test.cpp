#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/faulty_file_system.h"
#include "base/testing/recording_file_system.h"
#include "base/testing/temporary_folder.h"
#include "store/embedded/file_journal.h"
#include "store/embedded/internal/segment_summary.h"
#include "store/testing/journal_contract.h"
#include "store/testing/random_entries.h"
#include "store/testing/unsynced_file_system.h"

namespace fansipan::store {
namespace {

constexpr std::uint64_t kSeeds = 6;
constexpr std::uint64_t kShortSegment = 1'500;
constexpr int kEntries = 14;

class JournalFaults : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.MakeFolder(folder_ / "live").ok()); }

  base::Result<std::unique_ptr<FileJournal>> TryOpen(base::FileSystem& files,
                                                     const std::string& folder) {
    return FileJournal::Open(files, folder, random_, {.segment_bytes = kShortSegment});
  }
  std::unique_ptr<FileJournal> Open(base::FileSystem& files) {
    auto journal = TryOpen(files, live_);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  base::Error AppendFails(FileJournal& journal, const JournalEntry& entry) {
    const base::Status status = journal.Append(entry);
    EXPECT_FALSE(status.ok());
    return status.ok() ? base::Error{} : status.error();
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  UnsyncedFileSystem unsynced_{files_};
  base::SystemRandom random_;
  RandomEntries random_entries_{31};
  const std::string live_ = folder_ / "live/journal";
};

// A journal whose power is cut after each of its operations.
class JournalPowerCut : public JournalFaults {
 protected:
  /// What is at `left` after a cut, judged by what was acknowledged before it.
  struct Outcome {
    int cuts = 0;
    int lost = 0;      // cuts that lost something acknowledged, or let nothing be opened
    int invented = 0;  // cuts after which something else than the entries' beginning is there
    int torn = 0;      // cuts that left a tail to be cut
    int trusted = 0;   // cuts after which a summary spared an opening a closed segment
    int healed = 0;    // cuts after which a closed segment had to be read
    int garbled = 0;   // cuts that left a summary of the right name and no use
  };

  void SetUp() override {
    JournalFaults::SetUp();
    recording_ = std::make_unique<base::RecordingFileSystem>(files_, folder_ / "live");
  }

  void Append(FileJournal& journal, const JournalEntry& entry) {
    if (entries_.size() < entry.number) entries_.push_back(entry);
    ASSERT_TRUE(journal.Append(entry).ok());
    acknowledged_at_.push_back(recording_->operation_count());
  }
  void AppendEntries(base::FileSystem& files) {
    const auto journal = Open(files);
    ASSERT_NE(journal, nullptr);
    for (int i = 0; i < kEntries; ++i) Append(*journal, random_entries_.Next(3));
  }

  Outcome CutPowerEverywhere() {
    Outcome outcome;
    for (std::size_t cut = 0; cut <= recording_->operation_count(); ++cut) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) CutPower(cut, seed, outcome);
    }
    return outcome;
  }

  void CutPower(std::size_t cut, std::uint64_t seed, Outcome& outcome) {
    ++outcome.cuts;
    base::SeededRandom random(seed * 1'000 + cut);
    ASSERT_TRUE(recording_->WriteSurvivors(folder_ / "left", cut, random).ok());
    std::size_t acknowledged = 0;
    for (const std::size_t at : acknowledged_at_) acknowledged += at <= cut;
    const int garbled = CountGarbledSummaries(folder_ / "left/journal");
    outcome.garbled += garbled > 0;
    auto opened = TryOpen(unsynced_, folder_ / "left/journal");
    if (!opened.ok()) {
      ++outcome.lost;
      return;
    }
    FileJournal& journal = **opened;
    const JournalRecovery& report = journal.recovery();
    outcome.torn += report.cut_bytes > 0;
    outcome.trusted += report.read_segments < report.segments;
    outcome.healed += report.read_segments > 1;
    std::vector<JournalEntry> found;
    const base::Status read = journal.Read(1, [&found](const JournalEntry& entry) {
      found.push_back(entry);
      return base::Status();
    });
    outcome.lost += !read.ok() || found.size() < acknowledged;
    if (!read.ok()) return;
    const bool beginning =
        found.size() <= entries_.size() && std::equal(found.begin(), found.end(), entries_.begin());
    outcome.invented += !beginning || ReadHeads(journal) != HeadsOf(found);
    outcome.lost += !journal.Scrub({}).ok();
    // What was cut can be sent and appended again.
    if (beginning && found.size() < entries_.size()) {
      EXPECT_TRUE(journal.Append(entries_[found.size()]).ok());
      found.push_back(entries_[found.size()]);
      EXPECT_EQ(ReadHeads(journal), HeadsOf(found));
    }
  }

  int CountGarbledSummaries(const std::string& folder) {
    int garbled = 0;
    const auto names = files_.List(folder);
    if (!names.ok()) return 0;
    for (const std::string& name : *names) {
      if (!name.ends_with(".heads")) continue;
      garbled += !internal::DecodeSummary(*files_.ReadWhole(folder + "/" + name, 1 << 20)).ok();
    }
    return garbled;
  }

  std::unique_ptr<base::RecordingFileSystem> recording_;
  std::vector<JournalEntry> entries_;
  std::vector<std::size_t> acknowledged_at_;
};

TEST_F(JournalPowerCut, LosesNothingAcknowledgedAndInventsNothing) {
  ASSERT_NO_FATAL_FAILURE(AppendEntries(*recording_));
  ASSERT_GT(files_.List(live_)->size(), 4U) << "several segments are part of the test";
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.invented, 0);
  EXPECT_GT(outcome.torn, 0);
  EXPECT_GT(outcome.trusted, 0);
  EXPECT_GT(outcome.healed, 0);
  EXPECT_GT(outcome.garbled, 0) << "summaries that were not synced are part of the test";
}

TEST_F(JournalPowerCut, IsSeenByThisTestWhenSyncsAreLeftOut) {
  UnsyncedFileSystem unsynced(*recording_);
  ASSERT_NO_FATAL_FAILURE(AppendEntries(unsynced));
  EXPECT_GT(CutPowerEverywhere().lost, 0);
}

TEST_F(JournalPowerCut, LosesNothingAroundAFullDisk) {
  base::FaultyFileSystem faulty(*recording_);
  const auto journal = Open(faulty);
  for (int i = 0; i < kEntries; ++i) {
    const JournalEntry entry = random_entries_.Next(3);
    entries_.push_back(entry);
    if (i % 2 == 1) {
      faulty.LimitStorage(static_cast<std::uint64_t>(i));
      EXPECT_EQ(AppendFails(*journal, entry).code, base::ErrorCode::kStorageFull);
      faulty.FreeStorage();
    }
    ASSERT_NO_FATAL_FAILURE(Append(*journal, entry));
  }
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.invented, 0);
}

TEST_F(JournalPowerCut, LosesNothingWhileATornTailIsBeingCut) {
  {
    const auto journal = Open(files_);
    for (int i = 0; i < 4; ++i) {
      entries_.push_back(random_entries_.Next(3));
      ASSERT_TRUE(journal->Append(entries_.back()).ok());
    }
  }
  const std::string last = live_ + "/" + *std::prev(files_.List(live_)->end(), 2);
  ASSERT_TRUE(last.ends_with(".fj"));
  std::ofstream(last, std::ios::binary | std::ios::app) << "FSJe torn";
  recording_ = std::make_unique<base::RecordingFileSystem>(files_, folder_ / "live");
  acknowledged_at_.assign(entries_.size(), 0);
  {
    const auto journal = Open(*recording_);
    EXPECT_EQ(journal->recovery().cut_bytes, 9U);
    ASSERT_NO_FATAL_FAILURE(Append(*journal, random_entries_.Next(3)));
  }
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.invented, 0);
}

TEST_F(JournalPowerCut, LosesNothingWhileAnOpeningWritesSummaries) {
  {
    const auto journal = Open(files_);
    for (int i = 0; i < kEntries; ++i) {
      entries_.push_back(random_entries_.Next(3));
      ASSERT_TRUE(journal->Append(entries_.back()).ok());
    }
  }
  const auto names = files_.List(live_);
  for (const std::string& name : *names) {
    if (name.ends_with(".heads")) {
      ASSERT_TRUE(files_.Remove(live_ + "/" + name).ok());
    }
  }
  recording_ = std::make_unique<base::RecordingFileSystem>(files_, folder_ / "live");
  acknowledged_at_.assign(entries_.size(), 0);
  EXPECT_GT(Open(*recording_)->recovery().read_segments, 3U);
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.invented, 0);
  EXPECT_GT(outcome.garbled, 0);
}

TEST_F(JournalFaults, AFullDiskAppendsNothingAndLaterAppendsWork) {
  base::FaultyFileSystem faulty(files_);
  const auto journal = Open(faulty);
  std::vector<JournalEntry> appended;
  for (int i = 0; i < 40; ++i) {
    const JournalEntry entry = random_entries_.Next();
    const JournalEnd end = journal->End();
    faulty.LimitStorage(static_cast<std::uint64_t>(i));
    EXPECT_EQ(AppendFails(*journal, entry).code, base::ErrorCode::kStorageFull);
    EXPECT_EQ(journal->End(), end);
    EXPECT_EQ(ReadEntries(*journal), appended) << "reading goes on while the disk is full";
    faulty.FreeStorage();
    ASSERT_TRUE(journal->Append(entry).ok());
    appended.push_back(entry);
  }
  EXPECT_EQ(ReadEntries(*journal), appended);
}

TEST_F(JournalFaults, AFailedSyncEndsAppendingUntilOpenedAgain) {
  base::FaultyFileSystem faulty(files_);
  std::vector<JournalEntry> acknowledged;
  auto journal = Open(faulty);
  for (int i = 0; i < 5; ++i) {
    acknowledged.push_back(random_entries_.Next());
    ASSERT_TRUE(journal->Append(acknowledged.back()).ok());
  }
  const JournalEntry entry = random_entries_.Next();
  faulty.FailNextSync("journal");
  for (int i = 0; i < 3; ++i) {
    const base::Error error = AppendFails(*journal, entry);
    EXPECT_EQ(error.code, base::ErrorCode::kIo);
    EXPECT_EQ(error.reason, "sync_failed");
  }
  EXPECT_EQ(faulty.failures(), 1U) << "a failed sync is not tried again";
  EXPECT_EQ(ReadEntries(*journal), acknowledged);

  journal.reset();
  journal = Open(faulty);
  EXPECT_EQ(ReadEntries(*journal), acknowledged);
  EXPECT_TRUE(journal->Append(entry).ok());
}

TEST_F(JournalFaults, AFailedSyncOfTheFolderEndsAppending) {
  base::FaultyFileSystem faulty(files_);
  const auto journal = Open(faulty);
  faulty.Fail(base::FileOperation::kSyncFolder, "journal",
              {base::ErrorCode::kIo, {}, "the device is gone"});
  base::Status status;
  int appended = 0;
  for (; status.ok() && appended < 50; ++appended) status = journal->Append(random_entries_.Next());
  ASSERT_FALSE(status.ok()) << "a new segment is part of the test";
  EXPECT_EQ(status.error().reason, "sync_failed");
  EXPECT_EQ(journal->End().number, static_cast<std::uint64_t>(appended - 1));
}

TEST_F(JournalFaults, AnEntryThatCannotBeTakenBackEndsAppending) {
  base::FaultyFileSystem faulty(files_);
  const auto journal = Open(faulty);
  const JournalEntry entry = random_entries_.Next();
  faulty.LimitStorage(5);
  faulty.Fail(base::FileOperation::kTruncate, "journal",
              {base::ErrorCode::kIo, {}, "the device is gone"});
  EXPECT_EQ(AppendFails(*journal, entry).reason, "sync_failed");
  faulty.FreeStorage();
  EXPECT_EQ(AppendFails(*journal, entry).reason, "sync_failed");
}

TEST_F(JournalFaults, AnOpeningThatCannotSyncIsRefused) {
  { ASSERT_TRUE(Open(files_)->Append(random_entries_.Next()).ok()); }
  base::FaultyFileSystem faulty(files_);
  faulty.FailNextSync("journal");
  EXPECT_FALSE(TryOpen(faulty, live_).ok());
  EXPECT_TRUE(TryOpen(faulty, live_).ok());
}

}  // namespace
}  // namespace fansipan::store
