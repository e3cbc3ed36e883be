#include "model/units/lineage_faults.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/units/unit_validity.h"

namespace fansipan::model {
namespace {

constexpr std::chrono::days kOneDay{1};

std::string TextOf(Date day) { return ToText(Value(day)); }

class LineageFaultFinder {
 public:
  LineageFaultFinder(const UnitTree& tree, const std::vector<LineageEvent>& events)
      : tree_(tree), events_(events) {}

  std::vector<LineageFault> Find() && {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (CheckUnits(i)) CheckDays(i);
      CheckRepeated(i);
    }
    if (!faults_.empty()) return std::move(faults_);
    for (const auto& [key, parts] : DivisionsOf()) CheckDivision(parts);
    for (std::size_t i = 0; i < events_.size(); ++i) CheckChange(i);
    // An event on a wrong day would be told twice, as its change is then without an event.
    if (!faults_.empty()) return std::move(faults_);
    for (std::uint32_t i = 0; i < tree_.size(); ++i) CheckExplained({i});
    return std::move(faults_);
  }

 private:
  using Divisions = std::map<std::pair<Date, UnitId>, std::vector<std::size_t>>;

  std::string Name(UnitId id) const { return "'" + tree_.Get(id).code + "'"; }

  void Add(std::string reason, std::size_t event, std::string message) {
    faults_.push_back({std::move(reason), event, kNoUnit, 0, std::move(message)});
  }

  // False when the units that the kind needs are not there.
  bool CheckUnits(std::size_t index) {
    const LineageEvent& event = events_[index];
    const std::string kind(NameOf(event.kind));
    const bool needs_from = event.kind != LineageKind::kFounding;
    const bool needs_to = HandsOn(event.kind) || event.kind == LineageKind::kFounding;
    const std::size_t before = faults_.size();
    if ((event.from != kNoUnit) != needs_from) {
      Add("wrong_units", index,
          "'" + kind + "' " + (needs_from ? "needs" : "has no") + " unit 'from'");
    }
    if ((event.to != kNoUnit) != needs_to) {
      Add("wrong_units", index, "'" + kind + "' " + (needs_to ? "needs" : "has no") + " unit 'to'");
    }
    if (needs_from && needs_to && event.from == event.to) {
      Add("wrong_units", index, "a unit hands nothing on to itself");
    }
    const bool may_share = event.kind == LineageKind::kSplit || event.kind == LineageKind::kPart;
    if ((event.share || event.rest) && !may_share) {
      Add("wrong_share", index, "only 'split' and 'part' have a share; '" + kind + "' has none");
    }
    if (event.rest && event.kind == LineageKind::kPart) {
      Add("wrong_share", index,
          "what is left over stays with " + Name(event.from) +
              ", which goes on; name the share, or leave it empty where it is unknown");
    }
    CheckShare(index);
    return faults_.size() == before;
  }

  void CheckShare(std::size_t index) {
    const std::optional<Decimal>& share = events_[index].share;
    if (!share) return;
    if (*share > Decimal() && *share < Decimal::FromInteger(1)) return;
    Add("wrong_share", index,
        "the share is " + share->ToText() + "; a part is more than 0 and less than 1");
  }

  void CheckDays(std::size_t index) {
    const LineageEvent& event = events_[index];
    const Date day = event.day;
    if (event.from != kNoUnit && !tree_.IsValidOn(event.from, day - kOneDay)) {
      Add("wrong_day", index,
          Name(event.from) + " does not exist on the day before " + TextOf(day));
      return;
    }
    if (event.to != kNoUnit && !tree_.IsValidOn(event.to, day)) {
      const bool ends = tree_.Get(event.to).valid_to == day;
      Add("wrong_day", index,
          Name(event.to) + " does not exist on " + TextOf(day) +
              (ends ? ", since it ends that day; name the unit that goes on" : ""));
      return;
    }
    const bool ends = event.kind == LineageKind::kMerge || event.kind == LineageKind::kSplit ||
                      event.kind == LineageKind::kEnd;
    if (ends && tree_.Get(event.from).valid_to != day) {
      Add("wrong_day", index,
          "by this event " + Name(event.from) + " ends on " + TextOf(day) +
              ", but its 'valid_to' says otherwise");
    } else if (!ends && event.from != kNoUnit && !tree_.IsValidOn(event.from, day)) {
      Add("wrong_day", index,
          Name(event.from) + " ends on " + TextOf(day) + "; by '" +
              std::string(NameOf(event.kind)) + "' it would go on");
    } else if (event.kind == LineageKind::kFounding && tree_.Get(event.to).valid_from != day) {
      Add("wrong_day", index, Name(event.to) + " does not begin on " + TextOf(day));
    }
  }

