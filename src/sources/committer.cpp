#include "sources/committer.h"

#include <algorithm>
#include <set>

#include "base/log.h"

namespace fansipan::sources {
namespace {

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

/// Dataset, key and order: what two readings of one row have in common.
std::string PlaceBytes(const model::Dataset& dataset, const model::Version& version) {
  std::string place = dataset.name + '\0';
  for (const std::size_t column : dataset.key)
    model::AppendCanonical(version.values[column], place);
  if (dataset.order) model::AppendCanonical(version.values[*dataset.order], place);
  return place;
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
  std::map<std::pair<std::string, std::string>, std::pair<model::Sequence, std::string>> keys;
  std::vector<Answer> answers;
  std::vector<LifeSignItem*> life_signs;

  model::Sequence TakeSequence() { return last_sequence = {last_sequence.value + 1}; }
};

Committer::Committer(Parts parts, Settings settings)
    : parts_(std::move(parts)),
      settings_(settings),
      queue_(settings.queue),
      last_recorded_at_(parts_.journal->End().recorded_at),
      last_sequence_(parts_.journal->End().sequence),
      journal_seconds_(parts_.metrics->GetHistogram(
          "fansipan_stage_seconds", "Time a stage of intake takes", {{"stage", "journal"}})),
      publish_seconds_(parts_.metrics->GetHistogram(
          "fansipan_stage_seconds", "Time a stage of intake takes", {{"stage", "publish"}})),
      queue_fullness_(parts_.metrics->GetGauge("fansipan_queue_items", "Items waiting in a queue",
                                               {{"queue", "commit"}})) {}

Committer::~Committer() { Stop(); }

void Committer::Recall(const store::JournalEntry& entry) {
  const std::lock_guard lock(keys_mutex_);
  for (const auto& [delivery, versions, quarantined] : entry.deliveries) {
    if (delivery.idempotency_key.empty()) continue;
    keys_[{delivery.source, delivery.idempotency_key}] = {delivery.sequence,
                                                          delivery.payload_sha256};
  }
}

void Committer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Committer::Stop() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

base::Error Committer::StoppedError() const {
  return {base::ErrorCode::kUnavailable, "intake_stopped",
          "intake has stopped because the journal could not be made durable; restart the program, "
          "it recovers from what is on disk"};
}

base::Result<RecordedDelivery> Committer::Commit(PendingDelivery delivery) {
  if (!open_) return StoppedError();
  DeliveryItem item{std::move(delivery), {}};
  auto done = item.done.get_future();
  if (!queue_.TryPush(std::move(item))) {
    return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                       "too many deliveries are waiting; send this one again in a second"};
  }
  return done.get();
}

base::Status Committer::CommitLifeSign(std::string source, base::Timestamp at) {
  if (!open_) return StoppedError();
  LifeSignItem item{std::move(source), at, {}};
  auto done = item.done.get_future();
  if (!queue_.Push(std::move(item))) return StoppedError();
  return done.get();
}

base::Status Committer::CommitCenter(std::shared_ptr<const center::Center> center,
                                     std::string archive_id) {
  if (!open_) return StoppedError();
  CenterItem item{std::move(center), std::move(archive_id), {}};
  auto done = item.done.get_future();
  if (!queue_.Push(std::move(item))) return StoppedError();
  return done.get();
}

void Committer::TickNow() {
  TickItem item;
  auto done = item.done.get_future();
  if (queue_.Push(std::move(item))) done.get();
}

std::optional<std::pair<model::Sequence, std::string>> Committer::FindIdempotent(
    const std::string& source, const std::string& key) const {
  const std::lock_guard lock(keys_mutex_);
  const auto found = keys_.find({source, key});
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void Committer::Run() {
  auto next_tick = std::chrono::steady_clock::now();
  while (true) {
    std::vector<Item> items = NextItems();
    if (items.empty() && queue_.closed() && queue_.size() == 0) return;
    if (!items.empty()) CommitGroup(std::move(items));
    if (std::chrono::steady_clock::now() < next_tick) continue;
    Tick();
    next_tick = std::chrono::steady_clock::now() + settings_.tick;
  }
}

/// A center change or a tick stands alone; deliveries and life signs go together up to the group's
/// size.
std::vector<Committer::Item> Committer::NextItems() {
  std::vector<Item> items;
  auto item = queue_.PopFor(settings_.tick);
  std::size_t rows = 0;
  while (item) {
    const auto* delivery = std::get_if<DeliveryItem>(&*item);
    if (delivery != nullptr) rows += delivery->pending.versions.size();
    const bool alone =
        std::holds_alternative<CenterItem>(*item) || std::holds_alternative<TickItem>(*item);
    items.push_back(std::move(*item));
    if (alone || rows >= settings_.group_rows) break;
    item = queue_.TryPop();
  }
  queue_fullness_.Set(static_cast<double>(queue_.size()));
  return items;
}

void Committer::Tick() {
  parts_.ledger->Advance(std::max(parts_.clock->Now(), last_recorded_at_));
  last_recorded_at_ = std::max(last_recorded_at_, parts_.clock->Now());
  if (parts_.on_published) parts_.on_published(parts_.journal->End());
}

base::Timestamp Committer::NextRecordedAt() {
  return std::max(parts_.clock->Now(), last_recorded_at_ + base::Duration(1));
}

void Committer::CommitGroup(std::vector<Item> items) {
  Group group;
  group.center = parts_.ledger->center();
  group.last_sequence = last_sequence_;
  group.entry.number = parts_.journal->End().number + 1;
  group.entry.recorded_at = NextRecordedAt();
  parts_.ledger->Begin(group.entry.recorded_at);
  std::vector<Item*> alone;
  for (Item& item : items) {
    if (auto* delivery = std::get_if<DeliveryItem>(&item)) {
      Prepare(*delivery, group);
    } else if (auto* sign = std::get_if<LifeSignItem>(&item)) {
      group.entry.life_signs.push_back({sign->source, sign->at, group.TakeSequence()});
      group.life_signs.push_back(sign);
    } else {
      alone.push_back(&item);
    }
  }
  const bool nothing = group.entry.deliveries.empty() && group.entry.life_signs.empty();
  Finish(group, nothing ? base::Status() : AppendEntry(group.entry));
  for (Item* item : alone) {
    if (auto* center = std::get_if<CenterItem>(item)) CommitCenterItem(*center);
    if (auto* tick = std::get_if<TickItem>(item)) {
      Tick();
      tick->done.set_value();
    }
  }
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
    if (earlier && earlier->second != delivery.payload_sha256) {
      item.done.set_value(base::Error{
          base::ErrorCode::kConflict, "idempotency_key_reused",
          "idempotency key '" + delivery.idempotency_key + "' belongs to delivery " +
              std::to_string(earlier->first.value) + " with another body; use a new key"});
      return;
    }
    if (earlier) {
      delivery.sequence = earlier->first;
      group.answers.push_back({&item, {delivery, {}, true}});
      return;
    }
  }
  store::CommittedDelivery committed;
  committed.delivery = std::move(delivery);
  committed.delivery.sequence = group.TakeSequence();
  committed.delivery.recorded_at = group.entry.recorded_at;
  committed.quarantined = std::move(pending.quarantined);
  if (!key.second.empty()) {
    group.keys[key] = {committed.delivery.sequence, committed.delivery.payload_sha256};
  }
  Classify(pending, group, committed);
  group.answers.push_back({&item, {committed.delivery, committed.quarantined, false}});
  group.entry.deliveries.push_back(std::move(committed));
}

void Committer::Classify(PendingDelivery& pending, Group& group,
                         store::CommittedDelivery& committed) {
  std::map<std::string, model::Version> replaced;
  for (model::Version& version : pending.replaced) {
    const auto* dataset = group.center->FindDataset(version.dataset);
    if (dataset == nullptr) continue;
    std::string place = PlaceBytes(*dataset, version);
    replaced[std::move(place)] = std::move(version);
  }
  model::DeliveryCounts& counts = committed.delivery.counts;
  for (model::Version& version : pending.versions) {
    const auto* dataset = group.center->FindDataset(version.dataset);
    const auto own = replaced.extract(PlaceBytes(*dataset, version));
    const bool repeated = own.empty()
                              ? parts_.ledger->Knows(version)
                              : !own.mapped().withdrawn && own.mapped().values == version.values;
    if (repeated) {
      --counts.accepted;
      ++counts.repeated;
    } else if (!AcceptVersion(std::move(version), group, committed)) {
      --counts.accepted;
      ++counts.in_conflict;
    }
  }
  WithdrawReplaced(replaced, group, committed);
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
    if (current && !own) {
      committed.quarantined.push_back(ConflictRow(version));
      return false;
    }
  }
  version.sequence = group.TakeSequence();
  version.predecessor = parts_.ledger->Stage(version);
  const auto listed = std::any_of(
      group.entry.datasets.begin(), group.entry.datasets.end(),
      [&](const store::DatasetColumns& columns) { return columns.dataset == dataset->name; });
  if (!listed) group.entry.datasets.push_back(ColumnsOf(*dataset));
  committed.versions.push_back(std::move(version));
  return true;
}

