#include "model/unit.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "model/spelling/edit_distance.h"
#include "model/spelling/folding.h"
#include "model/units/unit_validity.h"

namespace fansipan::model {
namespace {

constexpr std::size_t kMaxSearchBytes = 200;

base::Error Refuse(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

std::string ForeignKey(std::string_view system, std::string_view code) {
  std::string key;
  key.reserve(system.size() + 1 + code.size());
  key += system;
  key += '\0';
  key += code;
  return key;
}

bool MeansItsUnitOn(const UnitCode& code, Date day) {
  return code.valid_from <= day && (!code.valid_to || day < *code.valid_to);
}

bool Overlap(const UnitCode& left, const UnitCode& right) {
  return (!left.valid_to || right.valid_from < *left.valid_to) &&
         (!right.valid_to || left.valid_from < *right.valid_to);
}

base::Result<std::unordered_map<std::string, UnitId>> IndexByCode(const std::vector<Unit>& units) {
  std::unordered_map<std::string, UnitId> by_code;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (!by_code.emplace(units[i].code, UnitId{static_cast<std::uint32_t>(i)}).second) {
      return Refuse("duplicate_code", "unit code '" + units[i].code +
                                          "' stands twice; give every unit a code of its own");
    }
  }
  return by_code;
}

/// Whether the unit that has no parent goes on longer than the other.
bool OutlastsEnd(const std::optional<Date>& end, const std::optional<Date>& other) {
  return other && (!end || *end > *other);
}

base::Result<UnitId> FindRoot(const std::vector<Unit>& units) {
  UnitId root = kNoUnit;
  UnitId rival = kNoUnit;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const UnitId id{static_cast<std::uint32_t>(i)};
    const UnitId parent = units[i].parent;
    if (parent != kNoUnit && parent.value >= units.size()) {
      return Refuse("unknown_parent",
                    "unit '" + units[i].code + "' names a parent that is not among the units");
    }
    if (parent != kNoUnit) continue;
    if (root == kNoUnit || OutlastsEnd(units[i].valid_to, units[root.value].valid_to)) {
      root = id;
      rival = kNoUnit;
    } else if (units[i].valid_to == units[root.value].valid_to) {
      rival = id;
    }
  }
  if (root == kNoUnit) {
    const std::string first = units.empty() ? "" : " (the first is '" + units[0].code + "')";
    return Refuse("no_root", "none of the " + std::to_string(units.size()) + " units" + first +
                                 " is without a parent; exactly one unit must be");
  }
  if (rival != kNoUnit) {
    return Refuse("no_root", "units '" + units[root.value].code + "' and '" +
                                 units[rival.value].code +
                                 "' both have no parent and end together or not at all; exactly "
                                 "one unit without a parent lasts longest");
  }
  return root;
}

/// A unit's states from its own fields where none are given.
void CompleteStates(Unit& unit) {
  if (unit.states.empty()) {
    unit.states.push_back({unit.valid_from, unit.level, unit.name, unit.full_name, unit.parent});
  }
}

/// How far a folded candidate is from a folded search text: what contains it is as near as one
/// edit.
std::size_t DistanceTo(std::string_view wanted, std::string_view candidate) {
  const std::string folded = FoldForSearch(candidate.substr(0, kMaxSearchBytes));
  if (!wanted.empty() && folded != wanted && folded.find(wanted) != std::string::npos) return 1;
  return EditDistance(wanted, folded);
}

std::size_t DistanceTo(std::string_view wanted, const Unit& unit) {
  std::size_t nearest = DistanceTo(wanted, unit.code);
  for (const LocalizedText* names : {&unit.name, &unit.full_name}) {
    for (const auto& [language, name] : *names) {
      nearest = std::min(nearest, DistanceTo(wanted, name));
    }
  }
  return nearest;
}

}  // namespace

std::string_view NameOf(TreeKind kind) {
  switch (kind) {
    case TreeKind::kTerritory:
      return "territory";
    case TreeKind::kOrganisation:
      return "organisation";
  }
  return "";
}

