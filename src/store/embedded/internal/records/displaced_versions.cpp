#include "store/embedded/internal/records/displaced_versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "store/embedded/internal/duckdb_sql_rendering.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kDoing = "reading which versions were displaced";

/// Of so many sequences an answer is read at once: it is kept whole until it is read.
constexpr std::uint64_t kSequencesAtOnce = std::uint64_t{4} << 20U;

base::Result<std::uint64_t> ReadNumber(DuckDbConnection& connection, const std::string& sql) {
  std::uint64_t number = 0;
  FANSIPAN_RETURN_IF_ERROR(ReadRows(connection, sql, {}, kDoing, [&](const DuckDbRows& rows) {
    if (!rows.IsNull(0)) number = rows.Unsigned(0);
  }));
  return number;
}

/// Of the versions that the transaction sees.
base::Result<model::Sequence> ReadLastSequence(DuckDbConnection& connection,
                                               const FactCatalogue& catalogue) {
  model::Sequence last;
  for (const PhysicalDataset& dataset : catalogue.datasets()) {
    FANSIPAN_ASSIGN_OR_RETURN(
        const std::uint64_t number,
        ReadNumber(connection, fmt::format("SELECT max(sequence) FROM {}", dataset.SqlTable())));
    last.value = std::max(last.value, number);
  }
  return last;
}

/// Calls `visit` with what each version of the dataset from behind `after` up to `through` has
/// displaced.
base::Status VisitDisplacedOf(DuckDbConnection& connection, const PhysicalDataset& dataset,
                              std::uint64_t after, std::uint64_t through,
                              const std::function<void(std::uint64_t)>& visit) {
  SqlParameters parameters;
  const std::string first = parameters.AddUnsigned(after);
  const std::string last = parameters.AddUnsigned(through);
  return ReadRows(connection,
                  fmt::format("SELECT displaced FROM {} WHERE sequence > {} AND sequence <= {} AND "
                              "displaced > 0",
                              dataset.SqlTable(), first, last),
                  parameters, kDoing, [&](const DuckDbRows& rows) { visit(rows.Unsigned(0)); });
}

/// The same for all datasets.
base::Status VisitDisplaced(DuckDbConnection& connection, const FactCatalogue& catalogue,
                            model::Sequence after, model::Sequence through,
                            const std::function<void(std::uint64_t)>& visit) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Sequence last, ReadLastSequence(connection, catalogue));
  const std::uint64_t end = std::min(through, last).value;
  for (const PhysicalDataset& dataset : catalogue.datasets()) {
    for (std::uint64_t at = after.value; at < end; at += std::min(kSequencesAtOnce, end - at)) {
      const std::uint64_t until = at + std::min(kSequencesAtOnce, end - at);
      FANSIPAN_RETURN_IF_ERROR(VisitDisplacedOf(connection, dataset, at, until, visit));
    }
  }
  return {};
}

}  // namespace

void SequenceSet::Add(std::uint64_t sequence) {
  const auto word = static_cast<std::size_t>(sequence / kBits);
  if (word >= words_.size()) words_.resize(std::max(word + 1, words_.size() + words_.size() / 8));
  words_[word] |= std::uint64_t{1} << (sequence % kBits);
}

void SequenceSet::Remove(std::uint64_t sequence) {
  const auto word = static_cast<std::size_t>(sequence / kBits);
  if (word < words_.size()) words_[word] &= ~(std::uint64_t{1} << (sequence % kBits));
}

void DisplacedVersions::Add(const std::vector<JournalEntry>& entries) {
  const std::lock_guard lock(mutex_);
  if (!set_ || entries.empty()) return;
  if (entries.front().number != entry_ + 1) {
    // Committed while the set was being loaded; it has them or not.
    set_.reset();
    return;
  }
  if (set_.use_count() > 1) set_ = std::make_shared<SequenceSet>(*set_);
  for (const JournalEntry& entry : entries) {
    for (const CommittedDelivery& committed : entry.deliveries) {
      for (const model::Version& version : committed.versions) {
        if (!version.outranked && version.predecessor) set_->Add(version.predecessor->value);
      }
    }
    entry_ = entry.number;
    through_ = std::max(through_, entry.LastSequence());
  }
}

void DisplacedVersions::Reset() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  set_.reset();
  past_.reset();
}

DisplacedVersions::Taken DisplacedVersions::Take() const {
  const std::lock_guard lock(mutex_);
  return {set_, through_, generation_};
}

base::Result<DisplacedVersions::Taken> DisplacedVersions::Load(std::uint64_t generation,
                                                               DuckDbConnection& connection,
                                                               const FactCatalogue& catalogue) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Sequence through, ReadLastSequence(connection, catalogue));
  FANSIPAN_ASSIGN_OR_RETURN(
      const std::uint64_t entry,
      ReadNumber(connection, "SELECT number FROM meta WHERE name = 'applied'"));
  auto set = std::make_shared<SequenceSet>();
  FANSIPAN_RETURN_IF_ERROR(VisitDisplaced(connection, catalogue, model::Sequence{0}, through,
                                          [&](std::uint64_t sequence) { set->Add(sequence); }));
  const std::lock_guard lock(mutex_);
  if (generation_ == generation) {
    set_ = set;
    entry_ = entry;
    through_ = through;
  }
  return Taken{std::move(set), through, generation};
}

base::Status DisplacedVersions::Prepare(DuckDbConnection& connection,
                                        const FactCatalogue& catalogue) {
  const Taken taken = Take();
  if (taken.set) return {};
  const auto loaded = Load(taken.generation, connection, catalogue);
  return loaded.ok() ? base::Status() : base::Status(loaded.error());
}

base::Result<std::shared_ptr<const SequenceSet>> DisplacedVersions::AsOf(
    model::Sequence as_of, const Taken& taken, DuckDbConnection& connection,
    const FactCatalogue& catalogue) {
  {
    const std::lock_guard lock(mutex_);
    if (past_ && past_as_of_ == as_of && taken.generation == generation_) return past_;
  }
  Taken known = taken;
  if (!known.set) {
    FANSIPAN_ASSIGN_OR_RETURN(known, Load(taken.generation, connection, catalogue));
  }
  if (known.through == as_of) return known.set;
  auto set = std::make_shared<SequenceSet>(*known.set);
  if (known.through < as_of) {
    FANSIPAN_RETURN_IF_ERROR(VisitDisplaced(connection, catalogue, known.through, as_of,
                                            [&](std::uint64_t sequence) { set->Add(sequence); }));
    return std::shared_ptr<const SequenceSet>(std::move(set));
  }
  FANSIPAN_RETURN_IF_ERROR(VisitDisplaced(connection, catalogue, as_of, known.through,
                                          [&](std::uint64_t sequence) { set->Remove(sequence); }));
  const std::lock_guard lock(mutex_);
  if (generation_ == taken.generation) {
    past_ = set;
    past_as_of_ = as_of;
  }
  return std::shared_ptr<const SequenceSet>(std::move(set));
}

}  // namespace fansipan::store::internal
