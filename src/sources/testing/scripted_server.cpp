#include "sources/testing/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace fansipan::sources::testing {
namespace {

constexpr int kPollMilliseconds = 20;

bool IsReadable(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  return poll(&waiting, 1, kPollMilliseconds) > 0;
}

bool IsGone(int socket) {
  char byte = 0;
  return IsReadable(socket) && recv(socket, &byte, 1, MSG_PEEK) <= 0;
}

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Whether a request is here whole. A TLS greeting is taken for one.
bool IsWhole(const std::string& request) {
  if (request.starts_with('\x16')) return true;
  const std::size_t end = request.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::string length = HeaderOf(request, "content-length");
  return request.size() >= end + 4 + (length.empty() ? 0 : std::stoul(length));
}

}  // namespace

bool ScriptedConnection::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void ScriptedConnection::Trickle(std::string_view bytes, std::chrono::milliseconds pause) const {
  while (!stop_.stop_requested() && Send(bytes)) {
    pollfd waiting{socket_, POLLRDHUP, 0};
    if (poll(&waiting, 1, static_cast<int>(pause.count())) > 0) return;
  }
}

void ScriptedConnection::Hang() const {
  while (!stop_.stop_requested() && !IsGone(socket_)) {
  }
}

ScriptedServer::ScriptedServer(Script script, const char* address) : script_(std::move(script)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  inet_pton(AF_INET, address, &place.sin_addr);
  socklen_t size = sizeof(place);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* raw = reinterpret_cast<sockaddr*>(&place);
  if (bind(listener_, raw, size) != 0 || listen(listener_, 16) != 0) return;
  getsockname(listener_, raw, &size);
  port_ = ntohs(place.sin_port);
  accepting_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
}

ScriptedServer::~ScriptedServer() {
  accepting_.request_stop();
  if (accepting_.joinable()) accepting_.join();
  for (std::jthread& thread : serving_) thread.request_stop();
  serving_.clear();
  close(listener_);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ScriptedServer::Accept(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!IsReadable(listener_)) continue;
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    serving_.emplace_back(
        [this, socket](const std::stop_token& stopping) { Serve(socket, stopping); });
  }
}

void ScriptedServer::Serve(int socket, const std::stop_token& stop) {
  std::string request;
  char bytes[4096];
  while (!stop.stop_requested() && !IsWhole(request)) {
    if (!IsReadable(socket)) continue;
    const ssize_t got = recv(socket, bytes, sizeof(bytes), 0);
    if (got <= 0) break;
    request.append(bytes, static_cast<std::size_t>(got));
  }
  if (IsWhole(request)) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    script_(request, ScriptedConnection(socket, stop));
  }
  shutdown(socket, SHUT_RDWR);
  close(socket);
}

std::string AnswerOf(int status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Words\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

std::string JsonAnswer(const std::string& body, const std::string& headers) {
  return AnswerOf(200, "Content-Type: application/json\r\n" + headers, body);
}

std::string QueryOf(const std::string& request, const std::string& name) {
  const std::string target = request.substr(0, request.find(" HTTP/"));
  for (const char before : {'?', '&'}) {
    const std::size_t at = target.find(before + name + "=");
    if (at == std::string::npos) continue;
    const std::size_t from = at + name.size() + 2;
    return target.substr(from, target.find('&', from) - from);
  }
  return "";
}

std::string HeaderOf(const std::string& request, const std::string& name) {
  const std::string head = request.substr(0, request.find("\r\n\r\n")) + "\r\n";
  const std::size_t at = Lower(head).find("\r\n" + Lower(name) + ":");
  if (at == std::string::npos) return "";
  const std::size_t from = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(from, head.find("\r\n", from) - from);
}

}  // namespace fansipan::sources::testing
