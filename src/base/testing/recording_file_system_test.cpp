#include "base/testing/recording_file_system.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"

namespace fansipan::base {
namespace {

constexpr std::uint64_t kCuts = 200;

class RecordedFiles : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.MakeFolder(folder_ / "live").ok()); }

  std::string Live(const std::string& name) { return folder_ / ("live/" + name); }

  static std::unique_ptr<File> Open(FileSystem& files, const std::string& path) {
    Result<std::unique_ptr<File>> file = files.OpenForAppend(path);
    EXPECT_TRUE(file.ok());
    return file.ok() ? *std::move(file) : nullptr;
  }

  /// All contents of `name` that cuts after `count` operations leave; "absent" for no file.
  std::set<std::string> Survivors(const RecordingFileSystem& recording, const std::string& name,
                                  std::size_t count) {
    std::set<std::string> contents;
    for (std::uint64_t seed = 0; seed < kCuts; ++seed) {
      SeededRandom random(seed);
      EXPECT_TRUE(recording.WriteSurvivors(folder_ / "left", count, random).ok());
      const Result<std::string> content = files_.ReadWhole(folder_ / ("left/" + name), 1'000);
      contents.insert(content.ok() ? *content : "absent");
    }
    return contents;
  }

  TemporaryFolder folder_;
  PosixFileSystem files_;
};

TEST_F(RecordedFiles, KeepWhatWasSynced) {
  RecordingFileSystem recording(files_, folder_ / "live");
  const std::unique_ptr<File> file = Open(recording, Live("a"));
  ASSERT_TRUE(file->Append("safe").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  EXPECT_EQ(recording.operation_count(), 4U);
  EXPECT_EQ(Survivors(recording, "a", 4), std::set<std::string>{"safe"});
}

TEST_F(RecordedFiles, MayLoseANameWhoseFolderWasNotSynced) {
  RecordingFileSystem recording(files_, folder_ / "live");
  const std::unique_ptr<File> file = Open(recording, Live("a"));
  ASSERT_TRUE(file->Append("safe").ok());
  ASSERT_TRUE(file->Sync().ok());
  EXPECT_EQ(Survivors(recording, "a", 3), (std::set<std::string>{"absent", "safe"}));
}

TEST_F(RecordedFiles, MayLoseTearOrGarbleWhatWasNotSynced) {
  RecordingFileSystem recording(files_, folder_ / "live");
  const std::unique_ptr<File> file = Open(recording, Live("a"));
  ASSERT_TRUE(file->Append("safe").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  ASSERT_TRUE(file->Append("-open").ok());
  const std::set<std::string> contents = Survivors(recording, "a", 5);
  EXPECT_TRUE(contents.contains("safe"));
  EXPECT_TRUE(contents.contains("safe-op"));
  EXPECT_TRUE(contents.contains("safe-open"));
  bool garbled = false;
  for (const std::string& content : contents) {
    EXPECT_TRUE(content.starts_with("safe"));
    garbled = garbled || !std::string("safe-open").starts_with(content);
  }
  EXPECT_TRUE(garbled);
}

TEST_F(RecordedFiles, KeepWhatWasThereBefore) {
  ASSERT_TRUE(files_.MakeFolder(Live("deep")).ok());
  ASSERT_TRUE(Open(files_, Live("deep/old"))->Append("old").ok());
  RecordingFileSystem recording(files_, folder_ / "live");
  ASSERT_TRUE(Open(recording, Live("deep/old"))->Truncate(1).ok());
  EXPECT_EQ(Survivors(recording, "deep/old", 0), std::set<std::string>{"old"});
  const std::set<std::string> cut = Survivors(recording, "deep/old", 1);
  EXPECT_TRUE(cut.contains("o"));
  EXPECT_TRUE(cut.contains("old"));
}

TEST_F(RecordedFiles, AreOldOrNewAtEveryCutWhenWrittenWhole) {
  ASSERT_TRUE(WriteWhole(files_, Live("a"), "old").ok());
  RecordingFileSystem recording(files_, folder_ / "live");
  ASSERT_TRUE(WriteWhole(recording, Live("a"), "new").ok());
  const std::size_t all = recording.operation_count();
  for (std::size_t count = 0; count < all; ++count) {
    for (const std::string& content : Survivors(recording, "a", count)) {
      EXPECT_TRUE(content == "old" || content == "new") << content << " after " << count;
    }
  }
  EXPECT_EQ(Survivors(recording, "a", all), std::set<std::string>{"new"});
}

// The control of the test above: without the sync the same cuts leave something else.
TEST_F(RecordedFiles, AreFoundBrokenWhenRenamedWithoutSync) {
  ASSERT_TRUE(WriteWhole(files_, Live("a"), "old").ok());
  RecordingFileSystem recording(files_, folder_ / "live");
  ASSERT_TRUE(Open(recording, Live("b"))->Append("new").ok());
  ASSERT_TRUE(recording.Rename(Live("b"), Live("a")).ok());
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  EXPECT_TRUE(Survivors(recording, "a", recording.operation_count()).contains(""));
}

TEST_F(RecordedFiles, MayComeBackWhenRemovedWithoutSync) {
  ASSERT_TRUE(Open(files_, Live("a"))->Append("old").ok());
  RecordingFileSystem recording(files_, folder_ / "live");
  ASSERT_TRUE(recording.Remove(Live("a")).ok());
  EXPECT_EQ(Survivors(recording, "a", 1), (std::set<std::string>{"absent", "old"}));
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  EXPECT_EQ(Survivors(recording, "a", 2), std::set<std::string>{"absent"});
}

TEST_F(RecordedFiles, RecordThePartOfARefusedAppend) {
  FaultyFileSystem faulty(files_);
  RecordingFileSystem recording(faulty, folder_ / "live");
  const std::unique_ptr<File> file = Open(recording, Live("a"));
  faulty.LimitStorage(2);
  EXPECT_EQ(file->Append("abc").error().code, ErrorCode::kStorageFull);
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  EXPECT_EQ(Survivors(recording, "a", recording.operation_count()), std::set<std::string>{"ab"});
}

TEST_F(RecordedFiles, AreNotSafeAfterAFailedSync) {
  FaultyFileSystem faulty(files_);
  RecordingFileSystem recording(faulty, folder_ / "live");
  const std::unique_ptr<File> file = Open(recording, Live("a"));
  ASSERT_TRUE(recording.SyncFolder(folder_ / "live").ok());
  ASSERT_TRUE(file->Append("abc").ok());
  faulty.FailNextSync("a");
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_TRUE(Survivors(recording, "a", recording.operation_count()).contains(""));
}

}  // namespace
}  // namespace fansipan::base
