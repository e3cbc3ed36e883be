#include "bench/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>

namespace fansipan::bench {
namespace {

base::Error Broken(const std::string& what) { return {base::ErrorCode::kIo, "connection", what}; }

/// The value of a header field, its name in any case.
std::string FieldOf(std::string_view head, std::string_view name) {
  std::string lower(head);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto at = lower.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return "";
  const auto begin = at + name.size() + 4;
  return lower.substr(begin, lower.find("\r\n", begin) - begin);
}

}  // namespace

int ConnectToPort(std::uint16_t port, std::uint16_t from) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  const int one = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (from != 0) {
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1U + from);
    setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
    if (bind(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      close(made);
      return -1;
    }
  }
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return made;
  close(made);
  return -1;
}

base::Result<std::unique_ptr<HttpClient>> HttpClient::ToPort(std::uint16_t port) {
  const int made = ConnectToPort(port, 0);
  if (made < 0) return Broken("nobody listens on port " + std::to_string(port));
  return std::unique_ptr<HttpClient>(new HttpClient(made, fmt::format("127.0.0.1:{}", port)));
}

base::Result<std::unique_ptr<HttpClient>> HttpClient::ToSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return Broken("too long a path: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0 || connect(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    if (made >= 0) close(made);
    return Broken("nobody listens on " + path);
  }
  return std::unique_ptr<HttpClient>(new HttpClient(made, "localhost"));
}

HttpClient::~HttpClient() { close(socket_); }

base::Status HttpClient::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return Broken("the server closed the connection");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

base::Status HttpClient::Fill() {
  std::array<char, 65'536> bytes{};
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return Broken("the server closed the connection");
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return {};
}

base::Result<std::string> HttpClient::ReadChunks() {
  std::string body;
  while (true) {
    auto end = buffer_.find("\r\n");
    while (end == std::string::npos) {
      FANSIPAN_RETURN_IF_ERROR(Fill());
      end = buffer_.find("\r\n");
    }
    std::size_t size = 0;
    std::from_chars(buffer_.data(), buffer_.data() + end, size, 16);
    while (buffer_.size() < end + 2 + size + 2) FANSIPAN_RETURN_IF_ERROR(Fill());
    body.append(buffer_, end + 2, size);
    buffer_.erase(0, end + 2 + size + 2);
    if (size == 0) return body;
  }
}

base::Result<HttpAnswer> HttpClient::Send(std::string_view method, const std::string& target,
                                          std::string_view fields, std::string_view body) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}", method, target, host_, fields);
  if (method != "GET") head += fmt::format("Content-Length: {}\r\n", body.size());
  FANSIPAN_RETURN_IF_ERROR(Write(head + "\r\n"));
  FANSIPAN_RETURN_IF_ERROR(Write(body));
  auto end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    FANSIPAN_RETURN_IF_ERROR(Fill());
    end = buffer_.find("\r\n\r\n");
  }
  const std::string answered = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  HttpAnswer answer;
  if (answered.size() > 12) std::from_chars(&answered[9], &answered[12], answer.status);
  const std::string length = FieldOf(answered, "content-length");
  if (length.empty()) {
    if (FieldOf(answered, "transfer-encoding").empty()) return answer;
    FANSIPAN_ASSIGN_OR_RETURN(answer.body, ReadChunks());
    return answer;
  }
  const std::size_t size = std::stoull(length);
  while (buffer_.size() < size) FANSIPAN_RETURN_IF_ERROR(Fill());
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

std::uint64_t FindNumber(std::string_view json, std::string_view name) {
  const std::string wanted = "\"" + std::string(name) + "\":";
  const auto at = json.find(wanted);
  if (at == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  const char* begin = json.data() + at + wanted.size();
  std::from_chars(begin, json.data() + json.size(), number);
  return number;
}

std::string EncodeQuery(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

}  // namespace fansipan::bench
