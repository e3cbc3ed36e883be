#include "indicators/internal/formula_reader.h"

#include <algorithm>
#include <utility>

#include "indicators/internal/behind.h"
#include "indicators/restated/merger_rules.h"
#include "indicators/restated/territories.h"
#include "model/days.h"

namespace fansipan::indicators::internal {
namespace {

constexpr int kYearsStandingIn = 2;

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

void Remember(const model::FormulaPart& part, std::vector<model::FormulaPart>* parts) {
  const bool known = std::ranges::any_of(
      *parts, [&](const model::FormulaPart& earlier) { return earlier.name == part.name; });
  if (!known) parts->push_back(part);
}

model::Period PeriodOf(const std::string& function, const model::Period& period) {
  if (function == "previous") return model::Shift(period, -1);
  if (function == "cumulative") return model::ExtendedToYearStart(period);
  return model::SamePeriodLastYear(period);
}

}  // namespace

FormulaValue FormulaReader::Read(const model::Indicator& indicator, const model::FigureKey& key,
                                 std::vector<model::FormulaPart>* parts,
                                 std::vector<model::RestatedUnit>* units) const {
  const bool begun = key.period.from <= LocalNow(view_);
  if (key.territory && begun && CombinesFigures(indicator)) {
    if (auto combined = Combine(indicator, key, units)) return *std::move(combined);
  }
  if (indicator.reported) return ReadStated(indicator, key);
  return Evaluate(indicator.formula, {key, &indicator.across_merger.share, parts, {}, {}});
}

FormulaValue FormulaReader::Evaluate(const model::Expression& formula, const Place& place) const {
  FormulaContext context;
  context.name = [&](const std::string& name) { return Named(name, place); };
  context.call = [&](const model::Expression& call) { return Called(call, place); };
  return EvaluateFormula(formula, context);
}

FormulaValue FormulaReader::ReadStated(const model::Indicator& indicator,
                                       const model::FigureKey& key) const {
  if (filter_) return {std::nullopt, "not_kept_apart"};
  const auto shown = view_.reported->FindShown(
      *indicator.reported, StatedOf::Of(key.tree, key.unit, key.period), view_.known_reports());
  if (!shown) return {std::nullopt, "not_reported"};
  const auto mark = MarkOf(VintageOf(view_, indicator, *shown));
  if (mark) stated_.marks.insert(*mark);
  stated_.reporters.insert(shown->source);
  return {shown->value, {}};
}

std::optional<FormulaValue> FormulaReader::Combine(const model::Indicator& indicator,
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

MeasureValue FormulaReader::Measured(MeasureId measure, const Place& place) const {
  if (!place.key.territory || place.key.period.from > LocalNow(view_)) {
    return ReadMeasure(view_, measure, place.key, filter_);
  }
  return RestatedMeasures(view_, filter_, &notes_).Read(measure, place.key, *place.share);
}

FormulaValue FormulaReader::Named(const std::string& name, const Place& place) const {
  model::FormulaPart part{place.LabelOf(name), false, std::nullopt, 0};
  FormulaValue value;
  if (const auto measure = view_.plan->FindMeasure(name)) {
    const MeasureValue read = Measured(*measure, place);
    part.is_measure = true;
    part.value = read.value;
    part.records = read.records;
    value = {read.value, read.no_value_reason};
  } else if (const auto* indicator = view_.center->FindIndicator(name)) {
    std::vector<model::FormulaPart> below;
    value = Read(*indicator, place.key, &below);
    part.value = value.value;
    for (const auto& inner : below) part.records += inner.records;
  }
  Remember(part, place.parts);
  return value;
}

FormulaValue FormulaReader::Called(const model::Expression& call, const Place& place) const {
  const model::Expression& argument = call.operands[0];
  if (call.name == "target") return Target(argument.name, place.Within(call.name, ")"));
  if (call.operands.size() > 1) return OfYears(call, place);
  if (call.name == "of_year") return OfYear(argument, place);
  if (call.name == "known") return Known(argument, place, notes_);
  Place moved = place.Within(call.name, ")");
  moved.key.period = PeriodOf(call.name, place.key.period);
  return Evaluate(argument, moved);
}

FormulaValue FormulaReader::Target(const std::string& name, const Place& place) const {
  const auto* indicator = view_.center->FindIndicator(name);
  const auto target = indicator ? FindTarget(view_, *indicator, place.key) : std::nullopt;
  Remember({place.LabelOf(name), false, target, 0}, place.parts);
  if (!target) return {std::nullopt, "no_target"};
  return {target, {}};
}

/// A year that cannot be restated is left out, and does not make the figure incomplete.
FormulaValue FormulaReader::OfYears(const model::Expression& call, const Place& place) const {
  const model::Expression& argument = call.operands[0];
  const auto years = std::get<std::int64_t>(call.operands[1].literal);
  if (call.name == "years_before") return Evaluate(argument, YearsBefore(place, years));
  std::vector<model::Decimal> known;
  for (std::int64_t before = 1; before <= years; ++before) {
    RestatementNotes notes;
    const FormulaValue value = Known(argument, YearsBefore(place, before), notes);
    notes_.changed |= notes.changed;
    notes_.records += notes.records;
    if (value.value) known.push_back(*value.value);
  }
  return CombineYears(call.name, known);
}

/// What lay elsewhere is no measure for the unit of today: years are compared on one territory, the
/// one that is asked for or else that of the period's last day.
FormulaReader::Place FormulaReader::YearsBefore(const Place& place, std::int64_t years) const {
  Place moved = place.Within("years_before", ", " + std::to_string(years) + ")");
  if (!moved.key.territory) moved.key.territory = DaysOf(view_, place.key.period).second;
  for (std::int64_t year = 0; year < years; ++year) {
    moved.key.period = model::SamePeriodLastYear(moved.key.period);
  }
  return moved;
}

/// What is stated once a year is not stated yet while the year lasts: the last year that is known
/// stands in for it.
FormulaValue FormulaReader::OfYear(const model::Expression& argument, Place place) const {
  place = place.Within("of_year", ")");
  place.key.period = model::PeriodContaining("year", place.key.period.to - base::Duration(1));
  FormulaValue of_year = Evaluate(argument, place);
  for (int year = 0; year < kYearsStandingIn && !of_year.value; ++year) {
    place = place.Within("same_period_last_year", ")");
    place.key.period = model::SamePeriodLastYear(place.key.period);
    const FormulaValue before = Evaluate(argument, place);
    if (before.value) return before;
  }
  return of_year;
}

/// Where no record is known nothing is known, although records add up to zero.
FormulaValue FormulaReader::Known(const model::Expression& argument, const Place& place,
                                  RestatementNotes& notes) const {
  std::vector<model::FormulaPart> parts;
  Place apart = place;
  apart.parts = &parts;
  const std::uint64_t before = notes.records;
  FormulaValue value = FormulaReader(view_, filter_, notes, stated_).Evaluate(argument, apart);
  std::uint64_t records = notes.records - before;
  for (const model::FormulaPart& part : parts) {
    records += part.records;
    Remember(part, place.parts);
  }
  const bool nothing = records == 0 && StandsOnMeasures(*view_.center, argument);
  if (value.value && nothing) return {std::nullopt, "no_records"};
  return value;
}

std::optional<model::Decimal> FindTarget(const View& view, const model::Indicator& indicator,
                                         const model::FigureKey& key) {
  if (indicator.targets.empty()) return std::nullopt;
  const std::string& unit = view.center->TreeOf(key.tree).Get(key.unit).code;
  const model::Date today = model::DayOf(LocalNow(view));
  const model::Target* target =
      model::FindTarget(indicator.targets, unit, model::ToText(key.period), today);
  return target == nullptr ? std::nullopt : std::optional(target->value);
}

const model::Vintage& VintageOf(const View& view, const model::Indicator& indicator,
                                const Statement& statement) {
  const model::Dataset* dataset = view.center->FindDataset(indicator.reported->dataset);
  return dataset->reported->vintages[statement.vintage];
}

}  // namespace fansipan::indicators::internal
