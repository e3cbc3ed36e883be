#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "simulation/province/statistics_text.h"

namespace fansipan::simulation::socio {

/// For whom a number is stated: the province of today, or one of the two that it was until June
/// 2025.
enum class Area { kToday, kOldLaoCai, kOldYenBai };

std::string_view CodeOf(Area area);
/// The areas that existed in the month.
std::vector<Area> AreasIn(ReportMonth month);

inline constexpr ReportMonth kFirstMonth{2024, 1};
inline constexpr ReportMonth kMergerMonth{2025, 7};

/// One quantity that is stated each month.
struct MonthlySeries {
  std::string_view code;
  std::string_view title;  ///< as the monthly report writes it
  std::string_view unit;   ///< the same
  double level = 0;        ///< of a month of 2026, for the province of today
  double growth = 0;       ///< a year
  double old_share = 0;    ///< of the old Lào Cai in the two
  double noise = 0;        ///< of the level
  bool index = false;      ///< the same period of last year is 100: nothing adds up
  int decimals = 0;
  double season = 0;  ///< how far summer and Tết stand out
};

const MonthlySeries& SeriesOf(std::string_view code);
/// What the statistics office states in its report, in the order of its rows.
std::vector<std::string_view> ReportedSeries();

/// The economy as it was, and as offices state it. A pure function of the seed.
class Economy {
 public:
  explicit Economy(std::uint64_t seed) : seed_(seed) {}

  double Final(std::string_view code, Area area, ReportMonth month) const;
  /// As it is stated before the month is over.
  double Estimate(std::string_view code, Area area, ReportMonth month) const;
  /// From January on: sums, of an index the mean. Of 2025 both old provinces count.
  double ToDate(std::string_view code, ReportMonth month) const;
  /// What the trade department states of retail sales.
  double DepartmentRetail(ReportMonth month) const;

  /// The month of the year whose industrial index is first stated nine points too high.
  ReportMonth OverstatedMonth(int year) const;
  /// The month of the year in which two offices state retail sales differently.
  ReportMonth ContradictedMonth(int year) const;

 private:
  double Noise(std::string_view code, Area area, ReportMonth month, std::uint64_t kind) const;

  std::uint64_t seed_;
};

/// Agriculture, industry and construction, services, taxes less subsidies.
inline constexpr std::size_t kSectors = 4;

struct GrdpValues {
  std::array<double, kSectors> constant{};  ///< prices of 2010, billion VND
  std::array<double, kSectors> current{};
};

/// How final a value of the gross regional product is.
enum class GrdpVintage { kEstimate, kPreliminary, kFinal };

class Grdp {
 public:
  explicit Grdp(std::uint64_t seed) : seed_(seed) {}
  /// `quarter` 1 to 4. The year 2025 has the structure that was published, 16 / 37.31 / 39.16 /
  /// 7.52 %, and the growth of 8.5 %.
  GrdpValues Quarter(Area area, int year, int quarter, GrdpVintage vintage) const;
  GrdpValues Year(int year, GrdpVintage vintage) const;

 private:
  std::uint64_t seed_;
};

double Sum(const std::array<double, kSectors>& values);
/// To that many decimals.
double Rounded(double value, int decimals);

}  // namespace fansipan::simulation::socio
