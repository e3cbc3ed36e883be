#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;

/// A registry, and a dataset with these lines as its `quality`.
Files WithQuality(std::string_view quality) {
  Files files = testing::SampleCenter();
  files["systems/office/system.yaml"] = "title: {vi: Văn phòng, en: Office}\n";
  files["systems/office/datasets.yaml"] = R"(datasets:
  visit:
    title: {vi: Lượt, en: Visit}
    kind: event
    key: [number]
    quality:
)" + std::string(quality) + R"(    columns:
      number: {type: text}
      came_at: {type: timestamp}
      left_at: {type: timestamp, optional: true}
      person: {type: text, optional: true}
      day: {type: date, optional: true}
  person:
    title: {vi: Người, en: Person}
    kind: event
    key: [id]
    columns:
      id: {type: text}
      born: {type: date}
)";
  return files;
}

std::string ProblemsOf(std::string_view quality) {
  std::string text;
  for (const Problem& problem : LoadCenterFiles(WithQuality(quality), PrattParser()).problems) {
    text += ToText(problem) + "\n";
  }
  return text;
}

TEST(QualityRules, AreRead) {
  const LoadOutcome outcome = LoadCenterFiles(WithQuality(R"(      checks:
        left_after: {title: {vi: Về sau khi đến, en: Left later}, is_true: left_at >= came_at}
      match: {registry: person, column: person, key: id}
      expected: [left_at, person]
      regular: {column: came_at, step: 1h, groups: [person]}
      unique: [person, came_at]
)"),
                                              PrattParser());
  ASSERT_NE(outcome.center, nullptr) << ToText(outcome.problems.front());
  const model::QualityRules& rules = outcome.center->FindDataset("visit")->quality;
  ASSERT_EQ(rules.checks.size(), 1U);
  EXPECT_EQ(rules.checks[0].name, "left_after");
  ASSERT_TRUE(rules.match);
  EXPECT_EQ(rules.match->registry, "person");
  EXPECT_EQ(rules.match->column, 3U);
  EXPECT_EQ(rules.match->key, 0U);
  EXPECT_EQ(rules.expected, (std::vector<std::size_t>{2, 3}));
  ASSERT_TRUE(rules.regular);
  EXPECT_EQ(rules.regular->step, std::chrono::hours(1));
  EXPECT_EQ(rules.unique, (std::vector<std::size_t>{3, 1}));
  EXPECT_TRUE(outcome.center->FindDataset("person")->quality.checks.empty());
}

struct Slip {
  const char* name;
  const char* quality;
  const char* says;
};

TEST(QualityRules, WholeDaysAreStepsOfADate) {
  EXPECT_EQ(ProblemsOf("      regular: {column: day, step: 7d}\n"), "");
}

class QualitySlips : public ::testing::TestWithParam<Slip> {};

TEST_P(QualitySlips, AreReported) {
  EXPECT_NE(ProblemsOf(GetParam().quality).find(GetParam().says), std::string::npos)
      << ProblemsOf(GetParam().quality);
}

INSTANTIATE_TEST_SUITE_P(
    Quality, QualitySlips,
    ::testing::Values(
        Slip{"NoSuchKey", "      cheks: {}\n", "checks"},
        Slip{"CheckOfNoColumn",
             "      checks: {a: {title: {vi: a, en: a}, is_true: left > came_at}}\n", "left_at"},
        Slip{"ExpectedIsAlwaysThere", "      expected: [came_at]\n", "not optional"},
        Slip{"ExpectedIsNoColumn", "      expected: [persons]\n", "did you mean 'person'"},
        Slip{"StepOfText", "      regular: {column: person, step: 1h}\n", "date or timestamp"},
        Slip{"NoStep", "      regular: {column: came_at}\n", "step"},
        Slip{"StepTooShort", "      regular: {column: came_at, step: 10s}\n", "at least 1m"},
        Slip{"StepOfADateIsPartOfADay", "      regular: {column: day, step: 6h}\n", "whole days"},
        Slip{"StepOfADateIsNoWholeDays", "      regular: {column: day, step: 36h}\n", "whole days"},
        Slip{"NoSuchRegistry", "      match: {registry: persons, column: person, key: id}\n",
             "person"},
        Slip{"KeyIsNoColumn", "      match: {registry: person, column: person, key: ids}\n",
             "'id'"},
        Slip{"KeyOfAnotherType", "      match: {registry: person, column: person, key: born}\n",
             "of type date"}),
    [](const auto& slip) { return std::string(slip.param.name); });

}  // namespace
}  // namespace fansipan::center
