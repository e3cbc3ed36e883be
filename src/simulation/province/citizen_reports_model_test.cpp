#include "simulation/province/citizen_reports_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// 2026-11-23 is a Monday; 03:00 UTC is 10:00 in Lào Cai.
const base::Timestamp kNow = sys_days(2026y / 11 / 23) + hours(3);

const Province& SampleProvince() {
  static const Province province = [] {
    base::PosixFileSystem files;
    return Province{.places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
                    .zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value()};
  }();
  return province;
}

const SystemModel& Reports() {
  static const std::unique_ptr<SystemModel> model = MakeCitizenReportsModel(SampleProvince());
  return *model;
}

const std::vector<SystemDelivery>& History() {
  static const std::vector<SystemDelivery> deliveries =
      Reports().DeliveriesBetween(kNow - Reports().history(), kNow);
  return deliveries;
}

std::vector<nlohmann::json> RowsOf(const std::vector<SystemDelivery>& deliveries) {
  std::vector<nlohmann::json> rows;
  for (const SystemDelivery& delivery : deliveries) {
    std::istringstream lines(delivery.body);
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  }
  return rows;
}

std::string DayText(base::Timestamp moment) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(moment)};
  const auto two = [](unsigned number) {
    return (number < 10 ? "-0" : "-") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + two(static_cast<unsigned>(date.month())) +
         two(static_cast<unsigned>(date.day()));
}

std::vector<std::pair<base::Timestamp, std::string>> Contents(
    const std::vector<SystemDelivery>& deliveries) {
  std::vector<std::pair<base::Timestamp, std::string>> contents;
  for (const SystemDelivery& delivery : deliveries) {
    contents.emplace_back(delivery.at, delivery.body);
  }
  return contents;
}

TEST(CitizenReportsModel, SaysTheSameHoweverTheTimeIsCut) {
  const base::Timestamp from = kNow - days(5);
  const auto other = MakeCitizenReportsModel(SampleProvince());
  std::vector<SystemDelivery> pieces;
  for (base::Timestamp at = from; at < kNow; at += minutes(431)) {
    for (auto& delivery : other->DeliveriesBetween(at, std::min(kNow, at + minutes(431)))) {
      pieces.push_back(std::move(delivery));
    }
  }
  EXPECT_EQ(Contents(Reports().DeliveriesBetween(from, kNow)), Contents(pieces));
}

TEST(CitizenReportsModel, TheHistoryIsSmallEnoughToBeTakenAtOnce) {
  EXPECT_LE(History().size(), 300U);
  const std::size_t rows = RowsOf(History()).size();
  EXPECT_GT(rows, 5'000U);
  EXPECT_LT(rows, 30'000U);
}

TEST(CitizenReportsModel, HasTheMembersThatTheSampleCenterDeclares) {
  std::ifstream file(FANSIPAN_SAMPLE_CENTER "/systems/citizen_reports/sources.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string sources = text.str();
  const std::size_t list = sources.find("columns: [");
  ASSERT_NE(list, std::string::npos);
  const std::string declared = sources.substr(list + 10, sources.find(']', list) - list - 10);
  std::set<std::string> names;
  std::istringstream words(declared);
  for (std::string word; words >> word;) {
    names.insert(word.substr(0, word.find(',')));
  }
  std::set<std::string> sent;
  for (const nlohmann::json& row : RowsOf(History())) {
    for (const auto& [name, value] : row.items()) sent.insert(name);
  }
  EXPECT_EQ(sent, names);
}

TEST(CitizenReportsModel, VersionsOfARoundFollowEachOtherAndNothingIsSentBeforeItHappens) {
  std::map<std::pair<std::string, int>, std::string> last;
  for (const SystemDelivery& delivery : History()) {
    for (const nlohmann::json& row : RowsOf({delivery})) {
      const std::string told = row.at("capNhatLuc");
      std::string& before = last[{row.at("maPhanAnh"), row.at("lanXuLy")}];
      EXPECT_LT(before, told) << row.dump();
      before = told;
      if (!row.at("ketThucLuc").is_null()) {
        EXPECT_LE(row.at("tiepNhanLuc"), row.at("ketThucLuc")) << row.dump();
      }
    }
  }
}

TEST(CitizenReportsModel, TellsNothingOfWhoReported) {
  const std::set<std::string> allowed = {
      "maPhanAnh",  "lanXuLy",      "kenh",          "linhVuc",    "mucDo",      "maXa",
      "trangThai",  "chuyenLuc",    "phanHoiDauLuc", "soGioXuLy",  "ketThucLuc", "moLaiLuc",
      "capNhatLuc", "maCoQuanXuLy", "tiepNhanLuc",   "diemDanhGia"};
  const auto rows = RowsOf(History());
  for (const auto& [name, value] : rows.front().items()) {
    EXPECT_TRUE(allowed.contains(name)) << name;
  }
}

// Twelve days into the story no other commune has as many reports that have waited for a week.
TEST(CitizenReportsModel, TheSlowCommuneFallsBehind) {
  const auto stories = Reports().StoriesBetween(kNow - days(42), kNow);
  ASSERT_FALSE(stories.empty());
  const PlantedStory& story = stories.front();
  const base::Timestamp middle = story.from + days(12);
  std::map<std::string, int> open_for_a_week;
  std::map<std::pair<std::string, int>, nlohmann::json> current;
  for (const auto& row : RowsOf(Reports().DeliveriesBetween(story.from, middle))) {
    current[{row.at("maPhanAnh"), row.at("lanXuLy")}] = row;
  }
  for (const auto& [key, row] : current) {
    if (!row.at("ketThucLuc").is_null() || row.at("tiepNhanLuc") > DayText(middle - days(7)))
      continue;
    ++open_for_a_week[row.at("maXa")];
  }
  for (const auto& [commune, count] : open_for_a_week) {
    if (commune == story.unit) continue;
    EXPECT_LT(count, open_for_a_week[story.unit]) << commune;
  }
  EXPECT_GE(open_for_a_week[story.unit], 2);
}

}  // namespace
}  // namespace fansipan::simulation
