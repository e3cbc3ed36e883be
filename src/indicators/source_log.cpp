#include "indicators/source_log.h"

#include <algorithm>
#include <mutex>
#include <span>
#include <utility>

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

template <typename Entry>
struct EntriesOfSpan {
  const Entry* before = nullptr;   ///< the last one up to its beginning
  std::span<const Entry> entries;  ///< those after its beginning, up to its end
};

template <typename Entry>
EntriesOfSpan<Entry> EntriesBetween(
    const std::map<std::string, std::vector<Entry>, std::less<>>& entries, std::string_view source,
    base::Timestamp from, base::Timestamp to) {
  const auto found = entries.find(source);
  if (found == entries.end()) return {};
  const auto after = [&](base::Timestamp moment) {
    return std::upper_bound(
        found->second.begin(), found->second.end(), moment,
        [](base::Timestamp at, const Entry& entry) { return at < entry.recorded_at; });
  };
  const auto first = after(from);
  return {first == found->second.begin() ? nullptr : &*std::prev(first),
          std::span<const Entry>(first, std::max(first, after(to)))};
}

}  // namespace

SourceLog::Entry& SourceLog::NextEntry(std::string_view source, base::Timestamp recorded_at) {
  auto& entries = entries_[std::string(source)];
  const SourceFacts before = entries.empty() ? SourceFacts{} : entries.back().facts;
  entries.push_back({recorded_at, before});
  return entries.back();
}

void SourceLog::AddDelivery(const model::Delivery& delivery, base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  NoteOutcome(delivery, recorded_at);
  if (delivery.replay_of) return;
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

/// A refused delivery is made good by the next that is taken, or by its own replay.
void SourceLog::NoteOutcome(const model::Delivery& delivery, base::Timestamp recorded_at) {
  if (delivery.outcome != "accepted") {
    if (delivery.replay_of) return;
    SetConditions(delivery.source, recorded_at, [&](SourceConditions& conditions) {
      const base::Timestamp since =
          conditions.refused ? conditions.refused->since : delivery.received_at;
      conditions.refused = SourceTrouble{
          since, delivery.refusal_reason, delivery.refusal_message, {}, delivery.sequence};
    });
    return;
  }
  const auto known = conditions_.find(delivery.source);
  if (known == conditions_.end() || !known->second.back().conditions.refused) return;
  const auto refused = known->second.back().conditions.refused->delivery;
  if (delivery.replay_of && delivery.replay_of != refused) return;
  SetConditions(delivery.source, recorded_at,
                [](SourceConditions& conditions) { conditions.refused = std::nullopt; });
}

void SourceLog::SetConditions(std::string_view source, base::Timestamp recorded_at,
                              const std::function<void(SourceConditions&)>& change) {
  auto& entries = conditions_[std::string(source)];
  ConditionsEntry entry{recorded_at,
                        entries.empty() ? SourceConditions{} : entries.back().conditions};
  change(entry.conditions);
  entries.push_back(std::move(entry));
}

void SourceLog::AddNote(const store::SourceNote& note, base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  SetConditions(note.source, recorded_at, [&](SourceConditions& conditions) {
    const bool paused = note.condition == store::SourceCondition::kPaused;
    const bool failing = note.condition == store::SourceCondition::kFailing;
    auto& target = paused ? conditions.paused : failing ? conditions.failing : conditions.drifting;
    if (paused && !note.begins) conditions.resumed_at = note.at;
    if (!note.begins) {
      target = std::nullopt;
      return;
    }
    // Another reason is another word for the same trouble.
    const base::Timestamp since = target ? target->since : note.at;
    target = SourceTrouble{since, note.reason, note.message, note.by, std::nullopt};
  });
}

SourceConditions SourceLog::ConditionsAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const ConditionsEntry* entry = FindEntry(conditions_, source, moment);
  return entry == nullptr ? SourceConditions{} : entry->conditions;
}

void SourceLog::Follow(std::string_view source, base::Timestamp from, base::Timestamp to,
                       const Visit& visit) const {
  const std::shared_lock lock(mutex_);
  const auto heard = EntriesBetween(entries_, source, from, to);
  const auto said = EntriesBetween(conditions_, source, from, to);
  SourceFacts facts = heard.before == nullptr ? SourceFacts{} : heard.before->facts;
  SourceConditions conditions =
      said.before == nullptr ? SourceConditions{} : said.before->conditions;
  visit(from, facts, conditions);
  auto next_heard = heard.entries.begin();
  auto next_said = said.entries.begin();
  while (next_heard != heard.entries.end() || next_said != said.entries.end()) {
    const bool is_heard =
        next_said == said.entries.end() ||
        (next_heard != heard.entries.end() && next_heard->recorded_at <= next_said->recorded_at);
    const base::Timestamp at = is_heard ? next_heard->recorded_at : next_said->recorded_at;
    if (is_heard) {
      facts = (next_heard++)->facts;
    } else {
      conditions = (next_said++)->conditions;
    }
    visit(at, facts, conditions);
  }
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
