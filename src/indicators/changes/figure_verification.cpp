#include "indicators/changes/figure_verification.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "indicators/figures.h"

namespace fansipan::indicators {
namespace {

using model::Decimal;

constexpr int kPlainQuotient = 12;
constexpr int kHoursADay = 24;

std::string TextOf(const std::optional<Decimal>& value) {
  return value ? value->Normalized().ToText() : "none";
}

std::string NameOf(const FigureName& name) {
  return "figure " + name.indicator + ", " + std::string(NameOf(name.tree)) + " " + name.unit +
         ", " + name.period;
}

/// Adds up records and works formulas out without a glance at how figures do it.
class PlainFigures {
 public:
  PlainFigures(const View& view, const PlainEvaluator& plain) : view_(view), plain_(plain) {}

  /// Nothing: it cannot be compared.
  std::optional<std::optional<Decimal>> ValueOf(const model::FigureKey& key) {
    comparable_ = true;
    const auto value = Indicated(*view_.center->FindIndicator(key.indicator), key);
    return comparable_ ? std::optional(value) : std::nullopt;
  }

  /// Of all that speak of the figure the most exact one, and of these the last one decided.
  std::optional<Decimal> TargetOf(const model::Indicator& indicator,
                                  const model::FigureKey& key) const {
    const std::string& unit = view_.center->TreeOf(key.tree).Get(key.unit).code;
    const std::string period = model::ToText(key.period);
    const model::Date today(std::chrono::floor<std::chrono::days>(LocalNow()).time_since_epoch());
    const model::Target* best = nullptr;
    const auto rank = [](const model::Target& target) {
      return std::tuple(!target.unit.empty(), !target.period.empty(), target.decided_on);
    };
    for (const model::Target& target : indicator.targets) {
      const bool speaks = (target.unit.empty() || target.unit == unit) &&
                          (target.period.empty() || target.period == period) &&
                          (!target.decided_on || *target.decided_on <= today);
      if (speaks && (best == nullptr || rank(*best) < rank(target))) best = &target;
    }
    return best == nullptr ? std::nullopt : std::optional(best->value);
  }

 private:
  base::LocalTime LocalNow() const { return view_.center->time_zone.ToLocal(view_.snapshot.tick); }

  std::optional<Decimal> Evaluate(const model::Expression& part, const model::FigureKey& key) {
    switch (part.kind) {
      case model::Expression::Kind::kLiteral:
        if (const auto* whole = std::get_if<std::int64_t>(&part.literal)) {
          return Decimal::FromInteger(*whole);
        }
        if (const auto* decimal = std::get_if<Decimal>(&part.literal)) return *decimal;
        return std::nullopt;
      case model::Expression::Kind::kName:
        return Named(part.name, key);
      case model::Expression::Kind::kCall:
        return Called(part, key);
      case model::Expression::Kind::kOperation:
        return Operated(part, key);
    }
    return std::nullopt;
  }

  std::optional<Decimal> Operated(const model::Expression& part, const model::FigureKey& key) {
    const auto left = Evaluate(part.operands[0], key);
    if (part.operation == model::Operator::kNegate) {
      return left ? Subtract(Decimal(), *left) : std::nullopt;
    }
    const auto right = Evaluate(part.operands[1], key);
    if (!left || !right) return std::nullopt;
    switch (part.operation) {
      case model::Operator::kAdd:
        return Normal(Add(*left, *right));
      case model::Operator::kSubtract:
        return Normal(Subtract(*left, *right));
      case model::Operator::kMultiply:
        return Normal(Multiply(*left, *right));
      case model::Operator::kDivide:
        return Normal(Divide(*left, *right, kPlainQuotient));
      default:
        comparable_ = false;
        return std::nullopt;
    }
  }

  static std::optional<Decimal> Normal(const std::optional<Decimal>& value) {
    return value ? std::optional(value->Normalized()) : std::nullopt;
  }

  std::optional<Decimal> Called(const model::Expression& part, const model::FigureKey& key) {
    const std::string& argument = part.operands[0].name;
    model::FigureKey moved = key;
    if (part.name == "target") {
      const auto* indicator = view_.center->FindIndicator(argument);
      return indicator == nullptr ? std::nullopt : TargetOf(*indicator, key);
    }
    if (part.name == "previous") {
      moved.period = model::Shift(key.period, -1);
    } else if (part.name == "same_period_last_year") {
      moved.period = model::SamePeriodLastYear(key.period);
    } else if (part.name == "cumulative") {
      moved.period = model::ExtendedToYearStart(key.period);
    } else {
      comparable_ = false;
      return std::nullopt;
    }
    return Named(argument, moved);
  }

