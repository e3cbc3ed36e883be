#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indicators/internal/bytes.h"
#include "indicators/internal/key_table.h"
#include "indicators/internal/packed_record.h"
#include "indicators/internal/version_history.h"
#include "model/dataset.h"
#include "model/record.h"

namespace fansipan::indicators {

/// Which version of each record of one dataset is the current one, and which versions are known.
/// Problem: what a new version displaces must be known without asking a store, for ten million keys
/// in little memory, however often they are corrected; so a record is one packed piece: its current
/// values, and of its last versions the place in precedence and a fingerprint of the content. Older
/// ones stand in a version history. Owner: the engine's writing thread; nobody else touches it. New
/// versions are staged while a group commit is being made and then kept or taken back as a whole.
class CurrentIndex {
 public:
  /// Names a record for as long as it has a version.
  using RecordNumber = std::uint32_t;
  using Place = internal::VersionPlace;

  /// The version that counts, without its values.
  struct Current {
    Place place;
    bool withdrawn = false;  ///< it withdraws the record
  };

  /// What one staged version did.
  struct Change {
    RecordNumber record = 0;
    bool became_current = false;
    std::optional<model::Sequence> predecessor;  ///< the version it follows in precedence
    std::optional<Current> displaced;            ///< what was current before it
    model::Row displaced_values;
  };

  /// The history outlives the index, and may be that of other indexes, too.
  CurrentIndex(const model::Dataset& dataset, VersionHistory& history);

  /// True when a version with exactly these told values has been staged before, whatever clocks
  /// said of it. Not when a replay has taken those back since and `withdrawn` is false: then they
  /// are news.
  bool Knows(const model::Row& values, bool withdrawn = false) const;
  /// The current version of the record that has the key of these values.
  std::optional<Current> FindCurrent(const model::Row& values) const;
  /// The values of the record if `version` is its current one and does not withdraw it.
  std::optional<model::Row> FindValues(RecordNumber record, model::Sequence version) const;

  /// The same question without the values.
  bool IsCurrent(RecordNumber record, model::Sequence version) const;

  /// `paused`: a bit for each of the dataset's clocks that stands still in the version.
  Change Stage(const model::Version& version, std::uint8_t paused = 0);

  /// What the clocks of a record go by: the versions known of it, in precedence.
  struct Moment {
    model::Value order;
    std::uint8_t paused = 0;
  };
  /// Those of the version's record that stand before it. Sequence and place must be set.
  std::vector<Moment> HistoryBefore(const model::Version& version) const;
  /// All of a record.
  std::vector<Moment> HistoryOf(RecordNumber record) const;
  std::optional<RecordNumber> FindRecord(const model::Row& values) const;
  /// The current version, without its dataset's name, raw rows and how it stands to others; nothing
  /// when it withdraws the record.
  std::optional<model::Version> FindVersion(RecordNumber record) const;

  /// Takes back everything staged since the last Keep.
  void Rollback();
  void Keep() { undo_.clear(); }

  std::size_t size() const { return records_.size(); }

  /// Appends all that is known of a record, for Load. Nothing may be staged.
  void Save(RecordNumber number, internal::ByteWriter& writer) const;
  /// A record that Save has told of.
  struct Loaded {
    internal::RecordBytes record;
    std::uint32_t key_hash = 0;
  };
  /// The next record from bytes that may be anything; fails the reader for what is none. Any
  /// thread.
  Loaded Read(internal::ByteReader& reader) const;
  /// Takes what Read gave as the next record.
  void Load(Loaded loaded);
  /// All versions of a record in precedence, the current one last.
  std::vector<internal::KnownVersion> VersionsOf(RecordNumber number) const;
  /// True when this very version has been staged before, be its values known or not.
  bool Holds(const model::Version& version) const;

  /// Calls `visit(RecordNumber, Sequence of the current version, const Row&)` for every record from
  /// `first` to before `end` that is not withdrawn. The row is good for the call; it has the values
  /// of `columns` alone.
  template <typename Visit>
  void ForEach(RecordNumber first, RecordNumber end, const std::vector<std::size_t>& columns,
               Visit visit) const {
    model::Row values(columns_.size());
    for (RecordNumber number = first; number < end; ++number) {
      const internal::PackedRecord record(records_[number].get());
      if (record.withdrawn()) continue;
      UnpackSome(record.row(), columns, values);
      visit(number, record.Newest().place.sequence, std::as_const(values));
    }
  }

 private:
  /// Takes back one Stage.
  struct Undo {
    RecordNumber record = 0;
    internal::RecordBytes before;  ///< null: the record is new
  };

  /// The values, key first, as they are packed.
  struct Probe {
    std::string row;
    std::size_t key_bytes = 0;
    std::size_t told_bytes = 0;
    std::string_view key() const { return std::string_view(row).substr(0, key_bytes); }
    /// What a source tells; behind it stands what clocks say.
    std::string_view told() const { return std::string_view(row).substr(0, told_bytes); }
  };
  /// What was found out about the row that was asked about last; the next question is mostly about
  /// the same.
  struct Probed {
    std::string told;
    std::optional<RecordNumber> record;
    std::optional<std::uint64_t> content;
    bool holds = false;  ///< nothing was staged or taken back since
  };
  std::uint64_t ContentOf(const Probed& probed) const;
  void Pack(const model::Row& values, Probe& probe) const;
  model::Row Unpack(std::string_view row) const;
  void UnpackSome(std::string_view row, const std::vector<std::size_t>& columns,
                  model::Row& values) const;
  std::optional<RecordNumber> Find(std::string_view key) const;
  /// Packs the values and finds their record.
  const Probed& Ask(const model::Row& values) const;
  Place PlaceOf(const model::Version& version) const;
  Change StageNew(const model::Version& version, const internal::KnownVersion& known);
  Change StageNewest(RecordNumber number, const model::Version& version,
                     const internal::KnownVersion& known, const internal::KnownVersion& before);
  Change StageLate(RecordNumber number, internal::KnownVersion known);
  std::optional<model::Sequence> PredecessorOf(std::uint64_t older,
                                               const internal::KnownVersion& known) const;
  bool HasOlder(const internal::PackedRecord& record, const model::Row& values,
                std::uint64_t content) const;
  void Replace(RecordNumber number, internal::RecordBytes record);
  std::size_t KeyBytesOf(std::string_view row) const;

  std::vector<std::size_t> columns_;  ///< in packed order: key, then the rest
  std::size_t key_columns_ = 0;
  std::size_t told_columns_ = 0;
  std::optional<std::size_t> order_;
  std::vector<internal::RecordBytes> records_;  ///< by number
  internal::KeyTable keys_;
  VersionHistory* history_;
  std::vector<Undo> undo_;

  mutable Probe probe_;  ///< of the last question, kept for its room
  mutable Probed probed_;
};

}  // namespace fansipan::indicators
