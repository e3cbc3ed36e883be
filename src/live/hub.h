#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "live/event.h"

namespace fansipan::live {

/// A moment of the machine's running time; handed in by the caller, so that tests move it.
using Moment = std::chrono::steady_clock::time_point;

/// What a stream shows and with which rights. Viewers of one key share one rendering.
struct SubscriptionKey {
  std::string panel;
  std::string unit;
  std::string rights;
  auto operator<=>(const SubscriptionKey&) const = default;
};

/// A part of a rendered state that is sent again whole when it changed.
struct Piece {
  std::size_t list = 0;  ///< which of Hub::Parts::lists it belongs to
  std::string name;      ///< names it within the list
  std::string json;
  base::Fingerprint content;  ///< decides whether it changed; may leave out what always moves
};

/// Everything a key shows at one published state.
struct State {
  StateId id;
  std::string head;   ///< JSON: what the state is
  std::string whole;  ///< JSON of the event `snapshot`
  std::string shape;  ///< when it differs, viewers get a snapshot in place of changes
  std::vector<Piece> pieces;
};

using SubscriptionId = base::StrongId<struct SubscriptionTag>;

struct Subscription {
  SubscriptionKey key;
  std::string owner;                  ///< whose limit it counts against
  std::optional<StateId> last_event;  ///< what the viewer has
  std::function<bool()> may_go_on;    ///< false once the session ended; empty: always
  std::function<void()> wake;         ///< Take has something; must be quick, not call the hub
};

/// Bytes for a viewer. After `last` the stream is closed.
struct Frame {
  std::shared_ptr<const std::string> bytes;
  bool last = false;
};

/// Who watches what, and what each still has to get. A state is rendered once for all viewers of a
/// key, by the thread that calls Turn; each viewer has at most one newest state waiting, and gets
/// what differs from the last it took: a slow one is never given a backlog. No thread and no timer
/// of its own: Publish says through `on_due` that Turn should be called, and Turn says when next.
/// All functions are safe from any thread, Turn from one at a time.
class Hub {
 public:
  struct Parts {
    /// The key's newest state. kUnavailable and kDeadlineExceeded are tried again later, other
    /// errors end the streams of the key.
    std::function<base::Result<State>(const SubscriptionKey&)> render;
    /// False when the key's newest state shows the same as `since`, but for what time alone moves.
    /// Must be quick and not call the hub. Empty: always true.
    std::function<bool(const SubscriptionKey&, const StateId& since)> may_differ;
    /// Turn has something to do now. Must be quick and not call the hub.
    std::function<void()> on_due;
    /// Members of the event `change` that hold pieces.
    std::vector<std::string> lists;
  };
  struct Settings {
    std::size_t viewers = 16'384;
    std::size_t viewers_per_owner = 256;
    /// Time between two states of a key, and so of each of its viewers: short when few watch,
    /// longer the more there are, so that all together get no more than `frames_per_second`. It
    /// holds over several states. Between two it may be an eighth shorter, so that what is
    /// published then is shown at once and not just after the next; and what waits may wait an
    /// eighth longer for something newer. Viewers have no pace of their own: it would fall behind
    /// that of the key, and every state would wait for the difference.
    std::chrono::milliseconds frame_interval{50};
    std::chrono::milliseconds crowded_interval{250};
    std::size_t frames_per_second = 40'000;
    std::chrono::milliseconds refresh{
        2'000};  ///< at least so long without a rendering after Publish
    std::chrono::milliseconds heartbeat{2'000};
    std::chrono::milliseconds session_check{1'000};
    std::chrono::milliseconds retry{1'000};  ///< after a rendering that was not available
  };

  Hub(Parts parts, Settings settings) : parts_(std::move(parts)), settings_(settings) {}

  /// kTooLarge with reason too_many_streams; kUnavailable with reason shutting_down.
  base::Result<SubscriptionId> Subscribe(Subscription subscription, Moment now);
  void Unsubscribe(SubscriptionId id);
  /// A newer state was published; `tick` is the center's clock for heartbeats.
  void Publish(base::Timestamp tick);
  /// Renders what is due and wakes viewers. Gives the moment of the next call, if nothing is
  /// published before.
  Moment Turn(Moment now);
  /// What the viewer gets next; nothing until it is woken again.
  std::optional<Frame> Take(SubscriptionId id);
  /// Ends all streams; new ones are refused.
  void Close();

  std::size_t viewers() const;
  std::uint64_t renderings() const;

 private:
  /// What a viewer has of a state.
  struct Prints {
    std::string shape;
    std::vector<base::Fingerprint> pieces;
    bool operator==(const Prints&) const = default;
  };
  struct Group {
    bool dirty = true;
    bool fresh = false;      ///< published since it was last looked at
    bool postponed = false;  ///< published since, but nothing that concerns it
    bool ended = false;
    Moment on_pace{};     ///< the next rendering, were they all as far apart as they should be
    Moment not_before{};  ///< after one that failed
    Moment rendered{};    ///< the last rendering
    std::shared_ptr<const State> state;
    std::shared_ptr<const Prints> prints;
    StateId since;  ///< first state with these prints
    std::shared_ptr<const std::string> snapshot;
    std::map<std::shared_ptr<const Prints>, std::shared_ptr<const std::string>> changes;
    std::set<SubscriptionId> viewers;
  };
  struct Viewer {
    Subscription subscription;
    Group* group = nullptr;
    std::shared_ptr<const Prints> has;
    bool beat = false;  ///< a heartbeat waits for it
    bool woken = false;
    bool over = false;  ///< the session ended
  };

  base::Status CheckLimits(const Subscription& subscription) const;
  std::chrono::milliseconds FrameInterval() const;
  /// When the key's newest state is rendered; `fresh`: if something was published just then.
  Moment NextRendering(const Group& group, bool fresh) const;
  void RenderDue(Moment now);
  bool IsDue(const Group& group, Moment now) const;
  void StoreRendering(const SubscriptionKey& key, base::Result<State> state, Moment now);
  static Prints PrintsOf(const State& state);
  void Beat(Moment now);
  void BeatLater(SubscriptionId id, Moment now);
  void CheckSessions(Moment now);
  Moment NextTurn(Moment now) const;
  static void Wake(Viewer& viewer);
  std::optional<Frame> TakeState(Viewer& viewer) const;
  static std::shared_ptr<const std::string> SnapshotOf(Group& group);
  std::shared_ptr<const std::string> ChangeOf(Group& group,
                                              const std::shared_ptr<const Prints>& from) const;

  const Parts parts_;
  const Settings settings_;

  mutable std::mutex mutex_;  ///< guards what follows; not held while rendering
  std::map<SubscriptionKey, Group> groups_;
  std::map<SubscriptionId, Viewer> viewers_;
  std::map<std::string, std::size_t> owners_;
  std::uint64_t next_id_ = 1;
  std::multimap<Moment, SubscriptionId> beats_;  ///< when each viewer is due a heartbeat
  std::uint64_t renderings_ = 0;
  std::optional<Moment> next_check_;
  base::Timestamp tick_{};
  std::shared_ptr<const std::string> heartbeat_;
  bool closed_ = false;
};

}  // namespace fansipan::live
