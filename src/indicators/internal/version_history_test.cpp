#include "indicators/internal/version_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"

namespace fansipan::indicators {
namespace {

using internal::KnownVersion;

KnownVersion MakeVersion(std::uint64_t sequence) {
  KnownVersion version;
  version.place = {std::int64_t{5}, {sequence}, {1}, 3, {sequence + 2}};
  version.content = sequence * 7;
  return version;
}

std::vector<std::uint64_t> SequencesOf(const VersionHistory& history, VersionHistory::Chain chain) {
  std::vector<std::uint64_t> sequences;
  for (const KnownVersion& version : history.All(chain)) {
    EXPECT_EQ(version.content, version.place.delivery.value * 7);
    sequences.push_back(version.place.delivery.value);
  }
  std::sort(sequences.begin(), sequences.end());
  return sequences;
}

class HistoryInAFile : public ::testing::Test {
 protected:
  VersionHistory Create() { return VersionHistory::Create(files_, path_, identity_).value(); }
  base::Result<VersionHistory> Continue(const HistoryMark& mark) {
    return VersionHistory::Continue(files_, path_, identity_, mark);
  }
  void Garble(std::size_t at) {
    std::string bytes = posix_.ReadWhole(path_, 1U << 20U).value();
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    ASSERT_TRUE(posix_.Remove(path_).ok());
    ASSERT_TRUE(posix_.OpenForAppend(path_).value()->Append(bytes).ok());
  }