  std::optional<Decimal> Named(const std::string& name, const model::FigureKey& key) {
    if (const auto* measure = view_.center->FindMeasure(name)) return Measured(*measure, key);
    const auto* indicator = view_.center->FindIndicator(name);
    if (indicator != nullptr) return Indicated(*indicator, key);
    comparable_ = false;
    return std::nullopt;
  }

  std::optional<Decimal> Indicated(const model::Indicator& indicator, const model::FigureKey& key) {
    return indicator.reported ? Reported(indicator, key) : Evaluate(indicator.formula, key);
  }

  /// What was stated for exactly this span of time, however its period was written.
  std::optional<Decimal> Reported(const model::Indicator& indicator, const model::FigureKey& key) {
    const model::Dataset& dataset = *view_.center->FindDataset(indicator.reported->dataset);
    const bool of_tree =
        dataset.organisation.has_value() == (key.tree == model::TreeKind::kOrganisation);
    if (!of_tree) return std::nullopt;
    const auto [known, added] = stated_.try_emplace(indicator.name);
    if (added) known->second = plain_.ComputeReported(indicator, view_.snapshot.tick);
    for (const auto& [place, shown] : known->second) {
      if (place.unit != key.unit.value) continue;
      const auto period = view_.center->ParsePeriod(place.period);
      const bool same = period.ok() && period->regime == key.period.regime &&
                        period->from == key.period.from && period->to == key.period.to;
      if (same) return shown.value.Normalized();
    }
    return std::nullopt;
  }

  std::optional<Decimal> Measured(const model::Measure& measure, const model::FigureKey& key) {
    using Kind = model::Aggregate;
    if (measure.aggregate == Kind::kMinimum || measure.aggregate == Kind::kMaximum) {
      comparable_ = false;
      return std::nullopt;
    }
    if (key.period.from > LocalNow()) return std::nullopt;
    const auto total = TotalOf(measure, key);
    if (!total) return std::nullopt;
    if (measure.aggregate == Kind::kCount) return Decimal::FromInteger(total->count);
    if (measure.aggregate == Kind::kDistinct) {
      return Decimal::FromInteger(static_cast<std::int64_t>(total->values.size()));
    }
    const model::Dataset& dataset = *view_.center->FindDataset(measure.dataset);
    const Decimal sum(total->sum, dataset.columns[*measure.value].scale);
    if (measure.aggregate == Kind::kSum) return sum.Normalized();
    if (total->count == 0) return std::nullopt;
    return Normal(Divide(sum, Decimal::FromInteger(total->count), kPlainQuotient));
  }

  /// Nothing when the period is finer than what is kept apart.
  std::optional<PlainEvaluator::Total> TotalOf(const model::Measure& measure,
                                               const model::FigureKey& key) {
    const bool by_hour = measure.grain == model::Grain::kHour;
    const auto hours = [](base::LocalTime at) {
      return std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count();
    };
    const auto first_hour = hours(key.period.from);
    const auto last_hour = hours(key.period.to);
    if (!by_hour && (first_hour % kHoursADay != 0 || last_hour % kHoursADay != 0)) {
      return std::nullopt;
    }
    const auto scale = by_hour ? 1 : kHoursADay;
    PlainEvaluator::Total total;
    for (const auto& [place, cell] : CellsOf(measure)) {
      if (place.tree != key.tree || place.unit != key.unit.value) continue;
      const std::int64_t hour = static_cast<std::int64_t>(place.leaf) * scale;
      const bool before_end = hour < last_hour;
      const bool after_start = measure.kind == model::MeasureKind::kStock || hour >= first_hour;
      if (!before_end || !after_start) continue;
      total.count += cell.count;
      total.sum += cell.sum;
      for (const auto& [value, times] : cell.values) total.values[value] += times;
    }
    std::erase_if(total.values, [](const auto& value) { return value.second == 0; });
    return total;
  }

  using PlainCells = std::map<PlainEvaluator::Place, PlainEvaluator::Total>;
  const PlainCells& CellsOf(const model::Measure& measure) {
    const auto [known, added] = cells_.try_emplace(measure.name);
    if (added) known->second = plain_.Compute(measure, view_.snapshot.tick);
    return known->second;
  }

  const View& view_;
  const PlainEvaluator& plain_;
  std::map<std::string, PlainCells> cells_;  ///< by measure
  using PlainStated = std::map<PlainEvaluator::StatedPlace, PlainEvaluator::Shown>;
  std::map<std::string, PlainStated> stated_;  ///< by reported indicator
  bool comparable_ = true;
};

}  // namespace

FigureFindings CompareFigures(const View& view, const PlainEvaluator& plain,
                              const std::vector<FigureName>& names, std::size_t limit) {
  FigureFindings found;
  PlainFigures figures(view, plain);
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
    if (TextOf(*value) != TextOf(state.value)) {
      found.findings.push_back({NameOf(name), TextOf(*value), TextOf(state.value)});
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
