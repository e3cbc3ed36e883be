#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/dataset.h"
#include "model/quarantine_decision.h"
#include "model/record.h"

namespace fansipan::store {

/// Columns in whose order the versions of one dataset stand in an entry. A later center may have
/// others; readers go by name.
struct DatasetColumns {
  std::string dataset;
  std::vector<std::string> names;
  std::vector<model::ColumnType> types;
  bool operator==(const DatasetColumns&) const = default;
};

/// A delivery with everything it put into the center.
struct CommittedDelivery {
  model::Delivery delivery;
  std::vector<model::Version> versions;  ///< sequences ascending, all above the delivery's
  std::vector<model::QuarantinedRow> quarantined;
  bool operator==(const CommittedDelivery&) const = default;
};

/// From here on the center declared by these archived files is the running one.
struct CenterChange {
  std::string revision;
  std::string archive_id;  ///< archived text of all files, see docs/formats/archive.md
  model::Sequence sequence;
  bool operator==(const CenterChange&) const = default;
};

/// A source proved that it lives without sending anything new.
struct LifeSign {
  std::string source;
  base::Timestamp at;
  model::Sequence sequence;
  bool operator==(const LifeSign&) const = default;
};

/// Where a connector goes on with a source once the entry is durable. The text is the connector's.
struct SourcePosition {
  std::string source;
  std::string position;  ///< never empty
  bool operator==(const SourcePosition&) const = default;
};

/// What may be said of a source besides how long ago it spoke.
enum class SourceCondition : std::uint8_t {
  kPaused,  ///< an official has it stand still
  kFailing  ///< its connector cannot ask it, or what it says cannot be taken
};
inline constexpr std::uint8_t kSourceConditions = 2;
std::string_view NameOf(SourceCondition condition);  ///< paused, failing

/// A condition of a source began or ended.
struct SourceNote {
  std::string source;
  SourceCondition condition = SourceCondition::kPaused;
  bool begins = false;
  base::Timestamp at;
  std::string reason;   ///< a word for machines; paused: what the official gave as reason
  std::string message;  ///< for who must act
  std::string by;       ///< who, in the words of the audit; empty: the program
  model::Sequence sequence;
  bool operator==(const SourceNote&) const = default;
};

/// One group commit: all of it is durable or none.
struct JournalEntry {
  std::uint64_t number = 0;     ///< 1, 2, 3 … without a gap
  base::Timestamp recorded_at;  ///< not before that of the entry before
  std::vector<DatasetColumns> datasets;
  std::vector<CommittedDelivery> deliveries;
  std::vector<CenterChange> centers;
  std::vector<LifeSign> life_signs;
  std::vector<SourcePosition> positions;  ///< each source at most once
  std::vector<SourceNote> notes;
  std::vector<model::QuarantineDecision> decisions;
  /// The highest sequence in the entry; 0 when it has none.
  model::Sequence LastSequence() const;
  /// The lowest sequence in the entry; nothing when it has none.
  std::optional<model::Sequence> FirstSequence() const;
  bool operator==(const JournalEntry&) const = default;
};

/// An entry without its rows: all that most of a start asks of it.
struct JournalHead {
  std::uint64_t number = 0;
  base::Timestamp recorded_at;
  model::Sequence last_sequence;  ///< the highest in the whole entry; 0 when it has none
  std::vector<model::Delivery> deliveries;
  std::vector<CenterChange> centers;
  std::vector<LifeSign> life_signs;
  std::vector<SourcePosition> positions;  ///< each source at most once
  std::vector<SourceNote> notes;
  std::vector<model::QuarantineDecision> decisions;
  bool operator==(const JournalHead&) const = default;
};

JournalHead HeadOf(const JournalEntry& entry);

/// What opening a journal found and did.
struct JournalRecovery {
  std::uint64_t entries = 0;
  std::uint64_t segments = 0;       ///< files that hold the entries
  std::uint64_t read_segments = 0;  ///< those of them that were read and verified whole
  std::uint64_t cut_bytes = 0;      ///< a torn tail that was cut; it was never acknowledged
  std::string cut_file;
  std::string cut_reason;
};

/// Where a journal ends.
struct JournalEnd {
  std::uint64_t number = 0;
  model::Sequence sequence;
  base::Timestamp recorded_at;
  bool operator==(const JournalEnd&) const = default;
};

/// How far a scrub came.
struct JournalScrub {
  std::uint64_t segments = 0;
  std::uint64_t bytes = 0;
  bool stopped = false;  ///< before it was through
};

/// kConflict with reason number, recorded_at or sequence when `entry` may not stand behind `end`.
base::Status CheckFollows(const JournalEntry& entry, const JournalEnd& end);

/// The acknowledged entries of a center, in order. When Append returns success, the entry survives
/// a kill and a power cut. After a failed sync nothing is appended any more until the journal is
/// opened again. One thread appends; any thread may read.
class Journal {
 public:
  virtual ~Journal() = default;

  /// `entry.number` must follow the last one. kStorageFull: nothing was appended, later calls may
  /// succeed. kIo with reason sync_failed: final. kConflict: number, sequence or recorded_at go
  /// back. kInvalidArgument: a version's dataset is not among `entry.datasets`, its values are not
  /// of the columns' types, or its sequence does not ascend. kTooLarge: split the entry.
  virtual base::Status Append(const JournalEntry& entry) = 0;
  /// Calls `visit` for each entry from number `first` in order, up to the end at the time of the
  /// call, until it returns an error, which is handed back. kCorrupt names file and offset.
  virtual base::Status Read(std::uint64_t first,
                            const std::function<base::Status(JournalEntry)>& visit) = 0;
  /// The same for the entries' heads, which an engine may keep apart. By default they are taken
  /// from the entries.
  virtual base::Status ReadHeads(std::uint64_t first,
                                 const std::function<base::Status(const JournalHead&)>& visit);
  /// Reads and verifies what opening took on trust; minutes of work, meant for a thread of its own
  /// behind the start. kCorrupt names file and offset. By default there is nothing to verify.
  virtual base::Result<JournalScrub> Scrub(const std::stop_token& stop);
  virtual JournalEnd End() const = 0;
  virtual const JournalRecovery& recovery() const = 0;
};

}  // namespace fansipan::store
