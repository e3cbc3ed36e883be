#include "simulation/province/socio_economic/economy.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "simulation/internal/dice.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation::socio {
namespace {

using internal::Dice;
using internal::MixSeeds;

constexpr std::uint64_t kOfMonth = 1;
constexpr std::uint64_t kOfEstimate = 2;
constexpr std::uint64_t kOfDepartment = 3;
constexpr double kEstimateWidth = 0.008;
constexpr double kOverstatement = 9.2;
constexpr double kContradiction = 1.057;

constexpr auto kSeries = std::to_array<MonthlySeries>({
    {"iip", "Chỉ số sản xuất công nghiệp", "%", 109.5, 0, 1, 0.02, true, 2, 0},
    {"iip_mining", "Khai khoáng", "%", 104, 0, 1, 0.03, true, 2, 0},
    {"iip_manufacturing", "Công nghiệp chế biến, chế tạo", "%", 111, 0, 1, 0.025, true, 2, 0},
    {"iip_power", "Sản xuất và phân phối điện", "%", 108, 0, 1, 0.04, true, 2, 0},
    {"iip_water", "Cung cấp nước, xử lý rác thải", "%", 105, 0, 1, 0.02, true, 2, 0},
    {"retail_sales", "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng", "tỷ đồng", 7700,
     0.11, 0.56, 0.02, false, 1, 0.06},
    {"investment_realised", "Vốn đầu tư thực hiện trên địa bàn", "tỷ đồng", 6300, 0.12, 0.6, 0.06,
     false, 1, 0.2},
    {"fdi_projects", "Dự án FDI được cấp mới", "dự án", 1.2, 0.05, 0.5, 0.8, false, 0, 0},
    {"fdi_capital", "Vốn FDI đăng ký", "triệu USD", 6.5, 0.05, 0.5, 0.7, false, 1, 0},
    {"border_exports", "Xuất khẩu qua cửa khẩu", "triệu USD", 225, 0.14, 1, 0.08, false, 1, 0.1},
    {"border_imports", "Nhập khẩu qua cửa khẩu", "triệu USD", 128, 0.1, 1, 0.09, false, 1, 0.1},
    {"tourists", "Lượt khách du lịch", "lượt khách", 930000, 0.12, 0.78, 0.05, false, 0, 0.3},
    {"tourists_international", "Lượt khách quốc tế", "lượt khách", 88000, 0.2, 0.85, 0.06, false, 0,
     0.15},
    {"tourism_revenue", "Tổng thu từ khách du lịch", "tỷ đồng", 3350, 0.16, 0.84, 0.05, false, 1,
     0.3},
});

/// How much more than the mean month: Tết, summer, the end of the year.
constexpr std::array<double, 12> kSeason = {0.2, 0.6, -0.3, 0.1,  0.2,  0.7,
                                            0.9, 0.5, -0.2, -0.8, -0.9, -1.0};
constexpr std::array<double, 4> kQuarterWeights = {0.22, 0.24, 0.25, 0.29};
constexpr double kCurrentTotal2025 = 143'000;
constexpr std::array<double, kSectors> kStructure2025 = {16.0, 37.31, 39.16, 7.52};
constexpr double kConstantTotal2025 = 78'000;
constexpr std::array<double, kSectors> kConstantShares = {0.17, 0.375, 0.38, 0.075};
constexpr std::array<double, kSectors> kOldShares = {0.52, 0.68, 0.6, 0.66};
/// The growth of 2025 by sector; with the shares of the year before it makes 8.5 % of the whole.
constexpr std::array<double, kSectors> kGrowth2025 = {0.056, 0.0948, 0.0905, 0.076};
constexpr double kInflation = 0.034;

double AreaShare(Area area, double old_share) {
  if (area == Area::kToday) return 1;
  return area == Area::kOldLaoCai ? old_share : 1 - old_share;
}

/// Growth of a sector from the year before to `year`.
double SectorGrowth(std::uint64_t seed, std::size_t sector, int year) {
  if (year == 2025) return kGrowth2025[sector];
  Dice dice(MixSeeds(MixSeeds(seed, 0x67726470 + sector), static_cast<std::uint64_t>(year)));
  return kGrowth2025[sector] + dice.Spread(-0.012, 0.014);
}

double SinceBase(std::uint64_t seed, std::size_t sector, int year) {
  double factor = 1;
  for (int y = 2026; y <= year; ++y) factor *= 1 + SectorGrowth(seed, sector, y);
  for (int y = 2025; y > year; --y) factor /= 1 + SectorGrowth(seed, sector, y);
  return factor;
}

double VintageFactor(std::uint64_t seed, int year, int quarter, GrdpVintage vintage) {
  if (vintage == GrdpVintage::kFinal) return 1;
  const double width = vintage == GrdpVintage::kEstimate ? 0.005 : 0.0015;
  Dice dice(MixSeeds(MixSeeds(seed, static_cast<std::uint64_t>(year * 4 + quarter)),
                     vintage == GrdpVintage::kEstimate ? 11 : 12));
  return 1 + dice.Spread(-width, width);
}

}  // namespace

