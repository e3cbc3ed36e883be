#include "cli/internal/load_secret.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"

namespace fansipan::cli {
namespace {

class LoadSecretTest : public ::testing::Test {
 protected:
  std::string Load(const std::string& bytes) {
    const std::string path = folder_.path() + "/secret";
    EXPECT_TRUE(base::WriteWhole(files_, path, bytes).ok());
    const auto secret = LoadSecret("--password-file", path, files_);
    return secret.ok() ? *secret : "error " + secret.error().reason;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
};

TEST_F(LoadSecretTest, TakesTheLineWithoutItsEnd) {
  EXPECT_EQ(Load("s3cret\n"), "s3cret");
  EXPECT_EQ(Load("s3cret\r\n"), "s3cret");
  EXPECT_EQ(Load("ends in a blank "), "ends in a blank ");
}

TEST_F(LoadSecretTest, RefusesAFileThatHoldsNone) {
  EXPECT_EQ(Load(""), "error wrong_option");
  EXPECT_EQ(Load("\n\n"), "error wrong_option");
  EXPECT_FALSE(LoadSecret("--password-file", folder_.path() + "/none", files_).ok());
}

TEST_F(LoadSecretTest, WithoutAFileThereIsNone) {
  const auto secret = LoadSecret("--password-file", "", files_);
  ASSERT_TRUE(secret.ok());
  EXPECT_EQ(*secret, "");
}

}  // namespace
}  // namespace fansipan::cli
