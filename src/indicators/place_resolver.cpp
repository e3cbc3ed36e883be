#include "indicators/place_resolver.h"

#include <algorithm>
#include <utility>

namespace fansipan::indicators {
namespace {

base::Timestamp StartOfDay(const base::TimeZone& zone, model::Date day) {
  return zone.ToUtc(base::LocalTime(day.time_since_epoch()));
}

}  // namespace

PlaceResolver::PlaceResolver(const model::UnitTree& tree, std::string_view code_system)
    : tree_(&tree) {
  if (tree.empty()) return;
  std::vector<model::UnitCode> codes = tree.CodesWithin(tree.root(), code_system);
  std::sort(codes.begin(), codes.end(), [](const auto& left, const auto& right) {
    return std::tie(left.code, left.valid_from) < std::tie(right.code, right.valid_from);
  });
  for (const model::UnitCode& code : codes) {
    std::vector<Span>& spans = spans_[code.code];
    // A gap before this span belongs to it; the first span reaches back for ever.
    const auto from = spans.empty() ? std::nullopt : spans.back().until;
    spans.push_back({from, code.valid_to, code.unit});
  }
  for (auto& [code, spans] : spans_) spans.back().until = std::nullopt;
}

std::optional<model::UnitId> PlaceResolver::Resolve(std::string_view code, model::Date day) const {
  const auto found = spans_.find(code);
  if (found == spans_.end()) return std::nullopt;
  for (const Span& span : found->second) {
    if (!span.until || day < *span.until) return span.unit;
  }
  return std::nullopt;
}

std::vector<store::CodeSpan> PlaceResolver::SpansWithin(model::UnitId unit,
                                                        const base::TimeZone& zone) const {
  std::vector<bool> within(tree_->size());
  for (const model::UnitId id : tree_->SubtreeOf(unit)) within[id.value] = true;
  return SpansOf(within, zone);
}

std::vector<store::CodeSpan> PlaceResolver::SpansOf(const std::vector<bool>& units,
                                                    const base::TimeZone& zone) const {
  std::vector<store::CodeSpan> within;
  for (const auto& [code, spans] : spans_) {
    for (const Span& span : spans) {
      if (!units[span.unit.value]) continue;
      store::CodeSpan reach{code, base::Timestamp::min(), std::nullopt};
      if (span.from) reach.from = StartOfDay(zone, *span.from);
      if (span.until) reach.until = StartOfDay(zone, *span.until);
      within.push_back(std::move(reach));
    }
  }
  std::sort(within.begin(), within.end(), [](const auto& left, const auto& right) {
    return std::tie(left.code, left.from) < std::tie(right.code, right.from);
  });
  return within;
}

}  // namespace fansipan::indicators
