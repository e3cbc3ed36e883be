#include "sources/connectors/database/host_addresses.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "center/network.h"

namespace fansipan::sources {
namespace {

std::optional<std::string> TextOf(const addrinfo& found) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (found.ai_family == AF_INET && found.ai_addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in four{};
    std::memcpy(&four, found.ai_addr, sizeof(four));
    if (inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size()) == nullptr) return {};
    return text.data();
  }
  if (found.ai_family == AF_INET6 && found.ai_addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 six{};
    std::memcpy(&six, found.ai_addr, sizeof(six));
    // A zone would be lost on the way.
    if (six.sin6_scope_id != 0) return {};
    if (inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size()) == nullptr) return {};
    return text.data();
  }
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> AddressesOf(const center::Reach& reach) {
  constexpr std::size_t kMaxAddresses = 8;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(reach.host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list, freeaddrinfo);
  if (failed != 0 || list == nullptr) {
    return base::Error{
        base::ErrorCode::kUnavailable, "host_unknown",
        "the name " + reach.host + " is not known here; check the name server and host"};
  }
  std::vector<std::string> allowed;
  std::string other;
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    const auto text = TextOf(*found);
    const auto address = text ? center::ParseAddress(*text) : std::nullopt;
    if (!address || center::NetworkOf(*address) != reach.network) {
      if (text) other = *text;
    } else if (allowed.size() < kMaxAddresses &&
               std::ranges::find(allowed, *text) == allowed.end()) {
      allowed.push_back(*text);
    }
  }
  if (!allowed.empty()) return allowed;
  return base::Error{base::ErrorCode::kForbidden, "address_not_allowed",
                     reach.host + " has the address " + other +
                         "; the source's reach declares the network " +
                         std::string(center::NameOf(reach.network))};
}

}  // namespace fansipan::sources
