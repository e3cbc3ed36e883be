#include "sources/internal/geodata/geodata_conversion.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/internal/geodata/geodata_kind.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::uint64_t kEnough = 1U << 30U;

std::string ReasonOf(const base::Status& status) {
  return status.ok() ? "" : status.error().reason;
}
template <typename T>
std::string ReasonOf(const base::Result<T>& result) {
  return result.ok() ? "" : result.error().reason;
}

TEST(LayerList, NamesComeWithoutTheKindOfGeometry) {
  const std::string list =
      "INFO: Open of `/tmp/delivery.gpkg'\n      using driver `GPKG' successful.\n"
      "1: Xã (2025) (Multi Polygon)\n2: bảng (None)\n3: any\n";
  const auto layers = ParseLayerList(list, "GPKG");
  ASSERT_TRUE(layers.ok());
  EXPECT_EQ(*layers, (std::vector<std::string>{"Xã (2025)", "bảng", "any"}));
  EXPECT_EQ(ReasonOf(ParseLayerList(list, "KML")), "geodata_unreadable");
  const std::string opened = "using driver `GPKG' successful.\n";
  EXPECT_EQ(ReasonOf(ParseLayerList(opened + "1: a\nb\n", "GPKG")), "geodata_unreadable");
  EXPECT_EQ(ReasonOf(ParseLayerList(opened + "1: a\" JOIN 'x.vrt'.b\n", "GPKG")),
            "geodata_unreadable")
      << "a quote would end the name in the converter's statement";
}

TEST(LayerDescription, MustSayWgs84) {
  const std::string before = "Layer name: a\nGeometry: Point\nLayer SRS WKT:\n";
  EXPECT_EQ(ReasonOf(CheckSaysWgs84(before + "GEOGCRS[\"WGS 84\",\n    DATUM[")), "");
  EXPECT_EQ(ReasonOf(CheckSaysWgs84("Layer name: a\nGeometry: None\n")), "");
  for (const char* other : {"(unknown)\n", "PROJCRS[\"WGS 84 / UTM zone 48N\",\n",
                            "GEOGCRS[\"VN-2000\",\n", "BOUNDCRS[\n", ""}) {
    EXPECT_EQ(ReasonOf(CheckSaysWgs84(before + other)), "crs_unknown") << other;
  }
  EXPECT_EQ(ReasonOf(CheckSaysWgs84("")), "crs_unknown");
}

std::vector<ZipMember> Shapefile(const std::string& name) {
  return {{name + ".shp", 10}, {name + ".shx", 10}, {name + ".dbf", 10}};
}

TEST(ZipMembers, TheOneShapefileIsMeant) {
  auto members = Shapefile("ranh giới/xa");
  members.push_back({"__MACOSX/ranh giới/._xa.shp", 1});
  const auto chosen = ChooseMember(members, ".shp", "", kEnough);
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_EQ(*chosen, "ranh giới/xa.shp");
  for (const ZipMember& member : Shapefile("huyen")) members.push_back(member);
  EXPECT_EQ(ReasonOf(ChooseMember(members, ".shp", "", kEnough)), "several_layers");
  EXPECT_EQ(*ChooseMember(members, ".shp", "hu*", kEnough), "huyen.shp");
  EXPECT_EQ(ReasonOf(ChooseMember(members, ".shp", "tinh", kEnough)), "no_layer");
}

TEST(ZipMembers, NamesThatLeadElsewhereAreNeverMeant) {
  for (const char* name : {"../xa", "a/../../xa", "/etc/xa", "a\\xa", "a//xa", "{x}xa", "s:xa"}) {
    EXPECT_EQ(ReasonOf(ChooseMember(Shapefile(name), ".shp", "", kEnough)), "no_layer") << name;
  }
}

TEST(ZipMembers, ABombIsRefusedByItsSizes) {
  auto members = Shapefile("xa");
  members[0].bytes = kEnough;
  EXPECT_EQ(ReasonOf(ChooseMember(members, ".shp", "", kEnough)), "payload_too_large");
}

TEST(ZipMembers, AllPartsMustBeThere) {
  for (const std::size_t missing : {1U, 2U}) {
    auto members = Shapefile("xa");
    members.erase(members.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_EQ(ReasonOf(ChooseMember(members, ".shp", "", kEnough)), "geodata_incomplete");
  }
}

TEST(ZipMembers, AreReadAsOurReaderWritesThem) {
  const auto members = ParseMemberList("12 a b.shp\nx\n 3 c\n99\n7 \n5 d.shx\n");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].name, "a b.shp");
  EXPECT_EQ(members[0].bytes, 12U);
  EXPECT_EQ(members[1].name, "d.shx");
}

TEST(GeodataKind, IsThatOfTheBytes) {
  using center::Format;
  const std::string vrt = "<OGRVRTDataSource><OGRVRTLayer name=\"a\"/></OGRVRTDataSource>";
  for (const Format format :
       {Format::kGeopackage, Format::kShapefile, Format::kGeojson, Format::kKml}) {
    EXPECT_EQ(ReasonOf(RecogniseGeodata("", format)), "not_geodata");
    EXPECT_EQ(ReasonOf(RecogniseGeodata(vrt, format)), "not_geodata");
  }
  std::string sqlite = std::string("SQLite format 3") + std::string(85, '\0');
  EXPECT_EQ(ReasonOf(RecogniseGeodata(sqlite, Format::kGeopackage)), "not_geodata")
      << "any other database";
  sqlite.replace(68, 4, "GPKG");
  EXPECT_EQ(ReasonOf(RecogniseGeodata(sqlite, Format::kGeopackage)), "");
  EXPECT_EQ(ReasonOf(RecogniseGeodata("\xEF\xBB\xBF {", Format::kGeojson)), "");
  EXPECT_EQ(ReasonOf(RecogniseGeodata("<!DOCTYPE k SYSTEM \"http://x/\"><kml/>", Format::kKml)),
            "has_doctype");
  EXPECT_EQ(RecogniseGeodata("PK\x03\x04", Format::kKml)->member_extension, ".kml");
}

}  // namespace
}  // namespace fansipan::sources::internal