std::string_view CodeOf(Area area) { return area == Area::kOldLaoCai ? "10" : "15"; }

std::vector<Area> AreasIn(ReportMonth month) {
  if (month < kMergerMonth) return {Area::kOldLaoCai, Area::kOldYenBai};
  return {Area::kToday};
}

const MonthlySeries& SeriesOf(std::string_view code) {
  return *std::ranges::find(kSeries, code, &MonthlySeries::code);
}

std::vector<std::string_view> ReportedSeries() {
  std::vector<std::string_view> codes;
  for (const MonthlySeries& series : kSeries) {
    if (series.code == "border_exports") break;
    codes.push_back(series.code);
  }
  return codes;
}

double Rounded(double value, int decimals) {
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

double Sum(const std::array<double, kSectors>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

double Economy::Noise(std::string_view code, Area area, ReportMonth month,
                      std::uint64_t kind) const {
  const std::uint64_t seed = SeedOf(MixSeeds(seed_, kind), code);
  Dice dice(MixSeeds(MixSeeds(seed, static_cast<std::uint64_t>(month.year * 12) + month.month),
                     static_cast<std::uint64_t>(area)));
  return dice.Spread(-1, 1);
}

double Economy::Final(std::string_view code, Area area, ReportMonth month) const {
  const MonthlySeries& series = SeriesOf(code);
  const double noise = series.noise * Noise(code, area, month, kOfMonth);
  if (series.index) return Rounded(series.level * (1 + noise), series.decimals);
  const double years = month.year - 2026 + (static_cast<double>(month.month) - 6.5) / 12;
  const double value = series.level * std::pow(1 + series.growth, years) *
                       (1 + series.season * kSeason[month.month - 1]) * (1 + noise) *
                       AreaShare(area, series.old_share);
  return Rounded(std::max(value, 0.0), series.decimals);
}

double Economy::Estimate(std::string_view code, Area area, ReportMonth month) const {
  const MonthlySeries& series = SeriesOf(code);
  const double final = Final(code, area, month);
  if (code == "iip" && month == OverstatedMonth(month.year)) {
    return Rounded(final + kOverstatement, series.decimals);
  }
  return Rounded(final * (1 + kEstimateWidth * Noise(code, area, month, kOfEstimate)),
                 series.decimals);
}

double Economy::ToDate(std::string_view code, ReportMonth month) const {
  const MonthlySeries& series = SeriesOf(code);
  double sum = 0;
  for (unsigned m = 1; m <= month.month; ++m) {
    const ReportMonth of{month.year, m};
    double whole = 0;
    const std::vector<Area> areas = AreasIn(of);
    for (const Area area : areas) {
      whole += of == month ? Estimate(code, area, of) : Final(code, area, of);
    }
    sum += series.index ? whole / static_cast<double>(areas.size()) : whole;
  }
  return Rounded(series.index ? sum / month.month : sum, series.decimals);
}

double Economy::DepartmentRetail(ReportMonth month) const {
  const double stated = Estimate("retail_sales", Area::kToday, month);
  if (month == ContradictedMonth(month.year)) return Rounded(stated * kContradiction, 1);
  return Rounded(stated * (1 + 0.006 * Noise("retail_sales", Area::kToday, month, kOfDepartment)),
                 1);
}

ReportMonth Economy::OverstatedMonth(int year) const {
  Dice dice(MixSeeds(seed_ ^ 0x696970, static_cast<std::uint64_t>(year)));
  return {year, static_cast<unsigned>(dice.Between(8, 10))};
}

ReportMonth Economy::ContradictedMonth(int year) const {
  Dice dice(MixSeeds(seed_ ^ 0x726574, static_cast<std::uint64_t>(year)));
  return {year, static_cast<unsigned>(dice.Between(9, 11))};
}

GrdpValues Grdp::Quarter(Area area, int year, int quarter, GrdpVintage vintage) const {
  GrdpValues values;
  const double weight = kQuarterWeights[static_cast<std::size_t>(quarter) - 1];
  const double told = VintageFactor(seed_, year, quarter, vintage);
  const double prices = std::pow(1 + kInflation, year - 2025);
  const double structure = Sum(kStructure2025);
  for (std::size_t sector = 0; sector < kSectors; ++sector) {
    const double factor =
        weight * told * SinceBase(seed_, sector, year) * AreaShare(area, kOldShares[sector]);
    values.constant[sector] = Rounded(kConstantTotal2025 * kConstantShares[sector] * factor, 1);
    values.current[sector] =
        Rounded(kCurrentTotal2025 * kStructure2025[sector] / structure * factor * prices, 1);
  }
  return values;
}

GrdpValues Grdp::Year(int year, GrdpVintage vintage) const {
  GrdpValues sum;
  for (int quarter = 1; quarter <= 4; ++quarter) {
    const GrdpValues values = Quarter(Area::kToday, year, quarter, vintage);
    for (std::size_t sector = 0; sector < kSectors; ++sector) {
      sum.constant[sector] += values.constant[sector];
      sum.current[sector] += values.current[sector];
    }
  }
  return sum;
}

}  // namespace fansipan::simulation::socio