base::Result<UnitTree> UnitTree::Build(TreeKind kind, std::vector<Unit> units,
                                       std::vector<UnitCode> codes) {
  UnitTree tree;
  tree.kind_ = kind;
  FANSIPAN_ASSIGN_OR_RETURN(tree.by_code_, IndexByCode(units));
  FANSIPAN_ASSIGN_OR_RETURN(tree.root_, FindRoot(units));
  for (Unit& unit : units) CompleteStates(unit);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].parent == kNoUnit && i != tree.root_.value) units[i].parent = tree.root_;
  }
  tree.units_ = std::move(units);
  tree.children_.resize(tree.units_.size());
  for (std::size_t i = 0; i < tree.units_.size(); ++i) {
    const UnitId parent = tree.units_[i].parent;
    if (parent == kNoUnit) continue;
    tree.children_[parent.value].push_back(UnitId{static_cast<std::uint32_t>(i)});
  }
  FANSIPAN_RETURN_IF_ERROR(tree.CheckReachable());
  for (const UnitFault& fault : FindUnitFaults(tree.units_)) {
    return Refuse(fault.reason, "unit '" + tree.Get(fault.unit).code + "': " + fault.message);
  }
  tree.IndexChildrenOfStates();
  tree.codes_ = std::move(codes);
  FANSIPAN_RETURN_IF_ERROR(tree.IndexForeignCodes());
  return tree;
}

base::Status UnitTree::CheckReachable() const {
  std::vector<bool> reached(units_.size(), false);
  for (const UnitId id : SubtreeOf(root_)) reached[id.value] = true;
  for (std::size_t i = 0; i < units_.size(); ++i) {
    if (reached[i]) continue;
    return Refuse("cycle", "unit '" + units_[i].code +
                               "' does not lie below the root: its parents form a circle");
  }
  return {};
}

void UnitTree::IndexChildrenOfStates() {
  children_of_states_.resize(units_.size());
  for (std::uint32_t i = 0; i < units_.size(); ++i) {
    for (const UnitState& state : units_[i].states) {
      if (state.parent == kNoUnit) continue;
      std::vector<UnitId>& children = children_of_states_[state.parent.value];
      if (children.empty() || children.back() != UnitId{i}) children.push_back({i});
    }
  }
}

base::Status UnitTree::IndexForeignCodes() {
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    const UnitCode& code = codes_[i];
    if (code.unit.value >= units_.size()) {
      return Refuse("unknown_unit", "code '" + code.code + "' of system '" + code.system +
                                        "' means a unit that is not among the units");
    }
    std::vector<std::size_t>& same = by_foreign_code_[ForeignKey(code.system, code.code)];
    for (const std::size_t other : same) {
      if (!Overlap(code, codes_[other])) continue;
      return Refuse("overlapping_codes",
                    "code '" + code.code + "' of system '" + code.system + "' means '" +
                        units_[codes_[other].unit.value].code + "' and '" +
                        units_[code.unit.value].code +
                        "' on the same day; end the one before the other begins");
    }
    same.push_back(i);
  }
  return {};
}

base::Status UnitTree::AddCodes(std::vector<UnitCode> codes) {
  codes_.insert(codes_.end(), std::make_move_iterator(codes.begin()),
                std::make_move_iterator(codes.end()));
  by_foreign_code_.clear();
  return IndexForeignCodes();
}

bool UnitTree::IsValidOn(UnitId id, Date day) const {
  const Unit& unit = units_[id.value];
  return unit.valid_from <= day && (!unit.valid_to || day < *unit.valid_to);
}

Date UnitTree::NearestDayOf(UnitId id, Date day) const {
  const Unit& unit = units_[id.value];
  if (unit.valid_to && day >= *unit.valid_to) day = *unit.valid_to - std::chrono::days(1);
  return std::max(day, unit.valid_from);
}

const UnitState* UnitTree::FindStateOn(UnitId id, Date day) const {
  if (!IsValidOn(id, day)) return nullptr;
  const std::vector<UnitState>& states = units_[id.value].states;
  const auto later = std::ranges::upper_bound(states, day, {}, &UnitState::valid_from);
  return later == states.begin() ? nullptr : &*std::prev(later);
}

std::vector<UnitId> UnitTree::UnitsOn(Date day) const {
  std::vector<UnitId> units;
  for (std::uint32_t i = 0; i < units_.size(); ++i) {
    if (IsValidOn({i}, day)) units.push_back({i});
  }
  return units;
}

std::vector<UnitId> UnitTree::ChildrenOn(UnitId id, Date day) const {
  const Date nearest = NearestDayOf(id, day);
  std::vector<UnitId> children;
  for (const UnitId child : children_of_states_[id.value]) {
    const UnitState* state = FindStateOn(child, nearest);
    if (state != nullptr && state->parent == id) children.push_back(child);
  }
  return children;
}

