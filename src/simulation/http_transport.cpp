#include "simulation/http_transport.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <utility>

namespace fansipan::simulation {
namespace {

constexpr std::size_t kLargestAnswer = 4U << 20U;
constexpr long kConnectSeconds = 5;
constexpr long kAnswerSeconds = 120;

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeHeaders {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

std::size_t TakeAnswer(char* bytes, std::size_t size, std::size_t count, void* target) {
  auto& answer = *static_cast<std::string*>(target);
  if (answer.size() + size * count > kLargestAnswer) return 0;  // ends the transfer
  answer.append(bytes, size * count);
  return size * count;
}

int StopsTransfer(void* stop, curl_off_t /*down_total*/, curl_off_t /*down*/,
                  curl_off_t /*up_total*/, curl_off_t /*up*/) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

void AddHeader(Headers& headers, const std::string& line) {
  headers.reset(curl_slist_append(headers.release(), line.c_str()));
}

class HttpTransport final : public DeliveryTransport {
 public:
  HttpTransport(CURL* handle, std::string url, std::string token, std::stop_token stop)
      : handle_(handle), url_(std::move(url)), token_(std::move(token)), stop_(std::move(stop)) {}

  base::Result<HttpAnswer> Send(const HttpPost& post) override {
    const Headers headers = HeadersFor(post);
    HttpAnswer answer;
    CURL* curl = handle_.get();
    curl_easy_reset(curl);
    SetLimits();
    curl_easy_setopt(curl, CURLOPT_URL, (url_ + post.path).c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeAnswer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    const CURLcode outcome = curl_easy_perform(curl);
    if (outcome != CURLE_OK) {
      return base::Error{base::ErrorCode::kUnavailable, "no_answer",
                         fmt::format("{} does not answer: {}", url_, curl_easy_strerror(outcome))};
    }
    long status = 0;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    answer.status = static_cast<int>(status);
    answer.retry_after = std::chrono::seconds(retry_after);
    return answer;
  }

 private:
  Headers HeadersFor(const HttpPost& post) const {
    Headers headers;
    AddHeader(headers, "Authorization: Bearer " + token_);
    AddHeader(headers, "Content-Type: application/x-ndjson");
    AddHeader(headers, "Expect:");  // no waiting for 100 Continue
    AddHeader(headers, "User-Agent: fansipan-simulate");
    if (post.is_gzip) AddHeader(headers, "Content-Encoding: gzip");
    if (!post.idempotency_key.empty()) {
      AddHeader(headers, "Idempotency-Key: " + post.idempotency_key);
    }
    return headers;
  }

  void SetLimits() {
    CURL* curl = handle_.get();
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, kAnswerSeconds);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &StopsTransfer);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop_);
  }

  std::unique_ptr<CURL, FreeEasy> handle_;
  std::string url_;
  std::string token_;
  std::stop_token stop_;
};

}  // namespace

base::Result<std::unique_ptr<DeliveryTransport>> OpenHttpTransport(const std::string& url,
                                                                   const std::string& token,
                                                                   std::stop_token stop) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* handle = started == CURLE_OK ? curl_easy_init() : nullptr;
  if (handle == nullptr) {
    return base::Error{base::ErrorCode::kInternal, "no_http_client",
                       "libcurl could not be started; check its installation"};
  }
  return std::unique_ptr<DeliveryTransport>(
      std::make_unique<HttpTransport>(handle, url, token, std::move(stop)));
}

}  // namespace fansipan::simulation
