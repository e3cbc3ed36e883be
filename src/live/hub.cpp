#include "live/hub.h"

#include <algorithm>
#include <utility>

#include "model/value.h"

namespace fansipan::live {
namespace {

bool MayComeBack(const base::Error& error) {
  return error.code == base::ErrorCode::kUnavailable ||
         error.code == base::ErrorCode::kDeadlineExceeded;
}

}  // namespace

base::Status Hub::CheckLimits(const Subscription& subscription) const {
  if (closed_) {
    return base::Error{base::ErrorCode::kUnavailable, "shutting_down", "the server is stopping"};
  }
  const auto owned = owners_.find(subscription.owner);
  const std::size_t own = owned == owners_.end() ? 0 : owned->second;
  if (viewers_.size() < settings_.viewers && own < settings_.viewers_per_owner) return {};
  return base::Error{base::ErrorCode::kTooLarge, "too_many_streams",
                     "too many live streams are open; close one and try again"};
}

base::Result<SubscriptionId> Hub::Subscribe(Subscription subscription, Moment now) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_RETURN_IF_ERROR(CheckLimits(subscription));
  const SubscriptionId id{next_id_++};
  Group& group = groups_[subscription.key];
  group.viewers.insert(id);
  ++owners_[subscription.owner];
  Viewer viewer;
  viewer.group = &group;
  const auto& last = subscription.last_event;
  if (last && group.state && *last >= group.since && *last <= group.state->id) {
    viewer.has = group.prints;
  }
  viewer.subscription = std::move(subscription);
  viewers_.emplace(id, std::move(viewer));
  BeatLater(id, now);
  if (group.dirty) parts_.on_due();
  return id;
}

void Hub::Unsubscribe(SubscriptionId id) {
  const std::lock_guard lock(mutex_);
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  const Subscription& subscription = found->second.subscription;
  const auto owner = owners_.find(subscription.owner);
  if (--owner->second == 0) owners_.erase(owner);
  found->second.group->viewers.erase(id);
  if (found->second.group->viewers.empty()) groups_.erase(subscription.key);
  viewers_.erase(found);
}

void Hub::Publish(base::Timestamp tick) {
  const std::lock_guard lock(mutex_);
  tick_ = std::max(tick_, tick);
  for (auto& [key, group] : groups_) group.dirty = group.fresh = true;
  if (!groups_.empty()) parts_.on_due();
}

Moment Hub::Turn(Moment now) {
  RenderDue(now);
  const std::lock_guard lock(mutex_);
  Beat(now);
  CheckSessions(now);
  return NextTurn(now);
}

