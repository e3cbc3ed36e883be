#include "sources/connectors/http/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "model/spelling/ascii.h"
#include "sources/connectors/connector.h"
#include "sources/unpacking.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64U << 10U;
constexpr long kConnectMilliseconds = 15'000;
constexpr int kPollMilliseconds = 250;
constexpr const char* kUserAgent = "fansipan/0.1";

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Text = std::unique_ptr<char, decltype(&curl_free)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// The library's own state, once for the process.
bool IsReady() {
  static const bool kReady = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return kReady;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// One request under way, as the library's callbacks see it.
struct Transfer {
  const HttpRequest* request = nullptr;
  HttpAnswer answer;
  std::size_t header_bytes = 0;
  bool too_large = false;
  std::string refused_address;
};

std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* target) {
  auto& transfer = *static_cast<Transfer*>(target);
  const std::size_t length = size * count;
  if (length > transfer.request->max_bytes - transfer.answer.body.size()) {
    transfer.too_large = true;
    return 0;
  }
  transfer.answer.body.append(bytes, length);
  return length;
}

std::size_t TakeHeader(char* bytes, std::size_t size, std::size_t count, void* target) {
  auto& transfer = *static_cast<Transfer*>(target);
  const std::size_t length = size * count;
  const std::string_view line(bytes, length);
  transfer.header_bytes += length;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) transfer.answer.headers.clear();  // what came before was interim
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return length;
  std::string& value =
      transfer.answer.headers[model::LowerAscii(std::string(Trim(line.substr(0, colon))))];
  if (!value.empty()) value += ", ";
  value += Trim(line.substr(colon + 1));
  return length;
}

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

/// The one place where a socket for the outside is made: only for an address of the declared
/// network.
curl_socket_t OpenSocket(void* target, curlsocktype purpose, curl_sockaddr* place) {
  auto& transfer = *static_cast<Transfer*>(target);
  const center::Reach& reach = transfer.request->reach;
  const auto address = AddressOf(*place);
  if (purpose != CURLSOCKTYPE_IPCXN || !address) return CURL_SOCKET_BAD;
  const auto network = center::NetworkOf(address->first);
  if (network != reach.network || address->second != reach.port) {
    transfer.refused_address =
        TextOf(address->first) + ", which lies in " +
        (network ? "the network " + std::string(center::NameOf(*network)) : "no network to call");
    return CURL_SOCKET_BAD;
  }
  return socket(place->family, place->socktype | SOCK_CLOEXEC, place->protocol);
}

class CurlClient final : public HttpClient {
 public:
  CurlClient() : multi_(IsReady() ? curl_multi_init() : nullptr, curl_multi_cleanup) {}

  base::Result<HttpAnswer> Fetch(const HttpRequest& request, const std::stop_token& stop) override;

 private:
  static List Prepare(CURL* curl, Transfer& transfer);
  static void Restrict(CURL* curl, Transfer& transfer);
  CURLcode Run(CURL* curl, const std::stop_token& stop);

  Multi multi_;  // keeps the connections
};

/// What a request may never do, whatever is declared or answered.
void CurlClient::Restrict(CURL* curl, Transfer& transfer) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                   transfer.request->url.starts_with("https:") ? "https" : "http");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a name that is being looked up holds no stop
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &OpenSocket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(transfer.request->timeout).count();
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(milliseconds));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   std::min(kConnectMilliseconds, static_cast<long>(milliseconds)));
}

/// The headers must live as long as the transfer.
List CurlClient::Prepare(CURL* curl, Transfer& transfer) {
  const HttpRequest& request = *transfer.request;
  Restrict(curl, transfer);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, kUserAgent);
  curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  List headers(nullptr, curl_slist_free_all);
  for (const auto& [name, value] : request.headers) {
    const std::string line = fmt::format("{}{}{}", name, value.empty() ? ";" : ": ", value);
    if (curl_slist* longer = curl_slist_append(headers.get(), line.c_str())) {
      if (!headers) headers.reset(longer);
    }
  }
  if (curl_slist* longer = curl_slist_append(headers.get(), "Accept-Encoding: gzip")) {
    if (!headers) headers.reset(longer);
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (request.basic) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, request.basic->first.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, request.basic->second.c_str());
  }
  if (request.form) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.form->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.form->data());
  }
  return headers;
}

/// CURLE_ABORTED_BY_CALLBACK when a stop came first.
CURLcode CurlClient::Run(CURL* curl, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_.get()); });
  int running = 1;
  while (running > 0) {
    if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running > 0) curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE && message->easy_handle == curl) return message->data.result;
  }
  return CURLE_FAILED_INIT;
}

base::Error Unavailable(const char* reason, std::string message) {
  return {base::ErrorCode::kUnavailable, reason, std::move(message)};
}

std::string Size(std::uint64_t bytes) { return std::to_string(bytes) + " bytes"; }

