#include "http/testing/test_client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace fansipan::http::testing {
namespace {

constexpr int kReadSeconds = 30;

void SetTimeouts(int socket) {
  const timeval patience{kReadSeconds, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

}  // namespace

TestClient::TestClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  SetTimeouts(socket_);
  if (receive_buffer > 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

TestClient::TestClient(const std::string& socket_path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  SetTimeouts(socket_);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof(address.sun_path) - 1);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

TestClient::~TestClient() {
  if (socket_ >= 0) close(socket_);
}

bool TestClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestClient::Fill() {
  char bytes[65536];
  const ssize_t got = recv(socket_, bytes, sizeof(bytes), 0);
  if (got <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string TestClient::TakeUntil(std::string_view end) {
  std::size_t at = 0;
  while ((at = buffer_.find(end)) == std::string::npos) {
    if (!Fill()) return "";
  }
  std::string taken = buffer_.substr(0, at + end.size());
  buffer_.erase(0, at + end.size());
  return taken;
}

Answer TestClient::ReadHead() {
  Answer answer;
  const std::string head = TakeUntil("\r\n\r\n");
  if (head.size() < 12) return answer;
  answer.status = std::atoi(head.substr(9, 3).c_str());
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    if (end == at || colon == std::string::npos || colon > end) break;
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    answer.fields[name] = head.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  return answer;
}

Answer TestClient::Read(bool without_body) {
  Answer answer = ReadHead();
  while (answer.status == 100) answer = ReadHead();
  const auto length = answer.fields.find("content-length");
  if (without_body || length == answer.fields.end()) return answer;
  const auto size = static_cast<std::size_t>(std::atoll(length->second.c_str()));
  while (buffer_.size() < size && Fill()) {
  }
  answer.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

Answer TestClient::Ask(std::string_view method, std::string_view target, std::string_view fields,
                       std::string_view body) {
  std::string request(method);
  request.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
  if (!body.empty() || method == "POST") {
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  request.append("\r\n").append(body);
  Send(request);
  return Read(method == "HEAD");
}

std::string TestClient::ReadEvent() {
  std::string block = TakeUntil("\n\n");
  while (block.starts_with("retry: ")) block = TakeUntil("\n\n");
  return block;
}

bool TestClient::IsClosedByPeer() {
  while (Fill()) {
  }
  return errno != EAGAIN && errno != EWOULDBLOCK;
}

}  // namespace fansipan::http::testing
