#include "indicators/source_log.h"

#include <algorithm>
#include <mutex>
#include <span>
#include <utility>

namespace fansipan::indicators {
namespace {

/// Of a source that names old codes in each delivery, a mended replay of one of the youngest ends
/// what that one said.
constexpr std::size_t kKeptOldCodes = 1'000;

void Raise(std::optional<base::Timestamp>& target, std::optional<base::Timestamp> moment) {
  if (moment && (!target || *target < *moment)) target = moment;
}

/// The first entry recorded after the moment.
template <typename Entry>
typename std::vector<Entry>::const_iterator FirstAfter(const std::vector<Entry>& entries,
                                                       base::Timestamp moment) {
  return std::upper_bound(
      entries.begin(), entries.end(), moment,
      [](base::Timestamp at, const Entry& entry) { return at < entry.recorded_at; });
}

template <typename Entry>
const std::vector<Entry>* EntriesIn(
    const std::map<std::string, std::vector<Entry>, std::less<>>& entries,
    std::string_view source) {
  const auto found = entries.find(source);
  return found == entries.end() ? nullptr : &found->second;
}
const std::vector<ConditionsEntry>* EntriesIn(
    const std::map<std::string, ConditionLog, std::less<>>& logs, std::string_view source) {
  const auto found = logs.find(source);
  return found == logs.end() ? nullptr : &found->second.entries();
}

/// The last entry recorded up to the moment.
template <typename Entry>
const Entry* FindEntry(const std::vector<Entry>* entries, base::Timestamp moment) {
  if (entries == nullptr) return nullptr;
  const auto after = FirstAfter(*entries, moment);
  return after == entries->begin() ? nullptr : &*std::prev(after);
}

/// Those after `from`, up to `to`.
template <typename Entry>
std::vector<Entry> EntriesBetween(const std::vector<Entry>* entries, base::Timestamp from,
                                  base::Timestamp to) {
  if (entries == nullptr) return {};
  const auto first = FirstAfter(*entries, from);
  return {first, std::max(first, FirstAfter(*entries, to))};
}

/// Makes `moment` that of the first entry, if that is earlier.
template <typename Entry>
void LowerTo(std::span<const Entry> entries, std::optional<base::Timestamp>& moment) {
  if (entries.empty() || (moment && *moment <= entries.front().recorded_at)) return;
  moment = entries.front().recorded_at;
}

/// Takes the entries up to `moment` from the front; gives the last of them, or null.
template <typename Entry>
const Entry* TakeUpTo(base::Timestamp moment, std::span<const Entry>& entries) {
  const Entry* last = nullptr;
  for (; !entries.empty() && entries.front().recorded_at <= moment; entries = entries.subspan(1)) {
    last = &entries.front();
  }
  return last;
}

bool IsSame(const ContractStanding& left, const ContractStanding& right) {
  return left.incomplete == right.incomplete && left.not_told == right.not_told &&
         left.incomplete_deliveries == right.incomplete_deliveries &&
         left.drifting == right.drifting && left.unusual_volume == right.unusual_volume;
}

}  // namespace

FactsEntry& SourceLog::NextEntry(std::string_view source, base::Timestamp recorded_at) {
  auto& entries = entries_[std::string(source)];
  const SourceFacts before = entries.empty() ? SourceFacts{} : entries.back().facts;
  entries.push_back({recorded_at, before});
  return entries.back();
}

void SourceLog::AddDelivery(const model::Delivery& delivery, base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  NoteOutcome(delivery, recorded_at);
  NoteOldCodes(delivery, recorded_at);
  NoteContract(delivery, recorded_at);
  if (delivery.replay_of) return;
  SourceFacts& facts = NextEntry(delivery.source, recorded_at).facts;
  Raise(facts.last_sign_of_life, delivery.received_at);
  if (delivery.outcome != "accepted") return;
  Raise(facts.received_at, delivery.received_at);
  // A row that speaks of the future says nothing of how far the data reaches.
  const bool told_ahead = delivery.data_as_of && *delivery.data_as_of > delivery.received_at;
  if (!told_ahead) Raise(facts.data_as_of, delivery.data_as_of);
  ++facts.deliveries;
}

/// A replay says anew what its delivery names: a mended mapping may have turned the codes into
/// those of today.
void SourceLog::NoteOldCodes(const model::Delivery& delivery, base::Timestamp recorded_at) {
  if (delivery.outcome != "accepted") return;
  const auto known = old_codes_by_delivery_.find(delivery.source);
  if (!delivery.old_codes && known == old_codes_by_delivery_.end()) return;
  OldCodesByDelivery& sent = old_codes_by_delivery_[delivery.source];
  const model::Sequence own = delivery.replay_of.value_or(delivery.sequence);
  if (delivery.old_codes) {
    sent.insert_or_assign(own, OldCodesSent{*delivery.old_codes, own, delivery.received_at});
    if (sent.size() > kKeptOldCodes) sent.erase(sent.begin());
  } else if (sent.erase(own) == 0) {
    return;
  }
  old_codes_[delivery.source].push_back(
      {recorded_at, sent.empty() ? std::nullopt : std::optional(sent.rbegin()->second)});
}

void SourceLog::NoteContract(const model::Delivery& delivery, base::Timestamp recorded_at) {
  const auto known = contracts_.find(delivery.source);
  if (!delivery.contract && known == contracts_.end()) return;
  auto& entries = contracts_[delivery.source];
  ContractStanding standing = entries.empty() ? ContractStanding() : entries.back().standing;
  const std::shared_ptr<const ContractSent> before = standing.incomplete;
  contract_histories_[delivery.source].Note(delivery, standing);
  if (!entries.empty() && IsSame(entries.back().standing, standing)) return;
  if (before && standing.incomplete != before && !before->facts.control->named.empty()) {
    const auto bare = ContractHistory::WithoutNamed(*before);
    for (auto entry = entries.rbegin();
         entry != entries.rend() && entry->standing.incomplete == before; ++entry) {
      entry->standing.incomplete = bare;
    }
  }
  entries.push_back({recorded_at, std::move(standing)});
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
      const auto& before = conditions.refused;
      conditions.refused = SourceTrouble{before ? before->since : delivery.received_at,
                                         delivery.refusal_reason,
                                         delivery.refusal_message,
                                         {},
                                         delivery.sequence,
                                         before ? before->times + 1 : 1};
    });
    return;
  }
  const auto known = conditions_.find(delivery.source);
  if (known == conditions_.end()) return;
  const auto standing = known->second.Last().refused;
  if (!standing) return;
  const auto refused = standing->delivery;
  if (delivery.replay_of && delivery.replay_of != refused) return;
  SetConditions(delivery.source, recorded_at,
                [](SourceConditions& conditions) { conditions.refused = std::nullopt; });
}