  base::PosixFileSystem posix_;
  base::FaultyFileSystem files_{posix_};
  base::TemporaryFolder folder_;
  const std::string path_ = folder_ / "office.fvh";
  const FileIdentity identity_{"office", {1, 2}};
};

TEST(VersionHistory, KeepsChainsInMemoryWithoutAFile) {
  VersionHistory history;
  const auto first = history.Add(0, {MakeVersion(1), MakeVersion(2)});
  const auto other = history.Add(0, {MakeVersion(9)});
  const auto second = history.Add(first, {MakeVersion(3)});
  EXPECT_EQ(SequencesOf(history, second), (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_EQ(SequencesOf(history, first), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(SequencesOf(history, other), (std::vector<std::uint64_t>{9}));
  EXPECT_TRUE(history.All(0).empty());
  EXPECT_FALSE(history.Flush().ok());
}

TEST(VersionHistory, FindsWhatMatches) {
  VersionHistory history;
  const auto chain = history.Add(history.Add(0, {MakeVersion(1)}), {MakeVersion(2)});
  const auto has = [&](std::uint64_t content) {
    return history.Any(chain, [&](const KnownVersion& known) { return known.content == content; });
  };
  EXPECT_TRUE(has(7));
  EXPECT_TRUE(has(14));
  EXPECT_FALSE(has(21));
}

/// Many chains grow at random, in a file that is written whenever it is large enough; each has what
/// was added to it, whichever of its earlier states is asked for.
TEST_F(HistoryInAFile, HoldsWhatWasAdded) {
  std::mt19937_64 random(11);
  VersionHistory history = Create();
  std::map<VersionHistory::Chain, std::vector<std::uint64_t>> chains{{0, {}}};
  std::vector<VersionHistory::Chain> known{0};
  for (std::uint64_t sequence = 1; sequence < 30'000; ++sequence) {
    const auto from = known[random() % known.size()];
    std::vector<std::uint64_t> held = chains[from];
    held.push_back(sequence);
    const auto chain = random() % 2 == 0 ? history.Add(from, {MakeVersion(sequence)})
                                         : history.AddOne(from, MakeVersion(sequence));
    ASSERT_FALSE(chains.contains(chain));
    chains[chain] = held;
    known.push_back(chain);
  }
  EXPECT_GT(history.mark().bytes, 500'000U);
  for (const auto& [chain, sequences] : chains) {
    if (random() % 8 != 0) continue;
    ASSERT_EQ(SequencesOf(history, chain), sequences);
  }
  ASSERT_TRUE(history.Flush().ok());
  const auto again = Continue(history.mark()).value();
  for (const auto& [chain, sequences] : chains) {
    if (random() % 8 != 0) continue;
    ASSERT_EQ(SequencesOf(again, chain), sequences);
  }
}

TEST_F(HistoryInAFile, KeepsAChainShortToWhichSingleVersionsCome) {
  VersionHistory history = Create();
  VersionHistory::Chain chain = 0;
  for (std::uint64_t sequence = 1; sequence <= 1000; ++sequence) {
    chain = history.AddOne(chain, MakeVersion(sequence));
  }
  EXPECT_EQ(SequencesOf(history, chain).size(), 1000U);
  ASSERT_TRUE(history.Flush().ok());
  // Each version is written about once for each doubling, not once for each version behind it.
  EXPECT_LT(history.mark().bytes, 1000U * 25 * 12);
}

TEST_F(HistoryInAFile, GoesOnFromAMarkAndForgetsWhatCameBehind) {
  HistoryMark mark;
  VersionHistory::Chain kept = 0;
  {
    VersionHistory history = Create();
    kept = history.Add(0, {MakeVersion(1)});
    ASSERT_TRUE(history.Flush().ok());
    mark = history.mark();
    history.Add(kept, {MakeVersion(2)});
    ASSERT_TRUE(history.Flush().ok());
    EXPECT_TRUE(history.Sync().ok());
  }
  VersionHistory again = Continue(mark).value();
  EXPECT_EQ(again.mark(), mark);
  const auto next = again.Add(kept, {MakeVersion(3)});
  EXPECT_EQ(SequencesOf(again, next), (std::vector<std::uint64_t>{1, 3}));
  ASSERT_TRUE(again.Flush().ok());
  EXPECT_TRUE(Continue(again.mark()).ok());
}

TEST_F(HistoryInAFile, IsOfNoUseWhenAByteIsWrong) {
  VersionHistory history = Create();
  history.Add(0, {MakeVersion(1), MakeVersion(2)});
  ASSERT_TRUE(history.Flush().ok());
  const HistoryMark mark = history.mark();
  for (std::size_t at = 0; at < mark.bytes; at += 3) {
    Garble(at);
    EXPECT_FALSE(Continue(mark).ok()) << at;
    Garble(at);
  }
  EXPECT_TRUE(Continue(mark).ok());
  EXPECT_FALSE(Continue({mark.bytes + 1, mark.checksum}).ok());
  EXPECT_FALSE(Continue({mark.bytes - 1, mark.checksum}).ok());
  EXPECT_FALSE(Continue({}).ok());
  EXPECT_EQ(VersionHistory::Continue(files_, path_, {"other", {1, 2}}, mark).error().code,
            base::ErrorCode::kConflict);
}

TEST_F(HistoryInAFile, KeepsInMemoryWhatAFullDiskDoesNotTake) {
  VersionHistory history = Create();
  const auto first = history.Add(0, {MakeVersion(1)});
  ASSERT_TRUE(history.Flush().ok());
  const auto before = history.mark();
  const auto second = history.Add(first, {MakeVersion(2)});
  files_.LimitStorage(5);
  EXPECT_EQ(history.Flush().error().code, base::ErrorCode::kStorageFull);
  EXPECT_EQ(history.mark(), before);
  EXPECT_EQ(SequencesOf(history, second), (std::vector<std::uint64_t>{1, 2}));
  files_.FreeStorage();
  ASSERT_TRUE(history.Flush().ok());
  EXPECT_EQ(SequencesOf(history, second), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_TRUE(Continue(history.mark()).ok());
}

TEST_F(HistoryInAFile, StaysInMemoryOnceItHasLeft) {
  VersionHistory history = Create();
  const auto first = history.Add(0, {MakeVersion(1)});
  history.Leave();
  const auto mark = history.mark();
  const auto second = history.Add(first, {MakeVersion(2)});
  EXPECT_FALSE(history.Flush().ok());
  EXPECT_EQ(history.mark(), mark);
  EXPECT_EQ(SequencesOf(history, second), (std::vector<std::uint64_t>{1, 2}));
}

using HistoryInAFileDeathTest = HistoryInAFile;

TEST_F(HistoryInAFileDeathTest, EndsTheProgramWhenItCannotBeRead) {
  VersionHistory history = Create();
  const auto chain = history.Add(0, {MakeVersion(1)});
  ASSERT_TRUE(history.Flush().ok());
  files_.Fail(base::FileOperation::kRead, ".fvh", {base::ErrorCode::kIo, "", "broken sector"});
  EXPECT_DEATH(history.All(chain), "broken sector");
}

}  // namespace
}  // namespace fansipan::indicators
