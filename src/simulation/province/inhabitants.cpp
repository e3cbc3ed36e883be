#include "simulation/province/inhabitants.h"

#include <numeric>

#include "base/hash.h"
#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

constexpr std::uint64_t kInhabitantsSeed = 0x70656F706C65;
constexpr double kWardKm2 = 75;

double WeightOf(const Commune& commune, std::uint64_t seed) {
  internal::Dice dice(SeedOf(internal::MixSeeds(seed, kInhabitantsSeed), commune.code));
  const double weight = dice.Spread(0.6, 1.6);
  return commune.area_km2 > 0 && commune.area_km2 < kWardKm2 ? 2.2 * weight : weight;
}

}  // namespace

std::vector<std::int64_t> InhabitantsOf(const Province& province) {
  std::vector<double> weights;
  for (const Commune& commune : province.places.communes) {
    weights.push_back(WeightOf(commune, province.seed));
  }
  const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::int64_t> people;
  std::int64_t left = kInhabitants;
  for (const double weight : weights) {
    people.push_back(static_cast<std::int64_t>(static_cast<double>(kInhabitants) * weight / all));
    left -= people.back();
  }
  if (!people.empty()) people.back() += left;
  return people;
}

std::uint64_t SeedOf(std::uint64_t seed, std::string_view name) {
  return internal::MixSeeds(seed, base::FingerprintOf(name).low);
}

}  // namespace fansipan::simulation
