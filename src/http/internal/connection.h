#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/application.h"
#include "http/internal/listener.h"

namespace fansipan::http::internal {

/// Who is at the other end.
struct Peer {
  std::string address;  ///< without port; empty on the program's own socket
  bool local = false;
};

/// One connection: reads requests one after the other, has them answered in their lane, writes the
/// answers, or streams events. Everything of it runs on one thread of the listener, but Close,
/// EndSoon and GiveUp, which may be called from any. It lives as long as something of it is under
/// way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  Connection(Socket socket, Peer peer, const ConnectionParts& parts,
             std::function<void()> on_closed);
  ~Connection();

  void Start();
  /// Ends it whatever it is doing.
  void Close();
  /// Ends it when it waits for a request; otherwise after the answer.
  void EndSoon();
  /// The handler at work breaks off what may last.
  void GiveUp();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  using Moment = std::chrono::steady_clock::time_point;
  template <typename T>
  using Awaitable = boost::asio::awaitable<T>;
  enum class Head { kRead, kRefused, kGone };

  Awaitable<void> Run();
  /// False when the connection is to be closed.
  Awaitable<bool> ServeOne();
  Awaitable<Head> ReadHead(Exchange& exchange);
  bool RefuseHead(Exchange& exchange, const boost::system::error_code& error);
  void TakeHead(Exchange& exchange);
  /// False when the peer is gone. Sets the answer when the body is refused.
  Awaitable<bool> ReadBody(Exchange& exchange);
  Awaitable<void> Answer(std::shared_ptr<Exchange> exchange);
  Awaitable<void> InLane(std::shared_ptr<Exchange> exchange,
                         void (Application::*work)(Exchange&) const);
  base::Patience PatienceOf(const Exchange& exchange) const;
  /// Notices that the peer has gone while its question is being answered.
  void WatchPeer(const std::shared_ptr<Exchange>& exchange);
  /// Counts the answer's bytes as held; an answer for which there is no room is refused.
  void ReserveAnswer(Exchange& exchange);
  Awaitable<bool> Write(const Response& response, bool head_only, bool keep_alive);
  Awaitable<bool> WriteBytes(std::string_view first, std::string_view second);
  Awaitable<void> Stream(std::shared_ptr<Exchange> exchange);
  Awaitable<void> WriteFrames(live::SubscriptionId id);
  /// Lets the peer read the answer although it is still sending.
  Awaitable<void> Linger();

  /// Operations that are not done at `at` are cancelled; `timed_out_` says so.
  void SetDeadline(Moment at);
  void ArmWatch();
  bool ReserveBody(std::uint64_t bytes);
  void ReleaseBody();

  Socket socket_;
  const boost::asio::any_io_executor executor_;
  const Peer peer_;
  const ConnectionParts& parts_;
  const std::function<void()> on_closed_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  boost::asio::steady_timer watch_;
  boost::asio::steady_timer wake_;
  Moment deadline_{};
  bool watching_ = false;
  bool timed_out_ = false;
  bool waiting_for_request_ = false;
  bool ending_ = false;
  bool body_unread_ = false;
  std::uint64_t reserved_ = 0;
  std::shared_ptr<Exchange> in_lane_;  ///< while its handler works
};

}  // namespace fansipan::http::internal
