#include "store/embedded/internal/segment_summary.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/checksum.h"
#include "base/testing/temporary_folder.h"
#include "store/testing/random_entries.h"

namespace fansipan::store::internal {
namespace {

constexpr std::uint64_t kBytesOfEntry = std::uint64_t{3} << 19;

SegmentSummary RandomSummary(std::uint64_t seed, int entries) {
  RandomEntries random(seed);
  SegmentSummary summary;
  summary.journal_id = "0123456789abcdef";
  Segment& segment = summary.segment;
  segment.first_number = 1;
  segment.previous_checksum = 77;
  segment.last_checksum = 77;
  segment.bytes = 64;
  HeadList heads;
  for (int i = 0; i < entries; ++i) {
    const JournalHead head = HeadOf(random.Next());
    heads.Add(head);
    segment.Add(head, static_cast<std::uint32_t>(i), segment.bytes + kBytesOfEntry);
  }
  summary.heads = heads.Join();
  return summary;
}

void Seal(std::string& bytes) {
  bytes.resize(bytes.size() - 4);
  const std::uint32_t checksum = base::Crc32c(bytes);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(checksum >> shift & 0xff);
}

TEST(SegmentSummary, DecodesWhatItEncoded) {
  const SegmentSummary summary = RandomSummary(1, 40);
  ASSERT_GT(summary.segment.marks.size(), 10U);
  const auto decoded = DecodeSummary(EncodeSummary(summary));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(decoded->journal_id, summary.journal_id);
  EXPECT_EQ(decoded->segment, summary.segment);
  EXPECT_EQ(decoded->heads, summary.heads);
}

TEST(SegmentSummary, HandsOutTheHeadsFromAnyNumber) {
  RandomEntries random(2);
  HeadList heads;
  std::vector<JournalHead> expected;
  for (int i = 0; i < 2'000; ++i) {
    expected.push_back(HeadOf(random.Next(0)));
    heads.Add(expected.back());
  }
  for (std::uint64_t first = 1; first <= expected.size(); first += 13) {
    HeadCursor all(HeadPiece{1, heads.Join()});
    all.SkipTo(first);
    EXPECT_EQ(all.Next(), expected[first - 1]);
    HeadCursor piece(heads.PieceWith(first));
    piece.SkipTo(first);
    EXPECT_EQ(piece.Next(), expected[first - 1]);
  }
  EXPECT_GT(heads.PieceWith(expected.size()).first_number, 1U);
}

TEST(SegmentSummary, RefusesEveryBeginningOfOneAndEveryChangedByte) {
  const std::string bytes = EncodeSummary(RandomSummary(3, 3));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_FALSE(DecodeSummary(bytes.substr(0, length)).ok()) << length;
  }
  EXPECT_FALSE(DecodeSummary(bytes + '\0').ok());
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
    std::string garbled = bytes;
    garbled[offset] = static_cast<char>(garbled[offset] ^ 0x10);
    ASSERT_FALSE(DecodeSummary(garbled).ok()) << offset;
  }
}

TEST(SegmentSummary, TakesGarbledBytesWithARightChecksumOnlyAsWhatTheySay) {
  const std::string bytes = EncodeSummary(RandomSummary(4, 4));
  std::mt19937_64 random(4);
  int decoded_anyway = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string garbled = bytes;
    for (std::uint64_t change = 1 + random() % 3; change > 0; --change) {
      // Half of the changes hit numbers and marks.
      const std::size_t range = random() % 2 == 0 ? 160 : garbled.size();
      garbled[random() % range] = static_cast<char>(random() & 0xff);
    }
    if (random() % 8 == 0) garbled.resize(4 + random() % garbled.size());
    Seal(garbled);
    const auto decoded = DecodeSummary(garbled);
    if (!decoded.ok()) continue;
    ++decoded_anyway;
    EXPECT_TRUE(EncodeSummary(*decoded) == garbled);
    HeadCursor heads({decoded->segment.first_number, decoded->heads});
    std::uint64_t count = 0;
    while (heads.Next()) ++count;
    EXPECT_LE(count, decoded->segment.entries);
  }
  EXPECT_GT(decoded_anyway, 0);
}

TEST(SegmentSummary, RefusesAnotherFormat) {
  std::string bytes = EncodeSummary(RandomSummary(5, 1));
  bytes[8] = 2;
  Seal(bytes);
  const auto decoded = DecodeSummary(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, base::ErrorCode::kUnsupported);
}

TEST(SegmentSummary, IsNotReadWhenItIsLongerThanItsSegmentAllows) {
  const base::TemporaryFolder folder;
  base::PosixFileSystem files;
  SegmentSummary summary = RandomSummary(6, 1);
  ASSERT_TRUE(WriteSummary(files, folder / "", summary).ok());
  EXPECT_TRUE(LoadSummary(files, folder / "", 1, summary.segment.bytes).ok());
  EXPECT_FALSE(LoadSummary(files, folder / "", 1, summary.segment.bytes + 1).ok());
  const std::size_t much = summary.segment.bytes * 2;
  summary.heads = std::string(much, '\0');
  summary.segment.entries = much;
  ASSERT_TRUE(WriteSummary(files, folder / "", summary).ok());
  const auto loaded = LoadSummary(files, folder / "", 1, summary.segment.bytes);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, base::ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace fansipan::store::internal
