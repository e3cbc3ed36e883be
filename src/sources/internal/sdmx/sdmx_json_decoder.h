#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// A data message of SDMX-JSON 1.0, 2.0 or 2.1, by series or flat: each observation is a raw row,
/// which begins at its key. A column is a dimension, an attribute or a measure (OBS_VALUE where the
/// message names none) by its id; coded values give their id, others the value, numbers as they
/// were written. An observation whose key or value does not fit the structure, or is no text, is
/// refused (bad_observation). The whole text is checked as JSON is. Error deletes_data for a data
/// set that takes observations back.
base::Status DecodeSdmxJson(std::string_view payload, const center::JsonShape& shape,
                            std::uint32_t depth_limit, RowCollector& rows);

}  // namespace fansipan::sources::internal
