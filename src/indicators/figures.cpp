#include "indicators/figures.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>
#include <utility>

#include "indicators/formula.h"

namespace fansipan::indicators {
namespace {

constexpr model::Leaf kFirstLeaf = std::numeric_limits<model::Leaf>::min();

base::LocalTime LocalNow(const View& view) {
  return view.center->time_zone.ToLocal(view.snapshot.tick);
}

MeasureValue NoMeasure(std::string_view reason) {
  MeasureValue value;
  value.no_value_reason = reason;
  return value;
}

std::function<bool(std::uint32_t)> Accepts(const View& view, std::uint32_t set,
                                           const std::optional<DimensionFilter>& filter) {
  if (!filter) return {};
  const auto& dimensions = view.plan->measure_set(set).dimensions;
  const auto dataset = view.plan->FindDataset(view.plan->measure_set(set).dataset);
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    if (view.plan->dataset(*dataset).columns[dimensions[i]].name != filter->column) continue;
    return [&view, i, wanted = filter->value](std::uint32_t tuple) {
      return model::ToText(view.plan->tuples().Get(tuple)[i]) == wanted;
    };
  }
  return [](std::uint32_t) { return false; };
}

/// The leaves that make up the measure at a period: a flow's own, or all up to a stock's end.
std::optional<CellRange> RangeOf(const View& view, MeasureId measure, const model::FigureKey& key) {
  const std::uint32_t set = view.plan->SetOf(measure);
  const auto leaves = model::LeavesOf(key.period, view.plan->measure_set(set).grain);
  if (!leaves) return std::nullopt;
  const bool stock = view.plan->measure(measure).kind == model::MeasureKind::kStock;
  return CellRange{key.tree, key.unit, stock ? kFirstLeaf : leaves->first, leaves->last, {}};
}

/// On the way between two moments, cause by cause, a value may be taken away before it has come.
void DropAbsent(Accumulator& total) {
  std::erase_if(total.values, [](const auto& value) { return value.second <= 0; });
}

std::uint64_t RecordsIn(const Accumulator& total) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(total.count, 0));
}

MeasureValue Extreme(const View& view, const Accumulator& total, bool maximum) {
  std::optional<model::Value> best;
  for (const auto& [id, times] : total.values) {
    const model::Value& value = view.plan->values().Get(id - 1)[0];
    if (!best || (model::Compare(value, *best) > 0) == maximum) best = value;
  }
  MeasureValue result;
  result.records = RecordsIn(total);
  if (!best) {
    result.no_value_reason = "no_records";
  } else if (const auto* integer = std::get_if<std::int64_t>(&*best)) {
    result.value = model::Decimal::FromInteger(*integer);
  } else if (const auto* decimal = std::get_if<model::Decimal>(&*best)) {
    result.value = *decimal;
  }
  return result;
}

MeasureValue Finish(const View& view, MeasureId id, const Accumulator& total) {
  const model::Measure& measure = view.plan->measure(id);
  const model::Decimal sum(total.sum, view.plan->ScaleOf(id));
  MeasureValue result;
  result.records = RecordsIn(total);
  switch (measure.aggregate) {
    case model::Aggregate::kCount:
      result.value = model::Decimal::FromInteger(total.count);
      return result;
    case model::Aggregate::kSum:
      result.value = sum.Normalized();
      return result;
    case model::Aggregate::kAverage: {
      if (total.count <= 0) return NoMeasure("no_records");
      const auto mean = Divide(sum, model::Decimal::FromInteger(total.count), kQuotientDecimals);
      if (!mean) return NoMeasure("overflow");
      result.value = mean->Normalized();
      return result;
    }
    case model::Aggregate::kDistinct:
      result.value = model::Decimal::FromInteger(static_cast<std::int64_t>(total.values.size()));
      return result;
    case model::Aggregate::kMinimum:
      return Extreme(view, total, false);
    case model::Aggregate::kMaximum:
      return Extreme(view, total, true);
  }
  return result;
}

model::FigureKey WithPeriod(const model::FigureKey& key, const model::Period& period) {
  model::FigureKey moved = key;
  moved.period = period;
  return moved;
}

