#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fansipan::sources::testing {

/// One connection of a ScriptedServer, on a thread of its own.
class ScriptedConnection {
 public:
  ScriptedConnection(int socket, std::stop_token stop) : socket_(socket), stop_(std::move(stop)) {}
  /// False once the other end is gone.
  bool Send(std::string_view bytes) const;
  /// Sends `bytes` again and again, with a pause before each, until the other end is gone.
  void Trickle(std::string_view bytes, std::chrono::milliseconds pause) const;
  /// Says nothing until the other end is gone, or the server ends.
  void Hang() const;

 private:
  int socket_;
  std::stop_token stop_;
};

/// An HTTP server on loopback whose answers are written by the test, bytes and all, so that it can
/// do what no decent server does. Each connection serves one request.
class ScriptedServer {
 public:
  /// `request`: head and body as they came. Called by several threads.
  using Script = std::function<void(const std::string& request, const ScriptedConnection&)>;
  explicit ScriptedServer(Script script, const char* address = "127.0.0.1");
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// Everything that was asked so far, in order.
  std::vector<std::string> requests() const;
  int connections() const { return connections_.load(); }

 private:
  void Accept(const std::stop_token& stop);
  void Serve(int socket, const std::stop_token& stop);

  const Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;  ///< guarded by mutex_
  std::vector<std::jthread> serving_;  ///< the accepting thread's alone, until it has ended
  std::jthread accepting_;
};

/// A whole answer with its length. `headers`: lines ending in CRLF.
std::string AnswerOf(int status, const std::string& headers, const std::string& body);
/// The same with JSON.
std::string JsonAnswer(const std::string& body, const std::string& headers = "");
/// The value of a query parameter or header of a request as it came; empty: none.
std::string QueryOf(const std::string& request, const std::string& name);
std::string HeaderOf(const std::string& request, const std::string& name);

}  // namespace fansipan::sources::testing
