#include "cli/internal/push_counts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace fansipan::cli {

nlohmann::json CountsJson(const simulation::PushCounts& counts) {
  return {{"deliveries", counts.deliveries},   {"sent", counts.sent},
          {"accepted", counts.accepted},       {"repeated", counts.repeated},
          {"in_conflict", counts.in_conflict}, {"quarantined", counts.quarantined},
          {"refused", counts.refused},         {"known", counts.known},
          {"retries", counts.retries},         {"heartbeats", counts.heartbeats}};
}

std::string CountsText(const simulation::PushCounts& counts) {
  return fmt::format(
      "simulated: sent {} rows in {} deliveries; accepted {}, repeated {}, in conflict {}, "
      "quarantined {}, refused {}, known from before {}; {} retries, {} heartbeats",
      counts.sent, counts.deliveries, counts.accepted, counts.repeated, counts.in_conflict,
      counts.quarantined, counts.refused, counts.known, counts.retries, counts.heartbeats);
}

}  // namespace fansipan::cli
