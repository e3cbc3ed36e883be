#pragma once

#include <cstdint>
#include <string_view>

namespace fansipan::base {

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, RFC 3720 appendix B.4). `seed` continues
/// an earlier call's result.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t seed = 0);

/// The same for processors without an instruction for it.
std::uint32_t Crc32cByTables(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace fansipan::base
