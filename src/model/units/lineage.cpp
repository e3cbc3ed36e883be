#include "model/units/lineage.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/units/lineage_faults.h"

namespace fansipan::model {
namespace {

constexpr std::array<std::pair<LineageKind, std::string_view>, 9> kKinds = {{
    {LineageKind::kMerge, "merge"},
    {LineageKind::kSplit, "split"},
    {LineageKind::kPart, "part"},
    {LineageKind::kRename, "rename"},
    {LineageKind::kRecode, "recode"},
    {LineageKind::kStatus, "status"},
    {LineageKind::kParent, "parent"},
    {LineageKind::kFounding, "founding"},
    {LineageKind::kEnd, "end"},
}};

using Amount = std::optional<Decimal>;

/// Adds to what a unit holds; once a part of it is unknown, the whole is.
void AddAmount(Lineage::Amounts& amounts, UnitId unit, const Amount& amount) {
  const auto [place, added] = amounts.try_emplace(unit, amount);
  if (added) return;
  Amount& held = place->second;
  held = held && amount ? Add(*held, *amount) : Amount();
}

Amount Part(const Amount& whole, const Amount& share) {
  if (!whole || !share) return std::nullopt;
  const auto part = Multiply(whole->Normalized(), share->Normalized());
  return part ? Amount(part->Normalized()) : Amount();
}

Amount Less(const Amount& whole, const Amount& part) {
  return whole && part ? Subtract(*whole, *part) : Amount();
}

bool Involves(const LineageEvent& event, UnitId unit) {
  return event.from == unit || event.to == unit;
}

}  // namespace

std::string_view NameOf(LineageKind kind) {
  const auto* const found = std::ranges::find(kKinds, kind, &decltype(kKinds)::value_type::first);
  return found == kKinds.end() ? std::string_view() : found->second;
}

std::optional<LineageKind> FindLineageKind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &decltype(kKinds)::value_type::second);
  return found == kKinds.end() ? std::nullopt : std::optional(found->first);
}

bool HandsOn(LineageKind kind) {
  return kind == LineageKind::kMerge || kind == LineageKind::kSplit || kind == LineageKind::kPart;
}

std::vector<LineageFault> Lineage::FindFaults(const UnitTree& tree,
                                              const std::vector<LineageEvent>& events) {
  return FindLineageFaults(tree, events);
}

base::Result<Lineage> Lineage::Build(const UnitTree& tree, std::vector<LineageEvent> events) {
  for (const LineageFault& fault : FindFaults(tree, events)) {
    return base::Error{base::ErrorCode::kInvalidArgument, fault.reason, fault.message};
  }
  std::ranges::stable_sort(events, {}, &LineageEvent::day);
  Lineage lineage;
  for (const LineageEvent& event : events) {
    if (!HandsOn(event.kind)) continue;
    Division& division = lineage.divisions_[event.day][event.from];
    division.goes_on = event.kind == LineageKind::kPart;
    division.parts.push_back({event.to, event.share, event.kind == LineageKind::kMerge});
  }
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    lineage.days_.emplace_back(tree.Get({i}).valid_from, tree.Get({i}).valid_to);
  }
  lineage.events_ = std::move(events);
  return lineage;
}

bool Lineage::ExistsOn(UnitId unit, Date day) const {
  if (unit.value >= days_.size()) return false;
  const auto& [first, end] = days_[unit.value];
  return first <= day && (!end || day < *end);
}

std::vector<std::size_t> Lineage::EventsOf(UnitId unit) const {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (Involves(events_[i], unit)) indexes.push_back(i);
  }
  return indexes;
}

void Lineage::HandOn(const Division& division, UnitId from, const std::optional<Decimal>& amount,
                     Amounts& after) {
  const std::vector<Transfer>& parts = division.parts;
  const auto unstated = [](const Transfer& part) { return !part.whole && !part.share; };
  const auto open = std::ranges::count_if(parts, unstated);
  // Of a split, the only part without a stated share takes what the others leave; where all are
  // stated, the last one does, so that rounding loses nothing.
  std::size_t taker = parts.size();
  if (!division.goes_on && open <= 1) {
    const auto found = std::ranges::find_if(parts, unstated);
    taker = static_cast<std::size_t>(found - parts.begin()) - (found == parts.end() ? 1 : 0);
  }
  Amount left = amount;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i == taker) continue;
    const Amount part = Part(amount, parts[i].share);
    left = Less(left, part);
    AddAmount(after, parts[i].to, part);
  }
  if (taker < parts.size()) AddAmount(after, parts[taker].to, left);
  if (division.goes_on) AddAmount(after, from, left);
}

Lineage::Amounts Lineage::Carry(Amounts amounts, Date from, Date to) const {
  const auto end = divisions_.upper_bound(to);
  for (auto day = divisions_.upper_bound(from); day != end && from < to; ++day) {
    Amounts after;
    for (const auto& [unit, amount] : amounts) {
      const auto division = day->second.find(unit);
      if (division == day->second.end()) {
        AddAmount(after, unit, amount);
      } else {
        HandOn(division->second, unit, amount, after);
      }
    }
    amounts = std::move(after);
  }
  return amounts;
}

