#include "http/internal/connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <exception>
#include <utility>

#include "base/log.h"

namespace fansipan::http::internal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadAtOnce = 4U << 10U;
constexpr std::size_t kBodyAtOnce = 64U << 10U;
// Most clients write their whole body before they read: what stays unread when the connection is
// closed resets it, and takes the answer with it.
constexpr std::size_t kLingerBytes = 64U << 20U;
constexpr std::chrono::seconds kLinger{5};

std::chrono::steady_clock::time_point Now() { return std::chrono::steady_clock::now(); }

std::chrono::milliseconds TimeFor(std::uint64_t bytes, std::uint64_t bytes_per_second) {
  return std::chrono::milliseconds(bytes * 1'000 / bytes_per_second);
}

void ObserveStage(base::MetricsRegistry& metrics, const std::string& stage,
                  std::chrono::steady_clock::time_point started) {
  const std::chrono::duration<double> taken = Now() - started;
  metrics
      .GetHistogram("fansipan_http_stage_seconds", "Time that requests spend in a stage",
                    {{"stage", stage}})
      .Observe(taken.count());
}

base::Error Refusal(base::ErrorCode code, std::string reason, std::string message) {
  return {code, std::move(reason), std::move(message)};
}

/// Ends a subscription with the scope it stands in.
class Subscribed {
 public:
  Subscribed(live::Hub& hub, live::SubscriptionId id) : hub_(hub), id_(id) {}
  Subscribed(const Subscribed&) = delete;
  Subscribed& operator=(const Subscribed&) = delete;
  ~Subscribed() { hub_.Unsubscribe(id_); }

 private:
  live::Hub& hub_;
  live::SubscriptionId id_;
};

}  // namespace

Connection::Connection(Socket socket, Peer peer, const ConnectionParts& parts,
                       std::function<void()> on_closed)
    : socket_(std::move(socket)),
      executor_(socket_.get_executor()),
      peer_(std::move(peer)),
      parts_(parts),
      on_closed_(std::move(on_closed)),
      buffer_(parts.limits.header_bytes + kBodyAtOnce),
      watch_(executor_),
      wake_(executor_) {}

Connection::~Connection() {
  ReleaseBody();
  on_closed_();
}

void Connection::Start() {
  asio::co_spawn(
      executor_, [self = shared_from_this()]() -> asio::awaitable<void> { return self->Run(); },
      asio::detached);
}

void Connection::Close() {
  asio::post(executor_, [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->ending_ = true;
    self->socket_.close(ignored);
    self->wake_.cancel();
  });
}

void Connection::EndSoon() {
  asio::post(executor_, [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->ending_ = true;
    if (self->waiting_for_request_) self->socket_.cancel(ignored);
  });
}

void Connection::GiveUp() {
  asio::post(executor_, [self = shared_from_this()] {
    if (self->in_lane_) self->in_lane_->gone.request_stop();
  });
}

void Connection::SetDeadline(Moment at) {
  deadline_ = at;
  timed_out_ = false;
  if (!watching_ || watch_.expiry() > at) ArmWatch();
}

void Connection::ArmWatch() {
  watching_ = true;
  watch_.expires_at(deadline_);
  watch_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self || error) return;
    self->watching_ = false;
    if (Now() < self->deadline_) return self->ArmWatch();
    boost::system::error_code ignored;
    self->timed_out_ = true;
    self->socket_.cancel(ignored);
  });
}

bool Connection::ReserveBody(std::uint64_t bytes) {
  if (parts_.body_memory->fetch_add(bytes) + bytes > parts_.limits.body_memory) {
    parts_.body_memory->fetch_sub(bytes);
    return false;
  }
  reserved_ += bytes;
  parts_.body_fullness->SetItems(parts_.body_memory->load());
  return true;
}

void Connection::ReleaseBody() {
  if (reserved_ == 0) return;
  parts_.body_memory->fetch_sub(reserved_);
  reserved_ = 0;
  parts_.body_fullness->SetItems(parts_.body_memory->load());
}

