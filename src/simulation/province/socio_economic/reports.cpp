#include "simulation/province/socio_economic/reports.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>
#include <utility>
namespace fansipan::simulation::socio {
namespace {

using internal::WorkbookCell;
using internal::WorkbookSheet;
using Row = std::vector<WorkbookCell>;

constexpr std::string_view kWorkbookType =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view kSdmxHeader =
    "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"
    "UNIT_MEASURE,UNIT_MULT,LAST_UPDATE,CONTACT,COMMENT_OBS\n";

struct SectorName {
  std::string_view code;
  std::string_view title;
};
constexpr std::array<SectorName, kSectors> kSectorNames = {{
    {"agriculture", "Nông, lâm nghiệp và thủy sản"},
    {"industry", "Công nghiệp và xây dựng"},
    {"services", "Dịch vụ"},
    {"taxes", "Thuế sản phẩm trừ trợ cấp sản phẩm"},
}};
constexpr std::array<std::string_view, 4> kRoman = {"I", "II", "III", "IV"};

WorkbookCell Text(std::string_view text) { return std::string(text); }

std::string FrequencyOf(std::string_view period) {
  if (period.find('Q') != std::string_view::npos) return "Q";
  return period.size() == 4 ? "A" : "M";
}

Row MonthlyRow(const Economy& economy, std::string_view code, ReportMonth month, double number) {
  const MonthlySeries& series = SeriesOf(code);
  const ReportMonth before = MonthsLater(month, -1);
  const bool known = before >= kMergerMonth;
  return {number,
          Text(series.title),
          Text(code),
          Text(series.unit),
          known ? WorkbookCell(economy.Final(code, Area::kToday, before)) : Text(".."),
          economy.Estimate(code, Area::kToday, month),
          economy.ToDate(code, month),
          WorkbookCell()};
}

/// A block of one period in the table of the gross regional product.
struct GrdpBlock {
  std::string period;
  std::string vintage;
  GrdpValues values;
  std::optional<GrdpValues> year_before;
};

WorkbookCell GrowthOf(double value, std::optional<double> before) {
  if (!before || *before == 0) return {};
  return Rounded(100 * (value - *before) / *before, 2);
}

void AppendBlock(const GrdpBlock& block, const std::string& sent, const std::string& signer,
                 WorkbookSheet& sheet) {
  const std::size_t first = sheet.rows.size() + 1;
  const auto before = [&](std::size_t sector) -> std::optional<double> {
    if (!block.year_before) return std::nullopt;
    return block.year_before->constant[sector];
  };
  const double total = Sum(block.values.constant);
  std::optional<double> total_before;
  if (block.year_before) total_before = Sum(block.year_before->constant);
  sheet.rows.push_back({block.period, block.vintage, Text("15"), Text("total"),
                        Text("Tổng sản phẩm trên địa bàn"), Rounded(total, 1),
                        Rounded(Sum(block.values.current), 1), GrowthOf(total, total_before), sent,
                        signer});
  for (std::size_t i = 0; i < kSectors; ++i) {
    sheet.rows.push_back({WorkbookCell(), WorkbookCell(), Text("15"), Text(kSectorNames[i].code),
                          Text(kSectorNames[i].title), Rounded(block.values.constant[i], 1),
                          Rounded(block.values.current[i], 1),
                          GrowthOf(block.values.constant[i], before(i)), WorkbookCell(),
                          WorkbookCell()});
  }
  for (const char column : std::string_view("ABIJ")) {
    sheet.merged.push_back(fmt::format("{0}{1}:{0}{2}", column, first, first + kSectors));
  }
}

bool IsOfToday(int year, int quarter) { return year > 2025 || (year == 2025 && quarter >= 3); }

std::vector<GrdpBlock> BlocksOf(const Grdp& grdp, int year, int quarter) {
  std::vector<GrdpBlock> blocks;
  const auto add = [&](int y, int q, std::string vintage, GrdpVintage kind) {
    if (!IsOfToday(y, q)) return;
    blocks.push_back({fmt::format("Quý {}/{}", kRoman[static_cast<std::size_t>(q) - 1], y),
                      std::move(vintage), grdp.Quarter(Area::kToday, y, q, kind),
                      grdp.Quarter(Area::kToday, y - 1, q, GrdpVintage::kFinal)});
  };
  add(year, quarter, "ước tính", GrdpVintage::kEstimate);
  add(quarter == 1 ? year - 1 : year, quarter == 1 ? 4 : quarter - 1, "sơ bộ",
      GrdpVintage::kPreliminary);
  add(year - 1, quarter, "chính thức", GrdpVintage::kFinal);
  const auto add_year = [&](int y, std::string vintage, GrdpVintage kind) {
    if (y < 2025) return;
    std::optional<GrdpValues> before;
    if (y > 2025) before = grdp.Year(y - 1, GrdpVintage::kFinal);
    blocks.push_back({fmt::format("Năm {}", y), std::move(vintage), grdp.Year(y, kind), before});
  };
  if (quarter == 4) {
    add_year(year, "ước tính", GrdpVintage::kEstimate);
    add_year(year - 1, "chính thức", GrdpVintage::kFinal);
  }
  if (quarter == 2) add_year(year - 1, "sơ bộ", GrdpVintage::kPreliminary);
  return blocks;
}

}  // namespace

SystemDelivery WorkbookDelivery(std::string source, std::string file, std::size_t rows,
                                WorkbookSheet sheet) {
  SystemDelivery delivery;
  delivery.source = std::move(source);
  delivery.media_type = kWorkbookType;
  delivery.file_name = std::move(file);
  delivery.rows = rows;
  if (auto body = internal::WriteWorkbook({std::move(sheet)}); body.ok()) {
    delivery.body = std::move(*body);
  }
  return delivery;
}

SystemDelivery SdmxMessage(std::string source, std::string file,
                           const std::vector<Observation>& observations, const base::TimeZone& zone,
                           const Letterhead& letterhead) {
  SystemDelivery delivery;
  delivery.source = std::move(source);
  delivery.media_type = "text/csv";
  delivery.file_name = std::move(file);
  delivery.rows = observations.size();
  delivery.body = kSdmxHeader;
  const std::string sent = MomentWithOffset(zone, letterhead.sent);
  for (const Observation& one : observations) {
    fmt::format_to(std::back_inserter(delivery.body),
                   "dataflow,LAOCAI:SOCIO(1.0),I,{},{},{},{},{:.{}f},{},{},{},{},{},{}\n",
                   FrequencyOf(one.period), one.area, one.indicator, one.period, one.value,
                   one.decimals, one.status, one.unit, one.multiplier, sent, letterhead.signer,
                   one.note);
  }
  return delivery;
}

WorkbookSheet MonthlySheet(const Economy& economy, ReportMonth month, int founded_before,
                           const base::TimeZone& zone, const Letterhead& letterhead) {
  WorkbookSheet sheet{.name = "Báo cáo tháng", .rows = {}, .merged = {"A1:H1", "E5:F5"}};
  sheet.rows.push_back({Text(
      fmt::format("BÁO CÁO TÌNH HÌNH KINH TẾ - XÃ HỘI THÁNG {} NĂM {}", month.month, month.year))});
  sheet.rows.push_back({Text("Mã địa bàn: 15")});
  sheet.rows.push_back({Text("Số liệu mô phỏng, không phải số liệu thống kê chính thức")});
  sheet.rows.emplace_back();
  sheet.rows.push_back({Text("STT"), Text("Chỉ tiêu"), Text("Mã"), Text("Đơn vị tính"),
                        Text("Thực hiện"), WorkbookCell(), Text("Cộng dồn từ đầu năm"),
                        Text("So với cùng kỳ (%)")});
  sheet.rows.push_back({WorkbookCell(), WorkbookCell(), WorkbookCell(), WorkbookCell(),
                        Text("Chính thức tháng trước"), Text("Ước tính tháng báo cáo"),
                        WorkbookCell(), WorkbookCell()});
  double number = 0;
  for (const std::string_view code : ReportedSeries()) {
    sheet.rows.push_back(MonthlyRow(economy, code, month, ++number));
  }
  sheet.rows.push_back(
      {++number, Text("Doanh nghiệp thành lập mới"), Text("enterprises_founded"),
       Text("doanh nghiệp"),
       founded_before < 0 ? Text("..") : WorkbookCell(static_cast<double>(founded_before)),
       Text(".."), Text(".."), WorkbookCell()});
  sheet.rows.push_back({Text("Ngày gửi"), Text(DayAndTime(zone, letterhead.sent))});
  sheet.rows.push_back({Text("Người ký"), Text(letterhead.signer)});
  sheet.rows.push_back({Text("Ghi chú: số cộng dồn của năm 2025 gồm cả hai tỉnh trước hợp nhất")});
  return sheet;
}

WorkbookSheet QuarterlySheet(const Grdp& grdp, int year, int quarter, const base::TimeZone& zone,
                             const Letterhead& letterhead) {
  WorkbookSheet sheet{.name = "GRDP quý", .rows = {}, .merged = {"A1:J1", "F4:G4"}};
  sheet.rows.push_back({Text("TỔNG SẢN PHẨM TRÊN ĐỊA BÀN TỈNH LÀO CAI")});
  sheet.rows.push_back({Text("Số liệu mô phỏng, không phải số liệu thống kê chính thức")});
  sheet.rows.emplace_back();
  sheet.rows.push_back({Text("Kỳ"), Text("Mức độ"), Text("Mã địa bàn"), Text("Mã số"),
                        Text("Chỉ tiêu"), Text("Giá trị (tỷ đồng)"), WorkbookCell(),
                        Text("So với cùng kỳ (%)"), Text("Ngày gửi"), Text("Người ký")});
  sheet.rows.push_back({WorkbookCell(), WorkbookCell(), WorkbookCell(), WorkbookCell(),
                        WorkbookCell(), Text("Giá so sánh 2010"), Text("Giá hiện hành"),
                        WorkbookCell(), WorkbookCell(), WorkbookCell()});
  const std::string sent = DayAndTime(zone, letterhead.sent);
  for (const GrdpBlock& block : BlocksOf(grdp, year, quarter)) {
    AppendBlock(block, sent, letterhead.signer, sheet);
  }
  sheet.rows.push_back({Text("Ghi chú: giá so sánh năm 2010")});
  return sheet;
}

}  // namespace fansipan::simulation::socio
