#include "indicators/current_index.h"

#include <algorithm>
#include <utility>

namespace fansipan::indicators {
namespace {

bool Before(const CurrentIndex::Record::Place& left, const CurrentIndex::Record::Place& right) {
  const auto order = model::Compare(left.order, right.order);
  if (order != 0) return order < 0;
  if (left.delivery != right.delivery) return left.delivery < right.delivery;
  if (left.revision != right.revision) return left.revision < right.revision;
  if (left.row != right.row) return left.row < right.row;
  return left.sequence < right.sequence;
}

}  // namespace

CurrentIndex::CurrentIndex(const model::Dataset& dataset)
    : key_columns_(dataset.key), order_(dataset.order) {}

std::string CurrentIndex::KeyOf(const model::Row& values) const {
  std::string key;
  for (const std::size_t column : key_columns_) model::AppendCanonical(values[column], key);
  return key;
}

CurrentIndex::Record::Place CurrentIndex::PlaceOf(const model::Version& version) const {
  return {order_ ? version.values[*order_] : model::Value(), version.delivery,
          version.mapping_revision, version.row, version.sequence};
}

bool CurrentIndex::Knows(const model::Row& values) const {
  return known_.contains(base::FingerprintOf(model::CanonicalBytes(values)));
}

const CurrentIndex::Record* CurrentIndex::Find(const model::Row& values) const {
  const auto found = records_.find(KeyOf(values));
  return found == records_.end() ? nullptr : &found->second;
}

std::optional<model::Sequence> CurrentIndex::PredecessorOf(const model::Version& version) const {
  const Record* record = Find(version.values);
  if (record == nullptr) return std::nullopt;
  const auto next =
      std::upper_bound(record->history.begin(), record->history.end(), PlaceOf(version), Before);
  if (next == record->history.begin()) return std::nullopt;
  return std::prev(next)->sequence;
}

CurrentIndex::Change CurrentIndex::Stage(const model::Version& version) {
  std::string key = KeyOf(version.values);
  Record& record = records_[key];
  const Record::Place place = PlaceOf(version);
  const auto next = std::upper_bound(record.history.begin(), record.history.end(), place, Before);

  Change change;
  change.record = &record;
  change.became_current = next == record.history.end();
  Undo undo{std::move(key),
            base::FingerprintOf(model::CanonicalBytes(version.values)),
            static_cast<std::size_t>(next - record.history.begin()),
            false,
            change.became_current,
            {},
            false};
  if (change.became_current) {
    if (!record.history.empty()) change.displaced = record.history.back();
    change.displaced_values = record.values;
    change.displaced_withdrawn = record.withdrawn;
    undo.values = std::exchange(record.values, version.values);
    undo.withdrawn = std::exchange(record.withdrawn, version.withdrawn);
  }
  record.history.insert(next, place);
  undo.was_unknown = known_.insert(undo.content).second;
  undo_.push_back(std::move(undo));
  return change;
}

void CurrentIndex::Rollback() {
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    const auto found = records_.find(undo->key);
    Record& record = found->second;
    record.history.erase(record.history.begin() + static_cast<std::ptrdiff_t>(undo->position));
    if (undo->became_current) {
      record.values = std::move(undo->values);
      record.withdrawn = undo->withdrawn;
    }
    if (undo->was_unknown) known_.erase(undo->content);
    if (record.history.empty()) records_.erase(found);
  }
  undo_.clear();
}

}  // namespace fansipan::indicators
