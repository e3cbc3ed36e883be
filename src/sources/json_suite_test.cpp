// The JSONTestSuite, a published collection of JSON texts that is no part of the project, through
// Decode: what must be read (y_) and what must be refused (n_). The rest is open, but must end.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "sources/decoding.h"
#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using testing::Rows;

using Texts = std::map<std::string, std::string>;

Texts LoadSuite() {
  const char* external = std::getenv("FANSIPAN_EXTERNAL");
  const std::filesystem::path folder =
      std::filesystem::path(external != nullptr ? external : FANSIPAN_SOURCE "/../shared/data") /
      "suites/JSONTestSuite/test_parsing";
  Texts texts;
  if (!std::filesystem::exists(folder)) return texts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    texts[entry.path().filename()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return texts;
}

class JsonSuite : public ::testing::Test {
 protected:
  void SetUp() override {
    if (texts_.empty()) GTEST_SKIP() << "the JSON test suite is not here";
  }

  /// Empty: it was decoded. The reason of its one refused row else, or of all.
  static std::string ReasonOf(const std::string& payload, const center::Source& source) {
    Rows rows;
    const auto decoded = Decode(payload, source, rows);
    if (!decoded.ok()) return decoded.error().reason;
    return decoded->refused.empty() ? "" : decoded->refused[0].reason;
  }

  static center::Source SourceOf(center::Format format) {
    center::Source source;
    source.format = format;
    source.json.columns = {{"text", ""}};
    source.limits.depth = 512;
    return source;
  }

  static bool IsNoJson(const std::string& reason) {
    return std::set<std::string>{"not_json", "cut_off", "not_utf8", "invalid_utf8", "too_deep"}
        .contains(reason);
  }

  const Texts texts_ = LoadSuite();
};

TEST_F(JsonSuite, EachTextAsTheValueOfARecord) {
  const center::Source source = SourceOf(center::Format::kJson);
  int taken = 0;
  int refused = 0;
  for (const auto& [name, text] : texts_) {
    const std::string reason = ReasonOf("[{\"text\":" + text + "}]", source);
    if (name.starts_with("y_")) {
      EXPECT_EQ(reason, "") << name;
      ++taken;
    } else if (name.starts_with("n_")) {
      EXPECT_TRUE(IsNoJson(reason)) << name << ": " << reason;
      ++refused;
    }
  }
  EXPECT_EQ(taken, 95);
  EXPECT_EQ(refused, 188);
}

/// One that is JSON and no array of records is refused for that, not as no JSON.
TEST_F(JsonSuite, EachTextAsAWholeDelivery) {
  const center::Source source = SourceOf(center::Format::kJson);
  for (const auto& [name, text] : texts_) {
    const std::string reason = ReasonOf(text, source);
    if (name.starts_with("y_")) {
      EXPECT_FALSE(IsNoJson(reason)) << name << ": " << reason;
    } else if (name.starts_with("n_")) {
      EXPECT_NE(reason, "") << name;  // of an object it is seen first that it is no array
    }
  }
}

TEST_F(JsonSuite, EachTextOfOneLineAsALine) {
  const center::Source source = SourceOf(center::Format::kNdjson);
  int taken = 0;
  for (const auto& [name, text] : texts_) {
    if (text.find_first_of("\r\n") != std::string::npos) continue;
    const std::string reason = ReasonOf("{\"text\":1}\n{\"text\":" + text + "}\n", source);
    if (name.starts_with("y_")) {
      EXPECT_EQ(reason, "") << name;
      ++taken;
    } else if (name.starts_with("n_")) {
      EXPECT_TRUE(IsNoJson(reason)) << name << ": " << reason;
    }
  }
  EXPECT_GT(taken, 80);
}

/// The same beside the records, where columns of the whole text are read.
TEST_F(JsonSuite, EachTextBesideTheRecords) {
  center::Source source = SourceOf(center::Format::kJson);
  source.json.records_at = "/records";
  source.json.columns = {{"id", ""}, {"text", "$/text"}};
  for (const auto& [name, text] : texts_) {
    const std::string reason = ReasonOf("{\"text\":" + text + ",\"records\":[{\"id\":1}]}", source);
    if (name.starts_with("y_")) {
      EXPECT_EQ(reason, "") << name;
    } else if (name.starts_with("n_")) {
      EXPECT_TRUE(IsNoJson(reason)) << name << ": " << reason;
    }
  }
}

}  // namespace
}  // namespace fansipan::sources
