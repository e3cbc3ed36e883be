// Geodata all the way: made by GDAL from what is written here, converted by it in its confined
// process, decoded, mapped.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "sources/internal/conversion/conversion_task_words.h"
#include "sources/testing/converted_source.h"
#include "sources/testing/workbooks.h"

namespace fansipan::sources {
namespace {

using center::Format;
using testing::ConvertedSource;
using testing::Texts;
using testing::Zip;

constexpr const char* kPoints = "ma,ten,geo\n01,Xã Bản Hồ,POINT(440000 2490000)\n02,,\n";
// Of 440000 2490000, central meridian 104-45, by the EPSG's own definition of the zone (9208).
constexpr double kLongitude = 104.168706235;
constexpr double kLatitude = 22.507753231;

constexpr const char* kGeojson =
    R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ma":"01","ten":"A"},
    "geometry":{"type":"Point","coordinates":[103.97,22.48]}}]})";

std::string BytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Geodata : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(internal::kTextProgram)) GTEST_SKIP() << "gdal-bin is not here";
  }

  /// A file of GDAL's from a CSV with well-known text in `geo`.
  std::string Make(const std::string& csv, const std::string& name, const std::string& options) {
    std::ofstream(folder_ + "/in.csv") << csv;
    const std::string command = "ogr2ogr " + options + " -oo GEOM_POSSIBLE_NAMES=geo " +
                                "-oo KEEP_GEOM_COLUMNS=NO " + folder_ + "/" + name + " " + folder_ +
                                "/in.csv";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return BytesOf(folder_ + "/" + name);
  }

  std::string Geopackage(const std::string& options = "-a_srs EPSG:9208",
                         const char* csv = kPoints) {
    std::filesystem::remove(folder_ + "/made.gpkg");
    return Make(csv, "made.gpkg", "-f GPKG -nln xa " + options);
  }

  /// In a ZIP. Without the part that ends so.
  std::string Shapefile(const std::string& without = "") {
    Make("ma,ten,geo\n01,Xã Bản Hồ,POINT(440000 2490000)\n", "xa.shp",
         "-f 'ESRI Shapefile' -lco ENCODING=UTF-8 -a_srs EPSG:9208");
    testing::ZipMembers members;
    for (const char* ending : {".shp", ".shx", ".dbf", ".prj", ".cpg"}) {
      if (ending != without)
        members.emplace_back("a/xa" + std::string(ending), BytesOf(folder_ + "/xa" + ending));
    }
    return Zip(members);
  }

  static ConvertedSource SourceOf(Format format, const std::string& crs = "") {
    ConvertedSource source(SOURCES_WORKER_PROBE, format, {"ma", "ten", "_longitude", "_latitude"});
    source.source.geodata.crs = crs;
    return source;
  }

  /// The first row, whose point must be the known one.
  static void ExpectKnownPoint(const base::Result<MappedDelivery>& mapped,
                               const std::string& name) {
    ASSERT_TRUE(mapped.ok()) << mapped.error().message;
    const Texts row = ConvertedSource::RowsOf(*mapped).at(0);
    EXPECT_EQ(row[0], "01");
    EXPECT_EQ(row[1], name);
    EXPECT_NEAR(std::stod(row[2].value_or("0")), kLongitude, 2e-9);
    EXPECT_NEAR(std::stod(row[3].value_or("0")), kLatitude, 2e-9);
  }

  const base::TemporaryFolder temporary_;
  const std::string& folder_ = temporary_.path();
};

TEST_F(Geodata, AGeopackageInVn2000ComesInDegrees) {
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  const auto mapped = layer.Map(Geopackage());
  ExpectKnownPoint(mapped, "Xã Bản Hồ");
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped).at(1),
            (Texts{"02", std::nullopt, std::nullopt, std::nullopt}));
  EXPECT_EQ(mapped->sheet, "xa");
  EXPECT_EQ(mapped->offsets, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(Geodata, ADeclaredSystemCountsWhateverTheFileSays) {
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  ExpectKnownPoint(layer.Map(Geopackage("-a_srs EPSG:32648")), "Xã Bản Hồ");
  const auto elsewhere = SourceOf(Format::kGeopackage, "WGS84 / UTM 48N").Map(Geopackage());
  ASSERT_TRUE(elsewhere.ok()) << elsewhere.error().message;
  EXPECT_GT(std::abs(std::stod(*ConvertedSource::RowsOf(*elsewhere)[0][2]) - kLongitude), 0.1);
}

TEST_F(Geodata, ASystemThatNobodyToldIsRefused) {
  EXPECT_EQ(SourceOf(Format::kGeopackage).ReasonOf(Geopackage()), "crs_unknown");
  EXPECT_EQ(SourceOf(Format::kShapefile).ReasonOf(Shapefile(".prj")), "crs_unknown");
  const char* degrees = "ma,ten,geo\n01,A,POINT(103.97 22.48)\n";
  const auto mapped = SourceOf(Format::kGeopackage).Map(Geopackage("-a_srs EPSG:4326", degrees));
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped)[0], (Texts{"01", "A", "103.97", "22.48"}));
}

