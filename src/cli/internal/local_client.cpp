#include "cli/internal/local_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace fansipan::cli {
namespace {

constexpr long kSeconds = 600;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

std::size_t Collect(char* bytes, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(bytes, size * count);
  return size * count;
}

std::string Encode(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> encoded(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
  return encoded ? encoded.get() : "";
}

base::ErrorCode CodeOf(long status) {
  switch (status) {
    case 401:
      return base::ErrorCode::kUnauthenticated;
    case 403:
      return base::ErrorCode::kForbidden;
    case 404:
      return base::ErrorCode::kNotFound;
    case 409:
      return base::ErrorCode::kConflict;
    case 413:
      return base::ErrorCode::kTooLarge;
    case 503:
      return base::ErrorCode::kUnavailable;
    case 507:
      return base::ErrorCode::kStorageFull;
    default:
      return status < 500 ? base::ErrorCode::kInvalidArgument : base::ErrorCode::kInternal;
  }
}

base::Error FromProblem(long status, const std::string& body) {
  const auto problem = nlohmann::json::parse(body, nullptr, false);
  base::Error error{CodeOf(status), "",
                    "the server answered with status " + std::to_string(status)};
  if (!problem.is_object()) return error;
  error.reason = problem.value("code", "");
  error.message = problem.value("detail", problem.value("title", error.message));
  const auto problems = problem.value("problems", nlohmann::json::array());
  // The detail tells the first of the problems too.
  if (!problems.empty()) {
    error.message.resize(std::min(error.message.find('\n'), error.message.size()));
  }
  for (const auto& found : problems) {
    error.message += fmt::format("\n{}:{}:{}: {}", found.value("file", ""), found.value("line", 1),
                                 found.value("column", 1), found.value("message", ""));
  }
  return error;
}

base::Result<nlohmann::json> ToJson(base::Result<std::string> text) {
  if (!text.ok()) return std::move(text).error();
  if (text->empty()) return nlohmann::json();
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded()) {
    return base::Error{base::ErrorCode::kInternal, "", "the server's answer is not JSON"};
  }
  return json;
}

}  // namespace

std::string Segment(const std::string& text) { return Encode(text); }

bool IsToDescribe(const base::Result<nlohmann::json>& answer, CommandContext& context) {
  if (!answer.ok()) {
    Fail(context, answer.error());
  } else if (context.json) {
    fmt::print("{}\n", answer->dump(2));
  }
  return answer.ok() && !context.json;
}

std::string WithQuery(const std::string& path, const Query& query) {
  std::string url = path;
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    url += separator + Encode(name) + "=" + Encode(value);
    separator = '&';
  }
  return url;
}

base::Result<nlohmann::json> LocalClient::Get(const std::string& path, const Query& query) const {
  return ToJson(GetText(path, query, "application/json"));
}

base::Result<nlohmann::json> LocalClient::Post(const std::string& path,
                                               const nlohmann::json& body) const {
  const std::string text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return ToJson(Perform({path, "application/json", &text}));
}

base::Result<nlohmann::json> LocalClient::Put(const std::string& path,
                                              const nlohmann::json& body) const {
  const std::string text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return ToJson(Perform({path, "application/json", &text, "PUT"}));
}

base::Result<nlohmann::json> LocalClient::Delete(const std::string& path) const {
  return ToJson(Perform({path, "application/json", nullptr, "DELETE"}));
}

base::Result<std::string> LocalClient::GetText(const std::string& path, const Query& query,
                                               const std::string& accept) const {
  return Perform({WithQuery(path, query), accept, nullptr});
}

base::Result<std::string> LocalClient::Perform(const Call& call) const {
  const Handle handle(curl_easy_init(), curl_easy_cleanup);
  Headers headers(curl_slist_append(nullptr, ("Accept: " + call.accept).c_str()),
                  curl_slist_free_all);
  const std::string url = "http://localhost/api/v1" + call.path;
  std::string answer;
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSeconds);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  if (call.body != nullptr) {
    headers.reset(curl_slist_append(headers.release(), "Content-Type: application/json"));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body->data());
  }
  if (call.method != nullptr) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) {
    return base::Error{base::ErrorCode::kUnavailable, "no_server",
                       "no server answers at " + socket_ + " (" + curl_easy_strerror(code) +
                           "); start one with 'fansipan serve', or name its folder with --data"};
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400) return FromProblem(status, answer);
  return answer;
}

}  // namespace fansipan::cli
