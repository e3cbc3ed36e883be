#include "indicators/figures.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/calendar_notices.h"
#include "indicators/formula.h"
#include "indicators/health/contract_standing.h"
#include "indicators/internal/behind.h"
#include "indicators/reported/cross_checks.h"
#include "indicators/restated/merger_rules.h"
#include "indicators/restated/territories.h"
#include "model/days.h"

namespace fansipan::indicators {
namespace {

model::FigureKey WithPeriod(const model::FigureKey& key, const model::Period& period) {
  model::FigureKey moved = key;
  moved.period = period;
  return moved;
}

const model::Vintage& VintageOf(const View& view, const model::Indicator& indicator,
                                const Statement& statement) {
  const model::Dataset* dataset = view.center->FindDataset(indicator.reported->dataset);
  return dataset->reported->vintages[statement.vintage];
}

std::optional<model::TrustMark> MarkOf(const model::Vintage& vintage) {
  switch (vintage.mark) {
    case model::VintageMark::kNone:
      return std::nullopt;
    case model::VintageMark::kEstimate:
      return model::TrustMark::kEstimate;
    case model::VintageMark::kPreliminary:
      return model::TrustMark::kPreliminary;
  }
  return std::nullopt;
}

/// What a figure takes over from the reported values that were read for it.
struct StatedNotes {
  std::set<model::TrustMark> marks;  ///< estimate, preliminary
  std::set<std::string> reporters;   ///< sources that stated them
};

/// Reads one formula with everything below it, or what was reported, remembering its parts, and on
/// another day's territory what it is made of.
class FormulaReader {
 public:
  FormulaReader(const View& view, const std::optional<DimensionFilter>& filter,
                RestatementNotes& notes, StatedNotes& stated)
      : view_(view), filter_(filter), notes_(notes), stated_(stated) {}

  /// `units` takes the figures that were combined, where the indicator's rule does so.
  FormulaValue Read(const model::Indicator& indicator, const model::FigureKey& key,
                    std::vector<model::FormulaPart>* parts,
                    std::vector<model::RestatedUnit>* units = nullptr) const {
    const bool begun = key.period.from <= LocalNow(view_);
    if (key.territory && begun && CombinesFigures(indicator)) {
      if (auto combined = Combine(indicator, key, units)) return *std::move(combined);
    }
    if (indicator.reported) return ReadStated(indicator, key);
    FormulaContext context;
    const std::string& share = indicator.across_merger.share;
    context.name = [&](const std::string& name) { return Named({name, name, share}, key, parts); };
    context.call = [&](const std::string& function, const std::string& argument) {
      return Called(function, {argument, function + "(" + argument + ")", share}, key, parts);
    };
    return EvaluateFormula(indicator.formula, context);
  }

 private:
  /// A name of a formula, how it is shown, and the attribute that divides units for the formula.
  struct Reference {
    const std::string& name;
    std::string label;
    const std::string& share;
  };

  FormulaValue ReadStated(const model::Indicator& indicator, const model::FigureKey& key) const {
    if (filter_) return {std::nullopt, "not_kept_apart"};
    const auto shown = view_.reported->FindShown(
        *indicator.reported, StatedOf::Of(key.tree, key.unit, key.period), view_.known_reports());
    if (!shown) return {std::nullopt, "not_reported"};
    const auto mark = MarkOf(VintageOf(view_, indicator, *shown));
    if (mark) stated_.marks.insert(*mark);
    stated_.reporters.insert(shown->source);
    return {shown->value, {}};
  }

  std::optional<FormulaValue> Combine(const model::Indicator& indicator,
                                      const model::FigureKey& key,
                                      std::vector<model::RestatedUnit>* units) const {
    const auto read = [this](const model::Indicator& of, const model::FigureKey& at,
                             RestatementNotes& notes) {
      std::vector<model::FormulaPart> below;
      FormulaValue value = FormulaReader(view_, filter_, notes, stated_).Read(of, at, &below);
      for (const model::FormulaPart& part : below) notes.records += part.records;
      return value;
    };
    std::vector<model::RestatedUnit> combined;
    auto value = CombineUnits({view_, indicator, key, read}, notes_, combined);
    if (units != nullptr) *units = std::move(combined);
    return value;
  }