std::vector<UnitId> UnitTree::PathOn(UnitId id, Date day) const {
  const Date nearest = NearestDayOf(id, day);
  std::vector<UnitId> path;
  while (id != kNoUnit) {
    path.push_back(id);
    const UnitState* state = FindStateOn(id, nearest);
    id = state == nullptr ? kNoUnit : state->parent;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<UnitId> UnitTree::FindByCode(std::string_view code) const {
  const auto found = by_code_.find(std::string(code));
  if (found == by_code_.end()) return std::nullopt;
  return found->second;
}

std::optional<UnitId> UnitTree::Resolve(std::string_view system, std::string_view code,
                                        Date day) const {
  const auto found = by_foreign_code_.find(ForeignKey(system, code));
  if (found == by_foreign_code_.end()) return std::nullopt;
  for (const std::size_t index : found->second) {
    if (MeansItsUnitOn(codes_[index], day)) return codes_[index].unit;
  }
  return std::nullopt;
}

bool UnitTree::KnowsCode(std::string_view system, std::string_view code) const {
  return by_foreign_code_.contains(ForeignKey(system, code));
}

bool UnitTree::EverEnds(std::string_view system, std::string_view code) const {
  if (system.empty()) {
    const std::optional<UnitId> unit = FindByCode(code);
    return unit && Get(*unit).valid_to;
  }
  const auto found = by_foreign_code_.find(ForeignKey(system, code));
  return found != by_foreign_code_.end() &&
         std::ranges::any_of(found->second, [&](std::size_t index) {
           return !codes_[index].inherited && codes_[index].valid_to;
         });
}

std::optional<Date> UnitTree::EndOfCode(std::string_view system, std::string_view code,
                                        Date day) const {
  if (system.empty()) {
    const std::optional<UnitId> unit = FindByCode(code);
    const std::optional<Date> end = unit ? Get(*unit).valid_to : std::nullopt;
    return end && *end <= day ? end : std::nullopt;
  }
  const auto found = by_foreign_code_.find(ForeignKey(system, code));
  if (found == by_foreign_code_.end()) return std::nullopt;
  std::optional<Date> ended;
  for (const std::size_t index : found->second) {
    const UnitCode& known = codes_[index];
    if (known.inherited || known.valid_from > day) continue;
    if (!known.valid_to || *known.valid_to > day) return std::nullopt;
    ended = std::max(ended.value_or(*known.valid_to), *known.valid_to);
  }
  return ended;
}

std::vector<UnitId> UnitTree::SubtreeOf(UnitId id) const {
  std::vector<UnitId> subtree{id};
  for (std::size_t i = 0; i < subtree.size(); ++i) {
    const std::vector<UnitId>& children = children_[subtree[i].value];
    subtree.insert(subtree.end(), children.begin(), children.end());
  }
  return subtree;
}

bool UnitTree::IsWithin(UnitId unit, UnitId ancestor) const {
  while (unit != ancestor && unit != kNoUnit) unit = units_[unit.value].parent;
  return unit == ancestor;
}

std::vector<UnitId> UnitTree::PathTo(UnitId id) const {
  std::vector<UnitId> path;
  for (; id != kNoUnit; id = units_[id.value].parent) path.push_back(id);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<UnitCode> UnitTree::CodesWithin(UnitId id, std::string_view system) const {
  std::vector<UnitCode> within;
  for (const UnitCode& code : codes_) {
    if (code.system == system && IsWithin(code.unit, id)) within.push_back(code);
  }
  return within;
}

std::vector<UnitId> UnitTree::Nearest(std::string_view text, std::size_t count) const {
  const std::string wanted = FoldForSearch(text.substr(0, kMaxSearchBytes));
  std::vector<std::pair<std::size_t, std::uint32_t>> ranked;
  ranked.reserve(units_.size());
  for (std::size_t i = 0; i < units_.size(); ++i) {
    ranked.emplace_back(DistanceTo(wanted, units_[i]), static_cast<std::uint32_t>(i));
  }
  std::sort(ranked.begin(), ranked.end());
  ranked.resize(std::min(count, ranked.size()));
  std::vector<UnitId> nearest;
  nearest.reserve(ranked.size());
  for (const auto& [distance, index] : ranked) nearest.push_back(UnitId{index});
  return nearest;
}

}  // namespace fansipan::model
