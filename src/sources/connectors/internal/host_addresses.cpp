#include "sources/connectors/internal/host_addresses.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "base/thread_name.h"
#include "center/network.h"
#include "sources/connectors/connector.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::chrono::seconds kPatience{15};

/// Of the whole process: name servers that hang must not let threads pile up.
std::atomic<int> look_ups_under_way{0};

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

base::Error Unknown(const std::string& message) {
  return {base::ErrorCode::kUnavailable, "host_unknown", message};
}

/// An answer that two threads wait for and give.
struct Answer {
  std::mutex mutex;
  std::condition_variable_any given;
  std::optional<std::vector<std::string>> addresses;  ///< guarded by mutex
};

/// False when the machine gives no thread, or too many look-ups hang already.
bool Begin(const std::string& host, const NameService& service,
           const std::shared_ptr<Answer>& answer) {
  if (look_ups_under_way.fetch_add(1) >= kMostLookUps) {
    look_ups_under_way.fetch_sub(1);
    return false;
  }
  try {
    std::thread([host, service, answer] {
      base::NameThread("look_up");
      std::vector<std::string> addresses = service(host);
      {
        const std::lock_guard lock(answer->mutex);
        answer->addresses = std::move(addresses);
      }
      look_ups_under_way.fetch_sub(1);
      answer->given.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    look_ups_under_way.fetch_sub(1);
    return false;
  }
  return true;
}

base::Result<std::vector<std::string>> Await(const std::string& host, const std::stop_token& stop,
                                             const NameService& service) {
  const auto answer = std::make_shared<Answer>();
  if (stop.stop_requested()) return ConnectorStopped();
  if (!Begin(host, service, answer)) {
    return Unknown("the name " + host + " cannot be looked up: " + std::to_string(kMostLookUps) +
                   " look-ups hang already; check the name server of this machine");
  }
  std::unique_lock lock(answer->mutex);
  answer->given.wait_for(lock, stop, kPatience, [&] { return answer->addresses.has_value(); });
  if (answer->addresses) return *std::move(answer->addresses);
  if (stop.stop_requested()) return ConnectorStopped();
  return Unknown("no name server answers for the name " + host +
                 "; check the name server of this machine");
}

}  // namespace

std::vector<std::string> LookUp(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list, freeaddrinfo);
  std::vector<std::string> addresses;
  if (failed != 0) return addresses;
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    if (auto text = TextOf(*found)) addresses.push_back(*std::move(text));
  }
  return addresses;
}

base::Result<std::vector<std::string>> AddressesOf(const center::Reach& reach,
                                                   const std::stop_token& stop,
                                                   const NameService& service) {
  constexpr std::size_t kMaxAddresses = 8;
  std::vector<std::string> found = {reach.host};
  if (!center::ParseAddress(reach.host)) {
    FANSIPAN_ASSIGN_OR_RETURN(found, Await(reach.host, stop, service));
  }
  if (found.empty()) {
    return Unknown("the name " + reach.host + " is not known here; check the name server and host");
  }
  std::vector<std::string> allowed;
  std::string other;
  for (std::string& text : found) {
    const auto address = center::ParseAddress(text);
    if (!address || center::NetworkOf(*address) != reach.network) {
      other = text;
    } else if (allowed.size() < kMaxAddresses &&
               std::ranges::find(allowed, text) == allowed.end()) {
      allowed.push_back(std::move(text));
    }
  }
  if (!allowed.empty()) return allowed;
  return base::Error{base::ErrorCode::kForbidden, "address_not_allowed",
                     reach.host + " has the address " + other +
                         "; the source's reach declares the network " +
                         std::string(center::NameOf(reach.network))};
}

}  // namespace fansipan::sources::internal
