#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// One JSON object a line. A line that is none is a refused row of its own and harms no other; a
/// line of white space is no row. The whole is refused when it ends within a line's JSON (cut_off),
/// and when none of its lines is JSON: then it is something else (not_json, not_utf8, too_deep).
base::Status DecodeNdjson(std::string_view payload, const center::JsonShape& shape,
                          std::uint32_t depth_limit, RowCollector& rows);

}  // namespace fansipan::sources::internal
