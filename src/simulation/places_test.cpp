#include "simulation/places.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/testing/temporary_folder.h"

namespace fansipan::simulation {
namespace {

class LoadPlacesTest : public testing::Test {
 protected:
  void SetUp() override {
    Write("territory/units.csv",
          "code,level,name,valid_to,area_km2\n"
          "15,province,\"Tỉnh \"\"A\"\", B\",,13256.92\n"
          "00001,commune,Một,,12.5\r\n"
          "00002,commune,Hai,2026-01-01,8\n"
          "00003,commune,Ba,,\n");
    Write("organisation/units.csv",
          "code,level,valid_to\n"
          "so-y-te,department,\n"
          "so-cu,department,2026-01-01\n"
          "ubnd-xa-00001,commune_office,\n");
    Write("organisation/codes.csv",
          "system,code,unit,valid_to\n"
          "h38,000.00.01.H38,so-y-te,\n"
          "h38,000.00.02.H38,so-cu,\n"
          "h38,000.01.99.H38,ubnd-xa-00001,\n");
  }

  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  base::Result<Places> Load() { return LoadPlaces(files_, folder_.path()); }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
};

TEST_F(LoadPlacesTest, TakesUnitsInForceThatHaveAnAgency) {
  const auto places = Load();
  ASSERT_TRUE(places.ok()) << places.error().message;
  ASSERT_EQ(places->communes.size(), 1U);
  EXPECT_EQ(places->communes[0].code, "00001");
  EXPECT_EQ(places->communes[0].agency_code, "000.01.99.H38");
  EXPECT_DOUBLE_EQ(places->communes[0].area_km2, 12.5);
  EXPECT_EQ(places->departments, std::vector<std::string>{"000.00.01.H38"});
}

TEST_F(LoadPlacesTest, NamesTheFileWhenAColumnIsMissing) {
  Write("organisation/codes.csv", "system,code\nh38,1\n");
  const auto places = Load();
  ASSERT_FALSE(places.ok());
  EXPECT_EQ(places.error().reason, "missing_column");
  EXPECT_NE(places.error().message.find("organisation/codes.csv"), std::string::npos);
}

TEST_F(LoadPlacesTest, RefusesATableWithRowsOfAnotherWidth) {
  Write("territory/units.csv", "code,level,area_km2\n1,commune\n");
  const auto places = Load();
  ASSERT_FALSE(places.ok());
  EXPECT_EQ(places.error().reason, "wrong_width");
}

TEST_F(LoadPlacesTest, RefusesAnOpenQuote) {
  Write("territory/units.csv", "code,level,area_km2\n\"1,commune,2\n");
  const auto places = Load();
  ASSERT_FALSE(places.ok());
  EXPECT_EQ(places.error().reason, "open_quote");
}

TEST_F(LoadPlacesTest, RefusesACenterWithoutDepartments) {
  Write("organisation/units.csv", "code,level\nubnd-xa-00001,commune_office\n");
  const auto places = Load();
  ASSERT_FALSE(places.ok());
  EXPECT_EQ(places.error().reason, "no_places");
}

TEST(LoadPlaces, ReadsTheSampleCenter) {
  base::PosixFileSystem files;
  const auto places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER);
  ASSERT_TRUE(places.ok()) << places.error().message;
  EXPECT_EQ(places->communes.size(), 99U);
  std::set<std::string> agencies(places->departments.begin(), places->departments.end());
  for (const Commune& commune : places->communes) {
    EXPECT_GT(commune.area_km2, 0) << commune.code;
    EXPECT_TRUE(agencies.insert(commune.agency_code).second) << commune.agency_code;
  }
}

}  // namespace
}  // namespace fansipan::simulation
