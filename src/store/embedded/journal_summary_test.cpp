#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"
#include "store/embedded/file_journal.h"
#include "store/embedded/internal/segment_summary.h"
#include "store/testing/journal_contract.h"
#include "store/testing/random_entries.h"
#include "store/testing/unsynced_file_system.h"

namespace fansipan::store {
namespace {

constexpr std::uint64_t kShortSegment = 2'000;
constexpr std::size_t kHeaderBytes = 64;

// A journal of several closed segments, whose second one is looked at.
class JournalSummaryTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Fill(12));
    std::vector<std::string> segments;
    const auto names = files_.List(root_);
    for (const std::string& name : *names) {
      if (name.ends_with(".fj")) segments.push_back(name);
    }
    ASSERT_GE(segments.size(), 4U);
    segments_ = segments.size();
    segment_ = root_ + "/" + segments[1];
    summary_ = segment_.substr(0, segment_.size() - 3) + ".heads";
    last_ = root_ + "/" + segments.back();
    good_segment_ = ReadFile(segment_);
    good_summary_ = ReadFile(summary_);
    ASSERT_FALSE(good_summary_.empty());
  }

  base::Result<std::unique_ptr<FileJournal>> TryOpen(base::FileSystem& files) {
    return FileJournal::Open(files, root_, random_, {.segment_bytes = kShortSegment});
  }
  std::unique_ptr<FileJournal> Open() {
    auto journal = TryOpen(files_);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  void Fill(int count) {
    const auto journal = Open();
    for (int i = 0; i < count; ++i) Append(*journal);
  }
  void Append(FileJournal& journal) {
    entries_.push_back(random_entries_.Next(3));
    ASSERT_TRUE(journal.Append(entries_.back()).ok());
  }
  std::string ReadFile(const std::string& path) {
    const auto bytes = files_.ReadWhole(path, 1 << 26);
    return bytes.ok() ? *bytes : std::string();
  }
  static void WriteFile(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  static std::string WithChangedByte(std::string bytes, std::size_t offset) {
    bytes[offset] = static_cast<char>(bytes[offset] ^ 0x5a);
    return bytes;
  }

  /// Whatever stands in the summary's place: an open journal and the next ones give the same heads,
  /// and the opening that found it writes the right one again.
  void ExpectHealed(const std::string& bytes) {
    WriteFile(summary_, bytes);
    {
      const auto journal = Open();
      ASSERT_NE(journal, nullptr);
      EXPECT_EQ(journal->recovery().read_segments, 2U);
      EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
      EXPECT_TRUE(ReadFile(summary_) == good_summary_);
      WriteFile(summary_, bytes);
      EXPECT_EQ(ReadHeads(*journal, 2), HeadsOf(entries_, 2));
    }
    WriteFile(summary_, good_summary_);
  }
  void ExpectDamage(const base::Error& error, const std::string& path, std::uint64_t offset) {
    EXPECT_EQ(error.code, base::ErrorCode::kCorrupt);
    EXPECT_NE(error.message.find(path), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("byte " + std::to_string(offset) + ":"), std::string::npos)
        << error.message;
  }
  base::Error ReadFails(FileJournal& journal) {
    const base::Status read = journal.Read(1, [](const JournalEntry&) { return base::Status(); });
    EXPECT_FALSE(read.ok());
    return read.ok() ? base::Error{} : read.error();
  }
  base::Error ScrubFails(FileJournal& journal) {
    const auto scrubbed = journal.Scrub({});
    EXPECT_FALSE(scrubbed.ok());
    return scrubbed.ok() ? base::Error{} : scrubbed.error();
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem machine_;
  UnsyncedFileSystem files_{machine_};
  base::SystemRandom random_;
  RandomEntries random_entries_{41};
  const std::string root_ = folder_ / "data/journal";
  std::vector<JournalEntry> entries_;
  std::size_t segments_ = 0;
  std::string segment_;
  std::string summary_;
  std::string last_;
  std::string good_segment_;
  std::string good_summary_;
};

TEST_F(JournalSummaryTest, SpareAnOpeningTheClosedSegments) {
  const auto journal = Open();
  EXPECT_EQ(journal->recovery().segments, segments_);
  EXPECT_EQ(journal->recovery().read_segments, 1U);
  EXPECT_EQ(journal->recovery().entries, entries_.size());
  EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
  EXPECT_EQ(ReadEntries(*journal), entries_);
}

TEST_F(JournalSummaryTest, AreWrittenAgainWhenMissing) {
  ASSERT_TRUE(files_.Remove(summary_).ok());
  EXPECT_EQ(ReadHeads(*Open()), HeadsOf(entries_));
  EXPECT_TRUE(ReadFile(summary_) == good_summary_);
  EXPECT_EQ(Open()->recovery().read_segments, 1U);
}

TEST_F(JournalSummaryTest, AreWrittenAgainWhereverTheyAreCutOff) {
  for (std::size_t length = 0; length < good_summary_.size(); ++length) {
    ASSERT_NO_FATAL_FAILURE(ExpectHealed(good_summary_.substr(0, length))) << length;
  }
}

TEST_F(JournalSummaryTest, AreWrittenAgainWhicheverByteChanged) {
  for (std::size_t offset = 0; offset < good_summary_.size(); ++offset) {
    ASSERT_NO_FATAL_FAILURE(ExpectHealed(WithChangedByte(good_summary_, offset))) << offset;
  }
}

TEST_F(JournalSummaryTest, AreWrittenAgainWhenTheyAreNotTheirSegments) {
  const std::string first = ReadFile(root_ + "/0000000000000001.heads");
  ExpectHealed(first);
  ExpectHealed(std::string(1 << 20, 'x'));
  auto summary = internal::DecodeSummary(good_summary_);
  ASSERT_TRUE(summary.ok());
  const auto healed_with = [&](const auto& change) {
    internal::SegmentSummary changed = *summary;
    change(changed);
    ExpectHealed(internal::EncodeSummary(changed));
  };
  using internal::SegmentSummary;
  healed_with([](SegmentSummary& other) { other.journal_id[3] ^= 1; });
  healed_with([](SegmentSummary& other) { ++other.segment.bytes; });
  healed_with([](SegmentSummary& other) { ++other.segment.last_checksum; });
  healed_with([](SegmentSummary& other) {
    ++other.segment.previous_checksum;
    ++other.segment.marks[0].previous_checksum;
  });
  healed_with([](SegmentSummary& other) {
    ++other.segment.entries;
    other.heads += '\0';
  });
}

TEST_F(JournalSummaryTest, DoNotHideADamagedSegmentFromReaders) {
  std::vector<std::uint64_t> starts;
  for (std::size_t at = good_segment_.find("FSJe"); at != std::string::npos;
       at = good_segment_.find("FSJe", at + 1)) {
    starts.push_back(at);
  }
  for (std::size_t i = 0; i < starts.size(); ++i) {
    WriteFile(segment_, WithChangedByte(good_segment_, starts[i] + 40));
    const auto journal = Open();
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
    ExpectDamage(ReadFails(*journal), segment_, starts[i]);
    ExpectDamage(ScrubFails(*journal), segment_, starts[i]);
  }
  ASSERT_TRUE(files_.Remove(summary_).ok());
  const auto opened = TryOpen(files_);
  ASSERT_FALSE(opened.ok());
  ExpectDamage(opened.error(), segment_, starts.back());
  EXPECT_FALSE(files_.Exists(summary_));
}

TEST_F(JournalSummaryTest, DoNotHideASegmentOfAnotherLengthOrHeader) {
  const std::size_t size = good_segment_.size();
  for (const std::string& bad : {good_segment_.substr(0, size - 1), good_segment_ + "x",
                                 WithChangedByte(good_segment_, kHeaderBytes - 30)}) {
    WriteFile(segment_, bad);
    const auto opened = TryOpen(files_);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, base::ErrorCode::kCorrupt);
  }
}

TEST_F(JournalSummaryTest, AreScrubbedWithTheirSegments) {
  const auto journal = Open();
  const auto scrubbed = journal->Scrub({});
  ASSERT_TRUE(scrubbed.ok()) << scrubbed.error().message;
  EXPECT_EQ(scrubbed->segments, segments_ - 1);
  EXPECT_GT(scrubbed->bytes, good_segment_.size());
  EXPECT_FALSE(scrubbed->stopped);
}

TEST_F(JournalSummaryTest, AreScrubbedUntilThatIsStopped) {
  std::stop_source stop;
  stop.request_stop();
  const auto scrubbed = Open()->Scrub(stop.get_token());
  ASSERT_TRUE(scrubbed.ok());
  EXPECT_TRUE(scrubbed->stopped);
  EXPECT_EQ(scrubbed->segments, 0U);
}

TEST_F(JournalSummaryTest, AreScrubbedWhileAnotherThreadAppends) {
  const auto journal = Open();
  std::atomic<bool> failed{false};
  std::jthread scrubber([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) failed = failed || !journal->Scrub(stop).ok();
  });
  for (int i = 0; i < 100; ++i) ASSERT_NO_FATAL_FAILURE(Append(*journal));
  scrubber.request_stop();
  scrubber.join();
  EXPECT_FALSE(failed);
  EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
}

