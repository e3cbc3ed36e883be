#include "simulation/case_row.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iterator>

namespace fansipan::simulation {
namespace {

using Output = std::back_insert_iterator<std::string>;

void AppendTime(const base::TimeZone& zone, base::Timestamp moment, std::string& text) {
  const base::LocalTime local = zone.ToLocal(moment);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  fmt::format_to(Output(text), "\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                 time.seconds().count());
  if (time.subseconds().count() != 0) {
    fmt::format_to(Output(text), ".{:06}", time.subseconds().count());
  }
  const auto minutes =
      std::chrono::duration_cast<std::chrono::minutes>(zone.OffsetAt(moment)).count();
  fmt::format_to(Output(text), "{}{:02}:{:02}\"", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                 std::abs(minutes) % 60);
}

// Only codes of this program and of the center's tables come here; the tables' are escaped.
void AppendText(std::string_view value, std::string& text) {
  text += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    if (static_cast<unsigned char>(c) < 0x20U) {
      fmt::format_to(Output(text), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      text += c;
    }
  }
  text += '"';
}

void AppendCodes(const CaseRow& row, std::string& text) {
  text += '{';
  if (row.defect != Defect::kMissingKey) {
    text += R"("maHoSo":)";
    AppendText(row.case_number, text);
    text += ',';
  }
  text += R"("maThuTuc":)";
  AppendText(row.procedure_code, text);
  text += R"(,"linhVuc":)";
  AppendText(row.field, text);
  text += R"(,"maXa":)";
  AppendText(row.defect == Defect::kUnknownCommune ? "99999" : row.commune_code, text);
  text += R"(,"maCoQuan":)";
  AppendText(row.agency_code, text);
  const int status = row.defect == Defect::kUnknownStatus ? 11 : static_cast<int>(row.status);
  fmt::format_to(Output(text), R"(,"kenhTiepNhan":{},"trangThai":{})",
                 static_cast<int>(row.channel), status);
}

void AppendTimes(const CaseRow& row, const base::TimeZone& zone, std::string& text) {
  text += R"(,"ngayTiepNhan":)";
  AppendTime(zone, row.received_at, text);
  fmt::format_to(Output(text), R"(,"soNgayGiaiQuyet":{})", row.working_days);
  text += R"(,"ngayHenTra":)";
  if (row.defect == Defect::kImpossibleDate) {
    text += R"("2026-02-30T16:30:00+07:00")";
  } else {
    AppendTime(zone, row.due_at, text);
  }
  text += R"(,"ngayKetThuc":)";
  if (row.closed_at) {
    AppendTime(zone, *row.closed_at, text);
  } else {
    text += "null";
  }
  text += R"(,"capNhatLuc":)";
  AppendTime(zone, row.updated_at, text);
}

void AppendResults(const CaseRow& row, std::string& text) {
  if (row.defect == Defect::kTextInFee) {
    text += R"(,"phi":"miễn phí")";
  } else {
    fmt::format_to(Output(text), R"(,"phi":{})", row.fee);
  }
  text += R"(,"thanhToanTrucTuyen":)";
  text += !row.paid_online ? "null" : *row.paid_online ? "true" : "false";
  fmt::format_to(Output(text), R"(,"soHoa":{},"mucHaiLong":)", row.digitisation);
  if (row.satisfaction) {
    fmt::format_to(Output(text), "{}", *row.satisfaction);
  } else {
    text += "null";
  }
  text += "}\n";
}

}  // namespace

std::string EncodeNdjson(std::span<const CaseRow> rows, const base::TimeZone& zone) {
  std::string text;
  text.reserve(rows.size() * 450);
  for (const CaseRow& row : rows) {
    AppendCodes(row, text);
    AppendTimes(row, zone, text);
    AppendResults(row, text);
  }
  return text;
}

}  // namespace fansipan::simulation
