#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "model/record.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// A set of sequences, one bit for each.
class SequenceSet {
 public:
  bool Contains(std::uint64_t sequence) const {
    const std::size_t word = static_cast<std::size_t>(sequence / kBits);
    return word < words_.size() && (words_[word] >> (sequence % kBits) & 1U) != 0;
  }
  void Add(std::uint64_t sequence);
  void Remove(std::uint64_t sequence);

 private:
  static constexpr std::uint64_t kBits = 64;
  std::vector<std::uint64_t> words_;
};

/// Which versions another one has displaced. Problem: of the versions that a question about records
/// finds, nine in ten may be displaced, and finding out for each in the store costs more than all
/// the rest; in memory it is a bit for each version. Read from the store when it is first asked
/// for, then kept up with what is committed. Safe from any thread.
class DisplacedVersions {
 public:
  /// The entries were committed. Call it for all, in order.
  void Add(const std::vector<JournalEntry>& entries);
  /// What was displaced has changed otherwise.
  void Reset();

  /// Takes the set before a transaction sees the store: what is in it, the transaction will see.
  struct Taken {
    std::shared_ptr<const SequenceSet> set;  ///< null: nothing is known yet
    model::Sequence through;                 ///< displaced by versions up to here
    std::uint64_t generation = 0;            ///< counts what Reset has made invalid
  };
  Taken Take() const;
  /// Reads them unless they are known, from what the connection's open transaction sees.
  base::Status Prepare(DuckDbConnection& connection, const FactCatalogue& catalogue);
  /// Those displaced by versions up to `as_of`, from what Take gave and what the connection's open
  /// transaction sees.
  base::Result<std::shared_ptr<const SequenceSet>> AsOf(model::Sequence as_of, const Taken& taken,
                                                        DuckDbConnection& connection,
                                                        const FactCatalogue& catalogue);

 private:
  base::Result<Taken> Load(std::uint64_t generation, DuckDbConnection& connection,
                           const FactCatalogue& catalogue);

  mutable std::mutex mutex_;
  std::shared_ptr<SequenceSet> set_;  ///< null: not loaded
  std::uint64_t entry_ = 0;           ///< the last one in it
  std::uint64_t generation_ = 0;
  model::Sequence through_;
  /// The last past moment that was asked for: the pages behind a first one are of the same.
  std::shared_ptr<const SequenceSet> past_;
  model::Sequence past_as_of_;
};

/// The set that the function was_displaced asks while a page is read.
class DisplacedInUse {
 public:
  void Use(const SequenceSet* set) { set_.store(set); }
  const SequenceSet* set() const { return set_.load(); }

 private:
  std::atomic<const SequenceSet*> set_ = nullptr;
};

}  // namespace fansipan::store::internal
