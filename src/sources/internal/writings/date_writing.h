#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

/// The day that a text writes in the order "dmy", "mdy" or "ymd", as YYYY-MM-DD. Between the parts
/// stands `/`, `-` or `.`, twice the same; the year has four digits. In the order "dmy" words are
/// read, too: `ngày 05 tháng 3 năm 2025`, `ngày` may be left out. Anything else is a RefusedText.
/// Error mapping_failed for another order.
base::Result<std::string> DateOf(std::string_view text, std::string_view order);

/// The same with a time of day (hours and minutes, with seconds and their fraction or without)
/// behind or before the date: YYYY-MM-DDTHH:MM:SS of local time.
base::Result<std::string> MomentOf(std::string_view text, std::string_view order);

/// The day that a workbook's serial number means. Days are counted from 1900, as if that year had a
/// 29 February (serial 60, which is refused), or from 1904. A part of a day is refused: it would be
/// lost. Error mapping_failed for another epoch.
base::Result<std::string> DateOfSerial(std::string_view serial, std::int64_t epoch);

/// The same with the part of the day, to the millisecond.
base::Result<std::string> MomentOfSerial(std::string_view serial, std::int64_t epoch);

}  // namespace fansipan::sources::internal
