#include "bench/live_connections.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include "bench/big_center.h"
#include "bench/http_client.h"

namespace fansipan::bench {
namespace {

constexpr std::size_t kPerAddress = 200;  // below the server's limit of one caller
constexpr std::size_t kLineKept = 96;     // "event:" and "id:" lines are shorter
constexpr int kPollMilliseconds = 100;

}  // namespace

LiveConnections::~LiveConnections() {
  Stop();
  for (const Viewer& viewer : viewers_) {
    if (viewer.socket >= 0) close(viewer.socket);
  }
  if (poll_ >= 0) close(poll_);
}

base::Status LiveConnections::Open(const std::string& unit) {
  const auto address = static_cast<std::uint16_t>(2 + viewers_.size() / kPerAddress);
  Viewer viewer;
  viewer.socket = ConnectToPort(port_, address);
  const std::string request =
      fmt::format("GET /api/v1/live?panel={}&unit={} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
                  kPanelName, unit, port_);
  if (viewer.socket < 0 || send(viewer.socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return base::Error{base::ErrorCode::kIo, "",
                       fmt::format("viewer {} cannot connect", viewers_.size())};
  }
  fcntl(viewer.socket, F_SETFL, O_NONBLOCK);
  viewers_.push_back(std::move(viewer));
  return {};
}

base::Status LiveConnections::Start() {
  poll_ = epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < viewers_.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, viewers_[i].socket, &event) != 0) {
      return base::Error{base::ErrorCode::kIo, "", "epoll"};
    }
  }
  thread_ = std::thread([this] { Run(); });
  return {};
}

void LiveConnections::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void LiveConnections::Run() {
  std::array<epoll_event, 512> events{};
  while (!stop_) {
    const int ready =
        epoll_wait(poll_, events.data(), static_cast<int>(events.size()), kPollMilliseconds);
    for (int i = 0; i < ready; ++i) Read(viewers_[events.at(static_cast<std::size_t>(i)).data.u64]);
  }
}

void LiveConnections::Read(Viewer& viewer) {
  static thread_local std::array<char, 262'144> bytes;
  const ssize_t count = recv(viewer.socket, bytes.data(), bytes.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    epoll_ctl(poll_, EPOLL_CTL_DEL, viewer.socket, nullptr);
    ++closed_;
    return;
  }
  bytes_ += static_cast<std::uint64_t>(count);
  TakeBytes(viewer, {bytes.data(), static_cast<std::size_t>(count)}, SteadyNow());
}

/// Lines of the stream; those that frame its chunks look like none of interest.
void LiveConnections::TakeBytes(Viewer& viewer, std::string_view bytes, SteadyMoment now) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (!viewer.long_line) viewer.line.append(piece.substr(0, kLineKept));
    if (end == std::string_view::npos) {
      viewer.long_line = viewer.long_line || viewer.line.size() >= kLineKept;
      return;
    }
    TakeLine(viewer, viewer.line, now);
    viewer.line.clear();
    viewer.long_line = false;
    bytes.remove_prefix(end + 1);
  }
}

void LiveConnections::TakeLine(Viewer& viewer, std::string_view line, SteadyMoment now) {
  if (line.starts_with("event: ")) {
    viewer.counts = line == "event: snapshot" || line == "event: change";
    ++frames_;
  }
  if (!viewer.counts || !line.starts_with("id: ")) return;
  SeenState state{0, now};
  std::from_chars(line.data() + 4, line.data() + line.size(), state.sequence);
  if (!viewer.has_state) ++snapshots_;
  viewer.has_state = true;
  const std::lock_guard lock(mutex_);
  viewer.seen.push_back(state);
}

std::vector<SeenState> LiveConnections::TakeSeen(std::size_t viewer) {
  const std::lock_guard lock(mutex_);
  return std::exchange(viewers_[viewer].seen, {});
}

const SeenState* FirstWith(const std::vector<SeenState>& seen, std::uint64_t sequence) {
  const auto found = std::lower_bound(
      seen.begin(), seen.end(), sequence,
      [](const SeenState& state, std::uint64_t to) { return state.sequence < to; });
  return found == seen.end() ? nullptr : &*found;
}

}  // namespace fansipan::bench
