#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.h"
#include "model/dataset.h"
#include "model/record.h"

namespace fansipan::indicators {

/// Which version of each record of one dataset is the current one, and which versions are known.
/// Problem: what a new version displaces must be known without asking a store. Owner: the engine's
/// writing thread; nobody else touches it. New versions are staged while a group commit is being
/// made and then kept or taken back as a whole.
class CurrentIndex {
 public:
  /// One key's place in the index. Stays at its address as long as the key has a version.
  struct Record {
    /// A version's place in precedence, without its values.
    struct Place {
      model::Value order;
      model::Sequence delivery;
      model::MappingRevision revision;
      std::uint32_t row = 0;
      model::Sequence sequence;
    };
    std::vector<Place> history;  ///< in order of precedence; the last is the current one
    model::Row values;           ///< of the current version
    bool withdrawn = false;      ///< the current version withdraws the record
  };

  /// What one staged version did. `displaced` holds the version that was current before it.
  struct Change {
    const Record* record = nullptr;
    bool became_current = false;
    std::optional<Record::Place> displaced;
    model::Row displaced_values;
    bool displaced_withdrawn = false;
  };

  explicit CurrentIndex(const model::Dataset& dataset);

  /// True when a version with exactly these values has been staged before.
  bool Knows(const model::Row& values) const;
  /// The record that has the key of these values.
  const Record* Find(const model::Row& values) const;
  /// The version of the key that `version` would follow in precedence.
  std::optional<model::Sequence> PredecessorOf(const model::Version& version) const;

  Change Stage(const model::Version& version);
  /// Takes back everything staged since the last Keep.
  void Rollback();
  void Keep() { undo_.clear(); }

  std::size_t size() const { return records_.size(); }
  /// Calls `visit` for every record.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const auto& [key, record] : records_) visit(record);
  }

 private:
  struct FingerprintHash {
    std::size_t operator()(const base::Fingerprint& print) const { return print.low; }
  };
  struct Undo {
    std::string key;
    base::Fingerprint content;
    std::size_t position = 0;
    bool was_unknown = false;
    bool became_current = false;
    model::Row values;
    bool withdrawn = false;
  };

  std::string KeyOf(const model::Row& values) const;
  Record::Place PlaceOf(const model::Version& version) const;

  std::vector<std::size_t> key_columns_;
  std::optional<std::size_t> order_;
  std::unordered_map<std::string, Record> records_;
  std::unordered_set<base::Fingerprint, FingerprintHash> known_;
  std::vector<Undo> undo_;
};

}  // namespace fansipan::indicators
