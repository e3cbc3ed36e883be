#pragma once

#include <string>
#include <string_view>

namespace fansipan::store {

/// What `lower(text)` means in conditions, in every engine: each character by Unicode's simple
/// lower-case mapping, whatever the locale. Bytes that are not UTF-8 stay as they are.
std::string LowerCase(std::string_view text);

}  // namespace fansipan::store
