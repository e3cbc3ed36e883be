#include <algorithm>
#include <functional>
#include <future>
#include <set>
#include <utility>

#include "base/bounded_queue.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "indicators/engine.h"
#include "store/journal_reading.h"

namespace fansipan::indicators {
namespace {

constexpr std::string_view kLogSuffix = ".fcl";
constexpr std::string_view kIndexSuffix = ".fix";
constexpr std::string_view kHistorySuffix = ".fvh";
constexpr std::string_view kEndNoteSuffix = ".end";  // says of a log that it is whole
constexpr std::string_view kOfLog = "cell_log";
constexpr std::size_t kEntriesAhead = 2;

base::Error Contradiction() {
  return {base::ErrorCode::kCorrupt, std::string(kOfLog),
          "the cell log does not agree with the journal; it is rebuilt from it"};
}

bool NamesFile(const std::string& revision) {
  const auto plain = [](char c) {
    return ('0' <= c && c <= '9') || ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '-' ||
           c == '_';
  };
  return !revision.empty() && revision.size() <= kMaxRevisionBytes &&
         std::all_of(revision.begin(), revision.end(), plain);
}

/// What the first entry says of itself: no two journals begin at the same microsecond with the
/// same.
base::Result<base::Fingerprint> FingerprintOf(store::Journal& journal) {
  std::string text;
  FANSIPAN_RETURN_IF_ERROR(
      store::UnlessEnough(journal.ReadHeads(1, [&](const store::JournalHead& head) -> base::Status {
        text = std::to_string(head.recorded_at.time_since_epoch().count()) + '\0' +
               std::to_string(head.last_sequence.value);
        for (const auto& change : head.centers) text += '\0' + change.archive_id;
        for (const auto& delivery : head.deliveries) text += '\0' + delivery.archive_id;
        return store::Enough();
      })));
  return base::FingerprintOf(text);
}

std::uint64_t CountRows(const store::JournalHead& head) {
  std::uint64_t rows = 0;
  for (const auto& delivery : head.deliveries) rows += delivery.counts.accepted;
  return rows;
}

/// A log that another center, or none, has left is nothing to speak of.
bool IsExpected(const base::Error& error) {
  return error.code == base::ErrorCode::kNotFound || error.code == base::ErrorCode::kConflict;
}

std::set<std::string, std::less<>> ReportersOf(const center::Center& center) {
  std::set<std::string, std::less<>> reporters;
  const auto is_reported = [&](const std::string& name) {
    const model::Dataset* dataset = center.FindDataset(name);
    return dataset != nullptr && dataset->reported;
  };
  for (const center::Source& source : center.sources) {
    for (const auto& mapping : source.mappings) {
      if (is_reported(mapping.dataset)) reporters.insert(source.name);
    }
  }
  for (const auto& [dataset, sources] : center.feeders) {
    if (is_reported(dataset)) reporters.insert(sources.begin(), sources.end());
  }
  return reporters;
}

bool TakeTable(const std::vector<model::Row>& rows, RowTable& table) {
  for (std::size_t id = 0; id < rows.size(); ++id) {
    if (table.IdOf(rows[id]) != id) return false;
  }
  return true;
}

}  // namespace

/// Makes an engine out of a place's files and the journal. Entries that the log speaks of only
/// enter the index, those that the snapshot has not even that; from the log's last moment on
/// everything is computed.
class Engine::Restoration {
 public:
  Restoration(Engine& engine, CellLogPlace place, FileIdentity identity)
      : engine_(engine),
        place_(std::move(place)),
        identity_(std::move(identity)),
        path_(place_.folder + "/" + identity_.revision),
        reporters_(ReportersOf(*engine.center_)) {}

  /// Cells and what else figures are made of, up to the log's end. Errors with reason cell_log:
  /// there is no log, or it is of no use.
  base::Status FromLog(store::Journal& journal);
  /// The index, and what comes behind the log. Errors as FromLog.
  base::Status Complete(store::Journal& journal);
  /// Entries behind the log changed no cell; what else they say.
  base::Status CompleteFigures(store::Journal& journal);
  /// Everything from the journal, into a new log.
  base::Status FromJournal(store::Journal& journal);

