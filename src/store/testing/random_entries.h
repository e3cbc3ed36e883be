#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "store/journal.h"

namespace fansipan::store {

/// Entries that may follow each other in a journal, with every kind of content and extreme values.
/// The same seed gives the same entries.
class RandomEntries {
 public:
  explicit RandomEntries(std::uint64_t seed) : engine_(seed) {}

  /// At most `most_versions` versions in each of at most three deliveries.
  JournalEntry Next(std::size_t most_versions = 12);

 private:
  std::uint64_t Below(std::uint64_t limit);
  bool Toss() { return Below(2) == 0; }
  std::string Text();
  base::Timestamp Moment();
  model::Sequence NextSequence();
  model::Value Value(model::ColumnType type);
  DatasetColumns Dataset(std::size_t index);
  model::Delivery Delivery();
  model::ContractFacts Contract();
  model::DeliveryCounts Counts();
  model::Version Version(const DatasetColumns& columns, model::Sequence delivery);
  model::QuarantineDecision Decision();
  model::QuarantinedRow Quarantined();

  std::mt19937_64 engine_;
  std::uint64_t number_ = 0;
  std::uint64_t sequence_ = 0;
  base::Timestamp recorded_at_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
};

}  // namespace fansipan::store
