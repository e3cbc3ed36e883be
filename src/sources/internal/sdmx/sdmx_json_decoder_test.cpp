#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/decoding.h"
#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using testing::Cells;
using testing::Rows;

center::Source SdmxSource(const std::vector<std::string>& columns) {
  center::Source source;
  source.name = "statistics";
  source.format = center::Format::kSdmxJson;
  for (const std::string& column : columns) source.json.columns.push_back({column, ""});
  return source;
}

std::string ReasonOf(std::string_view payload, const std::vector<std::string>& columns = {"AREA"}) {
  Rows rows;
  const auto decoded = Decode(payload, SdmxSource(columns), rows);
  return decoded.ok() ? "" : decoded.error().reason;
}

constexpr std::string_view kStructure = R"({
  "dimensions": {
    "dataSet": [{"id": "FREQ", "values": [{"id": "A", "name": "Annual"}]}],
    "series": [{"id": "AREA", "values": [{"id": "VN10"}, {"id": "VN15"}]}],
    "observation": [{"id": "TIME_PERIOD", "values": [{"id": "2023"}, {"id": "2024"}]}]},
  "attributes": {
    "dataSet": [{"id": "DECIMALS", "values": [{"id": "2"}]}],
    "series": [{"id": "TITLE", "values": [{"value": "Lào Cai"}]}],
    "observation": [{"id": "OBS_STATUS", "default": "A", "values": [{"id": "P"}, {"id": "F"}]},
                    {"id": "NOTE"}]}})";

const std::vector<std::string> kColumns = {"FREQ",  "AREA",       "TIME_PERIOD", "OBS_VALUE",
                                           "TITLE", "OBS_STATUS", "NOTE",        "DECIMALS"};

std::string BySeries(std::string_view data_sets) {
  return R"({"meta": {"id": "x"}, "data": {"structures": [)" + std::string(kStructure) +
         R"(], "dataSets": )" + std::string(data_sets) + "}}";
}

TEST(SdmxJson, GivesOneRowForEachObservationOfASeries) {
  const std::string text = BySeries(R"([{"structure": 0, "action": "Merge", "series": {
    "0": {"annotations": [0], "observations": {"0": [1.50, 1, "xem lại"], "1": [null]},
          "attributes": [0]},
    "1": {"observations": {"1": ["12", null, null, 7]}}}}])");
  Rows rows;
  const auto decoded = Decode(text, SdmxSource(kColumns), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_TRUE(decoded->refused.empty());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{
                            {"A", "VN10", "2023", "1.50", "Lào Cai", "F", "xem lại", "2"},
                            {"A", "VN10", "2024", std::nullopt, "Lào Cai", "A", std::nullopt, "2"},
                            {"A", "VN15", "2024", "12", std::nullopt, "A", std::nullopt, "2"}}));
  const RawRowSpan& row = decoded->rows[2];
  EXPECT_EQ(text.substr(row.offset, row.length), R"("1": ["12", null, null, 7])");
  EXPECT_EQ(decoded->rows[0].line, 11U);
}

TEST(SdmxJson, GivesTheObservationsOfAFlatMessage) {
  const std::string structure = R"({"dimensions": {"observation": [
      {"id": "AREA", "values": [{"id": "a"}, {"id": "b"}]},
      {"id": "TIME_PERIOD", "values": [{"id": "2024"}]}]}})";
  const std::vector<std::string> columns = {"AREA", "TIME_PERIOD", "OBS_VALUE"};
  const std::string observations = R"([{"observations": {"1:0": [3.0], "0:0": [1e3]}}])";
  for (const std::string& text :
       {R"({"structure": )" + structure + R"(, "dataSets": )" + observations + "}",
        R"({"dataSets": )" + observations + R"(, "structure": )" + structure + "}",
        R"({"data": {"dataSets": )" + observations + R"(, "structure": )" + structure + "}}"}) {
    Rows rows;
    const auto decoded = Decode(text, SdmxSource(columns), rows);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(rows.cells, (std::vector<Cells>{{"b", "2024", "3.0"}, {"a", "2024", "1e3"}}));
  }
}

TEST(SdmxJson, ReadsSeveralMeasuresAndStructures) {
  const std::string text = R"({"data": {"structures": [
    {"dimensions": {"observation": [{"id": "T", "values": [{"id": "1"}]}]},
     "measures": {"observation": [{"id": "X"}, {"id": "Y"}]}},
    {"dimensions": {"observation": [{"id": "T", "values": [{"id": "2"}]}]},
     "measures": {"observation": [{"id": "Y"}, {"id": "X"}]}}],
    "dataSets": [{"observations": {"0": [10, 20]}},
                 {"observations": {"0": [30, 40]}, "structure": 1}]}})";
  Rows rows;
  ASSERT_TRUE(Decode(text, SdmxSource({"T", "X", "Y"}), rows).ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "10", "20"}, {"2", "40", "30"}}));
}

