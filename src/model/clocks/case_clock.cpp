#include "model/clocks/case_clock.h"

#include <array>

namespace fansipan::model {

std::string_view NameOf(ClockOutput output) {
  static constexpr std::array<std::string_view, kClockOutputsWithStatedDue> kNames = {
      "due", "used", "left", "paused_since", "coverage", "reckoned_due", "contradiction"};
  return kNames.at(static_cast<std::size_t>(output));
}

}  // namespace fansipan::model
