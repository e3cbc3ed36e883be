#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "center/difference.h"
#include "center/load.h"
#include "center/testing/loading.h"

namespace fansipan::center {
namespace {

using testing::LoadWithFormat;

std::string FirstProblem(const std::string& format) {
  const LoadOutcome outcome = LoadWithFormat(format);
  return outcome.problems.empty() ? "" : outcome.problems.front().message;
}

TEST(GeodataDeclaration, SaysLayerSystemAndWhatIsKeptOfTheGeometry) {
  const LoadOutcome outcome = LoadWithFormat(
      "format: geopackage\n    geodata: {layer: \"xa*\", crs: \"VN-2000 / 104-45\", "
      "geometry: [box, point], columns: [ma_xa]}");
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
  const Source* source = outcome.center->FindSource("case_system");
  EXPECT_EQ(source->format, Format::kGeopackage);
  EXPECT_EQ(source->geodata.layer, "xa*");
  EXPECT_EQ(source->geodata.crs, "VN-2000 / 104-45");
  EXPECT_EQ(source->geodata.geometry,
            (std::vector<GeometryPart>{GeometryPart::kBox, GeometryPart::kPoint}));
  EXPECT_EQ(source->geodata.columns, std::vector<std::string>{"ma_xa"});
}

TEST(GeodataDeclaration, NothingHasToBeSaid) {
  for (const auto& [name, format] :
       {std::pair("geopackage", Format::kGeopackage), std::pair("shapefile", Format::kShapefile),
        std::pair("geojson", Format::kGeojson), std::pair("kml", Format::kKml),
        std::pair("parquet", Format::kParquet)}) {
    const LoadOutcome outcome = LoadWithFormat(std::string("format: ") + name);
    ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
    const Source* source = outcome.center->FindSource("case_system");
    EXPECT_EQ(source->format, format);
    EXPECT_TRUE(IsConverted(format));
    EXPECT_EQ(source->geodata.geometry,
              (std::vector<GeometryPart>{GeometryPart::kPoint, GeometryPart::kWkt}));
  }
  EXPECT_FALSE(IsConverted(Format::kCsv));
}

TEST(GeodataDeclaration, SaysWhatIsWrong) {
  const auto expect = [](const std::string& format, const std::string& said) {
    const std::string problem = FirstProblem(format);
    EXPECT_NE(problem.find(said), std::string::npos) << format << ": " << problem;
  };
  expect("format: kml\n    geodata: {crs: \"EPSG:4326\"}", "VN-2000 / 104-45");
  expect("format: kml\n    geodata: {crs: \"VN-2000 / 104-75\"}", "VN-2000 / 104-45");
  expect("format: kml\n    geodata: {geometry: [centre]}", "point");
  expect("format: kml\n    geodata: {geometry: [point, point]}", "twice");
  expect("format: kml\n    geodata: {columns: [_row]}", "_row");
  expect("format: kml\n    geodata: {sheet: x}", "layer");
  expect("format: csv\n    geodata: {layer: x}", "does not belong");
  expect("format: geojson\n    parquet: {columns: [a]}", "does not belong");
}

TEST(ParquetDeclaration, ColumnsLeadIntoFields) {
  const LoadOutcome outcome =
      LoadWithFormat("format: parquet\n    parquet: {columns: [ma, {ward: /address/ward}]}");
  ASSERT_TRUE(outcome.center) << ToText(outcome.problems.front());
  const auto& columns = outcome.center->FindSource("case_system")->parquet.columns;
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[1].name + columns[1].path, "ward/address/ward");
  EXPECT_NE(FirstProblem("format: parquet\n    parquet: {columns: [{a: b}]}").find("/address/ward"),
            std::string::npos);
}

TEST(GeodataDeclaration, ADifferenceShowsEachChange) {
  const auto declared = [](const std::string& keys) {
    return LoadWithFormat("format: geojson\n    geodata: {columns: [a], " + keys + "}").center;
  };
  const auto before = declared("layer: x");
  ASSERT_TRUE(before);
  for (const char* keys : {"layer: y", "layer: x, crs: WGS84", "layer: x, geometry: [point]"}) {
    const auto after = declared(keys);
    ASSERT_TRUE(after) << keys;
    EXPECT_FALSE(DescribeDifference(*before, *after).empty()) << keys;
  }
}

}  // namespace
}  // namespace fansipan::center
