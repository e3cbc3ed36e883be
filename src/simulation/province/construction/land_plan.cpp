#include "simulation/province/construction/land_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;
using namespace std::chrono_literals;

constexpr std::uint64_t kLandSeed = 0x6C616E64;
constexpr double kHectares = 100;  // of a square kilometre
constexpr double kWardKm2 = 75;
constexpr Day kDecided = Day(2025y / 7 / 1);
constexpr Day kAdjusted = Day(2026y / 7 / 1);
constexpr double kAdjustedShare = 0.03;

struct Use {
  std::string_view code;
  double commune_share = 0;
  double ward_share = 0;
};
constexpr std::array kUses = {
    Use{"RUNG", 0.55, 0.3}, Use{"LUA", 0.07, 0.06}, Use{"NNK", 0.2, 0.14},
    Use{"DO", 0.04, 0.2},   Use{"GT", 0.03, 0.08},  Use{"CTCC", 0.02, 0.06},
    Use{"TMD", 0.01, 0.06}, Use{"CN", 0.02, 0.06},  Use{"CSD", 0.06, 0.04}};

/// A square of the area, closed, in the order that GeoJSON asks for.
std::string SquareAround(double longitude, double latitude, double hectares) {
  const double half_metres = std::sqrt(hectares * 10'000) / 2;
  const double up = half_metres / 111'320;
  const double right = up / std::cos(latitude * 0.017453292519943295);
  return fmt::format(
      "[[[{0:.6f},{2:.6f}],[{1:.6f},{2:.6f}],[{1:.6f},{3:.6f}],[{0:.6f},{3:.6f}],[{0:.6f},{2:.6f}]]"
      "]",
      longitude - right, longitude + right, latitude - up, latitude + up);
}

void AppendZones(const Commune& commune, std::uint64_t seed, Day day, LandPlan& plan) {
  Dice dice(SeedOfName(seed, commune.code));
  const bool is_ward = commune.area_km2 > 0 && commune.area_km2 < kWardKm2;
  std::array<double, kUses.size()> shares{};
  for (std::size_t i = 0; i < kUses.size(); ++i) {
    shares[i] = (is_ward ? kUses[i].ward_share : kUses[i].commune_share) * dice.Spread(0.7, 1.3);
  }
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (std::size_t i = 0; i < kUses.size(); ++i) {
    const double area = std::max(0.01, commune.area_km2 * kHectares * shares[i] / all);
    const double longitude = commune.longitude + dice.Spread(-0.02, 0.02);
    const double latitude = commune.latitude + dice.Spread(-0.02, 0.02);
    // What was planned as unused, or as fields, becomes a place to live.
    const bool is_adjusted = dice.Chance(kAdjustedShare) && day >= kAdjusted;
    plan.geojson += fmt::format(
        R"({}{{"type":"Feature","properties":{{"ma_vung":"{}-{:02}","ma_xa":"{}","muc_dich":"{}",)"
        R"("dien_tich_ha":{:.2f},"quyet_dinh":"Quyết định minh họa số {}","ngay_hieu_luc":"{}",)"
        R"("phien_ban":{}}},"geometry":{{"type":"Polygon","coordinates":{}}}}})",
        plan.zones == 0 ? "" : ",\n", commune.code, i + 1, commune.code,
        is_adjusted ? "DO" : kUses[i].code, area, is_adjusted ? 2 : 1,
        DayText(is_adjusted ? kAdjusted : kDecided), is_adjusted ? 2 : 1,
        SquareAround(longitude, latitude, area));
    ++plan.zones;
  }
}

}  // namespace

LandPlan LandPlanOn(const Province& province, Day day) {
  LandPlan plan{.geojson =
                    R"({"type":"FeatureCollection","name":"quy_hoach_su_dung_dat","features":[)"
                    "\n"};
  const std::uint64_t seed = MixSeeds(province.seed, kLandSeed);
  for (const Commune& commune : province.places.communes) AppendZones(commune, seed, day, plan);
  plan.geojson += "\n]}\n";
  return plan;
}

}  // namespace fansipan::simulation
