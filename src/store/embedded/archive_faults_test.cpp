#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "base/testing/recording_file_system.h"
#include "base/testing/temporary_folder.h"
#include "store/embedded/file_archive.h"
#include "store/testing/unsynced_file_system.h"

namespace fansipan::store {
namespace {

constexpr std::uint64_t kSeeds = 8;

SecretKey TestKey() {
  SecretKey key{};
  key[0] = 1;
  return key;
}

// An archive whose power is cut after each of its operations.
class ArchiveFaults : public testing::Test {
 protected:
  struct Acknowledged {
    std::size_t operations = 0;
    std::string id;
    std::string payload;
  };
  struct Outcome {
    int lost = 0;     // acknowledged, and not served byte for byte
    int damaged = 0;  // listed, and not served
  };

  void SetUp() override { ASSERT_TRUE(files_.MakeFolder(folder_ / "live").ok()); }

  void PutPayloads(base::FileSystem& used) {
    auto archive = FileArchive::Open(used, folder_ / "live/archive", TestKey());
    ASSERT_TRUE(archive.ok());
    for (const std::string payload : {"one", "two", "three", "two", "four"}) {
      const auto id = (*archive)->Put(payload);
      ASSERT_TRUE(id.ok());
      acknowledged_.push_back({recording_->operation_count(), *id, payload});
    }
  }

  Outcome CutPowerEverywhere() {
    Outcome outcome;
    for (std::size_t cut = 0; cut <= recording_->operation_count(); ++cut) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) CutPower(cut, seed, outcome);
    }
    return outcome;
  }

  void CutPower(std::size_t cut, std::uint64_t seed, Outcome& outcome) {
    base::SeededRandom random(seed * 1'000 + cut);
    ASSERT_TRUE(recording_->WriteSurvivors(folder_ / "left", cut, random).ok());
    auto archive = FileArchive::Open(unsynced_, folder_ / "left/archive", TestKey());
    ASSERT_TRUE(archive.ok()) << archive.error().message;
    for (const Acknowledged& one : acknowledged_) {
      if (one.operations > cut) continue;
      const auto payload = (*archive)->Get(one.id);
      outcome.lost += !payload.ok() || *payload != one.payload;
    }
    const auto ids = (*archive)->List();
    ASSERT_TRUE(ids.ok());
    for (const std::string& id : *ids) outcome.damaged += !(*archive)->Get(id).ok();
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  UnsyncedFileSystem unsynced_{files_};
  std::unique_ptr<base::RecordingFileSystem> recording_ =
      std::make_unique<base::RecordingFileSystem>(files_, folder_ / "live");
  std::vector<Acknowledged> acknowledged_;
};

TEST_F(ArchiveFaults, LoseNothingAcknowledgedWhenThePowerIsCut) {
  ASSERT_NO_FATAL_FAILURE(PutPayloads(*recording_));
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.damaged, 0);
}

TEST_F(ArchiveFaults, AreSeenByThisTestWhenSyncsAreLeftOut) {
  UnsyncedFileSystem unsynced(*recording_);
  ASSERT_NO_FATAL_FAILURE(PutPayloads(unsynced));
  const Outcome outcome = CutPowerEverywhere();
  EXPECT_GT(outcome.lost, 0);
  EXPECT_GT(outcome.damaged, 0);
}

}  // namespace
}  // namespace fansipan::store
