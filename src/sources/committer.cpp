#include "sources/committer.h"

#include <algorithm>

#include "base/log.h"
#include "base/thread_name.h"
#include "sources/contract/control_tally.h"
#include "sources/internal/replaced_rows.h"

namespace fansipan::sources {
namespace {

/// What the deliveries of one entry come from, so that wide rows do not make it too large.
constexpr double kGroupPayloadBytes = 64.0 * (1U << 20U);
/// After the storage was full.
constexpr std::chrono::seconds kTryClocksAgain{30};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

store::DatasetColumns ColumnsOf(const model::Dataset& dataset) {
  store::DatasetColumns columns{dataset.name, {}, {}};
  for (const model::Column& column : dataset.columns) {
    columns.names.push_back(column.name);
    columns.types.push_back(column.type);
  }
  return columns;
}

void SetStanding(model::Version& version, const model::Standing& standing) {
  version.predecessor = standing.predecessor;
  version.outranked = standing.outranked;
}

/// The idempotency key of the last delivery by which all records were reckoned by the center that
/// came to be the running one at `change`.
std::string MarkOf(model::Sequence change) {
  return "clocks of change " + std::to_string(change.value);
}

/// True when the source told the same, whatever clocks say of it.
bool IsToldAlike(const model::Dataset& dataset, const model::Row& left, const model::Row& right) {
  const auto told = static_cast<std::ptrdiff_t>(dataset.CountToldColumns());
  return std::equal(left.begin(), left.begin() + told, right.begin(), right.begin() + told);
}

model::QuarantinedRow ConflictRow(const model::Version& version) {
  model::QuarantinedRow row;
  row.dataset = version.dataset;
  row.raw_row = version.raw_rows.empty() ? 0 : version.raw_rows.front();
  row.reason = "conflict_with_recorded";
  row.message =
      "an event with this identity is recorded with other content; withdraw that one first or "
      "give this one an identity of its own";
  return row;
}

}  // namespace

/// What one journal entry is being made of.
struct Committer::Group {
  struct Answer {
    DeliveryItem* item = nullptr;
    RecordedDelivery recorded;
  };
  store::JournalEntry entry;
  std::shared_ptr<const center::Center> center;
  model::Sequence last_sequence;
  std::map<std::pair<std::string, std::string>, KeyedDelivery> keys;
  std::vector<Answer> answers;
  std::vector<LifeSignItem*> life_signs;
  std::vector<NoteItem*> notes;
  std::vector<DecisionItem*> decisions;
  /// Of each raw row of the delivery at hand (1-based), whether it is set aside; empty until a
  /// conflict asks.
  std::vector<bool> rows_aside;
  ContractMemory::Before known_before;

