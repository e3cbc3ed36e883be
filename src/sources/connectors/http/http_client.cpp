#include "sources/connectors/http/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include "model/spelling/ascii.h"
#include "sources/connectors/internal/guarded_curl.h"
#include "sources/unpacking.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64U << 10U;
constexpr const char* kUserAgent = "fansipan/0.1";

using internal::Easy;
using internal::List;
using internal::Multi;
using Text = std::unique_ptr<char, decltype(&curl_free)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

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
  internal::SocketGuard guard;
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

class CurlClient final : public HttpClient {
 public:
  CurlClient()
      : multi_(internal::IsCurlReady() ? curl_multi_init() : nullptr, curl_multi_cleanup) {}

  base::Result<HttpAnswer> Fetch(const HttpRequest& request, const std::stop_token& stop) override;

 private:
  static List Prepare(internal::TransferOptions& options, Transfer& transfer);

  Multi multi_;  // keeps the connections
};

/// The headers must live as long as the transfer.
List CurlClient::Prepare(internal::TransferOptions& options, Transfer& transfer) {
  const HttpRequest& request = *transfer.request;
  internal::RestrictTransfer(options, request.url.starts_with("https:") ? "https" : "http",
                             transfer.guard);
  internal::TrustAuthorities(options, request.authorities);
  options.Set(CURLOPT_URL, request.url.c_str());
  options.Set(CURLOPT_USERAGENT, kUserAgent);
  options.Set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  options.Set(CURLOPT_WRITEFUNCTION, &TakeBody);
  options.Set(CURLOPT_WRITEDATA, &transfer);
  options.Set(CURLOPT_HEADERFUNCTION, &TakeHeader);
  options.Set(CURLOPT_HEADERDATA, &transfer);
  List headers(nullptr, curl_slist_free_all);
  for (const auto& [name, value] : request.headers) {
    const std::string line = fmt::format("{}{}{}", name, value.empty() ? ";" : ": ", value);
    internal::AppendTo(headers, line);
  }
  internal::AppendTo(headers, "Accept-Encoding: gzip");
  options.Set(CURLOPT_HTTPHEADER, headers.get());
  if (request.basic) {
    options.Set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    options.Set(CURLOPT_USERNAME, request.basic->first.c_str());
    options.Set(CURLOPT_PASSWORD, request.basic->second.c_str());
  }
  if (request.body) {
    options.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    options.Set(CURLOPT_POSTFIELDS, request.body->data());
  }
  return headers;
}

/// What went wrong on the way, for who must act.
base::Error ErrorOf(CURLcode code, const Transfer& transfer) {
  const std::string place = internal::PlaceOf(transfer.request->reach);
  if (transfer.too_large) {
    return {base::ErrorCode::kTooLarge, "answer_too_large",
            place + " sends more than " + std::to_string(transfer.request->max_bytes) +
                " bytes, or too many headers; ask for smaller pages, or raise limits.payload"};
  }
  if (code == CURLE_BAD_CONTENT_ENCODING) {
    return {base::ErrorCode::kInvalidArgument, "bad_encoding",
            place + " says that its answer is packed, and it does not unpack"};
  }
  return internal::TransferError(code, transfer.guard);
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
  transfer.guard.reach = request.reach;
  transfer.guard.timeout = request.timeout;
  internal::TransferOptions options(curl.get());
  const List headers = Prepare(options, transfer);
  FANSIPAN_RETURN_IF_ERROR(options.Check());
  if (curl_multi_add_handle(multi_.get(), curl.get()) != CURLM_OK) {
    return base::Error{base::ErrorCode::kInternal, "", "the HTTP library took no request"};
  }
  const CURLcode code = internal::RunTransfer(multi_.get(), curl.get(), stop);
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
