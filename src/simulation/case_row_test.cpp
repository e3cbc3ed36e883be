#include "simulation/case_row.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "model/value.h"

namespace fansipan::simulation {
namespace {

using std::chrono::hours;
using std::chrono::sys_days;
using namespace std::chrono_literals;

base::TimeZone HoChiMinh() { return base::TimeZone::Find("Asia/Ho_Chi_Minh").value(); }

CaseRow SampleRow() {
  return {.case_number = "000.01.99.H38-261123-0001",
          .procedure_code = "1.090101.000.00.00.H38",
          .field = "civil_status",
          .commune_code = "02647",
          .agency_code = "000.01.99.H38",
          .channel = Channel::kOnline,
          .status = CaseStatus::kProcessed,
          .received_at = sys_days(2026y / 11 / 23) + hours(1),
          .due_at = sys_days(2026y / 11 / 24) + hours(1),
          .closed_at = sys_days(2026y / 11 / 23) + hours(20),
          .updated_at = sys_days(2026y / 11 / 23) + hours(20),
          .fee = 8'000,
          .paid_online = true,
          .digitisation = 2,
          .satisfaction = 5};
}

nlohmann::json Encoded(const CaseRow& row) {
  return nlohmann::json::parse(EncodeNdjson({&row, 1}, HoChiMinh()));
}

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(CaseRow, HasTheMembersThatTheSampleCenterDeclares) {
  const std::string folder = FANSIPAN_SAMPLE_CENTER "/systems/public_services/";
  const std::string sources = FileText(folder + "sources.yaml");
  const std::string mapping = FileText(folder + "mappings/case.sql");
  const std::size_t list = sources.find("columns: [");
  ASSERT_NE(list, std::string::npos);
  const std::string declared = sources.substr(list, sources.find(']', list) - list);
  const auto commas = std::count(declared.begin(), declared.end(), ',');
  const nlohmann::json row = Encoded(SampleRow());
  EXPECT_EQ(row.size(), static_cast<std::size_t>(commas) + 1);
  for (const auto& [name, value] : row.items()) {
    EXPECT_NE(declared.find(name), std::string::npos) << name;
    EXPECT_NE(mapping.find(name), std::string::npos) << name;
  }
}

TEST(CaseRow, WritesLocalTimesWithTheZonesOffset) {
  const nlohmann::json row = Encoded(SampleRow());
  EXPECT_EQ(row["ngayTiepNhan"], "2026-11-23T08:00:00+07:00");
  EXPECT_EQ(row["ngayKetThuc"], "2026-11-24T03:00:00+07:00");
  for (const char* name : {"ngayTiepNhan", "ngayHenTra", "ngayKetThuc", "capNhatLuc"}) {
    EXPECT_TRUE(model::ParseValue(row[name].get<std::string>(), model::ColumnType::kTimestamp, 0,
                                  HoChiMinh())
                    .ok());
  }
}

TEST(CaseRow, KeepsMicrosecondsOfAMoment) {
  CaseRow row = SampleRow();
  row.updated_at += base::Duration(45);
  EXPECT_EQ(Encoded(row)["capNhatLuc"], "2026-11-24T03:00:00.000045+07:00");
}

TEST(CaseRow, WritesNullForWhatIsMissing) {
  CaseRow row = SampleRow();
  row.closed_at.reset();
  row.paid_online.reset();
  row.satisfaction.reset();
  const nlohmann::json encoded = Encoded(row);
  EXPECT_TRUE(encoded["ngayKetThuc"].is_null());
  EXPECT_TRUE(encoded["thanhToanTrucTuyen"].is_null());
  EXPECT_TRUE(encoded["mucHaiLong"].is_null());
}

TEST(CaseRow, WritesEachDefectAsItWouldCome) {
  const auto spoiled = [](Defect defect) {
    CaseRow row = SampleRow();
    row.defect = defect;
    return Encoded(row);
  };
  EXPECT_EQ(spoiled(Defect::kUnknownCommune)["maXa"], "99999");
  EXPECT_EQ(spoiled(Defect::kImpossibleDate)["ngayHenTra"].get<std::string>().substr(0, 10),
            "2026-02-30");
  EXPECT_FALSE(spoiled(Defect::kMissingKey).contains("maHoSo"));
  EXPECT_EQ(spoiled(Defect::kUnknownStatus)["trangThai"], 11);
  EXPECT_TRUE(spoiled(Defect::kTextInFee)["phi"].is_string());
}

}  // namespace
}  // namespace fansipan::simulation
