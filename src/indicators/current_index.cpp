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

/// A record keeps its newest versions with it; the oldest half leaves when there are more.
constexpr std::size_t kVersionsInRecord = 32;

std::uint32_t HashOf(std::string_view key) {
  const std::size_t hash = std::hash<std::string_view>()(key);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

bool PlacedBefore(const KnownVersion& left, const KnownVersion& right) {
  return Before(left.place, right.place);
}

bool HasContent(const std::vector<KnownVersion>& versions, std::uint64_t content) {
  return std::any_of(versions.begin(), versions.end(),
                     [&](const KnownVersion& version) { return version.content == content; });
}

bool HasSequence(const std::vector<KnownVersion>& versions, model::Sequence sequence) {
  return std::any_of(versions.begin(), versions.end(), [&](const KnownVersion& version) {
    return version.place.sequence == sequence;
  });
}

}  // namespace

CurrentIndex::CurrentIndex(const model::Dataset& dataset)
    : columns_(dataset.key), key_columns_(dataset.key.size()), order_(dataset.order) {
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
  if (probed_.holds && probed_.row == probe_.row) return probed_;
  if (probed_.row != probe_.row) probed_.content.reset();
  probed_.row = probe_.row;
  probed_.record = Find(probe_.key());
  probed_.holds = true;
  return probed_;
}

std::uint64_t CurrentIndex::ContentOf(const Probed& probed) const {
  if (!probed_.content) probed_.content = base::FingerprintOf(probed.row).low;
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
  if (!withdrawn && record.withdrawn() && record.row() == probed.row) return false;
  const std::uint64_t content = ContentOf(probed);
  if (record.AnyVersion([&](const KnownVersion& known) { return known.content == content; })) {
    return true;
  }
  const auto older = older_.find(*probed.record);
  return older != older_.end() && HasContent(older->second, content);
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

CurrentIndex::Change CurrentIndex::Stage(const model::Version& version) {
  const Probed& probed = Ask(version.values);
  KnownVersion known{PlaceOf(version), ContentOf(probed)};
  const auto number = probed.record;
  probed_.holds = false;
  if (!number) return StageNew(version, std::move(known));
  const PackedRecord record(records_[*number].get());
  const KnownVersion newest = record.Newest();
  if (PlacedBefore(known, newest) || record.version_count() >= kVersionsInRecord) {
    return StageKnown(*number, version, std::move(known));
  }
  return StageNewest(*number, version, known, newest);
}

CurrentIndex::Change CurrentIndex::StageNew(const model::Version& version, KnownVersion known) {
  const auto number = static_cast<RecordNumber>(records_.size());
  records_.push_back(PackedRecord::Make(version.withdrawn, probe_.row, {std::move(known)}));
  keys_.Add(HashOf(probe_.key()), number);
  undo_.push_back({number, nullptr, 0, std::nullopt});
  Change change;
  change.record = number;
  change.became_current = true;
  return change;
}

/// The common way: what comes is newer than all that is known, and there is room for it.
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
  auto packed = PackedRecord::Append(record, version.withdrawn, probe_.row, known);
  undo_.push_back({number, std::exchange(records_[number], std::move(packed)), 0, std::nullopt});
  return change;
}

CurrentIndex::Change CurrentIndex::StageKnown(RecordNumber number, const model::Version& version,
                                              KnownVersion known) {
  const PackedRecord record(records_[number].get());
  Versions versions = record.Versions();
  const auto next = std::upper_bound(versions.begin(), versions.end(), known, PlacedBefore);
  const auto older = older_.find(number);
  const bool has_older = older != older_.end() && !older->second.empty();
  if (next == versions.begin() && has_older) return StageOlder(number, std::move(known));

  Change change;
  change.record = number;
  change.became_current = next == versions.end();
  if (next != versions.begin()) change.predecessor = std::prev(next)->place.sequence;
  if (change.became_current) {
    change.displaced = Current{versions.back().place, record.withdrawn()};
    change.displaced_values = Unpack(record.row());
  }
  versions.insert(next, std::move(known));
  Undo undo{number, nullptr, 0, std::nullopt};
  if (versions.size() > kVersionsInRecord) Spill(number, versions, undo);
  auto packed = change.became_current
                    ? PackedRecord::Make(version.withdrawn, probe_.row, versions)
                    : PackedRecord::Make(record.withdrawn(), record.row(), versions);
  undo.before = std::exchange(records_[number], std::move(packed));
  undo_.push_back(std::move(undo));
  return change;
}

/// A version that comes before all that the record keeps with it.
CurrentIndex::Change CurrentIndex::StageOlder(RecordNumber number, KnownVersion known) {
  Versions& older = older_[number];
  const auto next = std::upper_bound(older.begin(), older.end(), known, PlacedBefore);
  Change change;
  change.record = number;
  if (next != older.begin()) change.predecessor = std::prev(next)->place.sequence;
  undo_.push_back({number, nullptr, 0, static_cast<std::size_t>(next - older.begin())});
  older.insert(next, std::move(known));
  return change;
}

void CurrentIndex::Spill(RecordNumber number, Versions& versions, Undo& undo) {
  undo.spilled = versions.size() / 2;
  const auto end = versions.begin() + static_cast<std::ptrdiff_t>(undo.spilled);
  Versions& older = older_[number];
  std::move(versions.begin(), end, std::back_inserter(older));
  versions.erase(versions.begin(), end);
}

void CurrentIndex::Rollback() {
  probed_.holds = false;
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    if (undo->placed_in_older) {
      Versions& older = older_[undo->record];
      older.erase(older.begin() + static_cast<std::ptrdiff_t>(*undo->placed_in_older));
      continue;
    }
    if (undo->spilled > 0) {
      Versions& older = older_[undo->record];
      older.resize(older.size() - undo->spilled);
      if (older.empty()) older_.erase(undo->record);
    }
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
  const auto older = older_.find(number);
  writer.Varint(older == older_.end() ? 0 : older->second.size());
  if (older != older_.end()) {
    for (const KnownVersion& version : older->second) internal::Write(version, writer);
  }
  writer.Text(PackedRecord(records_[number].get()).bytes());
}

CurrentIndex::Loaded CurrentIndex::Read(internal::ByteReader& reader) const {
  constexpr std::size_t kLeastVersionBytes = 13;
  Loaded loaded;
  loaded.older.resize(reader.Count(kLeastVersionBytes));
  for (KnownVersion& version : loaded.older) version = internal::ReadVersion(reader);
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
  if (!loaded.older.empty()) older_[number] = std::move(loaded.older);
}

bool CurrentIndex::Holds(const model::Version& version) const {
  const auto number = Ask(version.values).record;
  if (!number) return false;
  const PackedRecord record(records_[*number].get());
  const bool within = record.AnyVersion(
      [&](const KnownVersion& known) { return known.place.sequence == version.sequence; });
  if (within) return true;
  const auto older = older_.find(*number);
  return older != older_.end() && HasSequence(older->second, version.sequence);
}

}  // namespace fansipan::indicators
