#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/fair_shared_mutex.h"
#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "indicators/cell_log.h"
#include "indicators/cell_log_file.h"
#include "indicators/cell_log_writer.h"
#include "indicators/cells.h"
#include "indicators/clocks/clock_plan.h"
#include "indicators/current_index.h"
#include "indicators/internal/delta_sums.h"
#include "indicators/internal/index_snapshot_writer.h"
#include "indicators/measure_plan.h"
#include "indicators/reported/reported_values.h"
#include "indicators/restated/territories.h"
#include "indicators/sealed_cells.h"
#include "indicators/source_log.h"
#include "model/cross_check.h"
#include "model/figure.h"
#include "store/journal.h"

namespace fansipan::indicators {

/// Where an engine keeps its cell log and its index snapshot, how often it seals the one and takes
/// the other.
struct CellLogPlace {
  base::FileSystem* files = nullptr;  ///< null: in memory only
  std::string folder;
  std::uint64_t seal_after = 1'000'000;      ///< deltas, see CellLogWriter
  std::uint64_t snapshot_after = 2'000'000;  ///< versions, see IndexSnapshotWriter
  std::size_t snapshot_piece = 1U << 20U;    ///< bytes taken at once
  /// Another center's revision → its log stays beside the own one. Empty: none stays.
  std::function<bool(const std::string& revision)> keeps{};
  bool removes_others = true;  ///< false: another engine runs in the same place
};

/// Comparisons that one answer has read: by check, tree, unit, regime, and the period's two ends.
using ReadComparisons = std::map<std::tuple<std::string, model::TreeKind, model::UnitId,
                                            const model::Regime*, base::LocalTime, base::LocalTime>,
                                 model::Comparison>;

/// A published state, held still while it is read. Everything in it belongs to one snapshot.
struct View {
  const center::Center* center = nullptr;
  const MeasurePlan* plan = nullptr;
  const Territories* territories = nullptr;
  const Cells* cells = nullptr;
  const SourceLog* sources = nullptr;
  const ReportedValues* reported = nullptr;  ///< to be asked by what is `known_reports()`
  /// On the way from one moment to a later one: the reports that count already, besides those up to
  /// the snapshot's sequence.
  KnownReports later_reports{};
  std::shared_ptr<ReadComparisons> comparisons = std::make_shared<ReadComparisons>();
  const CellLog* log = nullptr;  ///< its first `block_count` blocks belong to the snapshot
  std::size_t block_count = 0;
  model::Snapshot snapshot;
  bool as_of = false;  ///< a past moment was asked for
  /// Who reads much breaks off when it is over: what was read is then not given to anybody.
  base::Patience patience;

  KnownReports known_reports() const {
    return {snapshot.sequence, later_reports.some, later_reports.causes};
  }
};

/// How full a queue is that the engine writes through.
struct QueueFullness {
  std::string_view queue;
  std::size_t items = 0;
  std::size_t capacity = 0;
};

/// Turns versions into figures' cells: stages versions against the current index, adds the signed
/// differences to cells and log, and lets deadlines pass. One thread writes (Begin, Stage …, then
/// Publish or Rollback, for each group commit; Advance between them); any thread reads through
/// `Read`.
class Engine {
 public:
  static base::Result<std::unique_ptr<Engine>> Create(std::shared_ptr<const center::Center> center);
  /// An engine with everything in the journal. What the place's cell log holds is not computed
  /// again, and what its index snapshot holds is not read again; the result is the same without
  /// them. Both are followed from then on; those of other centers are removed, unless the place
  /// keeps them. kUnsupported: the log is a newer program's. Other troubles with them are logged.
  static base::Result<std::unique_ptr<Engine>> Restore(std::shared_ptr<const center::Center> center,
                                                       store::Journal& journal,
                                                       const CellLogPlace& place);
  /// Like Restore, but with a cell log it has read no more than that: it can be read at once, as of
  /// the log's end. Complete reads the rest, before anything else is done by the writing thread.
  static base::Result<std::unique_ptr<Engine>> Open(std::shared_ptr<const center::Center> center,
                                                    store::Journal& journal,
                                                    const CellLogPlace& place);
  /// Like Restore, without what the place holds.
  static base::Result<std::unique_ptr<Engine>> Rebuild(std::shared_ptr<const center::Center> center,
                                                       store::Journal& journal,
                                                       const CellLogPlace& place);

  const center::Center& center() const { return *center_; }
  std::shared_ptr<const center::Center> shared_center() const { return center_; }

  // Writing thread only.

