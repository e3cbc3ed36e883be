#include "center/geodata.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace fansipan::center {
namespace {

// Decision 05/2007/QD-BTNMT, EPSG transformation 6960, with the signs that PROJ counts rotations
// by.
constexpr std::string_view kVn2000 =
    "+ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,"
    "0.00427372,0.252906278 +no_defs +type=crs";
constexpr std::string_view kWgs84 = "+datum=WGS84 +no_defs +type=crs";
// Central meridians that a place in Vietnam can have, in minutes.
constexpr int kFirstMeridian = 102 * 60;
constexpr int kLastMeridian = 117 * 60;

std::optional<int> NumberOf(std::string_view digits) {
  int number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Minutes of `104-45`, or nothing.
std::optional<int> MeridianOf(std::string_view text) {
  if (text.size() != 6 || text[3] != '-') return std::nullopt;
  const auto degrees = NumberOf(text.substr(0, 3));
  const auto minutes = NumberOf(text.substr(4));
  if (!degrees || !minutes || *minutes < 0 || *minutes >= 60) return std::nullopt;
  const int meridian = *degrees * 60 + *minutes;
  if (meridian < kFirstMeridian || meridian > kLastMeridian) return std::nullopt;
  return meridian;
}

/// The projection behind the slash; nothing when it is none.
std::optional<std::string> ProjectionOf(std::string_view text, bool zones_of_three_degrees) {
  if (text == "UTM 48N") return "+proj=utm +zone=48 +units=m";
  if (text == "UTM 49N") return "+proj=utm +zone=49 +units=m";
  const auto meridian = zones_of_three_degrees ? MeridianOf(text) : std::nullopt;
  if (!meridian) return std::nullopt;
  return fmt::format("+proj=tmerc +lat_0=0 +lon_0={:.10g} +k=0.9999 +x_0=500000 +y_0=0 +units=m",
                     *meridian / 60.0);
}

}  // namespace

std::string_view NameOf(GeometryPart part) {
  switch (part) {
    case GeometryPart::kPoint:
      return "point";
    case GeometryPart::kBox:
      return "box";
    case GeometryPart::kWkt:
      break;
  }
  return "wkt";
}

bool IsVn2000(std::string_view name) { return name.starts_with("VN-2000"); }

base::Result<std::string> ProjDefinition(std::string_view name) {
  constexpr std::string_view kSlash = " / ";
  const std::size_t slash = name.find(kSlash);
  const std::string_view datum = name.substr(0, slash);
  const bool vietnamese = datum == "VN-2000";
  if (vietnamese || datum == "WGS84") {
    const auto projection = slash == std::string_view::npos
                                ? std::optional<std::string>("+proj=longlat")
                                : ProjectionOf(name.substr(slash + kSlash.size()), vietnamese);
    if (projection) return fmt::format("{} {}", *projection, vietnamese ? kVn2000 : kWgs84);
  }
  return base::Error{
      base::ErrorCode::kInvalidArgument, "",
      "allowed: WGS84, 'WGS84 / UTM 48N', VN-2000, 'VN-2000 / UTM 48N' (or 49N), and "
      "zones of 3 degrees by their central meridian, such as 'VN-2000 / 104-45'"};
}

}  // namespace fansipan::center
