#pragma once

#include <string>
#include <string_view>

namespace fansipan::sources {

/// UTF-16 as ODBC drivers take and give it. Half of a pair becomes bytes that no UTF-8 has, so that
/// its row is refused and nothing is replaced; bytes that are no UTF-8 become U+FFFD.
std::u16string ToWide(std::string_view utf8);
std::string ToNarrow(std::u16string_view wide);

}  // namespace fansipan::sources
