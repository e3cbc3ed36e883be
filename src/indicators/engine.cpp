#include "indicators/engine.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/log.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kPastCells = 4;
// Of the index snapshot under way: more when time passes than when somebody waits.
constexpr std::size_t kPiecesAtEntry = 1;
constexpr std::size_t kPiecesAtTick = 16;

/// Puts the values into the order of `dataset`; columns that are gone are dropped, new ones are
/// missing, and so are those whose type has changed. `targets` says for each of the entry's columns
/// where it goes.
void Align(model::Row& values, const std::vector<std::optional<std::size_t>>& targets,
           std::size_t width) {
  model::Row aligned(width);
  for (std::size_t i = 0; i < targets.size() && i < values.size(); ++i) {
    if (targets[i]) aligned[*targets[i]] = std::move(values[i]);
  }
  values = std::move(aligned);
}

std::vector<std::optional<std::size_t>> TargetsOf(const store::DatasetColumns& columns,
                                                  const model::Dataset& dataset) {
  std::vector<std::optional<std::size_t>> targets;
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    const auto column = dataset.FindColumn(columns.names[i]);
    const bool fits = column && dataset.columns[*column].type == columns.types[i];
    targets.push_back(fits ? column : std::nullopt);
  }
  return targets;
}

/// True when every column stays where it is.
bool IsInPlace(const std::vector<std::optional<std::size_t>>& targets, std::size_t width) {
  if (targets.size() != width) return false;
  for (std::size_t i = 0; i < width; ++i) {
    if (targets[i] != i) return false;
  }
  return true;
}

std::shared_ptr<const CellLayout> LayoutOf(const MeasurePlan& plan, const center::Center& center) {
  CellLayout layout;
  for (MeasureId id = 0; id < center.measures.size(); ++id) {
    CellLayout::Keeps keeps = CellLayout::Keeps::kCount;
    const model::Aggregate aggregate = center.measures[id].aggregate;
    if (aggregate == model::Aggregate::kSum || aggregate == model::Aggregate::kAverage) {
      keeps = CellLayout::Keeps::kSum;
    } else if (aggregate != model::Aggregate::kCount) {
      keeps = CellLayout::Keeps::kValues;
    }
    layout.Add(plan.SetOf(id), keeps);
  }
  return std::make_shared<const CellLayout>(std::move(layout));
}

CellLogBounds BoundsOf(const MeasurePlan& plan, const center::Center& center) {
  CellLogBounds bounds;
  for (MeasureId id = 0; id < center.measures.size(); ++id) {
    bounds.set_of_measure.push_back(plan.SetOf(id));
  }
  bounds.territory_units = center.territory.size();
  bounds.organisation_units = center.organisation.size();
  return bounds;
}

}  // namespace

bool Engine::Waiting::operator>(const Waiting& other) const {
  return std::tie(edge.moment, version, edge.measure, edge.leaves) >
         std::tie(other.edge.moment, other.version, other.edge.measure, other.edge.leaves);
}

base::Result<std::unique_ptr<Engine>> Engine::Create(std::shared_ptr<const center::Center> center) {
  FANSIPAN_ASSIGN_OR_RETURN(MeasurePlan plan, MeasurePlan::Build(center));
  FANSIPAN_ASSIGN_OR_RETURN(ClockPlan clocks, ClockPlan::Build(*center));
  return std::unique_ptr<Engine>(new Engine(std::move(center), std::move(plan), std::move(clocks)));
}

Engine::Engine(std::shared_ptr<const center::Center> center, MeasurePlan plan, ClockPlan clocks)
    : center_(std::move(center)),
      plan_(std::move(plan)),
      clocks_(std::move(clocks)),
      layout_(LayoutOf(plan_, *center_)),
      territories_(*center_),
      log_(BoundsOf(plan_, *center_), plan_.values(), plan_.tuples()),
      reported_(*center_),
      cells_(center_->territory, center_->organisation, layout_) {
  for (const model::Dataset& dataset : center_->datasets) indexes_.emplace_back(dataset, history_);
  snapshot_.center_revision = center_->revision;
  for (const auto tree : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    changes_[tree].resize(center_->TreeOf(tree).size());
  }
}