  std::vector<bool>& RowsAsideOf(const store::CommittedDelivery& committed) {
    if (!rows_aside.empty()) return rows_aside;
    rows_aside.resize(committed.delivery.counts.raw_rows + 1);
    for (const model::QuarantinedRow& row : committed.quarantined) {
      if (row.raw_row < rows_aside.size()) rows_aside[row.raw_row] = true;
    }
    return rows_aside;
  }
  void Add(std::vector<model::QuarantineDecision> decided) {
    for (model::QuarantineDecision& decision : decided) {
      decision.sequence = TakeSequence();
      decision.decided_at = entry.recorded_at;
      entry.decisions.push_back(std::move(decision));
    }
  }
  /// Besides what changes the center.
  bool IsEmpty() const {
    return entry.deliveries.empty() && entry.life_signs.empty() && entry.notes.empty() &&
           entry.decisions.empty();
  }
  model::Sequence TakeSequence() { return last_sequence = {last_sequence.value + 1}; }
  void SetPosition(const std::string& source, std::string position) {
    if (position.empty()) return;
    for (store::SourcePosition& known : entry.positions) {
      if (known.source != source) continue;
      known.position = std::move(position);
      return;
    }
    entry.positions.push_back({source, std::move(position)});
  }
  void ListColumnsOf(const model::Dataset& dataset) {
    const auto listed = std::any_of(
        entry.datasets.begin(), entry.datasets.end(),
        [&](const store::DatasetColumns& columns) { return columns.dataset == dataset.name; });
    if (!listed) entry.datasets.push_back(ColumnsOf(dataset));
  }
};

Committer::Committer(Parts parts, Settings settings)
    : parts_(std::move(parts)),
      settings_(settings),
      queue_(settings.queue),
      last_recorded_at_(parts_.journal->End().recorded_at),
      last_sequence_(parts_.journal->End().sequence),
      keys_(settings_.remembered_keys),
      journal_seconds_(parts_.metrics->GetHistogram(
          "fansipan_stage_seconds", "Time a stage of intake takes", {{"stage", "journal"}})),
      publish_seconds_(parts_.metrics->GetHistogram(
          "fansipan_stage_seconds", "Time a stage of intake takes", {{"stage", "publish"}})),
      queue_fullness_(*parts_.metrics, "commit", settings_.queue) {}

Committer::~Committer() { Stop(); }

void Committer::Recall(const store::JournalHead& head) {
  for (const store::CenterChange& change : head.centers) {
    reckoning_.archive_id = change.archive_id;
    reckoning_.change = change.sequence;
  }
  const std::lock_guard lock(keys_mutex_);
  for (const model::Delivery& delivery : head.deliveries) {
    contracts_.Learn(delivery);
    if (delivery.idempotency_key.empty()) continue;
    keys_.Remember(delivery.source, delivery.idempotency_key,
                   {delivery.sequence, delivery.payload_sha256});
  }
  for (const auto& [source, position] : head.positions) positions_[source] = position;
  for (const store::SourceNote& note : head.notes) KeepNote(note);
  for (const auto& decision : head.decisions) model::Note(decision, accepted_);
}

model::AcceptedRows Committer::AcceptedRowsOf(model::Sequence delivery) const {
  const std::lock_guard lock(keys_mutex_);
  return model::AcceptedOf(accepted_, delivery);
}

/// Under keys_mutex_.
void Committer::KeepNote(const store::SourceNote& note) {
  const std::pair key{note.source, note.condition};
  if (note.begins) {
    notes_[key] = note;
  } else {
    notes_.erase(key);
  }
}

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Committer::Stop() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

std::string_view Committer::refusal() const {
  switch (state_.load()) {
    case State::kStarting:
      return "starting";
    case State::kOpen:
      return "";
    case State::kFailed:
      return "failed";
    case State::kSyncFailed:
      break;
  }
  return "sync_failed";
}

base::Status Committer::CheckOpen() const {
  switch (state_.load()) {
    case State::kOpen:
      return {};
    case State::kStarting:
      return base::Error{base::ErrorCode::kUnavailable, "intake_starting",
                         "the program is starting and still reads what is recorded; send this "
                         "again in a few seconds"};
    case State::kFailed:
      return base::Error{base::ErrorCode::kUnavailable, "intake_stopped",
                         "what is recorded could not be read at the start; the program's log says "
                         "what to do"};
    case State::kSyncFailed:
      break;
  }
  return base::Error{base::ErrorCode::kUnavailable, "intake_stopped",
                     "intake has stopped because the journal could not be made durable; restart "
                     "the program, it recovers from what is on disk"};
}

base::Error Committer::BusyError() {
  return {base::ErrorCode::kUnavailable, "intake_busy",
          "too many deliveries are waiting; send this one again in a second"};
}

base::Result<RecordedDelivery> Committer::Commit(PendingDelivery delivery) {
  FANSIPAN_RETURN_IF_ERROR(CheckOpen());
  DeliveryItem item{std::move(delivery), {}};
  auto done = item.done.get_future();
  if (!queue_.TryPush(std::move(item))) return BusyError();
  return done.get();
}

base::Status Committer::CommitLifeSign(std::string source, base::Timestamp at,
                                       std::string position) {
  FANSIPAN_RETURN_IF_ERROR(CheckOpen());
  LifeSignItem item{std::move(source), at, std::move(position), {}};
  auto done = item.done.get_future();
  if (!queue_.TryPush(std::move(item))) return BusyError();
  return done.get();
}

base::Status Committer::CommitNote(store::SourceNote note) {
  FANSIPAN_RETURN_IF_ERROR(CheckOpen());
  NoteItem item{std::move(note), {}};
  auto done = item.done.get_future();
  if (!queue_.TryPush(std::move(item))) return BusyError();
  return done.get();
}

base::Status Committer::CommitDecisions(std::vector<model::QuarantineDecision> decisions) {
  FANSIPAN_RETURN_IF_ERROR(CheckOpen());
  DecisionItem item{std::move(decisions), {}};
  auto done = item.done.get_future();
  if (!queue_.TryPush(std::move(item))) return BusyError();
  return done.get();
}

base::Status Committer::CommitCenter(std::shared_ptr<const center::Center> center,
                                     std::string archive_id) {
  FANSIPAN_RETURN_IF_ERROR(CheckOpen());
  CenterItem item{std::move(center), std::move(archive_id), {}};
  auto done = item.done.get_future();
  if (!queue_.Push(std::move(item))) return BusyError();
  return done.get();
}

void Committer::PassTimeNow() {
  TickItem item;
  auto done = item.done.get_future();
  if (queue_.Push(std::move(item))) done.get();
}

void Committer::TickNow() {
  TickItem item;
  item.when_reckoned = true;
  auto done = item.done.get_future();
  if (queue_.Push(std::move(item))) done.get();
}

std::optional<KeyedDelivery> Committer::FindIdempotent(const std::string& source,
                                                       const std::string& key) const {
  const std::lock_guard lock(keys_mutex_);
  return keys_.Find(source, key);
}

std::string Committer::FindPosition(const std::string& source) const {
  const std::lock_guard lock(keys_mutex_);
  const auto found = positions_.find(source);
  return found == positions_.end() ? std::string() : found->second;
}

std::optional<store::SourceNote> Committer::FindNote(const std::string& source,
                                                     store::SourceCondition condition) const {
  const std::lock_guard lock(keys_mutex_);
  const auto found = notes_.find({source, condition});
  return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

void Committer::CompleteLedger() {
  const auto completed = parts_.ledger->Complete();
  if (!completed.ok()) {
    base::LogError("intake stays closed, what is recorded cannot be read: {}",
                   completed.error().message);
  }
  state_ = completed.ok() ? State::kOpen : State::kFailed;
  const auto done = FindIdempotent(std::string(model::kCenterSource), MarkOf(reckoning_.change));
  reckoning_.under_way = completed.ok() && !done;
  started_.set_value();
}

bool Committer::WaitForStart(std::chrono::milliseconds patience) const {
  return has_started_.wait_for(patience) == std::future_status::ready;
}

void Committer::Run() {
  base::NameThread("committer");
  CompleteLedger();
  auto next_tick = std::chrono::steady_clock::now();
  while (true) {
    std::vector<Item> items = NextItems();
    if (items.empty() && queue_.closed() && queue_.size() == 0 && !held_) {
      AnswerWaiting();
      return;
    }
    if (state_ == State::kFailed) {
      for (Item& item : items) {
        if (auto* tick = std::get_if<TickItem>(&item)) tick->done.set_value();
      }
      continue;
    }
    if (!items.empty()) CommitGroup(std::move(items));
    if (IsReckoning()) ReckonPiece();
    if (!IsReckoning()) AnswerWaiting();
    const auto now = std::chrono::steady_clock::now();
    if (now >= reckoning_.try_again) reckoning_.is_held = false;
    if (now < next_tick) continue;
    PassTime();
    next_tick = now + settings_.tick;
  }
}

/// How much of a group an item fills; 1 is all.
double Committer::ShareOf(const Item& item) const {
  const bool is_small = std::holds_alternative<LifeSignItem>(item) ||
                        std::holds_alternative<NoteItem>(item) ||
                        std::holds_alternative<DecisionItem>(item);
  if (is_small) return 0;
  const auto* delivery = std::get_if<DeliveryItem>(&item);
  if (delivery == nullptr) return 1;
  const auto rows = static_cast<double>(delivery->pending.versions.size());
  const auto bytes = static_cast<double>(delivery->pending.delivery.payload_bytes);
  return std::max(rows / static_cast<double>(settings_.group_rows), bytes / kGroupPayloadBytes);
}

/// Deliveries, life signs and decisions go together up to the group's size. What is larger stands
/// alone, so that nothing fails with it; so do a center change and a tick.
std::vector<Committer::Item> Committer::NextItems() {
  std::vector<Item> items;
  const auto patience = IsReckoning() ? std::chrono::milliseconds(0) : settings_.tick;
  auto item = held_ ? std::exchange(held_, std::nullopt) : queue_.PopFor(patience);
  double filled = 0;
  while (item) {
    filled += ShareOf(*item);
    if (filled > 1 && !items.empty()) {
      held_ = std::move(item);
      break;
    }
    items.push_back(std::move(*item));
    if (filled >= 1) break;
    item = queue_.TryPop();
  }
  queue_fullness_.SetItems(queue_.size());
  return items;
}

void Committer::PassTime() {
  last_recorded_at_ = std::max(last_recorded_at_, parts_.clock->Now());
  parts_.ledger->Advance(last_recorded_at_);
  if (parts_.on_published) parts_.on_published(parts_.journal->End());
}

/// Who waits for clocks has them tried at once.
void Committer::TakeTick(TickItem& item) {
  if (item.when_reckoned && reckoning_.under_way) {
    reckoning_.is_held = false;
    waiting_.push_back(std::move(item.done));
    return;
  }
  PassTime();
  item.done.set_value();
}

void Committer::AnswerWaiting() {
  if (waiting_.empty()) return;
  PassTime();
  for (std::promise<void>& done : std::exchange(waiting_, {})) done.set_value();
}

base::Timestamp Committer::NextRecordedAt() {
  return std::max(parts_.clock->Now(), last_recorded_at_ + base::Duration(1));
}

Committer::Group Committer::BeginGroup() {
  Group group;
  group.center = parts_.ledger->center();
  group.last_sequence = last_sequence_;
  group.entry.number = parts_.journal->End().number + 1;
  group.entry.recorded_at = NextRecordedAt();
  parts_.ledger->Begin(group.entry.recorded_at);
  return group;
}

void Committer::CommitGroup(std::vector<Item> items) {
  Group group = BeginGroup();
  std::vector<Item*> alone;
  for (Item& item : items) {
    if (auto* delivery = std::get_if<DeliveryItem>(&item)) {
      Prepare(*delivery, group);
    } else if (auto* sign = std::get_if<LifeSignItem>(&item)) {
      group.entry.life_signs.push_back({sign->source, sign->at, group.TakeSequence()});
      group.SetPosition(sign->source, std::move(sign->position));
      group.life_signs.push_back(sign);
    } else if (auto* note = std::get_if<NoteItem>(&item)) {
      Prepare(*note, group);
    } else if (auto* decided = std::get_if<DecisionItem>(&item)) {
      group.Add(std::move(decided->decisions));
      group.decisions.push_back(decided);
    } else {
      alone.push_back(&item);
    }
  }
  Finish(group, group.IsEmpty() ? base::Status() : AppendEntry(group.entry));
  for (Item* item : alone) {
    if (auto* center = std::get_if<CenterItem>(item)) CommitCenterItem(*center);
    if (auto* tick = std::get_if<TickItem>(item)) TakeTick(*tick);
  }
}

void Committer::Prepare(NoteItem& item, Group& group) {
  group.notes.push_back(&item);
  auto known = FindNote(item.note.source, item.note.condition);
  for (const store::SourceNote& earlier : group.entry.notes) {
    if (earlier.source != item.note.source || earlier.condition != item.note.condition) continue;
    known = earlier.begins ? std::optional(earlier) : std::nullopt;
  }
  const bool is_news =
      item.note.begins ? !known || known->reason != item.note.reason : known.has_value();
  if (!is_news) return;
  item.note.sequence = group.TakeSequence();
  group.entry.notes.push_back(item.note);
}

void Committer::Prepare(DeliveryItem& item, Group& group) {
  PendingDelivery& pending = item.pending;
  model::Delivery& delivery = pending.delivery;
  if (pending.center_revision != group.center->revision) {
    item.done.set_value(base::Error{base::ErrorCode::kUnavailable, "center_changed",
                                    "the center changed while this delivery was read"});
    return;
  }
  const std::pair<std::string, std::string> key{delivery.source, delivery.idempotency_key};
  if (!delivery.idempotency_key.empty()) {
    auto earlier = FindIdempotent(key.first, key.second);
    const auto same_group = group.keys.find(key);
    if (same_group != group.keys.end()) earlier = same_group->second;
    if (earlier && earlier->payload_sha256 != delivery.payload_sha256) {
      item.done.set_value(base::Error{
          base::ErrorCode::kConflict, "idempotency_key_reused",
          "idempotency key '" + delivery.idempotency_key + "' belongs to delivery " +
              std::to_string(earlier->sequence.value) + " with another body; use a new key"});
      return;
    }
    if (earlier) {
      delivery.sequence = earlier->sequence;
      group.answers.push_back({&item, {delivery, {}, true}});
      return;
    }
  }
  group.Add(std::move(pending.decisions));
  store::CommittedDelivery committed;
  committed.delivery = std::move(delivery);
  committed.delivery.sequence = group.TakeSequence();
  committed.delivery.recorded_at = group.entry.recorded_at;
  committed.quarantined = std::move(pending.quarantined);
  if (!key.second.empty()) {
    group.keys[key] = {committed.delivery.sequence, committed.delivery.payload_sha256};
  }
  group.SetPosition(key.first, std::move(pending.position));
  group.rows_aside.clear();
  Classify(pending, group, committed);
  contracts_.Keep(key.first, group.known_before);
  JudgeContract(*group.center, committed);
  contracts_.Learn(committed.delivery);
  group.answers.push_back({&item, {committed.delivery, committed.quarantined, false}});
  group.entry.deliveries.push_back(std::move(committed));
}

void Committer::JudgeContract(const center::Center& center,
                              store::CommittedDelivery& committed) const {
  model::Delivery& delivery = committed.delivery;
  const center::Source* source = center.FindSource(delivery.source);
  if (source == nullptr) return;
  contracts_.Judge(*source, delivery);
}

void Committer::Classify(PendingDelivery& pending, Group& group,
                         store::CommittedDelivery& committed) {
  internal::ReplacedRows replaced(*group.center, std::move(pending.replaced));
  model::DeliveryCounts& counts = committed.delivery.counts;
  for (model::Version& version : pending.versions) {
    const auto own = replaced.Take(version);
    const model::Dataset& dataset = *group.center->FindDataset(version.dataset);
    const bool repeated = own ? own->withdrawn == version.withdrawn &&
                                    IsToldAlike(dataset, own->values, version.values)
                              : parts_.ledger->Knows(version);
    if (repeated) {
      --counts.accepted;
      ++counts.repeated;
    } else if (!AcceptVersion(std::move(version), group, committed)) {
      --counts.accepted;
      ++counts.in_conflict;
    }
  }
  WithdrawReplaced(replaced.TakeRest(), group, committed);
}

bool Committer::AcceptVersion(model::Version version, Group& group,
                              store::CommittedDelivery& committed) {
  const auto* dataset = group.center->FindDataset(version.dataset);
  const model::Delivery& delivery = committed.delivery;
  version.delivery = delivery.replay_of.value_or(delivery.sequence);
  if (!dataset->order && !version.withdrawn) {
    const auto current = parts_.ledger->FindCurrent(version);
    const bool own = current && current->delivery == version.delivery &&
                     current->revision < version.mapping_revision;
    if (current && !current->withdrawn && !own) {
      SetAside(version, *dataset, group, committed);
      return false;
    }
  }
  version.sequence = group.TakeSequence();
  parts_.ledger->Reckon(version);
  SetStanding(version, parts_.ledger->Stage(version));
  group.ListColumnsOf(*dataset);
  committed.versions.push_back(std::move(version));
  // What came late is part of the past that the current version's clocks go by.
  const model::Version& staged = committed.versions.back();
  auto again = staged.outranked ? parts_.ledger->ReckonAgain(staged) : std::nullopt;
  if (again) {
    again->sequence = group.TakeSequence();
    SetStanding(*again, parts_.ledger->Stage(*again));
    committed.versions.push_back(*std::move(again));
  }
  return true;
}

void Committer::SetAside(const model::Version& version, const model::Dataset& dataset, Group& group,
                         store::CommittedDelivery& committed) {
  model::Delivery& delivery = committed.delivery;
  model::QuarantinedRow row = ConflictRow(version);
  if (delivery.contract && delivery.contract->control) {
    std::vector<bool>& aside = group.RowsAsideOf(committed);
    TakeBack(version, dataset, row.reason, aside, *delivery.contract->control);
  }
  committed.quarantined.push_back(std::move(row));
}

/// A replay takes back what its delivery had put in and the mended mapping no longer yields.
void Committer::WithdrawReplaced(std::vector<model::Version> replaced, Group& group,
                                 store::CommittedDelivery& committed) {
  const center::Source* source = group.center->FindSource(committed.delivery.source);
  for (model::Version& version : replaced) {
    if (version.withdrawn) continue;
    version.withdrawn = true;
    const std::uint32_t revision = source ? source->MappingRevisionOf(version.dataset) : 1;
    version.mapping_revision = std::max(version.mapping_revision, model::MappingRevision{revision});
    AcceptVersion(std::move(version), group, committed);
  }
}

base::Status Committer::AppendEntry(const store::JournalEntry& entry) {
  const auto start = std::chrono::steady_clock::now();
  auto status = parts_.journal->Append(entry);
  journal_seconds_.Observe(SecondsSince(start));
  if (status.ok() || status.error().code == base::ErrorCode::kStorageFull) return status;
  base::LogError("journal: {}", status.error().message);
  if (status.error().code != base::ErrorCode::kIo) return status;
  state_ = State::kSyncFailed;
  base::LogError("intake stops until the program is started again");
  return CheckOpen();
}

void Committer::Finish(Group& group, const base::Status& appended) {
  // Begin has let deadlines pass up to this time; no later entry may be recorded before it.
  last_recorded_at_ = group.entry.recorded_at;
  if (!appended.ok()) {
    parts_.ledger->Rollback();
    contracts_.Restore(group.known_before);
    for (auto& answer : group.answers) answer.item->done.set_value(appended.error());
    for (LifeSignItem* sign : group.life_signs) sign->done.set_value(appended);
    for (NoteItem* note : group.notes) note->done.set_value(appended);
    for (DecisionItem* decided : group.decisions) decided->done.set_value(appended);
    return;
  }
  const bool wrote = !group.IsEmpty();
  if (wrote) {
    last_sequence_ = group.last_sequence;
    const std::lock_guard lock(keys_mutex_);
    for (auto& [key, known] : group.keys) keys_.Remember(key.first, key.second, std::move(known));
    for (auto& [source, position] : group.entry.positions) positions_[source] = position;
    for (const store::SourceNote& note : group.entry.notes) KeepNote(note);
    for (const auto& decision : group.entry.decisions) model::Note(decision, accepted_);
  }
  for (auto& answer : group.answers) answer.item->done.set_value(std::move(answer.recorded));
  for (LifeSignItem* sign : group.life_signs) sign->done.set_value({});
  for (NoteItem* note : group.notes) note->done.set_value({});
  for (DecisionItem* decided : group.decisions) decided->done.set_value({});
  if (!wrote) return;
  const auto start = std::chrono::steady_clock::now();
  parts_.ledger->Publish(group.entry);
  publish_seconds_.Observe(SecondsSince(start));
  if (parts_.on_published) parts_.on_published(parts_.journal->End());
}

void Committer::CommitCenterItem(CenterItem& item) {
  store::JournalEntry entry;
  entry.number = parts_.journal->End().number + 1;
  entry.recorded_at = NextRecordedAt();
  const model::Sequence sequence{last_sequence_.value + 1};
  entry.centers.push_back({item.center->revision, item.archive_id, sequence});
  auto status = AppendEntry(entry);
  if (status.ok()) {
    last_recorded_at_ = entry.recorded_at;
    last_sequence_ = sequence;
    status = parts_.ledger->Switch(item.center);
    reckoning_ = {status.ok(), false, false, {}, item.archive_id, sequence};
  }
  item.done.set_value(std::move(status));
  if (parts_.on_published) parts_.on_published(parts_.journal->End());
}

/// Some records by the running center's clocks, recorded as told by the center's own text. The last
/// delivery says that all have been looked at, so that no start need do so again.
void Committer::ReckonPiece() {
  Group group = BeginGroup();
  auto versions = parts_.ledger->ReckonNext();
  const bool is_through = !versions;
  reckoning_.looked_at_any = reckoning_.looked_at_any || versions;
  reckoning_.under_way = !is_through;
  const bool has_news = is_through ? reckoning_.looked_at_any : !versions->empty();
  base::Status appended;
  if (has_news) {
    group.entry.deliveries.push_back(
        ReckonedDelivery(is_through ? std::vector<model::Version>() : *std::move(versions), group));
    appended = AppendEntry(group.entry);
  }
  Finish(group, appended);
  if (!appended.ok()) HoldReckoning(appended);
}

/// What could not be recorded is looked for again; what was is not found any more.
void Committer::HoldReckoning(const base::Status& appended) {
  const bool may_come = appended.error().code == base::ErrorCode::kStorageFull;
  reckoning_.under_way = may_come;
  reckoning_.is_held = true;
  reckoning_.try_again = std::chrono::steady_clock::now() + kTryClocksAgain;
  parts_.ledger->ReckonFromStart();
  base::LogError("clocks: what they say now could not be recorded for all records: {}; {}",
                 appended.error().message,
                 may_come ? "it is tried again every half minute" : "it is done at the next start");
}

store::CommittedDelivery Committer::ReckonedDelivery(std::vector<model::Version> versions,
                                                     Group& group) {
  store::CommittedDelivery committed;
  model::Delivery& delivery = committed.delivery;
  delivery.sequence = group.TakeSequence();
  delivery.source = std::string(model::kCenterSource);
  delivery.received_at = delivery.recorded_at = group.entry.recorded_at;
  delivery.archive_id = reckoning_.archive_id;
  delivery.format = std::string(model::kCenterSource);
  if (!reckoning_.under_way) delivery.idempotency_key = MarkOf(reckoning_.change);
  delivery.counts.candidates = delivery.counts.accepted = versions.size();
  delivery.outcome = "accepted";
  for (model::Version& version : versions) {
    version.sequence = group.TakeSequence();
    SetStanding(version, parts_.ledger->StageReckoned(version));
    group.ListColumnsOf(*group.center->FindDataset(version.dataset));
    committed.versions.push_back(std::move(version));
  }
  if (!delivery.idempotency_key.empty()) {
    group.keys[{delivery.source, delivery.idempotency_key}] = {delivery.sequence, ""};
  }
  return committed;
}

}  // namespace fansipan::sources
