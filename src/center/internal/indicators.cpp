#include "center/internal/indicators.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "center/internal/expressions.h"
#include "center/internal/indicators/merger_rules.h"
#include "center/internal/indicators/targets.h"
#include "center/internal/regimes.h"
#include "center/internal/reported/reported.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMostPlaces = 10'000;
constexpr std::int64_t kMaxDecimals = 9;

// Where an indicator is written, for the checks that need all of them.
struct Entry {
  FileScope scope;
  const YamlNode* node = nullptr;
};

class IndicatorStage {
 public:
  IndicatorStage(Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "indicator '" + entry.key + "'") {
    indicator_.name = entry.key;
  }

  // All but the formula.
  model::Indicator Read(const std::string& system) {
    map_.Allow({"title", "description", "formula", "reported", "additive", "unit_of_measure",
                "decimals", "better", "thresholds", "targets", "pace", "judged_from", "freshness",
                "alarms", "across_territory", "across_merger"});
    indicator_.system = system;
    const auto& languages = draft_.center.languages;
    indicator_.title = map_.Localized("title", languages, Need::kRequired);
    indicator_.description = map_.Localized("description", languages, Need::kOptional);
    ReadReportedRule(draft_, map_, indicator_);
    if (const YamlNode* unit = map_.FindName("unit_of_measure", Need::kRequired)) {
      indicator_.unit_of_measure = unit->text;
    }
    indicator_.decimals = static_cast<int>(map_.Integer("decimals", {0, kMaxDecimals}, 0));
    const auto better = map_.Choice("better", {"higher", "lower", "neither"}, Need::kOptional);
    indicator_.better = better ? static_cast<model::Better>(*better) : model::Better::kNeither;
    if (const YamlNode* node = map_.Find("thresholds")) ReadThresholds(*node);
    if (const YamlNode* node = map_.Find("targets")) ReadTargets(draft_, map_, *node, indicator_);
    if (const YamlNode* node = map_.Find("pace")) ReadPace(*node);
    if (const YamlNode* node = map_.Find("judged_from")) ReadJudgedFrom(*node);
    if (const YamlNode* node = map_.Find("alarms")) ReadAlarms(*node);
    indicator_.freshness = map_.Duration("freshness");
    map_.Choice("across_territory", {"recompute"}, Need::kOptional);
    indicator_.across_merger = ReadMergerRule(map_);
    return std::move(indicator_);
  }

 private:
  void ReadThresholds(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'thresholds'");
    map.Allow({"good", "watch", "basis"});
    const auto good = map.Number("good", Need::kRequired);
    const auto watch = map.Number("watch", Need::kRequired);
    model::Thresholds thresholds;
    thresholds.basis = map.Localized("basis", draft_.center.languages, Need::kRequired);
    if (indicator_.better == model::Better::kNeither) {
      map_.Report(node, "need 'better: higher' or 'better: lower'");
    }
    if (!good || !watch) return;
    if (indicator_.better == model::Better::kHigher && *good < *watch) {
      map.Report(*map.Find("good"), "must not be below 'watch' where higher is better");
    }
    if (indicator_.better == model::Better::kLower && *good > *watch) {
      map.Report(*map.Find("good"), "must not be above 'watch' where lower is better");
    }
    thresholds.good = *good;
    thresholds.watch = *watch;
    indicator_.thresholds = std::move(thresholds);
  }

  void ReadPace(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'pace'");
    map.Allow({"calendar"});
    const YamlNode* name = map.FindText("calendar", Need::kRequired);
    if (name == nullptr) return;
    indicator_.pace = model::PaceRule{name->text};
    if (draft_.center.calendars.contains(name->text)) return;
    draft_.ReportUnknown(Kind::kCalendar, scope_, *name, map.what() + ": 'calendar'");
  }

  void ReadAlarms(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'alarms'");
    map.Allow({"correction", "rank"});
    indicator_.alarms.correction = map.Number("correction", Need::kOptional);
    if (indicator_.alarms.correction && *indicator_.alarms.correction < model::Decimal()) {
      map.Report(*map.Find("correction"), "must not be below zero: so much may a correction move");
    }
    if (!map.Has("rank")) return;
    indicator_.alarms.rank = static_cast<int>(map.Integer("rank", {1, kMostPlaces}, 0));
    if (indicator_.better == model::Better::kNeither) {
      map.Report(*map.Find("rank"), "units have ranks where 'better' says higher or lower");
    }
  }

  void ReadJudgedFrom(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'judged_from'");
    for (const YamlNode& entry : map.entries()) {
      const auto least = map.Number(entry.key, Need::kOptional);
      if (least) indicator_.judged_from.emplace(entry.key, *least);
      if (draft_.center.FindMeasure(entry.key) != nullptr ||
          draft_.incomplete.contains(Kind::kFormulaName)) {
        continue;
      }
      std::vector<std::string> measures;
      for (const model::Measure& measure : draft_.center.measures) measures.push_back(measure.name);
      scope_.Report(entry.anchor(), map.what() + ": there is no measure '" + entry.key + "'; " +
                                        AllowedText(entry.key, measures));
    }
  }

  Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  model::Indicator indicator_;
};

// Formulas, once every indicator's name is known.
class FormulaStage {
 public:
  FormulaStage(Draft& draft, const std::vector<Entry>& entries) : draft_(draft), entries_(entries) {
    for (std::size_t index = 0; index < draft.center.indicators.size(); ++index) {
      indicators_.emplace(draft.center.indicators[index].name, index);
    }
    for (const model::Measure& measure : draft.center.measures) measures_.insert(measure.name);
  }

