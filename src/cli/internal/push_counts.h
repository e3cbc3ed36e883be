#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "simulation/pusher.h"

namespace fansipan::cli {

/// What simulated sources sent and what became of it: for machines, and in a sentence.
nlohmann::json CountsJson(const simulation::PushCounts& counts);
std::string CountsText(const simulation::PushCounts& counts);

}  // namespace fansipan::cli
