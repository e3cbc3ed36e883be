#pragma once

#include <optional>
#include <string_view>

namespace fansipan::simulation::internal {

struct Point {
  double latitude = 0;
  double longitude = 0;
};

/// A point inside a commune of the sample center, as its territory/units.csv has it: `Places` does
/// not tell it.
std::optional<Point> FindCommunePoint(std::string_view code);

}  // namespace fansipan::simulation::internal
