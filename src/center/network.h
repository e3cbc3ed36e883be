#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "center/source.h"

namespace fansipan::center {

/// An address of 16 bytes in network order; one of IPv4 stands as ::ffff:a.b.c.d.
using NetworkAddress = std::array<std::uint8_t, 16>;

/// Four decimal numbers with points, or IPv6 without brackets and zone. Nothing for other spellings
/// of the same (one number, octal, hexadecimal, three parts), which programs read differently.
std::optional<NetworkAddress> ParseAddress(std::string_view text);

/// The network that an address lies in. Nothing for what is never called: unspecified, multicast,
/// broadcast, reserved, for documentation. An IPv6 address that stands for one of IPv4 (mapped,
/// translated, 6to4) lies where that one lies.
std::optional<Network> NetworkOf(const NetworkAddress& address);

/// The name of a declared network.
std::optional<Network> FindNetwork(std::string_view name);

/// Where a URL leads. Nothing is decoded.
struct UrlParts {
  bool secure = true;  ///< https
  std::string host;    ///< lower case; IPv6 without brackets
  std::uint16_t port = 443;
  std::string target;  ///< path and query, "/" at least
  /// Same scheme, host and port.
  bool HasOriginOf(const UrlParts& other) const {
    return secure == other.secure && host == other.host && port == other.port;
  }
};
/// Nothing for anything but an absolute http or https URL in ASCII with a plain host, without user
/// and fragment. A host of digits must be an address in the usual form.
std::optional<UrlParts> ParseUrl(std::string_view url);
/// A DNS name in lower case, or an address as ParseAddress takes it.
bool IsHost(std::string_view text);

/// The declared place that host and port are; null: none.
const Reach* FindReach(const std::vector<Reach>& reach, std::string_view host, std::uint16_t port);

}  // namespace fansipan::center
