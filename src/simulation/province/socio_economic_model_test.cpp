#include "simulation/province/socio_economic_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/files.h"
#include "simulation/internal/csv_rows.h"
#include "simulation/province/inhabitants.h"
#include "simulation/province/socio_economic/enterprises.h"
#include "simulation/province/socio_economic/poverty.h"
#include "simulation/province/socio_economic/reports.h"

namespace fansipan::simulation {
namespace {

using socio::Area;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

const base::Timestamp kNow = sys_days(2026y / 11 / 30) + hours(3);
const std::string kFolder = FANSIPAN_SAMPLE_CENTER "/systems/socio_economic/";

const Province& SampleProvince() {
  static const Province province = [] {
    base::PosixFileSystem files;
    return Province{.places = LoadPlaces(files, FANSIPAN_SAMPLE_CENTER).value(),
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

std::string Described(const SystemDelivery& delivery) {
  return delivery.source + " " + delivery.media_type + " " + delivery.file_name + " " +
         std::to_string(delivery.at.time_since_epoch().count()) + " " +
         std::to_string(delivery.rows) + "\n" + delivery.body;
}

/// The history of the sample province, made once.
const std::vector<SystemDelivery>& History() {
  static const std::vector<SystemDelivery> history = [] {
    const auto model = MakeSocioEconomicModel(SampleProvince());
    return model->DeliveriesBetween(kNow - model->history(), kNow);
  }();
  return history;
}

const SystemDelivery& FirstOf(const std::string& source) {
  return *std::ranges::find(History(), source, &SystemDelivery::source);
}

std::string TextOf(const internal::WorkbookCell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  return text == nullptr ? "" : *text;
}

/// Whether any cell of the sheet reads so.
bool HasCell(const internal::WorkbookSheet& sheet, const std::string& text) {
  return std::ranges::any_of(sheet.rows, [&](const auto& row) {
    return std::ranges::any_of(row, [&](const auto& cell) { return TextOf(cell) == text; });
  });
}

TEST(SocioEconomicModel, SendsTheSameInWhateverSpansItIsAsked) {
  const auto model = MakeSocioEconomicModel(SampleProvince());
  std::vector<std::string> pieces;
  const base::Timestamp start = kNow - days(500);
  for (base::Timestamp from = start; from < kNow; from += days(9)) {
    const auto until = std::min<base::Timestamp>(from + days(9), kNow);
    for (const auto& delivery : model->DeliveriesBetween(from, until)) {
      pieces.push_back(Described(delivery));
    }
  }
  std::vector<std::string> whole;
  for (const auto& delivery : model->DeliveriesBetween(start, kNow)) {
    whole.push_back(Described(delivery));
  }
  EXPECT_EQ(pieces, whole);
}

TEST(SocioEconomicModel, FeedsEachOfItsSourcesAndNoOther) {
  const auto model = MakeSocioEconomicModel(SampleProvince());
  std::set<std::string> fed;
  for (const SystemDelivery& delivery : History()) {
    EXPECT_FALSE(delivery.body.empty()) << Described(delivery);
    fed.insert(delivery.source);
  }
  const auto sources = model->sources();
  EXPECT_EQ(fed, std::set<std::string>(sources.begin(), sources.end()));
  const std::string declared = FileText(kFolder + "sources.yaml");
  for (const std::string& source : sources) {
    EXPECT_NE(declared.find("\n  " + source + ":\n"), std::string::npos) << source;
  }
}

TEST(SocioEconomicModel, KeepsItsHistorySmall) {
  std::size_t rows = 0;
  for (const SystemDelivery& delivery : History()) rows += delivery.rows;
  EXPECT_LT(History().size(), 220U);
  EXPECT_LT(rows, 20'000U);
}

TEST(SocioEconomicModel, WritesTheColumnsOfItsTextTables) {
  const std::string sdmx = FileText(kFolder + "mappings/sdmx.sql");
  const std::string header = FirstOf("border_trade").body.substr(0, 300);
  for (const char* column : {"ACTION", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE",
                             "OBS_STATUS", "LAST_UPDATE", "CONTACT", "COMMENT_OBS"}) {
    EXPECT_NE(header.find(column), std::string::npos) << column;
    EXPECT_NE(sdmx.find(std::string("\"") + column + "\""), std::string::npos) << column;
  }
  const std::string declared = FileText(kFolder + "sources.yaml");
  for (const char* source : {"new_rural_register", "ranking_editions", "published_rankings"}) {
    std::istringstream columns(FirstOf(source).body);
    std::string line;
    std::getline(columns, line);
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ';');) {
      EXPECT_NE(declared.find('"' + cell + '"'), std::string::npos) << cell;
    }
  }
}

TEST(SocioEconomicModel, WritesTheMembersOfARegisteredChange) {
  const std::string& body = FirstOf("enterprise_registry").body;
  const auto row = nlohmann::json::parse(body.substr(0, body.find('\n')));
  const std::string declared = FileText(kFolder + "sources.yaml");
  const std::string mapping = FileText(kFolder + "mappings/enterprise_change.sql");
  EXPECT_EQ(row.size(), 5U);
  for (const auto& [name, value] : row.items()) {
    EXPECT_NE(declared.find(name), std::string::npos) << name;
    EXPECT_NE(mapping.find(name), std::string::npos) << name;
  }
}

TEST(SocioEconomicModel, WritesTheHeadersOfItsWorkbooks) {
  const base::TimeZone& zone = SampleProvince().zone;
  const auto quarterly = socio::QuarterlySheet(socio::Grdp(1), 2026, 3, zone, {kNow, "x"});
  EXPECT_EQ(quarterly.name, "GRDP quý");
  for (const char* head :
       {"Kỳ", "Mức độ", "Mã địa bàn", "Mã số", "Chỉ tiêu", "Giá trị (tỷ đồng)", "Giá so sánh 2010",
        "Giá hiện hành", "So với cùng kỳ (%)", "Ngày gửi", "Người ký"}) {
    EXPECT_TRUE(HasCell(quarterly, head)) << head;
  }
  EXPECT_TRUE(TextOf(quarterly.rows.back()[0]).starts_with("Ghi chú"));
  const auto review = socio::PovertyReviews(SampleProvince()).Sheet(2025, true, kNow);
  for (const char* head : {"Mã xã", "Tên đơn vị", "Năm", "Mức độ", "Tổng số hộ", "Hộ nghèo",
                           "Hộ cận nghèo", "Số hộ", "Ngày gửi", "Người ký"}) {
    EXPECT_TRUE(HasCell(review, head)) << head;
  }
  EXPECT_EQ(TextOf(review.rows.back()[0]), "Tổng số dòng");
}

TEST(SocioEconomicModel, WritesTheMonthlyReportAsItsMappingReadsIt) {
  const auto sheet = socio::MonthlySheet(socio::Economy(1), {2026, 9}, 100, SampleProvince().zone,
                                         {kNow, "Trưởng Thống kê tỉnh"});
  EXPECT_EQ(sheet.name, "Báo cáo tháng");
  EXPECT_TRUE(TextOf(sheet.rows[0][0]).ends_with("THÁNG 9 NĂM 2026"));
  EXPECT_EQ(TextOf(sheet.rows[1][0]), "Mã địa bàn: 15");
  EXPECT_TRUE(HasCell(sheet, "Ngày gửi"));
  EXPECT_TRUE(HasCell(sheet, "Người ký"));
  EXPECT_TRUE(TextOf(sheet.rows.back()[0]).starts_with("Ghi chú"));
}

TEST(Economy, GrowsByWhatWasPublishedForTheYearOfTheMerger) {
  const socio::Grdp grdp(7);
  const socio::GrdpValues now = grdp.Year(2025, socio::GrdpVintage::kFinal);
  const double growth =
      socio::Sum(now.constant) / socio::Sum(grdp.Year(2024, socio::GrdpVintage::kFinal).constant);
  EXPECT_NEAR(100 * (growth - 1), 8.5, 0.05);
  EXPECT_NEAR(100 * now.current[1] / socio::Sum(now.current), 37.31, 0.02);
}

TEST(Economy, StatesAnIndexOnceAYearThatIsRevisedByNinePoints) {
  const socio::Economy economy(3);
  int revised = 0;
  for (unsigned month = 1; month <= 12; ++month) {
    const ReportMonth of{2026, month};
    const double difference =
        economy.Estimate("iip", Area::kToday, of) - economy.Final("iip", Area::kToday, of);
    revised += std::abs(difference) > 3 ? 1 : 0;
  }
  EXPECT_EQ(revised, 1);
}

TEST(Economy, LetsTwoOfficesContradictEachOtherInOneMonthOfTheYear) {
  const socio::Economy economy(3);
  int contradicted = 0;
  for (unsigned month = 1; month <= 12; ++month) {
    const double stated = economy.Estimate("retail_sales", Area::kToday, {2026, month});
    const double other = economy.DepartmentRetail({2026, month});
    contradicted += std::abs(other - stated) > 0.02 * stated ? 1 : 0;
  }
  EXPECT_EQ(contradicted, 1);
}

TEST(SocioEconomicModel, PlantsStoriesThatFallIntoTheSpan) {
  const auto model = MakeSocioEconomicModel(SampleProvince());
  std::set<std::string> indicators;
  for (const PlantedStory& story : model->StoriesBetween(kNow - days(365), kNow + days(30))) {
    EXPECT_LT(story.from, story.until);
    EXPECT_EQ(story.system, "socio_economic");
    indicators.insert(story.indicator);
  }
  EXPECT_EQ(indicators, (std::set<std::string>{"iip", "retail_sales", "poverty_rate_change"}));
}

}  // namespace
}  // namespace fansipan::simulation
