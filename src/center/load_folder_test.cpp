#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "center/internal/folder.h"
#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

namespace fs = std::filesystem;
using testing::PrattParser;

class LoadFolder : public ::testing::Test {
 public:
  ~LoadFolder() override { fs::remove_all(folder_); }

 protected:
  LoadFolder() {
    std::string pattern = (fs::temp_directory_path() / "fansipan-center-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (const auto& [path, content] : testing::SampleCenter()) Write(path, content);
  }

  void Write(const std::string& path, const std::string& content) {
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << content;
  }

  LoadOutcome Load() const { return LoadCenter(folder_.string(), PrattParser()); }

  // Files that problems are about.
  std::vector<std::string> FilesWithProblems() const {
    std::vector<std::string> files;
    for (const Problem& problem : Load().problems) files.push_back(problem.file);
    return files;
  }

  fs::path folder_;
};

TEST_F(LoadFolder, GivesTheSameCenterAsItsFiles) {
  const LoadOutcome outcome = Load();
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  ASSERT_NE(outcome.center, nullptr);
  EXPECT_EQ(outcome.center->revision,
            LoadCenterFiles(testing::SampleCenter(), PrattParser()).center->revision);
}

TEST_F(LoadFolder, LeavesOutReadmesAndHiddenFiles) {
  Write("README.md", "about");
  Write("systems/services/README.md", "about");
  Write(".git/config", "x");
  Write("territory/.units.csv.swp", "x");
  const LoadOutcome outcome = Load();
  ASSERT_NE(outcome.center, nullptr);
  EXPECT_EQ(outcome.center->files,
            LoadCenterFiles(testing::SampleCenter(), PrattParser()).center->files);
}

TEST_F(LoadFolder, RefusesLinksThatLeadOutOfIt) {
  fs::create_symlink("/etc/passwd", folder_ / "systems/services/mappings/more.sql");
  fs::create_directory_symlink("/etc", folder_ / "walls");
  EXPECT_EQ(FilesWithProblems(),
            (std::vector<std::string>{"systems/services/mappings/more.sql", "walls"}));
}

TEST_F(LoadFolder, RefusesMoreBytesThanAllowed) {
  Write("systems/services/tests/large", std::string(kMaxFolderBytes, 'x'));
  const LoadOutcome outcome = Load();
  EXPECT_EQ(outcome.center, nullptr);
  ASSERT_FALSE(outcome.problems.empty());
}

TEST_F(LoadFolder, RefusesMoreFilesThanAllowed) {
  for (std::size_t file = 0; file < kMaxFiles; ++file) {
    Write("systems/services/tests/" + std::to_string(file), "");
  }
  EXPECT_EQ(Load().center, nullptr);
}

TEST_F(LoadFolder, TellsOfAFolderThatIsNotThere) {
  const LoadOutcome outcome = LoadCenter((folder_ / "absent").string(), PrattParser());
  EXPECT_EQ(outcome.center, nullptr);
  EXPECT_EQ(outcome.problems.size(), 1U);
}

}  // namespace
}  // namespace fansipan::center