TEST(SdmxJson, RefusesObservationsThatDoNotFitTheStructureAlone) {
  const std::string text = BySeries(R"([{"series": {
    "0": {"observations": {"0": [1], "2": [2], "0:0": [3], "x": [4], "1": 5, "1": [6, 9]}},
    "7": {"observations": {"0": [7]}}},
    "observations": {"0": [8]}}])");
  Rows rows;
  const auto decoded = Decode(text, SdmxSource({"AREA", "OBS_VALUE"}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"VN10", "1"}}));
  ASSERT_EQ(decoded->refused.size(), 7U);
  for (const auto& refused : decoded->refused) EXPECT_EQ(refused.reason, "bad_observation");
}

TEST(SdmxJson, RefusesValuesThatAreNoTextInsteadOfTakingThemForMissing) {
  const std::string text = BySeries(R"([{"series": {"0": {"observations": {
    "0": ["\ud83d", null, "a"], "1": [1, null, "\ud83d\ude00"]}}}}])");
  Rows rows;
  const auto decoded = Decode(text, SdmxSource({"AREA", "OBS_VALUE", "NOTE"}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"VN10", "1", "\U0001F600"}}));
  ASSERT_EQ(decoded->refused.size(), 1U);
  EXPECT_EQ(decoded->refused[0].reason, "bad_observation");
  EXPECT_NE(decoded->refused[0].message.find("'OBS_VALUE'"), std::string::npos);
  EXPECT_EQ(ReasonOf(BySeries(R"([{"series": {"0": {"attributes": ["\udc00"]}}}])")),
            "wrong_shape");
  for (const char* escape : {"\\ud800", "\\u0000"}) {
    std::string broken = BySeries("[]");
    broken.replace(broken.find("VN10"), 4, escape);
    EXPECT_EQ(ReasonOf(broken), "wrong_shape") << escape;
  }
}

TEST(SdmxJson, RefusesToTakeDeletionsForData) {
  const auto with = [](std::string_view action) {
    return BySeries(R"([{"series": {"0": {"observations": {"0": [1]}}}, "action": )" +
                    std::string(action) + "}]");
  };
  EXPECT_EQ(ReasonOf(with(R"("Delete")")), "deletes_data");
  EXPECT_EQ(ReasonOf(with(R"("delete")")), "deletes_data");
  for (const char* action :
       {R"("Append")", R"("Replace")", R"("Information")", R"("Merge")", "null"}) {
    EXPECT_EQ(ReasonOf(with(action)), "") << action;
  }
}

TEST(SdmxJson, RefusesMessagesWithoutStructureDataOrColumn) {
  EXPECT_EQ(ReasonOf(BySeries("[]")), "");
  EXPECT_EQ(ReasonOf(BySeries("[]"), {"AREA", "UNIT"}), "wrong_columns");
  EXPECT_EQ(ReasonOf(BySeries("{}")), "wrong_shape");
  EXPECT_EQ(ReasonOf(BySeries(R"([{"structure": 3}])")), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"data": {"dataSets": []}})"), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"data": {"structures": [{}]}})"), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"([1])"), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"structure": {}, "structure": {}})"), "duplicate_member");
  EXPECT_EQ(ReasonOf(BySeries("[").substr(0, 300)), "cut_off");
  EXPECT_EQ(ReasonOf(BySeries("[]") + "x"), "not_json");
  EXPECT_EQ(ReasonOf("{\"a\": \"\xFF\"}"), "not_utf8");
  EXPECT_EQ(ReasonOf(std::string(100'000, '[')), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"structure": )" + std::string(100'000, '[')), "too_deep");
}

TEST(SdmxJson, SaysWhichAttributesAreNotRead) {
  const std::string text = R"({"data": {"structures": [{"attributes": {"dimensionGroup":
    [{"id": "UNIT"}]}}], "dataSets": []}})";
  Rows rows;
  const auto decoded = Decode(text, SdmxSource({"UNIT"}), rows);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().reason, "wrong_columns");
  EXPECT_NE(decoded.error().message.find("groups of series"), std::string::npos);
}

TEST(SdmxCsv, IsReadAsCsv) {
  center::Source source;
  source.format = center::Format::kCsv;
  source.csv.columns = {"REF_AREA", "TIME_PERIOD", "OBS_VALUE"};
  Rows rows;
  ASSERT_TRUE(Decode("STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\r\n"
                     "dataflow,GSO:DF_POP(1.0),I,VN15,2024,778.5,\r\n",
                     source, rows)
                  .ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"dataflow", "GSO:DF_POP(1.0)", "I", "VN15", "2024",
                                             "778.5", std::nullopt}}));
}

}  // namespace
}  // namespace fansipan::sources