Connection::Awaitable<void> Connection::Run() {
  const auto self = shared_from_this();
  try {
    while (co_await ServeOne()) {
    }
  } catch (const std::exception& error) {
    base::LogError("a connection was given up: {}", error.what());
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
  watch_.cancel();
}

Connection::Awaitable<bool> Connection::ServeOne() {
  auto exchange = std::make_shared<Exchange>();
  body_unread_ = false;
  const Head head = co_await ReadHead(*exchange);
  if (head == Head::kGone) co_return false;
  if (head == Head::kRead) co_await Answer(exchange);
  const bool head_only = exchange->request.method == Method::kHead;
  if (exchange->answer && exchange->answer->stream && !head_only) {
    co_await Stream(std::move(exchange));
    co_return false;
  }
  ReserveAnswer(*exchange);
  const Response response = parts_.application->Seal(*exchange);
  const bool keep_alive = head == Head::kRead && !body_unread_ && parser_->keep_alive() &&
                          !ending_ && !*parts_.stopping && !timed_out_;
  const bool written = co_await Write(response, head_only, keep_alive);
  ReleaseBody();
  if (written && body_unread_) co_await Linger();
  co_return written&& keep_alive;
}

Connection::Awaitable<Connection::Head> Connection::ReadHead(Exchange& exchange) {
  if (buffer_.size() == 0) {
    if (ending_ || *parts_.stopping) co_return Head::kGone;
    waiting_for_request_ = true;
    SetDeadline(Now() + parts_.limits.idle);
    const auto [error, count] =
        co_await socket_.async_read_some(buffer_.prepare(kReadAtOnce), kAwait);
    waiting_for_request_ = false;
    if (error) co_return Head::kGone;
    buffer_.commit(count);
  }
  exchange.started = Now();
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(parts_.limits.header_bytes));
  parser_->body_limit(boost::none);
  SetDeadline(Now() + parts_.limits.header);
  const auto [error, count] =
      co_await beast::http::async_read_header(socket_, buffer_, *parser_, kAwait);
  exchange.request.local = peer_.local;
  exchange.request.remote_address = peer_.address;
  if (error) {
    body_unread_ = true;
    co_return RefuseHead(exchange, error) ? Head::kRefused : Head::kGone;
  }
  TakeHead(exchange);
  if (exchange.answer) {
    body_unread_ = true;
    co_return Head::kRefused;
  }
  co_return Head::kRead;
}

/// Sets the answer to a head that cannot be read. False when the peer is gone.
bool Connection::RefuseHead(Exchange& exchange, const boost::system::error_code& error) {
  const Application& application = *parts_.application;
  if (timed_out_) {
    application.Refuse(exchange, 408,
                       Refusal(base::ErrorCode::kInvalidArgument, "header_too_slow",
                               "the request's head took too long"));
    return true;
  }
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
    application.Refuse(exchange, 431,
                       Refusal(base::ErrorCode::kInvalidArgument, "header_too_large",
                               "the request's head is too large"));
    return true;
  }
  const bool is_ours =
      error.category() == beast::http::make_error_code(beast::http::error::bad_method).category();
  if (!is_ours || error == beast::http::error::end_of_stream ||
      error == beast::http::error::partial_message) {
    return false;
  }
  application.Refuse(exchange, 400,
                     Refusal(base::ErrorCode::kInvalidArgument, "bad_request",
                             "this is not a well-formed HTTP/1.1 request"));
  return true;
}

/// Moves the parsed head into the request, refusing what two readers could understand differently.
void Connection::TakeHead(Exchange& exchange) {
  const auto& message = parser_->get();
  Request& request = exchange.request;
  request.method = FindMethod(std::string_view(message.method_string()));
  request.target = std::string(message.target());
  std::size_t fields = 0;
  for (const auto& field : message) {
    ++fields;
    request.fields.Add(std::string_view(field.name_string()), std::string(field.value()));
  }
  const Application& application = *parts_.application;
  const auto coding = request.fields.Find("transfer-encoding");
  const auto length = request.fields.Find("content-length");
  const bool clear_length = !length || length->find_first_not_of("0123456789") == length->npos;
  if (fields > parts_.limits.header_fields) {
    application.Refuse(exchange, 431,
                       Refusal(base::ErrorCode::kInvalidArgument, "header_too_large",
                               "the request has too many header fields"));
  } else if (message.version() != 11 && message.version() != 10) {
    application.Refuse(
        exchange, 505,
        Refusal(base::ErrorCode::kInvalidArgument, "bad_request", "only HTTP/1.1 is spoken here"));
  } else if (request.fields.Count("content-length") + request.fields.Count("transfer-encoding") >
                 1 ||
             !clear_length || (coding && (*coding != "chunked" || message.version() == 10))) {
    application.Refuse(exchange, 400,
                       Refusal(base::ErrorCode::kInvalidArgument, "bad_request",
                               "the length of the request's body is not said in one clear way"));
  }
}

