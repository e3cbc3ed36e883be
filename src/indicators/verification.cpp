#include "indicators/verification.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "indicators/clocks/plain_clock.h"
#include "indicators/figures.h"
#include "indicators/internal/plain_condition.h"

namespace fansipan::indicators {
namespace {

using PlainCells = std::map<PlainEvaluator::Place, PlainEvaluator::Total>;

std::string KeyOf(const model::Dataset& dataset, const model::Row& row) {
  std::string key;
  for (const std::size_t column : dataset.key) model::AppendCanonical(row[column], key);
  return key;
}

std::optional<base::Timestamp> Moment(const model::Value& value, const base::TimeZone& zone) {
  if (const auto* moment = std::get_if<base::Timestamp>(&value)) return *moment;
  if (const auto* day = std::get_if<model::Date>(&value)) {
    return zone.ToUtc(base::LocalTime(day->time_since_epoch()));
  }
  return std::nullopt;
}

/// Adds one record to a total, or takes it away.
void AddRecord(const model::Measure& measure, const model::Dataset& dataset, const model::Row& row,
               int sign, PlainEvaluator::Total& total) {
  total.count += sign;
  if (!measure.value) return;
  const model::Value& value = row[*measure.value];
  switch (measure.aggregate) {
    case model::Aggregate::kSum:
    case model::Aggregate::kAverage:
      if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        total.sum += sign * static_cast<model::Int128>(*integer);
      } else if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
        const auto scaled = decimal->Rescale(dataset.columns[*measure.value].scale);
        if (scaled) total.sum += sign * scaled->unscaled();
      }
      return;
    case model::Aggregate::kMinimum:
    case model::Aggregate::kMaximum:
    case model::Aggregate::kDistinct:
      total.values[value] += sign;
      if (total.values[value] == 0) total.values.erase(value);
      return;
    case model::Aggregate::kCount:
      return;
  }
}

/// The version's values in the order of the dataset of today, by the entry's own names and types.
model::Row ValuesByName(const store::JournalEntry& entry, const model::Version& version,
                        const model::Dataset& dataset) {
  model::Row values(dataset.columns.size());
  for (const auto& columns : entry.datasets) {
    if (columns.dataset != version.dataset) continue;
    for (std::size_t i = 0; i < columns.names.size(); ++i) {
      const auto at = dataset.FindColumn(columns.names[i]);
      const bool kept = at && dataset.columns[*at].type == columns.types[i];
      if (kept) values[*at] = version.values[i];
    }
  }
  return values;
}

void DropEmpty(PlainCells& cells) {
  std::erase_if(cells, [](const auto& cell) { return cell.second == PlainEvaluator::Total{}; });
}

std::string ToText(const PlainEvaluator::Total& total) {
  std::string values;
  if (!total.values.empty()) values = ", different values " + std::to_string(total.values.size());
  return "records " + std::to_string(total.count) + ", sum " +
         model::Decimal(total.sum, 0).ToText() + values;
}

std::string NameOfPlace(const center::Center& center, const model::Measure& measure,
                        const PlainEvaluator::Place& place) {
  const model::UnitTree& tree = center.TreeOf(place.tree);
  const auto local = model::StartOf(place.leaf, measure.grain);
  return "measure " + measure.name + ", " + std::string(NameOf(place.tree)) + " " +
         tree.Get({place.unit}).code + ", " +
         model::ToText(model::PeriodContaining(NameOf(measure.grain), local));
}

/// The engine's cells in the plain evaluator's form: only the units' own leaves are compared, the
/// roll-up is in both.
PlainEvaluator::Total FromEngine(const View& view, const Accumulator& read) {
  PlainEvaluator::Total total{read.count, read.sum, {}};
  for (const auto& [id, times] : read.values) {
    total.values[view.plan->values().Get(id - 1)[0]] = times;
  }
  return total;
}

