#include "simulation/province/service_desk_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/testing/sample_province.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// 17:00 UTC is midnight in Lào Cai: Monday, 2 November 2026 begins.
const base::Timestamp kMonday = sys_days(2026y / 11 / 1) + hours(17);

Province LiveFrom(base::Timestamp moment) {
  Province province = SampleProvince();
  province.live_from = moment;
  return province;
}

const SystemModel& Sample() {
  static const auto model = MakeServiceDeskModel(SampleProvince());
  return *model;
}

std::string TextOf(const std::vector<SystemDelivery>& deliveries) {
  std::string text;
  for (const SystemDelivery& delivery : deliveries) {
    text += std::to_string(delivery.at.time_since_epoch().count()) + '\n' + delivery.body;
  }
  return text;
}

std::vector<nlohmann::json> RowsOf(const std::vector<SystemDelivery>& deliveries) {
  std::vector<nlohmann::json> rows;
  for (const SystemDelivery& delivery : deliveries) {
    std::istringstream lines(delivery.body);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      rows.push_back(nlohmann::json::parse(line));
    }
    EXPECT_EQ(count, delivery.rows);
  }
  return rows;
}

/// The last version of each ticket.
std::map<std::string, nlohmann::json> LastOf(const std::vector<SystemDelivery>& deliveries) {
  std::map<std::string, nlohmann::json> last;
  for (const auto& row : RowsOf(deliveries)) last[row["maPhieu"].get<std::string>()] = row;
  return last;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Minutes from one local time of a row to another one of the same day.
double MinutesBetween(const nlohmann::json& from, const nlohmann::json& to) {
  const auto seconds = [](const nlohmann::json& moment) {
    const std::string text = moment.get<std::string>();
    return std::stoi(text.substr(11, 2)) * 3600 + std::stoi(text.substr(14, 2)) * 60 +
           std::stoi(text.substr(17, 2));
  };
  return (seconds(to) - seconds(from)) / 60.0;
}

TEST(ServiceDeskModel, GivesTheSameDeliveriesForTheSameSeed) {
  const auto once = TextOf(Sample().DeliveriesBetween(kMonday, kMonday + days(2)));
  EXPECT_FALSE(once.empty());
  const auto again = MakeServiceDeskModel(SampleProvince());
  EXPECT_EQ(TextOf(again->DeliveriesBetween(kMonday, kMonday + days(2))), once);
  const auto other = MakeServiceDeskModel(SampleProvince(2));
  EXPECT_NE(TextOf(other->DeliveriesBetween(kMonday, kMonday + days(2))), once);
}

TEST(ServiceDeskModel, GivesTheSameDeliveriesInPieces) {
  const base::Timestamp until = kMonday + hours(12);
  std::string pieces;
  for (base::Timestamp from = kMonday; from < until; from += minutes(40)) {
    pieces += TextOf(Sample().DeliveriesBetween(from, from + minutes(40)));
  }
  EXPECT_EQ(pieces, TextOf(Sample().DeliveriesBetween(kMonday, until)));
}

TEST(ServiceDeskModel, SendsEachMinuteInOfficeHoursWhatHasHappenedUntilThen) {
  const auto deliveries = Sample().DeliveriesBetween(kMonday, kMonday + days(1));
  EXPECT_GT(deliveries.size(), 350U);
  EXPECT_LT(deliveries.size(), 560U);
  for (const SystemDelivery& delivery : deliveries) {
    ASSERT_EQ(delivery.source, "queue_system");
    ASSERT_EQ(delivery.at, std::chrono::floor<minutes>(delivery.at));
    ASSERT_GT(delivery.at, kMonday + hours(7) + minutes(30));
    ASSERT_LT(delivery.at, kMonday + hours(18));
  }
  // The Saturday and Sunday before have none.
  EXPECT_TRUE(Sample().DeliveriesBetween(kMonday - days(2), kMonday).empty());
}

TEST(ServiceDeskModel, RestsOverTet) {
  const base::Timestamp tet = sys_days(2026y / 2 / 15) + hours(17);
  EXPECT_TRUE(Sample().DeliveriesBetween(tet, tet + days(5)).empty());
}

TEST(ServiceDeskModel, SendsAPastDayAtOnceWithTheSameLastVersions) {
  const auto model = MakeServiceDeskModel(LiveFrom(kMonday + days(1)));
  const auto past = model->DeliveriesBetween(kMonday, kMonday + days(1));
  ASSERT_EQ(past.size(), 1U);
  const auto live = Sample().DeliveriesBetween(kMonday, kMonday + days(1));
  EXPECT_EQ(LastOf(past), LastOf(live));
  EXPECT_EQ(TextOf(model->DeliveriesBetween(kMonday + days(1), kMonday + days(2))),
            TextOf(Sample().DeliveriesBetween(kMonday + days(1), kMonday + days(2))));
}

TEST(ServiceDeskModel, HasAHistoryThatACenterTakesAtOnce) {
  const base::Timestamp now = kMonday + days(21);
  const auto model = MakeServiceDeskModel(LiveFrom(now));
  const auto history = model->DeliveriesBetween(now - model->history(), now);
  EXPECT_LE(history.size(), 23U);
  std::size_t rows = 0;
  for (const SystemDelivery& delivery : history) rows += delivery.rows;
  EXPECT_GT(rows, 12'000U);
  EXPECT_LT(rows, 40'000U);
}

TEST(ServiceDeskModel, HasTheMembersThatTheSampleCenterDeclares) {
  const std::string folder = FANSIPAN_SAMPLE_CENTER "/systems/service_desk/";
  const std::string sources = FileText(folder + "sources.yaml");
  const std::string mapping = FileText(folder + "mappings/desk_ticket.sql");
  const std::size_t list = sources.find("columns: [");
  ASSERT_NE(list, std::string::npos);
  const std::string declared = sources.substr(list, sources.find(']', list) - list);
  const auto commas = std::count(declared.begin(), declared.end(), ',');
  const auto rows = RowsOf(Sample().DeliveriesBetween(kMonday, kMonday + hours(9)));
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows[0].size(), static_cast<std::size_t>(commas) + 1);
  for (const auto& [name, value] : rows[0].items()) {
    EXPECT_NE(declared.find(name), std::string::npos) << name;
    EXPECT_NE(mapping.find(name), std::string::npos) << name;
  }
}

TEST(ServiceDeskModel, EndsEveryTicketOnItsDay) {
  std::set<std::string> units;
  std::map<int, int> states;
  for (const auto& [number, row] : LastOf(Sample().DeliveriesBetween(kMonday, kMonday + days(1)))) {
    const int state = row["trangThai"].get<int>();
    ++states[state];
    units.insert(row["maXa"].get<std::string>());
    ASSERT_TRUE(state == 3 || state == 4) << number;
    ASSERT_GE(MinutesBetween(row["capSoLuc"], row[state == 3 ? "goiSoLuc" : "boVeLuc"]), 0);
    ASSERT_EQ(row["quay"].is_null(), state == 4);
  }
  EXPECT_GT(states[3], states[4] * 10);
  EXPECT_GT(units.size(), 90U);
  EXPECT_TRUE(units.contains("15"));
}

/// Mean minutes until the call, and the share of tickets that left, of a unit.
std::pair<double, double> QueueOf(const std::string& unit, base::Timestamp from,
                                  base::Timestamp until) {
  double waited = 0;
  double called = 0;
  double left = 0;
  for (const auto& [number, row] : LastOf(Sample().DeliveriesBetween(from, until))) {
    if (row["maXa"] != unit) continue;
    if (row["goiSoLuc"].is_null()) {
      ++left;
    } else {
      ++called;
      waited += MinutesBetween(row["capSoLuc"], row["goiSoLuc"]);
    }
  }
  return {called == 0 ? 0 : waited / called, called + left == 0 ? 0 : left / (called + left)};
}

TEST(ServiceDeskModel, PlantsAMorningOfLongWaitingAndAWeekThatIsGivenUp) {
  const auto stories = Sample().StoriesBetween(kMonday - days(1), kMonday + days(29));
  ASSERT_EQ(stories.size(), 2U);
  const PlantedStory& slow = stories[0];
  EXPECT_EQ(slow.indicator, "desk_mean_waiting");
  EXPECT_GT(QueueOf(slow.unit, slow.from, slow.until).first, 45);
  const PlantedStory& given_up = stories[1];
  EXPECT_EQ(given_up.indicator, "desk_abandoned_share");
  EXPECT_GT(QueueOf(given_up.unit, given_up.from, given_up.until).second, 0.3);
  // Elsewhere nothing of it shows.
  const auto [waited, left] = QueueOf("15", kMonday, kMonday + days(5));
  EXPECT_LT(waited, 20);
  EXPECT_LT(left, 0.05);
  EXPECT_TRUE(Sample().StoriesBetween(kMonday, kMonday + hours(1)).empty());
}

}  // namespace
}  // namespace fansipan::simulation