/// What went wrong on the way, for who must act. The library's own messages may hold the URL.
base::Error ErrorOf(CURLcode code, const Transfer& transfer) {
  const center::Reach& reach = transfer.request->reach;
  const std::string place = reach.host + ", port " + std::to_string(reach.port);
  if (transfer.too_large) {
    return {base::ErrorCode::kTooLarge, "answer_too_large",
            place + " sends more than " + Size(transfer.request->max_bytes) +
                ", or too many headers; ask for smaller pages, or raise limits.payload"};
  }
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return ConnectorStopped();
    case CURLE_OPERATION_TIMEDOUT:
      return {base::ErrorCode::kDeadlineExceeded, "source_timeout",
              place + " did not answer whole within " +
                  std::to_string(transfer.request->timeout / std::chrono::seconds(1)) +
                  " s; ask its operator, or declare a longer timeout"};
    case CURLE_COULDNT_RESOLVE_HOST:
      return Unavailable("host_unknown", "the name " + reach.host +
                                             " is not known here; check the name server and url");
    case CURLE_COULDNT_CONNECT:
      if (!transfer.refused_address.empty()) {
        return {base::ErrorCode::kForbidden, "address_not_allowed",
                reach.host + " has the address " + transfer.refused_address +
                    "; the source's reach declares the network " +
                    std::string(center::NameOf(reach.network))};
      }
      return Unavailable("no_connection",
                         place + " takes no connection; check the line and the firewall");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ISSUER_ERROR:
      return Unavailable("certificate_refused",
                         place +
                             " shows no certificate that this machine trusts, or none for "
                             "its name; install its authority's certificate");
    case CURLE_PARTIAL_FILE:
      return Unavailable("answer_cut_off", place + " sent less than it had announced");
    case CURLE_BAD_CONTENT_ENCODING:
      return {base::ErrorCode::kInvalidArgument, "bad_encoding",
              place + " says that its answer is packed, and it does not unpack"};
    default:
      return Unavailable("connection_lost",
                         "the exchange with " + place + " broke off: " + curl_easy_strerror(code));
  }
}

/// The library takes a packed answer that ends early for a whole one.
base::Status UnpackBody(Transfer& transfer) {
  const std::string_view encoding = transfer.answer.Header("content-encoding");
  if (encoding.empty() || transfer.answer.body.empty()) return {};
  auto body = Unpack(transfer.answer.body, encoding, transfer.request->max_bytes);
  if (body.ok()) {
    transfer.answer.body = *std::move(body);
    return {};
  }
  transfer.too_large = body.error().code == base::ErrorCode::kTooLarge;
  return ErrorOf(CURLE_BAD_CONTENT_ENCODING, transfer);
}

base::Result<HttpAnswer> CurlClient::Fetch(const HttpRequest& request,
                                           const std::stop_token& stop) {
  const auto url = center::ParseUrl(request.url);
  if (!url || url->host != request.reach.host || url->port != request.reach.port) {
    return base::Error{base::ErrorCode::kForbidden, "address_not_allowed",
                       "a request would leave the declared reach " + request.reach.host};
  }
  const Easy curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl || !multi_) {
    return base::Error{base::ErrorCode::kInternal, "", "the HTTP library could not be started"};
  }
  Transfer transfer;
  transfer.request = &request;
  const List headers = Prepare(curl.get(), transfer);
  if (curl_multi_add_handle(multi_.get(), curl.get()) != CURLM_OK) {
    return base::Error{base::ErrorCode::kInternal, "", "the HTTP library took no request"};
  }
  const CURLcode code = Run(curl.get(), stop);
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi_.get(), curl.get());
  if (code != CURLE_OK) return ErrorOf(code, transfer);
  transfer.answer.status = static_cast<int>(status);
  FANSIPAN_RETURN_IF_ERROR(UnpackBody(transfer));
  return std::move(transfer.answer);
}

}  // namespace

std::string_view HttpAnswer::Header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

std::unique_ptr<HttpClient> MakeHttpClient() { return std::make_unique<CurlClient>(); }

std::optional<std::string> ResolveUrl(const std::string& base, const std::string& reference) {
  const Url url(curl_url(), curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK ||
      curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0) != CURLUE_OK) {
    return std::nullopt;
  }
  char* whole = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &whole, 0) != CURLUE_OK) return std::nullopt;
  const Text owned(whole, curl_free);
  return std::string(whole);
}

std::optional<base::Timestamp> ParseHttpDate(const std::string& text) {
  const time_t moment = curl_getdate(text.c_str(), nullptr);
  if (moment < 0) return std::nullopt;
  return base::Timestamp(std::chrono::seconds(moment));
}

std::string DecodeFromQuery(const std::string& text) {
  int length = 0;
  const Text decoded(
      curl_easy_unescape(nullptr, text.data(), static_cast<int>(text.size()), &length), curl_free);
  return decoded ? std::string(decoded.get(), static_cast<std::size_t>(length)) : "";
}

std::string EncodeForQuery(const std::string& text) {
  const Text encoded(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())),
                     curl_free);
  return encoded ? encoded.get() : "";
}

}  // namespace fansipan::sources