/// A replay takes back what its delivery had put in and the mended mapping no longer yields.
void Committer::WithdrawReplaced(std::map<std::string, model::Version>& replaced, Group& group,
                                 store::CommittedDelivery& committed) {
  for (auto& [place, version] : replaced) {
    if (version.withdrawn) continue;
    version.withdrawn = true;
    version.mapping_revision = committed.delivery.mapping_revision;
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
  open_ = false;
  base::LogError("intake stops until the program is started again");
  return StoppedError();
}

void Committer::Finish(Group& group, const base::Status& appended) {
  if (!appended.ok()) {
    // Begin has let deadlines pass up to this time; no later entry may be recorded before it.
    last_recorded_at_ = group.entry.recorded_at;
    parts_.ledger->Rollback();
    for (auto& answer : group.answers) answer.item->done.set_value(appended.error());
    for (LifeSignItem* sign : group.life_signs) sign->done.set_value(appended);
    return;
  }
  const bool wrote = !group.entry.deliveries.empty() || !group.entry.life_signs.empty();
  if (wrote) {
    last_recorded_at_ = group.entry.recorded_at;
    last_sequence_ = group.last_sequence;
    const std::lock_guard lock(keys_mutex_);
    for (auto& [key, known] : group.keys) keys_[key] = std::move(known);
  }
  for (auto& answer : group.answers) answer.item->done.set_value(std::move(answer.recorded));
  for (LifeSignItem* sign : group.life_signs) sign->done.set_value({});
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
  }
  item.done.set_value(std::move(status));
  if (parts_.on_published) parts_.on_published(parts_.journal->End());
}

}  // namespace fansipan::sources
