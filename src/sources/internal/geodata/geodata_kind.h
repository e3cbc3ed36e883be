#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources::internal {

/// How GDAL is to take a payload.
struct GeodataKind {
  std::string file_extension;    ///< of the payload: gpkg, zip, geojson, kml
  std::string member_extension;  ///< of what is read within a ZIP: .shp, .kml; empty: no ZIP
  std::string driver;            ///< GDAL's name of its reader
};

/// Whether the bytes are of the declared format, whatever their file was called; nothing in them is
/// followed or unpacked. Errors kInvalidArgument: not_geodata, has_doctype.
base::Result<GeodataKind> RecogniseGeodata(std::string_view payload, center::Format format);

}  // namespace fansipan::sources::internal