Connection::Awaitable<void> Connection::Answer(std::shared_ptr<Exchange> exchange) {
  const Application& application = *parts_.application;
  application.Begin(*exchange);
  body_unread_ = !parser_->is_done();
  if (exchange->answer) co_return;
  exchange->call.patience = PatienceOf(*exchange);
  if (parser_->is_done()) {
    exchange->request.received_at = application.services().clock->Now();
    co_await InLane(exchange, &Application::Handle);
    co_return;
  }
  co_await InLane(exchange, &Application::Admit);
  if (exchange->answer) co_return;
  const auto started = Now();
  const bool whole = co_await ReadBody(*exchange);
  ObserveStage(*parts_.metrics, "receive", started);
  if (!whole) {
    application.Refuse(*exchange, 400,
                       Refusal(base::ErrorCode::kInvalidArgument, "body_cut_off",
                               "the body ended before its declared end"));
  }
  if (exchange->answer) co_return;
  body_unread_ = false;
  exchange->request.received_at = application.services().clock->Now();
  co_await InLane(exchange, &Application::Finish);
}

Connection::Awaitable<bool> Connection::ReadBody(Exchange& exchange) {
  const Application& application = *parts_.application;
  const auto too_large = Refusal(
      base::ErrorCode::kTooLarge, "body_too_large",
      "the body may have at most " + std::to_string(exchange.body_limit) + " bytes as it is sent");
  const auto length = parser_->content_length();
  if (length && *length > exchange.body_limit) {
    application.Refuse(exchange, too_large);
    co_return true;
  }
  const auto expect = exchange.request.fields.Find("expect");
  if (expect) {
    const bool told = co_await WriteBytes("HTTP/1.1 100 Continue\r\n\r\n", "");
    if (!told) co_return false;
  }
  const auto chunk = std::make_unique<char[]>(kBodyAtOnce);
  std::string& body = exchange.request.body;
  if (length) body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, 1U << 20U)));
  const Moment start = Now();
  while (!parser_->is_done()) {
    SetDeadline(start + parts_.limits.body_grace +
                TimeFor(body.size(), parts_.limits.body_bytes_per_second));
    parser_->get().body().data = chunk.get();
    parser_->get().body().size = kBodyAtOnce;
    const auto [error, count] =
        co_await beast::http::async_read(socket_, buffer_, *parser_, kAwait);
    const std::size_t got = kBodyAtOnce - parser_->get().body().size;
    if (timed_out_) {
      application.Refuse(exchange, Refusal(base::ErrorCode::kInvalidArgument, "body_too_slow",
                                           "the body came too slowly"));
      co_return true;
    }
    if (error && error != beast::http::error::need_buffer) co_return false;
    if (body.size() + got > exchange.body_limit) {
      application.Refuse(exchange, too_large);
      co_return true;
    }
    if (!ReserveBody(got)) {
      application.Refuse(exchange, Refusal(base::ErrorCode::kUnavailable, "body_memory_full",
                                           "too many large bodies are being received; send it "
                                           "again in a moment"));
      co_return true;
    }
    body.append(chunk.get(), got);
  }
  co_return true;
}

Connection::Awaitable<void> Connection::InLane(std::shared_ptr<Exchange> exchange,
                                               void (Application::*work)(Exchange&) const) {
  const Application& application = *parts_.application;
  const Lane lane = LaneOf(*exchange);
  if (lane == Lane::kInline) {
    (application.*work)(*exchange);
    co_return;
  }
  deadline_ = Moment::max();
  wake_.expires_at(Moment::max());
  const auto longest = parts_.limits.lane_patience;
  const bool taken = parts_.lanes->TrySubmit(
      lane, [self = shared_from_this(), exchange, work, longest](auto waited) {
        const Application& made = *self->parts_.application;
        try {
          const base::Status useful = exchange->call.patience.Check();
          if (waited > longest) {
            made.Refuse(*exchange, Refusal(base::ErrorCode::kUnavailable, "overloaded",
                                           "the server has more to do than it can; try again"));
          } else if (!useful.ok()) {
            made.Refuse(*exchange, useful.error());
          } else {
            (made.*work)(*exchange);
          }
        } catch (const std::exception& error) {
          exchange->answer.reset();
          made.Refuse(*exchange, Refusal(base::ErrorCode::kInternal, "", error.what()));
        }
        asio::post(self->executor_, [self] { self->wake_.cancel(); });
      });
  if (!taken) {
    application.Refuse(*exchange, Refusal(base::ErrorCode::kUnavailable, "overloaded",
                                          "the server has more to do than it can; try again"));
    co_return;
  }
  const bool may_be_given_up = exchange->call.patience.gone().stop_possible();
  if (may_be_given_up) WatchPeer(exchange);
  in_lane_ = std::move(exchange);
  // The wake-up is posted to this thread, so it cannot come before the wait has begun.
  co_await wake_.async_wait(kAwait);
  in_lane_.reset();
  boost::system::error_code ignored;
  if (may_be_given_up) socket_.cancel(ignored);
}