TEST_F(JournalSummaryTest, AScrubNamesEachChangedByteOfASegment) {
  const auto journal = Open();
  for (std::size_t offset = 0; offset < good_segment_.size(); ++offset) {
    WriteFile(segment_, WithChangedByte(good_segment_, offset));
    const base::Error error = ScrubFails(*journal);
    EXPECT_EQ(error.code, base::ErrorCode::kCorrupt);
    EXPECT_NE(error.message.find(segment_), std::string::npos) << error.message;
  }
  for (const std::string& bad :
       {std::string(), good_segment_.substr(0, good_segment_.size() - 1), good_segment_ + "x"}) {
    WriteFile(segment_, bad);
    EXPECT_EQ(ScrubFails(*journal).code, base::ErrorCode::kCorrupt);
  }
  WriteFile(segment_, good_segment_);
  EXPECT_TRUE(journal->Scrub({}).ok());
}

TEST_F(JournalSummaryTest, AScrubLeavesASummaryThatNobodyBelievesToTheNextOpening) {
  const auto journal = Open();
  WriteFile(summary_, WithChangedByte(good_summary_, 100));
  EXPECT_TRUE(journal->Scrub({}).ok());
  ASSERT_TRUE(files_.Remove(summary_).ok());
  EXPECT_TRUE(journal->Scrub({}).ok());
}

