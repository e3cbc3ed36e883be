#include "simulation/province/socio_economic/poverty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "simulation/internal/dice.h"
#include "simulation/province/commune_origins.h"
#include "simulation/province/inhabitants.h"
#include "simulation/province/socio_economic/economy.h"
#include "simulation/province/socio_economic/reports.h"

namespace fansipan::simulation::socio {
namespace {

using internal::Dice;
using internal::MixSeeds;
using internal::WorkbookCell;
using internal::WorkbookSheet;

constexpr int kMergerYear = 2025;
constexpr double kPersonsPerHousehold = 4.3;
constexpr double kLessEachYear = 0.86;
constexpr double kGrownPoorer = 1.45;
constexpr double kHighestRate = 0.35;
constexpr std::uint64_t kPoorerSeed = 0x706F6F72;

WorkbookCell Text(std::string_view text) { return std::string(text); }

WorkbookSheet EmptyReview(int year) {
  WorkbookSheet sheet{.name = "Rà soát", .rows = {}, .merged = {"A1:L1", "G4:H4", "I4:J4"}};
  sheet.rows.push_back({Text("KẾT QUẢ RÀ SOÁT HỘ NGHÈO, HỘ CẬN NGHÈO")});
  sheet.rows.push_back({Text(fmt::format("Chuẩn nghèo đa chiều, năm {}; số liệu mô phỏng", year))});
  sheet.rows.emplace_back();
  sheet.rows.push_back({Text("STT"), Text("Mã xã"), Text("Tên đơn vị"), Text("Năm"), Text("Mức độ"),
                        Text("Tổng số hộ"), Text("Hộ nghèo"), WorkbookCell(), Text("Hộ cận nghèo"),
                        WorkbookCell(), Text("Ngày gửi"), Text("Người ký")});
  sheet.rows.push_back({WorkbookCell(), WorkbookCell(), WorkbookCell(), WorkbookCell(),
                        WorkbookCell(), WorkbookCell(), Text("Số hộ"), Text("Tỷ lệ (%)"),
                        Text("Số hộ"), Text("Tỷ lệ (%)"), WorkbookCell(), WorkbookCell()});
  return sheet;
}

double Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : Rounded(100 * static_cast<double>(part) / static_cast<double>(whole), 2);
}

}  // namespace

PovertyReviews::PovertyReviews(const Province& province) : province_(province) {
  for (const std::int64_t people : InhabitantsOf(province)) {
    households_.push_back(std::max<std::int64_t>(
        1, std::llround(static_cast<double>(people) / kPersonsPerHousehold)));
  }
}

std::string PovertyReviews::GrownPoorer(int year) const {
  Dice dice(MixSeeds(province_.seed ^ kPoorerSeed, static_cast<std::uint64_t>(year)));
  const auto last = static_cast<std::int64_t>(households_.size()) - 1;
  return province_.places.communes[static_cast<std::size_t>(dice.Between(0, last))].code;
}

double PovertyReviews::RateOf(std::size_t commune, int year) const {
  const std::string& code = province_.places.communes[commune].code;
  const CommuneOrigin* origin = FindOrigin(code);
  const bool ward = origin != nullptr && origin->ward;
  Dice dice(SeedOf(province_.seed, "poverty of " + code));
  double rate = ward ? dice.Spread(0.006, 0.02) : dice.Spread(0.04, 0.2);
  rate *= std::pow(kLessEachYear, year - kMergerYear);
  for (int y = kMergerYear + 1; y <= year; ++y) {
    if (GrownPoorer(y) == code) rate *= kGrownPoorer / kLessEachYear;
  }
  return std::min(rate, kHighestRate);
}

