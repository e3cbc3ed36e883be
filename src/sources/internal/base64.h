#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// The bytes that base64 (RFC 4648) stands for, white space left out; nothing when it is none.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace fansipan::sources::internal
