#include "center/difference.h"

#include <gtest/gtest.h>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using Lines = std::vector<std::string>;

std::shared_ptr<const Center> Load(const Files& files) {
  const LoadOutcome outcome = LoadCenterFiles(files, testing::PrattParser());
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  return outcome.center;
}

// What the sample center's change of `text` into `other` in one file is described as.
Lines DifferenceOf(const std::string& file, const std::string& text, const std::string& other) {
  Files files = testing::SampleCenter();
  const std::string path = files.contains(file) ? file : "systems/services/" + file;
  std::string& content = files.at(path);
  const std::size_t at = content.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  if (at != std::string::npos) content.replace(at, text.size(), other);
  const auto to = Load(files);
  return to == nullptr ? Lines() : DescribeDifference(*Load(testing::SampleCenter()), *to);
}

TEST(Difference, IsEmptyForTheSameAndForAnotherSpacing) {
  EXPECT_EQ(DifferenceOf("center.yaml", "name: sample", "name:   sample"), Lines());
  EXPECT_EQ(DifferenceOf("indicators.yaml", "100 * finished_on_time / finished",
                         "(100*finished_on_time)/finished"),
            Lines());
}

TEST(Difference, NamesWhatChangedByKind) {
  const auto from = Load(testing::SampleCenter());
  Files files = testing::SampleCenter();
  files.at("center.yaml") = "# a remark\n" + files.at("center.yaml");
  EXPECT_EQ(NamesChanged(*from, *Load(files)), ChangedNames());
  auto to = *from;
  const std::string gone = to.indicators.back().name;
  to.indicators.pop_back();
  to.measures.front().title["en"] += " otherwise";
  EXPECT_EQ(NamesChanged(*from, to),
            (ChangedNames{{"indicator", {gone}}, {"measure", {to.measures.front().name}}}));
  EXPECT_EQ(NamesChanged(to, *from), NamesChanged(*from, to));
}

TEST(Difference, NamesTheChangedFieldsOfEachKind) {
  EXPECT_EQ(DifferenceOf("center.yaml", "[on_time_rate]", "[growth]"),
            Lines{"center 'sample' changed: public"});
  EXPECT_EQ(DifferenceOf("territory/units.csv", "13256.92", "13257"),
            Lines{"territory unit '15' changed: area_km2"});
  EXPECT_EQ(DifferenceOf("calendars/office.yaml", "17:00", "17:30"),
            Lines{"calendar 'office' changed: week"});
  EXPECT_EQ(DifferenceOf("regimes.yaml", "working_days: 5", "working_days: 6"),
            Lines{"regime 'reporting' changed: kind nine_months"});
  EXPECT_EQ(DifferenceOf("panels.yaml", "regime: school", "regime: calendar"),
            Lines{"panel 'reports' changed: items"});
  EXPECT_EQ(DifferenceOf("sources.yaml", "silent_after: 30m", "silent_after: 31m"),
            Lines{"source 'case_system' changed: silent_after"});
  EXPECT_EQ(DifferenceOf("sources.yaml", "skip: 2", "header_has: Mã"),
            Lines{"source 'case_system' changed: csv"});
  EXPECT_EQ(DifferenceOf("sources.yaml", "skip: 2", "skip: 2, ends_at: Tổng"),
            Lines{"source 'case_system' changed: csv"});
  EXPECT_EQ(DifferenceOf("sources.yaml", ", byte_order_mark: true}\n", "}\n    encoding: tcvn3\n"),
            (Lines{"source 'case_system' changed: encoding, csv"}));
  EXPECT_EQ(DifferenceOf("sources.yaml", "[id, paid_on, amount]", "[id, {paid_on: /p}, amount]"),
            Lines{"source 'payments' changed: json"});
  EXPECT_EQ(DifferenceOf("mappings/case.sql", "*", "a"),
            Lines{"source 'case_system' changed: mapping of case"});
  EXPECT_EQ(DifferenceOf("datasets.yaml", "fee: {type: decimal, scale: 2",
                         "fee: {type: decimal, scale: 3"),
            Lines{"dataset 'case' changed: column fee"});
  EXPECT_EQ(DifferenceOf("indicators.yaml", "count: finished_at <= due_at",
                         "count: finished_at < due_at"),
            Lines{"measure 'finished_on_time' changed: condition"});
  EXPECT_EQ(DifferenceOf("indicators.yaml", "good: 95", "good: 96"),
            Lines{"indicator 'on_time_rate' changed: thresholds"});
  EXPECT_EQ(DifferenceOf("panels.yaml", "trend: 24", "trend: 25"),
            Lines{"panel 'services' changed: items"});
  EXPECT_EQ(DifferenceOf("tests/on_time.yaml", "read", "write"),
            Lines{"test 'systems/services/tests/on_time.yaml' changed: text"});
}

TEST(Difference, NamesWhatCameAndWent) {
  EXPECT_EQ(DifferenceOf("indicators.yaml", "  paid: {dataset", "  money: {dataset"),
            (Lines{"measure 'money' added", "measure 'paid' removed"}));
  EXPECT_EQ(DifferenceOf("territory/codes.csv", "gso,15,15,2025-07-01,,decree",
                         "gso,15,15,2025-07-01,,law"),
            (Lines{"territory code 'gso,15,15,2025-07-01,,law' added",
                   "territory code 'gso,15,15,2025-07-01,,decree' removed"}));
  EXPECT_EQ(DifferenceOf("territory/events.csv", "02647,0.4", "02647,0.3"),
            (Lines{"territory event '2030-01-01,split,02653,02647,0.3,,Nghị quyết 30' added",
                   "territory event '2030-01-01,split,02653,02647,0.4,,Nghị quyết 30' removed"}));
  EXPECT_EQ(DifferenceOf("territory/units.csv", "Xã Mường Bo,15", "Xã Mường Bo cũ,15"),
            Lines{"territory unit '02653' changed: states"});
}

TEST(Difference, CountsWhatIsTooMuchToTell) {
  Files files = testing::SampleCenter();
  for (int unit = 0; unit < 130; ++unit) {
    files["territory/units.csv"] +=
        "u" + std::to_string(unit) + ",commune,a,a,,15,2025-07-01,,,,\n";
  }
  const Lines lines = DescribeDifference(*Load(testing::SampleCenter()), *Load(files));
  ASSERT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines.back(), "territory unit: 30 more");
}

}  // namespace
}  // namespace fansipan::center
