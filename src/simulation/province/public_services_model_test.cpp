#include "simulation/province/public_services_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "base/files.h"
#include "simulation/testing/sample_province.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// 17:00 UTC is midnight in Lào Cai: 1 November 2026 begins.
const base::Timestamp kNovember = sys_days(2026y / 10 / 31) + hours(17);

const SystemModel& Sample() {
  static const auto model = MakePublicServicesModel(SampleProvince());
  return *model;
}

const SystemDelivery& October() {
  static const SystemDelivery delivery =
      Sample().DeliveriesBetween(kNovember, kNovember + days(10)).at(0);
  return delivery;
}

/// Points by unit and group, as hundredths.
std::map<std::pair<std::string, std::string>, int> PointsIn(const std::string& body) {
  std::map<std::pair<std::string, std::string>, int> points;
  std::istringstream lines(body);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.starts_with("2026")) {
    std::istringstream cells(line);
    std::string period;
    std::string unit;
    std::string group;
    std::string value;
    std::getline(cells, period, ',');
    std::getline(cells, unit, ',');
    std::getline(cells, group, ',');
    std::getline(cells, value, '"');
    std::getline(cells, value, '"');
    std::erase(value, ',');
    points[{unit, group}] = std::stoi(value);
  }
  return points;
}

TEST(PublicServicesModel, PublishesAMonthOnTheThirdOfTheNext) {
  const auto deliveries = Sample().DeliveriesBetween(kNovember, kNovember + days(10));
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].source, "service_index_portal");
  EXPECT_EQ(deliveries[0].at, kNovember + days(2) + hours(8));
  EXPECT_TRUE(Sample().DeliveriesBetween(kNovember + days(3), kNovember + days(20)).empty());
  const auto again = Sample().DeliveriesBetween(kNovember + days(2), kNovember + days(3));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].body, deliveries[0].body);
}

TEST(PublicServicesModel, WritesTheColumnsThatTheSampleCenterDeclares) {
  std::ifstream file(FANSIPAN_SAMPLE_CENTER "/systems/public_services/sources.yaml");
  std::ostringstream sources;
  sources << file.rdbuf();
  const std::string header = October().body.substr(0, October().body.find('\n'));
  EXPECT_EQ(header, "ky,maDonVi,nhom,diem,ngayCongBo");
  EXPECT_NE(sources.str().find("columns: [ky, maDonVi, nhom, diem, ngayCongBo]"),
            std::string::npos);
  EXPECT_NE(October().body.find("\nTổng số dòng," + std::to_string(October().rows) + ","),
            std::string::npos);
}

TEST(PublicServicesModel, PublishesPointsThatAddUpToTheirTotal) {
  const auto points = PointsIn(October().body);
  EXPECT_EQ(points.size(), October().rows);
  EXPECT_GT(points.size(), 500U);
  for (const auto& [key, value] : points) {
    if (key.second != "tong") continue;
    int sum = 0;
    for (const char* group :
         {"cong_khai", "tien_do", "so_hoa", "truc_tuyen", "thanh_toan", "hai_long"}) {
      sum += points.at({key.first, group});
    }
    ASSERT_NEAR(sum, value, 3) << key.first;  // each is rounded
    ASSERT_LE(value, 10'000);
  }
  EXPECT_TRUE(points.contains({"15", "tong"}));
}

TEST(PublicServicesModel, TellsItsStories) {
  const auto stories = Sample().StoriesBetween(kNovember - days(40), kNovember + days(10));
  const auto moved = std::ranges::find(stories, "due_dates_moved_2026_10", &PlantedStory::name);
  ASSERT_NE(moved, stories.end());
  EXPECT_EQ(moved->indicator, "due_dates_moved_late");
  const auto lost = std::ranges::find(stories, "digitised_cases_lost_2026_10", &PlantedStory::name);
  ASSERT_NE(lost, stories.end());
  // Half of the digitised cases are half of the group's points.
  const auto points = PointsIn(October().body);
  EXPECT_LT(points.at({lost->unit, "so_hoa"}), 1'100);
  EXPECT_GT(points.at({"15", "so_hoa"}), 1'500);
}

}  // namespace
}  // namespace fansipan::simulation