/// What is asked may be broken off; what is told, such as a delivery, is not.
base::Patience Connection::PatienceOf(const Exchange& exchange) const {
  const Lane lane = LaneOf(exchange);
  // How long a trial may last its handler says.
  if (lane == Lane::kTrial) return base::Patience(Moment::max(), exchange.gone.get_token());
  if (lane != Lane::kFigures && lane != Lane::kHeavy) return {};
  const auto limit =
      lane == Lane::kFigures ? parts_.limits.figures_deadline : parts_.limits.heavy_deadline;
  return base::Patience(exchange.started + limit, exchange.gone.get_token());
}

/// A peer that says that it will send no more counts as gone; most that do are. When it sends a
/// further request instead, that stays unread, and nobody can tell any more.
void Connection::WatchPeer(const std::shared_ptr<Exchange>& exchange) {
  socket_.async_wait(Socket::wait_read,
                     [self = shared_from_this(), exchange](const boost::system::error_code& error) {
                       if (error) return;
                       char next = 0;
                       boost::system::error_code ended;
                       self->socket_.non_blocking(true, ended);
                       const std::size_t count = self->socket_.receive(
                           asio::buffer(&next, 1), asio::socket_base::message_peek, ended);
                       if (ended == asio::error::would_block) return;
                       if (ended || count == 0) exchange->gone.request_stop();
                     });
}

/// Bytes that others hold too, such as those of the screens, are not of this answer.
void Connection::ReserveAnswer(Exchange& exchange) {
  if (!exchange.answer || !exchange.answer->body) return;
  const auto& body = exchange.answer->body;
  if (body.use_count() > 1 || ReserveBody(body->size())) return;
  exchange.answer.reset();
  parts_.application->Refuse(
      exchange, Refusal(base::ErrorCode::kUnavailable, "body_memory_full",
                        "too many large answers are being sent; ask again in a moment"));
}

Connection::Awaitable<bool> Connection::Write(const Response& response, bool head_only,
                                              bool keep_alive) {
  const auto started = Now();
  const std::string head = EncodeHead(response, keep_alive);
  // Chosen before the wait: gcc 12 evaluates both arms of a conditional inside an awaited call.
  std::string_view body;
  if (response.body && !head_only && response.status != 304) body = *response.body;
  const bool written = co_await WriteBytes(head, body);
  ObserveStage(*parts_.metrics, "write", started);
  co_return written;
}

Connection::Awaitable<bool> Connection::WriteBytes(std::string_view first,
                                                   std::string_view second) {
  SetDeadline(Now() + parts_.limits.write_grace +
              TimeFor(first.size() + second.size(), parts_.limits.write_bytes_per_second));
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(second)};
  const auto [error, count] = co_await asio::async_write(socket_, buffers, kAwait);
  co_return !error;
}

Connection::Awaitable<void> Connection::Linger() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  SetDeadline(Now() + kLinger);
  const auto scratch = std::make_unique<char[]>(kBodyAtOnce);
  for (std::size_t read = 0; read < kLingerBytes;) {
    const auto [error, count] =
        co_await socket_.async_read_some(asio::buffer(scratch.get(), kBodyAtOnce), kAwait);
    if (error) co_return;
    read += count;
  }
}

Connection::Awaitable<void> Connection::Stream(std::shared_ptr<Exchange> exchange) {
  live::Subscription subscription = *exchange->answer->stream;
  subscription.wake = [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self) asio::post(self->executor_, [self] { self->wake_.cancel(); });
  };
  const auto id = parts_.hub->Subscribe(std::move(subscription), Now());
  if (!id.ok()) {
    exchange->answer.reset();
    parts_.application->Refuse(*exchange, id.error());
    co_await Write(parts_.application->Seal(*exchange), false, false);
    co_return;
  }
  const Subscribed ended_with_this(*parts_.hub, *id);
  const std::string head = EncodeHead(parts_.application->Seal(*exchange), false);
  exchange.reset();
  parser_.reset();
  buffer_.consume(buffer_.size());
  buffer_.shrink_to_fit();
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::send_buffer_size(parts_.limits.stream_send_buffer),
                     ignored);
  const std::string retry = live::EncodeRetry(id->value);
  if (!co_await WriteBytes(head, retry)) co_return;
  co_await WriteFrames(*id);
}

Connection::Awaitable<void> Connection::WriteFrames(live::SubscriptionId id) {
  while (!ending_) {
    const std::optional<live::Frame> frame = parts_.hub->Take(id);
    if (!frame) {
      deadline_ = Moment::max();
      wake_.expires_at(Moment::max());
      co_await wake_.async_wait(kAwait);
      continue;
    }
    if (!frame->bytes->empty()) {
      const bool written = co_await WriteBytes(*frame->bytes, "");
      if (!written) co_return;
    }
    if (frame->last) co_return;
  }
}

}  // namespace fansipan::http::internal