PlainCells EngineCells(const View& view, MeasureId measure) {
  PlainCells cells;
  const std::uint32_t set = view.plan->SetOf(measure);
  view.cells->ForEach(
      set, measure, [&](const CellRange& at, std::uint32_t tuple, const Accumulator& read) {
        const PlainEvaluator::Place place{at.tree, at.unit.value, at.first,
                                          model::CanonicalBytes(view.plan->tuples().Get(tuple))};
        cells[place] = FromEngine(view, read);
      });
  DropEmpty(cells);
  return cells;
}

}  // namespace

PlainEvaluator::PlainEvaluator(std::shared_ptr<const center::Center> center)
    : center_(std::move(center)) {}

void PlainEvaluator::Add(const store::JournalEntry& entry) {
  for (const auto& committed : entry.deliveries) {
    for (const model::Version& version : committed.versions) {
      const model::Dataset* dataset = center_->FindDataset(version.dataset);
      if (dataset == nullptr) continue;
      Known known{entry.recorded_at, version};
      known.version.values = ValuesByName(entry, version, *dataset);
      versions_[version.dataset].push_back(std::move(known));
    }
  }
}

std::vector<const model::Version*> PlainEvaluator::CurrentVersions(const model::Dataset& dataset,
                                                                   base::Timestamp as_of) const {
  std::map<std::string, const model::Version*> current;
  const auto known = versions_.find(dataset.name);
  if (known == versions_.end()) return {};
  for (const Known& candidate : known->second) {
    if (candidate.recorded_at > as_of) continue;
    const model::Version*& best = current[KeyOf(dataset, candidate.version.values)];
    if (best == nullptr || model::Precedes(*best, candidate.version, dataset.order)) {
      best = &candidate.version;
    }
  }
  std::vector<const model::Version*> versions;
  for (const auto& [key, version] : current) {
    if (!version->withdrawn) versions.push_back(version);
  }
  return versions;
}

std::optional<std::uint32_t> PlainEvaluator::UnitOf(const model::Dataset& dataset,
                                                    model::TreeKind kind, const model::Row& row,
                                                    base::Timestamp moment) const {
  const model::UnitTree& tree = center_->TreeOf(kind);
  if (tree.empty()) return std::nullopt;
  const auto& place =
      kind == model::TreeKind::kTerritory ? dataset.territory : dataset.organisation;
  const std::string* code = place ? std::get_if<std::string>(&row[place->column]) : nullptr;
  if (code == nullptr) return tree.root().value;
  const auto local = center_->time_zone.ToLocal(moment);
  const model::Date day(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
  // The nearest later day on which the code means something, or else the nearest earlier one.
  std::optional<model::UnitCode> best;
  for (const model::UnitCode& known : tree.CodesWithin(tree.root(), place->code_system)) {
    if (known.code != *code) continue;
    const bool over = known.valid_to && *known.valid_to <= day;
    const bool best_over = best && best->valid_to && *best->valid_to <= day;
    const bool nearer = !best || (best_over && !over) ||
                        (over == best_over && (over ? known.valid_from > best->valid_from
                                                    : known.valid_from < best->valid_from));
    if (nearer) best = known;
  }
  return best ? best->unit.value : tree.root().value;
}

std::map<PlainEvaluator::Place, PlainEvaluator::Total> PlainEvaluator::Compute(
    const model::Measure& measure, base::Timestamp as_of) const {
  return Sum(measure, as_of, [this](model::UnitId own, model::TreeKind kind, const auto& visit) {
    for (const model::UnitId unit : center_->TreeOf(kind).PathTo(own)) visit(unit);
  });
}

std::map<PlainEvaluator::Place, PlainEvaluator::Total> PlainEvaluator::ComputeOwn(
    const model::Measure& measure, model::TreeKind tree, base::Timestamp as_of) const {
  return Sum(measure, as_of, [tree](model::UnitId own, model::TreeKind kind, const auto& visit) {
    if (kind == tree) visit(own);
  });
}

std::map<PlainEvaluator::Place, PlainEvaluator::Total> PlainEvaluator::Sum(
    const model::Measure& measure, base::Timestamp as_of, const UnitsOf& units_of) const {
  PlainCells cells;
  const model::Dataset& dataset = *center_->FindDataset(measure.dataset);
  const base::TimeZone& zone = center_->time_zone;
  const auto add = [&](const model::Row& row, base::Timestamp start, base::Timestamp at, int sign) {
    model::Row tuple;
    for (const std::size_t column : measure.dimensions) tuple.push_back(row[column]);
    for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
      const auto unit = UnitOf(dataset, kind, row, start);
      if (!unit) continue;
      units_of({*unit}, kind, [&](model::UnitId node) {
        AddRecord(measure, dataset, row, sign,
                  cells[{kind, node.value, model::LeafOf(zone.ToLocal(at), measure.grain),
                         model::CanonicalBytes(tuple)}]);
      });
    }
  };
  for (const model::Version* version : CurrentVersions(dataset, as_of)) {
    const model::Row& row = version->values;
    const auto from = Moment(row[measure.from], zone);
    if (!from || (measure.value && model::IsMissing(row[*measure.value]))) continue;
    if (measure.condition && internal::IsTrue(*measure.condition, dataset, row) != true) continue;
    if (measure.kind == model::MeasureKind::kFlow) {
      add(row, *from, *from, 1);
      continue;
    }
    const auto until = measure.until ? Moment(row[*measure.until], zone) : std::nullopt;
    if (until && *until <= *from) continue;
    if (*from <= as_of) add(row, *from, *from, 1);
    if (until && *until <= as_of) add(row, *from, *until, -1);
  }
  DropEmpty(cells);
  return cells;
}

