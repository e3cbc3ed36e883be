#pragma once

#include <string_view>

#include "base/result.h"
#include "center/geodata.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// Raw rows of a layer's text (see ConvertedText): its geometry as well-known text in degrees of
/// WGS 84, where the layer has one, the feature's number in the file, and the attributes. Each
/// feature is a row, whose line is its place in the layer, counted from 1. Columns: `_fid`, the
/// attributes, and what the source keeps of the geometry (see GeometryPart), missing where a
/// feature has none. A row is refused as bad_geometry, or as outside_area when it lies nowhere on
/// Earth or, of a source in VN-2000, nowhere near Vietnam. Errors: cut_off, wrong_columns.
base::Status DecodeFeatures(std::string_view text, const center::GeodataShape& shape,
                            RowCollector& rows);

}  // namespace fansipan::sources::internal