/// Reads one formula with everything below it, remembering its parts.
class FormulaReader {
 public:
  FormulaReader(const View& view, const std::optional<DimensionFilter>& filter)
      : view_(view), filter_(filter) {}

  FormulaValue Read(const model::Indicator& indicator, const model::FigureKey& key,
                    std::vector<model::FormulaPart>* parts) const {
    FormulaContext context;
    context.name = [&](const std::string& name) { return Named(name, name, key, parts); };
    context.call = [&](const std::string& function, const std::string& argument) {
      return Called(function, argument, key, parts);
    };
    return EvaluateFormula(indicator.formula, context);
  }

 private:
  FormulaValue Named(const std::string& name, const std::string& label, const model::FigureKey& key,
                     std::vector<model::FormulaPart>* parts) const {
    model::FormulaPart part{label, false, std::nullopt, 0};
    FormulaValue value;
    if (const auto measure = view_.plan->FindMeasure(name)) {
      const MeasureValue read = ReadMeasure(view_, *measure, key, filter_);
      part = {label, true, read.value, read.records};
      value = {read.value, read.no_value_reason};
    } else if (const auto* indicator = view_.center->FindIndicator(name)) {
      std::vector<model::FormulaPart> below;
      value = Read(*indicator, key, &below);
      part.value = value.value;
      for (const auto& inner : below) part.records += inner.records;
    }
    Remember(part, parts);
    return value;
  }

  FormulaValue Called(const std::string& function, const std::string& argument,
                      const model::FigureKey& key, std::vector<model::FormulaPart>* parts) const {
    const std::string label = function + "(" + argument + ")";
    if (function == "previous") {
      return Named(argument, label, WithPeriod(key, model::Shift(key.period, -1)), parts);
    }
    if (function == "same_period_last_year") {
      return Named(argument, label, WithPeriod(key, model::SamePeriodLastYear(key.period)), parts);
    }
    if (function == "cumulative") {
      return Named(argument, label, WithPeriod(key, model::ExtendedToYearStart(key.period)), parts);
    }
    const auto* indicator = view_.center->FindIndicator(argument);
    const auto target = indicator ? TargetOf(*indicator, key) : std::nullopt;
    Remember({label, false, target, 0}, parts);
    if (!target) return {std::nullopt, "no_target"};
    return {target, {}};
  }

  static void Remember(const model::FormulaPart& part, std::vector<model::FormulaPart>* parts) {
    const bool known = std::any_of(parts->begin(), parts->end(),
                                   [&](const auto& earlier) { return earlier.name == part.name; });
    if (!known) parts->push_back(part);
  }

  std::optional<model::Decimal> TargetOf(const model::Indicator& indicator,
                                         const model::FigureKey& key) const;

  const View& view_;
  const std::optional<DimensionFilter>& filter_;
};

std::optional<model::Decimal> FindTarget(const View& view, const model::Indicator& indicator,
                                         const model::FigureKey& key) {
  if (indicator.targets.empty()) return std::nullopt;
  const std::string& unit = view.center->TreeOf(key.tree).Get(key.unit).code;
  const model::Date today(std::chrono::floor<std::chrono::days>(LocalNow(view)).time_since_epoch());
  const model::Target* target =
      model::FindTarget(indicator.targets, unit, model::ToText(key.period), today);
  return target == nullptr ? std::nullopt : std::optional(target->value);
}

std::optional<model::Decimal> FormulaReader::TargetOf(const model::Indicator& indicator,
                                                      const model::FigureKey& key) const {
  return FindTarget(view_, indicator, key);
}

std::optional<model::Pace> PaceOf(const View& view, const model::Indicator& indicator,
                                  const model::Figure& figure) {
  if (!indicator.pace || !figure.value || !figure.target) return std::nullopt;
  const center::Calendar* calendar = view.center->FindCalendar(indicator.pace->calendar);
  if (calendar == nullptr) return std::nullopt;
  return model::PaceOf({*figure.value, *figure.target, figure.key.period, view.snapshot.tick},
                       calendar->timetable, view.center->time_zone);
}