  MeasureValue Measured(MeasureId measure, const model::FigureKey& key,
                        const std::string& share) const {
    if (!key.territory || key.period.from > LocalNow(view_)) {
      return ReadMeasure(view_, measure, key, filter_);
    }
    return RestatedMeasures(view_, filter_, &notes_).Read(measure, key, share);
  }

  FormulaValue Named(const Reference& reference, const model::FigureKey& key,
                     std::vector<model::FormulaPart>* parts) const {
    model::FormulaPart part{reference.label, false, std::nullopt, 0};
    FormulaValue value;
    if (const auto measure = view_.plan->FindMeasure(reference.name)) {
      const MeasureValue read = Measured(*measure, key, reference.share);
      part = {reference.label, true, read.value, read.records};
      value = {read.value, read.no_value_reason};
    } else if (const auto* indicator = view_.center->FindIndicator(reference.name)) {
      std::vector<model::FormulaPart> below;
      value = Read(*indicator, key, &below);
      part.value = value.value;
      for (const auto& inner : below) part.records += inner.records;
    }
    Remember(part, parts);
    return value;
  }

  FormulaValue Called(const std::string& function, const Reference& reference,
                      const model::FigureKey& key, std::vector<model::FormulaPart>* parts) const {
    if (function == "previous") {
      return Named(reference, WithPeriod(key, model::Shift(key.period, -1)), parts);
    }
    if (function == "same_period_last_year") {
      return Named(reference, WithPeriod(key, model::SamePeriodLastYear(key.period)), parts);
    }
    if (function == "cumulative") {
      return Named(reference, WithPeriod(key, model::ExtendedToYearStart(key.period)), parts);
    }
    const auto* indicator = view_.center->FindIndicator(reference.name);
    const auto target = indicator ? TargetOf(*indicator, key) : std::nullopt;
    Remember({reference.label, false, target, 0}, parts);
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
  RestatementNotes& notes_;
  StatedNotes& stated_;
};

std::optional<model::Decimal> FindTarget(const View& view, const model::Indicator& indicator,
                                         const model::FigureKey& key) {
  if (indicator.targets.empty()) return std::nullopt;
  const std::string& unit = view.center->TreeOf(key.tree).Get(key.unit).code;
  const model::Date today = model::DayOf(LocalNow(view));
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

/// A measure as the indicator reads it: on another day's territory units are divided by its rule.
MeasureValue ReadForIndicator(const View& view, const model::Indicator& indicator,
                              MeasureId measure, const model::FigureKey& key,
                              const std::optional<DimensionFilter>& filter) {
  return key.territory && key.period.from <= LocalNow(view)
             ? RestatedMeasures(view, filter).Read(measure, key, indicator.across_merger.share)
             : ReadMeasure(view, measure, key, filter);
}

bool EnoughToJudge(const View& view, const model::Indicator& indicator, const model::FigureKey& key,
                   const std::optional<DimensionFilter>& filter) {
  return std::all_of(
      indicator.judged_from.begin(), indicator.judged_from.end(), [&](const auto& rule) {
        const auto measure = view.plan->FindMeasure(rule.first);
        if (!measure) return false;
        const MeasureValue value = ReadForIndicator(view, indicator, *measure, key, filter);
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

/// What a reported figure says of the statement that it shows.
std::optional<model::StatedValue> StatedOfFigure(const View& view,
                                                 const model::Indicator& indicator,
                                                 const model::FigureKey& key) {
  if (!indicator.reported) return std::nullopt;
  const model::ReportedRule& rule = *indicator.reported;
  model::StatedValue stated;
  const auto shown = view.reported->FindShown(rule, StatedOf::Of(key.tree, key.unit, key.period),
                                              view.known_reports(), &stated.statements);
  if (!shown) return std::nullopt;
  const model::Vintage& vintage = VintageOf(view, indicator, *shown);
  const auto& vintages = view.center->FindDataset(rule.dataset)->reported->vintages;
  stated.dataset = rule.dataset;
  stated.series = rule.series;
  stated.vintage = vintage.name;
  stated.vintage_title = vintage.title;
  stated.last_vintage = shown->vintage + 1 == vintages.size();
  stated.signer = shown->signer;
  stated.note = shown->note;
  stated.source = shown->source;
  stated.version = shown->version;
  stated.delivery = shown->delivery;
  stated.recorded_at = shown->recorded_at;
  return stated;
}

void AddComparisons(const View& view, model::Figure& figure) {
  figure.comparisons = ComparisonsOf(view, figure.key);
  const bool contradicted = std::any_of(
      figure.comparisons.begin(), figure.comparisons.end(),
      [](const auto& compared) { return compared.agreement == model::Agreement::kContradicts; });
  if (contradicted) figure.trust.insert(model::TrustMark::kContradicted);
}

void Raise(std::optional<base::Timestamp>& target, std::optional<base::Timestamp> moment) {
  if (moment && (!target || *target < *moment)) target = moment;
}

/// Many sources may report into one dataset: a figure stands on those that stated what it shows,
/// and on those that feed its measures.
std::vector<const center::Source*> SourcesBehind(const View& view,
                                                 const model::Indicator& indicator,
                                                 const std::set<std::string>& reporters) {
  std::vector<const center::Source*> sources = SourcesOf(*view.center, indicator);
  if (reporters.empty()) return sources;
  std::set<std::string> counted;
  for (const MeasureId id : MeasuresOf(view, indicator)) {
    counted.insert(view.plan->measure(id).dataset);
  }
  std::erase_if(sources, [&](const center::Source* source) {
    const bool feeds =
        std::any_of(source->mappings.begin(), source->mappings.end(),
                    [&](const auto& mapping) { return counted.contains(mapping.dataset); });
    return !feeds && !reporters.contains(source->name);
  });
  return sources;
}

/// What a source's standing says of the figures that it feeds.
std::set<model::TrustMark> MarksOf(const SourceStanding& standing) {
  std::set<model::TrustMark> marks;
  if (standing.state == SourceState::kLate) marks.insert(model::TrustMark::kLate);
  const bool unheard =
      standing.state == SourceState::kSilent || !standing.facts.last_sign_of_life.has_value();
  if (unheard) marks.insert(model::TrustMark::kSilent);
  if (standing.trouble() != nullptr) marks.insert(model::TrustMark::kFailing);
  if (standing.conditions.paused) marks.insert(model::TrustMark::kPaused);
  if (standing.old_codes) marks.insert(model::TrustMark::kOldCodes);
  for (const model::TrustMark mark : ContractMarks(standing.contract)) marks.insert(mark);
  return marks;
}

void AddSourceFacts(const View& view, const model::Indicator& indicator,
                    const std::set<std::string>& reporters, model::Figure& figure) {
  figure.freshness_promise = indicator.freshness;
  for (const center::Source* source : SourcesBehind(view, indicator, reporters)) {
    const SourceStanding standing = StandingOf(view, *source);
    figure.sources.push_back(source->name);
    figure.deliveries += standing.facts.deliveries;
    Raise(figure.data_as_of, standing.facts.data_as_of);
    Raise(figure.received_at, standing.facts.received_at);
    if (source->simulated) figure.trust.insert(model::TrustMark::kSimulated);
    const std::set<model::TrustMark> marks = MarksOf(standing);
    figure.trust.insert(marks.begin(), marks.end());
    if (!standing.age) continue;
    figure.age = std::max(figure.age.value_or(base::Duration::zero()), *standing.age);
    if (indicator.freshness && *standing.age > *indicator.freshness) {
      figure.trust.insert(model::TrustMark::kLate);
    }
  }
}

bool IsOnTerritory(const View& view, const model::FigureKey& key) {
  const model::UnitTree& tree = view.center->TreeOf(key.tree);
  return key.unit == tree.root() || tree.IsValidOn(key.unit, *key.territory);
}

/// What was come upon while a figure's value was read.
struct ValueNotes {
  RestatementNotes restated;
  StatedNotes stated;
  std::vector<model::RestatedUnit> units;  ///< that were combined
};

/// Sets the figure's formula, value and parts. Null when there is no more to be said of it.
const model::Indicator* ReadValueOf(const View& view, const std::optional<DimensionFilter>& filter,
                                    model::Figure& figure, ValueNotes& notes) {
  const model::FigureKey& key = figure.key;
  const model::Indicator* indicator = view.center->FindIndicator(key.indicator);
  if (indicator == nullptr) {
    figure.no_value_reason = "unknown_indicator";
    return nullptr;
  }
  if (!indicator->reported) figure.formula = model::ToText(indicator->formula);
  if (key.territory && !IsOnTerritory(view, key)) {
    figure.no_value_reason = "unit_not_on_day";
    return nullptr;
  }
  const FormulaValue value = FormulaReader(view, filter, notes.restated, notes.stated)
                                 .Read(*indicator, key, &figure.parts, &notes.units);
  figure.value = value.value;
  figure.no_value_reason = value.no_value_reason;
  return indicator;
}

/// What the figure was made of, with the marks that follow from it.
void AddRestatement(const model::Indicator& indicator, const RestatementNotes& notes,
                    std::vector<model::RestatedUnit> units, model::Figure& figure) {
  model::Restatement restatement{*figure.key.territory, indicator.across_merger, {}, {}};
  for (const auto& [unit, share] : notes.units) {
    const auto combined = std::ranges::find_if(
        units, [id = unit](const model::RestatedUnit& one) { return one.unit == id; });
    if (combined == units.end()) {
      restatement.units.push_back({unit, share, std::nullopt, std::nullopt});
    } else {
      restatement.units.push_back(*combined);
    }
  }
  restatement.gaps.assign(notes.gaps.begin(), notes.gaps.end());
  if (notes.changed) figure.trust.insert(model::TrustMark::kRestated);
  if (!notes.gaps.empty()) figure.trust.insert(model::TrustMark::kIncomplete);
  figure.restatement = std::move(restatement);
}

/// All cells that may count in the measure at the key's node.
std::vector<CellRange> RangesOf(const View& view, MeasureId measure, const model::FigureKey& key,
                                const model::Indicator& indicator, const CellRange& range) {
  if (!key.territory) return {range};
  const auto territory =
      view.territories->On(key.tree, *key.territory, indicator.across_merger.share);
  const auto pieces = RestatedMeasures(view, std::nullopt).PiecesOf(measure, key, *territory);
  std::vector<CellRange> ranges;
  for (const auto& piece : pieces.value_or(std::vector<RestatedMeasures::Piece>())) {
    for (const model::RestatedReading& reading : piece.content->readings) {
      ranges.push_back({key.tree, reading.unit, piece.first, piece.last, {}});
    }
  }
  return ranges;
}

/// The most records of one of its measures whose due moments contradict each other.
void AddContradictions(const View& view, const model::Indicator& indicator,
                       const std::optional<DimensionFilter>& filter, model::Figure& figure) {
  if (!view.plan->HasContradictions()) return;
  for (const MeasureId measure : MeasuresOf(view, indicator)) {
    for (const MeasureId companion : view.plan->ContradictionsOf(measure)) {
      const std::uint64_t records =
          ReadForIndicator(view, indicator, companion, figure.key, filter).records;
      figure.contradicted_records = std::max(figure.contradicted_records, records);
    }
  }
  if (figure.contradicted_records > 0) figure.trust.insert(model::TrustMark::kContradicted);
}

/// Where records lie that count at the key's node on its territory: nothing when they may lie
/// anywhere.
std::optional<store::PlaceFilter> PlacesBehind(const View& view, MeasureId measure,
                                               const model::FigureKey& key) {
  const model::UnitTree& tree = view.center->TreeOf(key.tree);
  const auto dataset = *view.plan->FindDataset(view.plan->measure(measure).dataset);
  const model::Dataset& declared = view.plan->dataset(dataset);
  const auto& place =
      key.tree == model::TreeKind::kTerritory ? declared.territory : declared.organisation;
  const auto territory = view.territories->On(key.tree, *key.territory, "");
  const auto pieces = RestatedMeasures(view, std::nullopt).PiecesOf(measure, key, *territory);
  store::PlaceFilter filter{place->column, {}, false};
  for (const auto& piece : pieces.value_or(std::vector<RestatedMeasures::Piece>())) {
    std::vector<bool> counts(tree.size());
    for (const model::RestatedReading& reading : piece.content->readings) {
      if (reading.unit == tree.root()) filter.or_missing = true;
      if (reading.unit == tree.root() && !reading.own) return std::nullopt;
      counts[reading.unit.value] = true;
      if (reading.own) continue;
      for (const model::UnitId below : tree.SubtreeOf(reading.unit)) counts[below.value] = true;
    }
    const bool one = pieces->size() == 1;
    const auto zone = view.center->time_zone;
    const auto grain = view.plan->measure_set(view.plan->SetOf(measure)).grain;
    for (store::CodeSpan span : view.plan->ResolverOf(dataset, key.tree)->SpansOf(counts, zone)) {
      if (!one) {
        const auto from = zone.ToUtc(model::StartOf(piece.first, grain));
        const auto until = zone.ToUtc(model::StartOf(piece.last, grain));
        span.from = std::max(span.from, from);
        span.until = span.until ? std::min(*span.until, until) : until;
        if (*span.until <= span.from) continue;
      }
      filter.codes.push_back(std::move(span));
    }
  }
  return filter;
}

}  // namespace

model::Figure ReadFigure(const View& view, const model::FigureKey& key,
                         const std::optional<DimensionFilter>& filter) {
  model::Figure figure;
  figure.key = key;
  figure.snapshot = view.snapshot;
  ValueNotes notes;
  const model::Indicator* indicator = ReadValueOf(view, filter, figure, notes);
  if (indicator == nullptr) return figure;
  figure.records = notes.restated.records;
  for (const auto& part : figure.parts) figure.records += part.records;
  AddContradictions(view, *indicator, filter, figure);
  figure.target = FindTarget(view, *indicator, key);
  if (!filter) figure.pace = PaceOf(view, *indicator, figure);
  Judge(view, *indicator, filter, figure);
  figure.trust.insert(notes.stated.marks.begin(), notes.stated.marks.end());
  AddSourceFacts(view, *indicator, notes.stated.reporters, figure);
  if (key.territory) AddRestatement(*indicator, notes.restated, std::move(notes.units), figure);
  // What is stated, and compared, is of the unit as it was: of a restated value it says nothing.
  if (filter || notes.restated.changed) return figure;
  figure.stated = StatedOfFigure(view, *indicator, key);
  AddComparisons(view, figure);
  return figure;
}

FormulaValue ReadValue(const View& view, const model::Indicator& indicator,
                       const model::FigureKey& key) {
  RestatementNotes notes;
  StatedNotes stated;
  std::vector<model::FormulaPart> parts;
  return FormulaReader(view, std::nullopt, notes, stated).Read(indicator, key, &parts);
}

model::Figure ReadPoint(const View& view, const model::FigureKey& key) {
  model::Figure figure;
  figure.key = key;
  ValueNotes notes;
  const model::Indicator* indicator = ReadValueOf(view, std::nullopt, figure, notes);
  if (indicator == nullptr) return figure;
  if (notes.restated.changed) figure.trust.insert(model::TrustMark::kRestated);
  Judge(view, *indicator, std::nullopt, figure);
  return figure;
}

std::vector<KnownStatement> ReadStatements(const View& view, const model::FigureKey& key) {
  const model::Indicator* indicator = view.center->FindIndicator(key.indicator);
  if (indicator == nullptr || !indicator->reported) return {};
  return view.reported->FindAll(*indicator->reported, StatedOf::Of(key.tree, key.unit, key.period),
                                view.snapshot.sequence);
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
    for (const CellRange& cells : RangesOf(view, measure, key, *indicator, *range)) {
      for (const std::uint32_t tuple : view.cells->TuplesIn(view.plan->SetOf(measure), cells)) {
        values.insert(model::ToText(view.plan->tuples().Get(tuple)[position]));
      }
    }
  }
  return std::vector<std::string>(values.begin(), values.end());
}

std::vector<const center::Source*> SourcesOf(const center::Center& center,
                                             const model::Indicator& indicator) {
  std::set<std::string> datasets;
  const internal::Behind behind = internal::BehindOf(center, indicator);
  for (const std::string& name : behind.measures) {
    datasets.insert(center.FindMeasure(name)->dataset);
  }
  for (const model::Indicator* known : behind.indicators) {
    if (known->reported) datasets.insert(known->reported->dataset);
  }
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
  for (const std::string& name : internal::BehindOf(*view.center, indicator).measures) {
    measures.push_back(*view.plan->FindMeasure(name));
  }
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
  if (place && key.territory) {
    query.place = PlacesBehind(view, measure_id, key);
    return query;
  }
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
