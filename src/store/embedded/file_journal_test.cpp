#include "store/embedded/file_journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/checksum.h"
#include "base/testing/temporary_folder.h"
#include "store/testing/journal_contract.h"
#include "store/testing/random_entries.h"
#include "store/testing/unsynced_file_system.h"

namespace fansipan::store {
namespace {

constexpr std::uint64_t kOneSegment = std::uint64_t{1} << 20;
constexpr std::size_t kHeaderBytes = 64;

class FileJournalTest : public testing::Test {
 protected:
  base::Result<std::unique_ptr<FileJournal>> TryOpen(std::uint64_t segment_bytes = kOneSegment) {
    return FileJournal::Open(files_, root_, random_, {.segment_bytes = segment_bytes});
  }
  std::unique_ptr<FileJournal> Open(std::uint64_t segment_bytes = kOneSegment) {
    auto journal = TryOpen(segment_bytes);
    EXPECT_TRUE(journal.ok()) << journal.error().message;
    return journal.ok() ? *std::move(journal) : nullptr;
  }
  base::Error OpenFails() {
    auto journal = TryOpen();
    EXPECT_FALSE(journal.ok());
    return journal.ok() ? base::Error{} : journal.error();
  }
  std::string PathOf(std::uint64_t first) const {
    std::string digits = std::to_string(first);
    return root_ + "/" + std::string(16 - digits.size(), '0') + digits + ".fj";
  }
  std::string ReadFile(const std::string& path) {
    auto bytes = files_.ReadWhole(path, 1 << 26);
    EXPECT_TRUE(bytes.ok());
    return bytes.ok() ? *bytes : std::string();
  }
  static void WriteFile(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  /// Appends `count` random entries; `ends_` then has the file's size after each.
  void Fill(int count, std::uint64_t segment_bytes = kOneSegment) {
    const auto journal = Open(segment_bytes);
    for (int i = 0; i < count; ++i) {
      entries_.push_back(random_entries_.Next(3));
      ASSERT_TRUE(journal->Append(entries_.back()).ok());
      if (segment_bytes == kOneSegment) ends_.push_back(ReadFile(PathOf(1)).size());
    }
  }
  /// Opens a journal whose last entry is damaged: only that one may be gone, and it is reported.
  void ExpectOnlyTheLastIsCut(const std::string& damaged) {
    const auto journal = Open();
    ASSERT_NE(journal, nullptr);
    const std::vector<JournalEntry> before(entries_.begin(), entries_.end() - 1);
    EXPECT_EQ(journal->recovery().entries, before.size());
    const std::uint64_t good = ends_[ends_.size() - 2];
    EXPECT_EQ(journal->recovery().cut_bytes, damaged.size() - good);
    EXPECT_EQ(journal->recovery().cut_file, PathOf(1));
    EXPECT_EQ(journal->recovery().cut_reason, "torn_entry");
    EXPECT_EQ(ReadEntries(*journal), before);
    ASSERT_TRUE(journal->Append(entries_.back()).ok());
    EXPECT_EQ(ReadEntries(*journal), entries_);
  }
  void ExpectDamageIsNamed(const std::string& path, std::uint64_t offset) {
    const base::Error error = OpenFails();
    EXPECT_EQ(error.code, base::ErrorCode::kCorrupt);
    EXPECT_NE(error.message.find(path), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("byte " + std::to_string(offset)), std::string::npos)
        << error.message;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem machine_;
  UnsyncedFileSystem files_{machine_};
  base::SystemRandom random_;
  RandomEntries random_entries_{21};
  const std::string root_ = folder_ / "data/journal";
  std::vector<JournalEntry> entries_;
  std::vector<std::uint64_t> ends_;
};

TEST_F(FileJournalTest, CutsATornTailWhereverItEnds) {
  ASSERT_NO_FATAL_FAILURE(Fill(4));
  const std::string good = ReadFile(PathOf(1));
  for (std::uint64_t size = ends_[2] + 1; size < ends_[3]; ++size) {
    const std::string torn = good.substr(0, size);
    WriteFile(PathOf(1), torn);
    ASSERT_NO_FATAL_FAILURE(ExpectOnlyTheLastIsCut(torn)) << size;
  }
}

TEST_F(FileJournalTest, CutsALastEntryOfWhichOneByteChanged) {
  ASSERT_NO_FATAL_FAILURE(Fill(4));
  const std::string good = ReadFile(PathOf(1));
  for (std::uint64_t offset = ends_[2]; offset < ends_[3]; ++offset) {
    std::string garbled = good;
    garbled[offset] = static_cast<char>(garbled[offset] ^ 0x5a);
    WriteFile(PathOf(1), garbled);
    ASSERT_NO_FATAL_FAILURE(ExpectOnlyTheLastIsCut(garbled)) << offset;
  }
}

TEST_F(FileJournalTest, CutsATailOfZerosOrNoise) {
  ASSERT_NO_FATAL_FAILURE(Fill(4));
  const std::string before = ReadFile(PathOf(1)).substr(0, ends_[2]);
  base::SeededRandom noise(5);
  for (const std::string& tail :
       {std::string(3, '\0'), std::string(5'000'000, '\0'), noise.Bytes(100'000)}) {
    WriteFile(PathOf(1), before + tail);
    ASSERT_NO_FATAL_FAILURE(ExpectOnlyTheLastIsCut(before + tail));
  }
}

TEST_F(FileJournalTest, RefusesDamageBeforeTheLastEntryAndChangesNothing) {
  ASSERT_NO_FATAL_FAILURE(Fill(5));
  const std::string good = ReadFile(PathOf(1));
  for (std::uint64_t offset = ends_[1]; offset < ends_[2]; ++offset) {
    std::string garbled = good;
    garbled[offset] = static_cast<char>(garbled[offset] ^ 0x5a);
    WriteFile(PathOf(1), garbled);
    ASSERT_NO_FATAL_FAILURE(ExpectDamageIsNamed(PathOf(1), ends_[1])) << offset;
    EXPECT_TRUE(ReadFile(PathOf(1)) == garbled);
  }
}

TEST_F(FileJournalTest, RefusesDamageBeforeATornTail) {
  ASSERT_NO_FATAL_FAILURE(Fill(3));
  std::string bytes = ReadFile(PathOf(1));
  bytes[ends_[0] + 30] = static_cast<char>(bytes[ends_[0] + 30] ^ 1);
  WriteFile(PathOf(1), bytes.substr(0, bytes.size() - 1));
  ExpectDamageIsNamed(PathOf(1), ends_[0]);
}

TEST_F(FileJournalTest, RefusesADamagedSegmentHeader) {
  ASSERT_NO_FATAL_FAILURE(Fill(2));
  const std::string good = ReadFile(PathOf(1));
  for (std::size_t offset = 0; offset < kHeaderBytes; ++offset) {
    std::string garbled = good;
    garbled[offset] = static_cast<char>(garbled[offset] ^ 0x5a);
    WriteFile(PathOf(1), garbled);
    ASSERT_NO_FATAL_FAILURE(ExpectDamageIsNamed(PathOf(1), 0)) << offset;
  }
}

TEST_F(FileJournalTest, RefusesAnEntryThatIsMissingBetweenTwoOthers) {
  ASSERT_NO_FATAL_FAILURE(Fill(3));
  const std::string good = ReadFile(PathOf(1));
  WriteFile(PathOf(1), good.substr(0, ends_[0]) + good.substr(ends_[1]));
  ExpectDamageIsNamed(PathOf(1), ends_[0]);
}

TEST_F(FileJournalTest, RollsToNewSegmentsAndRefusesWhenOneIsDamagedOrGone) {
  ASSERT_NO_FATAL_FAILURE(Fill(12, 2'000));
  const auto names = files_.List(root_);
  ASSERT_TRUE(names.ok());
  ASSERT_GE(names->size(), 6U);
  const std::string second = root_ + "/" + names->at(2);
  ASSERT_TRUE(second.ends_with(".fj"));
  const std::string good = ReadFile(second);
  for (const std::string& bad :
       {good.substr(0, good.size() - 1), good + "x", std::string(), good.substr(0, kHeaderBytes)}) {
    WriteFile(second, bad);
    EXPECT_EQ(OpenFails().code, base::ErrorCode::kCorrupt) << bad.size();
  }
  ASSERT_TRUE(files_.Remove(second).ok());
  EXPECT_EQ(OpenFails().code, base::ErrorCode::kCorrupt);
  WriteFile(second, good);
  EXPECT_EQ(ReadEntries(*Open()), entries_);
}

TEST_F(FileJournalTest, RemovesANewSegmentWhoseHeaderIsTorn) {
  ASSERT_NO_FATAL_FAILURE(Fill(3));
  for (const std::string& torn : {std::string(), std::string("FSJOURNL"), std::string(64, '\0')}) {
    WriteFile(PathOf(4), torn);
    const auto journal = Open();
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(journal->recovery().cut_reason, "torn_segment_header");
    EXPECT_EQ(journal->recovery().cut_file, PathOf(4));
    EXPECT_EQ(ReadEntries(*journal), entries_);
    EXPECT_FALSE(files_.Exists(PathOf(4)));
  }
}

TEST_F(FileJournalTest, RefusesASegmentOfAnotherJournal) {
  ASSERT_NO_FATAL_FAILURE(Fill(3, 1));
  const std::string third = ReadFile(PathOf(3));
  std::filesystem::remove_all(root_);
  entries_.clear();
  random_entries_ = RandomEntries(21);
  ASSERT_NO_FATAL_FAILURE(Fill(3, 1));
  WriteFile(PathOf(3), third);
  ExpectDamageIsNamed(PathOf(3), 0);
}

TEST_F(FileJournalTest, RefusesANewerAndAnOlderFormat) {
  ASSERT_NO_FATAL_FAILURE(Fill(1));
  for (const char format : {'\1', '\3'}) {
    std::string bytes = ReadFile(PathOf(1));
    bytes[8] = format;
    const std::uint32_t checksum = base::Crc32c(bytes.substr(0, kHeaderBytes - 4));
    for (int i = 0; i < 4; ++i) bytes[60 + i] = static_cast<char>(checksum >> (8 * i) & 0xff);
    WriteFile(PathOf(1), bytes);
    EXPECT_EQ(OpenFails().code, base::ErrorCode::kUnsupported);
  }
}

TEST_F(FileJournalTest, IsNotMisledByTextThatImitatesAnEntry) {
  ASSERT_NO_FATAL_FAILURE(Fill(3));
  const std::string imitation = ReadFile(PathOf(1)).substr(kHeaderBytes);
  std::filesystem::remove_all(root_);
  std::uint64_t good = 0;
  {
    const auto journal = Open();
    RandomEntries random(22);
    ASSERT_TRUE(journal->Append(random.Next()).ok());
    good = ReadFile(PathOf(1)).size();
    JournalEntry entry = random.Next();
    entry.life_signs.push_back({imitation, {}, {entry.LastSequence().value + 1'000}});
    ASSERT_TRUE(journal->Append(entry).ok());
  }
  const std::string bytes = ReadFile(PathOf(1));
  WriteFile(PathOf(1), bytes.substr(0, bytes.size() - 1));
  const auto journal = Open();
  ASSERT_NE(journal, nullptr);
  EXPECT_EQ(journal->recovery().cut_bytes, bytes.size() - 1 - good);
}

TEST_F(FileJournalTest, KeepsASecondOpenerOut) {
  const auto journal = Open();
  const base::Error error = OpenFails();
  EXPECT_EQ(error.code, base::ErrorCode::kConflict);
  EXPECT_NE(error.message.find(root_ + "/lock"), std::string::npos);
}

TEST_F(FileJournalTest, NamesAnEntryThatWasDamagedAfterOpening) {
  ASSERT_NO_FATAL_FAILURE(Fill(3));
  const auto journal = Open();
  std::string bytes = ReadFile(PathOf(1));
  bytes[ends_[1] + 40] = static_cast<char>(bytes[ends_[1] + 40] ^ 1);
  WriteFile(PathOf(1), bytes);
  std::uint64_t visited = 0;
  const base::Status read = journal->Read(1, [&visited](const JournalEntry& entry) {
    visited = entry.number;
    return base::Status();
  });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::ErrorCode::kCorrupt);
  EXPECT_EQ(visited, 2U);
}

TEST_F(FileJournalTest, ReadsFromMarksInLongSegments) {
  const auto journal = Open(std::uint64_t{64} << 20);
  constexpr std::uint64_t kEntries = 300;
  for (std::uint64_t number = 1; number <= kEntries; ++number) {
    JournalEntry entry;
    entry.number = number;
    entry.life_signs.push_back({std::string(20'000, 'x'), {}, {number}});
    ASSERT_TRUE(journal->Append(entry).ok());
  }
  for (std::uint64_t first = 1; first <= kEntries; first += 7) {
    const auto entries = ReadEntries(*journal, first);
    ASSERT_EQ(entries.size(), kEntries - first + 1);
    EXPECT_EQ(entries.front().number, first);
  }
}

TEST_F(FileJournalTest, ReadsWhileAnotherThreadAppends) {
  constexpr std::uint64_t kEntries = 200;
  const auto journal = Open(3'000);
  std::atomic<bool> failed{false};
  std::thread reader([&] {
    std::uint64_t next = 1;
    while (next <= kEntries && !failed) {
      const base::Status read = journal->Read(next, [&](const JournalEntry& entry) {
        failed = failed || entry.number != next || entry.life_signs.at(0).sequence.value != next;
        ++next;
        return base::Status();
      });
      failed = failed || !read.ok();
    }
  });
  for (std::uint64_t number = 1; number <= kEntries; ++number) {
    JournalEntry entry;
    entry.number = number;
    entry.life_signs.push_back({std::string(number, 'x'), {}, {number}});
    if (!journal->Append(entry).ok()) failed = true;
  }
  reader.join();
  EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace fansipan::store
