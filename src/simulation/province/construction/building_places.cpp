#include "simulation/province/construction/building_places.h"

#include <algorithm>
#include <string_view>

#include "simulation/internal/dice.h"
#include "simulation/province/civil_days.h"

namespace fansipan::simulation {
namespace {

constexpr std::uint64_t kBuildingSeed = 0x6275696C64;
constexpr double kWardKm2 = 75;
constexpr std::string_view kDepartment = "000.00.06.H38";

}  // namespace

std::vector<double> BuildingWeights(const Province& province) {
  std::vector<double> weights;
  for (const Commune& commune : province.places.communes) {
    internal::Dice dice(SeedOfName(internal::MixSeeds(province.seed, kBuildingSeed), commune.code));
    const double weight = dice.Spread(0.4, 1.3);
    const bool is_ward = commune.area_km2 > 0 && commune.area_km2 < kWardKm2;
    weights.push_back(is_ward ? 2.5 * weight : weight);
  }
  return weights;
}

std::string DepartmentOfConstruction(const Province& province) {
  const auto& departments = province.places.departments;
  const auto found = std::find(departments.begin(), departments.end(), kDepartment);
  return found == departments.end() ? departments.front() : *found;
}

}  // namespace fansipan::simulation
