#include "center/impact.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/value.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMostNames = 12;
constexpr std::chrono::days kDay{1};

std::string ToText(model::Date day) { return model::ToText(model::Value(day)); }

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == kMostNames) return text + " and " + std::to_string(names.size() - i) + " more";
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return text;
}

std::string CodeOf(const model::UnitTree& tree, model::UnitId unit) {
  return unit == model::kNoUnit ? "" : tree.Get(unit).code;
}

auto KeyOf(const model::UnitTree& tree, const model::LineageEvent& event) {
  return std::tuple(event.day, event.kind, CodeOf(tree, event.from), CodeOf(tree, event.to));
}

/// The impacts in one tree.
class TreeImpacts {
 public:
  TreeImpacts(const Center& from, const Center& to, model::TreeKind kind,
              std::vector<Impact>& impacts)
      : center_(to), kind_(kind), tree_(to.TreeOf(kind)), impacts_(impacts) {
    std::set<decltype(KeyOf(tree_, {}))> known;
    for (const auto& event : from.HistoryOf(kind).lineage.events()) {
      known.insert(KeyOf(from.TreeOf(kind), event));
    }
    for (const auto& event : to.HistoryOf(kind).lineage.events()) {
      if (!known.contains(KeyOf(tree_, event))) by_day_[event.day].push_back(&event);
    }
  }

  void Find() {
    for (const auto& [day, events] : by_day_) {
      AddFigures(day, events);
      AddRanks(day, events);
      AddTargets(day, events);
      AddObligations(day);
      AddSourceCodes(day, events);
    }
    if (!by_day_.empty()) {
      Add("right", "roles hold for the whole center and name no unit: no right changes");
    }
  }

 private:
  using Events = std::vector<const model::LineageEvent*>;

  void Add(const std::string& kind, std::string text) {
    impacts_.push_back({kind, std::move(text)});
  }

  bool HasPlaces(const model::Indicator& indicator) const {
    return std::ranges::any_of(model::NamesIn(indicator.formula), [&](const std::string& name) {
      if (const auto* inner = center_.FindIndicator(name)) return HasPlaces(*inner);
      const model::Measure* measure = center_.FindMeasure(name);
      const auto* dataset = measure ? center_.FindDataset(measure->dataset) : nullptr;
      if (dataset == nullptr) return false;
      return kind_ == model::TreeKind::kTerritory ? dataset->territory.has_value()
                                                  : dataset->organisation.has_value();
    });
  }

  void AddFigures(model::Date day, const Events& events) {
    std::map<model::UnitId, std::vector<std::string>> givers;
    std::set<model::UnitId> unstated;  // receivers of a part whose share nobody knows
    for (const auto* event : events) {
      if (!model::HandsOn(event->kind)) continue;
      givers[event->to].push_back(CodeOf(tree_, event->from));
      const auto places = center_.HistoryOf(kind_).lineage.Trace(event->from, day - kDay, day);
      const auto held = std::ranges::find(places, event->to, &model::Holding::unit);
      if (held != places.end() && !held->share) unstated.insert(event->to);
    }
    for (const auto& [unit, from] : givers) {
      std::map<std::string, std::vector<std::string>> by_rule;
      for (const model::Indicator& indicator : center_.indicators) {
        if (HasPlaces(indicator)) {
          by_rule[RuleText(indicator.across_merger, unstated.contains(unit))].push_back(
              indicator.name);
        }
      }
      for (const auto& [rule, names] : by_rule) {
        Add("figure", "of " + CodeOf(tree_, unit) + ", which has of " + Join(from) + " from " +
                          ToText(day) + " on, " + rule + ": " + Join(names));
      }
    }
  }

  static std::string RuleText(const model::MergerRule& rule, bool unstated) {
    if (rule.kind == model::MergerKind::kNotComparable) {
      return "not comparable, the series breaks";
    }
    if (unstated && rule.share.empty()) return "incomplete before that day, a share is not stated";
    std::string text(NameOf(rule.kind));
    if (!rule.weight.empty()) text += " by " + rule.weight;
    if (!rule.share.empty() && unstated) text += ", divided by " + rule.share;
    return text;
  }

