// Feeds arbitrary bytes to what our own code reads of geodata: well-known text, the kind of a file,
// and what the processes that read it tell. The first byte chooses the format.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sources/internal/geodata/geodata_conversion.h"
#include "sources/internal/geodata/geodata_kind.h"
#include "sources/internal/geodata/well_known_text.h"

using namespace fansipan::sources::internal;
using fansipan::center::Format;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const ReadGeometry read = ReadWellKnownText(bytes);
  if (read.place && std::abs(read.place->west) <= 180 && std::abs(read.place->east) <= 180) {
    const bool within = read.place->x >= read.place->west && read.place->x <= read.place->east;
    if (!within) std::abort();
  }
  constexpr Format kFormats[] = {Format::kGeopackage, Format::kShapefile, Format::kGeojson,
                                 Format::kKml};
  static_cast<void>(RecogniseGeodata(bytes, kFormats[data[0] % 4]));
  static_cast<void>(ParseLayerList(bytes, "GPKG"));
  static_cast<void>(CheckSaysWgs84(bytes));
  static_cast<void>(ChooseMember(ParseMemberList(bytes), ".shp", "*a", 1U << 20U));
  return 0;
}
