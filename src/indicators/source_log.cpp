#include "indicators/source_log.h"

#include <algorithm>
#include <mutex>

namespace fansipan::indicators {
namespace {

void Raise(std::optional<base::Timestamp>& target, std::optional<base::Timestamp> moment) {
  if (moment && (!target || *target < *moment)) target = moment;
}

}  // namespace

SourceLog::Entry& SourceLog::NextEntry(std::string_view source, base::Timestamp recorded_at) {
  auto& entries = entries_[std::string(source)];
  const SourceFacts before = entries.empty() ? SourceFacts{} : entries.back().facts;
  entries.push_back({recorded_at, before});
  return entries.back();
}

void SourceLog::AddDelivery(const model::Delivery& delivery, base::Timestamp recorded_at) {
  if (delivery.replay_of) return;
  const std::unique_lock lock(mutex_);
  SourceFacts& facts = NextEntry(delivery.source, recorded_at).facts;
  Raise(facts.last_sign_of_life, delivery.received_at);
  if (delivery.outcome != "accepted") return;
  Raise(facts.received_at, delivery.received_at);
  // A row that speaks of the future says nothing of how far the data reaches.
  const bool told_ahead = delivery.data_as_of && *delivery.data_as_of > delivery.received_at;
  if (!told_ahead) Raise(facts.data_as_of, delivery.data_as_of);
  ++facts.deliveries;
}

void SourceLog::AddLifeSign(std::string_view source, base::Timestamp at,
                            base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  Raise(NextEntry(source, recorded_at).facts.last_sign_of_life, at);
}

SourceFacts SourceLog::FactsAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(source);
  if (found == entries_.end()) return {};
  const auto& entries = found->second;
  const auto end = std::upper_bound(
      entries.begin(), entries.end(), moment,
      [](base::Timestamp at, const Entry& entry) { return at < entry.recorded_at; });
  return end == entries.begin() ? SourceFacts{} : std::prev(end)->facts;
}

}  // namespace fansipan::indicators