bool EnoughToJudge(const View& view, const model::Indicator& indicator, const model::FigureKey& key,
                   const std::optional<DimensionFilter>& filter) {
  return std::all_of(indicator.judged_from.begin(), indicator.judged_from.end(),
                     [&](const auto& rule) {
                       const auto measure = view.plan->FindMeasure(rule.first);
                       if (!measure) return false;
                       const MeasureValue value = ReadMeasure(view, *measure, key, filter);
                       return value.value && *value.value >= rule.second;
                     });
}

void Judge(const View& view, const model::Indicator& indicator,
           const std::optional<DimensionFilter>& filter, model::Figure& figure) {
  const auto& thresholds = indicator.thresholds;
  if (!figure.value) {
    figure.not_judged_reason = "no_value";
  } else if (!thresholds || indicator.better == model::Better::kNeither) {
    figure.not_judged_reason = "no_threshold";
  } else if (!EnoughToJudge(view, indicator, figure.key, filter)) {
    figure.not_judged_reason = "too_few_cases";
  } else {
    const bool higher = indicator.better == model::Better::kHigher;
    const auto reaches = [&](const model::Decimal& limit) {
      return higher ? *figure.value >= limit : *figure.value <= limit;
    };
    figure.judgement = reaches(thresholds->good)    ? model::Judgement::kGood
                       : reaches(thresholds->watch) ? model::Judgement::kWatch
                                                    : model::Judgement::kBad;
  }
}

void Raise(std::optional<base::Timestamp>& target, std::optional<base::Timestamp> moment) {
  if (moment && (!target || *target < *moment)) target = moment;
}

void AddSourceFacts(const View& view, const model::Indicator& indicator, model::Figure& figure) {
  figure.freshness_promise = indicator.freshness;
  for (const center::Source* source : SourcesOf(*view.center, indicator)) {
    const SourceStanding standing = StandingOf(view, *source);
    figure.sources.push_back(source->name);
    figure.deliveries += standing.facts.deliveries;
    Raise(figure.data_as_of, standing.facts.data_as_of);
    Raise(figure.received_at, standing.facts.received_at);
    if (source->simulated) figure.trust.insert(model::TrustMark::kSimulated);
    if (standing.state == SourceState::kLate) figure.trust.insert(model::TrustMark::kLate);
    if (standing.state == SourceState::kSilent || standing.state == SourceState::kNever) {
      figure.trust.insert(model::TrustMark::kSilent);
    }
    if (!standing.age) continue;
    figure.age = std::max(figure.age.value_or(base::Duration::zero()), *standing.age);
    if (indicator.freshness && *standing.age > *indicator.freshness) {
      figure.trust.insert(model::TrustMark::kLate);
    }
  }
}

void CollectMeasures(const View& view, const model::Indicator& indicator,
                     std::vector<MeasureId>& measures) {
  for (const std::string& name : model::NamesIn(indicator.formula)) {
    if (const auto measure = view.plan->FindMeasure(name)) {
      if (std::find(measures.begin(), measures.end(), *measure) == measures.end()) {
        measures.push_back(*measure);
      }
    } else if (const auto* inner = view.center->FindIndicator(name)) {
      CollectMeasures(view, *inner, measures);
    }
  }
}

void CollectDatasets(const center::Center& center, const model::Indicator& indicator,
                     std::set<std::string>& datasets) {
  for (const std::string& name : model::NamesIn(indicator.formula)) {
    if (const auto* measure = center.FindMeasure(name)) {
      datasets.insert(measure->dataset);
    } else if (const auto* inner = center.FindIndicator(name)) {
      CollectDatasets(center, *inner, datasets);
    }
  }
}

/// The most records of one of its measures whose due moments contradict each other.
void AddContradictions(const View& view, const model::Indicator& indicator,
                       const std::optional<DimensionFilter>& filter, model::Figure& figure) {
  for (const MeasureId measure : MeasuresOf(view, indicator)) {
    for (const MeasureId companion : view.plan->ContradictionsOf(measure)) {
      const std::uint64_t records = ReadMeasure(view, companion, figure.key, filter).records;
      figure.contradicted_records = std::max(figure.contradicted_records, records);
    }
  }
  if (figure.contradicted_records > 0) figure.trust.insert(model::TrustMark::kContradicted);
}

}  // namespace

