#include "simulation/province/healthcare_model.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using namespace std::chrono_literals;

using Row = std::map<std::string, std::string>;

// 17:00 UTC is midnight in Lào Cai: Monday, 16 November 2026 begins.
const base::Timestamp kMonday = sys_days(2026y / 11 / 15) + hours(17);

Province SampleProvince(std::uint64_t seed = 1) {
  base::PosixFileSystem files;
  Province province{LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
                    base::TimeZone::Find("Asia/Ho_Chi_Minh").value()};
  province.seed = seed;
  return province;
}

const SystemModel& Sample() {
  static const auto model = MakeHealthcareModel(SampleProvince());
  return *model;
}

/// The history that a center is given on Monday, 30 November.
const std::vector<SystemDelivery>& History() {
  static const auto history = Sample().DeliveriesBetween(kMonday - days(1), kMonday + days(14));
  return history;
}

std::string TextOf(const std::vector<SystemDelivery>& deliveries) {
  std::string text;
  for (const SystemDelivery& delivery : deliveries) {
    text += std::to_string(delivery.at.time_since_epoch().count()) + delivery.source + '\n' +
            delivery.body;
  }
  return text;
}

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<Row> RowsOf(const SystemDelivery& delivery) {
  std::vector<Row> rows;
  std::istringstream lines(delivery.body);
  std::string line;
  std::vector<std::string> header;
  if (delivery.media_type == "text/csv") {
    std::getline(lines, line);
    header = CellsOf(line);
  }
  while (std::getline(lines, line)) {
    Row& row = rows.emplace_back();
    if (header.empty()) {
      const nlohmann::json object = nlohmann::json::parse(line);
      for (const auto& [name, value] : object.items()) {
        row[name] = value.is_string() ? value.get<std::string>() : value.dump();
      }
      continue;
    }
    const auto cells = CellsOf(line);
    EXPECT_EQ(cells.size(), header.size()) << line;
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = cells[i];
  }
  EXPECT_EQ(rows.size(), delivery.rows);
  return rows;
}

