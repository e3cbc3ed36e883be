#include "http/rendering/widget_rendering.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "http/rendering/panel_rendering.h"
#include "http/resources/live.h"
#include "http/resources/routes.h"
#include "http/testing/openapi_contract.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

using model::Decimal;
using nlohmann::json;
using Values = std::vector<std::optional<Decimal>>;
using Places = std::vector<std::optional<int>>;

std::optional<Decimal> Of(std::int64_t number) { return Decimal::FromInteger(number); }

TEST(PlacesOf, EqualValuesShareAPlaceAndTheNextIsLeftOut) {
  const Values values = {Of(90), Of(97), std::nullopt, Of(90), Of(80)};
  EXPECT_EQ(PlacesOf(values, model::Better::kHigher), (Places{2, 1, std::nullopt, 2, 4}));
  EXPECT_EQ(PlacesOf(values, model::Better::kLower), (Places{2, 4, std::nullopt, 2, 1}));
}

TEST(OrderFlow, PutsTheLargestFirstWithSharesOfWhatTheyAddUpTo) {
  std::vector<FlowRow> rows = {{"a", Of(1), "", {}}, {"b", Of(2), "", {}}};
  OrderFlow(Of(3), rows);
  EXPECT_EQ(rows[0].value, "b");
  EXPECT_EQ(rows[0].share->ToText(), "66.6667");
  EXPECT_EQ(rows[1].share->ToText(), "33.3333");
}

TEST(OrderFlow, TellsNoSharesOfWhatAreNoParts) {
  std::vector<FlowRow> rates = {{"a", Of(90), "", {}}, {"b", Of(95), "", {}}};
  OrderFlow(Of(93), rates);
  EXPECT_EQ(rates[0].share, std::nullopt);
  std::vector<FlowRow> incomplete = {{"a", std::nullopt, "no_records", {}}, {"b", Of(3), "", {}}};
  OrderFlow(Of(3), incomplete);
  EXPECT_EQ(incomplete[0].value, "b");
  EXPECT_EQ(incomplete[0].share, std::nullopt);
  std::vector<FlowRow> below_zero = {{"a", Of(-1), "", {}}, {"b", Of(4), "", {}}};
  OrderFlow(Of(3), below_zero);
  EXPECT_EQ(below_zero[0].share, std::nullopt);
}

center::testing::Files CenterWithBoard() {
  center::testing::Files files = center::testing::SampleCenter();
  files["systems/services/panels.yaml"] += R"(  board:
    title: {vi: Bảng, en: Board}
    items:
      - {text: {vi: Dành cho ai, en: For whom}}
      - {figure: on_time_rate, period: month, latest: true, trend: 0}
      - {figure: on_time_rate, period: year, latest: true, trend: 0}
      - {flow: finished_cases, by: urgent, latest: true}
      - {ranking: finished_cases, latest: true}
      - {ranking: on_time_rate, latest: true}
      - {sources: true}
)";
  files["systems/services/indicators.yaml"] += R"(  finished_cases:
    title: {vi: Đã giải quyết, en: Finished}
    formula: finished
    unit_of_measure: case
    better: higher
)";
  return files;
}

/// A panel with every widget over the sample's cases of June, asked in July.
class WidgetTest : public ::testing::Test {
 protected:
  WidgetTest() : application_(sample_.services(), Router(AllRoutes({{}, "", {}})), CallerPolicy{}) {
    sample_.DeliverSample();
  }

  json Read(const std::string& target) {
    Request request = testing::Get(target);
    request.local = true;
    const Response response = testing::Ask(application_, std::move(request));
    EXPECT_EQ(response.status, 200) << *response.body;
    return json::parse(*response.body, nullptr, false);
  }

  testing::SampleServices sample_{CenterWithBoard()};
  Application application_;
};

TEST_F(WidgetTest, AnswersAsItIsDescribed) {
  std::ifstream file(std::string(FANSIPAN_SOURCE) + "/schemas/openapi.yaml");
  std::stringstream description;
  description << file.rdbuf();
  const auto contract = testing::OpenApiContract::Parse(description.str()).value();
  EXPECT_EQ(contract.CheckValue("PanelAnswer", Read("/api/v1/panels/board").dump()),
            std::vector<std::string>{});
  const auto state = RenderLiveState(sample_.services(), {"board", "15", "viewer"});
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(contract.CheckValue("PanelAnswer", state->whole), std::vector<std::string>{});
}

