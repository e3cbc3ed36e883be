#include "simulation/province/state_budget/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "simulation/internal/workbook_writer.h"

namespace fansipan::simulation::budget {

using internal::WorkbookCell;
using internal::WorkbookSheet;
using Cells = std::vector<WorkbookCell>;

namespace {

constexpr std::array<std::string_view, 4> kFundNames = {
    "Ngân sách trung ương", "Ngân sách địa phương", "Vốn nước ngoài", "Kế hoạch năm trước kéo dài"};
constexpr std::array<std::string_view, 4> kRoman = {"I", "II", "III", "IV"};

/// A column's two header cells; an empty upper one goes on with the one left of it.
using HeaderCells = std::pair<std::string_view, std::string_view>;
constexpr std::array<HeaderCells, 16> kCapitalHeader = {{{"STT", ""},
                                                         {"Mã dự án", ""},
                                                         {"Tên dự án", ""},
                                                         {"Chủ đầu tư", "Mã định danh"},
                                                         {"", "Mã ĐVQHNS"},
                                                         {"Mã địa bàn", ""},
                                                         {"Nguồn vốn", ""},
                                                         {"Năm kế hoạch", ""},
                                                         {"Kế hoạch vốn", "Giao đầu năm"},
                                                         {"", "Sau điều chỉnh"},
                                                         {"", "Phân bổ chi tiết"},
                                                         {"Giải ngân", "Trong tháng"},
                                                         {"", "Lũy kế"},
                                                         {"", "Ngày gần nhất"},
                                                         {"Tỷ lệ giải ngân (%)", ""},
                                                         {"Số liệu đến ngày", ""}}};
constexpr std::array<HeaderCells, 8> kRevenueHeader = {{{"STT", ""},
                                                        {"Nội dung thu", ""},
                                                        {"Dự toán năm", "Trung ương giao"},
                                                        {"", "Tỉnh giao"},
                                                        {"Thực hiện", "Trong tháng"},
                                                        {"", "Lũy kế"},
                                                        {"So với dự toán tỉnh giao (%)", ""},
                                                        {"Số liệu đến ngày", ""}}};

std::string Text(std::string_view text) { return std::string(text); }

std::string DayText(std::chrono::year_month_day day) {
  return fmt::format("{:02}/{:02}/{}", static_cast<unsigned>(day.day()),
                     static_cast<unsigned>(day.month()), static_cast<int>(day.year()));
}

/// Percent with one decimal, or an empty cell.
WorkbookCell Rate(Tenths part, Tenths whole) {
  if (whole == 0) return {};
  return std::round(static_cast<double>(part) * 1000 / static_cast<double>(whole)) / 10;
}

Cells Texts(std::initializer_list<std::string_view> texts) {
  Cells cells;
  for (const std::string_view text : texts) {
    cells.push_back(text.empty() ? WorkbookCell() : WorkbookCell(Text(text)));
  }
  return cells;
}

void AddHeader(std::span<const HeaderCells> header, WorkbookSheet& sheet) {
  Cells upper;
  Cells lower;
  for (const auto& [above, below] : header) {
    upper.push_back(above.empty() ? WorkbookCell() : WorkbookCell(Text(above)));
    lower.push_back(below.empty() ? WorkbookCell() : WorkbookCell(Text(below)));
  }
  sheet.rows.push_back(std::move(upper));
  sheet.rows.push_back(std::move(lower));
}

std::vector<std::string> JoinedNames(std::span<const HeaderCells> header) {
  std::vector<std::string> names;
  std::string_view above;
  for (const auto& [upper, lower] : header) {
    if (!upper.empty()) above = upper;
    names.push_back(lower.empty() ? Text(above) : Text(above) + " " + Text(lower));
  }
  return names;
}

std::string Finished(WorkbookSheet sheet) {
  return internal::WriteWorkbook({std::move(sheet)}).value();
}

void AddCapitalHead(WorkbookSheet& sheet, int plan_year, std::chrono::year_month month) {
  sheet.rows.push_back(Texts({"KHO BẠC NHÀ NƯỚC"}));
  sheet.rows.push_back(Texts({"BÁO CÁO TÌNH HÌNH GIẢI NGÂN VỐN ĐẦU TƯ CÔNG"}));
  sheet.rows.push_back(
      {fmt::format("Kế hoạch vốn năm {}, tháng {} năm {}", plan_year,
                   static_cast<unsigned>(month.month()), static_cast<int>(month.year()))});
  sheet.rows.push_back(Texts({"Đơn vị tính: triệu đồng"}));
  AddHeader(kCapitalHeader, sheet);
  sheet.merged = {"A1:P1", "A2:P2", "A3:P3", "A4:P4", "D5:E5", "I5:K5", "L5:N5"};
}

Cells CapitalRow(const PlanLine& line, std::size_t number, const std::string& last_day) {
  return {std::to_string(number),
          line.project_code,
          line.project_name,
          line.agency_code,
          line.budget_code,
          line.commune_code,
          Text(kFundNames[static_cast<std::size_t>(line.fund)]),
          static_cast<double>(line.plan_year),
          VietnameseText(line.initial),
          VietnameseText(line.adjusted),
          VietnameseText(line.allocated),
          MillionDong(line.paid_in_month),
          MillionDong(line.paid_to_date),
          line.last_paid_on ? WorkbookCell(DayText(*line.last_paid_on)) : WorkbookCell(Text("-")),
          Rate(line.paid_to_date, line.adjusted),
          last_day};
}

Cells CapitalFooter(std::span<const PlanLine> lines) {
  PlanLine sum;
  for (const PlanLine& line : lines) {
    sum.initial += line.initial;
    sum.adjusted += line.adjusted;
    sum.allocated += line.allocated;
    sum.paid_in_month += line.paid_in_month;
    sum.paid_to_date += line.paid_to_date;
  }
  Cells cells = {Text("Tổng cộng"), fmt::format("Số dòng: {}", lines.size())};
  cells.resize(8);
  for (const Tenths amount :
       {sum.initial, sum.adjusted, sum.allocated, sum.paid_in_month, sum.paid_to_date}) {
    cells.emplace_back(VietnameseText(amount));
  }
  return cells;
}

void AddSignatures(WorkbookSheet& sheet) {
  sheet.rows.push_back({});
  sheet.rows.push_back(Texts({"", "Người lập biểu", "Kế toán trưởng", "Giám đốc"}));
}

}  // namespace

std::vector<std::string> CapitalColumns() { return JoinedNames(kCapitalHeader); }
std::vector<std::string> RevenueColumns() { return JoinedNames(kRevenueHeader); }

std::string LastDayText(std::chrono::year_month month) {
  return DayText(month / std::chrono::last);
}

std::string MonthText(std::chrono::year_month month) {
  return fmt::format("{:02}/{}", static_cast<unsigned>(month.month()),
                     static_cast<int>(month.year()));
}

std::string CapitalWorkbook(std::span<const PlanLine> lines, int plan_year,
                            std::chrono::year_month month, std::size_t held_back) {
  WorkbookSheet sheet{.name = "Giải ngân"};
  AddCapitalHead(sheet, plan_year, month);
  const std::string last_day = LastDayText(month);
  const std::size_t held = lines.size() - std::min(held_back, lines.size());
  std::size_t fund = kFundNames.size();
  for (std::size_t i = 0; i < held; ++i) {
    if (static_cast<std::size_t>(lines[i].fund) != fund) {
      fund = static_cast<std::size_t>(lines[i].fund);
      sheet.rows.push_back({Text(kRoman[fund]), {}, Text(kFundNames[fund])});
    }
    sheet.rows.push_back(CapitalRow(lines[i], i + 1, last_day));
  }
  sheet.rows.push_back(CapitalFooter(lines));
  AddSignatures(sheet);
  return Finished(std::move(sheet));
}

std::string RevenueWorkbook(std::span<const RevenueLine> lines, std::chrono::year_month month) {
  WorkbookSheet sheet{.name = "Thu NSNN"};
  sheet.rows.push_back(Texts({"KHO BẠC NHÀ NƯỚC"}));
  sheet.rows.push_back(Texts({"BÁO CÁO THU NGÂN SÁCH NHÀ NƯỚC TRÊN ĐỊA BÀN"}));
  sheet.rows.push_back({fmt::format("Tháng {} năm {}", static_cast<unsigned>(month.month()),
                                    static_cast<int>(month.year()))});
  sheet.rows.push_back(Texts({"Đơn vị tính: triệu đồng"}));
  AddHeader(kRevenueHeader, sheet);
  sheet.merged = {"A1:H1", "A2:H2", "A3:H3", "A4:H4", "C5:D5", "E5:F5"};
  sheet.rows.push_back(Texts({"I", "Thu nội địa"}));
  RevenueLine sum;
  for (const RevenueLine& line : lines) {
    sheet.rows.push_back({line.number, line.name, VietnameseText(line.estimate_central),
                          VietnameseText(line.estimate_province),
                          MillionDong(line.collected_in_month), MillionDong(line.collected_to_date),
                          Rate(line.collected_to_date, line.estimate_province),
                          LastDayText(month)});
    sum.estimate_central += line.estimate_central;
    sum.estimate_province += line.estimate_province;
    sum.collected_in_month += line.collected_in_month;
    sum.collected_to_date += line.collected_to_date;
  }
  sheet.rows.push_back({Text("Tổng cộng"),
                        {},
                        VietnameseText(sum.estimate_central),
                        VietnameseText(sum.estimate_province),
                        VietnameseText(sum.collected_in_month),
                        VietnameseText(sum.collected_to_date)});
  AddSignatures(sheet);
  return Finished(std::move(sheet));
}

std::string RecurrentTable(std::span<const RecurrentLine> lines, std::chrono::year_month month) {
  const int year = static_cast<int>(month.year());
  std::string text = fmt::format(
      "KHO BẠC NHÀ NƯỚC\nBáo cáo chi thường xuyên tháng {} năm {}\n"
      "Đơn vị tính: triệu đồng\n"
      "Mã định danh;Lĩnh vực chi;Năm ngân sách;Dự toán giao;Chi trong tháng;"
      "Chi lũy kế;Số liệu đến ngày\n",
      static_cast<unsigned>(month.month()), year);
  const std::string last_day = LastDayText(month);
  RecurrentLine sum;
  for (const RecurrentLine& line : lines) {
    text += fmt::format("{};{};{};{};{};{};{}\n", line.agency_code, line.field, year,
                        VietnameseText(line.estimate), VietnameseText(line.spent_in_month),
                        VietnameseText(line.spent_to_date), last_day);
    sum.estimate += line.estimate;
    sum.spent_in_month += line.spent_in_month;
    sum.spent_to_date += line.spent_to_date;
  }
  text +=
      fmt::format("Tổng cộng;Số dòng: {};;{};{};{};\n", lines.size(), VietnameseText(sum.estimate),
                  VietnameseText(sum.spent_in_month), VietnameseText(sum.spent_to_date));
  return text;
}

}  // namespace fansipan::simulation::budget
