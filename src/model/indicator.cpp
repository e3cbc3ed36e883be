#include "model/indicator.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace fansipan::model {

std::string_view NameOf(Better better) {
  switch (better) {
    case Better::kHigher:
      return "higher";
    case Better::kLower:
      return "lower";
    case Better::kNeither:
      return "neither";
  }
  return "";
}

std::string_view NameOf(MergerKind kind) {
  switch (kind) {
    case MergerKind::kRecompute:
      return "recompute";
    case MergerKind::kSum:
      return "sum";
    case MergerKind::kMean:
      return "mean";
    case MergerKind::kWeighted:
      return "weighted";
    case MergerKind::kNotComparable:
      return "not_comparable";
  }
  return "";
}

void SortTargets(std::vector<Target>& targets) {
  std::sort(targets.begin(), targets.end(), [](const Target& left, const Target& right) {
    return std::tie(left.unit, left.period, left.decided_on) <
           std::tie(right.unit, right.period, right.decided_on);
  });
}

const Target* FindTarget(const std::vector<Target>& targets, std::string_view unit,
                         std::string_view period, Date day) {
  using Key = std::pair<std::string_view, std::string_view>;
  for (const Key& key : {Key(unit, period), Key(unit, ""), Key("", period), Key("", "")}) {
    const auto behind = std::upper_bound(
        targets.begin(), targets.end(), key, [&](const Key& wanted, const Target& target) {
          const Key own(target.unit, target.period);
          return own != wanted ? wanted < own : target.decided_on > day;
        });
    if (behind == targets.begin()) continue;
    const Target& target = *std::prev(behind);
    if (Key(target.unit, target.period) == key) return &target;
  }
  return nullptr;
}

}  // namespace fansipan::model
