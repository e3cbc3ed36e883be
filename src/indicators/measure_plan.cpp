#include "indicators/measure_plan.h"

#include <algorithm>
#include <utility>

#include "model/days.h"

namespace fansipan::indicators {
namespace {

bool KeepsValues(model::Aggregate aggregate) {
  return aggregate == model::Aggregate::kMinimum || aggregate == model::Aggregate::kMaximum ||
         aggregate == model::Aggregate::kDistinct;
}

std::shared_ptr<const PlaceResolver> ResolverFor(const model::UnitTree& tree,
                                                 const std::optional<model::PlaceColumn>& place) {
  if (!place) return nullptr;
  return std::make_shared<PlaceResolver>(tree, place->code_system);
}

}  // namespace

base::Result<MeasurePlan> MeasurePlan::Build(std::shared_ptr<const center::Center> center) {
  MeasurePlan plan;
  plan.center_ = std::move(center);
  for (const model::Dataset& dataset : plan.center_->datasets) {
    plan.datasets_.push_back({{},
                              ResolverFor(plan.center_->territory, dataset.territory),
                              ResolverFor(plan.center_->organisation, dataset.organisation)});
  }
  for (MeasureId id = 0; id < plan.center_->measures.size(); ++id) {
    FANSIPAN_RETURN_IF_ERROR(plan.Add(id));
  }
  for (PlannedDataset& dataset : plan.datasets_) {
    std::stable_sort(dataset.measures.begin(), dataset.measures.end(),
                     [&](MeasureId left, MeasureId right) {
                       return plan.measures_[left].set < plan.measures_[right].set;
                     });
  }
  return plan;
}

base::Status MeasurePlan::Add(MeasureId id) {
  const model::Measure& measure = center_->measures[id];
  const auto index = FindDataset(measure.dataset);
  if (!index) {
    return base::Error{base::ErrorCode::kInvalidArgument, "unknown_dataset",
                       "measure '" + measure.name + "' counts dataset '" + measure.dataset +
                           "', which the center does not declare"};
  }
  PlannedMeasure planned;
  planned.set = SetFor(measure);
  const model::Dataset& dataset = center_->datasets[*index];
  if (measure.value) planned.scale = dataset.columns[*measure.value].scale;
  if (measure.condition) {
    FANSIPAN_ASSIGN_OR_RETURN(planned.condition,
                              model::RowCondition::Compile(*measure.condition, dataset));
  }
  planned.columns = ColumnsOf(measure, planned, dataset);
  measures_.push_back(std::move(planned));
  if (!measure.contradictions_of.empty()) {
    has_contradictions_ = true;
    // It stands behind the measure that it is of.
    measures_[FindMeasure(measure.contradictions_of).value_or(id)].contradictions.push_back(id);
  }
  datasets_[*index].measures.push_back(id);
  return {};
}

std::vector<std::size_t> MeasurePlan::ColumnsOf(const model::Measure& measure,
                                                const PlannedMeasure& planned,
                                                const model::Dataset& dataset) const {
  std::vector<std::size_t> columns = sets_[planned.set].dimensions;
  columns.push_back(measure.from);
  if (measure.until) columns.push_back(*measure.until);
  if (measure.value) columns.push_back(*measure.value);
  if (dataset.territory) columns.push_back(dataset.territory->column);
  if (dataset.organisation) columns.push_back(dataset.organisation->column);
  if (planned.condition) {
    const auto more = planned.condition->Columns();
    columns.insert(columns.end(), more.begin(), more.end());
  }
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

bool MeasurePlan::IsAlike(MeasureId id, const model::Row& before, const model::Row& after) const {
  const std::vector<std::size_t>& columns = measures_[id].columns;
  return std::all_of(columns.begin(), columns.end(),
                     [&](std::size_t column) { return before[column] == after[column]; });
}

std::uint32_t MeasurePlan::SetFor(const model::Measure& measure) {
  const auto same = std::find_if(sets_.begin(), sets_.end(), [&](const MeasureSet& set) {
    return set.dataset == measure.dataset && set.grain == measure.grain &&
           set.dimensions == measure.dimensions;
  });
  if (same != sets_.end()) return static_cast<std::uint32_t>(same - sets_.begin());
  sets_.push_back({measure.dataset, measure.grain, measure.dimensions});
  return static_cast<std::uint32_t>(sets_.size() - 1);
}

std::optional<std::size_t> MeasurePlan::FindDataset(std::string_view name) const {
  for (std::size_t i = 0; i < center_->datasets.size(); ++i) {
    if (center_->datasets[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<MeasureId> MeasurePlan::FindMeasure(std::string_view name) const {
  for (MeasureId id = 0; id < center_->measures.size(); ++id) {
    if (center_->measures[id].name == name) return id;
  }
  return std::nullopt;
}

const PlaceResolver* MeasurePlan::ResolverOf(std::size_t dataset, model::TreeKind tree) const {
  const PlannedDataset& planned = datasets_[dataset];
  return tree == model::TreeKind::kTerritory ? planned.territory.get() : planned.organisation.get();
}

std::optional<base::Timestamp> MeasurePlan::MomentOf(const model::Value& value) const {
  return model::MomentOf(value, center_->time_zone);
}

bool MeasurePlan::Counts(MeasureId id, const model::Row& values) const {
  const auto& condition = measures_[id].condition;
  return !condition || condition->Evaluate(values) == true;
}

std::optional<MeasurePlan::Quantity> MeasurePlan::QuantityOf(MeasureId id,
                                                             const model::Row& values) const {
  const model::Measure& measure = center_->measures[id];
  if (!measure.value) return Quantity{};
  const model::Value& value = values[*measure.value];
  if (model::IsMissing(value)) return std::nullopt;
  Quantity quantity;
  if (KeepsValues(measure.aggregate)) {
    quantity.value = values_->IdOf({value}) + 1;
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    quantity.sum = *integer;
  } else if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
    const auto scaled = decimal->Rescale(measures_[id].scale);
    if (!scaled) return std::nullopt;
    quantity.sum = scaled->unscaled();
  }
  return quantity;
}

model::UnitId MeasurePlan::UnitOf(std::size_t dataset, model::TreeKind tree,
                                  const model::Row& values, model::Date day) const {
  const model::UnitTree& units = center_->TreeOf(tree);
  if (units.empty()) return model::kNoUnit;
  const model::Dataset& declared = center_->datasets[dataset];
  const auto& place =
      tree == model::TreeKind::kTerritory ? declared.territory : declared.organisation;
  if (!place) return units.root();
  const auto* code = std::get_if<std::string>(&values[place->column]);
  if (code == nullptr) return units.root();
  return ResolverOf(dataset, tree)->Resolve(*code, day).value_or(units.root());
}

class MeasurePlan::RowReading {
 public:
  RowReading(const MeasurePlan& plan, std::size_t dataset, const model::Row& values)
      : plan_(plan), dataset_(dataset), values_(values) {}

  const model::Row& values() const { return values_; }

  /// Sets both places of a record that counts from `start`: codes mean units on its day.
  void Locate(base::Timestamp start, CellKey& cell) {
    if (start != start_) {
      start_ = start;
      const model::Date day = model::DayOf(plan_.center_->time_zone.ToLocal(start));
      if (day != day_) {
        day_ = day;
        territory_ = plan_.UnitOf(dataset_, model::TreeKind::kTerritory, values_, day);
        organisation_ = plan_.UnitOf(dataset_, model::TreeKind::kOrganisation, values_, day);
      }
    }
    cell.territory = territory_;
    cell.organisation = organisation_;
  }
  std::uint32_t TupleOf(std::uint32_t set) {
    if (set == set_) return tuple_;
    model::Row tuple;
    for (const std::size_t column : plan_.sets_[set].dimensions) tuple.push_back(values_[column]);
    set_ = set;
    return tuple_ = plan_.tuples_->IdOf(tuple);
  }
  model::Leaf LeafAt(base::Timestamp moment, model::Grain grain) {
    if (moment != moment_) {
      moment_ = moment;
      local_ = plan_.center_->time_zone.ToLocal(moment);
    }
    return model::LeafOf(local_, grain);
  }

 private:
  const MeasurePlan& plan_;
  const std::size_t dataset_;
  const model::Row& values_;
  std::optional<base::Timestamp> start_;
  std::optional<model::Date> day_;
  model::UnitId territory_;
  model::UnitId organisation_;
  std::optional<std::uint32_t> set_;
  std::uint32_t tuple_ = 0;
  std::optional<base::Timestamp> moment_;
  base::LocalTime local_;
};

std::optional<Delta> MeasurePlan::DeltaAt(MeasureId id, RowReading& row,
                                          base::Timestamp moment) const {
  const model::Measure& measure = center_->measures[id];
  const auto start = MomentOf(row.values()[measure.from]);
  const auto quantity = QuantityOf(id, row.values());
  if (!start || !quantity) return std::nullopt;
  Delta delta;
  delta.cell.measure_set = measures_[id].set;
  row.Locate(*start, delta.cell);
  delta.cell.leaf = row.LeafAt(moment, sets_[delta.cell.measure_set].grain);
  delta.cell.dimensions = row.TupleOf(delta.cell.measure_set);
  delta.measure = id;
  delta.value = quantity->value;
  delta.count = 1;
  delta.sum = quantity->sum;
  return delta;
}

void MeasurePlan::AppendDifference(std::size_t dataset, const model::Row* before,
                                   const model::Row* after, const Effect& effect,
                                   std::vector<Delta>& deltas) const {
  std::optional<RowReading> leaves;
  std::optional<RowReading> comes;
  if (before != nullptr) leaves.emplace(*this, dataset, *before);
  if (after != nullptr) comes.emplace(*this, dataset, *after);
  const base::LocalTime recorded = center_->time_zone.ToLocal(effect.recorded_at);
  // Everything that leaves, then everything that comes: so deltas of a cell are neighbours.
  std::vector<MeasureId> differ;
  for (const MeasureId id : datasets_[dataset].measures) {
    if (leaves && comes && IsAlike(id, *before, *after)) continue;
    differ.push_back(id);
    if (leaves) AppendContribution(id, *leaves, {effect, recorded, -1}, deltas);
  }
  if (!comes) return;
  for (const MeasureId id : differ) AppendContribution(id, *comes, {effect, recorded, 1}, deltas);
}

void MeasurePlan::AppendContribution(MeasureId id, RowReading& row, const Turn& turn,
                                     std::vector<Delta>& deltas) const {
  const model::Row& values = row.values();
  const model::Measure& measure = center_->measures[id];
  const auto append = [&](base::Timestamp moment, int signed_count) {
    auto delta = DeltaAt(id, row, moment);
    if (!delta) return;
    delta->count *= signed_count;
    delta->sum *= signed_count;
    delta->cause = turn.effect.cause;
    if (turn.effect.cause == Cause::kNew) {
      const model::Grain grain = sets_[delta->cell.measure_set].grain;
      if (delta->cell.leaf < model::LeafOf(turn.recorded, grain)) delta->cause = Cause::kLate;
    }
    deltas.push_back(*delta);
  };
  const auto from = MomentOf(values[measure.from]);
  if (!from || !Counts(id, values)) return;
  if (measure.kind == model::MeasureKind::kFlow) return append(*from, turn.sign);
  const auto until = measure.until ? MomentOf(values[*measure.until]) : std::nullopt;
  if (until && *until <= *from) return;
  if (*from <= turn.effect.recorded_at) append(*from, turn.sign);
  if (until && *until <= turn.effect.recorded_at) append(*until, -turn.sign);
}

void MeasurePlan::AppendPending(std::size_t dataset, const model::Row& values,
                                base::Timestamp moment, std::vector<PendingEdge>& edges) const {
  for (const MeasureId id : datasets_[dataset].measures) {
    const model::Measure& measure = center_->measures[id];
    if (measure.kind == model::MeasureKind::kFlow || !Counts(id, values)) continue;
    const auto from = MomentOf(values[measure.from]);
    const auto until = measure.until ? MomentOf(values[*measure.until]) : std::nullopt;
    if (!from || (until && *until <= *from)) continue;
    if (*from > moment) edges.push_back({*from, id, false});
    if (until && *until > moment) edges.push_back({*until, id, true});
  }
}

std::vector<std::size_t> MeasurePlan::PendingColumns(std::size_t dataset) const {
  std::vector<std::size_t> columns;
  for (const MeasureId id : datasets_[dataset].measures) {
    const model::Measure& measure = center_->measures[id];
    if (measure.kind == model::MeasureKind::kFlow) continue;
    columns.push_back(measure.from);
    if (measure.until) columns.push_back(*measure.until);
    if (!measures_[id].condition) continue;
    const auto more = measures_[id].condition->Columns();
    columns.insert(columns.end(), more.begin(), more.end());
  }
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  return columns;
}

std::optional<Delta> MeasurePlan::DeltaOfEdge(std::size_t dataset, const model::Row& values,
                                              const PendingEdge& edge) const {
  RowReading row(*this, dataset, values);
  auto delta = DeltaAt(edge.measure, row, edge.moment);
  if (delta && edge.leaves) {
    delta->count = -delta->count;
    delta->sum = -delta->sum;
  }
  if (delta) delta->cause = Cause::kClock;
  return delta;
}

}  // namespace fansipan::indicators
