#include "center/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxUrl = 4'096;
constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxLabel = 63;
constexpr std::uint16_t kSecurePort = 443;
constexpr std::uint16_t kPlainPort = 80;

/// Addresses that begin with the same bits as `bytes`.
struct Block {
  NetworkAddress bytes;
  int bits = 0;
  std::optional<Network> network;
};

constexpr NetworkAddress V4(std::uint8_t a, std::uint8_t b = 0, std::uint8_t c = 0,
                            std::uint8_t d = 0) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d};
}
constexpr NetworkAddress V6(std::uint8_t a, std::uint8_t b = 0, std::uint8_t c = 0,
                            std::uint8_t d = 0) {
  return {a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
}
constexpr int kV4 = 96;  // bits before those of an IPv4 address

// The IANA registries of special-purpose addresses. The first that matches decides.
constexpr std::array kBlocks{
    Block{V4(0), kV4 + 8, std::nullopt},
    Block{V4(10), kV4 + 8, Network::kPrivate},
    Block{V4(100, 64), kV4 + 10, Network::kPrivate},  // shared by carriers
    Block{V4(127), kV4 + 8, Network::kLoopback},
    Block{V4(169, 254), kV4 + 16, Network::kLinkLocal},
    Block{V4(172, 16), kV4 + 12, Network::kPrivate},
    Block{V4(192, 0, 0), kV4 + 24, std::nullopt},
    Block{V4(192, 0, 2), kV4 + 24, std::nullopt},
    Block{V4(192, 88, 99), kV4 + 24, std::nullopt},
    Block{V4(192, 168), kV4 + 16, Network::kPrivate},
    Block{V4(198, 18), kV4 + 15, Network::kPrivate},  // benchmarks
    Block{V4(198, 51, 100), kV4 + 24, std::nullopt},
    Block{V4(203, 0, 113), kV4 + 24, std::nullopt},
    Block{V4(224), kV4 + 3, std::nullopt},
    Block{V4(0), kV4, Network::kPublic},
    Block{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Network::kLoopback},
    Block{V6(0), 8, std::nullopt},
    Block{V6(0x20, 0x01, 0x00, 0x00), 32, std::nullopt},  // Teredo
    Block{V6(0x20, 0x01, 0x0D, 0xB8), 32, std::nullopt},
    Block{V6(0x3F, 0xFF), 20, std::nullopt},
    Block{V6(0x20), 3, Network::kPublic},
    Block{V6(0xFC), 7, Network::kPrivate},
    Block{V6(0xFE, 0x80), 10, Network::kLinkLocal},
    Block{V6(0xFE, 0xC0), 10, Network::kPrivate},
};

bool Begins(const NetworkAddress& address, const Block& block) {
  int bits = block.bits;
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const int mask = bits >= 8 ? 0xFF : 0xFF << (8 - bits);
    if (((address[i] ^ block.bytes[i]) & mask) != 0) return false;
  }
  return true;
}

NetworkAddress Embedded(const NetworkAddress& address, std::size_t at) {
  return V4(address[at], address[at + 1], address[at + 2], address[at + 3]);
}

/// The IPv4 address that an IPv6 one stands for.
NetworkAddress Meant(const NetworkAddress& address) {
  constexpr NetworkAddress kTranslated = {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};
  if (std::equal(address.begin(), address.begin() + 12, kTranslated.begin())) {
    return Embedded(address, 12);
  }
  if (address[0] == 0x20 && address[1] == 0x02) return Embedded(address, 2);
  return address;
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

/// What some resolvers take for a number: 0x7f, 017700000001, 2130706433.
bool LooksLikeNumber(std::string_view label) {
  if (label.starts_with("0x")) return true;
  return std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsDnsName(std::string_view text) {
  if (text.empty() || text.size() > kMaxHost) return false;
  std::string_view label;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('.', at), text.size());
    label = text.substr(at, end - at);
    if (!IsLabel(label)) return false;
    at = end + 1;
  }
  return !LooksLikeNumber(label);
}

bool ReadPort(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port != 0;
}

}  // namespace

std::optional<NetworkAddress> ParseAddress(std::string_view text) {
  const std::string copy(text);
  NetworkAddress address{};
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  // inet_pton alone takes one spelling of IPv4.
  if (inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, copy.c_str(), four.data()) != 1) return std::nullopt;
  return V4(four[0], four[1], four[2], four[3]);
}

std::optional<Network> NetworkOf(const NetworkAddress& address) {
  const NetworkAddress meant = Meant(address);
  const auto found =
      std::ranges::find_if(kBlocks, [&](const Block& block) { return Begins(meant, block); });
  return found == kBlocks.end() ? std::nullopt : found->network;
}

std::string_view NameOf(Network network) {
  switch (network) {
    case Network::kPublic:
      return "public";
    case Network::kPrivate:
      return "private";
    case Network::kLinkLocal:
      return "link_local";
    case Network::kLoopback:
      return "loopback";
  }
  return "";
}

std::optional<Network> FindNetwork(std::string_view name) {
  for (const Network network :
       {Network::kPublic, Network::kPrivate, Network::kLinkLocal, Network::kLoopback}) {
    if (NameOf(network) == name) return network;
  }
  return std::nullopt;
}

bool IsHost(std::string_view text) { return IsDnsName(text) || ParseAddress(text).has_value(); }

std::optional<UrlParts> ParseUrl(std::string_view url) {
  UrlParts parts;
  const bool plain_text = std::ranges::all_of(
      url, [](char c) { return c > ' ' && c <= '~' && c != '\\' && c != '"' && c != '#'; });
  if (!plain_text || url.size() > kMaxUrl) return std::nullopt;
  parts.secure = url.starts_with("https://");
  if (!parts.secure && !url.starts_with("http://")) return std::nullopt;
  parts.port = parts.secure ? kSecurePort : kPlainPort;
  url.remove_prefix(parts.secure ? 8 : 7);
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  std::string_view place = url.substr(0, end);
  parts.target = url.substr(end);
  if (!parts.target.starts_with('/')) parts.target.insert(0, 1, '/');
  const bool bracketed = place.starts_with('[');
  const std::size_t closing = place.find(']');
  if (bracketed && closing == std::string_view::npos) return std::nullopt;
  std::string_view host = bracketed ? place.substr(1, closing - 1) : place;
  std::string_view rest = bracketed ? place.substr(closing + 1) : std::string_view();
  if (const std::size_t colon = host.find(':'); !bracketed && colon != std::string_view::npos) {
    rest = host.substr(colon);
    host = host.substr(0, colon);
  }
  if (!rest.empty() && (rest[0] != ':' || !ReadPort(rest.substr(1), parts.port))) {
    return std::nullopt;
  }
  parts.host = model::LowerAscii(std::string(host));
  if (!IsHost(parts.host) || bracketed != (host.find(':') != std::string_view::npos)) {
    return std::nullopt;
  }
  return parts;
}

const Reach* FindReach(const std::vector<Reach>& reach, std::string_view host, std::uint16_t port) {
  const auto found = std::ranges::find_if(
      reach, [&](const Reach& place) { return place.host == host && place.port == port; });
  return found == reach.end() ? nullptr : &*found;
}

}  // namespace fansipan::center