std::vector<Holding> Lineage::Trace(UnitId unit, Date from, Date to) const {
  if (to < from) return TraceBack(unit, from, to);
  const Decimal whole = Decimal::FromInteger(1);
  const Amounts amounts = Carry({{unit, whole}}, from, to);
  std::vector<Holding> holdings;
  for (const auto& [holder, share] : amounts) {
    if (share && share->is_zero()) continue;
    holdings.push_back({holder, share ? Amount(share->Normalized()) : Amount()});
  }
  // However it was divided on the way: who holds all of it holds the whole.
  if (holdings.size() == 1) holdings.front().share = whole;
  return holdings;
}

std::vector<Holding> Lineage::TraceContent(const UnitTree& tree, UnitId unit, Date from,
                                           Date to) const {
  std::vector<Holding> direct = Trace(unit, from, to);
  const bool held = std::ranges::all_of(
      direct, [&](const Holding& holding) { return ExistsOn(holding.unit, to); });
  if (held && !direct.empty()) return direct;
  std::map<UnitId, bool> holders;
  AddContent(tree, unit, from, to, holders);
  std::vector<Holding> holdings;
  holdings.reserve(holders.size());
  for (const auto& [holder, whole] : holders) holdings.push_back({holder, std::nullopt});
  if (holdings.size() == 1 && holders.begin()->second) {
    holdings.front().share = Decimal::FromInteger(1);
  }
  return holdings;
}

// `whole` stays true for a holder that has all of what it holds a part of.
void Lineage::AddContent(const UnitTree& tree, UnitId unit, Date from, Date to,
                         std::map<UnitId, bool>& holders) const {
  for (const UnitId child : tree.ChildrenOn(unit, from)) {
    for (const Holding& holding : Trace(child, from, to)) {
      if (!ExistsOn(holding.unit, to)) {
        AddContent(tree, child, from, to, holders);
        continue;
      }
      const bool whole = holding.share == Decimal::FromInteger(1);
      const auto [place, added] = holders.emplace(holding.unit, whole);
      place->second = place->second && whole;
    }
  }
}

std::optional<UnitId> Lineage::FindHeir(UnitId unit) const {
  const std::optional<Date> end = days_[unit.value].second;
  if (!end) return std::nullopt;
  const std::vector<Holding> holdings = Trace(unit, *end - std::chrono::days(1), *end);
  if (holdings.size() != 1 || !ExistsOn(holdings.front().unit, *end)) return std::nullopt;
  return holdings.front().unit;
}

std::vector<UnitCode> Lineage::InheritedCodes(const UnitTree& tree) const {
  std::map<std::pair<std::string, std::string>, std::vector<Date>> begins;
  for (const UnitCode& code : tree.codes()) {
    begins[{code.system, code.code}].push_back(code.valid_from);
  }
  std::vector<UnitCode> inherited;
  for (const UnitCode& code : tree.codes()) {
    if (!code.valid_to || code.valid_to != tree.Get(code.unit).valid_to) continue;
    std::optional<Date> reused;
    for (const Date begin : begins[{code.system, code.code}]) {
      if (begin >= *code.valid_to && (!reused || begin < *reused)) reused = begin;
    }
    UnitCode next = code;
    next.inherited = true;
    for (auto heir = FindHeir(code.unit); heir; heir = FindHeir(next.unit)) {
      next.unit = *heir;
      next.valid_from = *next.valid_to;
      next.valid_to = tree.Get(*heir).valid_to;
      if (reused && (!next.valid_to || *next.valid_to > *reused)) next.valid_to = reused;
      if (next.valid_to && *next.valid_to <= next.valid_from) break;
      inherited.push_back(next);
      if (!next.valid_to || next.valid_to == reused) break;
    }
  }
  return inherited;
}

std::vector<Holding> Lineage::TraceBack(UnitId unit, Date from, Date to) const {
  std::set<UnitId> held{unit};
  const auto earliest = divisions_.upper_bound(to);
  for (auto day = divisions_.upper_bound(from); day != earliest;) {
    --day;
    std::set<UnitId> before = held;
    for (const auto& [giver, division] : day->second) {
      const auto to_held = [&](const Transfer& part) { return held.contains(part.to); };
      if (std::ranges::any_of(division.parts, to_held)) before.insert(giver);
    }
    held = std::move(before);
  }
  std::vector<Holding> holdings;
  for (const UnitId origin : held) {
    if (!ExistsOn(origin, to)) continue;
    for (const Holding& holding : Trace(origin, to, from)) {
      if (holding.unit == unit) holdings.push_back({origin, holding.share});
    }
  }
  return holdings;
}

}  // namespace fansipan::model
