#include "store/embedded/journal_encoding.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "store/embedded/internal/head_encoding.h"
#include "store/testing/random_entries.h"

namespace fansipan::store {
namespace {

std::string Encode(const JournalEntry& entry) {
  std::string payload;
  const base::Status status = EncodeEntry(entry, payload);
  EXPECT_TRUE(status.ok()) << status.error().message;
  return payload;
}

JournalEntry EntryWithValue(const model::Value& value, model::ColumnType type) {
  JournalEntry entry;
  entry.number = 1;
  entry.datasets.push_back({"case", {"column"}, {type}});
  CommittedDelivery committed;
  committed.delivery.sequence = {1};
  model::Version version;
  version.dataset = "case";
  version.sequence = {2};
  version.values = {value};
  committed.versions.push_back(version);
  entry.deliveries.push_back(committed);
  return entry;
}

TEST(JournalEncoding, DecodesWhatItEncoded) {
  RandomEntries random(11);
  for (int i = 0; i < 500; ++i) {
    const JournalEntry entry = random.Next();
    const auto decoded = DecodeEntry(Encode(entry), entry.number);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(*decoded, entry);
  }
}

TEST(JournalEncoding, KeepsTheScaleOfDecimals) {
  const JournalEntry entry = EntryWithValue(model::Decimal(1'000, 3), model::ColumnType::kDecimal);
  const auto decoded = DecodeEntry(Encode(entry), 1);
  ASSERT_TRUE(decoded.ok());
  const auto& value = decoded->deliveries[0].versions[0].values[0];
  EXPECT_EQ(std::get<model::Decimal>(value).scale(), 3);
  EXPECT_TRUE(std::get<model::Decimal>(value).unscaled() == 1'000);
}

TEST(JournalEncoding, KeepsTheWidestDecimals) {
  for (const model::Int128 unscaled :
       {~(model::Int128{1} << 127), model::Int128{1} << 127, model::Int128{0}, model::Int128{-1}}) {
    const JournalEntry entry =
        EntryWithValue(model::Decimal(unscaled, 18), model::ColumnType::kDecimal);
    const auto decoded = DecodeEntry(Encode(entry), 1);
    ASSERT_TRUE(decoded.ok());
    const auto& value = decoded->deliveries[0].versions[0].values[0];
    EXPECT_TRUE(std::get<model::Decimal>(value).unscaled() == unscaled);
  }
}

TEST(JournalEncoding, FindsTheHeadWithoutDecodingTheRows) {
  RandomEntries random(12);
  for (int i = 0; i < 500; ++i) {
    const JournalEntry entry = random.Next();
    const auto head = internal::DecodeEntryHead(Encode(entry), entry.number);
    ASSERT_TRUE(head.ok()) << head.error().message;
    EXPECT_EQ(*head, HeadOf(entry));
  }
}

/// Lengths of the beginnings that are whole: positions, notes and decisions stand at the end, and
/// not every entry has any.
std::set<std::size_t> WholeBeginnings(JournalHead head) {
  std::set<std::size_t> lengths;
  const auto take = [&] {
    std::string bytes;
    internal::EncodeHead(head, bytes);
    lengths.insert(bytes.size());
  };
  take();
  head.decisions.clear();
  take();
  head.notes.clear();
  take();
  head.positions.clear();
  take();
  return lengths;
}

/// A sequence that only a note or a decision has is stated at the start of the entry.
bool DecodesWithoutItsEnd(JournalEntry entry) {
  const model::Sequence stated = entry.LastSequence();
  entry.notes.clear();
  entry.decisions.clear();
  return entry.LastSequence() == stated;
}

TEST(JournalEncoding, DecodesHeadsThatItEncoded) {
  RandomEntries random(15);
  for (int i = 0; i < 200; ++i) {
    const JournalEntry entry = random.Next();
    std::string bytes;
    internal::EncodeHead(HeadOf(entry), bytes);
    EXPECT_LT(bytes.size(), Encode(entry).size());
    const auto head = internal::DecodeHead(bytes, entry.number);
    ASSERT_TRUE(head.ok()) << head.error().message;
    EXPECT_EQ(*head, HeadOf(entry));
    const std::set<std::size_t> whole = WholeBeginnings(HeadOf(entry));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      ASSERT_EQ(internal::DecodeHead(bytes.substr(0, length), 1).ok(), whole.contains(length))
          << length;
    }
    EXPECT_FALSE(internal::DecodeHead(bytes + '\0', 1).ok());
  }
}

TEST(JournalEncoding, KeepsNotesOnSourcesWithAndWithoutPositions) {
  JournalEntry entry;
  entry.number = 1;
  entry.notes.push_back({"registry",
                         SourceCondition::kFailing,
                         true,
                         base::Timestamp(std::chrono::hours(2)),
                         "no_connection",
                         "no answer",
                         "",
                         {7}});
  entry.notes.push_back(
      {"desk", SourceCondition::kPaused, false, base::Timestamp(), "", "", "account 1", {8}});
  EXPECT_EQ(DecodeEntry(Encode(entry), 1).value(), entry);
  entry.positions.push_back({"registry", "page 2"});
  EXPECT_EQ(DecodeEntry(Encode(entry), 1).value(), entry);
}

TEST(JournalEncoding, AgreesOnTheHeadsOfGarbledEntries) {
  RandomEntries entries(16);
  std::mt19937_64 random(16);
  int decoded = 0;
  int heads = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string payload = Encode(entries.Next(3));
    payload[random() % payload.size()] = static_cast<char>(random() & 0xff);
    const auto head = internal::DecodeEntryHead(payload, 1);
    heads += head.ok();
    const auto entry = DecodeEntry(payload, 1);
    if (!entry.ok()) continue;
    ++decoded;
    ASSERT_TRUE(head.ok()) << head.error().message;
    EXPECT_EQ(*head, HeadOf(*entry));
  }
  EXPECT_GT(decoded, 0);
  EXPECT_LT(heads, 20'000);
}

TEST(JournalEncoding, RefusesEveryBeginningOfAnEntry) {
  RandomEntries random(13);
  for (int i = 0; i < 20; ++i) {
    const JournalEntry entry = random.Next();
    const std::string payload = Encode(entry);
    const bool may_be_cut = DecodesWithoutItsEnd(entry);
    std::string head;
    internal::EncodeHead(HeadOf(entry), head);
    // What stands behind the life signs is the same in both.
    std::set<std::size_t> whole;
    for (const std::size_t length : WholeBeginnings(HeadOf(entry))) {
      whole.insert(payload.size() - (head.size() - length));
    }
    for (std::size_t length = 0; length < payload.size(); ++length) {
      if (whole.contains(length) && may_be_cut) continue;
      const auto decoded = DecodeEntry(payload.substr(0, length), 1);
      ASSERT_FALSE(decoded.ok()) << length;
      EXPECT_EQ(decoded.error().code, base::ErrorCode::kCorrupt);
    }
    EXPECT_FALSE(DecodeEntry(payload + '\0', 1).ok());
  }
}

TEST(JournalEncoding, TakesGarbledBytesOnlyAsWhatTheySay) {
  RandomEntries entries(14);
  std::mt19937_64 random(14);
  int decoded_anyway = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string payload = Encode(entries.Next(3));
    for (std::uint64_t change = 1 + random() % 3; change > 0; --change) {
      payload[random() % payload.size()] = static_cast<char>(random() & 0xff);
    }
    const auto decoded = DecodeEntry(payload, 1);
    if (!decoded.ok()) {
      EXPECT_EQ(decoded.error().code, base::ErrorCode::kCorrupt);
      continue;
    }
    ++decoded_anyway;
    EXPECT_TRUE(Encode(*decoded) == payload);
  }
  EXPECT_GT(decoded_anyway, 0);
}

TEST(JournalEncoding, RefusesCountsThatCannotFollow) {
  // recorded_at, last sequence, then 2^63 datasets.
  const std::string payload =
      std::string(2, '\0') + std::string(9, static_cast<char>(0x80)) + '\x01' + "abc";
  const auto decoded = DecodeEntry(payload, 1);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, base::ErrorCode::kCorrupt);
}

TEST(JournalEncoding, RefusesADatasetThatStandsTwice) {
  JournalEntry entry = EntryWithValue({}, model::ColumnType::kText);
  entry.datasets.push_back(entry.datasets[0]);
  std::string payload;
  const base::Status status = EncodeEntry(entry, payload);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace fansipan::store
