#include "base/testing/faulty_file_system.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/testing/temporary_folder.h"

namespace fansipan::base {
namespace {

class FaultyFiles : public testing::Test {
 protected:
  std::unique_ptr<File> Open(const std::string& name) {
    Result<std::unique_ptr<File>> file = faulty_.OpenForAppend(folder_ / name);
    EXPECT_TRUE(file.ok());
    return file.ok() ? *std::move(file) : nullptr;
  }

  TemporaryFolder folder_;
  PosixFileSystem files_;
  FaultyFileSystem faulty_{files_};
};

TEST_F(FaultyFiles, FailTheChosenOperationOnTheChosenPathAsOftenAsAsked) {
  const std::unique_ptr<File> journal = Open("journal");
  const std::unique_ptr<File> archive = Open("archive");
  faulty_.Fail(FileOperation::kAppend, "journal", Error{ErrorCode::kIo, {}, "broken"}, 2);
  EXPECT_TRUE(archive->Append("a").ok());
  EXPECT_TRUE(journal->Sync().ok());
  EXPECT_EQ(journal->Append("a").error().code, ErrorCode::kIo);
  EXPECT_EQ(journal->Append("a").error().code, ErrorCode::kIo);
  EXPECT_TRUE(journal->Append("b").ok());
  EXPECT_EQ(*journal->ReadAt(0, 10), "b");
  EXPECT_EQ(faulty_.failures(), 2U);
}

TEST_F(FaultyFiles, AreFullUntilRoomIsMade) {
  const std::unique_ptr<File> file = Open("a");
  faulty_.LimitStorage(3);
  EXPECT_EQ(*faulty_.FreeBytes(folder_.path()), 3U);
  EXPECT_EQ(file->Append("12345").error().code, ErrorCode::kStorageFull);
  EXPECT_EQ(*file->Size(), 3U);
  EXPECT_EQ(faulty_.OpenForAppend(folder_ / "b").error().code, ErrorCode::kStorageFull);
  EXPECT_EQ(faulty_.MakeFolder(folder_ / "c").error().code, ErrorCode::kStorageFull);
  EXPECT_EQ(*faulty_.ReadWhole(folder_ / "a", 10), "123");
  faulty_.FreeStorage();
  EXPECT_TRUE(file->Append("45").ok());
}

TEST_F(FaultyFiles, FailOneSyncOnly) {
  const std::unique_ptr<File> file = Open("a");
  faulty_.FailNextSync("a");
  EXPECT_EQ(file->Sync().error().code, ErrorCode::kIo);
  EXPECT_TRUE(file->Sync().ok());
}

TEST_F(FaultyFiles, FailARenameByEitherPath) {
  Open("a");
  faulty_.Fail(FileOperation::kRename, "target", Error{ErrorCode::kIo, {}, "broken"});
  EXPECT_FALSE(faulty_.Rename(folder_ / "a", folder_ / "target").ok());
  EXPECT_TRUE(faulty_.Exists(folder_ / "a"));
  EXPECT_TRUE(faulty_.Rename(folder_ / "a", folder_ / "target").ok());
}

}  // namespace
}  // namespace fansipan::base