std::chrono::milliseconds Hub::FrameInterval() const {
  const std::chrono::milliseconds of_all(viewers_.size() * 1'000 / settings_.frames_per_second);
  return std::max(settings_.frame_interval, std::min(of_all, settings_.crowded_interval));
}

/// States that came early are made up for before the next come early, too: not more than half an
/// interval is ever ahead.
Moment Hub::NextRendering(const Group& group, bool fresh) const {
  if (!group.state) return group.not_before;
  const auto interval = FrameInterval();
  const Moment spaced = group.rendered + (fresh ? interval * 7 / 8 : interval * 9 / 8);
  return std::max({spaced, group.on_pace - interval / 2, group.not_before});
}

void Hub::RenderDue(Moment now) {
  struct Due {
    SubscriptionKey key;
    std::optional<StateId> shown;  ///< nothing: it must be rendered
  };
  std::vector<Due> due;
  {
    const std::lock_guard lock(mutex_);
    bool refreshed = false;  // one at a time, so that what changed need not wait for them all
    for (auto& [key, group] : groups_) {
      const bool is_due = IsDue(group, now);
      group.fresh = false;
      if (!is_due) continue;
      const bool refresh = !refreshed && now >= group.rendered + settings_.refresh;
      const bool must = !parts_.may_differ || !group.state || refresh;
      refreshed = refreshed || refresh;
      due.push_back({key, must ? std::nullopt : std::optional(group.state->id)});
      // What was published may not concern it: then it waits for what comes next, or for time.
      group.dirty = false;
      group.postponed = true;
    }
  }
  for (const Due& each : due) {
    if (each.shown && !parts_.may_differ(each.key, *each.shown)) continue;
    StoreRendering(each.key, parts_.render(each.key), now);
  }
}

bool Hub::IsDue(const Group& group, Moment now) const {
  if (group.ended || NextRendering(group, group.fresh) > now) return false;
  return group.dirty || (group.postponed && now >= group.rendered + settings_.refresh);
}

Hub::Prints Hub::PrintsOf(const State& state) {
  Prints prints;
  prints.shape = state.shape;
  prints.pieces.reserve(state.pieces.size());
  for (const Piece& piece : state.pieces) {
    prints.shape.append("\n").append(std::to_string(piece.list)).append("/").append(piece.name);
    prints.pieces.push_back(piece.content);
  }
  const base::Fingerprint shape = base::FingerprintOf(prints.shape);
  prints.shape = std::to_string(shape.high) + std::to_string(shape.low);
  return prints;
}

void Hub::StoreRendering(const SubscriptionKey& key, base::Result<State> state, Moment now) {
  const std::lock_guard lock(mutex_);
  ++renderings_;
  const auto found = groups_.find(key);
  if (found == groups_.end()) return;
  Group& group = found->second;
  group.postponed = false;
  if (!state.ok()) {
    group.dirty = true;
    group.not_before = now + settings_.retry;
    group.ended = !MayComeBack(state.error());
    if (group.ended) {
      for (const SubscriptionId id : group.viewers) Wake(viewers_.at(id));
    }
    return;
  }
  if (group.state && state->id < group.state->id) return;
  auto prints = std::make_shared<const Prints>(PrintsOf(*state));
  const bool changed = !group.prints || *prints != *group.prints;
  group.state = std::make_shared<const State>(*std::move(state));
  group.rendered = now;
  group.on_pace = std::max(group.on_pace, now) + FrameInterval();
  tick_ = std::max(tick_, base::Timestamp(base::Duration(group.state->id.tick)));
  group.snapshot.reset();
  group.changes.clear();
  if (!changed) return;
  group.prints = std::move(prints);
  group.since = group.state->id;
  for (const SubscriptionId id : group.viewers) Wake(viewers_.at(id));
}

void Hub::Wake(Viewer& viewer) {
  if (viewer.woken) return;
  viewer.woken = true;
  viewer.subscription.wake();
}

/// On a grid, so that a Turn serves several; not all at once, which ten thousand would feel.
void Hub::BeatLater(SubscriptionId id, Moment now) {
  constexpr std::chrono::milliseconds kGrid{20};
  const auto at = (now + settings_.heartbeat).time_since_epoch();
  beats_.emplace(Moment((at + kGrid - Moment::duration(1)) / kGrid * kGrid), id);
}

void Hub::Beat(Moment now) {
  if (beats_.empty() || beats_.begin()->first > now) return;
  heartbeat_ = std::make_shared<const std::string>(EncodeEvent(
      "heartbeat", std::nullopt, "{\"tick\":\"" + model::ToText(model::Value(tick_)) + "\"}"));
  while (beats_.begin()->first <= now) {
    const SubscriptionId id = beats_.begin()->second;
    beats_.erase(beats_.begin());
    const auto viewer = viewers_.find(id);
    if (viewer != viewers_.end()) {
      viewer->second.beat = true;
      Wake(viewer->second);
      BeatLater(id, now);
    }
    if (beats_.empty()) return;
  }
}

void Hub::CheckSessions(Moment now) {
  if (!next_check_) next_check_ = now + settings_.session_check;
  if (now < *next_check_) return;
  next_check_ = now + settings_.session_check;
  for (auto& [id, viewer] : viewers_) {
    const auto& may_go_on = viewer.subscription.may_go_on;
    if (viewer.over || !may_go_on || may_go_on()) continue;
    viewer.over = true;
    Wake(viewer);
  }
}

Moment Hub::NextTurn(Moment now) const {
  Moment next = *next_check_;
  if (!beats_.empty()) next = std::min(next, beats_.begin()->first);
  for (const auto& [key, group] : groups_) {
    if (group.ended) continue;
    const Moment rendering = NextRendering(group, group.fresh);
    if (group.dirty) next = std::min(next, rendering);
    if (group.postponed) {
      next = std::min(next, std::max(rendering, group.rendered + settings_.refresh));
    }
  }
  return std::max(next, now);
}

std::optional<Frame> Hub::Take(SubscriptionId id) {
  const std::lock_guard lock(mutex_);
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return Frame{std::make_shared<const std::string>(), true};
  Viewer& viewer = found->second;
  viewer.woken = false;
  const auto& may_go_on = viewer.subscription.may_go_on;
  if (viewer.over || (may_go_on && !may_go_on())) {
    return Frame{std::make_shared<const std::string>(EncodeEvent("signed_out", std::nullopt, "{}")),
                 true};
  }
  if (closed_ || viewer.group->ended) return Frame{std::make_shared<const std::string>(), true};
  if (auto state = TakeState(viewer)) return state;
  if (!std::exchange(viewer.beat, false)) return std::nullopt;
  return Frame{heartbeat_, false};
}

std::optional<Frame> Hub::TakeState(Viewer& viewer) const {
  Group& group = *viewer.group;
  if (!group.state || viewer.has == group.prints) return std::nullopt;
  if (viewer.has && *viewer.has == *group.prints) {
    viewer.has = group.prints;  // it moved and came back
    return std::nullopt;
  }
  const bool joins = viewer.has && viewer.has->shape == group.prints->shape;
  Frame frame{joins ? ChangeOf(group, viewer.has) : SnapshotOf(group), false};
  viewer.has = group.prints;
  return frame;
}

std::shared_ptr<const std::string> Hub::SnapshotOf(Group& group) {
  if (!group.snapshot) {
    group.snapshot = std::make_shared<const std::string>(
        EncodeEvent("snapshot", group.state->id, group.state->whole));
  }
  return group.snapshot;
}

std::shared_ptr<const std::string> Hub::ChangeOf(Group& group,
                                                 const std::shared_ptr<const Prints>& from) const {
  auto& cached = group.changes[from];
  if (cached) return cached;
  const State& state = *group.state;
  std::vector<std::string> lists(parts_.lists.size());
  for (std::size_t i = 0; i < state.pieces.size(); ++i) {
    if (from->pieces[i] == state.pieces[i].content) continue;
    std::string& list = lists[state.pieces[i].list];
    if (!list.empty()) list += ',';
    list += state.pieces[i].json;
  }
  std::string json = "{\"snapshot\":" + state.head;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    json.append(",\"").append(parts_.lists[i]).append("\":[").append(lists[i]).append("]");
  }
  json += '}';
  cached = std::make_shared<const std::string>(EncodeEvent("change", state.id, json));
  return cached;
}

void Hub::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& [id, viewer] : viewers_) Wake(viewer);
}

std::size_t Hub::viewers() const {
  const std::lock_guard lock(mutex_);
  return viewers_.size();
}

std::uint64_t Hub::renderings() const {
  const std::lock_guard lock(mutex_);
  return renderings_;
}

}  // namespace fansipan::live
