#include "center/internal/reported/cross_checks.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/internal/reported/additivity.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMostParts = 10'000;

class CrossCheckStage {
 public:
  CrossCheckStage(const Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "cross-check '" + entry.key + "'") {
    check_.name = entry.key;
  }

  model::CrossCheck Read(const std::string& system) {
    map_.Allow({"title", "parts_of", "grouping", "missing_parts", "at_least", "indicator",
                "against", "tolerance"});
    check_.system = system;
    check_.title = map_.Localized("title", draft_.center.languages, Need::kRequired);
    if (map_.Has("parts_of") == map_.Has("indicator")) {
      scope_.Report(map_.at(), map_.what() +
                                   ": must have either 'parts_of: indicator' (a whole against the "
                                   "sum of its parts) or 'indicator' and 'against' (two that "
                                   "should be equal)");
    } else if (map_.Has("parts_of")) {
      ReadParts();
    } else {
      ReadPair();
    }
    if (const YamlNode* node = map_.Find("tolerance")) ReadTolerance(*node);
    return std::move(check_);
  }

 private:
  const model::Indicator* FindIndicator(std::string_view key, std::string& name) {
    const YamlNode* node = map_.FindText(key, Need::kRequired);
    if (node == nullptr) return nullptr;
    name = node->text;
    const model::Indicator* indicator = draft_.center.FindIndicator(node->text);
    if (indicator == nullptr) {
      draft_.ReportUnknownIndicator(scope_, *node, map_.what() + ": '" + std::string(key) + "'");
    }
    return indicator;
  }

  void ReadParts() {
    check_.kind = model::CrossCheck::Kind::kParts;
    const model::Indicator* indicator = FindIndicator("parts_of", check_.indicator);
    RefuseKeys({"against"}, "is for two indicators; parts are compared with 'parts_of' alone");
    const auto missing =
        map_.Choice("missing_parts", {"not_comparable", "nothing"}, Need::kOptional);
    if (missing == 1) check_.missing = model::MissingParts::kNothing;
    check_.at_least = static_cast<std::size_t>(map_.Integer("at_least", {1, kMostParts}, 1));
    if (map_.Has("grouping")) ReadGrouping();
    // A formula that was not understood cannot be looked into.
    if (indicator == nullptr || draft_.problems.count() > 0) return;
    const std::string obstacle = FindObstacle(draft_.center, *indicator, Over::kUnits);
    if (obstacle.empty()) return;
    map_.Report(*map_.Find("parts_of"),
                obstacle +
                    " does not add up over units: compare it with another indicator "
                    "('indicator' and 'against'), or check what it is made of");
  }

  void ReadGrouping() {
    const YamlNode* node = map_.FindText("grouping", Need::kRequired);
    if (node == nullptr) return;
    check_.grouping = node->text;
    std::set<std::string> with_unit;
    bool known = false;
    for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
      for (const model::UnitGroup& group : draft_.center.HistoryOf(kind).groupings.groups()) {
        known = known || group.grouping == node->text;
        if (group.unit) with_unit.insert(group.grouping);
      }
    }
    if (with_unit.contains(node->text) || !draft_.unsound_trees.empty()) return;
    map_.Report(*node, (known ? "'" + node->text +
                                    "' has no group with a 'unit' in groups.csv, whose own value "
                                    "could be compared; "
                              : "'" + node->text + "' is no grouping; ") +
                           AllowedText(node->text, {with_unit.begin(), with_unit.end()}));
  }

  void ReadPair() {
    check_.kind = model::CrossCheck::Kind::kPair;
    const model::Indicator* one = FindIndicator("indicator", check_.indicator);
    const model::Indicator* other = FindIndicator("against", check_.against);
    RefuseKeys({"grouping", "missing_parts", "at_least"}, "is for 'parts_of' only");
    if (one == nullptr || other == nullptr) return;
    const YamlNode& against = *map_.Find("against");
    if (one == other) return map_.Report(against, "must be another indicator");
    if (one->unit_of_measure != other->unit_of_measure) {
      map_.Report(against, "is measured in '" + other->unit_of_measure + "', but '" + one->name +
                               "' in '" + one->unit_of_measure +
                               "'; only what has one unit of measure can be compared");
    }
  }

  void RefuseKeys(std::initializer_list<std::string_view> keys, std::string_view why) const {
    for (const std::string_view key : keys) {
      if (map_.Has(key)) map_.Report(*map_.Find(key), why);
    }
  }

  void ReadTolerance(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'tolerance'");
    map.Allow({"absolute", "percent", "rounding"});
    const auto bound = [&](std::string_view key) {
      const auto number = map.Number(key, Need::kOptional);
      if (number && *number < model::Decimal()) map.Report(*map.Find(key), "must not be negative");
      return number;
    };
    check_.tolerance.absolute = bound("absolute");
    check_.tolerance.percent = bound("percent");
    check_.tolerance.rounding = map.Flag("rounding", false);
  }

  const Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  model::CrossCheck check_;
};

/// Whoever may see one side sees the other's value with it.
void CheckPublic(const Draft& draft, const FileScope& scope, const YamlNode& entry,
                 const model::CrossCheck& check) {
  if (check.kind != model::CrossCheck::Kind::kPair || draft.problems.count() > 0) return;
  const Center& center = draft.center;
  if (center.IsPublic(check.indicator) == center.IsPublic(check.against)) return;
  const bool first = center.IsPublic(check.indicator);
  scope.Report(entry.anchor(), "cross-check '" + check.name + "': '" +
                                   (first ? check.indicator : check.against) +
                                   "' is public and would show the value of '" +
                                   (first ? check.against : check.indicator) +
                                   "', which is not; make both public or none");
}

}  // namespace

void ReadCrossChecks(Draft& draft) {
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/indicators.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const auto list = std::ranges::find(document->items, "cross_checks", &YamlNode::key);
    if (list == document->items.end() || list->kind == YamlNode::Kind::kNull) continue;
    const YamlMap checks(*list, scope, "cross_checks");
    for (const YamlNode& entry : checks.entries()) {
      const bool declared = draft.Declare(Kind::kCrossCheck, scope, entry);
      model::CrossCheck check = CrossCheckStage(draft, scope, entry).Read(system.name);
      CheckPublic(draft, scope, entry, check);
      if (declared) draft.center.cross_checks.push_back(std::move(check));
    }
    if (draft.center.cross_checks.size() > kMaxCrossChecks) {
      scope.Report(list->anchor(),
                   "more than " + std::to_string(kMaxCrossChecks) + " cross-checks");
    }
  }
}

}  // namespace fansipan::center
