#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sources/decoding.h"
#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using center::GeometryPart;
using testing::Cells;
using testing::Rows;

struct Read {
  Rows rows;
  DecodedPayload decoded;
  std::string reason;
};

Read ReadLayer(const std::string& text, center::GeodataShape shape = {}) {
  center::Source source;
  source.name = "layer";
  source.format = center::Format::kGeopackage;
  source.geodata = std::move(shape);
  Read read;
  auto decoded = Decode(text, source, read.rows);
  if (decoded.ok()) {
    read.decoded = *std::move(decoded);
  } else {
    read.reason = decoded.error().reason;
  }
  return read;
}

constexpr const char* kLayer =
    "\nWKT,_fid,ma,ten\n"
    "POINT (103.97 22.48),7,01,\"A \"\"B\"\"\"\n"
    ",8,02,\n"
    "POINT EMPTY,9,03,C\n";

TEST(Features, AttributesComeWithPointAndText) {
  const Read read = ReadLayer(kLayer);
  ASSERT_EQ(read.reason, "");
  EXPECT_EQ(read.rows.columns,
            (std::vector<std::string>{"_fid", "ma", "ten", "_longitude", "_latitude", "_wkt"}));
  const auto none = std::nullopt;
  EXPECT_EQ(read.rows.cells,
            (std::vector<Cells>{{"7", "01", "A \"B\"", "103.97", "22.48", "POINT (103.97 22.48)"},
                                {"8", "02", none, none, none, none},
                                {"9", "03", "C", none, none, none}}));
  EXPECT_EQ(read.decoded.rows[1].line, 2U);
}

TEST(Features, OnlyWhatIsDeclaredIsKeptOfTheGeometry) {
  const std::string text = "\nWKT,_fid\n\"LINESTRING (103 22,104 22.5)\",1\n";
  const Read box = ReadLayer(text, {.geometry = {GeometryPart::kBox}});
  EXPECT_EQ(box.rows.columns,
            (std::vector<std::string>{"_fid", "_west", "_south", "_east", "_north"}));
  EXPECT_EQ(box.rows.cells, (std::vector<Cells>{{"1", "103", "22", "104", "22.5"}}));
  EXPECT_EQ(ReadLayer(text, {.geometry = {}}).rows.columns, std::vector<std::string>{"_fid"});
}

TEST(Features, ALayerWithoutGeometryIsATable) {
  const Read read = ReadLayer("\n_fid,WKT\n1,x\n", {.geometry = {GeometryPart::kPoint}});
  ASSERT_EQ(read.reason, "");
  EXPECT_EQ(read.rows.cells, (std::vector<Cells>{{"1", "x", std::nullopt, std::nullopt}}));
}

TEST(Features, WhatLiesNowhereIsRefusedRowByRow) {
  const std::string text =
      "\nWKT,_fid\nPOINT (104 22),1\nPOINT (0 0),2\nPOINT (104 91),3\nPOINT (1e300 0),4\n"
      "CURVE (1 2),5\nPOINT (104 22),6\n";
  const Read anywhere = ReadLayer(text);
  ASSERT_EQ(anywhere.decoded.refused.size(), 3U);
  EXPECT_EQ(anywhere.decoded.refused[0].reason, "outside_area");
  EXPECT_EQ(anywhere.decoded.refused[0].raw_row, 3U);
  EXPECT_EQ(anywhere.decoded.refused[2].reason, "bad_geometry");
  const Read vietnam = ReadLayer(text, {.crs = "VN-2000 / 104-45"});
  ASSERT_EQ(vietnam.decoded.refused.size(), 4U);
  EXPECT_EQ(vietnam.decoded.refused[0].raw_row, 2U) << "zero east of Africa";
  EXPECT_EQ(vietnam.rows.cells.size(), 2U);
}

TEST(Features, ColumnsMustBeThereOnce) {
  EXPECT_EQ(ReadLayer(kLayer, {.columns = {"ma_xa"}}).reason, "wrong_columns");
  EXPECT_EQ(ReadLayer("\nWKT,_fid,a,A\n").reason, "wrong_columns");
  EXPECT_EQ(ReadLayer("\nWKT,_fid,_wkt\n").reason, "wrong_columns");
  EXPECT_EQ(ReadLayer("\nWKT,_fid,_row\n").reason, "wrong_columns");
  std::string wide = "\nWKT,_fid";
  for (int i = 0; i < 1'000'000; ++i) wide += ",c" + std::to_string(i);
  EXPECT_EQ(ReadLayer(wide + "\n").reason, "wrong_columns");
}

TEST(Features, ACutIsNoLayer) {
  EXPECT_EQ(ReadLayer("\nWKT,_fid\n\"POINT (1").reason, "cut_off");
  EXPECT_NE(ReadLayer("").reason, "");
  EXPECT_NE(ReadLayer("\n").reason, "");
}

}  // namespace
}  // namespace fansipan::sources