  void AddRanks(model::Date day, const Events& events) {
    std::set<model::UnitId> parents;
    for (const auto* event : events) {
      for (const model::UnitId unit : {event->from, event->to}) {
        if (unit == model::kNoUnit) continue;
        for (const model::Date on : {day - kDay, day}) {
          const auto* state = tree_.FindStateOn(unit, on);
          if (state != nullptr && state->parent != model::kNoUnit) parents.insert(state->parent);
        }
      }
    }
    std::vector<std::string> ranked;
    for (const Panel& panel : center_.panels) {
      for (const PanelItem& item : panel.items) {
        if (panel.tree == kind_ && item.kind == "breakdown") {
          ranked.push_back(panel.name + "/" + item.indicator);
        }
      }
    }
    if (ranked.empty()) return;
    for (const model::UnitId parent : parents) {
      const auto count = [&](model::Date on) {
        return tree_.IsValidOn(parent, on) ? tree_.ChildrenOn(parent, on).size() : 0;
      };
      const std::size_t before = count(day - kDay);
      const std::size_t after = count(day);
      Add("rank", "of the units below " + CodeOf(tree_, parent) + ": " + std::to_string(before) +
                      " until " + ToText(day - kDay) + ", then " + std::to_string(after) + ": " +
                      Join(ranked));
    }
  }

  static bool Ends(const model::LineageEvent& event) {
    return event.kind == model::LineageKind::kMerge || event.kind == model::LineageKind::kSplit ||
           event.kind == model::LineageKind::kEnd;
  }

  void AddTargets(model::Date day, const Events& events) {
    for (const model::Indicator& indicator : center_.indicators) {
      std::set<std::string> named;
      for (const model::Target& target : indicator.targets) {
        for (const auto* event : events) {
          if (Ends(*event) && target.unit == CodeOf(tree_, event->from)) named.insert(target.unit);
        }
      }
      if (named.empty()) continue;
      Add("target", "of " + indicator.name + " names units that end on " + ToText(day - kDay) +
                        ": " + Join({named.begin(), named.end()}));
    }
  }

  void AddObligations(model::Date day) {
    const base::LocalTime start(day.time_since_epoch());
    for (const auto& regime : center_.regimes) {
      for (const model::PeriodKind& kind : regime->kinds()) {
        if (!kind.due) continue;
        const model::Period period = model::PeriodContaining(*regime, kind, start);
        const bool within = period.from < start;
        const model::Period told = within ? period : model::Shift(period, -1);
        const auto due = center_.DueAt(told);
        Add("obligation",
            "report " + model::ToText(told) +
                (due ? ", due " + model::ToText(model::Value(due->value)) : "") +
                (within ? ": units change within its period" : ": the last on the old units"));
      }
    }
  }

  std::vector<std::string> SourcesWith(const std::string& system) const {
    std::set<std::string> names;
    for (const Source& source : center_.sources) {
      for (const Mapping& mapping : source.mappings) {
        const auto* dataset = center_.FindDataset(mapping.dataset);
        if (dataset == nullptr) continue;
        const auto& place =
            kind_ == model::TreeKind::kTerritory ? dataset->territory : dataset->organisation;
        if (place && place->code_system == system) names.insert(source.name);
      }
    }
    return {names.begin(), names.end()};
  }

  void AddSourceCodes(model::Date day, const Events& events) {
    std::set<model::UnitId> ended;
    for (const auto* event : events) {
      if (Ends(*event)) ended.insert(event->from);
    }
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> codes;
    for (const model::UnitCode& code : tree_.codes()) {
      if (code.inherited || !ended.contains(code.unit) || code.valid_to != day) continue;
      const auto heir = tree_.Resolve(code.system, code.code, day);
      codes[{code.system, heir ? CodeOf(tree_, *heir) : ""}].push_back(code.code);
    }
    for (const auto& [meaning, list] : codes) {
      const std::vector<std::string> sources = SourcesWith(meaning.first);
      if (sources.empty()) continue;
      Add("source_code",
          "source " + Join(sources) + ": codes of '" + meaning.first + "' " + Join(list) +
              (meaning.second.empty()
                   ? " say no longer where a record belongs; have new ones sent from "
                   : " mean " + meaning.second + " from ") +
              ToText(day) + (meaning.second.empty() ? "" : " on"));
    }
  }

  const Center& center_;
  model::TreeKind kind_;
  const model::UnitTree& tree_;
  std::vector<Impact>& impacts_;
  std::map<model::Date, Events> by_day_;
};

}  // namespace

std::vector<Impact> ImpactsOf(const Center& from, const Center& to) {
  std::vector<Impact> impacts;
  for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    TreeImpacts(from, to, kind, impacts).Find();
  }
  return impacts;
}

}  // namespace fansipan::center
