#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;

constexpr const char* kDatasets = R"(datasets:
  statement:
    title: {vi: Số liệu báo cáo, en: Reported value}
    kind: reported
    order: sent_at
    places: {territory: {column: unit_code, codes: gso}}
    reported:
      series: indicator
      period: period
      vintage: vintage
      value: value
      signer: signer
      vintages:
        estimate: {title: {vi: ước tính, en: estimate}, mark: estimate}
        final: {title: {vi: chính thức, en: final}}
    columns:
      indicator: {type: text}
      unit_code: {type: text}
      period: {type: text}
      vintage: {type: text}
      value: {type: decimal, scale: 2}
      sent_at: {type: timestamp}
      signer: {type: text, optional: true}
)";

constexpr const char* kIndicators = R"(indicators:
  rice:
    title: {vi: Lúa, en: Rice}
    reported: {dataset: statement, series: rice}
    additive: true
    unit_of_measure: tonne
  rice_surveyed:
    title: {vi: Lúa điều tra, en: Rice surveyed}
    reported: {dataset: statement, series: rice_surveyed}
    unit_of_measure: tonne
  poverty_rate:
    title: {vi: Tỷ lệ nghèo, en: Poverty rate}
    reported: {dataset: statement, series: poverty}
    unit_of_measure: percent
  finished_per_rice:
    title: {vi: Kết hợp, en: Combined}
    formula: finished / rice
    unit_of_measure: ratio
cross_checks:
  rice_of_communes:
    title: {vi: Lúa của xã, en: Rice of communes}
    parts_of: rice
    missing_parts: nothing
    at_least: 2
    tolerance: {percent: 0.5, rounding: true}
  rice_twice:
    title: {vi: Lúa hai nguồn, en: Rice twice}
    indicator: rice
    against: rice_surveyed
    tolerance: {absolute: 3}
)";

constexpr const char* kSources = R"(sources:
  office:
    title: {vi: Cơ quan thống kê, en: Statistics office}
    connector: push
    format: csv
    mappings:
      statement:
        file: mappings/statement.sql
        parameters: {unit_column: "Cities, provinces", series: rice's, items: [a, "b'c"], names: {Total: t}}
)";

constexpr const char* kMapping =
    "-- $series in a remark\n"
    "SELECT $series AS indicator, '$series' AS note, $\"unit_column\" AS unit_code, $$ $series $$ "
    "AS x,\n"
    "  list_contains($items, y) AS z, $names[y] AS w, \"$series\" FROM raw\n";

Files Sample() {
  Files files = testing::SampleCenter();
  files["systems/economy/system.yaml"] = "title: {vi: Kinh tế, en: Economy}\n";
  files["systems/economy/datasets.yaml"] = kDatasets;
  files["systems/economy/indicators.yaml"] = kIndicators;
  files["systems/economy/sources.yaml"] = kSources;
  files["systems/economy/mappings/statement.sql"] = kMapping;
  return files;
}

std::string TextOf(const LoadOutcome& outcome) {
  std::string text;
  for (const Problem& problem : outcome.problems) text += ToText(problem) + "\n";
  return text;
}

TEST(ReportedDataset, IsKeyedBySeriesUnitPeriodAndVintage) {
  const LoadOutcome outcome = LoadCenterFiles(Sample(), PrattParser());
  ASSERT_NE(outcome.center, nullptr) << TextOf(outcome);
  const model::Dataset& dataset = *outcome.center->FindDataset("statement");
  EXPECT_EQ(dataset.kind, model::DatasetKind::kReported);
  EXPECT_EQ(dataset.key, (std::vector<std::size_t>{0, 1, 2, 3}));
  ASSERT_TRUE(dataset.reported);
  EXPECT_EQ(dataset.reported->FindVintage("final"), 1U);
  EXPECT_EQ(dataset.columns[3].one_of, (std::vector<std::string>{"estimate", "final"}));
  EXPECT_TRUE(outcome.center->FindIndicator("rice")->additive);
  EXPECT_EQ(outcome.center->FindIndicator("rice")->reported->series, "rice");
}

TEST(CrossCheckDeclaration, IsRead) {
  const LoadOutcome outcome = LoadCenterFiles(Sample(), PrattParser());
  ASSERT_NE(outcome.center, nullptr) << TextOf(outcome);
  const model::CrossCheck& parts = *outcome.center->FindCrossCheck("rice_of_communes");
  EXPECT_EQ(parts.kind, model::CrossCheck::Kind::kParts);
  EXPECT_EQ(parts.missing, model::MissingParts::kNothing);
  EXPECT_EQ(parts.at_least, 2U);
  EXPECT_TRUE(parts.tolerance.rounding);
  const model::CrossCheck& pair = *outcome.center->FindCrossCheck("rice_twice");
  EXPECT_EQ(pair.against, "rice_surveyed");
  EXPECT_EQ(pair.tolerance.absolute, model::Decimal::FromInteger(3));
}

TEST(MappingParameters, AreFilledInAsTextsListsMapsAndColumns) {
  const LoadOutcome outcome = LoadCenterFiles(Sample(), PrattParser());
  ASSERT_NE(outcome.center, nullptr) << TextOf(outcome);
  EXPECT_EQ(
      outcome.center->FindSource("office")->mappings[0].sql,
      "-- $series in a remark\n"
      "SELECT 'rice''s' AS indicator, '$series' AS note, \"Cities, provinces\" AS unit_code, "
      "$$ $series $$ AS x,\n"
      "  list_contains(['a', 'b''c'], y) AS z, map(['Total'], ['t'])[y] AS w, \"$series\" FROM "
      "raw\n");
}

