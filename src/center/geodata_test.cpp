#include "center/geodata.h"

#include <gtest/gtest.h>

namespace fansipan::center {
namespace {

TEST(ProjDefinition, ZonesOfThreeDegreesHaveTheirCentralMeridianAndScale) {
  const auto definition = ProjDefinition("VN-2000 / 104-45");
  ASSERT_TRUE(definition.ok());
  EXPECT_NE(definition->find("+lon_0=104.75 +k=0.9999 +x_0=500000"), std::string::npos);
  EXPECT_NE(definition->find("-191.90441429,-39.30318279,-111.45032835"), std::string::npos);
  EXPECT_NE(ProjDefinition("VN-2000 / 105-00")->find("+lon_0=105 "), std::string::npos);
}

TEST(ProjDefinition, SystemsOfTheWorldHaveNoShift) {
  for (const char* name : {"WGS84", "WGS84 / UTM 48N", "WGS84 / UTM 49N"}) {
    const auto definition = ProjDefinition(name);
    ASSERT_TRUE(definition.ok()) << name;
    EXPECT_EQ(definition->find("towgs84"), std::string::npos) << name;
  }
}

TEST(ProjDefinition, AnythingElseIsRefused) {
  for (const char* name :
       {"", "vn-2000", "VN-2000 / ", "VN-2000 / 104-60", "VN-2000 / 104-4x", "VN-2000 / 099-00",
        "VN-2000 / 104--5", "WGS84 / 104-45", "EPSG:4326", "+proj=pipeline +grids=/etc/passwd"}) {
    EXPECT_FALSE(ProjDefinition(name).ok()) << name;
  }
}

}  // namespace
}  // namespace fansipan::center