/// All that change at one moment make one block, so that a log never ends in the midst of a moment.
void Engine::PassDeadlines(base::Timestamp moment) {
  while (!waiting_.empty() && waiting_.front().edge.moment <= moment) {
    const base::Timestamp at = waiting_.front().edge.moment;
    bool any = false;
    while (!waiting_.empty() && waiting_.front().edge.moment == at) {
      const auto delta = DeltaOf(TakeFirstWaiting());
      if (!delta) continue;
      passed_.Add(*delta);
      any = true;
    }
    if (!any) continue;
    if (writer_) writer_->WaitForRoom();
    std::vector<Delta> deltas = passed_.Take();
    const std::unique_lock lock(mutex_);
    AppendToLog(at, std::move(deltas));
    snapshot_.tick = std::max(snapshot_.tick, at);
  }
}

void Engine::Await(const Waiting& waiting) {
  waiting_.push_back(waiting);
  std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
}

Engine::Waiting Engine::TakeFirstWaiting() {
  std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  const Waiting first = waiting_.back();
  waiting_.pop_back();
  return first;
}

/// Versions are displaced long before their deadlines come, which may be never.
void Engine::DropVainWaiting() {
  if (waiting_.size() < crowded_) return;
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    return !indexes_[waiting.dataset].IsCurrent(waiting.record, waiting.version);
  });
  std::make_heap(waiting_.begin(), waiting_.end(), std::greater<>());
  crowded_ = std::max(crowded_, waiting_.size() * 2);
}

void Engine::Advance(base::Timestamp moment) {
  PassDeadlines(moment);
  {
    const std::unique_lock lock(mutex_);
    snapshot_.tick = std::max(snapshot_.tick, moment);
  }
  if (snapshots_) snapshots_->Step(indexes_, published_, kPiecesAtTick);
}

std::optional<Delta> Engine::DeltaOf(const Waiting& waiting) const {
  const auto values = indexes_[waiting.dataset].FindValues(waiting.record, waiting.version);
  if (!values) return std::nullopt;
  return plan_.DeltaOfEdge(waiting.dataset, *values, waiting.edge);
}

void Engine::AppendToLog(base::Timestamp at, std::vector<Delta> deltas) {
  if (deltas.empty()) return;
  cells_.Apply(deltas);
  for (const Delta& delta : deltas) {
    NoteChange(model::TreeKind::kTerritory, delta.cell.territory, at);
    NoteChange(model::TreeKind::kOrganisation, delta.cell.organisation, at);
  }
  auto block = log_.Append({at, snapshot_.sequence, std::move(deltas)});
  if (!writer_) return;
  writer_->Append(std::move(block));
  if (writer_->IsSealDue()) writer_->Seal(log_.size(), std::make_unique<Cells>(cells_));
}

/// What is reported may contradict, or agree with, figures of other units.
void Engine::NoteReports(base::Timestamp at) {
  for (auto& [tree, changes] : changes_) {
    std::fill(changes.begin(), changes.end(), Change{snapshot_.sequence, at});
  }
}

/// The unit and all above it.
void Engine::NoteChange(model::TreeKind tree, model::UnitId unit, base::Timestamp at) {
  std::vector<Change>& changes = changes_[tree];
  const Change change{snapshot_.sequence, at};
  for (; unit != model::kNoUnit && changes[unit.value] != change;
       unit = center_->TreeOf(tree).Get(unit).parent) {
    changes[unit.value] = change;
  }
}

std::pair<model::Sequence, base::Timestamp> Engine::LastChangeOf(model::TreeKind tree,
                                                                 model::UnitId unit) const {
  const std::shared_lock lock(mutex_);
  return changes_.at(tree).at(unit.value);
}

bool Engine::Knows(const model::Version& version) const {
  const auto dataset = plan_.FindDataset(version.dataset);
  return dataset && indexes_[*dataset].Knows(version.values, version.withdrawn);
}

std::optional<CurrentIndex::Current> Engine::FindCurrent(const model::Version& version) const {
  const auto dataset = plan_.FindDataset(version.dataset);
  return dataset ? indexes_[*dataset].FindCurrent(version.values) : std::nullopt;
}

void Engine::Begin(base::Timestamp recorded_at) {
  if (writer_) writer_->WaitForRoom();
  PassDeadlines(recorded_at);
  staged_at_ = recorded_at;
}

CurrentIndex::Change Engine::StageInIndex(std::size_t dataset, const model::Version& version) {
  return indexes_[dataset].Stage(version,
                                 clocks_.PausedIn(dataset, version.values, version.withdrawn));
}

