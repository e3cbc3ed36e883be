#include "indicators/plain/plain_figures.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <vector>

namespace fansipan::indicators {
namespace {

using model::Date;
using model::Decimal;
using model::UnitId;

constexpr int kPlainQuotient = 12;
constexpr int kHoursADay = 24;

Date DayOf(base::LocalTime local) {
  return Date(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
}

PlainValue Normal(const std::optional<Decimal>& value) {
  return {value ? std::optional(value->Normalized()) : std::nullopt, {}};
}

bool AddsUp(const model::Measure& measure) {
  return measure.aggregate == model::Aggregate::kCount ||
         measure.aggregate == model::Aggregate::kSum ||
         measure.aggregate == model::Aggregate::kAverage;
}

std::optional<Decimal> NumberOf(const model::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return Decimal::FromInteger(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal->Normalized();
  return std::nullopt;
}

int ScaleOf(const center::Center& center, const model::Measure& measure) {
  if (!measure.value) return 0;
  return center.FindDataset(measure.dataset)->columns[*measure.value].scale;
}

void AddValues(const PlainEvaluator::Total& from, PlainEvaluator::Total& to) {
  for (const auto& [value, times] : from.values) to.values[value] += times;
  std::erase_if(to.values, [](const auto& value) { return value.second == 0; });
}

}  // namespace

std::optional<PlainValue> PlainFigures::ValueOf(const model::FigureKey& key) {
  comparable_ = true;
  const auto value = Indicated(*center_.FindIndicator(key.indicator), key);
  return comparable_ ? std::optional(value) : std::nullopt;
}

std::optional<Decimal> PlainFigures::TargetOf(const model::Indicator& indicator,
                                              const model::FigureKey& key) const {
  const std::string& unit = center_.TreeOf(key.tree).Get(key.unit).code;
  const std::string period = model::ToText(key.period);
  const Date today = DayOf(LocalNow());
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

PlainValue PlainFigures::Evaluate(const model::Expression& part, const model::FigureKey& key,
                                  const std::string& share) {
  switch (part.kind) {
    case model::Expression::Kind::kLiteral:
      return {NumberOf(part.literal), {}};
    case model::Expression::Kind::kName:
      return Named(part.name, key, share);
    case model::Expression::Kind::kCall:
      return Called(part, key, share);
    case model::Expression::Kind::kOperation:
      return Operated(part, key, share);
  }
  return {};
}

PlainValue PlainFigures::Operated(const model::Expression& part, const model::FigureKey& key,
                                  const std::string& share) {
  PlainValue left = Evaluate(part.operands[0], key, share);
  if (!left.value) return left;
  if (part.operation == model::Operator::kNegate) return Normal(Subtract(Decimal(), *left.value));
  PlainValue right = Evaluate(part.operands[1], key, share);
  if (!right.value) return right;
  switch (part.operation) {
    case model::Operator::kAdd:
      return Normal(Add(*left.value, *right.value));
    case model::Operator::kSubtract:
      return Normal(Subtract(*left.value, *right.value));
    case model::Operator::kMultiply:
      return Normal(Multiply(*left.value, *right.value));
    case model::Operator::kDivide:
      return Normal(Divide(*left.value, *right.value, kPlainQuotient));
    default:
      comparable_ = false;
      return {};
  }
}

PlainValue PlainFigures::Called(const model::Expression& part, const model::FigureKey& key,
                                const std::string& share) {
  const std::string& argument = part.operands[0].name;
  model::FigureKey moved = key;
  if (part.name == "target") {
    const auto* indicator = center_.FindIndicator(argument);
    return {indicator == nullptr ? std::nullopt : TargetOf(*indicator, key), {}};
  }
  if (part.name == "previous") {
    moved.period = model::Shift(key.period, -1);
  } else if (part.name == "same_period_last_year") {
    moved.period = model::SamePeriodLastYear(key.period);
  } else if (part.name == "cumulative") {
    moved.period = model::ExtendedToYearStart(key.period);
  } else {
    comparable_ = false;
    return {};
  }
  return Named(argument, moved, share);
}

PlainValue PlainFigures::Named(const std::string& name, const model::FigureKey& key,
                               const std::string& share) {
  if (const auto* measure = center_.FindMeasure(name)) return Measured(*measure, key, share);
  const auto* indicator = center_.FindIndicator(name);
  if (indicator != nullptr) return Indicated(*indicator, key);
  comparable_ = false;
  return {};
}

PlainValue PlainFigures::Indicated(const model::Indicator& indicator, const model::FigureKey& key) {
  if (key.territory && key.period.from <= LocalNow()) {
    if (auto combined = Combined(indicator, key)) return *std::move(combined);
  }
  if (indicator.reported) return Reported(indicator, key);
  return Evaluate(indicator.formula, key, indicator.across_merger.share);
}

/// What was stated for exactly this span of time, however its period was written.
PlainValue PlainFigures::Reported(const model::Indicator& indicator, const model::FigureKey& key) {
  const model::Dataset& dataset = *center_.FindDataset(indicator.reported->dataset);
  const bool of_tree =
      dataset.organisation.has_value() == (key.tree == model::TreeKind::kOrganisation);
  if (!of_tree) return {};
  const auto [known, added] = stated_.try_emplace(indicator.name);
  if (added) known->second = StatedOf(indicator);
  const auto stated =
      known->second.find({key.unit.value, key.period.regime, key.period.from, key.period.to});
  return stated == known->second.end() ? PlainValue() : Normal(stated->second);
}

PlainFigures::Stated PlainFigures::StatedOf(const model::Indicator& indicator) const {
  Stated stated;
  for (const auto& [place, shown] : plain_.ComputeReported(indicator, as_of_)) {
    const auto period = center_.ParsePeriod(place.period);
    if (!period.ok()) continue;
    stated.emplace(StatedKey{place.unit, period->regime, period->from, period->to}, shown.value);
  }
  return stated;
}

/// On another day's territory, what the indicator's rule makes of the figures of the units that
/// this one is made of. Nothing: it is the unit itself all the time, or the rule is to compute over
/// what was recorded.
std::optional<PlainValue> PlainFigures::Combined(const model::Indicator& indicator,
                                                 const model::FigureKey& key) {
  using Kind = model::MergerKind;
  const model::MergerRule& rule = indicator.across_merger;
  const bool of_records = rule.kind == Kind::kRecompute || rule.kind == Kind::kSum;
  if (of_records && !indicator.reported) return std::nullopt;
  PlainTerritory& territory = TerritoryOf(key.tree, *key.territory, rule.share);
  const auto [first, last] = DaysOf(key.period);
  std::vector<Date> days = territory.ChangesWithin(first, last);
  days.insert(days.begin(), first);
  std::vector<PlainPlaces> made;
  for (const Date day : days) {
    const PlainPlaces& parts = territory.PartsOf(key.unit, day);
    if (made.empty() || made.back() != parts) made.push_back(parts);
  }
  // Before there was anything that it is made of, nothing was merged or divided.
  std::erase_if(made, [](const PlainPlaces& parts) { return parts.empty(); });
  const PlainPlaces itself{{key.unit, Decimal::FromInteger(1)}};
  if (std::ranges::all_of(made, [&](const auto& parts) { return parts == itself; })) {
    return std::nullopt;
  }
  if (rule.kind == Kind::kNotComparable) return PlainValue{std::nullopt, "not_comparable"};
  if (made.size() > 1) return PlainValue{std::nullopt, "changed_within_period"};
  return Mean(indicator, key, made.front());
}

/// The mean of the parts' figures, or their sum, each at its own unit on the period's last day.
PlainValue PlainFigures::Mean(const model::Indicator& indicator, const model::FigureKey& key,
                              const PlainPlaces& parts) {
  PlainValue incomplete{std::nullopt, "incomplete"};
  PlainShare product = Decimal();
  PlainShare weights = Decimal();
  bool lacks = false;
  for (const auto& [unit, share] : parts) {
    model::FigureKey own = key;
    own.unit = unit;
    own.territory = DaysOf(key.period).second;
    const PlainValue weight = WeightOf(indicator, own);
    const PlainValue value = Indicated(indicator, own);
    lacks |= !weight.value || !share || value.reason == incomplete.reason;
    lacks |= !value.value && weight.value && !weight.value->is_zero();
    if (lacks || !value.value) continue;
    const PlainShare counted = Times(weight.value, share);
    weights = Plus(weights, counted);
    product = Plus(product, Times(counted, value.value));
  }
  if (lacks) return incomplete;
  if (!weights || !product) return {};
  if (indicator.across_merger.kind == model::MergerKind::kSum) return Normal(product);
  return Normal(Divide(*product, *weights, kPlainQuotient));
}

PlainValue PlainFigures::WeightOf(const model::Indicator& indicator, const model::FigureKey& key) {
  const model::MergerRule& rule = indicator.across_merger;
  if (rule.kind != model::MergerKind::kWeighted) return {Decimal::FromInteger(1), {}};
  if (!rule.weight_is_attribute) {
    const auto* weight = center_.FindIndicator(rule.weight);
    return weight == nullptr ? PlainValue() : Indicated(*weight, key);
  }
  const auto* known =
      center_.HistoryOf(key.tree).attributes.Find(key.unit, rule.weight, *key.territory);
  return known == nullptr ? PlainValue() : PlainValue{known->value, {}};
}

PlainValue PlainFigures::Measured(const model::Measure& measure, const model::FigureKey& key,
                                  const std::string& share) {
  if (key.period.from > LocalNow()) return {};
  const auto total = TotalOf(measure, key);
  if (!total) return {};
  if (key.territory) {
    const Sums& sums = SumsOf(measure, key, share);
    const auto found = sums.find(key.unit);
    return Finished(measure, found == sums.end() ? Sum() : found->second);
  }
  Sum sum;
  AddShare(measure, *total, Decimal::FromInteger(1), sum);
  return Finished(measure, sum);
}

PlainValue PlainFigures::Finished(const model::Measure& measure, const Sum& sum) const {
  using Kind = model::Aggregate;
  if (sum.incomplete) return {std::nullopt, "incomplete"};
  if (!sum.count || !sum.sum) return {};
  const auto& values = sum.whole.values;
  if (values.size() > model::kMaxDistinctValuesPerCell) return {};
  switch (measure.aggregate) {
    case Kind::kCount:
      return Normal(sum.count);
    case Kind::kSum:
      return Normal(sum.sum);
    case Kind::kAverage:
      return Normal(Divide(*sum.sum, *sum.count, kPlainQuotient));
    case Kind::kDistinct:
      return {Decimal::FromInteger(static_cast<std::int64_t>(values.size())), {}};
    case Kind::kMinimum:
      return {values.empty() ? std::nullopt : NumberOf(values.begin()->first), {}};
    case Kind::kMaximum:
      return {values.empty() ? std::nullopt : NumberOf(values.rbegin()->first), {}};
  }
  return {};
}

/// Of the unit as it was reported. Nothing when the period is finer than what is kept apart.
std::optional<PlainEvaluator::Total> PlainFigures::TotalOf(const model::Measure& measure,
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
  PlainEvaluator::Total total;
  if (key.territory) return total;
  const auto [known, added] = cells_.try_emplace(measure.name);
  if (added) known->second = plain_.Compute(measure, as_of_);
  const auto scale = by_hour ? 1 : kHoursADay;
  for (const auto& [place, cell] : known->second) {
    if (place.tree != key.tree || place.unit != key.unit.value) continue;
    const std::int64_t hour = static_cast<std::int64_t>(place.leaf) * scale;
    const bool after_start = measure.kind == model::MeasureKind::kStock || hour >= first_hour;
    if (hour >= last_hour || !after_start) continue;
    total.count += cell.count;
    total.sum += cell.sum;
    AddValues(cell, total);
  }
  return total;
}

/// The days from which a stock's and a flow's content is carried: not later than the moment's.
std::pair<Date, Date> PlainFigures::DaysOf(const model::Period& period) const {
  const Date first = DayOf(period.from);
  const Date last = DayOf(std::min(period.to - base::Duration(1), LocalNow()));
  return {first, std::max(first, last)};
}

PlainTerritory& PlainFigures::TerritoryOf(model::TreeKind tree, Date day,
                                          const std::string& share) {
  auto& known = territories_[{tree, day, share}];
  if (!known) {
    known =
        std::make_unique<PlainTerritory>(center_.TreeOf(tree), center_.HistoryOf(tree), day, share);
  }
  return *known;
}

/// The measure in every unit of the key's territory, record by record along the declared events.
const PlainFigures::Sums& PlainFigures::SumsOf(const model::Measure& measure,
                                               const model::FigureKey& key,
                                               const std::string& share) {
  const auto [known, added] = sums_.try_emplace(
      {measure.name, key.tree, key.period.from, key.period.to, *key.territory, share});
  Sums& sums = known->second;
  if (!added) return sums;
  const auto [own, first_time] = own_.try_emplace({measure.name, key.tree});
  if (first_time) own->second = plain_.ComputeOwn(measure, key.tree, as_of_);
  PlainTerritory& territory = TerritoryOf(key.tree, *key.territory, share);
  const bool stock = measure.kind == model::MeasureKind::kStock;
  const Date last = DaysOf(key.period).second;
  // What is divided alike is added up first: shares of 18 decimals are rounded once.
  std::map<std::pair<UnitId, Date>, PlainEvaluator::Total> by_day;
  std::map<std::pair<UnitId, PlainPlaces>, PlainEvaluator::Total> by_share;
  const auto add = [](const PlainEvaluator::Total& from, PlainEvaluator::Total& to) {
    to.count += from.count;
    to.sum += from.sum;
    AddValues(from, to);
  };
  for (const auto& [place, total] : own->second) {
    const base::LocalTime at = model::StartOf(place.leaf, measure.grain);
    if (at >= key.period.to || (!stock && at < key.period.from)) continue;
    add(total, by_day[{UnitId{place.unit}, stock ? last : std::min(DayOf(at), last)}]);
  }
  for (const auto& [where, total] : by_day) {
    add(total, by_share[{where.first, territory.SharesOf(where.first, where.second)}]);
  }
  for (const auto& [shared, total] : by_share) {
    if (total == PlainEvaluator::Total()) continue;
    for (const auto& [unit, part] : shared.second) AddShare(measure, total, part, sums[unit]);
  }
  return sums;
}

/// Smallest, greatest and different values cannot be divided.
void PlainFigures::AddShare(const model::Measure& measure, const PlainEvaluator::Total& total,
                            const PlainShare& share, Sum& sum) const {
  const bool is_whole = share && *share == Decimal::FromInteger(1);
  if (!share || (!is_whole && !AddsUp(measure))) {
    sum.incomplete = true;
    return;
  }
  sum.count = Plus(sum.count, Times(Decimal::FromInteger(total.count), share));
  sum.sum = Plus(sum.sum, Times(Decimal(total.sum, ScaleOf(center_, measure)), share));
  AddValues(total, sum.whole);
}

}  // namespace fansipan::indicators
