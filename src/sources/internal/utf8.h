#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// True for well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view text);

/// Offset of the first character that is not well formed. Slower than IsUtf8.
std::optional<std::size_t> FindNotUtf8(std::string_view text);

/// How many characters (code points) there are. `text` must be UTF-8.
std::size_t CountCharacters(std::string_view text);

/// The text with U+FFFD for each byte that is not UTF-8.
std::string AsUtf8(std::string_view text);

/// The first `limit` bytes at most, cut between characters. `text` must be UTF-8.
std::string_view CutUtf8(std::string_view text, std::size_t limit);

}  // namespace fansipan::sources::internal
