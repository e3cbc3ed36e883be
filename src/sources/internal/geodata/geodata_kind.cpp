#include "sources/internal/geodata/geodata_kind.h"

#include <fmt/format.h>

#include <utility>

namespace fansipan::sources::internal {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kSqlite = "SQLite format 3\0"sv;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kApplicationAt = 68;

base::Error NotGeodata(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "not_geodata", std::move(message)};
}

/// GPKG since version 1.2, GP10 and GP11 before.
bool IsGeopackage(std::string_view payload) {
  if (!payload.starts_with(kSqlite) || payload.size() < kApplicationAt + 4) return false;
  const std::string_view application = payload.substr(kApplicationAt, 4);
  return application == "GPKG" || application == "GP10" || application == "GP11";
}

char FirstCharacter(std::string_view payload) {
  if (payload.starts_with(kByteOrderMark)) payload.remove_prefix(kByteOrderMark.size());
  const std::size_t first = payload.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? '\0' : payload[first];
}

base::Result<GeodataKind> RecogniseKml(std::string_view payload) {
  if (payload.starts_with(kZip)) return GeodataKind{"zip", ".kml", "LIBKML"};
  if (FirstCharacter(payload) != '<' || payload.find("<kml") == std::string_view::npos) {
    return NotGeodata("it must be a KML or KMZ file in UTF-8, but has no element <kml>");
  }
  if (payload.find("<!DOCTYPE") == std::string_view::npos) return GeodataKind{"kml", "", "LIBKML"};
  return base::Error{base::ErrorCode::kInvalidArgument, "has_doctype",
                     "it has a document type, which could name other files; save it without one"};
}

}  // namespace

base::Result<GeodataKind> RecogniseGeodata(std::string_view payload, center::Format format) {
  if (payload.empty()) return NotGeodata("it is empty");
  switch (format) {
    case center::Format::kGeopackage:
      if (IsGeopackage(payload)) return GeodataKind{"gpkg", "", "GPKG"};
      return NotGeodata("it must be a GeoPackage, but does not begin as one");
    case center::Format::kShapefile:
      if (payload.starts_with(kZip)) return GeodataKind{"zip", ".shp", "ESRI Shapefile"};
      return NotGeodata(
          "it must be a ZIP file that has the .shp, .shx and .dbf of a Shapefile; pack them "
          "together");
    case center::Format::kGeojson:
      if (FirstCharacter(payload) == '{') return GeodataKind{"geojson", "", "GeoJSON"};
      return NotGeodata("it must be GeoJSON, an object in braces");
    case center::Format::kKml:
      return RecogniseKml(payload);
    default:
      break;
  }
  return base::Error{base::ErrorCode::kInternal, "",
                     fmt::format("'{}' is no format of geodata", center::NameOf(format))};
}

}  // namespace fansipan::sources::internal
