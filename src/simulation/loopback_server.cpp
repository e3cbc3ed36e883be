#include "simulation/loopback_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/thread_name.h"
#include "model/spelling/ascii.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {
namespace {

constexpr int kTickMilliseconds = 100;
constexpr int kIdleTicks = 300;     // of a connection on which nothing comes: 30 s
constexpr int kSilentTicks = 1200;  // of one on which nothing is answered: 2 min
constexpr std::size_t kMaxHead = 32U << 10U;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Up to the next `end`, which is taken as well.
std::string_view TakeUntil(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
  return taken;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// A plus is a blank in queries.
std::string DecodeQuery(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return DecodePercent(spaced);
}

void ReadTarget(std::string_view target, ServedRequest& request) {
  std::string_view path = TakeUntil(target, "?");
  if (path.starts_with('/')) path.remove_prefix(1);
  while (!path.empty()) request.path.push_back(DecodePercent(TakeUntil(path, "/")));
  while (!target.empty()) {
    std::string_view pair = TakeUntil(target, "&");
    const std::string name = DecodeQuery(TakeUntil(pair, "="));
    request.query[name] = DecodeQuery(pair);
  }
}

std::string_view WordsOf(int status) { return status < 400 ? "OK" : "Refused"; }

/// One connection, on the thread that took it.
class Conversation {
 public:
  Conversation(int socket, const LoopbackServer::Answering& answering, std::size_t max_body,
               const std::stop_token& stop)
      : socket_(socket), answering_(answering), max_body_(max_body), stop_(stop) {
    const timeval tick{.tv_sec = 0, .tv_usec = kTickMilliseconds * 1000};
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }
  ~Conversation() { close(socket_); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void Run() {
    while (!stop_.stop_requested()) {
      auto request = ReadRequest();
      if (!request || !Answer(answering_(*request))) return;
      const auto connection = request->headers.find("connection");
      if (connection != request->headers.end() && connection->second == "close") return;
    }
  }

 private:
  /// False when the other end is gone, or has been idle for too long.
  bool Receive() {
    char bytes[16384];
    for (int ticks = 0; ticks < kIdleTicks && !stop_.stop_requested(); ++ticks) {
      const ssize_t got = recv(socket_, bytes, sizeof(bytes), 0);
      if (got > 0) {
        received_.append(bytes, static_cast<std::size_t>(got));
        return true;
      }
      if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return false;
    }
    return false;
  }

  std::optional<ServedRequest> ReadRequest() {
    constexpr std::string_view kEnd = "\r\n\r\n";
    std::size_t end = received_.find(kEnd);
    while (end == std::string::npos) {
      if (received_.size() > kMaxHead || !Receive()) return std::nullopt;
      end = received_.find(kEnd);
    }
    auto request = ParseHead(std::string_view(received_).substr(0, end + kEnd.size()));
    if (!request) return std::nullopt;
    received_.erase(0, end + kEnd.size());
    std::size_t length = 0;
    if (const std::string text = request->Header("content-length"); !text.empty()) {
      const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), length);
      if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    }
    if (length > max_body_ || request->headers.contains("transfer-encoding")) {
      Send("HTTP/1.1 413 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return std::nullopt;
    }
    while (received_.size() < length) {
      if (!Receive()) return std::nullopt;
    }
    request->body = received_.substr(0, length);
    received_.erase(0, length);
    return request;
  }

  bool Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Until the other end gives up.
  void KeepSilent() const {
    char byte = 0;
    for (int ticks = 0; ticks < kSilentTicks && !stop_.stop_requested(); ++ticks) {
      const ssize_t got = recv(socket_, &byte, 1, MSG_PEEK);
      if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return;
    }
  }

  /// False when the connection is to end.
  bool Answer(const ServedAnswer& answer) const {
    if (answer.silent) {
      KeepSilent();
      return false;
    }
    RealWaiter waiter;
    if (answer.delay > base::Duration() && !waiter.Wait(answer.delay, stop_)) return false;
    std::string head = fmt::format("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n", answer.status,
                                   WordsOf(answer.status), answer.body.size());
    if (!answer.body.empty()) head += "Content-Type: " + answer.content_type + "\r\n";
    for (const auto& [name, value] : answer.headers) {
      head.append(name).append(": ").append(value).append("\r\n");
    }
    const std::string_view body = answer.body;
    return Send(head + "\r\n") && Send(body.substr(0, answer.cut_at.value_or(body.size()))) &&
           !answer.cut_at;
  }

  const int socket_;
  const LoopbackServer::Answering& answering_;
  const std::size_t max_body_;
  const std::stop_token& stop_;
  std::string received_;  ///< not read yet
};

base::Error NoPort(std::uint16_t port) {
  return {base::ErrorCode::kIo, "port_not_free",
          fmt::format("127.0.0.1, port {} cannot be listened on: {}; choose another with --port",
                      port, std::generic_category().message(errno))};
}

}  // namespace

std::string ServedRequest::Query(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::string ServedRequest::Header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::string DecodePercent(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? HexDigit(text[at + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[at + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      decoded += text[at];
    }
  }
  return decoded;
}

std::optional<ServedRequest> ParseHead(std::string_view head) {
  constexpr std::size_t kMaxHeaders = 100;
  ServedRequest request;
  std::string_view line = TakeUntil(head, "\r\n");
  request.method = TakeUntil(line, " ");
  const std::string_view target = TakeUntil(line, " ");
  if (request.method.empty() || !target.starts_with('/') || !line.starts_with("HTTP/1.")) {
    return std::nullopt;
  }
  ReadTarget(target, request);
  for (line = TakeUntil(head, "\r\n"); !line.empty(); line = TakeUntil(head, "\r\n")) {
    const std::string_view name = TakeUntil(line, ":");
    if (request.headers.size() >= kMaxHeaders) return std::nullopt;
    request.headers[model::LowerAscii(std::string(name))] = Trim(line);
  }
  return request;
}

base::Result<std::unique_ptr<LoopbackServer>> LoopbackServer::Start(const Options& options,
                                                                    Answering answering) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return NoPort(options.port);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(options.port);
  socklen_t size = sizeof(address);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, raw, size) != 0 || listen(listener, 64) != 0 ||
      getsockname(listener, raw, &size) != 0) {
    const base::Error error = NoPort(options.port);
    close(listener);
    return error;
  }
  return std::unique_ptr<LoopbackServer>(
      new LoopbackServer(options, std::move(answering), listener, ntohs(address.sin_port)));
}

LoopbackServer::LoopbackServer(const Options& options, Answering answering, int listener,
                               std::uint16_t port)
    : options_(options), answering_(std::move(answering)), listener_(listener), port_(port) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { Accept(stop); });
  }
}

LoopbackServer::~LoopbackServer() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  close(listener_);
}

void LoopbackServer::Accept(const std::stop_token& stop) {
  base::NameThread("loopback");
  while (!stop.stop_requested()) {
    pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kTickMilliseconds) <= 0) continue;
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    Conversation(socket, answering_, options_.max_body, stop).Run();
  }
}

}  // namespace fansipan::simulation