 private:
  std::string LogPath() const { return path_ + std::string(kLogSuffix); }
  std::string IndexPath() const { return path_ + std::string(kIndexSuffix); }
  std::string HistoryPath() const { return path_ + std::string(kHistorySuffix); }
  base::Status TakeLog();
  base::Status NoteHeads(store::Journal& journal);
  void TakeIndex(const store::JournalEnd& end);
  base::Result<IndexSnapshotMark> LoadIndex(const store::JournalEnd& end);
  void BeginHistory();
  void NoteReports(const store::JournalHead& head);
  void AddReports(const Recorded& recorded);
  base::Status TakeReports(store::Journal& journal);
  base::Status Take(const Recorded& recorded);
  base::Status Read(store::Journal& journal, std::uint64_t first,
                    const std::function<base::Status(const Recorded&)>& take) const;
  base::Status Note(const store::JournalHead& head);
  base::Status Match(const store::JournalHead& head);
  base::Status GoOn(std::optional<base::Timestamp> next);
  std::vector<Waiting> WaitingOf(std::size_t dataset, CurrentIndex::RecordNumber first,
                                 CurrentIndex::RecordNumber end, base::Timestamp moment) const;
  void WaitFrom(base::Timestamp moment);
  void Follow(base::Result<std::unique_ptr<CellLogFile>> file);
  void FollowIndex();
  void RemoveOthers() const;

