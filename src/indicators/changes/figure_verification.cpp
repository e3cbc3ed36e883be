#include "indicators/changes/figure_verification.h"

#include <optional>
#include <string>
#include <utility>

#include "indicators/plain/plain_figures.h"

namespace fansipan::indicators {
namespace {

using model::Decimal;

std::string TextOf(const std::optional<Decimal>& value) {
  return value ? value->Normalized().ToText() : "none";
}

std::string NameOf(const FigureName& name) {
  return "figure " + name.indicator + ", " + std::string(NameOf(name.tree)) + " " + name.unit +
         ", " + name.period;
}

}  // namespace

FigureFindings CompareFigures(const View& view, const PlainEvaluator& plain,
                              const std::vector<FigureName>& names, std::size_t limit) {
  FigureFindings found;
  PlainFigures figures(plain, view.snapshot.tick);
  for (const FigureName& name : names) {
    const auto* indicator = view.center->FindIndicator(name.indicator);
    const auto unit = view.center->TreeOf(name.tree).FindByCode(name.unit);
    const auto period = view.center->ParsePeriod(name.period);
    if (indicator == nullptr || !unit || !period.ok()) continue;
    const model::FigureKey key{name.indicator, name.tree, *unit, *period};
    const FigureState state = ReadFigureState(view, name);
    const auto value = figures.ValueOf(key);
    if (!value) continue;
    ++found.compared;
    const auto target = figures.TargetOf(*indicator, key);
    if (found.findings.size() >= limit) break;
    if (TextOf(value->value) != TextOf(state.value)) {
      found.findings.push_back({NameOf(name), TextOf(value->value), TextOf(state.value)});
    }
    if (TextOf(target) != TextOf(state.target)) {
      found.findings.push_back({NameOf(name) + ", target", TextOf(target), TextOf(state.target)});
    }
  }
  return found;
}

base::Result<FigureFindings> CompareChange(const std::vector<Era>& eras, const FigureName& name,
                                           base::Timestamp from, base::Timestamp to) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto change, ReadFigureChange(eras, name, from, to));
  FigureFindings found;
  found.compared = 1;
  const std::string what = "change of " + NameOf(name);
  for (const auto& [moment, state] : {std::pair(from, &change.before), {to, &change.after}}) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto engine, EraAt(eras, moment).open());
    FigureState expected;
    FANSIPAN_RETURN_IF_ERROR(
        engine->Read(moment, [&](const View& view) { expected = ReadFigureState(view, name); }));
    if (TextOf(expected.value) == TextOf(state->value)) continue;
    found.findings.push_back({what, TextOf(expected.value), TextOf(state->value)});
  }
  if (!change.difference) return found;
  std::optional<Decimal> sum = Decimal();
  for (const ChangeStep& step : change.steps) {
    sum = sum && step.difference ? Add(*sum, *step.difference) : std::nullopt;
  }
  if (TextOf(sum) != TextOf(change.difference)) {
    found.findings.push_back({what + ", sum of steps", TextOf(change.difference), TextOf(sum)});
  }
  return found;
}

}  // namespace fansipan::indicators
