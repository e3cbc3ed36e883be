#include "simulation/province/state_budget/accounts.h"

#include <array>
#include <cmath>
#include <span>

#include "simulation/internal/dice.h"
#include "simulation/province/state_budget/projects.h"

namespace fansipan::simulation::budget {

using internal::Dice;
using internal::MixSeeds;

namespace {

constexpr std::uint64_t kRevenueDraws = 0xB0D6E70011U;
constexpr std::uint64_t kRecurrentDraws = 0xB0D6E70012U;
constexpr std::size_t kMonths = 12;

/// How the year's amount comes in over its months, by nature of the money.
using Season = std::array<double, kMonths>;
constexpr Season kEven = {9, 6, 8, 9, 8, 8, 9, 8, 8, 9, 8, 10};
constexpr Season kByQuarter = {14, 4, 5, 13, 5, 5, 13, 5, 5, 14, 6, 11};
constexpr Season kAtTheEnd = {3, 3, 5, 6, 7, 8, 8, 9, 10, 11, 13, 17};
constexpr Season kSpending = {6, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 11};

struct KindOfRevenue {
  std::string_view number;
  std::string_view name;
  double share;  ///< of the estimate
  const Season* season;
  double course;  ///< of the estimate, collected in the end, about
};
constexpr std::array<KindOfRevenue, 14> kKindsOfRevenue = {{
    {"1", "Thu từ khu vực doanh nghiệp nhà nước", 0.15, &kByQuarter, 1.04},
    {"2", "Thu từ khu vực doanh nghiệp có vốn đầu tư nước ngoài", 0.03, &kByQuarter, 1.0},
    {"3", "Thu từ khu vực kinh tế ngoài quốc doanh", 0.19, &kByQuarter, 1.06},
    {"4", "Thuế thu nhập cá nhân", 0.04, &kEven, 1.08},
    {"5", "Thuế bảo vệ môi trường", 0.03, &kEven, 0.96},
    {"6", "Lệ phí trước bạ", 0.025, &kEven, 1.05},
    {"7", "Phí, lệ phí", 0.05, &kEven, 1.05},
    {"8", "Thu tiền sử dụng đất", 0.22, &kAtTheEnd, 0.83},
    {"9", "Tiền cho thuê đất, thuê mặt nước", 0.015, &kByQuarter, 1.1},
    {"10", "Thu từ hoạt động xổ số kiến thiết", 0.005, &kEven, 1.02},
    {"11", "Thu tiền cấp quyền khai thác khoáng sản, tài nguyên nước", 0.06, &kByQuarter, 1.02},
    {"12", "Thu khác ngân sách", 0.02, &kEven, 1.1},
    {"II", "Thu từ hoạt động xuất nhập khẩu", 0.163, &kEven, 1.03},
    {"III", "Thu viện trợ", 0.002, &kEven, 0.9},
}};

constexpr std::array<std::string_view, 8> kFields = {
    "Giáo dục - đào tạo và dạy nghề",
    "Hoạt động của cơ quan quản lý nhà nước, Đảng, đoàn thể",
    "Bảo đảm xã hội",
    "Các hoạt động kinh tế",
    "Y tế, dân số và gia đình",
    "Văn hóa, thông tin, thể thao",
    "Quốc phòng, an ninh và trật tự an toàn xã hội",
    "Bảo vệ môi trường"};

/// What of a year's amount is there after so many months, by the season and a little chance.
double ShareAfter(const Season& season, unsigned months, std::uint64_t seed) {
  Dice dice(seed);
  double sum = 0;
  double passed = 0;
  for (unsigned month = 0; month < kMonths; ++month) {
    const double weight = season[month] * dice.Spread(0.9, 1.1);
    sum += weight;
    if (month < months) passed += weight;
  }
  return passed / sum;
}

/// The books open with all that came in the year before them.
bool OpensTheBooks(std::chrono::year_month month) { return month == kBooksOpened; }

Tenths RevenueEstimate(int year) {
  return (21'000 + 2'000 * static_cast<Tenths>(year - 2025)) * 10'000;
}

Tenths RecurrentEstimate(int year) {
  return (12'400 + 700 * static_cast<Tenths>(year - 2025)) * 10'000;
}

struct Budget {
  std::string agency_code;
  std::string_view field;
  double weight;
};

std::vector<Budget> BudgetsOf(const Places& places) {
  std::vector<Budget> budgets;
  for (std::size_t i = 0; i < places.departments.size(); ++i) {
    budgets.push_back({places.departments[i], kFields[1], 2});
    budgets.push_back({places.departments[i], kFields[3 + i % 5], 6});
  }
  for (const Commune& commune : places.communes) {
    const double size = 1 + std::sqrt(commune.area_km2) / 12;
    budgets.push_back({commune.agency_code, kFields[0], 4 * size});
    budgets.push_back({commune.agency_code, kFields[1], 2 * size});
    budgets.push_back({commune.agency_code, kFields[2], size});
  }
  return budgets;
}

}  // namespace

std::vector<RevenueLine> RevenueOf(std::uint64_t seed, std::chrono::year_month month) {
  const int year = static_cast<int>(month.year());
  const auto months = static_cast<unsigned>(month.month());
  std::vector<double> shares;
  for (const KindOfRevenue& kind : kKindsOfRevenue) shares.push_back(kind.share);
  const std::vector<Tenths> estimates = Divide(RevenueEstimate(year), shares);
  std::vector<RevenueLine> lines;
  for (std::size_t i = 0; i < kKindsOfRevenue.size(); ++i) {
    const KindOfRevenue& kind = kKindsOfRevenue[i];
    const std::uint64_t draws =
        MixSeeds(MixSeeds(seed, kRevenueDraws), static_cast<std::uint64_t>(year) * 100 + i);
    const double final_share = kind.course * Dice(draws).Spread(0.97, 1.03);
    const auto until = [&](unsigned passed) {
      return ShareOf(estimates[i], final_share * ShareAfter(*kind.season, passed, draws));
    };
    RevenueLine line{.number = std::string(kind.number),
                     .name = std::string(kind.name),
                     .estimate_central = ShareOf(estimates[i], 0.92),
                     .estimate_province = estimates[i],
                     .collected_to_date = until(months)};
    line.collected_in_month =
        line.collected_to_date - (OpensTheBooks(month) ? 0 : until(months - 1));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<RecurrentLine> RecurrentOf(const Places& places, std::uint64_t seed,
                                       std::chrono::year_month month) {
  const int year = static_cast<int>(month.year());
  const auto months = static_cast<unsigned>(month.month());
  const std::vector<Budget> budgets = BudgetsOf(places);
  std::vector<double> weights;
  for (const Budget& budget : budgets) weights.push_back(budget.weight);
  const std::vector<Tenths> estimates = Divide(RecurrentEstimate(year), weights);
  std::vector<RecurrentLine> lines;
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    const std::uint64_t draws =
        MixSeeds(MixSeeds(seed, kRecurrentDraws), static_cast<std::uint64_t>(year) * 10'000 + i);
    const double final_share = Dice(draws).Spread(0.95, 1.0);
    const auto until = [&](unsigned passed) {
      return ShareOf(estimates[i], final_share * ShareAfter(kSpending, passed, draws));
    };
    RecurrentLine line{.agency_code = budgets[i].agency_code,
                       .field = std::string(budgets[i].field),
                       .estimate = estimates[i],
                       .spent_to_date = until(months)};
    line.spent_in_month = line.spent_to_date - (OpensTheBooks(month) ? 0 : until(months - 1));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace fansipan::simulation::budget
