#include "http/message.h"

#include <algorithm>
#include <array>

#include "model/spelling/ascii.h"

namespace fansipan::http {
namespace {

constexpr std::array<std::pair<Method, std::string_view>, 6> kMethods{
    {{Method::kGet, "GET"},
     {Method::kHead, "HEAD"},
     {Method::kPost, "POST"},
     {Method::kPut, "PUT"},
     {Method::kDelete, "DELETE"},
     {Method::kOptions, "OPTIONS"}}};

constexpr std::array<std::pair<int, std::string_view>, 26> kReasons{
    {{200, "OK"},
     {201, "Created"},
     {204, "No Content"},
     {304, "Not Modified"},
     {400, "Bad Request"},
     {401, "Unauthorized"},
     {403, "Forbidden"},
     {404, "Not Found"},
     {405, "Method Not Allowed"},
     {408, "Request Timeout"},
     {409, "Conflict"},
     {411, "Length Required"},
     {413, "Content Too Large"},
     {414, "URI Too Long"},
     {415, "Unsupported Media Type"},
     {417, "Expectation Failed"},
     {421, "Misdirected Request"},
     {422, "Unprocessable Content"},
     {429, "Too Many Requests"},
     {431, "Request Header Fields Too Large"},
     {500, "Internal Server Error"},
     {501, "Not Implemented"},
     {503, "Service Unavailable"},
     {505, "HTTP Version Not Supported"},
     {507, "Insufficient Storage"},
     {206, "Partial Content"}}};

std::string_view ReasonOf(int status) {
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "Unknown";
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

void AppendField(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) head.push_back(c);
  }
  head.append("\r\n");
}

bool HasNoBody(int status) { return status == 204 || status == 304; }

}  // namespace

std::string_view NameOf(Method method) {
  for (const auto& [known, name] : kMethods) {
    if (known == method) return name;
  }
  return "OTHER";
}

Method FindMethod(std::string_view name) {
  for (const auto& [method, known] : kMethods) {
    if (known == name) return method;
  }
  return Method::kOther;
}

bool IsSafe(Method method) {
  return method == Method::kGet || method == Method::kHead || method == Method::kOptions;
}

void Fields::Add(std::string_view name, std::string value) {
  fields_.emplace_back(model::LowerAscii(std::string(name)), std::move(value));
}

std::optional<std::string_view> Fields::Find(std::string_view name) const {
  for (const auto& [known, value] : fields_) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::size_t Fields::Count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; }));
}

std::optional<std::string_view> FindCookie(const Fields& fields, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : fields.all()) {
    if (field != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = Trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

void Response::Set(std::string name, std::string value) {
  const auto known = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  if (known != fields.end()) {
    known->second = std::move(value);
  } else {
    fields.emplace_back(std::move(name), std::move(value));
  }
}

Response Response::Of(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response Response::Json(int status, std::string body) {
  return Of(status, "application/json", std::move(body));
}

Response Response::Empty(int status) {
  Response response;
  response.status = status;
  return response;
}

std::string EncodeHead(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(ReasonOf(response.status)).append("\r\n");
  if (!response.content_type.empty()) AppendField(head, "Content-Type", response.content_type);
  if (!response.stream && !HasNoBody(response.status)) {
    AppendField(head, "Content-Length", std::to_string(response.body ? response.body->size() : 0));
  }
  for (const auto& [name, value] : response.fields) AppendField(head, name, value);
  AppendField(head, "Connection", keep_alive ? "keep-alive" : "close");
  head.append("\r\n");
  return head;
}

}  // namespace fansipan::http
