#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

constexpr const char* kDatasets = "systems/services/datasets.yaml";
constexpr const char* kIndicators = "systems/services/indicators.yaml";
constexpr const char* kClocks = R"(    clocks:
      processing:
        title: {vi: Thời hạn giải quyết, en: Processing term}
        calendar: office
        unit_calendars: [{tree: organisation, unit: H38.01, calendar: office}]
        from: received_at
        until: finished_at
        allowed: {working_days: pages}
        paused: {when: status = 'withdrawn', from: received_at, until: finished_at}
        due: {stated: due_at, authoritative: source, tolerance: 2h}
      answer:
        title: {vi: Trả lời, en: Answer}
        calendar: office
        from: received_at
        allowed: {working_time: 8h}
)";

/// The sample center with these clocks of its cases, `slip` in place of `text`.
testing::Files CenterWith(std::string clocks, const std::string& text = "",
                          const std::string& slip = "") {
  if (!text.empty()) clocks.replace(clocks.find(text), text.size(), slip);
  testing::Files files = testing::SampleCenter();
  std::string& datasets = files[kDatasets];
  datasets.insert(datasets.find("  payment:"), clocks);
  return files;
}

LoadOutcome Load(testing::Files files) {
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

TEST(Clocks, AreReadWithTheColumnsOfWhatTheySay) {
  const LoadOutcome outcome = Load(CenterWith(kClocks));
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
  const model::Dataset& dataset = *outcome.center->FindDataset("case");
  ASSERT_EQ(dataset.clocks.size(), 2U);
  EXPECT_EQ(dataset.CountToldColumns(), 13U);
  const model::CaseClock& clock = dataset.clocks[0];
  EXPECT_EQ(dataset.columns[clock.ColumnOf(model::ClockOutput::kDue)].name, "processing.due");
  EXPECT_TRUE(clock.stated_due->authoritative);
  EXPECT_EQ(clock.stated_due->tolerance, std::chrono::hours(2));
  EXPECT_EQ(clock.unit_calendars.at(0).unit, "H38.01");
  EXPECT_EQ(clock.allowed.column, dataset.FindColumn("pages"));
  EXPECT_EQ(dataset.clocks[1].allowed.time, std::chrono::hours(8));
  EXPECT_EQ(dataset.columns.back().name, "answer.coverage");
  EXPECT_TRUE(dataset.columns.back().reckoned);
  EXPECT_EQ(dataset.columns.back().title.at("vi"), "Trả lời: mức độ chắc chắn của lịch");
}

TEST(Clocks, MayBeUsedByMeasures) {
  testing::Files files = CenterWith(kClocks);
  std::string& indicators = files[kIndicators];
  const std::string before = "finished_at <= due_at";
  indicators.replace(indicators.find(before), before.size(), "finished_at <= processing.due");
  const LoadOutcome outcome = Load(std::move(files));
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
}

struct Slip {
  std::string text;
  std::string slip;  ///< ¦ stands before the place that is named
  std::string word;  ///< of the message
};
void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.slip; }

class ClockSlips : public ::testing::TestWithParam<Slip> {};

TEST_P(ClockSlips, AreToldWithTheirPlace) {
  constexpr std::string_view kMark = "¦";
  testing::Files files = CenterWith(kClocks, GetParam().text, GetParam().slip);
  std::string& text = files[kDatasets];
  const std::size_t mark = text.find(kMark);
  ASSERT_NE(mark, std::string::npos);
  text.erase(mark, kMark.size());
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark), '\n');
  const std::size_t start = text.rfind('\n', mark - 1) + 1;
  const LoadOutcome outcome = Load(std::move(files));
  EXPECT_FALSE(outcome.center);
  const bool told =
      std::any_of(outcome.problems.begin(), outcome.problems.end(), [&](const Problem& problem) {
        return problem.file == kDatasets && problem.line == line + 1 &&
               problem.column == static_cast<int>(mark - start) + 1 &&
               problem.message.find(GetParam().word) != std::string::npos;
      });
  std::string all;
  for (const Problem& problem : outcome.problems) all += ToText(problem) + "\n";
  EXPECT_TRUE(told) << all;
}

INSTANTIATE_TEST_SUITE_P(
    All, ClockSlips,
    ::testing::Values(
        Slip{"calendar: office\n        unit", "calendar: ¦offise\n        unit", "did you mean"},
        Slip{"unit: H38.01", "unit: ¦H39", "organisation/units.csv"},
        Slip{"from: received_at\n        until", "from: ¦channel\n        until", "timestamp"},
        Slip{"working_days: pages", "working_days: ¦fee", "integer"},
        Slip{"working_days: pages", "working_days: ¦9999", "3660"},
        Slip{"{working_days: pages}", "¦{working_days: 1, working_time: 8h}", "either"},
        Slip{"status = 'withdrawn', from", "pages = ¦'x', from", "one type"},
        Slip{"{when: status = 'withdrawn', from: received_at, until: finished_at}",
             "¦{when: status = 'withdrawn', from: received_at}", "both"},
        Slip{"authoritative: source", "authoritative: ¦applicant", "center"},
        Slip{"title: {vi: Trả lời, en: Answer}", "¦titel: {vi: Trả lời, en: Answer}", "title"}));

TEST(ClockSlip, OfStatusesWithoutMomentsIsTold) {
  testing::Files files = CenterWith(kClocks);
  std::string& text = files[kDatasets];
  const std::string order = "order: updated_at";
  text.replace(text.find(order), order.size(), "order: revision");
  const std::string column = "updated_at: {type: timestamp}";
  text.insert(text.find(column), "revision: {type: integer}\n      ");
  const LoadOutcome outcome = Load(std::move(files));
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_NE(outcome.problems[0].message.find("'revision' of type integer"), std::string::npos);
}

TEST(ClockSlip, OfAnEventIsTold) {
  testing::Files files = testing::SampleCenter();
  files[kDatasets] += kClocks;
  const LoadOutcome outcome = Load(std::move(files));
  ASSERT_FALSE(outcome.problems.empty());
  EXPECT_NE(outcome.problems[0].message.find("kind state"), std::string::npos);
}

TEST(ClockSlip, OfARuleThatAsksAClockIsTold) {
  testing::Files files = CenterWith(kClocks);
  std::string& text = files[kDatasets];
  const std::string rule = "finished_at >= received_at";
  text.replace(text.find(rule), rule.size(), "finished_at >= processing.due");
  const LoadOutcome outcome = Load(std::move(files));
  ASSERT_FALSE(outcome.problems.empty());
  EXPECT_NE(outcome.problems[0].message.find("processing.due"), std::string::npos);
}

TEST(ClockSlip, OfASourceWithTheCentersOwnNameIsTold) {
  testing::Files files = testing::SampleCenter();
  std::string& text = files["systems/services/sources.yaml"];
  const std::string name = "  payments:";
  text.replace(text.find(name), name.size(), "  center:");
  const LoadOutcome outcome = Load(std::move(files));
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_NE(outcome.problems[0].message.find("the center's own"), std::string::npos);
}

}  // namespace
}  // namespace fansipan::center
