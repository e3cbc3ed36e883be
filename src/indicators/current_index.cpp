#include "indicators/current_index.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/hash.h"
#include "indicators/internal/bytes.h"
#include "indicators/internal/value_bytes.h"

namespace fansipan::indicators {
namespace {

using internal::KnownVersion;
using internal::PackedRecord;

/// So many versions stay with their record; when there are more, all but the last leave it.
constexpr std::size_t kVersionsInRecord = 3;

std::uint32_t HashOf(std::string_view key) {
  const std::size_t hash = std::hash<std::string_view>()(key);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

bool PlacedBefore(const KnownVersion& left, const KnownVersion& right) {
  return Before(left.place, right.place);
}

}  // namespace

CurrentIndex::CurrentIndex(const model::Dataset& dataset, VersionHistory& history)
    : columns_(dataset.key),
      key_columns_(dataset.key.size()),
      told_columns_(dataset.CountToldColumns()),
      order_(dataset.order),
      history_(&history) {
  for (std::size_t column = 0; column < dataset.columns.size(); ++column) {
    const auto key_end = columns_.begin() + static_cast<std::ptrdiff_t>(key_columns_);
    if (std::find(columns_.begin(), key_end, column) == key_end) columns_.push_back(column);
  }
}

void CurrentIndex::Pack(const model::Row& values, Probe& probe) const {
  probe.row.clear();
  internal::ByteWriter writer(probe.row);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const model::Value& value = values[columns_[i]];
    // Equal numbers are equal bytes.
    if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
      internal::WriteValue(decimal->Normalized(), writer);
    } else {
      internal::WriteValue(value, writer);
    }
    if (i + 1 == key_columns_) probe.key_bytes = probe.row.size();
    if (i + 1 == told_columns_) probe.told_bytes = probe.row.size();
  }
}

model::Row CurrentIndex::Unpack(std::string_view row) const {
  internal::ByteReader reader(row);
  model::Row values(columns_.size());
  for (const std::size_t column : columns_) values[column] = internal::ReadValue(reader);
  return values;
}

void CurrentIndex::UnpackSome(std::string_view row, const std::vector<std::size_t>& columns,
                              model::Row& values) const {
  internal::ByteReader reader(row);
  std::size_t missing = columns.size();
  for (std::size_t i = 0; i < columns_.size() && missing > 0; ++i) {
    if (std::find(columns.begin(), columns.end(), columns_[i]) == columns.end()) {
      internal::SkipValue(reader);
    } else {
      values[columns_[i]] = internal::ReadValue(reader);
      --missing;
    }
  }
}

std::size_t CurrentIndex::KeyBytesOf(std::string_view row) const {
  internal::ByteReader reader(row);
  for (std::size_t i = 0; i < key_columns_; ++i) internal::SkipValue(reader);
  return row.size() - reader.Rest().size();
}

const CurrentIndex::Probed& CurrentIndex::Ask(const model::Row& values) const {
  Pack(values, probe_);
  const bool same = probed_.told == probe_.told();
  if (probed_.holds && same) return probed_;
  if (!same) probed_.content.reset();
  probed_.told = probe_.told();
  probed_.record = Find(probe_.key());
  probed_.holds = true;
  return probed_;
}

std::uint64_t CurrentIndex::ContentOf(const Probed& probed) const {
  if (!probed_.content) probed_.content = base::FingerprintOf(probed.told).low;
  return *probed_.content;
}

CurrentIndex::Place CurrentIndex::PlaceOf(const model::Version& version) const {
  return {order_ ? version.values[*order_] : model::Value(), version.delivery,
          version.mapping_revision, version.row, version.sequence};
}

std::optional<CurrentIndex::RecordNumber> CurrentIndex::Find(std::string_view key) const {
  // Packed values tell their own length, so that a row that begins like the key has that key.
  return keys_.Find(HashOf(key), [&](RecordNumber number) {
    return PackedRecord(records_[number].get()).row().starts_with(key);
  });
}

bool CurrentIndex::Knows(const model::Row& values, bool withdrawn) const {
  const Probed& probed = Ask(values);
  if (!probed.record) return false;
  const PackedRecord record(records_[*probed.record].get());
  // Packed values tell their own length: a row that begins like what is told has just that.
  if (!withdrawn && record.withdrawn() && record.row().starts_with(probed.told)) return false;
  const std::uint64_t content = ContentOf(probed);
  return record.AnyVersion([&](const KnownVersion& known) { return known.content == content; }) ||
         HasOlder(record, values, content);
}

