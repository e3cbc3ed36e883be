#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

/// The number that a text writes with the decimal mark `mark` ("," or "."), as digits with a point.
/// Its digits may be grouped by threes: by the other mark, an apostrophe, or a blank, broken or
/// not; all groups by the same. A sign may stand before it, blanks around it. Anything else is a
/// RefusedText: "1.5" has no meaning with a decimal comma. Error mapping_failed for another mark.
base::Result<std::string> NumberOf(std::string_view text, std::string_view mark);

/// A number of digits with a point times 10 to the power, exactly. A RefusedText stays what it is;
/// any other text becomes one. Error mapping_failed for a power beyond -18 … 18.
base::Result<std::string> Scaled(std::string_view number, std::int64_t power);

}  // namespace fansipan::sources::internal