TEST_F(WidgetTest, OfALatestItemIsTheLastEndedPeriodThatHasAValue) {
  const json panel = Read("/api/v1/panels/board");
  const json& month = panel["items"][0];
  EXPECT_EQ(month["position"], 1);
  EXPECT_EQ(month["figure"]["period"]["text"], "2026-06");
  EXPECT_EQ(month["figure"]["value"], "50");
  EXPECT_EQ(month["latest"], true);
  EXPECT_EQ(panel["children"][0]["figures"][0]["period"]["text"], "2026-06");
  // No year that has ended has a value: the running one, as without `latest`.
  const json& year = panel["items"][1];
  EXPECT_EQ(year["figure"]["period"]["text"], "2026");
  EXPECT_FALSE(year.contains("latest"));
  const json asked = Read("/api/v1/panels/board?period=2026-05");
  EXPECT_EQ(asked["items"][0]["figure"]["period"]["text"], "2026-05");
  EXPECT_FALSE(asked["items"][0].contains("latest"));
}

TEST_F(WidgetTest, AFlowNamesTheUnknownValueAndItsShare) {
  const json flow = Read("/api/v1/panels/board")["widgets"][1];
  EXPECT_EQ(flow["kind"], "flow");
  EXPECT_EQ(flow["position"], 3);
  EXPECT_EQ(flow["by"]["column"], "urgent");
  EXPECT_EQ(flow["by"]["type"], "boolean");
  ASSERT_EQ(flow["rows"].size(), 1U);
  EXPECT_TRUE(flow["rows"][0]["value"].is_null());
  EXPECT_EQ(flow["rows"][0]["amount"], flow["figure"]["value"]);
  EXPECT_EQ(flow["rows"][0]["share"], "100.0000");
  EXPECT_EQ(flow["more"], 0);
}

TEST_F(WidgetTest, ARankingPlacesOnlyWhatHasEnoughBehindIt) {
  const json panel = Read("/api/v1/panels/board");
  const json& counts = panel["widgets"][2];
  EXPECT_EQ(counts["figure"]["period"]["text"], "2026-06");
  EXPECT_EQ(counts["before"]["text"], "2026-05");
  EXPECT_EQ(counts["units"][0]["unit"]["code"], "02647");
  EXPECT_EQ(counts["units"][0]["place"], 1);
  // Two cases are less than the ten that the rate is judged from.
  for (const json& row : panel["widgets"][3]["units"]) {
    EXPECT_TRUE(row["place"].is_null());
    EXPECT_FALSE(row["not_ranked_reason"].is_null());
  }
}

TEST_F(WidgetTest, SourcesAreThoseOfThePanelsFigures) {
  const json sources = Read("/api/v1/panels/board")["widgets"][4];
  EXPECT_EQ(sources["kind"], "sources");
  ASSERT_EQ(sources["sources"].size(), 1U);
  EXPECT_EQ(sources["sources"][0]["name"], "case_system");
}

TEST_F(WidgetTest, APanelWithoutWidgetsSaysNothingOfThem) {
  EXPECT_FALSE(Read("/api/v1/panels/services").contains("widgets"));
  const auto state = RenderLiveState(sample_.services(), {"services", "15", "viewer"});
  ASSERT_TRUE(state.ok());
  for (const live::Piece& piece : state->pieces) EXPECT_LT(piece.list, kConstantLiveLists);
}

TEST_F(WidgetTest, ALiveChangeNamesEachWidgetByItsPosition) {
  const auto state = RenderLiveState(sample_.services(), {"board", "15", "viewer"});
  ASSERT_TRUE(state.ok());
  std::vector<std::string> names;
  for (const live::Piece& piece : state->pieces) {
    if (piece.list == kConstantLiveLists) names.push_back(piece.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"0", "3", "4", "5", "6"}));
}

}  // namespace
}  // namespace fansipan::http