  /// Does nothing a second time. kCorrupt with reason cell_log: the log contradicts the journal and
  /// the engine is of no use; Rebuild makes another.
  base::Status Complete(store::Journal& journal);
  /// Complete without the index of records, for an engine that is only read, of a log that is known
  /// to be whole: what entries behind its last block say of sources and sequences. Errors alike.
  base::Status CompleteFigures(store::Journal& journal);
  /// Rows in the journal that the figures do not have yet. 0 after Complete.
  std::uint64_t behind() const { return behind_; }
  /// Lets every deadline up to `moment` pass and publishes that. Earlier moments do nothing.
  void Advance(base::Timestamp moment);
  /// Starts a group commit recorded at `recorded_at`: deadlines up to it pass first.
  void Begin(base::Timestamp recorded_at);
  /// True when a version with exactly these values is known.
  bool Knows(const model::Version& version) const;
  /// The version that is current for the key of `version`, without its values.
  std::optional<CurrentIndex::Current> FindCurrent(const model::Version& version) const;
  /// Sets what the clocks of the version's dataset say of it, from the versions known now that
  /// stand before it. Sequence and place in precedence must be set.
  void Reckon(model::Version& version) const;
  /// The current version of the record that `version` is of, told again with what its clocks say
  /// now; nothing when that is the same. Sequence and raw rows are not set.
  std::optional<model::Version> ReckonAgain(const model::Version& version) const;
  /// Goes on through all records from where the last call ended, and looks at not more than
  /// `records` of them: the current versions of which clocks say something else now, as ReckonAgain
  /// gives them. Nothing when it was through before.
  std::optional<std::vector<model::Version>> ReckonNext(std::size_t records);
  /// ReckonNext begins with the first record again: what it found could not be recorded.
  void ReckonFromStart() { reckoning_dataset_ = reckoning_record_ = 0; }
  bool has_clocks() const { return !clocks_.empty(); }
  /// Takes a version into the index; its difference waits for Publish. Returns the version that it
  /// follows in precedence. `told_again`: the cause when nothing but clocks tells it from that.
  model::Standing Stage(const model::Version& version, Cause told_again = Cause::kCorrected);
  /// Takes back what was staged since the last Publish.
  void Rollback();
  /// Adds the differences of everything staged and makes the entry visible.
  void Publish(const store::JournalEntry& entry);
  /// Begin, Stage and Publish of an entry read back from the journal, whose columns may be those of
  /// another center.
  void Replay(store::JournalEntry entry);
  /// Of the cell log's writer (in deltas) and the index snapshot's (in pieces), where there are
  /// any.
  std::vector<QueueFullness> Queues() const;
  /// Writes out the cell log and leaves its file to another engine. What is published later is in
  /// no file.
  void CloseLog() {
    snapshots_.reset();
    writer_.reset();
    history_.Leave();
  }

  // Any thread.

  model::Snapshot snapshot() const;
  /// Since when the cells of a unit and everything below it are as they are. What this engine did
  /// not see change has no moment: sequence 0.
  std::pair<model::Sequence, base::Timestamp> LastChangeOf(model::TreeKind tree,
                                                           model::UnitId unit) const;
  /// When the version or delivery of this sequence was recorded; nothing for one to come.
  std::optional<base::Timestamp> RecordedAt(model::Sequence sequence) const;
  /// The last one that had been recorded at a moment.
  model::Sequence LastSequenceAt(base::Timestamp moment) const;
  std::uint64_t CountDeltas() const { return log_.deltas(); }
  /// Calls `read` with the newest state, or the one known at `as_of`. A moment after the newest
  /// tick is the newest state. The view is valid during the call only, and `read` must not ask the
  /// engine again. Errors: kCorrupt, kIo when the past could not be read, and those of the patience
  /// when it was over before `read` was done; what `read` found, if it was called, is then of no
  /// use. Without `as_of` and patience it cannot fail.
  base::Status Read(std::optional<base::Timestamp> as_of,
                    const std::function<void(const View&)>& read,
                    const base::Patience& patience = {}) const;
  /// The same for answers that read much: what is written meanwhile does not wait for them. Costs a
  /// copy of what names the cells, and that cells which change meanwhile are copied.
  base::Status ReadApart(std::optional<base::Timestamp> as_of,
                         const std::function<void(const View&)>& read,
                         const base::Patience& patience = {}) const;

 private:
  View MakeView(const base::Patience& patience) const;
  struct Waiting {
    PendingEdge edge;
    std::uint32_t dataset = 0;
    CurrentIndex::RecordNumber record = 0;
    model::Sequence version;
    bool operator>(const Waiting& other) const;
  };
  /// Cells of a past moment, kept for the next reader of the same one.
  struct PastCells {
    std::size_t blocks = 0;
    std::shared_ptr<const Cells> cells;
    std::shared_ptr<const SealedCells> sealed;  ///< what they begin with, or null
  };

  class Restoration;

