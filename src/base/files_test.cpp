#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <memory>
#include <string>
#include <vector>

#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"

namespace fansipan::base {
namespace {

class PosixFiles : public testing::Test {
 protected:
  std::unique_ptr<File> Open(const std::string& path) {
    Result<std::unique_ptr<File>> file = files_.OpenForAppend(path);
    EXPECT_TRUE(file.ok());
    return file.ok() ? *std::move(file) : nullptr;
  }

  static mode_t ModeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }

  TemporaryFolder folder_;
  PosixFileSystem files_;
};

TEST_F(PosixFiles, AppendReadAndCut) {
  const std::unique_ptr<File> file = Open(folder_ / "a");
  ASSERT_TRUE(file->Append("hello ").ok());
  ASSERT_TRUE(file->Append("world").ok());
  EXPECT_EQ(*file->Size(), 11U);
  EXPECT_EQ(*file->ReadAt(6, 5), "world");
  ASSERT_TRUE(file->Truncate(8).ok());
  ASSERT_TRUE(file->Append("!").ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(*files_.ReadWhole(folder_ / "a", 100), "hello wo!");
}

TEST_F(PosixFiles, ReadFewerBytesOnlyAtTheEnd) {
  const std::unique_ptr<File> file = Open(folder_ / "a");
  ASSERT_TRUE(file->Append("abc").ok());
  EXPECT_EQ(*file->ReadAt(1, std::size_t{1} << 60U), "bc");
  EXPECT_EQ(*file->ReadAt(3, 1), "");
  EXPECT_EQ(*file->ReadAt(1'000, 1), "");
}

TEST_F(PosixFiles, ContinueAtTheEndOfWhatIsThere) {
  ASSERT_TRUE(Open(folder_ / "a")->Append("one").ok());
  ASSERT_TRUE(Open(folder_ / "a")->Append("two").ok());
  EXPECT_EQ(*files_.ReadWhole(folder_ / "a", 6), "onetwo");
}

TEST_F(PosixFiles, AreOpenToTheirOwnerAlone) {
  const mode_t before = ::umask(0);
  Open(folder_ / "a");
  EXPECT_TRUE(files_.MakeFolder(folder_ / "deep/er").ok());
  ::umask(before);
  EXPECT_EQ(ModeOf(folder_ / "a"), 0600U);
  EXPECT_EQ(ModeOf(folder_ / "deep"), 0700U);
  EXPECT_EQ(ModeOf(folder_ / "deep/er"), 0700U);
}

TEST_F(PosixFiles, AreNotFoundWhenMissing) {
  EXPECT_EQ(files_.OpenForRead(folder_ / "a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.ReadWhole(folder_ / "a", 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.Remove(folder_ / "a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.List(folder_ / "a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.Rename(folder_ / "a", folder_ / "b").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(files_.Exists(folder_ / "a"));
}

TEST_F(PosixFiles, AreNotReadWholeBeyondTheLimit) {
  ASSERT_TRUE(Open(folder_ / "a")->Append("abc").ok());
  EXPECT_EQ(files_.ReadWhole(folder_ / "a", 2).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(*files_.ReadWhole(folder_ / "a", 3), "abc");
}

TEST_F(PosixFiles, SayThatTheStorageIsFull) {
  if (!files_.Exists("/dev/full")) GTEST_SKIP() << "no /dev/full on this system";
  EXPECT_EQ(Open("/dev/full")->Append("a").error().code, ErrorCode::kStorageFull);
}

TEST_F(PosixFiles, RefuseAFolderWhereAFileIs) {
  Open(folder_ / "a");
  EXPECT_EQ(files_.MakeFolder(folder_ / "a").error().code, ErrorCode::kIo);
  EXPECT_EQ(files_.MakeFolder(folder_ / "a/b").error().code, ErrorCode::kIo);
  EXPECT_TRUE(files_.MakeFolder(folder_.path()).ok());
}

TEST_F(PosixFiles, AreListedInOrder) {
  for (const char* name : {"c", "a", "b"}) Open(folder_ / name);
  EXPECT_EQ(*files_.List(folder_.path()), (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_TRUE(files_.Remove(folder_ / "b").ok());
  ASSERT_TRUE(files_.Rename(folder_ / "c", folder_ / "a").ok());
  EXPECT_TRUE(files_.SyncFolder(folder_.path()).ok());
  EXPECT_EQ(*files_.List(folder_.path()), std::vector<std::string>{"a"});
}

TEST_F(PosixFiles, KnowTheRoomForAFileThatIsNotThereYet) {
  EXPECT_GT(*files_.FreeBytes(folder_ / "not/yet"), 0U);
}

TEST_F(PosixFiles, AreWrittenWholeOverAnEarlierOne) {
  const std::string path = folder_ / "a";
  ASSERT_TRUE(WriteWhole(files_, path, "first").ok());
  // What an interrupted attempt left behind is not mixed in.
  ASSERT_TRUE(Open(path + ".new")->Append("leftover").ok());
  ASSERT_TRUE(WriteWhole(files_, path, "second").ok());
  EXPECT_EQ(*files_.ReadWhole(path, 100), "second");
  EXPECT_EQ(*files_.List(folder_.path()), std::vector<std::string>{"a"});
}

TEST_F(PosixFiles, StayAsTheyWereWhenWritingWholeFails) {
  FaultyFileSystem faulty(files_);
  const std::string path = folder_ / "a";
  ASSERT_TRUE(WriteWhole(faulty, path, "first").ok());
  faulty.LimitStorage(3);
  EXPECT_EQ(WriteWhole(faulty, path, "second").error().code, ErrorCode::kStorageFull);
  faulty.FreeStorage();
  faulty.FailNextSync(".new");
  EXPECT_EQ(WriteWhole(faulty, path, "third").error().code, ErrorCode::kIo);
  EXPECT_EQ(faulty.failures(), 2U);
  EXPECT_EQ(*files_.ReadWhole(path, 100), "first");
  EXPECT_EQ(*files_.List(folder_.path()), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace fansipan::base