  Engine& engine_;
  const CellLogPlace place_;
  const FileIdentity identity_;
  const std::string path_;  ///< without a suffix
  LoadedCellLog loaded_;
  IndexSnapshotMark mark_;      ///< of the snapshot that was taken; zeros without
  std::size_t blocks_ = 0;      ///< of the log as it was loaded
  std::size_t matched_ = 0;     ///< those of them that entries were found for
  std::uint64_t noted_ = 0;     ///< the last entry that the log was found to speak of
  std::uint64_t versions_ = 0;  ///< in entries that the snapshot may not have
  bool past_log_ = false;       ///< everything from here on is computed
  std::set<std::string, std::less<>> reporters_;  ///< sources that ever fed a reported dataset
  std::vector<std::uint64_t> reports_;            ///< entries with deliveries of theirs, noted
};

base::Status Engine::Restoration::FromLog(store::Journal& journal) {
  auto loaded = LoadCellLog(*place_.files, LogPath(), identity_, engine_.log_.bounds(),
                            journal.End(), engine_.cells_);
  if (!loaded.ok()) {
    base::Error error = std::move(loaded).error();
    if (error.code != base::ErrorCode::kUnsupported) error.reason = kOfLog;
    return error;
  }
  loaded_ = *std::move(loaded);
  if (loaded_.damaged_bytes > 0) {
    base::LogWarning(
        "cell log: the last {} bytes of {} are torn or damaged; they are computed again",
        loaded_.damaged_bytes, LogPath());
  }
  FANSIPAN_RETURN_IF_ERROR(TakeLog());
  FANSIPAN_RETURN_IF_ERROR(NoteHeads(journal));
  return TakeReports(journal);
}

base::Status Engine::Restoration::Complete(store::Journal& journal) {
  TakeIndex(journal.End());
  // Entries behind the log's last block changed no cell, as far as the snapshot goes.
  FANSIPAN_RETURN_IF_ERROR(store::UnlessEnough(
      journal.ReadHeads(noted_ + 1, [&](const store::JournalHead& head) -> base::Status {
        if (head.number > mark_.first_entry) return store::Enough();
        NoteReports(head);
        return Note(head);
      })));
  FANSIPAN_RETURN_IF_ERROR(TakeReports(journal));
  FANSIPAN_RETURN_IF_ERROR(Read(journal, mark_.first_entry + 1,
                                [&](const Recorded& recorded) { return Take(recorded); }));
  if (!past_log_) FANSIPAN_RETURN_IF_ERROR(GoOn(std::nullopt));
  engine_.behind_ = 0;
  FollowIndex();
  RemoveOthers();
  return {};
}

base::Status Engine::Restoration::CompleteFigures(store::Journal& journal) {
  FANSIPAN_RETURN_IF_ERROR(journal.ReadHeads(noted_ + 1, [&](const store::JournalHead& head) {
    NoteReports(head);
    return Note(head);
  }));
  FANSIPAN_RETURN_IF_ERROR(TakeReports(journal));
  engine_.behind_ = 0;
  return {};
}

base::Status Engine::Restoration::FromJournal(store::Journal& journal) {
  const auto made = place_.files->MakeFolder(place_.folder);
  if (made.ok()) {
    Follow(CellLogFile::Create(*place_.files, LogPath(), identity_));
  } else {
    Follow(made.error());
  }
  BeginHistory();
  FANSIPAN_RETURN_IF_ERROR(Read(journal, 1, [&](const Recorded& recorded) -> base::Status {
    versions_ += recorded.count;
    engine_.Replay(recorded);
    return {};
  }));
  FollowIndex();
  RemoveOthers();
  return {};
}

base::Status Engine::Restoration::TakeLog() {
  if (!TakeTable(loaded_.values, engine_.plan_.values()) ||
      !TakeTable(loaded_.tuples, engine_.plan_.tuples())) {
    return Contradiction();
  }
  engine_.log_.Restore(std::exchange(loaded_.blocks, {}), std::exchange(loaded_.seals, {}));
  engine_.log_.SetReader(loaded_.reader);
  blocks_ = engine_.log_.size();
  return {};
}

/// Entries up to the log's end need no more than their heads.
base::Status Engine::Restoration::NoteHeads(store::Journal& journal) {
  const model::Sequence last =
      blocks_ == 0 ? model::Sequence() : engine_.log_.Get(blocks_ - 1).sequence;
  return journal.ReadHeads(1, [&](const store::JournalHead& head) -> base::Status {
    if (blocks_ > 0 && head.last_sequence <= last) {
      NoteReports(head);
      return Note(head);
    }
    engine_.behind_ += CountRows(head);
    return {};
  });
}

base::Status Engine::Restoration::Note(const store::JournalHead& head) {
  FANSIPAN_RETURN_IF_ERROR(Match(head));
  noted_ = head.number;
  engine_.published_ = {head.number, matched_};
  const std::unique_lock lock(engine_.mutex_);
  engine_.Note(head);
  return {};
}

void Engine::Restoration::NoteReports(const store::JournalHead& head) {
  const bool reports =
      std::any_of(head.deliveries.begin(), head.deliveries.end(), [&](const auto& delivery) {
        // What a replay only takes back is not counted as accepted.
        const bool tells = delivery.counts.accepted > 0 || delivery.replay_of.has_value();
        return tells && reporters_.contains(delivery.source);
      });
  if (reports) reports_.push_back(head.number);
}

void Engine::Restoration::AddReports(const Recorded& recorded) {
  for (const RecordedVersion& told : recorded.versions) {
    engine_.AddReported(recorded.head, told.dataset, told.version);
  }
}

/// Reported values are in neither log nor snapshot, but in few entries.
base::Status Engine::Restoration::TakeReports(store::Journal& journal) {
  const std::vector<std::uint64_t> entries = std::exchange(reports_, {});
  for (std::size_t i = 0; i < entries.size();) {
    // Entries that follow each other are read in one piece.
    std::size_t end = i + 1;
    while (end < entries.size() && entries[end] == entries[end - 1] + 1) ++end;
    FANSIPAN_RETURN_IF_ERROR(store::UnlessEnough(
        journal.Read(entries[i], [&](store::JournalEntry entry) -> base::Status {
          if (entry.number > entries[end - 1]) return store::Enough();
          AddReports(engine_.Prepare(std::move(entry)));
          return {};
        })));
    i = end;
  }
  return {};
}

/// A snapshot that is not whole, or of more than the log, the journal and the version history hold,
/// is no use.
void Engine::Restoration::TakeIndex(const store::JournalEnd& end) {
  const auto mark = LoadIndex(end);
  if (mark.ok()) {
    mark_ = *mark;
    return;
  }
  if (!IsExpected(mark.error())) base::LogWarning("{}", mark.error().message);
  engine_.indexes_.clear();
  for (const model::Dataset& dataset : engine_.center_->datasets) {
    engine_.indexes_.emplace_back(dataset, engine_.history_);
  }
  BeginHistory();
}

base::Result<IndexSnapshotMark> Engine::Restoration::LoadIndex(const store::JournalEnd& end) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const IndexSnapshotMark mark,
      LoadIndexSnapshot(*place_.files, IndexPath(), identity_, engine_.indexes_));
  if (mark.blocks > blocks_ || mark.last_entry > end.number) {
    return base::Error{
        base::ErrorCode::kCorrupt, "index_snapshot",
        "index snapshot: it has more than the cell log; the journal is read instead"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(engine_.history_, VersionHistory::Continue(*place_.files, HistoryPath(),
                                                                       identity_, mark.history));
  return mark;
}

void Engine::Restoration::BeginHistory() {
  auto history = VersionHistory::Create(*place_.files, HistoryPath(), identity_);
  if (history.ok()) {
    engine_.history_ = *std::move(history);
    return;
  }
  base::LogError(
      "version history: {}; it is kept in memory, which grows until the next start, and that takes "
      "longer",
      history.error().message);
}

/// One thread reads, decodes and aligns entries, this one takes them in.
base::Status Engine::Restoration::Read(
    store::Journal& journal, std::uint64_t first,
    const std::function<base::Status(const Recorded&)>& take) const {
  base::BoundedQueue<Recorded> queue(kEntriesAhead);
  auto reading = std::async(std::launch::async, [&] {
    base::NameThread("journal-reader");
    const base::Status read = journal.Read(first, [&](store::JournalEntry entry) -> base::Status {
      return queue.Push(engine_.Prepare(std::move(entry))) ? base::Status() : store::Enough();
    });
    queue.Close();
    return store::UnlessEnough(read);
  });
  base::Status taken;
  while (const auto recorded = queue.Pop()) {
    taken = take(*recorded);
    if (!taken.ok()) break;
  }
  queue.Close();
  const base::Status read = reading.get();
  return taken.ok() ? read : taken;
}

base::Status Engine::Restoration::Take(const Recorded& recorded) {
  versions_ += recorded.count;
  const store::JournalHead& head = recorded.head;
  const bool in_snapshot = head.number <= mark_.last_entry;
  if (!past_log_ && head.number > noted_ && !in_snapshot) {
    FANSIPAN_RETURN_IF_ERROR(GoOn(head.recorded_at));
  }
  if (past_log_) {
    engine_.Replay(recorded);
    return {};
  }
  if (head.number > noted_) FANSIPAN_RETURN_IF_ERROR(Note(head));
  for (const RecordedVersion& told : recorded.versions) {
    engine_.AddReported(head, told.dataset, told.version);
    const CurrentIndex& index = engine_.indexes_[told.dataset];
    if (in_snapshot && index.Holds(told.version)) continue;
    engine_.StageInIndex(told.dataset, told.version);
  }
  engine_.KeepStaged();
  return {};
}

/// Blocks before the entry must be of the clock, before it in time; its own has its time.
base::Status Engine::Restoration::Match(const store::JournalHead& head) {
  const model::Sequence last = head.last_sequence;
  const auto block = [&] { return engine_.log_.Get(matched_); };
  for (; matched_ < blocks_ && block().sequence < last; ++matched_) {
    if (block().is_clock == 0 || block().at > head.recorded_at) return Contradiction();
  }
  if (matched_ == blocks_ || block().sequence != last) return {};
  if (block().is_clock != 0) return {};
  if (block().at != head.recorded_at) return Contradiction();
  ++matched_;
  return {};
}

/// The log ends here; the entry recorded at `next`, if any, is the first behind it.
base::Status Engine::Restoration::GoOn(std::optional<base::Timestamp> next) {
  const base::Timestamp last =
      blocks_ == 0 ? base::Timestamp::min() : engine_.log_.Get(blocks_ - 1).at;
  for (; matched_ < blocks_; ++matched_) {
    if (engine_.log_.Get(matched_).is_clock == 0) return Contradiction();
  }
  if (next && *next < last) return Contradiction();
  past_log_ = true;
  WaitFrom(last);
  Follow(CellLogFile::Continue(*place_.files, LogPath(), loaded_));
  loaded_ = {};
  engine_.PassDeadlines(engine_.snapshot_.tick);
  return {};
}

/// What records of a dataset from `first` to before `end` wait for after `moment`.
std::vector<Engine::Waiting> Engine::Restoration::WaitingOf(std::size_t dataset,
                                                            CurrentIndex::RecordNumber first,
                                                            CurrentIndex::RecordNumber end,
                                                            base::Timestamp moment) const {
  std::vector<Waiting> waiting;
  std::vector<PendingEdge> edges;
  engine_.indexes_[dataset].ForEach(
      first, end, engine_.plan_.PendingColumns(dataset),
      [&](CurrentIndex::RecordNumber record, model::Sequence version, const model::Row& values) {
        edges.clear();
        engine_.plan_.AppendPending(dataset, values, moment, edges);
        for (const PendingEdge& edge : edges) {
          waiting.push_back({edge, static_cast<std::uint32_t>(dataset), record, version});
        }
      });
  return waiting;
}

/// What waits after everything up to `moment` has passed. Two threads look at half of the records
/// each.
void Engine::Restoration::WaitFrom(base::Timestamp moment) {
  std::vector<Waiting> waiting;
  for (std::size_t dataset = 0; dataset < engine_.indexes_.size(); ++dataset) {
    if (engine_.plan_.PendingColumns(dataset).empty()) continue;
    const auto end = static_cast<CurrentIndex::RecordNumber>(engine_.indexes_[dataset].size());
    auto second =
        std::async(std::launch::async, [&] { return WaitingOf(dataset, end / 2, end, moment); });
    for (const auto& half : {WaitingOf(dataset, 0, end / 2, moment), second.get()}) {
      waiting.insert(waiting.end(), half.begin(), half.end());
    }
  }
  std::make_heap(waiting.begin(), waiting.end(), std::greater<>());
  engine_.waiting_ = std::move(waiting);
}

void Engine::Restoration::Follow(base::Result<std::unique_ptr<CellLogFile>> file) {
  Engine& engine = engine_;
  auto read = place_.files->OpenForRead(LogPath());
  if (!file.ok() || !read.ok()) {
    base::LogError(
        "cell log: {}; the past is kept in memory, which grows until the next start, and that "
        "takes "
        "longer",
        file.ok() ? read.error().message : file.error().message);
    return;
  }
  engine.log_.SetReader(std::make_shared<const CellLogReader>(*std::move(read)));
  CellLogWriter::Parts parts;
  parts.file = *std::move(file);
  parts.values = &engine.plan_.values();
  parts.tuples = &engine.plan_.tuples();
  parts.seal_after = place_.seal_after;
  parts.on_written = [&engine](const auto& blocks, const auto& seals) {
    engine.log_.Settle(blocks, seals);
  };
  parts.on_sealed = [&engine](std::unique_ptr<Cells> cells) {
    // Under the lock, so that whoever changes the cells knows what is no longer shared.
    const std::unique_lock lock(engine.mutex_);
    cells.reset();
  };
  const auto sealed = static_cast<std::size_t>(loaded_.last_seal.blocks);
  std::uint64_t unsealed = 0;
  for (std::size_t i = sealed; i < blocks_; ++i) unsealed += engine.log_.Get(i).deltas;
  engine.writer_ = std::make_unique<CellLogWriter>(std::move(parts), unsealed);
}

/// Taken when it is due, and not before the index is whole.
void Engine::Restoration::FollowIndex() {
  if (!engine_.writer_) return;
  IndexSnapshotWriter::Parts parts;
  parts.files = place_.files;
  parts.path = IndexPath();
  parts.identity = identity_;
  parts.after = place_.snapshot_after;
  parts.piece_bytes = place_.snapshot_piece;
  parts.flush_log = [log = engine_.writer_.get()] { return log->Flush(); };
  parts.history = &engine_.history_;
  engine_.snapshots_ = std::make_unique<IndexSnapshotWriter>(std::move(parts), versions_);
}

/// Once the own log is complete, files of other centers are not needed, but for logs that tell of a
/// past.
void Engine::Restoration::RemoveOthers() const {
  if (!place_.removes_others) return;
  auto names = place_.files->List(place_.folder);
  if (!names.ok()) return;
  std::erase_if(*names, [&](const std::string& name) {
    const auto dot = name.find('.');
    const std::string_view suffix = std::string_view(name).substr(std::min(dot, name.size()));
    const std::string revision = name.substr(0, dot);
    const bool log = suffix.starts_with(kLogSuffix) || suffix == kEndNoteSuffix;
    const bool ours = log || suffix.starts_with(kIndexSuffix) || suffix.starts_with(kHistorySuffix);
    return !ours || revision == identity_.revision ||
           (log && place_.keeps && place_.keeps(revision));
  });
  if (names->empty() || !engine_.writer_ || !engine_.writer_->Flush().ok()) return;
  for (const std::string& name : *names) {
    const auto removed = place_.files->Remove(place_.folder + "/" + name);
    if (!removed.ok()) base::LogWarning("cell log: {}", removed.error().message);
  }
}

base::Result<std::unique_ptr<Engine>> Engine::Open(std::shared_ptr<const center::Center> center,
                                                   store::Journal& journal,
                                                   const CellLogPlace& place) {
  const bool has_place =
      place.files != nullptr && journal.End().number > 0 && NamesFile(center->revision);
  if (!has_place) return Rebuild(std::move(center), journal, place);
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, Create(center));
  FANSIPAN_ASSIGN_OR_RETURN(const base::Fingerprint print, FingerprintOf(journal));
  engine->restoration_ =
      std::make_shared<Restoration>(*engine, place, FileIdentity{center->revision, print});
  const auto opened = engine->restoration_->FromLog(journal);
  if (opened.ok()) return engine;
  const base::Error& error = opened.error();
  if (error.reason != kOfLog) return error;
  if (!IsExpected(error)) base::LogWarning("cell log: {}", error.message);
  engine.reset();
  return Rebuild(std::move(center), journal, place);
}

