#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "center/internal/problems.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxNameLength = 63;

/// [a-z][a-z0-9_]*, at most kMaxNameLength.
bool IsName(std::string_view text);
inline constexpr std::string_view kNameRule =
    "lower-case letters, digits and _, a letter first, at most 63";

/// "90s", "30m", "8h", "2d"; nothing for anything else, zero, or more than 3,660 days.
std::optional<base::Duration> ParseDuration(std::string_view text);
/// "512KB", "64MB", "1GB", in powers of 1,024; a number alone is bytes. Nothing for anything else.
std::optional<std::uint64_t> ParseSize(std::string_view text);

/// Byte offset of the first thing that is not UTF-8, or a control character other than tab and line
/// ends.
std::optional<std::size_t> FindBadByte(std::string_view text);
/// Number of UTF-8 characters.
int CountCharacters(std::string_view text);
/// Line and column of a byte offset; beyond the end it is the end.
Position PositionAt(std::string_view text, std::size_t offset);

}  // namespace fansipan::center
