#include "http/internal/listener.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/thread_name.h"
#include "http/internal/connection.h"

namespace fansipan::http::internal {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxSocketPath = 100;
constexpr std::chrono::milliseconds kPause{50};
/// For a connection too many. Each is told another time, so that they do not come back together.
std::string BusyAnswer(std::uint64_t refused) {
  constexpr std::uint64_t kLeastSeconds = 5;
  constexpr std::uint64_t kSpread = 10;
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: " +
         std::to_string(kLeastSeconds + refused % kSpread) + "\r\nConnection: close\r\n\r\n";
}

base::Error CannotListen(const std::string& where, const boost::system::error_code& error) {
  return {base::ErrorCode::kIo, "cannot_listen",
          "cannot listen on " + where + ": " + error.message()};
}

/// Which connections there are. Safe from any thread.
class Connections {
 public:
  explicit Connections(base::QueueGauges fullness) : fullness_(fullness) {}

  bool TryAdd(const std::string& address, const ServerLimits& limits) {
    const std::lock_guard lock(mutex_);
    if (count_ >= limits.connections) return false;
    if (!address.empty() && by_address_[address] >= limits.connections_per_address) return false;
    fullness_.SetItems(++count_);
    if (!address.empty()) ++by_address_[address];
    return true;
  }

  void Remove(const std::string& address) {
    const std::lock_guard lock(mutex_);
    fullness_.SetItems(--count_);
    const auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
    if (count_ == 0) empty_.notify_all();
  }

  void Note(const std::shared_ptr<Connection>& connection) {
    const std::lock_guard lock(mutex_);
    open_[connection.get()] = connection;
  }

  void Forget(const Connection* connection) {
    const std::lock_guard lock(mutex_);
    open_.erase(connection);
  }

  void ForEach(const std::function<void(Connection&)>& act) {
    std::vector<std::shared_ptr<Connection>> open;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [key, weak] : open_) {
        if (auto connection = weak.lock()) open.push_back(std::move(connection));
      }
    }
    for (const auto& connection : open) act(*connection);
  }

  bool WaitUntilEmpty(std::chrono::milliseconds grace) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, grace, [this] { return count_ == 0; });
  }

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  mutable std::mutex mutex_;
  base::QueueGauges fullness_;
  std::condition_variable empty_;
  std::size_t count_ = 0;
  std::map<std::string, std::size_t> by_address_;
  std::map<const Connection*, std::weak_ptr<Connection>> open_;
};

}  // namespace

struct Listener::State {
  explicit State(const ConnectionParts& shared)
      : parts(shared), connections({*shared.metrics, "connections", shared.limits.connections}) {}

  ConnectionParts parts;
  Connections connections;
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::optional<tcp::acceptor> tcp_acceptor;
  std::optional<Local::acceptor> local_acceptor;
  std::string socket_path;
  std::uint16_t port = 0;
  std::size_t next_context = 0;
  std::uint64_t refused = 0;  ///< connections, since there were too many
  std::vector<std::thread> threads;
  bool stopped = false;

  asio::io_context& NextContext() { return *contexts[next_context++ % contexts.size()]; }
  base::Status ListenTcp(const ServerSettings& settings);
  base::Status ListenLocal(const std::string& path);
  asio::awaitable<void> AcceptTcp();
  asio::awaitable<void> AcceptLocal();
  void Begin(Connection::Socket socket, Peer peer);
};