std::vector<std::vector<const model::Version*>> PlainEvaluator::Histories(
    const model::Dataset& dataset, base::Timestamp as_of) const {
  std::map<std::string, std::vector<const model::Version*>> by_key;
  const auto known = versions_.find(dataset.name);
  if (known == versions_.end()) return {};
  for (const Known& candidate : known->second) {
    if (candidate.recorded_at > as_of) continue;
    by_key[KeyOf(dataset, candidate.version.values)].push_back(&candidate.version);
  }
  std::vector<std::vector<const model::Version*>> histories;
  for (auto& [key, history] : by_key) {
    std::sort(history.begin(), history.end(), [&](const auto* left, const auto* right) {
      return model::Precedes(*left, *right, dataset.order);
    });
    histories.push_back(std::move(history));
  }
  return histories;
}

/// That of the nearest unit that has one of its own, from the record's own up.
std::string PlainEvaluator::CalendarOf(const model::Dataset& dataset, const model::CaseClock& clock,
                                       const model::Row& row) const {
  const auto from = Moment(row[clock.from], center_->time_zone);
  if (!from) return clock.calendar;
  const auto local = center_->time_zone.ToLocal(*from);
  const model::Date day(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
  for (const auto kind : {model::TreeKind::kOrganisation, model::TreeKind::kTerritory}) {
    const auto unit = UnitOf(dataset, kind, row, *from);
    if (!unit) continue;
    const model::UnitTree& tree = center_->TreeOf(kind);
    const auto path = tree.PathOn({*unit}, day);
    for (auto node = path.rbegin(); node != path.rend(); ++node) {
      for (const model::UnitCalendar& own : clock.unit_calendars) {
        if (own.tree == kind && own.unit == tree.Get(*node).code) return own.calendar;
      }
    }
  }
  return clock.calendar;
}

/// What a clock of the record's current version says otherwise than its columns.
void PlainEvaluator::CompareClock(const model::Dataset& dataset, const model::CaseClock& clock,
                                  const std::vector<const model::Version*>& history,
                                  std::vector<Finding>& findings) const {
  using model::ClockOutput;
  const model::Version& current = *history.back();
  const auto plain =
      ReadPlainClock(*center_, dataset, clock, history, CalendarOf(dataset, clock, current.values));
  if (!plain) return;
  const auto check = [&](ClockOutput output, const auto& value) {
    const std::size_t column = clock.ColumnOf(output);
    const model::Value expected = value ? model::Value(*value) : model::Value();
    const model::Value& found = current.values[column];
    if (found == expected) return;
    std::string what = "version " + std::to_string(current.sequence.value) + " of " + dataset.name;
    findings.push_back({what.append(", ").append(dataset.columns[column].name),
                        model::ToText(expected), model::ToText(found)});
  };
  check(ClockOutput::kDue, plain->due);
  check(ClockOutput::kUsed, plain->used);
  check(ClockOutput::kLeft, plain->left);
  check(ClockOutput::kPausedSince, plain->paused_since);
  if (clock.stated_due) check(ClockOutput::kContradiction, plain->contradiction);
}

std::vector<Finding> PlainEvaluator::CompareClocks(base::Timestamp as_of, std::size_t limit) const {
  std::vector<Finding> findings;
  for (const model::Dataset& dataset : center_->datasets) {
    if (dataset.clocks.empty()) continue;
    for (const auto& history : Histories(dataset, as_of)) {
      if (history.back()->withdrawn) continue;
      for (const model::CaseClock& clock : dataset.clocks) {
        CompareClock(dataset, clock, history, findings);
      }
      if (findings.size() >= limit) return findings;
    }
  }
  return findings;
}

/// Looks from the period's last day back, then further and further away from it.
std::optional<std::uint32_t> PlainEvaluator::UnitStated(const model::Dataset& dataset,
                                                        const model::Row& row,
                                                        const model::Period& period) const {
  const bool territory = dataset.territory.has_value();
  const model::PlaceColumn& place = territory ? *dataset.territory : *dataset.organisation;
  const model::UnitTree& tree = territory ? center_->territory : center_->organisation;
  const std::string code = model::ToText(row[place.column]);
  const auto day_of = [](base::LocalTime local) {
    return model::Date(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
  };
  const model::Date last = day_of(period.to - base::Duration(1));
  std::vector<model::UnitCode> meanings;
  for (const model::UnitCode& known : tree.codes()) {
    if (known.system == place.code_system && known.code == code && !known.inherited) {
      meanings.push_back(known);
    }
  }
  const auto means_on = [](const model::UnitCode& known, model::Date day) {
    return known.valid_from <= day && (!known.valid_to || day < *known.valid_to);
  };
  for (model::Date day = last; day >= day_of(period.from); day -= std::chrono::days(1)) {
    for (const model::UnitCode& known : meanings) {
      if (means_on(known, day)) return known.unit.value;
    }
  }
  std::optional<model::UnitCode> nearest;
  for (const model::UnitCode& known : meanings) {
    const bool later = known.valid_from > last;
    const bool best_later = nearest && nearest->valid_from > last;
    const bool nearer = !nearest || (later && !best_later) ||
                        (later == best_later && (later ? known.valid_from < nearest->valid_from
                                                       : known.valid_from > nearest->valid_from));
    if (nearer) nearest = known;
  }
  return nearest ? std::optional(nearest->unit.value) : std::nullopt;
}

std::map<PlainEvaluator::StatedPlace, PlainEvaluator::Shown> PlainEvaluator::ComputeReported(
    const model::Indicator& indicator, base::Timestamp as_of) const {
  const model::Dataset& dataset = *center_->FindDataset(indicator.reported->dataset);
  const model::ReportedShape& shape = *dataset.reported;
  struct Best {
    std::size_t rank = 0;
    const model::Version* version = nullptr;
  };
  std::map<StatedPlace, Best> best;
  for (const model::Version* version : CurrentVersions(dataset, as_of)) {
    const model::Row& row = version->values;
    const bool other =
        shape.series && model::ToText(row[*shape.series]) != indicator.reported->series;
    if (other || model::IsMissing(row[shape.value])) continue;
    const auto period = center_->ParsePeriod(model::ToText(row[shape.period]));
    const auto rank = shape.FindVintage(model::ToText(row[shape.vintage]));
    if (!period.ok() || !rank) continue;
    const auto unit = UnitStated(dataset, row, *period);
    if (!unit) continue;
    Best& known = best[{*unit, model::ToText(*period)}];
    const bool better =
        known.version == nullptr || known.rank < *rank ||
        (known.rank == *rank && model::Precedes(*known.version, *version, dataset.order));
    if (better) known = {*rank, version};
  }
  std::map<StatedPlace, Shown> shown;
  for (const auto& [place, known] : best) {
    const auto value = model::Decimal::Parse(model::ToText(known.version->values[shape.value]));
    if (value) shown[place] = {*value, shape.vintages[known.rank].name};
  }
  return shown;
}

std::vector<Finding> CompareReported(const View& view, const PlainEvaluator& plain,
                                     std::size_t limit) {
  std::vector<Finding> findings;
  const center::Center& center = *view.center;
  for (const model::Indicator& indicator : center.indicators) {
    if (!indicator.reported) continue;
    const model::Dataset& dataset = *center.FindDataset(indicator.reported->dataset);
    const auto kind =
        dataset.organisation ? model::TreeKind::kOrganisation : model::TreeKind::kTerritory;
    const auto expected = plain.ComputeReported(indicator, view.snapshot.tick);
    std::map<PlainEvaluator::StatedPlace, PlainEvaluator::Shown> found;
    for (const auto& [of, period_kind] :
         view.reported->FindPlaces(*indicator.reported, view.snapshot.sequence)) {
      const model::Period period{of.regime, period_kind, of.from, of.to};
      const model::Figure figure = ReadFigure(view, {indicator.name, of.tree, of.unit, period});
      if (!figure.value) continue;
      found[{of.unit.value, model::ToText(period)}] = {*figure.value,
                                                       figure.stated ? figure.stated->vintage : ""};
    }
    std::set<PlainEvaluator::StatedPlace> places;
    for (const auto& [place, value] : expected) places.insert(place);
    for (const auto& [place, value] : found) places.insert(place);
    const auto text = [](const auto& values, const PlainEvaluator::StatedPlace& place) {
      const auto at = values.find(place);
      return at == values.end() ? std::string("no value")
                                : at->second.value.ToText() + ", " + at->second.vintage;
    };
    for (const auto& place : places) {
      const auto wanted = expected.find(place);
      const auto given = found.find(place);
      const bool same =
          wanted != expected.end() && given != found.end() && wanted->second == given->second;
      if (same) continue;
      findings.push_back({"reported " + indicator.name + ", " + std::string(NameOf(kind)) + " " +
                              center.TreeOf(kind).Get({place.unit}).code + ", " + place.period,
                          text(expected, place), text(found, place)});
      if (findings.size() >= limit) return findings;
    }
  }
  return findings;
}

std::vector<Finding> CompareCells(const View& view, const PlainEvaluator& plain,
                                  std::size_t limit) {
  std::vector<Finding> findings;
  for (const model::Measure& measure : view.center->measures) {
    const PlainCells expected = plain.Compute(measure, view.snapshot.tick);
    const PlainCells found = EngineCells(view, *view.plan->FindMeasure(measure.name));
    std::set<PlainEvaluator::Place> places;
    for (const auto& [place, total] : expected) places.insert(place);
    for (const auto& [place, total] : found) places.insert(place);
    for (const auto& place : places) {
      const auto wanted = expected.find(place);
      const auto given = found.find(place);
      const PlainEvaluator::Total nothing;
      const auto& left = wanted == expected.end() ? nothing : wanted->second;
      const auto& right = given == found.end() ? nothing : given->second;
      if (left == right) continue;
      findings.push_back({NameOfPlace(*view.center, measure, place), ToText(left), ToText(right)});
      if (findings.size() >= limit) return findings;
    }
  }
  return findings;
}

}  // namespace fansipan::indicators
