#include "simulation/province/internal/folder_drop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"

namespace fansipan::simulation::internal {
namespace {

using Names = std::vector<std::string>;

class FolderDropTest : public ::testing::Test {
 protected:
  bool Put(const std::string& name, const std::string& body) {
    const auto put = drop_.Put("budget", name, body);
    EXPECT_TRUE(put.ok());
    return put.ok() && *put;
  }
  /// What the center does with a file that it has taken.
  void Move(const std::string& name, const std::string& to) {
    std::filesystem::create_directories(std::filesystem::path(path_ + to).parent_path());
    std::filesystem::rename(path_ + name, path_ + to);
  }
  Names Waiting() {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  std::string path_ = folder_.path() + "/budget/";
  FolderDrop drop_{files_, folder_.path()};
};

TEST_F(FolderDropTest, WritesAWholeFileUnderItsName) {
  EXPECT_TRUE(Put("thu.xlsx", "bytes"));
  EXPECT_EQ(Waiting(), Names{"thu.xlsx"});
  EXPECT_EQ(files_.ReadWhole(path_ + "thu.xlsx", 100).value(), "bytes");
}

TEST_F(FolderDropTest, OverwritesNoFileThatWaits) {
  EXPECT_TRUE(Put("thu.xlsx", "first"));
  EXPECT_TRUE(Put("thu.xlsx", "second"));
  EXPECT_EQ(Waiting(), (Names{"thu (2).xlsx", "thu.xlsx"}));
}

TEST_F(FolderDropTest, PutsNoFileASecondTime) {
  EXPECT_TRUE(Put("thu.xlsx", "first"));
  EXPECT_TRUE(Put("thu.xlsx", "second"));
  EXPECT_FALSE(Put("thu.xlsx", "first"));
  EXPECT_FALSE(Put("thu.xlsx", "second"));
  Move("thu.xlsx", "done/thu.xlsx");
  Move("thu (2).xlsx", "refused/thu (2).xlsx");
  EXPECT_FALSE(Put("thu.xlsx", "first"));
  EXPECT_FALSE(Put("thu.xlsx", "second"));
  EXPECT_TRUE(Put("thu.xlsx", "third"));
  Move("thu.xlsx", "done/thu.xlsx.1");
  EXPECT_FALSE(Put("thu.xlsx", "third"));
  EXPECT_EQ(Waiting(), Names{});
}

TEST_F(FolderDropTest, MakesANewFileOfOneThatWasLeftHalfWritten) {
  std::filesystem::create_directories(path_);
  std::ofstream(path_ + "thu.xlsx.part") << "half of it and more";
  EXPECT_TRUE(Put("thu.xlsx", "whole"));
  EXPECT_EQ(Waiting(), Names{"thu.xlsx"});
  EXPECT_EQ(files_.ReadWhole(path_ + "thu.xlsx", 100).value(), "whole");
}

TEST_F(FolderDropTest, RefusesANameThatLeadsElsewhere) {
  for (const char* name : {"", "../thu.xlsx", "a/b.xlsx", ".hidden", "thu.part"}) {
    const auto put = drop_.Put("budget", name, "bytes");
    ASSERT_FALSE(put.ok()) << name;
    EXPECT_EQ(put.error().code, base::ErrorCode::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace fansipan::simulation::internal
