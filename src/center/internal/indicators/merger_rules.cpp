#include "center/internal/indicators/merger_rules.h"

#include <set>
#include <utility>
#include <vector>

#include "center/internal/reported/additivity.h"

namespace fansipan::center {
namespace {

using model::MergerKind;

std::optional<MergerKind> FindKind(std::string_view word) {
  for (const MergerKind kind :
       {MergerKind::kRecompute, MergerKind::kSum, MergerKind::kMean, MergerKind::kNotComparable}) {
    if (NameOf(kind) == word) return kind;
  }
  return std::nullopt;
}

std::vector<std::string> AttributeNames(const Center& center) {
  std::set<std::string> names;
  for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    const std::vector<std::string> known = center.HistoryOf(kind).attributes.Names();
    names.insert(known.begin(), known.end());
  }
  return {names.begin(), names.end()};
}

bool IsAttribute(const Center& center, const std::string& name) {
  return center.territory_history.attributes.Knows(name) ||
         center.organisation_history.attributes.Knows(name);
}

std::optional<MergerProblem> CheckWeight(const Center& center, model::Indicator& indicator) {
  model::MergerRule& rule = indicator.across_merger;
  const model::Indicator* weight = center.FindIndicator(rule.weight);
  rule.weight_is_attribute = weight == nullptr && IsAttribute(center, rule.weight);
  if (rule.weight_is_attribute) return std::nullopt;
  if (weight == nullptr) {
    std::vector<std::string> names = AttributeNames(center);
    for (const model::Indicator& other : center.indicators) {
      if (other.name != indicator.name) names.push_back(other.name);
    }
    const bool measure = center.FindMeasure(rule.weight) != nullptr;
    return MergerProblem{
        "weighted", "there is no indicator and no attribute of units '" + rule.weight + "'" +
                        (measure ? "; it is a measure, declare an indicator of it" : "") + "; " +
                        AllowedText(rule.weight, names)};
  }
  if (weight->name == indicator.name) return MergerProblem{"weighted", "it is its own weight"};
  const std::string obstacle = FindObstacle(center, *weight, Over::kUnits);
  if (obstacle.empty()) return std::nullopt;
  return MergerProblem{"weighted", "'" + rule.weight + "' is no weight: " + obstacle +
                                       " does not add up over units"};
}

}  // namespace

model::MergerRule ReadMergerRule(const YamlMap& indicator) {
  model::MergerRule rule;
  const YamlNode* node = indicator.Find("across_merger");
  if (node == nullptr) {
    // What was reported cannot be computed anew: it adds up, or nothing can be said.
    const bool additive = indicator.Flag("additive", false);
    if (indicator.Has("reported"))
      rule.kind = additive ? MergerKind::kSum : MergerKind::kNotComparable;
    return rule;
  }
  const std::vector<std::string> words = {"recompute", "sum", "mean", "not_comparable"};
  if (node->kind != YamlNode::Kind::kMap) {
    const auto word = indicator.Choice("across_merger", words, Need::kOptional);
    if (word) rule.kind = FindKind(words[*word]).value_or(rule.kind);
    return rule;
  }
  const YamlMap map(*node, indicator.scope(), indicator.what() + ": 'across_merger'");
  map.Allow({"rule", "weighted", "share"});
  const auto word = map.Choice("rule", words, Need::kOptional);
  if (word) rule.kind = FindKind(words[*word]).value_or(rule.kind);
  if (const YamlNode* weight = map.FindText("weighted", Need::kOptional)) {
    if (word) map.Report(*weight, "a weighted mean is a rule of its own; leave 'rule' out");
    rule.kind = MergerKind::kWeighted;
    rule.weight = weight->text;
  }
  if (const YamlNode* share = map.FindText("share", Need::kOptional)) {
    if (rule.kind == MergerKind::kNotComparable) {
      map.Report(*share, "nothing is divided where units are not comparable; leave it out");
    }
    rule.share = share->text;
  }
  return rule;
}

std::optional<MergerProblem> CheckMergerRule(const Center& center, model::Indicator& indicator) {
  const model::MergerRule& rule = indicator.across_merger;
  if (indicator.reported && rule.kind == MergerKind::kRecompute) {
    return MergerProblem{"rule",
                         "what is reported has no records to compute it from again; declare "
                         "'sum', 'mean', 'weighted' or 'not_comparable'"};
  }
  if (rule.kind == MergerKind::kSum) {
    const std::string obstacle = FindObstacle(center, indicator, Over::kUnits);
    if (!obstacle.empty()) {
      return MergerProblem{"rule", obstacle +
                                       " does not add up over units; rates are recomputed from "
                                       "their parts: 'recompute', or 'weighted' by what they are "
                                       "a rate of"};
    }
  }
  if (rule.kind == MergerKind::kWeighted) {
    if (auto problem = CheckWeight(center, indicator)) return problem;
  }
  if (!rule.share.empty() && !IsAttribute(center, rule.share)) {
    return MergerProblem{"share", "there is no attribute of units '" + rule.share + "'; " +
                                      AllowedText(rule.share, AttributeNames(center))};
  }
  return std::nullopt;
}

}  // namespace fansipan::center
