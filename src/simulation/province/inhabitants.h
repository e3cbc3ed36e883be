#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// How many people the province had at its merger; the communes' numbers are invented and add up to
/// it.
inline constexpr std::int64_t kInhabitants = 1'778'785;

/// Of each commune of the province's places, from its code, its area and the seed: small areas are
/// wards, where more people live.
std::vector<std::int64_t> InhabitantsOf(const Province& province);

/// A seed of its own for what goes by this name.
std::uint64_t SeedOf(std::uint64_t seed, std::string_view name);

}  // namespace fansipan::simulation