/// True when an older version of the record has these values. They all come before those that the
/// record has with it, so a later order is none of theirs.
bool CurrentIndex::HasOlder(const PackedRecord& record, const model::Row& values,
                            std::uint64_t content) const {
  if (record.older() == 0) return false;
  if (order_ && model::Compare(values[*order_], record.Oldest().place.order) > 0) return false;
  return history_->Any(record.older(),
                       [&](const KnownVersion& known) { return known.content == content; });
}

std::optional<CurrentIndex::Current> CurrentIndex::FindCurrent(const model::Row& values) const {
  const Probed& probed = Ask(values);
  if (!probed.record) return std::nullopt;
  const PackedRecord record(records_[*probed.record].get());
  return Current{record.Newest().place, record.withdrawn()};
}

bool CurrentIndex::IsCurrent(RecordNumber record, model::Sequence version) const {
  if (record >= records_.size()) return false;
  const PackedRecord packed(records_[record].get());
  return !packed.withdrawn() && packed.Newest().place.sequence == version;
}

std::optional<model::Row> CurrentIndex::FindValues(RecordNumber record,
                                                   model::Sequence version) const {
  if (!IsCurrent(record, version)) return std::nullopt;
  return Unpack(PackedRecord(records_[record].get()).row());
}

CurrentIndex::Change CurrentIndex::Stage(const model::Version& version, std::uint8_t paused) {
  const Probed& probed = Ask(version.values);
  KnownVersion known{PlaceOf(version), ContentOf(probed), paused};
  const auto number = probed.record;
  probed_.holds = false;
  if (!number) return StageNew(version, known);
  const KnownVersion newest = PackedRecord(records_[*number].get()).Newest();
  if (PlacedBefore(known, newest)) return StageLate(*number, std::move(known));
  return StageNewest(*number, version, known, newest);
}

std::vector<CurrentIndex::Moment> CurrentIndex::HistoryBefore(const model::Version& version) const {
  std::vector<Moment> history;
  const auto record = Ask(version.values).record;
  if (!record) return history;
  const Place place = PlaceOf(version);
  for (KnownVersion& known : VersionsOf(*record)) {
    if (!Before(known.place, place)) break;
    history.push_back({std::move(known.place.order), known.paused});
  }
  return history;
}

std::vector<CurrentIndex::Moment> CurrentIndex::HistoryOf(RecordNumber record) const {
  std::vector<Moment> history;
  for (KnownVersion& known : VersionsOf(record)) {
    history.push_back({std::move(known.place.order), known.paused});
  }
  return history;
}

std::optional<CurrentIndex::RecordNumber> CurrentIndex::FindRecord(const model::Row& values) const {
  return Ask(values).record;
}

std::optional<model::Version> CurrentIndex::FindVersion(RecordNumber record) const {
  const PackedRecord packed(records_[record].get());
  if (packed.withdrawn()) return std::nullopt;
  const Place place = packed.Newest().place;
  model::Version version;
  version.sequence = place.sequence;
  version.values = Unpack(packed.row());
  version.delivery = place.delivery;
  version.mapping_revision = place.revision;
  version.row = place.row;
  return version;
}

CurrentIndex::Change CurrentIndex::StageNew(const model::Version& version,
                                            const KnownVersion& known) {
  const auto number = static_cast<RecordNumber>(records_.size());
  records_.push_back(PackedRecord::Make({version.withdrawn, 0, probe_.row}, {known}));
  keys_.Add(HashOf(probe_.key()), number);
  undo_.push_back({number, nullptr});
  Change change;
  change.record = number;
  change.became_current = true;
  return change;
}

/// The common way: what comes is newer than all that is known.
CurrentIndex::Change CurrentIndex::StageNewest(RecordNumber number, const model::Version& version,
                                               const KnownVersion& known,
                                               const KnownVersion& before) {
  const PackedRecord record(records_[number].get());
  Change change;
  change.record = number;
  change.became_current = true;
  change.predecessor = before.place.sequence;
  change.displaced = Current{before.place, record.withdrawn()};
  change.displaced_values = Unpack(record.row());
  if (record.version_count() < kVersionsInRecord) {
    Replace(number, PackedRecord::Append(record, version.withdrawn, probe_.row, known));
    return change;
  }
  const auto older = history_->Add(record.older(), record.Versions());
  Replace(number, PackedRecord::Make({version.withdrawn, older, probe_.row}, {known}));
  return change;
}

