#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fansipan::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest Sha256(std::string_view bytes);

/// Lower-case hexadecimal, two characters a byte.
std::string ToHex(std::string_view bytes);
std::string ToHex(const Sha256Digest& digest);

/// A short fingerprint for equality of content: the first 128 bits of SHA-256.
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Fingerprint&) const = default;
};
Fingerprint FingerprintOf(std::string_view bytes);

/// Lets a table whose keys are texts be asked with a view; goes with std::equal_to<>.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>()(text);
  }
};

}  // namespace fansipan::base
