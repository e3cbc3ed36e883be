#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// The bytes that base64 (RFC 4648, section 4) stands for, white space left out; nothing when it is
/// none. Padding must be there: without it a text that was cut off looks like a whole one.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace fansipan::sources::internal