model::Standing Engine::Stage(const model::Version& version, Cause told_again) {
  const auto dataset = plan_.FindDataset(version.dataset);
  if (!dataset) return {};
  const CurrentIndex::Change change = StageInIndex(*dataset, version);
  if (reported_.Takes(*dataset)) staged_reported_.emplace_back(*dataset, version);
  if (change.became_current) {
    StageDifference(*dataset, version, change, told_again);
    if (!version.withdrawn) StageEdges(*dataset, version, change);
  }
  return {change.predecessor, !change.became_current};
}

void Engine::Rollback() {
  for (CurrentIndex& index : indexes_) index.Rollback();
  staged_.Clear();
  staged_edges_.clear();
  staged_reported_.clear();
}

void Engine::StageDifference(std::size_t dataset, const model::Version& version,
                             const CurrentIndex::Change& change, Cause told_again) {
  MeasurePlan::Effect effect{Cause::kNew, staged_at_};
  const model::Row* before = nullptr;
  if (change.displaced) {
    const CurrentIndex::Place& place = change.displaced->place;
    const bool redefined =
        place.delivery == version.delivery && place.revision != version.mapping_revision;
    const bool same_row = place.delivery == version.delivery &&
                          place.revision == version.mapping_revision && place.row == version.row;
    effect.cause = version.withdrawn ? Cause::kWithdrawn
                   : redefined       ? Cause::kRedefined
                   : same_row        ? told_again
                                     : Cause::kCorrected;
    if (!change.displaced->withdrawn) before = &change.displaced_values;
  }
  const model::Row* after = version.withdrawn ? nullptr : &version.values;
  plan_.AppendDifference(dataset, before, after, effect, row_deltas_);
  for (const Delta& delta : row_deltas_) staged_.Add(delta);
  row_deltas_.clear();
}

void Engine::StageEdges(std::size_t dataset, const model::Version& version,
                        const CurrentIndex::Change& change) {
  std::vector<PendingEdge> edges;
  plan_.AppendPending(dataset, version.values, staged_at_, edges);
  for (const PendingEdge& edge : edges) {
    staged_edges_.push_back(
        {edge, static_cast<std::uint32_t>(dataset), change.record, version.sequence});
  }
}

void Engine::Publish(const store::JournalEntry& entry) {
  std::size_t versions = 0;
  for (const auto& committed : entry.deliveries) versions += committed.versions.size();
  Publish(store::HeadOf(entry), versions);
}

void Engine::Publish(const store::JournalHead& head, std::size_t versions) {
  for (const Waiting& edge : staged_edges_) Await(edge);
  DropVainWaiting();
  std::vector<Delta> deltas = staged_.Take();
  {
    const std::unique_lock lock(mutex_);
    Note(head);
    for (const auto& [dataset, version] : staged_reported_) AddReported(head, dataset, version);
    if (!staged_reported_.empty()) NoteReports(head.recorded_at);
    AppendToLog(head.recorded_at, std::move(deltas));
  }
  KeepStaged();
  published_ = {head.number, log_.size()};
  if (!snapshots_) return;
  snapshots_->Count(versions);
  snapshots_->Step(indexes_, published_, kPiecesAtEntry);
}

/// What an entry changes besides cells and log. Under the lock.
void Engine::Note(const store::JournalHead& head) {
  snapshot_.sequence = std::max(snapshot_.sequence, head.last_sequence);
  snapshot_.tick = std::max(snapshot_.tick, head.recorded_at);
  commits_.emplace_back(head.recorded_at, snapshot_.sequence);
  for (const auto& delivery : head.deliveries) sources_.AddDelivery(delivery, head.recorded_at);
  for (const auto& sign : head.life_signs) {
    sources_.AddLifeSign(sign.source, sign.at, head.recorded_at);
  }
  for (const auto& note : head.notes) sources_.AddNote(note, head.recorded_at);
}

/// A replay's versions belong to the delivery that it repeats.
void Engine::AddReported(const store::JournalHead& head, std::size_t dataset,
                         const model::Version& version) {
  const auto delivery =
      std::find_if(head.deliveries.begin(), head.deliveries.end(), [&](const auto& known) {
        return known.sequence == version.delivery || known.replay_of == version.delivery;
      });
  reported_.Add(dataset, version, delivery == head.deliveries.end() ? "" : delivery->source,
                head.recorded_at);
}

void Engine::KeepStaged() {
  for (CurrentIndex& index : indexes_) index.Keep();
  staged_.Clear();
  staged_edges_.clear();
  staged_reported_.clear();
}

