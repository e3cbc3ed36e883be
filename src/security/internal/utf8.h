#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fansipan::security {

/// The character of `text` at `position`, which moves behind it; negative when the bytes there are
/// malformed, `position` then moves behind them.
std::int32_t NextCharacter(std::string_view text, std::size_t& position);

}  // namespace fansipan::security