/// All rows of a source, the last of each key.
std::map<std::string, Row> LastOf(const std::vector<SystemDelivery>& deliveries,
                                  const std::string& source, const std::vector<std::string>& key) {
  std::map<std::string, Row> last;
  for (const SystemDelivery& delivery : deliveries) {
    if (delivery.source != source) continue;
    for (const Row& row : RowsOf(delivery)) {
      std::string name;
      for (const std::string& column : key) name += row.at(column) + "|";
      last[name] = row;
    }
  }
  return last;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

int NumberOf(const Row& row, const std::string& column) { return std::stoi(row.at(column)); }

TEST(HealthcareModel, GivesTheSameDeliveriesForTheSameSeed) {
  const auto until = kMonday + hours(20);
  const auto once = TextOf(Sample().DeliveriesBetween(kMonday, until));
  EXPECT_FALSE(once.empty());
  EXPECT_EQ(TextOf(MakeHealthcareModel(SampleProvince())->DeliveriesBetween(kMonday, until)), once);
  EXPECT_NE(TextOf(MakeHealthcareModel(SampleProvince(2))->DeliveriesBetween(kMonday, until)),
            once);
}

TEST(HealthcareModel, GivesTheSameDeliveriesInPieces) {
  const base::Timestamp until = kMonday + days(1);
  std::string pieces;
  for (base::Timestamp from = kMonday; from < until; from += minutes(90)) {
    pieces += TextOf(Sample().DeliveriesBetween(from, from + minutes(90)));
  }
  EXPECT_EQ(pieces, TextOf(Sample().DeliveriesBetween(kMonday, until)));
}

TEST(HealthcareModel, KeepsItsHistorySmallAndInOrder) {
  std::size_t rows = 0;
  std::set<std::string> sources;
  base::Timestamp last;
  for (const SystemDelivery& delivery : History()) {
    ASSERT_LE(last, delivery.at);
    last = delivery.at;
    rows += delivery.rows;
    sources.insert(delivery.source);
  }
  EXPECT_LE(rows, 60'000U);
  EXPECT_LE(History().size(), 420U);
  const auto declared = Sample().sources();
  EXPECT_EQ(sources, std::set<std::string>(declared.begin(), declared.end()));
  EXPECT_EQ(Sample().history(), days(14));
}

// What the source's declaration names and its mapping reads is what is written.
TEST(HealthcareModel, WritesTheColumnsThatTheCenterReads) {
  const std::string folder = std::string(FANSIPAN_SAMPLE_CENTER) + "/systems/healthcare/";
  const std::string sources = FileText(folder + "sources.yaml");
  const std::map<std::string, std::string> mappings = {
      {"disease_surveillance", "disease_week"},
      {"health_facility_register", "health_facility"},
      {"health_insurance_statement", "health_insurance"},
      {"health_service_reports", "health_service_day"},
      {"hospital_beds", "bed_status"}};
  for (const auto& [source, mapping] : mappings) {
    const auto found = std::ranges::find(History(), source, &SystemDelivery::source);
    ASSERT_NE(found, History().end()) << source;
    const std::size_t from = sources.find("\n  " + source + ":");
    ASSERT_NE(from, std::string::npos) << source;
    const std::size_t open = sources.find('[', sources.find("columns:", from));
    std::string names = sources.substr(open + 1, sources.find(']', open) - open - 1);
    std::erase_if(names, [](char c) { return c == ' ' || c == '\n'; });
    const std::string sql = FileText(folder + "mappings/" + mapping + ".sql");
    std::set<std::string> declared;
    for (const std::string& name : CellsOf(names)) {
      declared.insert(name);
      EXPECT_NE(sql.find(name), std::string::npos) << source << " " << name;
    }
    std::set<std::string> written;
    const std::vector<Row> rows = RowsOf(*found);
    for (const auto& [name, value] : rows.front()) written.insert(name);
    EXPECT_EQ(written, declared) << source;
  }
}

TEST(HealthcareModel, ReportsUnderOldCodesUntilTheMergerAndUnderTodaysAfterIt) {
  std::map<std::string, std::set<std::string>> by_week;
  for (const auto& [key, row] : LastOf(History(), "disease_surveillance", {"ma_xa", "tuan"})) {
    by_week[row.at("tuan")].insert(row.at("ma_xa"));
  }
  EXPECT_EQ(by_week["26/2025"].size(), 319U);
  EXPECT_EQ(by_week["27/2025"].size(), 99U);
  EXPECT_EQ(by_week["47/2023"].size(), 319U);
  EXPECT_EQ(by_week["46/2026"].size(), 99U);
  EXPECT_TRUE(by_week["26/2025"].contains("02635"));
  EXPECT_FALSE(by_week["27/2025"].contains("02635"));
}

TEST(HealthcareModel, TellsAWeekAgainAsItWasTold) {
  std::map<std::string, Row> first;
  std::size_t again = 0;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != "disease_surveillance") continue;
    for (const Row& row : RowsOf(delivery)) {
      const auto [known, added] = first.try_emplace(row.at("ma_xa") + row.at("den_ngay"), row);
      if (added) continue;
      ++again;
      ASSERT_EQ(known->second, row);
    }
  }
  EXPECT_GT(again, 0U);
}

TEST(HealthcareModel, HoldsWhatTheRulesOfTheDatasetsAsk) {
  for (const auto& [key, row] :
       LastOf(History(), "health_facility_register", {"ma_co_so", "tu_ngay"})) {
    EXPECT_LE(NumberOf(row, "bac_si") + NumberOf(row, "duoc_si") + NumberOf(row, "dieu_duong"),
              NumberOf(row, "nhan_luc"));
    EXPECT_FALSE(row.at("vi_do").empty());
  }
  for (const auto& [key, row] : LastOf(History(), "health_service_reports", {"maCoSo", "ngay"})) {
    EXPECT_LE(NumberOf(row, "luotKhamBHYT"), NumberOf(row, "luotKham"));
    EXPECT_LE(NumberOf(row, "luotChuyenTuyen"), NumberOf(row, "luotKham"));
  }
  for (const auto& [key, row] : LastOf(History(), "disease_surveillance", {"ma_xa", "den_ngay"})) {
    int ill = 0;
    for (const char* disease :
         {"ly_truc_trung", "tay_chan_mieng", "sot_xuat_huyet", "viem_nao_vi_rut", "soi", "bach_hau",
          "cum", "dai", "lien_cau_lon", "khac"}) {
      ill += NumberOf(row, disease);
    }
    EXPECT_LE(NumberOf(row, "tu_vong"), ill);
  }
}

