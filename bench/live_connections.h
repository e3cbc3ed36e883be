#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "bench/latencies.h"

namespace fansipan::bench {

/// A state that a viewer got to see: everything up to `sequence` is in it.
struct SeenState {
  std::uint64_t sequence = 0;
  SteadyMoment at;
};

/// Many live viewers of the bench's panel, each a connection with `text/event-stream`, read by one
/// thread of their own. They come from different addresses of loopback, as many as one address may
/// open streams. What they
/// saw is read after Stop, or taken meanwhile.
class LiveConnections {
 public:
  explicit LiveConnections(std::uint16_t port) : port_(port) {}
  ~LiveConnections();
  LiveConnections(const LiveConnections&) = delete;
  LiveConnections& operator=(const LiveConnections&) = delete;

  /// One more viewer of a unit's panel. Before Start only.
  base::Status Open(const std::string& unit);
  base::Status Start();
  void Stop();

  std::size_t size() const { return viewers_.size(); }
  /// How many have got a first state.
  std::size_t CountSnapshots() const { return snapshots_.load(); }
  std::uint64_t frames() const { return frames_.load(); }
  std::uint64_t bytes() const { return bytes_.load(); }
  std::size_t CountClosed() const { return closed_.load(); }
  /// What the viewer saw since the last call, in order. Any thread.
  std::vector<SeenState> TakeSeen(std::size_t viewer);
  /// What the viewer saw, in order. After Stop.
  const std::vector<SeenState>& Seen(std::size_t viewer) const { return viewers_[viewer].seen; }

 private:
  struct Viewer {
    int socket = -1;
    bool counts = false;     ///< the event that is being read shows a state
    bool long_line = false;  ///< its rest is of no interest
    bool has_state = false;
    std::string line;  ///< begun, not ended
    std::vector<SeenState> seen;
  };

  void Run();
  void Read(Viewer& viewer);
  void TakeBytes(Viewer& viewer, std::string_view bytes, SteadyMoment now);
  void TakeLine(Viewer& viewer, std::string_view line, SteadyMoment now);

  const std::uint16_t port_;
  int poll_ = -1;
  std::vector<Viewer> viewers_;
  std::mutex mutex_;  ///< guards what viewers saw
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> snapshots_{0};
  std::atomic<std::uint64_t> frames_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::size_t> closed_{0};
  std::thread thread_;
};

/// When a state with `sequence` was first seen; nothing when it never was.
const SeenState* FirstWith(const std::vector<SeenState>& seen, std::uint64_t sequence);

}  // namespace fansipan::bench