CurrentIndex::Change CurrentIndex::StageLate(RecordNumber number, KnownVersion known) {
  const PackedRecord record(records_[number].get());
  PackedRecord::Content content = record.content();
  std::vector<KnownVersion> versions = record.Versions();
  const auto next = std::upper_bound(versions.begin(), versions.end(), known, PlacedBefore);
  Change change;
  change.record = number;
  if (next != versions.begin()) {
    change.predecessor = std::prev(next)->place.sequence;
  } else {
    change.predecessor = PredecessorOf(content.older, known);
  }
  if (next == versions.begin() && content.older != 0) {
    content.older = history_->AddOne(content.older, std::move(known));
  } else {
    versions.insert(next, std::move(known));
  }
  if (versions.size() > kVersionsInRecord) {
    KnownVersion newest = std::move(versions.back());
    versions.pop_back();
    content.older = history_->Add(content.older, versions);
    versions = {std::move(newest)};
  }
  Replace(number, PackedRecord::Make(content, versions));
  return change;
}

/// The last of the older versions that come before `known`.
std::optional<model::Sequence> CurrentIndex::PredecessorOf(std::uint64_t older,
                                                           const KnownVersion& known) const {
  std::optional<KnownVersion> last;
  history_->Any(older, [&](const KnownVersion& version) {
    if (PlacedBefore(version, known) && (!last || PlacedBefore(*last, version))) last = version;
    return false;
  });
  return last ? std::optional(last->place.sequence) : std::nullopt;
}

void CurrentIndex::Replace(RecordNumber number, internal::RecordBytes record) {
  undo_.push_back({number, std::exchange(records_[number], std::move(record))});
}

void CurrentIndex::Rollback() {
  probed_.holds = false;
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    if (undo->before) {
      records_[undo->record] = std::move(undo->before);
      continue;
    }
    // New records stand at the end, the last one last.
    const std::string_view row = PackedRecord(records_.back().get()).row();
    keys_.Remove(HashOf(row.substr(0, KeyBytesOf(row))), undo->record);
    records_.pop_back();
  }
  undo_.clear();
}

void CurrentIndex::Save(RecordNumber number, internal::ByteWriter& writer) const {
  writer.Text(PackedRecord(records_[number].get()).bytes());
}

CurrentIndex::Loaded CurrentIndex::Read(internal::ByteReader& reader) const {
  Loaded loaded;
  loaded.record = PackedRecord::Load(reader.TextView(), kVersionsInRecord);
  if (!loaded.record) reader.Fail();
  if (reader.failed()) return loaded;
  const std::string_view row = PackedRecord(loaded.record.get()).row();
  loaded.key_hash = HashOf(row.substr(0, KeyBytesOf(row)));
  return loaded;
}

void CurrentIndex::Load(Loaded loaded) {
  probed_.holds = false;
  const auto number = static_cast<RecordNumber>(records_.size());
  keys_.Add(loaded.key_hash, number);
  records_.push_back(std::move(loaded.record));
}

std::vector<KnownVersion> CurrentIndex::VersionsOf(RecordNumber number) const {
  const PackedRecord record(records_[number].get());
  std::vector<KnownVersion> versions = history_->All(record.older());
  std::sort(versions.begin(), versions.end(), PlacedBefore);
  const std::vector<KnownVersion> last = record.Versions();
  versions.insert(versions.end(), last.begin(), last.end());
  return versions;
}

bool CurrentIndex::Holds(const model::Version& version) const {
  const auto number = Ask(version.values).record;
  if (!number) return false;
  const PackedRecord record(records_[*number].get());
  const auto is_it = [&](const KnownVersion& known) {
    return known.place.sequence == version.sequence;
  };
  if (record.AnyVersion(is_it)) return true;
  // Whatever left the record comes before what it has.
  return PlacedBefore({PlaceOf(version), 0}, record.Oldest()) &&
         history_->Any(record.older(), is_it);
}

}  // namespace fansipan::indicators