Engine::Recorded Engine::Prepare(store::JournalEntry entry) const {
  Recorded recorded{store::HeadOf(entry), 0, {}};
  struct Target {
    std::optional<std::size_t> dataset;
    std::vector<std::optional<std::size_t>> columns;
    bool in_place = false;
  };
  std::unordered_map<std::string_view, Target> targets;
  for (const store::DatasetColumns& columns : entry.datasets) {
    Target target{plan_.FindDataset(columns.dataset), {}, false};
    if (target.dataset) {
      const model::Dataset& dataset = plan_.dataset(*target.dataset);
      target.columns = TargetsOf(columns, dataset);
      target.in_place = IsInPlace(target.columns, dataset.columns.size());
    }
    targets.emplace(columns.dataset, std::move(target));
  }
  for (auto& committed : entry.deliveries) {
    recorded.count += committed.versions.size();
    const bool by_center = committed.delivery.source == model::kCenterSource;
    const Cause told_again = by_center ? Cause::kRedefined : Cause::kCorrected;
    for (model::Version& version : committed.versions) {
      const auto target = targets.find(version.dataset);
      if (target == targets.end() || !target->second.dataset) continue;
      const std::size_t dataset = *target->second.dataset;
      if (!target->second.in_place) {
        Align(version.values, target->second.columns, plan_.dataset(dataset).columns.size());
      }
      recorded.versions.push_back({dataset, told_again, std::move(version)});
    }
  }
  return recorded;
}

void Engine::Replay(store::JournalEntry entry) { Replay(Prepare(std::move(entry))); }

void Engine::Replay(const Recorded& recorded) {
  Begin(recorded.head.recorded_at);
  for (const RecordedVersion& recorded_version : recorded.versions) {
    Stage(recorded_version.version, recorded_version.told_again);
  }
  Publish(recorded.head, recorded.count);
}

std::vector<QueueFullness> Engine::Queues() const {
  std::vector<QueueFullness> queues;
  if (writer_) {
    queues.push_back({"cell_log", static_cast<std::size_t>(writer_->waiting_deltas()),
                      static_cast<std::size_t>(CellLogWriter::kMaxWaitingDeltas)});
  }
  if (snapshots_) {
    queues.push_back({"index_snapshot", snapshots_->waiting(), snapshots_->capacity()});
  }
  return queues;
}

model::Snapshot Engine::snapshot() const {
  const std::shared_lock lock(mutex_);
  return snapshot_;
}

std::pair<model::Sequence, base::Timestamp> Engine::SequenceAt(base::Timestamp moment) const {
  const auto end =
      std::upper_bound(commits_.begin(), commits_.end(), moment,
                       [](base::Timestamp at, const auto& commit) { return at < commit.first; });
  if (end == commits_.begin()) return {model::Sequence{}, moment};
  return {std::prev(end)->second, moment};
}

model::Sequence Engine::LastSequenceAt(base::Timestamp moment) const {
  const std::shared_lock lock(mutex_);
  return SequenceAt(moment).first;
}

std::optional<base::Timestamp> Engine::RecordedAt(model::Sequence sequence) const {
  const std::shared_lock lock(mutex_);
  const auto commit = std::lower_bound(
      commits_.begin(), commits_.end(), sequence,
      [](const auto& earlier, model::Sequence wanted) { return earlier.second < wanted; });
  return commit == commits_.end() ? std::nullopt : std::optional(commit->first);
}

/// The last seal of not more than `blocks` blocks that can be read, and of how many it is. Null:
/// there is none.
base::Result<std::shared_ptr<const SealedCells>> Engine::OpenSeal(std::size_t blocks,
                                                                  std::size_t& sealed) const {
  std::set<std::uint64_t> damaged;
  {
    const std::lock_guard lock(past_mutex_);
    damaged = damaged_;
  }
  for (auto place = log_.FindSeal(blocks); place && place->blocks > 0;
       place = log_.FindSeal(place->blocks - 1)) {
    const CellLogBounds bounds = log_.bounds();
    const auto reader = log_.reader();
    auto seal = reader->ReadSeal(*place, bounds);
    if (!seal.ok() && seal.error().code != base::ErrorCode::kCorrupt) return seal.error();
    const bool whole =
        seal.ok() && std::none_of(seal->chunks.begin(), seal->chunks.end(), [&](const auto& chunk) {
          return damaged.contains(chunk.offset);
        });
    if (!whole) {
      base::LogWarning("cell log: a seal is damaged; the seal before is used");
      continue;
    }
    sealed = static_cast<std::size_t>(place->blocks);
    return std::make_shared<const SealedCells>(reader, *std::move(seal), layout_,
                                               CellChunkBounds{bounds.tuples, bounds.values});
  }
  sealed = 0;
  return std::shared_ptr<const SealedCells>();
}

