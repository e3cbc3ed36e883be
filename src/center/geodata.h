#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::center {

/// What is kept of a feature's geometry, each a raw column or several. Degrees are of WGS 84.
enum class GeometryPart {
  kPoint,  ///< _longitude, _latitude: the point itself, of anything else its centroid
  kBox,    ///< _west, _south, _east, _north
  kWkt,    ///< _wkt: all of it, as well-known text
};
std::string_view NameOf(GeometryPart part);

/// What a GeoPackage, Shapefile, GeoJSON or KML is read for.
struct GeodataShape {
  std::string layer;  ///< its name, or a pattern with `*`; empty: the only one
  std::string crs;    ///< see ProjDefinition; empty: the file must say WGS 84
  std::vector<GeometryPart> geometry = {GeometryPart::kPoint, GeometryPart::kWkt};
  std::vector<std::string> columns;  ///< attributes that must be there
};

/// A declared coordinate system as PROJ takes it: WGS84, WGS84 / UTM 48N, VN-2000 (longitude and
/// latitude), VN-2000 / UTM 48N, and the zones of 3 degrees by their central meridian, such as
/// VN-2000 / 104-45. VN-2000 becomes WGS 84 by the seven parameters in force since 2007. Error
/// kInvalidArgument, which says what is allowed.
base::Result<std::string> ProjDefinition(std::string_view name);
/// Whether a declared system is one of VN-2000, which is for Vietnam and its waters alone.
bool IsVn2000(std::string_view name);

}  // namespace fansipan::center