  void CheckRepeated(std::size_t index) {
    const LineageEvent& event = events_[index];
    begun_.emplace(event.day, event.to);
    const auto key = std::tuple(event.day, event.kind, event.from, event.to, event.system);
    if (!seen_.insert(key).second) Add("repeated_event", index, "the same event is told before");
  }

  Divisions DivisionsOf() const {
    Divisions divisions;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const bool divides = HandsOn(events_[i].kind) || events_[i].kind == LineageKind::kEnd;
      if (divides) divisions[{events_[i].day, events_[i].from}].push_back(i);
    }
    return divisions;
  }

  // All that one unit hands on on one day.
  void CheckDivision(const std::vector<std::size_t>& parts) {
    const LineageEvent& first = events_[parts.front()];
    for (const std::size_t index : parts) {
      if (events_[index].kind == first.kind) continue;
      Add("wrong_units", index,
          Name(first.from) + " has a '" + std::string(NameOf(first.kind)) + "' on the same day; " +
              "a unit is merged, split, ended, or loses parts, one of these on a day");
      return;
    }
    const bool once = first.kind == LineageKind::kMerge || first.kind == LineageKind::kEnd;
    if (once && parts.size() > 1) {
      Add("wrong_units", parts[1],
          Name(first.from) + " goes whole to one unit; what is divided is a 'split'");
    } else if (first.kind == LineageKind::kSplit && parts.size() == 1) {
      Add("part_nowhere", parts[0],
          Name(first.from) + " is split, but only one part is told; the rest would be nowhere");
    } else if (!once) {
      CheckSum(parts);
    } else if (first.kind == LineageKind::kEnd) {
      CheckEnd(parts[0]);
    }
  }

  void CheckSum(const std::vector<std::size_t>& parts) {
    const Decimal whole = Decimal::FromInteger(1);
    Decimal sum;
    std::size_t open = 0;
    std::size_t rests = 0;
    for (const std::size_t index : parts) {
      const LineageEvent& event = events_[index];
      if (!event.share) ++open;
      if (event.rest && ++rests > 1) {
        Add("wrong_share", index, "only one part of a split takes what the others leave");
        return;
      }
      if (event.share) sum = model::Add(sum, *event.share).value_or(whole);
    }
    const bool split = events_[parts[0]].kind == LineageKind::kSplit;
    const std::string told =
        "the shares of " + Name(events_[parts[0]].from) + " add up to " + sum.Normalized().ToText();
    if (split && open == 0 && sum < whole) {
      Add("part_nowhere", parts.back(), told + "; the rest would be nowhere");
    } else if (sum > whole || (sum == whole && (open > 0 || !split))) {
      Add("wrong_share", parts.back(), told + ", so nothing is left for the others");
    }
  }

  // A unit may just end when others lay below it, for these go on by events of their own, and an
  // agency may hand its work to nobody. Ground does not vanish.
  void CheckEnd(std::size_t index) {
    const LineageEvent& event = events_[index];
    if (tree_.kind() != TreeKind::kTerritory) return;
    if (!tree_.ChildrenOn(event.from, event.day - kOneDay).empty()) return;
    Add("part_nowhere", index,
        Name(event.from) +
            " has nothing below it and ends without going to any unit; its area "
            "would be nowhere. Say where it goes: 'merge' or 'split'");
  }

  void CheckChange(std::size_t index) {
    const LineageEvent& event = events_[index];
    if (event.kind == LineageKind::kRecode) {
      if (HasRecode(event)) return;
      Add("no_such_change", index,
          "codes.csv has no code of '" + event.system + "' that ends for " + Name(event.from) +
              " on " + TextOf(event.day) + ", with another one that begins on that day");
      return;
    }
    const bool changes = event.kind == LineageKind::kRename || event.kind == LineageKind::kStatus ||
                         event.kind == LineageKind::kParent;
    if (!changes) return;
    const UnitState* before = tree_.FindStateOn(event.from, event.day - kOneDay);
    const UnitState* after = tree_.FindStateOn(event.from, event.day);
    if (ChangesOf(*before, *after).contains(event.kind)) return;
    Add("no_such_change", index,
        "units.csv says the same of " + Name(event.from) + " before and after " +
            TextOf(event.day) + "; give the new state a row of its own there");
  }

