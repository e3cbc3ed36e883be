#include "simulation/province/education_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "base/files.h"
#include "simulation/province/civil_days.h"
#include "simulation/province/education/schools.h"
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
  static const auto model = MakeEducationModel(SampleProvince());
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

std::vector<nlohmann::json> RecordsOf(const SystemDelivery& delivery) {
  std::vector<nlohmann::json> records;
  for (const std::string& line : LinesOf(delivery)) {
    records.push_back(nlohmann::json::parse(line));
  }
  EXPECT_EQ(records.size(), delivery.rows);
  return records;
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

std::string DeclaredSources() {
  std::ifstream file(std::string(FANSIPAN_SAMPLE_CENTER) + "/systems/education/sources.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What stands between brackets behind `columns:` of a source, without quotes and line breaks.
std::set<std::string> DeclaredColumns(const std::string& source) {
  const std::string text = DeclaredSources();
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

TEST(EducationModel, GivesTheSameDeliveriesForTheSameSeed) {
  const auto until = kMonday + days(1);
  const std::string once = TextOf(Sample().DeliveriesBetween(kMonday, until));
  EXPECT_FALSE(once.empty());
  EXPECT_EQ(TextOf(MakeEducationModel(SampleProvince())->DeliveriesBetween(kMonday, until)), once);
  EXPECT_NE(TextOf(MakeEducationModel(SampleProvince(2))->DeliveriesBetween(kMonday, until)), once);
}

TEST(EducationModel, GivesTheSameDeliveriesInPieces) {
  const base::Timestamp until = kMonday + days(16);
  std::string pieces;
  for (base::Timestamp from = kMonday; from < until; from += hours(5)) {
    pieces += TextOf(Sample().DeliveriesBetween(from, std::min(from + hours(5), until)));
  }
  EXPECT_EQ(pieces, TextOf(Sample().DeliveriesBetween(kMonday, until)));
}

TEST(EducationModel, KeepsItsHistorySmallAndInOrder) {
  std::size_t rows = 0;
  std::map<std::string, int> deliveries;
  for (const SystemDelivery& delivery : History()) {
    rows += delivery.rows;
    ++deliveries[delivery.source];
  }
  EXPECT_LE(rows, 60'000U);
  EXPECT_LE(History().size(), 210U);
  EXPECT_TRUE(std::is_sorted(History().begin(), History().end(),
                             [](const auto& one, const auto& other) { return one.at < other.at; }));
  EXPECT_GE(deliveries["school_registry"], 12);
  EXPECT_GE(deliveries["school_census"], 3);
  EXPECT_GE(deliveries["exam_results"], 2);
  EXPECT_GE(deliveries["school_attendance"], 150);
}

TEST(EducationModel, WritesTheColumnsThatTheCenterReads) {
  std::set<std::string> seen;
  for (const SystemDelivery& delivery : History()) {
    if (!seen.insert(delivery.source).second) continue;
    std::set<std::string> written;
    if (delivery.media_type == "text/csv") {
      const auto lines = LinesOf(delivery);
      const auto header = CellsOf(lines.at(1));
      written.insert(header.begin(), header.end());
      EXPECT_EQ(lines.size(), delivery.rows + 3);
      for (std::size_t i = 1; i < lines.size(); ++i) {
        EXPECT_EQ(CellsOf(lines[i]).size(), header.size()) << lines[i];
      }
    } else {
      const auto records = RecordsOf(delivery);
      for (const auto& member : records.front().items()) written.insert(member.key());
    }
    EXPECT_EQ(written, DeclaredColumns(delivery.source)) << delivery.source;
  }
  const auto sources = Sample().sources();
  EXPECT_EQ(seen, std::set<std::string>(sources.begin(), sources.end()));
}

TEST(EducationModel, TellsTotalsThatAgree) {
  for (const SystemDelivery& delivery : History()) {
    if (delivery.media_type != "text/csv") continue;
    const auto lines = LinesOf(delivery);
    const std::size_t summed = delivery.source == "school_census" ? 5 : 4;
    long sum = 0;
    for (std::size_t i = 2; i + 1 < lines.size(); ++i) sum += std::stol(CellsOf(lines[i])[summed]);
    const auto footer = CellsOf(lines.back());
    EXPECT_EQ(footer[0], "Tổng cộng");
    EXPECT_EQ(std::stoul(footer[1]), delivery.rows);
    EXPECT_EQ(std::stol(footer[summed]), sum);
  }
}

TEST(EducationModel, ReturnsWhatTheRulesAllow) {
  for (const School& school : BuildSchools(SampleProvince())) {
    for (const Level level : school.levels) {
      const Return told = ReturnOf(school, level, 2026, 1);
      int groups = 0;
      for (const int pupils : told.groups) {
        EXPECT_GE(pupils, 0);
        groups += pupils;
      }
      EXPECT_EQ(groups, told.pupils);
      EXPECT_LE(told.girls, told.pupils);
      EXPECT_LE(told.qualified + told.above, told.teachers);
      EXPECT_GT(told.classes, 0);
    }
  }
}

TEST(EducationModel, CountsOnSchoolDaysOnly) {
  const Province province = SampleProvince();
  std::set<std::string> counted;
  int wrong = 0;
  int all = 0;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != "school_attendance") continue;
    EXPECT_TRUE(IsSchoolDay(DayOf(delivery.at, province.zone)));
    for (const auto& row : RecordsOf(delivery)) {
      counted.insert(row["ngay"].get<std::string>());
      ++all;
      const int sum =
          row["coMat"].get<int>() + row["vangCoPhep"].get<int>() + row["vangKhongPhep"].get<int>();
      if (sum != row["siSo"].get<int>()) ++wrong;
    }
  }
  EXPECT_TRUE(counted.contains("2026-09-07"));
  EXPECT_FALSE(counted.contains("2026-02-17"));
  EXPECT_FALSE(counted.contains("2026-07-15"));
  EXPECT_GT(wrong, 0);
  EXPECT_LT(wrong * 100, all);
}

/// Present among all enrolled in each commune, of the rows that agree.
std::map<std::string, double> SharesOn(const std::string& day) {
  std::map<std::string, std::pair<double, double>> sums;
  for (const SystemDelivery& delivery : History()) {
    if (delivery.source != "school_attendance") continue;
    for (const auto& row : RecordsOf(delivery)) {
      if (row["ngay"] != day) continue;
      auto& [present, enrolled] = sums[row["maXa"].get<std::string>()];
      present += row["coMat"].get<double>();
      enrolled += row["siSo"].get<double>();
    }
  }
  std::map<std::string, double> shares;
  for (const auto& [commune, sum] : sums) shares[commune] = sum.first / sum.second;
  return shares;
}

TEST(EducationModel, KeepsThePupilsOfOneCommuneAtHomeForAWeek) {
  const auto stories = Sample().StoriesBetween(kMonday - days(120), kMonday);
  ASSERT_EQ(stories.size(), 2U);  // September and November
  for (const PlantedStory& story : stories) {
    const Day tuesday = DayOf(story.from, SampleProvince().zone) + days(1);
    for (const auto& [commune, share] : SharesOn(DayText(tuesday))) {
      if (commune == story.unit) {
        EXPECT_LT(share, 0.6) << story.text;
      } else {
        EXPECT_GT(share, 0.9) << commune;
      }
    }
    EXPECT_GT(SharesOn(DayText(tuesday + days(7)))[story.unit], 0.9);
  }
}

TEST(EducationModel, LetsRecognitionsEndAndBeRenewed) {
  int holding = 0;
  int ended = 0;
  const Day today = Day(2026y / 11 / 23);
  const auto schools = BuildSchools(SampleProvince());
  for (const School& school : schools) {
    const auto recognition = RecognitionOn(school, today);
    if (!recognition) continue;
    EXPECT_LE(recognition->from, today);
    ++(recognition->until > today ? holding : ended);
  }
  EXPECT_GT(holding * 100, static_cast<int>(schools.size()) * 40);
  EXPECT_GT(ended, 0);
}

}  // namespace
}  // namespace fansipan::simulation
