#include "indicators/source_log.h"

#include <algorithm>
#include <mutex>

namespace fansipan::indicators {
namespace {

void Raise(std::optional<base::Timestamp>& target, std::optional<base::Timestamp> moment) {
  if (moment && (!target || *target < *moment)) target = moment;
}

/// The last entry recorded up to the moment.
template <typename Entry>
const Entry* FindEntry(const std::map<std::string, std::vector<Entry>, std::less<>>& entries,
                       std::string_view source, base::Timestamp moment) {
  const auto found = entries.find(source);
  if (found == entries.end()) return nullptr;
  const auto end = std::upper_bound(
      found->second.begin(), found->second.end(), moment,
      [](base::Timestamp at, const Entry& entry) { return at < entry.recorded_at; });
  return end == found->second.begin() ? nullptr : &*std::prev(end);
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
  if (!delivery.old_codes) return;
  old_codes_[delivery.source].push_back(
      {recorded_at, {*delivery.old_codes, delivery.sequence, delivery.received_at}});
}

void SourceLog::AddLifeSign(std::string_view source, base::Timestamp at,
                            base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  Raise(NextEntry(source, recorded_at).facts.last_sign_of_life, at);
}

SourceFacts SourceLog::FactsAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const Entry* entry = FindEntry(entries_, source, moment);
  return entry == nullptr ? SourceFacts{} : entry->facts;
}

std::optional<OldCodesSent> SourceLog::OldCodesAt(std::string_view source,
                                                  base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const OldCodesEntry* entry = FindEntry(old_codes_, source, moment);
  return entry == nullptr ? std::nullopt : std::optional(entry->sent);
}

}  // namespace fansipan::indicators
