#include "indicators/reported/reported_values.h"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "model/days.h"

namespace fansipan::indicators {
namespace {

std::string TextAt(const model::Row& values, const std::optional<std::size_t>& column) {
  const auto* text = column ? std::get_if<std::string>(&values[*column]) : nullptr;
  return text == nullptr ? "" : *text;
}

std::optional<model::Decimal> NumberAt(const model::Row& values, std::size_t column) {
  if (const auto* integer = std::get_if<std::int64_t>(&values[column])) {
    return model::Decimal::FromInteger(*integer);
  }
  if (const auto* decimal = std::get_if<model::Decimal>(&values[column])) {
    return decimal->Normalized();
  }
  return std::nullopt;
}

/// True when `left` stands before `right` in precedence.
bool Precedes(const Statement& left, const Statement& right) {
  const auto order = model::Compare(left.order, right.order);
  if (order != 0) return order < 0;
  return std::tie(left.delivery, left.mapping_revision, left.row, left.version) <
         std::tie(right.delivery, right.mapping_revision, right.row, right.version);
}

/// Statements of which one replaces another: by vintage and code.
using Versions = std::pair<std::size_t, std::string_view>;
using LastVersions = std::map<Versions, const Statement*>;

Versions VersionsOf(const Statement& statement) { return {statement.vintage, statement.code}; }

/// Of each vintage the version that stands last in precedence; all others are replaced.
LastVersions LastOf(std::span<const Statement> statements) {
  LastVersions last;
  for (const Statement& statement : statements) {
    const Statement*& known = last[VersionsOf(statement)];
    if (known == nullptr || Precedes(*known, statement)) known = &statement;
  }
  return last;
}

const Statement* ShownOf(const LastVersions& last) {
  const Statement* best = nullptr;
  for (const auto& [versions, statement] : last) {
    if (!statement->value) continue;
    const bool better = best == nullptr || best->vintage < statement->vintage ||
                        (best->vintage == statement->vintage && Precedes(*best, *statement));
    if (better) best = statement;
  }
  return best;
}

StatementState StateOf(const Statement& statement, const LastVersions& last,
                       const Statement* shown) {
  if (&statement == shown) return StatementState::kShown;
  if (last.at(VersionsOf(statement)) != &statement) return StatementState::kReplaced;
  if (statement.withdrawn) return StatementState::kWithdrawn;
  return statement.value ? StatementState::kHidden : StatementState::kUnknown;
}

std::span<const Statement> KnownBy(std::span<const Statement> statements, model::Sequence known) {
  const auto end = std::ranges::upper_bound(statements, known, {}, &Statement::version);
  return statements.first(static_cast<std::size_t>(end - statements.begin()));
}

/// Why a figure changes when a statement comes: it is new, withdrawn, corrects the one of its
/// vintage before it, or is the same delivery read by a newer mapping. `earlier`: may be null.
Cause CauseOf(const Statement& statement, const Statement* earlier) {
  if (statement.withdrawn) return Cause::kWithdrawn;
  if (earlier == nullptr) return Cause::kNew;
  const bool again = earlier->delivery == statement.delivery &&
                     earlier->mapping_revision != statement.mapping_revision;
  return again ? Cause::kRedefined : Cause::kCorrected;
}

/// The first `count` statements, and of those behind them the ones that count already.
std::vector<Statement> WithSome(std::span<const Statement> statements, std::size_t count,
                                const KnownReports& known) {
  std::vector<Statement> some;
  LastVersions latest;  // by what was told last
  for (std::size_t i = 0; i < statements.size() && statements[i].version <= known.some; ++i) {
    const Statement*& earlier = latest[VersionsOf(statements[i])];
    const Cause cause = CauseOf(statements[i], earlier);
    const bool counts = i < count || std::ranges::count(known.causes, cause) > 0;
    if (counts) some.push_back(statements[i]);
    earlier = &statements[i];
  }
  return some;
}

/// How well a code's span fits a period: greater is better.
using Fit = std::tuple<int, model::Date>;

Fit FitOf(const model::UnitCode& code, model::Date first, model::Date last) {
  const bool over = code.valid_to && *code.valid_to <= first;
  if (code.valid_from <= last && (!code.valid_to || last < *code.valid_to)) return {3, last};
  if (code.valid_from <= last && !over) return {2, code.valid_from};
  // Of later spans the earliest, of earlier ones the latest.
  if (!over) {
    return {1, model::Date(-code.valid_from.time_since_epoch())};
  }
  return {0, code.valid_from};
}

}  // namespace

std::optional<model::UnitId> UnitStated(const std::vector<model::UnitCode>& meanings,
                                        const model::Period& period) {
  const model::Date first = model::DayOf(period.from);
  const model::Date last = model::LastDayOf(period);
  const model::UnitCode* best = nullptr;
  for (const model::UnitCode& known : meanings) {
    if (known.inherited) continue;
    if (best == nullptr || FitOf(*best, first, last) < FitOf(known, first, last)) best = &known;
  }
  return best == nullptr ? std::nullopt : std::optional(best->unit);
}

std::string_view NameOf(StatementState state) {
  switch (state) {
    case StatementState::kShown:
      return "shown";
    case StatementState::kHidden:
      return "hidden";
    case StatementState::kReplaced:
      return "replaced";
    case StatementState::kWithdrawn:
      return "withdrawn";
    case StatementState::kUnknown:
      return "no_value";
  }
  return "";
}

ReportedValues::ReportedValues(const center::Center& center) : center_(center) {
  for (const model::Dataset& dataset : center.datasets) {
    std::optional<Shape>& shape = shapes_.emplace_back();
    if (!dataset.reported) continue;
    shape.emplace();
    shape->tree =
        dataset.organisation ? model::TreeKind::kOrganisation : model::TreeKind::kTerritory;
    const auto& place = dataset.organisation ? dataset.organisation : dataset.territory;
    shape->place = place->column;
    for (const model::UnitCode& code : center.TreeOf(shape->tree).codes()) {
      if (code.system == place->code_system) shape->codes[code.code].push_back(code);
    }
  }
}

void ReportedValues::Add(std::size_t dataset, const model::Version& version,
                         std::string_view source, base::Timestamp recorded_at) {
  const auto& shape = shapes_[dataset];
  if (!shape) return;
  const model::Dataset& declared = center_.datasets[dataset];
  const model::ReportedShape& reported = *declared.reported;
  const auto vintage = reported.FindVintage(TextAt(version.values, reported.vintage));
  const auto period = center_.ParsePeriod(TextAt(version.values, reported.period));
  if (!vintage || !period.ok()) return;
  Statement statement;
  statement.code = TextAt(version.values, shape->place);
  const auto meanings = shape->codes.find(statement.code);
  if (meanings == shape->codes.end()) return;
  const auto unit = UnitStated(meanings->second, *period);
  if (!unit) return;
  statement.vintage = *vintage;
  statement.withdrawn = version.withdrawn;
  if (!version.withdrawn) statement.value = NumberAt(version.values, reported.value);
  statement.signer = TextAt(version.values, reported.signer);
  statement.note = TextAt(version.values, reported.note);
  statement.source = source;
  statement.recorded_at = recorded_at;
  statement.version = version.sequence;
  if (declared.order) statement.order = version.values[*declared.order];
  statement.delivery = version.delivery;
  statement.mapping_revision = version.mapping_revision;
  statement.row = version.row;
  const std::unique_lock lock(mutex_);
  Place& place = series_[{declared.name, TextAt(version.values, reported.series)}]
                        [StatedOf::Of(shape->tree, *unit, *period)];
  place.kind = period->kind;
  const auto at = std::lower_bound(
      place.statements.begin(), place.statements.end(), version.sequence,
      [](const Statement& known, model::Sequence wanted) { return known.version < wanted; });
  if (at != place.statements.end() && at->version == version.sequence) return;
  place.statements.insert(at, std::move(statement));
}

std::span<const Statement> ReportedValues::FindStatements(const model::ReportedRule& rule,
                                                          const StatedOf& of) const {
  const auto series = series_.find({rule.dataset, rule.series});
  if (series == series_.end()) return {};
  const auto place = series->second.find(of);
  if (place == series->second.end()) return {};
  return place->second.statements;
}

std::vector<KnownStatement> ReportedValues::FindAll(const model::ReportedRule& rule,
                                                    const StatedOf& of,
                                                    model::Sequence known) const {
  const std::shared_lock lock(mutex_);
  const auto statements = KnownBy(FindStatements(rule, of), known);
  const LastVersions last = LastOf(statements);
  const Statement* shown = ShownOf(last);
  std::vector<KnownStatement> found;
  std::optional<model::Decimal> before;
  for (const Statement& statement : statements) {
    KnownStatement& entry = found.emplace_back();
    entry.statement = statement;
    entry.state = StateOf(statement, last, shown);
    if (!statement.value) continue;
    if (before) entry.difference = Subtract(*statement.value, *before);
    before = statement.value;
  }
  return found;
}

std::optional<Statement> ReportedValues::FindShown(const model::ReportedRule& rule,
                                                   const StatedOf& of, const KnownReports& known,
                                                   std::size_t* count) const {
  const std::shared_lock lock(mutex_);
  const auto statements = FindStatements(rule, of);
  std::span<const Statement> counting = KnownBy(statements, known.all);
  std::vector<Statement> some;
  if (known.some > known.all) {
    some = WithSome(statements, counting.size(), known);
    counting = some;
  }
  if (count != nullptr) *count = counting.size();
  const Statement* shown = ShownOf(LastOf(counting));
  return shown == nullptr ? std::nullopt : std::optional(*shown);
}

std::vector<std::pair<StatedOf, const model::PeriodKind*>> ReportedValues::FindPlaces(
    const model::ReportedRule& rule, model::Sequence known) const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<StatedOf, const model::PeriodKind*>> places;
  const auto series = series_.find({rule.dataset, rule.series});
  if (series == series_.end()) return places;
  for (const auto& [of, place] : series->second) {
    if (place.statements.empty() || known < place.statements.front().version) continue;
    places.emplace_back(of, place.kind);
  }
  return places;
}

}  // namespace fansipan::indicators
