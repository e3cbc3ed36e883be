#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/conversion/converted_text.h"

namespace fansipan::sources::internal {

/// The declared layer of a GeoPackage, Shapefile (in a ZIP), GeoJSON or KML (KMZ) as text, its
/// geometry in degrees of WGS 84, made by confined processes within the source's limits; this one
/// looks at no more than what kind of file it is. Errors kInvalidArgument: not_geodata,
/// has_doctype, geodata_unreadable, geodata_incomplete, no_layer, several_layers, crs_unknown,
/// geodata_out_of_memory, geodata_deadline; kTooLarge; kUnavailable geodata_reader_missing.
base::Result<ConvertedText> ConvertGeodata(std::string_view payload, const center::Source& source,
                                           const std::string& program);

/// The layers as GDAL lists them, without the kinds of their geometry. Error geodata_unreadable
/// when another reader than `driver` opened the file, or a name has a line break or a quote.
base::Result<std::vector<std::string>> ParseLayerList(std::string_view list,
                                                      std::string_view driver);

/// What GDAL's description of a layer says of its coordinate system: that it is WGS 84 in degrees,
/// or that the layer has no geometry. Error crs_unknown, which names the one that it is.
base::Status CheckSaysWgs84(std::string_view description);

/// A file of a ZIP that is read from within.
struct ZipMember {
  std::string name;
  std::uint64_t bytes = 0;
};

/// The members as our own reader lists them (conversion_task.cpp).
std::vector<ZipMember> ParseMemberList(std::string_view list);

/// The Shapefile or KML file that is meant among them, by name without ending or pattern with `*`,
/// empty for the only one. Members with names that lead elsewhere are never meant. Errors no_layer,
/// several_layers; geodata_incomplete when a Shapefile lacks a part (.shx, .dbf); kTooLarge when
/// what is unpacked of it were more than `limit` bytes.
base::Result<std::string> ChooseMember(const std::vector<ZipMember>& members,
                                       std::string_view extension, const std::string& wanted,
                                       std::uint64_t limit);

}  // namespace fansipan::sources::internal