TEST_F(Geodata, AShapefileIsReadFromItsZip) {
  ConvertedSource layer = SourceOf(Format::kShapefile, "VN-2000 / 104-45");
  ExpectKnownPoint(layer.Map(Shapefile()), "Xã Bản Hồ");
  ExpectKnownPoint(layer.Map(Shapefile(".prj")), "Xã Bản Hồ");
  EXPECT_EQ(layer.ReasonOf(Shapefile(".dbf")), "geodata_incomplete");
  EXPECT_EQ(layer.ReasonOf(Shapefile(".shx")), "geodata_incomplete");
  EXPECT_EQ(layer.ReasonOf(Zip({{"../../etc/xa.shp", "x"}})), "no_layer");
  EXPECT_EQ(layer.ReasonOf(Zip({{"xa.shp", "x"}, {"xa.shx", "x"}, {"xa.dbf", "x"}})),
            "geodata_unreadable");
}

TEST_F(Geodata, AGeojsonIsInDegreesUnlessItSaysOtherwise) {
  ConvertedSource layer = SourceOf(Format::kGeojson);
  const auto mapped = layer.Map(kGeojson);
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped), (std::vector<Texts>{{"01", "A", "103.97", "22.48"}}));
  std::string told = kGeojson;
  told.insert(1, R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3405"}},)");
  EXPECT_EQ(layer.ReasonOf(told), "crs_unknown");
}

TEST_F(Geodata, AKmlAndAKmzAreRead) {
  const std::string kml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\">"
      "<Document><name>Trường</name>"
      "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
      "<NetworkLink><Link><href>/etc/passwd</href></Link></NetworkLink>"
      "<Placemark><name>A</name><ExtendedData><Data name=\"ma\"><value>01</value></Data>"
      "</ExtendedData><Point><coordinates>103.97,22.48,0</coordinates></Point></Placemark>"
      "</Document></kml>";
  ConvertedSource layer(SOURCES_WORKER_PROBE, Format::kKml, {"ma", "Name", "_longitude"});
  for (const std::string& payload : {kml, Zip({{"doc.kml", kml}, {"files/a.png", "x"}})}) {
    const auto mapped = layer.Map(payload);
    ASSERT_TRUE(mapped.ok()) << mapped.error().message;
    EXPECT_EQ(ConvertedSource::RowsOf(*mapped), (std::vector<Texts>{{"01", "A", "103.97"}}));
    EXPECT_EQ(mapped->sheet, "Trường");
  }
}

TEST_F(Geodata, DocumentTypesAndEntitiesOfAKmlAreRefused) {
  ConvertedSource layer = SourceOf(Format::kKml);
  EXPECT_EQ(layer.ReasonOf("<!DOCTYPE kml SYSTEM \"http://127.0.0.1:9/a.dtd\"><kml/>"),
            "has_doctype");
  // Within a KMZ nothing of ours looks at it: its reader takes no external entity.
  const std::string hidden =
      "<!DOCTYPE kml [<!ENTITY x SYSTEM \"/etc/passwd\">]><kml "
      "xmlns=\"http://www.opengis.net/kml/2.2\"><Document><name>d</name><Placemark><name>&x;</name>"
      "</Placemark></Document></kml>";
  ConvertedSource names(SOURCES_WORKER_PROBE, Format::kKml, {"Name"});
  const auto mapped = names.Map(Zip({{"doc.kml", hidden}}));
  if (mapped.ok()) {
    for (const Texts& row : ConvertedSource::RowsOf(*mapped)) {
      EXPECT_EQ(row[0].value_or("").find("root"), std::string::npos);
    }
  }
}