  Engine(std::shared_ptr<const center::Center> center, MeasurePlan plan, ClockPlan clocks);
  /// A version of one of the center's datasets, in its columns.
  struct RecordedVersion {
    std::size_t dataset = 0;
    Cause told_again = Cause::kCorrected;  ///< as in Stage
    model::Version version;
  };
  /// An entry read back from the journal.
  struct Recorded {
    store::JournalHead head;
    std::size_t count = 0;  ///< of all its versions
    std::vector<RecordedVersion> versions;
  };
  /// Any thread.
  Recorded Prepare(store::JournalEntry entry) const;
  void Replay(const Recorded& recorded);
  void Publish(const store::JournalHead& head, std::size_t versions);
  void Note(const store::JournalHead& head);
  void AddReported(const store::JournalHead& head, std::size_t dataset,
                   const model::Version& version);
  void KeepStaged();
  std::optional<model::Version> ReckonRecord(std::size_t dataset,
                                             CurrentIndex::RecordNumber record) const;
  CurrentIndex::Change StageInIndex(std::size_t dataset, const model::Version& version);
  void StageDifference(std::size_t dataset, const model::Version& version,
                       const CurrentIndex::Change& change, Cause told_again);
  void StageEdges(std::size_t dataset, const model::Version& version,
                  const CurrentIndex::Change& change);
  void PassDeadlines(base::Timestamp moment);
  void Await(const Waiting& waiting);
  Waiting TakeFirstWaiting();
  void DropVainWaiting();
  std::optional<Delta> DeltaOf(const Waiting& waiting) const;
  void AppendToLog(base::Timestamp at, std::vector<Delta> deltas);
  base::Result<PastCells> CellsOf(std::size_t blocks, const base::Patience& patience) const;
  base::Result<PastCells> AddUp(std::size_t blocks, const base::Patience& patience) const;
  void NoteChange(model::TreeKind tree, model::UnitId unit, base::Timestamp at);
  void NoteReports(base::Timestamp at);
  base::Result<std::shared_ptr<const SealedCells>> OpenSeal(std::size_t blocks,
                                                            std::size_t& sealed) const;
  void Forget(const PastCells& past) const;
  std::pair<model::Sequence, base::Timestamp> SequenceAt(base::Timestamp moment) const;

  const std::shared_ptr<const center::Center> center_;
  const MeasurePlan plan_;
  const ClockPlan clocks_;
  const std::shared_ptr<const CellLayout> layout_;
  const Territories territories_;

  // Writing thread only.
  VersionHistory history_;             ///< of all indexes
  std::vector<CurrentIndex> indexes_;  ///< by dataset
  base::Timestamp staged_at_;          ///< when what is staged will have been recorded
  internal::DeltaSums staged_;
  internal::DeltaSums passed_;     ///< of one moment, while its deadlines pass
  std::vector<Delta> row_deltas_;  ///< of one version, kept for its room
  std::vector<Waiting> staged_edges_;
  std::vector<std::pair<std::size_t, model::Version>> staged_reported_;  ///< by dataset
  std::vector<Waiting> waiting_;       ///< a heap, what comes first in front
  std::size_t crowded_ = 1U << 20U;    ///< of so many, those that wait for nothing are dropped
  std::size_t reckoning_dataset_ = 0;  ///< where ReckonNext goes on
  CurrentIndex::RecordNumber reckoning_record_ = 0;
  IndexSnapshotWriter::Published published_;
  std::uint64_t behind_ = 0;
  std::shared_ptr<Restoration> restoration_;  ///< until Complete; its own alone

  // Safe from any thread; changed by the writing thread, under the lock.
  CellLog log_;
  SourceLog sources_;
  ReportedValues reported_;

  mutable base::FairSharedMutex mutex_;  ///< guards what follows
  Cells cells_;
  model::Snapshot snapshot_;
  using Change = std::pair<model::Sequence, base::Timestamp>;
  std::map<model::TreeKind, std::vector<Change>> changes_;  ///< the last of each unit
  std::vector<std::pair<base::Timestamp, model::Sequence>>
      commits_;  ///< recorded_at → last sequence

  mutable std::mutex past_mutex_;  ///< guards what follows; taken after mutex_ is released
  mutable std::condition_variable_any past_added_up_;
  mutable bool adding_up_ = false;           ///< one past moment at a time, each has much memory
  mutable std::list<PastCells> past_;        ///< youngest use first, at most kPastCells
  mutable std::set<std::uint64_t> damaged_;  ///< offsets of chunks that no seal is read with

  // The writing thread alone; they end before the rest.
  std::unique_ptr<CellLogWriter> writer_;
  std::unique_ptr<IndexSnapshotWriter> snapshots_;  ///< flushes the one above
};

}  // namespace fansipan::indicators