TEST_F(JournalSummaryTest, AScrubRemovesABelievedSummaryThatSaysSomethingElse) {
  auto summary = internal::DecodeSummary(good_summary_);
  ASSERT_TRUE(summary.ok());
  summary->heads.back() = static_cast<char>(summary->heads.back() ^ 1);
  WriteFile(summary_, internal::EncodeSummary(*summary));
  {
    const auto journal = Open();
    ASSERT_EQ(journal->recovery().read_segments, 1U) << "it is believed";
    EXPECT_EQ(ReadEntries(*journal), entries_);
    const base::Error error = ScrubFails(*journal);
    ExpectDamage(error, summary_, good_summary_.size() - 5);
    EXPECT_FALSE(files_.Exists(summary_));
    EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
  }
  EXPECT_EQ(ReadHeads(*Open()), HeadsOf(entries_));
  EXPECT_TRUE(ReadFile(summary_) == good_summary_);
}

TEST_F(JournalSummaryTest, AreReplacedWhenTheirSegmentIsWrittenToAgain) {
  // A cut of power while the next segment was made leaves the one before as the last.
  WriteFile(last_, "FSJOURNL");
  std::uint64_t first = 0;
  {
    const auto journal = Open();
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(journal->recovery().cut_reason, "torn_segment_header");
    first = journal->End().number + 1;
    entries_.resize(journal->End().number);
    EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
    JournalEntry small;
    small.number = first;
    small.recorded_at = entries_.back().recorded_at;
    entries_.push_back(small);
    ASSERT_TRUE(journal->Append(small).ok());
    EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
  }
  random_entries_ = RandomEntries(41);
  for (std::uint64_t number = 1; number <= first; ++number) random_entries_.Next(3);
  Fill(6);
  const auto journal = Open();
  EXPECT_EQ(journal->recovery().read_segments, 1U);
  EXPECT_EQ(ReadHeads(*journal), HeadsOf(entries_));
  EXPECT_TRUE(journal->Scrub({}).ok());
}

