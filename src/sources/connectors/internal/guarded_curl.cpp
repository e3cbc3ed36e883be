#include "sources/connectors/internal/guarded_curl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "sources/connectors/connector.h"

namespace fansipan::sources::internal {
namespace {

constexpr long kConnectMilliseconds = 15'000;
constexpr int kPollMilliseconds = 250;

std::optional<std::pair<center::NetworkAddress, std::uint16_t>> AddressOf(
    const curl_sockaddr& place) {
  center::NetworkAddress address{};
  if (place.family == AF_INET && place.addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in four{};
    std::memcpy(&four, &place.addr, sizeof(four));
    address[10] = address[11] = 0xFF;
    std::memcpy(&address[12], &four.sin_addr, 4);
    return std::pair(address, ntohs(four.sin_port));
  }
  // The member is declared as a plain sockaddr, and the library makes room behind it for IPv6.
  if (place.family == AF_INET6 && place.addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 six{};
    std::memcpy(&six, static_cast<const void*>(&place.addr), sizeof(six));
    std::memcpy(address.data(), &six.sin6_addr, address.size());
    return std::pair(address, ntohs(six.sin6_port));
  }
  return std::nullopt;
}

std::string TextOf(const center::NetworkAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

/// Notes an address that is called.
bool IsAllowed(SocketGuard& guard, const center::NetworkAddress& address, std::uint16_t port) {
  if (center::NetworkOf(address) != guard.reach.network) return false;
  if (port != guard.reach.port) return guard.data_ports && guard.called.contains(address);
  guard.called.insert(address);
  return true;
}

/// The one place where a socket for the outside is made: only for an address of the declared
/// network.
curl_socket_t OpenSocket(void* target, curlsocktype purpose, curl_sockaddr* place) {
  auto& guard = *static_cast<SocketGuard*>(target);
  const auto address = AddressOf(*place);
  if (purpose != CURLSOCKTYPE_IPCXN || !address) return CURL_SOCKET_BAD;
  if (!IsAllowed(guard, address->first, address->second)) {
    const auto network = center::NetworkOf(address->first);
    guard.refused_address =
        TextOf(address->first) + ", which lies in " +
        (network ? "the network " + std::string(center::NameOf(*network)) : "no network to call");
    return CURL_SOCKET_BAD;
  }
  return socket(place->family, place->socktype | SOCK_CLOEXEC, place->protocol);
}

base::Error Unavailable(const char* reason, std::string message) {
  return {base::ErrorCode::kUnavailable, reason, std::move(message)};
}

base::Error NotConnected(const SocketGuard& guard) {
  if (guard.refused_address.empty()) {
    return Unavailable("no_connection", PlaceOf(guard.reach) +
                                            " takes no connection; check the line and the "
                                            "firewall");
  }
  return {base::ErrorCode::kForbidden, "address_not_allowed",
          guard.reach.host + " has the address " + guard.refused_address +
              "; the source's reach declares the network " +
              std::string(center::NameOf(guard.reach.network))};
}

}  // namespace

bool IsCurlReady() {
  static const bool kReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return kReady;
}

base::Status TransferOptions::Check() const {
  if (refused_ == CURLE_OK) return {};
  const curl_easyoption* const known = curl_easy_option_by_id(option_);
  return base::Error{base::ErrorCode::kInternal, "transfer_option_refused",
                     std::string("libcurl does not take the option ") +
                         (known == nullptr ? std::to_string(option_) : known->name) + " (" +
                         curl_easy_strerror(refused_) +
                         "), without which nothing is asked; install a complete libcurl"};
}

void RestrictTransfer(TransferOptions& options, const char* protocol, SocketGuard& guard) {
  options.Set(CURLOPT_PROTOCOLS_STR, protocol);
  options.Set(CURLOPT_FOLLOWLOCATION, 0L);
  options.Set(CURLOPT_PROXY, "");
  options.Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.Set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  options.Set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.Set(CURLOPT_SSL_VERIFYHOST, 2L);
  options.Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.Set(CURLOPT_HTTP09_ALLOWED, 0L);
  options.Set(CURLOPT_NOSIGNAL, 1L);
  options.Set(CURLOPT_QUICK_EXIT, 1L);  // a name that is being looked up holds no stop
  options.Set(CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
  options.Set(CURLOPT_OPENSOCKETDATA, &guard);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(guard.timeout).count();
  options.Set(CURLOPT_TIMEOUT_MS, static_cast<long>(milliseconds));
  options.Set(CURLOPT_CONNECTTIMEOUT_MS,
              std::min(kConnectMilliseconds, static_cast<long>(milliseconds)));
}

void TrustAuthorities(TransferOptions& options, const std::string& pem) {
  if (pem.empty()) return;
  curl_blob blob{};
  blob.data = const_cast<char*>(pem.data());  // the library only reads it
  blob.len = pem.size();
  blob.flags = CURL_BLOB_NOCOPY;
  options.Set(CURLOPT_CAINFO_BLOB, &blob);
  options.Set(CURLOPT_CAPATH, nullptr);
}

CURLcode RunTransfer(CURLM* multi, CURL* curl, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  int running = 1;
  while (running > 0) {
    if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_perform(multi, &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0) curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE && message->easy_handle == curl) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

base::Error TransferError(CURLcode code, const SocketGuard& guard) {
  const std::string place = PlaceOf(guard.reach);
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return ConnectorStopped();
    case CURLE_OPERATION_TIMEDOUT:
      return {base::ErrorCode::kDeadlineExceeded, "source_timeout",
              place + " did not answer whole within " +
                  std::to_string(guard.timeout / std::chrono::seconds(1)) +
                  " s; ask its operator, or declare a longer timeout"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return Unavailable("host_unknown", "the name " + guard.reach.host +
                                             " is not known here; check the name server and url");
    case CURLE_COULDNT_CONNECT:
      return NotConnected(guard);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ISSUER_ERROR:
      return Unavailable("certificate_refused",
                         place +
                             " shows no certificate that this machine trusts, or none for "
                             "its name; install its authority's certificate");
    case CURLE_PARTIAL_FILE:
      return Unavailable("answer_cut_off", place + " sent less than it had announced");
    default:
      return Unavailable("connection_lost",
                         "the exchange with " + place + " broke off: " + curl_easy_strerror(code));
  }
}

std::string PlaceOf(const center::Reach& reach) {
  return reach.host + ", port " + std::to_string(reach.port);
}

void AppendTo(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer != nullptr && !list) list.reset(longer);
}

}  // namespace fansipan::sources::internal