void SourceLog::SetConditions(std::string_view source, base::Timestamp recorded_at,
                              const std::function<void(SourceConditions&)>& change) {
  ConditionLog& log = conditions_[std::string(source)];
  SourceConditions conditions = log.Last();
  change(conditions);
  log.Add(recorded_at, std::move(conditions));
}

void SourceLog::AddNote(const store::SourceNote& note, base::Timestamp recorded_at) {
  const std::unique_lock lock(mutex_);
  SetConditions(note.source, recorded_at, [&](SourceConditions& conditions) {
    const bool paused = note.condition == store::SourceCondition::kPaused;
    auto& target = paused ? conditions.paused : conditions.failing;
    if (paused && !note.begins) conditions.resumed_at = note.at;
    if (!note.begins) {
      target = std::nullopt;
      return;
    }
    // Another reason is another word for the same trouble.
    const base::Timestamp since = target ? target->since : note.at;
    const std::uint64_t times = target ? target->times + 1 : 1;
    target = SourceTrouble{since, note.reason, note.message, note.by, std::nullopt, times};
  });
}

SourceConditions SourceLog::ConditionsAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const ConditionsEntry* entry = FindEntry(EntriesIn(conditions_, source), moment);
  return entry == nullptr ? SourceConditions{} : *entry->conditions;
}

SourceEntries SourceLog::EntriesOf(std::string_view source, base::Timestamp from,
                                   base::Timestamp to) const {
  SourceEntries copied;
  copied.from = from;
  const std::shared_lock lock(mutex_);
  const auto* facts = EntriesIn(entries_, source);
  const auto* conditions = EntriesIn(conditions_, source);
  const auto* contracts = EntriesIn(contracts_, source);
  if (const auto* before = FindEntry(facts, from)) copied.before.facts = before->facts;
  if (const auto* before = FindEntry(conditions, from)) {
    copied.before.conditions = *before->conditions;
  }
  if (const auto* before = FindEntry(contracts, from)) copied.before.contract = before->standing;
  copied.facts = EntriesBetween(facts, from, to);
  copied.conditions = EntriesBetween(conditions, from, to);
  copied.contracts = EntriesBetween(contracts, from, to);
  return copied;
}

void SourceEntries::Follow(const Visit& visit) const {
  std::span<const FactsEntry> heard(facts);
  std::span<const ConditionsEntry> said(conditions);
  std::span<const ContractEntry> shown(contracts);
  SourceKnowledge known = before;
  visit(from, known, 0);
  for (;;) {
    std::optional<base::Timestamp> at;
    LowerTo(heard, at);
    LowerTo(said, at);
    LowerTo(shown, at);
    if (!at) return;
    std::uint64_t left_out = 0;
    for (const ConditionsEntry& entry : said) {
      if (entry.recorded_at > *at) break;
      left_out += entry.left_out;
    }
    if (const auto* last = TakeUpTo(*at, heard)) known.facts = last->facts;
    if (const auto* last = TakeUpTo(*at, said)) known.conditions = *last->conditions;
    if (const auto* last = TakeUpTo(*at, shown)) known.contract = last->standing;
    visit(*at, known, left_out);
  }
}

SourceFacts SourceLog::FactsAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const FactsEntry* entry = FindEntry(EntriesIn(entries_, source), moment);
  return entry == nullptr ? SourceFacts{} : entry->facts;
}

ContractStanding SourceLog::ContractAt(std::string_view source, base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const ContractEntry* entry = FindEntry(EntriesIn(contracts_, source), moment);
  return entry == nullptr ? ContractStanding() : entry->standing;
}

std::optional<OldCodesSent> SourceLog::OldCodesAt(std::string_view source,
                                                  base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  const OldCodesEntry* entry = FindEntry(EntriesIn(old_codes_, source), moment);
  return entry == nullptr ? std::nullopt : entry->sent;
}

}  // namespace fansipan::indicators
