#include "sources/internal/geodata/well_known_text.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::sources::internal {
namespace {

GeometryPlace PlaceOf(const std::string& text) {
  const ReadGeometry read = ReadWellKnownText(text);
  EXPECT_TRUE(read.valid && read.place) << text;
  return read.place.value_or(GeometryPlace());
}

void ExpectCentre(const std::string& text, double x, double y) {
  const GeometryPlace place = PlaceOf(text);
  EXPECT_NEAR(place.x, x, 1e-9) << text;
  EXPECT_NEAR(place.y, y, 1e-9) << text;
}

TEST(WellKnownText, TheCentreIsThatOfTheHighestDimension) {
  ExpectCentre("POINT (103.97 22.48)", 103.97, 22.48);
  ExpectCentre("POINT Z (103.97 22.48 1500)", 103.97, 22.48);
  ExpectCentre("MULTIPOINT ((0 0),(2 0))", 1, 0);
  ExpectCentre("MULTIPOINT (0 0, 2 0)", 1, 0);
  ExpectCentre("LINESTRING (0 0,4 0,4 1)", 2.4, 0.1);
  ExpectCentre("POLYGON ((0 0,4 0,4 2,0 2,0 0))", 2, 1);
  ExpectCentre("POLYGON ((0 0,0 2,4 2,4 0,0 0))", 2, 1);
  ExpectCentre("MULTIPOLYGON (((0 0,2 0,2 2,0 2,0 0)),((4 0,6 0,6 2,4 2,4 0)))", 3, 1);
  ExpectCentre("GEOMETRYCOLLECTION (POINT (9 9),POLYGON ((0 0,4 0,4 2,0 2,0 0)))", 2, 1);
}

TEST(WellKnownText, HolesTakeAway) {
  ExpectCentre("POLYGON ((0 0,4 0,4 2,0 2,0 0),(2 0,4 0,4 2,2 2,2 0))", 1, 1);
}

TEST(WellKnownText, WithoutExtentTheCornersCount) {
  ExpectCentre("POLYGON ((3 3,3 3,3 3,3 3))", 3, 3);
  ExpectCentre("LINESTRING (3 4,3 4)", 3, 4);
}

TEST(WellKnownText, TheBoxIsThatOfAllCoordinates) {
  const GeometryPlace place = PlaceOf("GEOMETRYCOLLECTION (POINT (9 -9),LINESTRING (0 1,4 2))");
  EXPECT_EQ(place.west, 0);
  EXPECT_EQ(place.east, 9);
  EXPECT_EQ(place.south, -9);
  EXPECT_EQ(place.north, 2);
}

TEST(WellKnownText, AnEmptyGeometryHasNoPlace) {
  for (const char* text : {"POINT EMPTY", "MULTIPOLYGON EMPTY", "MULTIPOLYGON (EMPTY)",
                           "GEOMETRYCOLLECTION (POINT EMPTY)", "POLYGON Z EMPTY"}) {
    const ReadGeometry read = ReadWellKnownText(text);
    EXPECT_TRUE(read.valid) << text;
    EXPECT_FALSE(read.place) << text;
  }
}

TEST(WellKnownText, AnythingElseIsRefused) {
  for (const char* text :
       {"", "POINT", "POINT (1)", "POINT (1 2", "POINT (1 2) x", "POINT (nan 2)", "POINT (1 inf)",
        "POINT (1e999 2)", "CIRCULARSTRING (0 0,1 1,2 0)", "POLYGON (0 0,1 1)", "POINT (1 2 3 4 5)",
        "point (1 2)", "LINESTRING (0 0,)", "MULTIPOINT ((0 0)"}) {
    EXPECT_FALSE(ReadWellKnownText(text).valid) << text;
  }
}

TEST(WellKnownText, DeepCollectionsAreRefused) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "GEOMETRYCOLLECTION (";
    return text + "POINT (1 2)" + std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_TRUE(ReadWellKnownText(nested(32)).valid);
  EXPECT_FALSE(ReadWellKnownText(nested(33)).valid);
  EXPECT_FALSE(ReadWellKnownText(nested(1'000'000)).valid);
}

TEST(WellKnownText, SmallAreasFarFromZeroKeepTheirDigits) {
  ExpectCentre(
      "POLYGON ((104.000001 22.000001,104.000003 22.000001,104.000003 22.000003,"
      "104.000001 22.000003,104.000001 22.000001))",
      104.000002, 22.000002);
}

}  // namespace
}  // namespace fansipan::sources::internal