base::Status Engine::Complete(store::Journal& journal) {
  if (!restoration_) return {};
  const auto restoration = std::move(restoration_);
  return restoration->Complete(journal);
}

base::Status Engine::CompleteFigures(store::Journal& journal) {
  if (!restoration_) return {};
  const auto restoration = std::move(restoration_);
  return restoration->CompleteFigures(journal);
}

base::Result<std::unique_ptr<Engine>> Engine::Rebuild(std::shared_ptr<const center::Center> center,
                                                      store::Journal& journal,
                                                      const CellLogPlace& place) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, Create(center));
  if (place.files == nullptr || journal.End().number == 0 || !NamesFile(center->revision)) {
    FANSIPAN_RETURN_IF_ERROR(journal.Read(1, [&](store::JournalEntry entry) -> base::Status {
      engine->Replay(std::move(entry));
      return {};
    }));
    return engine;
  }
  FANSIPAN_ASSIGN_OR_RETURN(const base::Fingerprint print, FingerprintOf(journal));
  Restoration restoration(*engine, place, {center->revision, print});
  FANSIPAN_RETURN_IF_ERROR(restoration.FromJournal(journal));
  return engine;
}

base::Result<std::unique_ptr<Engine>> Engine::Restore(std::shared_ptr<const center::Center> center,
                                                      store::Journal& journal,
                                                      const CellLogPlace& place) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, Open(center, journal, place));
  const auto completed = engine->Complete(journal);
  if (completed.ok()) return engine;
  if (completed.error().reason != kOfLog) return completed.error();
  base::LogWarning("cell log: {}", completed.error().message);
  engine.reset();
  return Rebuild(std::move(center), journal, place);
}

}  // namespace fansipan::indicators