TEST(HealthcareModel, StatesForTheProvinceWhatItsCommunesAddUpTo) {
  const auto rows = LastOf(History(), "health_insurance_statement", {"ma_don_vi", "quy", "muc_do"});
  const auto number = [](std::string text) {
    std::erase(text, '.');
    return std::stoll(text);
  };
  std::int64_t sum = 0;
  for (const auto& [key, row] : rows) {
    const bool quarter = row.at("quy") == "Q3/2026" && row.at("muc_do") == "chính thức";
    if (quarter && row.at("ma_don_vi") != "15") sum += number(row.at("so_nguoi"));
  }
  EXPECT_EQ(sum, number(rows.at("15|Q3/2026|chính thức|").at("so_nguoi")));
  EXPECT_GT(sum, kInhabitants * 9 / 10);
  const auto people = InhabitantsOf(SampleProvince());
  EXPECT_EQ(std::accumulate(people.begin(), people.end(), std::int64_t{0}), kInhabitants);
}

const PlantedStory* FindStory(const std::vector<PlantedStory>& stories, std::string_view name) {
  const auto found = std::ranges::find_if(
      stories, [&](const PlantedStory& story) { return story.name.starts_with(name); });
  return found == stories.end() ? nullptr : &*found;
}

TEST(HealthcareModel, PlantsWhatItsRowsShow) {
  const auto now = kMonday + days(14);
  const auto stories = Sample().StoriesBetween(now - days(120), now);
  const PlantedStory* crowded = FindStory(stories, "crowded_hospital");
  const PlantedStory* dengue = FindStory(stories, "dengue_outbreak_2026");
  ASSERT_NE(crowded, nullptr);
  ASSERT_NE(dengue, nullptr);
  const auto weeks = LastOf(History(), "disease_surveillance", {"ma_xa", "tuan"});
  EXPECT_GE(NumberOf(weeks.at(dengue->unit + "|38/2026|"), "sot_xuat_huyet"), 6);
  EXPECT_LE(NumberOf(weeks.at(dengue->unit + "|38/2025|"), "sot_xuat_huyet"), 3);
  const auto today = Sample().StoriesBetween(now - days(1), now);
  const PlantedStory* measles = FindStory(today, "measles_outbreak");
  ASSERT_NE(measles, nullptr);
  EXPECT_GE(NumberOf(weeks.at(measles->unit + "|46/2026|"), "soi"), 7);
  bool seen = false;
  for (const auto& [key, row] : LastOf(History(), "hospital_beds", {"maCoSo", "ngay"})) {
    const bool above = NumberOf(row, "giuongSuDung") * 10 > NumberOf(row, "giuongMo") * 11;
    if (!above) continue;
    EXPECT_EQ(row.at("maXa"), FindStory(today, "crowded_hospital")->unit);
    seen = true;
  }
  EXPECT_TRUE(seen);
}

TEST(HealthcareModel, GivesOneStoryOneName) {
  std::set<std::string> names;
  const auto stories = Sample().StoriesBetween(kMonday - days(300), kMonday);
  for (const PlantedStory& story : stories) {
    EXPECT_TRUE(names.insert(story.name).second) << story.name;
    EXPECT_LT(story.from, story.until);
    EXPECT_EQ(story.system, "healthcare");
  }
  EXPECT_GE(stories.size(), 6U);
}

TEST(HealthcareModel, SaysNothingOfAnEmptySpan) {
  EXPECT_TRUE(Sample().DeliveriesBetween(kMonday, kMonday).empty());
  EXPECT_TRUE(Sample().StoriesBetween(kMonday - days(1000), kMonday - days(999)).empty());
}

}  // namespace
}  // namespace fansipan::simulation