  void Run() {
    const bool complete = !draft_.incomplete.contains(Kind::kFormulaName);
    const FormulaNames names{[this, complete](std::string_view name) {
                               if (measures_.contains(name)) return FormulaName::kMeasure;
                               const bool known = indicators_.contains(std::string(name));
                               return known || !complete ? FormulaName::kIndicator
                                                         : FormulaName::kUnknown;
                             },
                             draft_.NamesOf(Kind::kFormulaName)};
    for (std::size_t index = 0; index < entries_.size(); ++index) {
      const YamlNode* formula = FormulaOf(*entries_[index].node);
      if (formula == nullptr) continue;
      auto read = ReadFormula({draft_.parser, entries_[index].scope, *formula,
                               "indicator '" + entries_[index].node->key + "': 'formula'"},
                              names);
      if (read) draft_.center.indicators[index].formula = *std::move(read);
    }
    depths_.assign(entries_.size(), 0);
    for (std::size_t index = 0; index < entries_.size(); ++index) Visit(index, 1);
  }

 private:
  static const YamlNode* FormulaOf(const YamlNode& entry) {
    const auto found = std::ranges::find(entry.items, "formula", &YamlNode::key);
    return found == entry.items.end() || found->kind == YamlNode::Kind::kNull ? nullptr : &*found;
  }

  static constexpr std::size_t kOnPath = ~std::size_t{0};

  // Height of the tower of indicators that one stands on; 0 while it is not known. Reports a cycle
  // where it closes and a tower that is too high where it passes the limit.
  std::size_t Visit(std::size_t index, std::size_t level) {
    if (depths_[index] != 0) return depths_[index];
    depths_[index] = kOnPath;
    std::size_t depth = 1;
    bool cut = false;
    for (const std::string& name : ValuesIn(draft_.center.indicators[index].formula)) {
      const auto found = indicators_.find(name);
      if (found == indicators_.end()) continue;
      if (depths_[found->second] == kOnPath) {
        Report(index, "leads back to itself through '" + name + "'; formulas must form no circle");
        continue;
      }
      if (level == kMaxFormulaChain && depths_[found->second] == 0) {
        cut = true;
        continue;
      }
      depth = std::max(depth, Visit(found->second, level + 1) + 1);
    }
    if (cut || depth > kMaxFormulaChain) {
      Report(index, "stands on more than " + std::to_string(kMaxFormulaChain) +
                        " indicators, each on the next");
    }
    depths_[index] = depth;
    return depth;
  }

  void Report(std::size_t index, const std::string& message) const {
    const YamlNode& node = *entries_[index].node;
    const YamlNode* formula = FormulaOf(node);
    entries_[index].scope.Report(formula == nullptr ? node.anchor() : formula->at,
                                 "indicator '" + node.key + "': 'formula' " + message);
  }

  Draft& draft_;
  const std::vector<Entry>& entries_;  // those of center.indicators, in their order
  std::unordered_map<std::string, std::size_t> indicators_;
  std::set<std::string, std::less<>> measures_;
  std::vector<std::size_t> depths_;
};

/// Where nothing else is wrong: a formula that was not understood cannot be looked into.
void CheckPaces(const Draft& draft, const std::vector<Entry>& entries) {
  if (draft.problems.count() > 0) return;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    const model::Indicator& indicator = draft.center.indicators[index];
    if (!indicator.pace) continue;
    const auto problem = FindPaceProblem(draft.center, indicator);
    if (!problem) continue;
    const auto& items = entries[index].node->items;
    const auto pace = std::ranges::find(items, "pace", &YamlNode::key);
    entries[index].scope.Report(pace->anchor(),
                                "indicator '" + indicator.name + "': 'pace': " + *problem);
  }
}

/// Once all formulas are known, which a rule may rest on.
void CheckMergerRules(Draft& draft, const std::vector<Entry>& entries) {
  if (draft.problems.count() > 0) return;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    model::Indicator& indicator = draft.center.indicators[index];
    const auto problem = CheckMergerRule(draft.center, indicator);
    if (!problem) continue;
    const auto& items = entries[index].node->items;
    const auto rule = std::ranges::find(items, "across_merger", &YamlNode::key);
    const auto inner = std::ranges::find(rule->items, problem->key, &YamlNode::key);
    entries[index].scope.Report(
        inner == rule->items.end() ? rule->at : inner->at,
        "indicator '" + indicator.name + "': 'across_merger': " + problem->message);
  }
}

}  // namespace

void ReadIndicators(Draft& draft) {
  std::vector<Entry> entries;
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/indicators.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const auto list = std::ranges::find(document->items, "indicators", &YamlNode::key);
    if (list == document->items.end() || list->kind == YamlNode::Kind::kNull) continue;
    const YamlMap indicators(*list, scope, "indicators");
    for (const YamlNode& entry : indicators.entries()) {
      const bool declared = draft.Declare(Kind::kFormulaName, scope, entry);
      model::Indicator indicator = IndicatorStage(draft, scope, entry).Read(system.name);
      if (!declared) continue;
      draft.center.indicators.push_back(std::move(indicator));
      entries.push_back({scope, &entry});
    }
    if (draft.center.indicators.size() > kMaxIndicators) {
      scope.Report(list->anchor(), "more than " + std::to_string(kMaxIndicators) + " indicators");
    }
  }
  FormulaStage(draft, entries).Run();
  ReadTargetTables(draft);
  CheckPaces(draft, entries);
  CheckMergerRules(draft, entries);
}

}  // namespace fansipan::center