PovertyReviews::Line PovertyReviews::LineOf(std::string code, std::int64_t reviewed, double rate,
                                            int year, bool final) const {
  Dice dice(SeedOf(MixSeeds(province_.seed, static_cast<std::uint64_t>(year)), "review " + code));
  const double told = rate * dice.Spread(0.97, 1.03) * (final ? 1 : dice.Spread(0.97, 1.04));
  const auto poor = std::llround(static_cast<double>(reviewed) * told);
  const auto near_poor = std::llround(static_cast<double>(reviewed) * told * 0.8);
  return {std::move(code), reviewed, poor, near_poor};
}

std::vector<PovertyReviews::Line> PovertyReviews::LinesOf(std::size_t commune, int year,
                                                          bool final) const {
  const std::string& code = province_.places.communes[commune].code;
  const double rate = RateOf(commune, year);
  const CommuneOrigin* origin = FindOrigin(code);
  if (year >= kMergerYear || origin == nullptr) {
    return {LineOf(code, households_[commune], rate, year, final)};
  }
  std::vector<Line> lines;
  const std::vector<std::string_view> old = OldCommunesOf(*origin);
  const auto count = static_cast<std::int64_t>(old.size());
  std::int64_t left = households_[commune];
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t part = i + 1 == count ? left : households_[commune] / count;
    left -= part;
    std::string name(old[static_cast<std::size_t>(i)]);
    Dice dice(SeedOf(province_.seed, "old poverty " + name));
    const double own = rate * dice.Spread(0.6, 1.4);
    lines.push_back(LineOf(std::move(name), part, own, year, final));
  }
  return lines;
}

std::vector<PovertyReviews::Line> PovertyReviews::AllLines(int year, bool final) const {
  std::map<std::string, Line> wholes;
  std::vector<Line> communes;
  for (std::size_t commune = 0; commune < households_.size(); ++commune) {
    const CommuneOrigin* origin = FindOrigin(province_.places.communes[commune].code);
    const bool today = year >= kMergerYear || origin == nullptr;
    const std::string above(today ? "15" : origin->old_province);
    Line& whole = wholes.try_emplace(above, Line{above}).first->second;
    for (Line& line : LinesOf(commune, year, final)) {
      whole.reviewed += line.reviewed;
      whole.poor += line.poor;
      whole.near_poor += line.near_poor;
      communes.push_back(std::move(line));
    }
  }
  std::vector<Line> lines;
  for (auto& [code, whole] : wholes) lines.push_back(std::move(whole));
  for (Line& line : communes) lines.push_back(std::move(line));
  return lines;
}

WorkbookSheet PovertyReviews::Sheet(int year, bool final, base::Timestamp sent) const {
  WorkbookSheet sheet = EmptyReview(year);
  double number = 0;
  for (const Line& line : AllLines(year, final)) {
    const bool province = line.code.size() == 2;
    sheet.rows.push_back(
        {++number, Text(line.code), Text((province ? "Tỉnh " : "Đơn vị ") + line.code),
         Text(std::to_string(year)), Text(final ? "chính thức" : "sơ bộ"),
         static_cast<double>(line.reviewed), static_cast<double>(line.poor),
         Percent(line.poor, line.reviewed), static_cast<double>(line.near_poor),
         Percent(line.near_poor, line.reviewed), Text(DayAndTime(province_.zone, sent)),
         Text("Giám đốc Sở Nông nghiệp và Môi trường")});
  }
  sheet.rows.push_back({Text("Tổng số dòng"), number});
  return sheet;
}

SystemDelivery PovertyReviews::Review(int year, bool final, base::Timestamp sent) const {
  constexpr std::size_t kAroundLines = 6;  // title, header, footer
  WorkbookSheet sheet = Sheet(year, final, sent);
  const std::size_t rows = sheet.rows.size() - kAroundLines;
  return WorkbookDelivery("poverty_review",
                          fmt::format("ra_soat_ho_ngheo_{}{}.xlsx", year, final ? "" : "_so_bo"),
                          rows, std::move(sheet));
}

}  // namespace fansipan::simulation::socio
