#include "simulation/faults.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace fansipan::simulation {

std::string_view NameOf(Fault fault) {
  constexpr std::array<std::string_view, kFaults> kNames = {"late",      "silent",  "duplicated",
                                                            "reordered", "drifted", "truncated"};
  return kNames[static_cast<std::size_t>(fault)];
}

base::Status SetFault(std::string_view text, FaultRates& rates) {
  const std::size_t sign = text.find('=');
  const std::string_view name = text.substr(0, sign);
  const std::string_view share = sign == std::string_view::npos ? "" : text.substr(sign + 1);
  double value = -1;
  const auto [end, error] = std::from_chars(share.data(), share.data() + share.size(), value);
  const bool is_share = error == std::errc() && end == share.data() + share.size() &&
                        std::isfinite(value) && value >= 0 && value <= 1;
  for (std::size_t i = 0; is_share && i < kFaults; ++i) {
    if (NameOf(static_cast<Fault>(i)) != name) continue;
    rates.shares[i] = value;
    return {};
  }
  return base::Error{base::ErrorCode::kInvalidArgument, "wrong_option",
                     fmt::format("--fault {}: write a fault and the share of answers from 0 to 1, "
                                 "such as late=0.1; there are late, silent, duplicated, "
                                 "reordered, drifted, truncated",
                                 text)};
}

}  // namespace fansipan::simulation