TEST_F(Geodata, LayersAreChosenByNameOrPattern) {
  Geopackage();
  std::ofstream(folder_ + "/two.csv") << "ma,ten\n09,B\n";
  const std::string add =
      "ogr2ogr -f GPKG -update " + folder_ + "/made.gpkg " + folder_ + "/two.csv -nln bang_so";
  ASSERT_EQ(std::system(add.c_str()), 0);
  const std::string both = BytesOf(folder_ + "/made.gpkg");
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  EXPECT_EQ(layer.ReasonOf(both), "several_layers");
  layer.source.geodata.layer = "x*";
  ExpectKnownPoint(layer.Map(both), "Xã Bản Hồ");
  layer.source.geodata.layer = "bang_so";
  const auto table = layer.Map(both);
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(ConvertedSource::RowsOf(*table),
            (std::vector<Texts>{{"09", "B", std::nullopt, std::nullopt}}));
  layer.source.geodata.layer = "khac";
  EXPECT_EQ(layer.ReasonOf(both), "no_layer");
}

TEST_F(Geodata, RowsAreLocatedInTheirLayer) {
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  const auto located = layer.Locate(Geopackage(), {2});
  ASSERT_TRUE(located.ok()) << located.error().message;
  EXPECT_EQ(located->sheet, "xa");
  EXPECT_EQ(located->spans.at(0).line, 2U);
  EXPECT_NE(located->text.substr(located->spans[0].offset, located->spans[0].length).find("02"),
            std::string::npos);
}

TEST_F(Geodata, WhatWouldFollowOtherFilesIsNoGeodata) {
  const std::string vrt =
      "<OGRVRTDataSource><OGRVRTLayer name=\"a\"><SrcDataSource>/etc/passwd</SrcDataSource>"
      "</OGRVRTLayer></OGRVRTDataSource>";
  for (const Format format :
       {Format::kGeopackage, Format::kShapefile, Format::kGeojson, Format::kKml}) {
    EXPECT_EQ(SourceOf(format).ReasonOf(vrt), "not_geodata");
  }
  EXPECT_NE(SourceOf(Format::kKml).ReasonOf("<kml>" + vrt + "</kml>"), "");
  EXPECT_NE(SourceOf(Format::kKml).ReasonOf(Zip({{"doc.kml", vrt}})), "")
      << "with a KML's name in a ZIP";
}

TEST_F(Geodata, AbsurdCoordinatesAreRefused) {
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  EXPECT_EQ(layer.ReasonOf(Geopackage("-a_srs EPSG:9208",
                                      "ma,ten,geo\n01,A,POINT(1e30 1e30)\n02,B,POINT(1 1)\n")),
            "geodata_unreadable")
      << "no reading by halves";
  const auto degrees =
      layer.Map(Geopackage("-a_srs EPSG:9208", "ma,ten,geo\n01,A,POINT(103.97 22.48)\n"));
  ASSERT_TRUE(degrees.ok()) << degrees.error().message;
  ASSERT_EQ(degrees->refused.size(), 1U) << "degrees that were declared to be metres";
  EXPECT_EQ(degrees->refused[0].reason, "outside_area");
}

TEST_F(Geodata, DeepGeojsonIsRefused) {
  const std::string open(100'000, '[');
  const std::string close(100'000, ']');
  EXPECT_EQ(SourceOf(Format::kGeojson)
                .ReasonOf(R"({"type":"FeatureCollection","features":[{"type":"Feature",)"
                          R"("properties":{"a":)" +
                          open + close + R"(},"geometry":null}]})"),
            "geodata_unreadable");
}

TEST_F(Geodata, NoCutOfAFileIsReadAsOne) {
  ConvertedSource layer = SourceOf(Format::kGeopackage, "VN-2000 / 104-45");
  const std::string whole = Geopackage();
  ASSERT_EQ(layer.ReasonOf(whole), "");
  for (std::size_t kept = 60; kept + 8192 < whole.size(); kept += whole.size() / 6) {
    EXPECT_NE(layer.ReasonOf(whole.substr(0, kept)), "") << kept;
  }
  EXPECT_NE(SourceOf(Format::kGeojson).ReasonOf(std::string(kGeojson).substr(0, 150)), "");
}

/// Much in little.
TEST_F(Geodata, ABombIsStoppedAtItsLimits) {
  const std::string large(64U << 20U, 'x');
  const std::string bomb = Zip({{"xa.shp", large}, {"xa.shx", "x"}, {"xa.dbf", "x"}});
  ASSERT_LT(bomb.size(), 1U << 20U);
  ConvertedSource layer = SourceOf(Format::kShapefile, "VN-2000 / 104-45");
  layer.source.limits.payload_bytes = 8U << 20U;
  EXPECT_EQ(layer.ReasonOf(bomb), "payload_too_large");
}

}  // namespace
}  // namespace fansipan::sources
