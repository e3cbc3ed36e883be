#include "center/reported_notices.h"

#include <gtest/gtest.h>

#include <string>

#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kDataset = R"(
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
      vintages:
        final: {title: {vi: chính thức, en: final}}
    columns:
      indicator: {type: text$}
      unit_code: {type: text}
      period: {type: text}
      vintage: {type: text}
      value: {type: integer}
      sent_at: {type: timestamp}
)";

/// The sample center with a reported dataset, whose series column says this of its values, and
/// indicators.
std::vector<std::string> NoticesOf(const std::string& values, const std::string& indicators) {
  testing::Files files = testing::SampleCenter();
  std::string dataset(kDataset);
  dataset.replace(dataset.find('$'), 1, values);
  files["systems/services/datasets.yaml"] += dataset;
  files["systems/services/indicators.yaml"] += indicators;
  const LoadOutcome outcome = LoadCenterFiles(files, testing::PrattParser());
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  if (!outcome.center) return {};
  std::vector<std::string> texts;
  for (const Problem& notice : ReportedNotices(*outcome.center)) texts.push_back(ToText(notice));
  return texts;
}

constexpr const char* kRice = R"(
  rice:
    title: {vi: Lúa, en: Rice}
    reported: {dataset: statement, series: rice}
    unit_of_measure: tonne
)";

TEST(ReportedNotices, TellOfADatasetThatNoIndicatorShows) {
  const auto notices = NoticesOf("", "");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].find("systems/services/datasets.yaml:1:1: dataset 'statement'"), 0U)
      << notices[0];
  EXPECT_TRUE(NoticesOf("", kRice).empty());
}

TEST(ReportedNotices, TellOfEachDeclaredSeriesThatNoIndicatorShows) {
  const auto notices = NoticesOf(", one_of: [rice, maize]", kRice);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].find("series 'maize'"), std::string::npos) << notices[0];
}

}  // namespace
}  // namespace fansipan::center
