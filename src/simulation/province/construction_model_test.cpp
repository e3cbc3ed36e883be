#include "simulation/province/construction_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "base/files.h"
#include "simulation/internal/office_hours.h"
#include "simulation/province/civil_days.h"
#include "simulation/province/construction/projects.h"
#include "simulation/testing/sample_province.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

// 17:00 UTC is midnight in Lào Cai: Monday, 23 November 2026 begins.
const base::Timestamp kMonday = sys_days(2026y / 11 / 22) + hours(17);

const SystemModel& Sample() {
  static const auto model = MakeConstructionModel(SampleProvince());
  return *model;
}

/// What a center is given that begins on that Monday.
const std::vector<SystemDelivery>& History() {
  static const auto history = Sample().DeliveriesBetween(kMonday - Sample().history(), kMonday);
  return history;
}

std::vector<std::string> LinesOf(const SystemDelivery& delivery) {
  std::vector<std::string> lines;
  std::istringstream text(delivery.body);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::vector<nlohmann::json> RecordsOf(const std::string& source) {
  std::vector<nlohmann::json> records;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != source) continue;
    for (const std::string& line : LinesOf(delivery)) {
      records.push_back(nlohmann::json::parse(line));
    }
  }
  return records;
}

/// The last version of each permit's case.
std::map<std::string, nlohmann::json> Cases() {
  std::map<std::string, nlohmann::json> cases;
  for (nlohmann::json& row : RecordsOf("construction_permits")) {
    const auto number = row["soHoSo"].get<std::string>();
    cases[number] = std::move(row);
  }
  return cases;
}

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, ';');) cells.push_back(cell);
  if (!line.empty() && line.back() == ';') cells.emplace_back();
  return cells;
}

std::string TextOf(const std::vector<SystemDelivery>& deliveries) {
  std::string text;
  for (const SystemDelivery& delivery : deliveries) {
    text += std::to_string(delivery.at.time_since_epoch().count()) + delivery.source + '\n' +
            delivery.body;
  }
  return text;
}

/// What stands between brackets behind `columns:` of a source, without quotes and line breaks.
std::set<std::string> DeclaredColumns(const std::string& source) {
  std::ifstream file(std::string(FANSIPAN_SAMPLE_CENTER) + "/systems/construction/sources.yaml");
  std::ostringstream whole;
  whole << file.rdbuf();
  const std::string text = whole.str();
  const std::size_t from = text.find('[', text.find("columns:", text.find("\n  " + source + ":")));
  std::set<std::string> columns;
  std::string name;
  for (std::size_t i = from + 1; text[i - 1] != ']'; ++i) {
    if (text[i] == ',' || text[i] == ']') {
      columns.insert(std::exchange(name, {}));
    } else if (text[i] != '"' && text[i] != '\n' && (text[i] != ' ' || !name.empty())) {
      name += text[i];
    }
  }
  return columns;
}

std::set<std::string> MembersOf(const nlohmann::json& object) {
  std::set<std::string> members;
  for (const auto& member : object.items()) members.insert(member.key());
  return members;
}

/// As the source writes them.
std::set<std::string> WrittenColumns(const SystemDelivery& delivery) {
  if (delivery.media_type == "application/geo+json") {
    const auto layer = nlohmann::json::parse(delivery.body);
    EXPECT_EQ(layer["features"].size(), delivery.rows);
    return MembersOf(layer["features"][0]["properties"]);
  }
  const auto lines = LinesOf(delivery);
  if (delivery.media_type == "text/csv") {
    EXPECT_EQ(CellsOf(lines.back()).at(1), std::to_string(delivery.rows));
    EXPECT_EQ(lines.size(), delivery.rows + 3);
    const auto header = CellsOf(lines.at(1));
    return {header.begin(), header.end()};
  }
  EXPECT_EQ(lines.size(), delivery.rows);
  return MembersOf(nlohmann::json::parse(lines.at(0)));
}

TEST(ConstructionModel, GivesTheSameDeliveriesForTheSameSeed) {
  const auto until = kMonday + days(5);
  const std::string once = TextOf(Sample().DeliveriesBetween(kMonday, until));
  EXPECT_FALSE(once.empty());
  EXPECT_EQ(TextOf(MakeConstructionModel(SampleProvince())->DeliveriesBetween(kMonday, until)),
            once);
  EXPECT_NE(TextOf(MakeConstructionModel(SampleProvince(2))->DeliveriesBetween(kMonday, until)),
            once);
}

TEST(ConstructionModel, GivesTheSameDeliveriesInPieces) {
  const base::Timestamp until = kMonday + days(45);
  std::string pieces;
  for (base::Timestamp from = kMonday; from < until; from += hours(7)) {
    pieces += TextOf(Sample().DeliveriesBetween(from, std::min(from + hours(7), until)));
  }
  EXPECT_EQ(pieces, TextOf(Sample().DeliveriesBetween(kMonday, until)));
}

TEST(ConstructionModel, KeepsItsHistorySmallAndInOrder) {
  std::size_t rows = 0;
  std::set<std::string> told;
  for (const SystemDelivery& delivery : History()) {
    rows += delivery.rows;
    told.insert(delivery.source);
  }
  EXPECT_LE(rows, 60'000U);
  EXPECT_LE(History().size(), 200U);
  EXPECT_TRUE(std::is_sorted(History().begin(), History().end(),
                             [](const auto& one, const auto& other) { return one.at < other.at; }));
  const auto sources = Sample().sources();
  EXPECT_EQ(told, std::set<std::string>(sources.begin(), sources.end()));
}

TEST(ConstructionModel, WritesTheColumnsThatTheCenterReads) {
  std::set<std::string> seen;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.rows == 0 || !seen.insert(delivery.source).second) continue;
    EXPECT_EQ(WrittenColumns(delivery), DeclaredColumns(delivery.source)) << delivery.source;
  }
  EXPECT_EQ(seen.size(), Sample().sources().size());
}

