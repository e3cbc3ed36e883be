#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <utility>

namespace fansipan::simulation {

/// A socket on loopback that gives one connection one answer and keeps what was asked.
class OneAnswerServer {
 public:
  /// `answer` is the whole HTTP answer; the request is read until it ends in `request_end`.
  OneAnswerServer(std::string answer, std::string request_end)
      : answer_(std::move(answer)),
        request_end_(std::move(request_end)),
        listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    auto* address = reinterpret_cast<sockaddr*>(&address_);
    is_open_ = listener_ >= 0 && bind(listener_, address, size) == 0 && listen(listener_, 1) == 0 &&
               getsockname(listener_, address, &size) == 0;
    if (is_open_) thread_ = std::jthread([this] { Serve(); });
  }
  ~OneAnswerServer() {
    Finish();
    close(listener_);
  }
  OneAnswerServer(const OneAnswerServer&) = delete;
  OneAnswerServer& operator=(const OneAnswerServer&) = delete;

  bool is_open() const { return is_open_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

  /// What came; waits for the end of the connection, which nobody may open afterwards.
  std::string Finish() {
    shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  void Serve() {
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    char bytes[4096];
    while (!request_.ends_with(request_end_)) {
      const ssize_t got = recv(connection, bytes, sizeof(bytes), 0);
      if (got <= 0) break;
      request_.append(bytes, static_cast<std::size_t>(got));
    }
    send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    close(connection);
  }

  std::string answer_;
  std::string request_end_;
  std::string request_;
  sockaddr_in address_{};
  int listener_;
  bool is_open_ = false;
  std::jthread thread_;
};

}  // namespace fansipan::simulation
