#pragma once

#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// An XML document whose elements of one path are raw rows. The whole document is checked, also
/// what no column takes. Texts and values of attributes lose the white space around them; what is
/// then empty is missing. A record that has a path several times is a row of all of them, joined as
/// declared, else it is refused (repeated_element). Error besides those of XmlReader: wrong_shape
/// when the element that should hold the records is not there.
base::Status DecodeXml(std::string_view payload, const center::XmlShape& shape,
                       std::uint32_t depth_limit, RowCollector& rows);

}  // namespace fansipan::sources::internal
