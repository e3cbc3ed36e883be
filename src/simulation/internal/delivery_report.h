#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fansipan::simulation::internal {

/// What a center says became of a delivery. Counts it does not name are 0.
struct DeliveryReport {
  std::uint64_t refused = 0;  ///< raw rows refused in decoding
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0;
  std::uint64_t in_conflict = 0;
  std::uint64_t quarantined = 0;
};

/// Reads the `counts` of an answer; all 0 when it has none.
DeliveryReport ParseDeliveryReport(std::string_view body);

/// "code: detail" of an application/problem+json body, or its first bytes.
std::string ProblemText(std::string_view body);

}  // namespace fansipan::simulation::internal
