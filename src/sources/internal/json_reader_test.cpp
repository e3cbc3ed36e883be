#include "sources/internal/json_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fansipan::sources::internal {
namespace {

constexpr std::uint32_t kDepth = 512;

/// The collection of JSON texts that every reader must take (y_) and must refuse (n_). Published
/// data that is not part of the project; FANSIPAN_EXTERNAL names another folder.
std::filesystem::path Suite() {
  const char* external = std::getenv("FANSIPAN_EXTERNAL");
  const std::filesystem::path folder =
      external != nullptr ? external : FANSIPAN_SOURCE "/../shared/data";
  return folder / "suites/JSONTestSuite/test_parsing";
}

TEST(JsonReader, TakesAndRefusesWhatTheJsonTestSuiteSays) {
  if (!std::filesystem::exists(Suite())) {
    GTEST_SKIP() << "the JSON test suite is not at " << Suite();
  }
  int taken = 0;
  int refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(Suite())) {
    const std::string name = entry.path().filename();
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const bool ok = CheckJson(text, kDepth).ok();
    if (name.starts_with("y_")) {
      EXPECT_TRUE(ok) << name;
      ++taken;
    } else if (name.starts_with("n_")) {
      EXPECT_FALSE(ok) << name;
      ++refused;
    }
  }
  EXPECT_EQ(taken, 95);
  EXPECT_EQ(refused, 188);
}

TEST(JsonReader, TellsACutOffTextFromAWrongOne) {
  EXPECT_EQ(CheckJson("{\"a\": [1, 2", kDepth).error().reason, "cut_off");
  EXPECT_EQ(CheckJson("", kDepth).error().reason, "cut_off");
  EXPECT_EQ(CheckJson("[1 2]", kDepth).error().reason, "not_json");
  EXPECT_EQ(CheckJson("\xFF", kDepth).error().reason, "not_utf8");
}

TEST(JsonReader, RefusesWhatIsNestedTooDeep) {
  EXPECT_TRUE(CheckJson("[[1]]", 2).ok());
  EXPECT_EQ(CheckJson("[[[1]]]", 2).error().reason, "too_deep");
  EXPECT_EQ(CheckJson(std::string(10'000'000, '['), kDepth).error().reason, "too_deep");
}

}  // namespace
}  // namespace fansipan::sources::internal