/// Those kept from an earlier reader, or else added up by one reader at a time; others wait, but
/// not longer than they may.
base::Result<Engine::PastCells> Engine::CellsOf(std::size_t blocks,
                                                const base::Patience& patience) const {
  std::unique_lock lock(past_mutex_);
  const auto find = [&] {
    return std::find_if(past_.begin(), past_.end(),
                        [&](const PastCells& past) { return past.blocks == blocks; });
  };
  past_added_up_.wait_until(lock, patience.gone(), patience.deadline(),
                            [&] { return !adding_up_ || find() != past_.end(); });
  if (const auto kept = find(); kept != past_.end()) {
    past_.splice(past_.begin(), past_, kept);
    return past_.front();
  }
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  adding_up_ = true;
  lock.unlock();
  auto past = AddUp(blocks, patience);
  lock.lock();
  adding_up_ = false;
  past_added_up_.notify_all();
  if (!past.ok()) return past;
  past_.push_front(*past);
  if (past_.size() > kPastCells) past_.pop_back();
  return past;
}

base::Result<Engine::PastCells> Engine::AddUp(std::size_t blocks,
                                              const base::Patience& patience) const {
  std::size_t sealed = 0;
  FANSIPAN_ASSIGN_OR_RETURN(const auto seal, OpenSeal(blocks, sealed));
  auto cells = std::make_shared<Cells>(center_->territory, center_->organisation, layout_, seal);
  FANSIPAN_RETURN_IF_ERROR(
      log_.Span(sealed, blocks)
          .ForEach([&](const CellLogBlock& block) { cells->Apply(block.deltas); }, patience));
  return PastCells{blocks, std::move(cells), seal};
}

/// What could not be read is not asked for again.
void Engine::Forget(const PastCells& past) const {
  const std::lock_guard lock(past_mutex_);
  std::erase_if(past_, [&](const PastCells& kept) { return kept.cells == past.cells; });
  const auto offset = past.sealed->failed_offset();
  if (offset && past.cells->status().error().code == base::ErrorCode::kCorrupt) {
    damaged_.insert(*offset);
  }
}

View Engine::MakeView(const base::Patience& patience) const {
  View view;
  view.center = center_.get();
  view.plan = &plan_;
  view.territories = &territories_;
  view.sources = &sources_;
  view.reported = &reported_;
  view.log = &log_;
  view.patience = patience;
  return view;
}

base::Status Engine::ReadApart(std::optional<base::Timestamp> as_of,
                               const std::function<void(const View&)>& read,
                               const base::Patience& patience) const {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  View view = MakeView(patience);
  std::optional<Cells> cells;
  {
    const std::shared_lock lock(mutex_);
    view.snapshot = snapshot_;
    view.block_count = log_.size();
    if (!as_of || *as_of >= snapshot_.tick) cells.emplace(cells_);
  }
  if (!cells) return Read(as_of, read, patience);
  view.cells = &*cells;
  read(view);
  // Under the lock, so that whoever changes the cells knows what is no longer shared.
  const std::unique_lock lock(mutex_);
  cells.reset();
  return patience.Check();
}

base::Status Engine::Read(std::optional<base::Timestamp> as_of,
                          const std::function<void(const View&)>& read,
                          const base::Patience& patience) const {
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  View view = MakeView(patience);
  {
    const std::shared_lock lock(mutex_);
    view.snapshot = snapshot_;
    if (!as_of || *as_of >= snapshot_.tick) {
      view.cells = &cells_;
      view.block_count = log_.size();
      read(view);
      return patience.Check();
    }
    view.as_of = true;
    std::tie(view.snapshot.sequence, view.snapshot.tick) = SequenceAt(*as_of);
    view.block_count = log_.CountUntil(*as_of);
  }
  auto past = CellsOf(view.block_count, patience);
  if (!past.ok()) {
    if (!patience.IsOver()) base::LogError("cell log: {}", past.error().message);
    return past.error();
  }
  view.cells = past->cells.get();
  read(view);
  auto status = past->cells->status();
  if (!status.ok()) {
    Forget(*past);
    return status;
  }
  return patience.Check();
}

}  // namespace fansipan::indicators