TEST(ConstructionModel, ClosesCasesThatHaveEndedOnly) {
  std::set<int> statuses;
  for (const auto& [number, last] : Cases()) {
    const int status = last["trangThai"].get<int>();
    statuses.insert(status);
    ASSERT_EQ(!last["ngayKetThuc"].is_null(), status >= 4) << number;
    ASSERT_LE(last["ngayNhanDuHoSo"], last["capNhatLuc"]) << number;
  }
  EXPECT_EQ(statuses, (std::set<int>{1, 2, 3, 4, 5, 6}));
}

base::Timestamp MomentIn(const nlohmann::json& text) {
  std::tm time{};
  std::istringstream(text.get<std::string>()) >> std::get_time(&time, "%Y-%m-%dT%H:%M:%S");
  return base::Timestamp(std::chrono::seconds(timegm(&time))) - hours(7);
}

/// Granted between two moments: all, and those that took more office hours than their term has.
struct Granted {
  int all = 0;
  int long_after = 0;
};

/// By the agency that granted.
std::map<std::string, Granted> GrantedBetween(base::Timestamp from, base::Timestamp until) {
  const internal::OfficeHours office(SampleProvince().zone);
  std::map<std::string, Granted> granted;
  for (const auto& [number, last] : Cases()) {
    if (last["trangThai"] != 4) continue;
    const base::Timestamp closed = MomentIn(last["ngayKetThuc"]);
    if (closed < from || closed >= until) continue;
    const auto used = office.Between(MomentIn(last["ngayNhanDuHoSo"]), closed);
    Granted& of_agency = granted[last["maCoQuan"].get<std::string>()];
    ++of_agency.all;
    const auto term = last["soNgay"].get<int>() * base::Duration(internal::kWorkingDay);
    if (used > term) ++of_agency.long_after;
  }
  return granted;
}

std::string AgencyOf(const std::string& commune_code) {
  const Province province = SampleProvince();
  const auto& communes = province.places.communes;
  return std::find_if(communes.begin(), communes.end(),
                      [&](const Commune& commune) { return commune.code == commune_code; })
      ->agency_code;
}

TEST(ConstructionModel, LetsOneOfficeRunLate) {
  int stories = 0;
  for (const PlantedStory& story : Sample().StoriesBetween(kMonday - days(190), kMonday)) {
    if (story.indicator != "permits_on_time_rate") continue;
    // While it is slow and what was filed before is done; the story goes on behind that.
    const base::Timestamp until = story.until - days(40);
    if (story.from < kMonday - days(190) || until > kMonday) continue;
    ++stories;
    Granted others;
    for (const auto& [agency, granted] : GrantedBetween(story.from + days(7), until)) {
      if (agency == AgencyOf(story.unit)) {
        EXPECT_GE(granted.all, 5) << agency;
        EXPECT_GT(granted.long_after * 100, granted.all * 60) << agency;
      } else {
        others.all += granted.all;
        others.long_after += granted.long_after;
      }
    }
    EXPECT_GT(others.all, 200);
    EXPECT_LT(others.long_after * 100, others.all * 30);
  }
  EXPECT_GE(stories, 1);
}

TEST(ConstructionModel, LetsAProjectStandStillForFiveMonths) {
  const BuildingProjects all(SampleProvince());
  ASSERT_GE(all.standing().size(), 10U);
  for (const StandingProject& standing : all.standing()) {
    const auto project =
        std::find_if(all.projects().begin(), all.projects().end(),
                     [&](const BuildingProject& one) { return one.code == standing.code; });
    ASSERT_NE(project, all.projects().end());
    for (const ProgressMonth& month : project->progress) {
      EXPECT_EQ(month.done == 0, month.month >= standing.from && month.month < standing.until);
    }
  }
}

TEST(ConstructionModel, FinishesEveryProject) {
  const BuildingProjects all(SampleProvince());
  int running = 0;
  for (const BuildingProject& project : all.projects()) {
    int before = 0;
    for (const ProgressMonth& month : project.progress) {
      ASSERT_EQ(before + month.done, month.actual) << project.code;
      ASSERT_LE(month.planned, 10'000);
      before = month.actual;
    }
    EXPECT_EQ(before, 10'000) << project.code;
    if (project.first <= 2026y / 11 && project.last() >= 2026y / 11) ++running;
  }
  EXPECT_GE(running, 40);
  EXPECT_LE(running, 70);
}

TEST(ConstructionModel, PlansTheWholeAreaOfACommune) {
  const auto plan = Sample().DeliveriesBetween(kMonday - days(60), kMonday);
  const auto found = std::find_if(plan.begin(), plan.end(), [](const SystemDelivery& delivery) {
    return delivery.source == "land_use_plan";
  });
  ASSERT_NE(found, plan.end());
  std::map<std::string, double> hectares;
  const auto layer = nlohmann::json::parse(found->body);
  for (const auto& feature : layer["features"]) {
    const auto& properties = feature["properties"];
    hectares[properties["ma_xa"].get<std::string>()] += properties["dien_tich_ha"].get<double>();
  }
  const Province province = SampleProvince();
  for (const Commune& commune : province.places.communes) {
    EXPECT_NEAR(hectares[commune.code], commune.area_km2 * 100, 1) << commune.code;
  }
}

}  // namespace
}  // namespace fansipan::simulation
