#pragma once

#include <optional>
#include <string_view>

namespace fansipan::sources::internal {

/// Where a geometry lies, in the units of its coordinates.
struct GeometryPlace {
  double x = 0;  ///< of the point, else the centroid: of areas, else of lines, else of points
  double y = 0;
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;
};

struct ReadGeometry {
  bool valid = false;                  ///< it was well-known text to its end
  std::optional<GeometryPlace> place;  ///< nothing of an empty geometry
};

/// Reads well-known text of plane, straight geometries (simple features; a third and fourth
/// coordinate are read over). Numbers must be finite; collections nest at most 32 deep. Whether
/// areas are closed or cross themselves is not asked.
ReadGeometry ReadWellKnownText(std::string_view text);

}  // namespace fansipan::sources::internal