struct Slip {
  const char* name;
  const char* file;
  const char* text;
  const char* slip;  ///< what stands in its place
  const char* at;    ///< line:column
  const char* word;  ///< in the message
};

std::string NameOfSlip(const ::testing::TestParamInfo<Slip>& slip) { return slip.param.name; }

class ReportedProblemsAt : public ::testing::TestWithParam<Slip> {};

TEST_P(ReportedProblemsAt, NamesTheExactPlace) {
  const Slip& slip = GetParam();
  Files files = Sample();
  std::string& content = files.at(std::string("systems/economy/") + slip.file);
  const std::size_t at = content.find(slip.text);
  ASSERT_NE(at, std::string::npos);
  content.replace(at, std::string_view(slip.text).size(), slip.slip);
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  EXPECT_EQ(outcome.center, nullptr);
  ASSERT_EQ(outcome.problems.size(), 1U) << TextOf(outcome);
  const Problem& problem = outcome.problems[0];
  EXPECT_EQ(problem.file, std::string("systems/economy/") + slip.file);
  EXPECT_EQ(std::to_string(problem.line) + ":" + std::to_string(problem.column), slip.at)
      << ToText(problem);
  EXPECT_NE(problem.message.find(slip.word), std::string::npos) << ToText(problem);
}

INSTANTIATE_TEST_SUITE_P(
    Reported, ReportedProblemsAt,
    ::testing::Values(
        Slip{"KeyIsNotDeclared", "datasets.yaml", "    order: sent_at\n",
             "    order: sent_at\n    key: [indicator]\n", "6:10", "is not declared"},
        Slip{"VintagesMissing", "datasets.yaml",
             "      vintages:\n        estimate: {title: {vi: ước tính, en: estimate}, mark: "
             "estimate}\n        final: {title: {vi: chính thức, en: final}}\n",
             "", "7:5", "vintages"},
        Slip{"ValueIsText", "datasets.yaml", "value: value\n", "value: period\n", "11:14",
             "integer or decimal"},
        Slip{"UnknownMark", "datasets.yaml", "mark: estimate", "mark: estimated", "14:63",
             "estimate"},
        Slip{"PersonalSigner", "datasets.yaml", "signer: {type: text,",
             "signer: {personal: true, type: text,", "12:15", "personal"},
        Slip{"NoPlace", "datasets.yaml",
             "    places: {territory: {column: unit_code, codes: gso}}\n", "", "2:3", "one node"},
        Slip{"BothFormulaAndReported", "indicators.yaml", "    additive: true\n",
             "    additive: true\n    formula: finished\n", "2:3", "either"},
        Slip{"NotAReportedDataset", "indicators.yaml", "{dataset: statement, series: poverty}",
             "{dataset: case}", "13:25", "kind reported"},
        Slip{"SeriesMissing", "indicators.yaml", "{dataset: statement, series: poverty}",
             "{dataset: statement}", "13:5", "series"},
        Slip{"AdditiveFormula", "indicators.yaml", "    unit_of_measure: ratio\n",
             "    unit_of_measure: ratio\n    additive: true\n", "19:15", "follows"},
        Slip{"RatesAreNotAdded", "indicators.yaml", "parts_of: rice\n", "parts_of: poverty_rate\n",
             "22:15", "does not add up"},
        Slip{"NotDeclaredAdditive", "indicators.yaml", "parts_of: rice\n",
             "parts_of: rice_surveyed\n", "22:15", "additive"},
        Slip{"QuotientsAreNotAdded", "indicators.yaml", "parts_of: rice\n",
             "parts_of: finished_per_rice\n", "22:15", "does not add up"},
        Slip{"NoSuchGrouping", "indicators.yaml", "    at_least: 2\n",
             "    at_least: 2\n    grouping: regions\n", "25:15", "no grouping"},
        Slip{"OtherUnitOfMeasure", "indicators.yaml", "against: rice_surveyed",
             "against: poverty_rate", "29:14", "percent"},
        Slip{"AgainstItself", "indicators.yaml", "against: rice_surveyed", "against: rice", "29:14",
             "another"},
        Slip{"NegativeTolerance", "indicators.yaml", "absolute: 3", "absolute: -3", "30:27",
             "negative"},
        Slip{"ParameterMissing", "sources.yaml", "series: rice's, ", "", "8:15", "$series"},
        Slip{"ParameterUnused", "sources.yaml", "series: rice's", "series: x, serie: y", "9:67",
             "not used"},
        Slip{"ColumnIsNoText", "sources.yaml", "unit_column: \"Cities, provinces\"",
             "unit_column: [a]", "9:22", "column"}),
    NameOfSlip);

TEST(ReportedDataset, IsNotForMeasures) {
  Files files = Sample();
  files["systems/economy/indicators.yaml"] =
      "measures:\n  rice_cells: {dataset: statement, flow: sent_at}\n" + std::string(kIndicators);
  const LoadOutcome outcome = LoadCenterFiles(files, PrattParser());
  ASSERT_EQ(outcome.problems.size(), 1U) << TextOf(outcome);
  EXPECT_EQ(outcome.problems[0].line, 2);
  EXPECT_NE(outcome.problems[0].message.find("never added up"), std::string::npos);
}

}  // namespace
}  // namespace fansipan::center
