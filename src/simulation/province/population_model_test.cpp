#include "simulation/province/population_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/internal/csv_rows.h"
#include "simulation/province/commune_origins.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const base::Timestamp kNow = sys_days(2026y / 11 / 30) + hours(3);
const std::string kCenter = FANSIPAN_SAMPLE_CENTER;

const Province& SampleProvince() {
  static const Province province = [] {
    base::PosixFileSystem files;
    return Province{.places = LoadPlaces(files, kCenter).value(),
                    .zone = base::TimeZone::Find("Asia/Ho_Chi_Minh").value()};
  }();
  return province;
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<SystemDelivery> History() {
  const auto model = MakePopulationModel(SampleProvince());
  return model->DeliveriesBetween(kNow - model->history(), kNow);
}

/// The table between its title and its footer.
internal::CsvRows TableOf(const SystemDelivery& delivery) {
  const std::size_t header = delivery.body.find('\n') + 1;
  const std::size_t footer = delivery.body.find("Tổng số dòng");
  return internal::ParseCsvRows(delivery.body.substr(header, footer - header)).value();
}

std::int64_t NumberOf(std::string text) {
  std::erase(text, '.');
  return std::stoll(text);
}

TEST(PopulationModel, SendsOnceAYearAndOnceMoreAtTheMerger) {
  std::vector<std::string> files;
  for (const SystemDelivery& delivery : History()) files.push_back(delivery.file_name);
  EXPECT_EQ(files, (std::vector<std::string>{"dan_so_2023.csv", "dan_so_2024.csv",
                                             "dan_so_2025.csv", "dan_so_2026.csv"}));
}

TEST(PopulationModel, SendsTheSameInWhateverSpansItIsAsked) {
  const auto model = MakePopulationModel(SampleProvince());
  std::vector<std::string> pieces;
  for (base::Timestamp from = kNow - model->history(); from < kNow; from += days(37)) {
    for (const auto& delivery :
         model->DeliveriesBetween(from, std::min<base::Timestamp>(from + days(37), kNow))) {
      pieces.push_back(delivery.body);
    }
  }
  std::vector<std::string> whole;
  for (const SystemDelivery& delivery : History()) whole.push_back(delivery.body);
  EXPECT_EQ(pieces, whole);
}

TEST(PopulationModel, AddsUpToWhatTheProvincePublishedAtItsMerger) {
  const SystemDelivery delivery = History().at(2);
  const internal::CsvRows table = TableOf(delivery);
  std::int64_t communes = 0;
  std::int64_t province = 0;
  for (const auto& row : table.rows) {
    if (row[3] != "2025") continue;
    (row[2] == "tỉnh" ? province : communes) += NumberOf(row[5]);
  }
  EXPECT_EQ(communes, kInhabitants);
  EXPECT_EQ(province, kInhabitants);
  EXPECT_EQ(delivery.rows, table.rows.size());
  EXPECT_NE(delivery.body.find("Tổng số dòng," + std::to_string(delivery.rows)), std::string::npos);
}

TEST(PopulationModel, CountsTheOldCommunesBeforeTheMerger) {
  const internal::CsvRows table = TableOf(History().at(0));
  std::set<std::string> codes;
  for (const auto& row : table.rows) codes.insert(row[0]);
  EXPECT_EQ(codes.size(), 319U + 2U);
  EXPECT_TRUE(codes.contains("10"));
  EXPECT_TRUE(codes.contains("02635"));
}

TEST(PopulationModel, WritesTheColumnsThatTheSourceDeclaresAndTheMappingsRead) {
  const std::string folder = kCenter + "/systems/population/";
  const std::string sources = FileText(folder + "sources.yaml");
  const std::string mappings =
      FileText(folder + "mappings/count.sql") + FileText(folder + "mappings/statement.sql");
  for (const std::string& column : TableOf(History().at(0)).header) {
    EXPECT_NE(sources.find('"' + column + '"'), std::string::npos) << column;
    if (column == "Tên đơn vị") continue;  // for people
    EXPECT_NE(mappings.find('"' + column + '"'), std::string::npos) << column;
  }
}

TEST(PopulationModel, TellsOfACommuneThatPeopleLeave) {
  const auto model = MakePopulationModel(SampleProvince());
  const auto stories = model->StoriesBetween(kNow - days(365), kNow);
  ASSERT_EQ(stories.size(), 1U);
  std::map<std::string, std::int64_t> persons;
  for (const auto& row : TableOf(History().at(3)).rows) {
    if (row[0] == stories[0].unit) persons[row[3]] = NumberOf(row[5]);
  }
  ASSERT_EQ(persons.size(), 2U);
  EXPECT_LT(static_cast<double>(persons["2026"]), 0.92 * static_cast<double>(persons["2025"]));
}

TEST(CommuneOrigins, AreWhatTheSampleCentersEventsSay) {
  const auto table = internal::ParseCsvRows(FileText(kCenter + "/territory/events.csv")).value();
  std::map<std::string, std::set<std::string>> heirs;
  for (const auto& row : table.rows) {
    if (row[1] == "merge" && row[2].size() > 7) heirs[row[3]].insert(row[2].substr(0, 5));
    if (row[1] == "parent") heirs[row[2]].insert(row[2]);
  }
  ASSERT_EQ(CommuneOrigins().size(), 99U);
  std::size_t wards = 0;
  for (const CommuneOrigin& origin : CommuneOrigins()) {
    const auto old = OldCommunesOf(origin);
    EXPECT_EQ(std::set<std::string>(old.begin(), old.end()), heirs[std::string(origin.code)])
        << origin.code;
    wards += origin.ward ? 1U : 0U;
  }
  EXPECT_EQ(wards, 10U);
}

}  // namespace
}  // namespace fansipan::simulation