base::Status Listener::State::ListenTcp(const ServerSettings& settings) {
  boost::system::error_code error;
  const std::string where = settings.address + ":" + std::to_string(settings.port);
  const auto address = asio::ip::make_address(settings.address, error);
  if (error) return CannotListen(where, error);
  tcp::acceptor acceptor(*contexts.front());
  const tcp::endpoint endpoint(address, settings.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return CannotListen(where, error);
  port = acceptor.local_endpoint().port();
  tcp_acceptor.emplace(std::move(acceptor));
  return {};
}

base::Status Listener::State::ListenLocal(const std::string& path) {
  boost::system::error_code error;
  if (path.size() > kMaxSocketPath) {
    return base::Error{base::ErrorCode::kIo, "cannot_listen",
                       "the path of the local socket is too long for the system: " + path +
                           "; choose a data folder with a shorter path"};
  }
  struct stat entry {};
  if (lstat(path.c_str(), &entry) == 0 && S_ISSOCK(entry.st_mode)) unlink(path.c_str());
  Local::acceptor acceptor(*contexts.front());
  acceptor.open(Local(), error);
  // Linux gives the file the mode of the socket, so that nobody else can open it for a moment.
  if (!error && fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor.bind(Local::endpoint(path), error);
  if (!error && chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
    error.assign(errno, boost::system::system_category());
  }
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return CannotListen(path, error);
  socket_path = path;
  local_acceptor.emplace(std::move(acceptor));
  return {};
}

void Listener::State::Begin(Connection::Socket socket, Peer peer) {
  if (!connections.TryAdd(peer.address, parts.limits)) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    const std::string answer = BusyAnswer(refused++);
    socket.write_some(asio::buffer(answer), ignored);
    return;
  }
  const std::string address = peer.address;
  // Forget comes first, so that nobody finds a connection that is being destroyed.
  const auto key = std::make_shared<const Connection*>(nullptr);
  const auto connection =
      std::make_shared<Connection>(std::move(socket), std::move(peer), parts, [this, address, key] {
        connections.Forget(*key);
        connections.Remove(address);
      });
  *key = connection.get();
  connections.Note(connection);
  connection->Start();
}

asio::awaitable<void> Listener::State::AcceptTcp() {
  asio::steady_timer pause(tcp_acceptor->get_executor());
  while (tcp_acceptor->is_open()) {
    auto [error, socket] = co_await tcp_acceptor->async_accept(NextContext(), kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      pause.expires_after(kPause);  // out of descriptors, most likely
      co_await pause.async_wait(kAwait);
      continue;
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto remote = socket.remote_endpoint(ignored);
    if (ignored) continue;
    Begin(Connection::Socket(std::move(socket)), {remote.address().to_string(), false});
  }
}

asio::awaitable<void> Listener::State::AcceptLocal() {
  asio::steady_timer pause(local_acceptor->get_executor());
  while (local_acceptor->is_open()) {
    auto [error, socket] = co_await local_acceptor->async_accept(NextContext(), kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      pause.expires_after(kPause);
      co_await pause.async_wait(kAwait);
      continue;
    }
    Begin(Connection::Socket(std::move(socket)), {"", true});
  }
}

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<Listener>> Listener::Start(const ServerSettings& settings,
                                                        const ConnectionParts& parts) {
  auto state = std::make_unique<State>(parts);
  for (std::size_t i = 0; i < std::max<std::size_t>(settings.io_threads, 1); ++i) {
    state->contexts.push_back(std::make_unique<asio::io_context>(1));
    state->work.push_back(asio::make_work_guard(*state->contexts.back()));
  }
  FANSIPAN_RETURN_IF_ERROR(state->ListenTcp(settings));
  if (!settings.socket_path.empty()) {
    FANSIPAN_RETURN_IF_ERROR(state->ListenLocal(settings.socket_path));
  }
  State* const raw = state.get();
  asio::co_spawn(*raw->contexts.front(), raw->AcceptTcp(), asio::detached);
  if (raw->local_acceptor) {
    asio::co_spawn(*raw->contexts.front(), raw->AcceptLocal(), asio::detached);
  }
  for (const auto& context : raw->contexts) {
    raw->threads.emplace_back([&context = *context] {
      base::NameThread("http");
      context.run();
    });
  }
  return std::unique_ptr<Listener>(new Listener(std::move(state)));
}

Listener::~Listener() { Stop(); }

std::uint16_t Listener::port() const { return state_->port; }

void Listener::Drain() {
  asio::post(*state_->contexts.front(), [state = state_.get()] {
    boost::system::error_code ignored;
    state->tcp_acceptor->close(ignored);
    if (state->local_acceptor) state->local_acceptor->close(ignored);
  });
  if (!state_->socket_path.empty()) unlink(state_->socket_path.c_str());
  state_->connections.ForEach([](Connection& connection) { connection.EndSoon(); });
}

bool Listener::WaitUntilEmpty(std::chrono::milliseconds grace) {
  return state_->connections.WaitUntilEmpty(grace);
}

void Listener::GiveUp() {
  state_->connections.ForEach([](Connection& connection) { connection.GiveUp(); });
}

void Listener::Stop() {
  if (state_->stopped) return;
  state_->stopped = true;
  state_->connections.ForEach([](Connection& connection) { connection.Close(); });
  state_->connections.WaitUntilEmpty(std::chrono::milliseconds(500));
  for (const auto& context : state_->contexts) context->stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->tcp_acceptor.reset();
  state_->local_acceptor.reset();
  state_->work.clear();
  state_->contexts.clear();
}

}  // namespace fansipan::http::internal
