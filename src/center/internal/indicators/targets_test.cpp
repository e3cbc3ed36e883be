#include "center/internal/indicators/targets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;
using testing::SampleCenter;

const std::string kIndicators = "systems/services/indicators.yaml";
const std::string kTargets = "systems/services/targets.csv";
constexpr const char* kHeader = "indicator,unit,period,value,decided_on,basis,basis_en\n";

/// The sample center with an indicator that adds up, and the rows in its table of targets.
Files WithTargets(const std::string& rows, const std::string& more = "") {
  Files files = SampleCenter();
  files.at(kIndicators) +=
      "  collected:\n"
      "    title: {vi: Phí đã thu, en: Fees collected}\n"
      "    formula: fees / 1000 + 2 * paid\n"
      "    unit_of_measure: vnd\n" +
      (more.empty() ? "    better: higher\n    pace: {calendar: office}\n" : more);
  if (!rows.empty()) files[kTargets] = kHeader + rows;
  return files;
}

/// "line:column message" of every problem.
std::vector<std::string> ProblemsOf(Files files) {
  std::vector<std::string> problems;
  for (const Problem& problem : LoadCenterFiles(std::move(files), PrattParser()).problems) {
    problems.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " +
                       problem.message);
  }
  return problems;
}

void ExpectProblem(Files files, const std::string& place, const std::string& words) {
  const std::vector<std::string> problems = ProblemsOf(std::move(files));
  ASSERT_EQ(problems.size(), 1U) << (problems.empty() ? "" : problems[1]);
  EXPECT_TRUE(problems[0].starts_with(place)) << problems[0];
  EXPECT_NE(problems[0].find(words), std::string::npos) << problems[0];
}

TEST(Targets, ComeFromTheListAndTheTable) {
  const auto loaded =
      LoadCenterFiles(WithTargets("collected,15,2026,1200,2026-03-01,Nghị quyết,Resolution\n"
                                  "collected,15,2026,1000,,Kế hoạch,Plan\n"
                                  "on_time_rate,02647,2026-11,96.5,,Kế hoạch,Plan\n"),
                      PrattParser());
  ASSERT_TRUE(loaded.center) << loaded.problems[0].message;
  const auto& collected = loaded.center->FindIndicator("collected")->targets;
  ASSERT_EQ(collected.size(), 2U);
  EXPECT_EQ(collected[0].value, model::Decimal(1000, 0));
  EXPECT_FALSE(collected[0].decided_on);
  EXPECT_EQ(collected[1].value, model::Decimal(1200, 0));
  EXPECT_EQ(model::TextIn(collected[1].basis, "en"), "Resolution");
  EXPECT_EQ(loaded.center->FindIndicator("on_time_rate")->targets.size(), 4U);
  EXPECT_EQ(loaded.center->FindIndicator("collected")->pace->calendar, "office");
}

TEST(Targets, OfATableAreCheckedWhereTheyStand) {
  ExpectProblem(WithTargets("colected,15,2026,1,,a,b\n"), "2:1", "did you mean 'collected'");
  ExpectProblem(WithTargets("collected,0264,2026,1,,a,b\n"), "2:11", "02647 (Sa Pa)");
  ExpectProblem(WithTargets("collected,15,2026-13,1,,a,b\n"), "2:14", "2026-Q4");
  ExpectProblem(WithTargets("collected,15,2026,many,,a,b\n"), "2:19", "many");
  ExpectProblem(WithTargets("collected,15,2026,1,31/12/2026,a,b\n"), "2:21", "31/12/2026");
  ExpectProblem(WithTargets("collected,15,2026,1,,a,\n"), "2:", "basis_en");
  ExpectProblem(WithTargets("collected,15,2026,1,,a,b\ncollected,15,2026,2,,a,b\n"), "3:1",
                "decided_on");
  ExpectProblem(WithTargets("on_time_rate,15,2026,1,,a,b\n"), "2:1", "same unit and period");
}

TEST(Targets, APaceNeedsWhatAddsUpToATargetOfAPeriod) {
  const std::string rule = "    better: higher\n    pace: {calendar: office}\n";
  EXPECT_TRUE(ProblemsOf(WithTargets("collected,15,2026,1,,a,b\n")).empty());
  ExpectProblem(WithTargets("collected,15,,1,,a,b\n"), "", "names no period");
  ExpectProblem(WithTargets("collected,15,2026,0,,a,b\n"), "", "above zero");
  ExpectProblem(WithTargets("", "    pace: {calendar: office}\n"), "", "better: higher");
  ExpectProblem(WithTargets("", "    better: higher\n    pace: {calendar: ofice}\n"), "",
                "did you mean 'office'");
  ExpectProblem(WithTargets("", "    better: higher\n    pace: {}\n"), "", "calendar");
  for (const auto& [formula, obstacle] : std::vector<std::pair<std::string, std::string>>{
           {"open", "measure 'open'"},
           {"100 * finished_on_time / finished", "finished_on_time / finished"},
           {"received - applicants", "measure 'applicants'"},
           {"received + 2", "'2'"},
           {"cumulative(received)", "cumulative"},
           {"on_time_rate + received", "finished_on_time / finished"}}) {
    Files files = SampleCenter();
    files.at(kIndicators) += "  wrong:\n    title: {vi: a, en: b}\n    formula: " + formula +
                             "\n    unit_of_measure: case\n" + rule;
    ExpectProblem(std::move(files), "", obstacle);
  }
}

}  // namespace
}  // namespace fansipan::center