MeasureValue ReadMeasure(const View& view, MeasureId measure, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter) {
  if (key.period.from > LocalNow(view)) return NoMeasure("period_ahead");
  auto range = RangeOf(view, measure, key);
  if (!range) return NoMeasure("finer_than_recorded");
  const std::uint32_t set = view.plan->SetOf(measure);
  range->accepts = Accepts(view, set, filter);
  Accumulator total = view.cells->Read(measure, set, *range);
  DropAbsent(total);
  if (total.values.size() > model::kMaxDistinctValuesPerCell) return NoMeasure("too_many_values");
  return Finish(view, measure, total);
}

model::Figure ReadFigure(const View& view, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter) {
  model::Figure figure;
  figure.key = key;
  figure.snapshot = view.snapshot;
  const model::Indicator* indicator = view.center->FindIndicator(key.indicator);
  if (indicator == nullptr) {
    figure.no_value_reason = "unknown_indicator";
    return figure;
  }
  figure.formula = model::ToText(indicator->formula);
  const FormulaValue value = FormulaReader(view, filter).Read(*indicator, key, &figure.parts);
  figure.value = value.value;
  figure.no_value_reason = value.no_value_reason;
  for (const auto& part : figure.parts) figure.records += part.records;
  AddContradictions(view, *indicator, filter, figure);
  figure.target = FindTarget(view, *indicator, key);
  if (!filter) figure.pace = PaceOf(view, *indicator, figure);
  Judge(view, *indicator, filter, figure);
  AddSourceFacts(view, *indicator, figure);
  return figure;
}

base::Result<std::vector<std::string>> DimensionValues(const View& view,
                                                       const model::FigureKey& key,
                                                       const std::string& column) {
  std::set<std::string> values;
  const model::Indicator* indicator = view.center->FindIndicator(key.indicator);
  if (indicator == nullptr) return std::vector<std::string>{};
  for (const MeasureId measure : MeasuresOf(view, *indicator)) {
    const MeasureSet& set = view.plan->measure_set(view.plan->SetOf(measure));
    const auto& columns = view.plan->dataset(*view.plan->FindDataset(set.dataset)).columns;
    const auto at = std::find_if(set.dimensions.begin(), set.dimensions.end(),
                                 [&](std::size_t i) { return columns[i].name == column; });
    if (at == set.dimensions.end()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "unknown_dimension",
                         "measure '" + view.plan->measure(measure).name +
                             "' is not kept apart by '" + column + "'"};
    }
    const auto range = RangeOf(view, measure, key);
    if (!range) continue;
    const auto position = static_cast<std::size_t>(at - set.dimensions.begin());
    for (const std::uint32_t tuple : view.cells->TuplesIn(view.plan->SetOf(measure), *range)) {
      values.insert(model::ToText(view.plan->tuples().Get(tuple)[position]));
    }
  }
  return std::vector<std::string>(values.begin(), values.end());
}

std::string_view NameOf(SourceState state) {
  switch (state) {
    case SourceState::kNever:
      return "never";
    case SourceState::kLive:
      return "live";
    case SourceState::kLate:
      return "late";
    case SourceState::kSilent:
      return "silent";
  }
  return "never";
}

SourceStanding StandingOf(const View& view, const center::Source& source) {
  SourceStanding standing;
  standing.facts = view.sources->FactsAt(source.name, view.snapshot.tick);
  if (!standing.facts.last_sign_of_life) return standing;
  const center::Calendar* calendar = view.center->FindCalendar(source.working_calendar);
  const auto between = [&](base::Timestamp from, base::Timestamp to) {
    if (calendar == nullptr) return std::max(to - from, base::Duration(0));
    const auto counted = calendar->timetable.Between(from, to);
    standing.coverage = std::max(standing.coverage, counted.coverage);
    return counted.value;
  };
  standing.age = between(*standing.facts.last_sign_of_life, view.snapshot.tick);
  standing.state = SourceState::kLive;
  if (source.late_after && standing.facts.data_as_of &&
      between(*standing.facts.data_as_of, *standing.facts.last_sign_of_life) > *source.late_after) {
    standing.state = SourceState::kLate;
  }
  if (source.silent_after && *standing.age > *source.silent_after) {
    standing.state = SourceState::kSilent;
  }
  return standing;
}