  bool HasRecode(const LineageEvent& event) const {
    bool ends = false;
    bool begins = false;
    for (const UnitCode& code : tree_.codes()) {
      if (code.unit != event.from || code.system != event.system) continue;
      ends = ends || code.valid_to == event.day;
      begins = begins || code.valid_from == event.day;
    }
    return ends && begins;
  }

  static std::set<LineageKind> ChangesOf(const UnitState& before, const UnitState& after) {
    std::set<LineageKind> changes;
    if (before.name != after.name) changes.insert(LineageKind::kRename);
    // The long name says the status too ("Xã …", "Phường …"), so either event explains it.
    if (before.full_name != after.full_name && before.level == after.level) {
      changes.insert(LineageKind::kRename);
    }
    if (before.full_name != after.full_name || before.level != after.level) {
      changes.insert(LineageKind::kStatus);
    }
    if (before.parent != after.parent) changes.insert(LineageKind::kParent);
    return changes;
  }

  bool HasEvent(LineageKind kind, Date day, UnitId from) const {
    const auto found = seen_.lower_bound({day, kind, from, UnitId{}, ""});
    return found != seen_.end() && std::get<Date>(*found) == day &&
           std::get<LineageKind>(*found) == kind && std::get<2>(*found) == from;
  }

  void Unexplained(UnitId unit, std::size_t state, std::string message) {
    faults_.push_back({"unexplained", std::nullopt, unit, state, std::move(message)});
  }

  void CheckExplained(UnitId id) {
    const Unit& unit = tree_.Get(id);
    CheckBeginning(id);
    for (std::size_t i = 1; i < unit.states.size(); ++i) CheckStateExplained(id, i);
    if (!unit.valid_to) return;
    const Date day = *unit.valid_to;
    const bool told = HasEvent(LineageKind::kMerge, day, id) ||
                      HasEvent(LineageKind::kSplit, day, id) ||
                      HasEvent(LineageKind::kEnd, day, id);
    if (told) return;
    Unexplained(id, unit.states.size() - 1,
                Name(id) + " ends on " + TextOf(day) +
                    ", and no event of that day says where it goes: 'merge', 'split' or 'end'");
    faults_.back().at_end = true;
  }

  // What was there when the tables begin needs no event.
  void CheckBeginning(UnitId id) {
    const Date day = tree_.Get(id).valid_from;
    if (events_.empty() || day <= EarliestDay()) return;
    if (begun_.contains({day, id})) return;
    Unexplained(id, 0,
                Name(id) + " begins on " + TextOf(day) +
                    ", and no event of that day says what it was made of, or that it was founded");
  }

  Date EarliestDay() {
    if (!earliest_) {
      earliest_ = Date::max();
      for (std::uint32_t i = 0; i < tree_.size(); ++i) {
        earliest_ = std::min(*earliest_, tree_.Get({i}).valid_from);
      }
    }
    return *earliest_;
  }

  void CheckStateExplained(UnitId id, std::size_t index) {
    const Unit& unit = tree_.Get(id);
    const UnitState& before = unit.states[index - 1];
    const UnitState& after = unit.states[index];
    const auto told = [&](LineageKind kind) { return HasEvent(kind, after.valid_from, id); };
    std::string missing;
    const auto require = [&](bool changed, bool explained, std::string_view kind) {
      if (changed && !explained)
        missing += (missing.empty() ? "'" : ", '") + std::string(kind) + "'";
    };
    const bool renamed = told(LineageKind::kRename);
    const bool raised = told(LineageKind::kStatus);
    require(before.name != after.name, renamed, "rename");
    require(before.level != after.level, raised, "status");
    require(before.full_name != after.full_name && before.name == after.name &&
                before.level == after.level,
            renamed || raised, "status");
    require(before.parent != after.parent, told(LineageKind::kParent), "parent");
    if (missing.empty()) return;
    Unexplained(id, index,
                Name(id) + " changes on " + TextOf(after.valid_from) +
                    ", and no event of that day tells it: " + missing);
  }

  const UnitTree& tree_;
  const std::vector<LineageEvent>& events_;
  std::set<std::tuple<Date, LineageKind, UnitId, UnitId, std::string>> seen_;
  std::set<std::pair<Date, UnitId>> begun_;  ///< units that an event gives something to, or founds
  std::optional<Date> earliest_;
  std::vector<LineageFault> faults_;
};

}  // namespace

std::vector<LineageFault> FindLineageFaults(const UnitTree& tree,
                                            const std::vector<LineageEvent>& events) {
  return LineageFaultFinder(tree, events).Find();
}

}  // namespace fansipan::model
