#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::simulation {

/// A request as a simulated system sees it.
struct ServedRequest {
  std::string method;
  std::vector<std::string> path;               ///< its steps, decoded: /a/b%2Fc is "a", "b/c"
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< by name in lower case
  std::string body;

  std::string Query(const std::string& name) const;
  std::string Header(const std::string& name) const;
};

/// An answer, and what a failing system does to it.
struct ServedAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
  base::Duration delay{};  ///< before the first byte
  bool silent = false;     ///< nothing is answered; the connection is closed much later
  std::optional<std::size_t> cut_at{};  ///< the connection is closed after so much of the body
};

/// An HTTP/1.1 server on 127.0.0.1 for simulated systems: as small as that allows, bounded in
/// everything, and able to fail on purpose. Its threads take one connection after another and call
/// the function that answers, which must be safe from any thread. Destroying it ends what is under
/// way.
class LoopbackServer {
 public:
  using Answering = std::function<ServedAnswer(const ServedRequest&)>;
  struct Options {
    std::uint16_t port = 0;  ///< 0: a free one
    std::size_t threads = 8;
    std::size_t max_body = 1U << 20U;
  };
  /// kIo when the port cannot be had.
  static base::Result<std::unique_ptr<LoopbackServer>> Start(const Options& options,
                                                             Answering answering);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  LoopbackServer(const Options& options, Answering answering, int listener, std::uint16_t port);
  void Accept(const std::stop_token& stop);

  const Options options_;
  const Answering answering_;
  const int listener_;
  const std::uint16_t port_;
  std::vector<std::jthread> threads_;
};

/// The head of a request, up to and with the empty line; nothing when it is none.
std::optional<ServedRequest> ParseHead(std::string_view head);
/// Percent-encoding undone; what is no encoding stays.
std::string DecodePercent(std::string_view text);

}  // namespace fansipan::simulation