TEST_F(JournalSummaryTest, NeverFailAnAppendOrAnOpening) {
  const base::Error gone{base::ErrorCode::kIo, {}, "the device is gone"};
  for (const base::FileOperation kind :
       {base::FileOperation::kCreate, base::FileOperation::kAppend, base::FileOperation::kRename}) {
    base::FaultyFileSystem faulty(files_);
    {
      auto journal = TryOpen(faulty);
      ASSERT_TRUE(journal.ok());
      faulty.Fail(kind, ".heads", gone, 100);
      for (int i = 0; i < 6; ++i) ASSERT_NO_FATAL_FAILURE(Append(**journal));
      EXPECT_GE(faulty.failures(), 2U);
      EXPECT_EQ(ReadHeads(**journal), HeadsOf(entries_));
      EXPECT_TRUE((*journal)->Scrub({}).ok());
    }
    const std::size_t failures = faulty.failures();
    {
      const auto journal = TryOpen(faulty);
      ASSERT_TRUE(journal.ok());
      EXPECT_GE((*journal)->recovery().read_segments, 3U);
      EXPECT_EQ(ReadHeads(**journal), HeadsOf(entries_));
      EXPECT_GT(faulty.failures(), failures) << "the opening tries, too";
    }
    EXPECT_EQ(ReadHeads(*Open()), HeadsOf(entries_));
    EXPECT_EQ(Open()->recovery().read_segments, 1U);
    const auto names = files_.List(root_);
    for (const std::string& name : *names) EXPECT_FALSE(name.ends_with(".new"));
  }
}

TEST_F(JournalSummaryTest, TakeNoRoomFromEntries) {
  base::FaultyFileSystem faulty(files_);
  auto journal = TryOpen(faulty);
  ASSERT_TRUE(journal.ok());
  int full = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const JournalEntry entry = random_entries_.Next(3);
    entries_.push_back(entry);
    faulty.LimitStorage(i * 37);
    const base::Status limited = (*journal)->Append(entry);
    faulty.FreeStorage();
    if (limited.ok()) continue;
    ++full;
    EXPECT_EQ(limited.error().code, base::ErrorCode::kStorageFull);
    ASSERT_TRUE((*journal)->Append(entry).ok());
  }
  EXPECT_GT(full, 0);
  EXPECT_LT(full, 40);
  EXPECT_EQ(ReadHeads(**journal), HeadsOf(entries_));
  journal->reset();
  EXPECT_EQ(ReadHeads(*Open()), HeadsOf(entries_));
}

TEST(JournalSummaryOfLongSegments, TellsWhereReadingBegins) {
  const base::TemporaryFolder folder;
  base::PosixFileSystem machine;
  UnsyncedFileSystem files(machine);
  base::SystemRandom random;
  const auto open = [&] {
    return FileJournal::Open(files, folder / "journal", random,
                             {.segment_bytes = std::uint64_t{3} << 20});
  };
  constexpr std::uint64_t kEntries = 400;
  {
    const auto journal = open();
    ASSERT_TRUE(journal.ok());
    for (std::uint64_t number = 1; number <= kEntries; ++number) {
      JournalEntry entry;
      entry.number = number;
      entry.life_signs.push_back({std::string(20'000, 'x'), {}, {number}});
      ASSERT_TRUE((*journal)->Append(entry).ok());
    }
  }
  const auto journal = open();
  ASSERT_TRUE(journal.ok());
  EXPECT_EQ((*journal)->recovery().read_segments, 1U);
  for (std::uint64_t first = 1; first <= kEntries; first += 17) {
    const auto entries = ReadEntries(**journal, first);
    ASSERT_EQ(entries.size(), kEntries - first + 1);
    EXPECT_EQ(entries.front().number, first);
  }
  EXPECT_TRUE((*journal)->Scrub({}).ok());
}

}  // namespace
}  // namespace fansipan::store
