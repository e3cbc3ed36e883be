#include "cli/internal/source_tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temporary_folder.h"

namespace fansipan::cli {
namespace {

class SourceTokensTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text, mode_t mode = 0600) {
    EXPECT_TRUE(base::WriteWhole(files_, path_, text).ok());
    EXPECT_EQ(chmod(path_.c_str(), mode), 0);
    return path_;
  }
  /// The message of a refusal; empty when it is none.
  std::string RefusalOf(const std::string& text, mode_t mode = 0600) {
    const auto tokens = LoadSourceTokens(Write(text, mode), files_);
    if (tokens.ok()) return "";
    EXPECT_EQ(tokens.error().reason, "wrong_option");
    return tokens.error().message;
  }

  base::TemporaryFolder folder_;
  std::string path_ = folder_.path() + "/tokens";
  base::PosixFileSystem files_;
};

TEST_F(SourceTokensTest, ReadsALineForEachSource) {
  const auto tokens =
      LoadSourceTokens(Write("# of the province\nbudget fst_a\n\n  schools\tfst_b \n"), files_);
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  EXPECT_EQ(*tokens, (SourceTokens{{"budget", "fst_a"}, {"schools", "fst_b"}}));
}

TEST_F(SourceTokensTest, ReadsWhatItKeptForItsOwnerAlone) {
  const SourceTokens tokens{{"budget", "fst_a"}, {"schools", "fst_b"}};
  ASSERT_TRUE(KeepSourceTokens(tokens, path_, files_).ok());
  struct stat found {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const auto read = LoadSourceTokens(path_, files_);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, tokens);
}

TEST_F(SourceTokensTest, RefusesAFileThatOthersMayRead) {
  EXPECT_NE(RefusalOf("budget fst_a\n", 0640), "");
  EXPECT_NE(RefusalOf("budget fst_a\n", 0604), "");
  EXPECT_EQ(RefusalOf("budget fst_a\n", 0400), "");
}

TEST_F(SourceTokensTest, RefusesOtherLinesWithoutTellingThem) {
  for (const char* text : {"", "# nothing\n", "fst_secret\n", "budget fst_secret x\n",
                           "budget fst_secret\nbudget fst_secret\n"}) {
    const std::string refusal = RefusalOf(text);
    EXPECT_NE(refusal, "") << text;
    EXPECT_EQ(refusal.find("fst_secret"), std::string::npos) << refusal;
  }
  EXPECT_FALSE(LoadSourceTokens(folder_.path() + "/none", files_).ok());
}

}  // namespace
}  // namespace fansipan::cli
