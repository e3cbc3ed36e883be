#include "center/impact.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;
using testing::SampleCenter;

std::shared_ptr<const Center> Load(Files files) {
  auto outcome = LoadCenterFiles(std::move(files), PrattParser());
  EXPECT_TRUE(outcome.center) << (outcome.problems.empty() ? "" : ToText(outcome.problems[0]));
  return outcome.center;
}

std::string TextOf(const std::vector<Impact>& impacts) {
  std::string text;
  for (const Impact& impact : impacts) text += impact.kind + " " + impact.text + "\n";
  return text;
}

TEST(Impact, OfTheSameEventsIsNone) {
  const auto center = Load(SampleCenter());
  EXPECT_TRUE(ImpactsOf(*center, *center).empty());
}

TEST(Impact, OfAMergerNamesFiguresRanksReportsAndCodes) {
  const auto after = Load(SampleCenter());
  Center before = *after;
  before.territory_history.lineage = {};
  const std::vector<Impact> impacts = ImpactsOf(before, *after);
  const auto has = [&](std::string_view kind) {
    return std::ranges::any_of(impacts, [&](const Impact& impact) { return impact.kind == kind; });
  };
  for (const auto* kind : {"figure", "rank", "obligation", "right"}) {
    EXPECT_TRUE(has(kind)) << kind << " in\n" << TextOf(impacts);
  }
}

}  // namespace
}  // namespace fansipan::center