std::vector<const center::Source*> SourcesOf(const center::Center& center,
                                             const model::Indicator& indicator) {
  std::set<std::string> datasets;
  CollectDatasets(center, indicator, datasets);
  std::vector<const center::Source*> sources;
  for (const center::Source& source : center.sources) {
    const bool feeds =
        std::any_of(source.mappings.begin(), source.mappings.end(),
                    [&](const auto& mapping) { return datasets.contains(mapping.dataset); });
    if (feeds) sources.push_back(&source);
  }
  return sources;
}

std::vector<MeasureId> MeasuresOf(const View& view, const model::Indicator& indicator) {
  std::vector<MeasureId> measures;
  CollectMeasures(view, indicator, measures);
  return measures;
}

base::Result<store::RecordQuery> RecordsBehind(const View& view, MeasureId measure_id,
                                               const model::FigureKey& key) {
  const model::Measure& measure = view.plan->measure(measure_id);
  const auto dataset = view.plan->FindDataset(measure.dataset);
  const base::TimeZone& zone = view.center->time_zone;
  store::RecordQuery query;
  query.dataset = measure.dataset;
  query.as_of = view.snapshot.sequence;
  query.kind = measure.kind;
  query.from = measure.from;
  query.until = measure.until;
  query.condition = measure.condition;
  query.zone = zone;
  query.since = zone.ToUtc(key.period.from);
  query.before = zone.ToUtc(key.period.to);
  if (measure.kind == model::MeasureKind::kStock) {
    query.before = std::min(query.before, view.snapshot.tick + base::Duration(1));
  }
  if (measure.value) query.not_missing = measure.value;
  const model::UnitTree& tree = view.center->TreeOf(key.tree);
  const auto& declared = view.plan->dataset(*dataset);
  const auto& place =
      key.tree == model::TreeKind::kTerritory ? declared.territory : declared.organisation;
  const bool root = key.unit == tree.root();
  if (!place && !root) {
    return base::Error{base::ErrorCode::kNotFound, "no_place",
                       "records of dataset '" + measure.dataset + "' carry no place in the " +
                           std::string(NameOf(key.tree)) + " tree; ask for its root"};
  }
  if (place && !root) {
    const PlaceResolver* resolver = view.plan->ResolverOf(*dataset, key.tree);
    query.place = {place->column, resolver->SpansWithin(key.unit, zone), false};
  }
  return query;
}

ChangesQuestion AskChanges(const View& view, const std::vector<MeasureId>& measures,
                           const model::FigureKey& key, base::Timestamp since) {
  ChangesQuestion question;
  for (const MeasureId measure : measures) {
    question.parts.push_back({measure, RangeOf(view, measure, key)});
  }
  question.tree = &view.center->TreeOf(key.tree);
  question.plan = view.plan;
  question.blocks = view.log->Span(view.log->CountUntil(since), view.block_count);
  return question;
}

base::Result<std::vector<std::vector<CauseSum>>> ReadChanges(const ChangesQuestion& question,
                                                             const base::Patience& patience) {
  std::vector<std::map<Cause, Accumulator>> sums(question.parts.size());
  const auto add = [&](const Delta& delta) {
    for (std::size_t i = 0; i < question.parts.size(); ++i) {
      const auto& [measure, range] = question.parts[i];
      if (delta.measure != measure || !range) continue;
      const auto unit = range->tree == model::TreeKind::kTerritory ? delta.cell.territory
                                                                   : delta.cell.organisation;
      const bool inside = delta.cell.leaf >= range->first && delta.cell.leaf < range->last &&
                          question.tree->IsWithin(unit, range->unit);
      if (!inside) continue;
      Accumulator& sum = sums[i][delta.cause];
      sum.count += delta.count;
      sum.sum += delta.sum;
    }
  };
  FANSIPAN_RETURN_IF_ERROR(question.blocks.ForEach(
      [&](const CellLogBlock& block) {
        for (const Delta& delta : block.deltas) add(delta);
      },
      patience));
  std::vector<std::vector<CauseSum>> changes(question.parts.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const int scale = question.plan->ScaleOf(question.parts[i].measure);
    for (const auto& [cause, sum] : sums[i]) {
      changes[i].push_back({cause, sum.count, model::Decimal(sum.sum, scale)});
    }
  }
  return changes;
}

}  // namespace fansipan::indicators
