#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace fansipan::simulation {

/// What a simulated system can do wrong on demand.
enum class Fault {
  kLate,        ///< answers, but seconds later
  kSilent,      ///< does not answer; what was asked for is done nevertheless
  kDuplicated,  ///< gives again what it has given
  kReordered,   ///< gives things in another order
  kDrifted,     ///< names a member of its answers otherwise than agreed
  kTruncated    ///< ends its answer early
};
inline constexpr std::size_t kFaults = 6;
std::string_view NameOf(Fault fault);

/// Of each fault, the share of answers that have it: 0 to 1.
struct FaultRates {
  std::array<double, kFaults> shares{};

  double Of(Fault fault) const { return shares[static_cast<std::size_t>(fault)]; }
};

/// Sets what a text such as `late=0.1` says. kInvalidArgument names the faults there are.
base::Status SetFault(std::string_view text, FaultRates& rates);

}  // namespace fansipan::simulation
