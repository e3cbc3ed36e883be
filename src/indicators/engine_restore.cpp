#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "indicators/engine.h"

namespace fansipan::indicators {
namespace {

constexpr std::string_view kSuffix = ".fcl";
constexpr std::string_view kOfLog = "cell_log";
constexpr std::string_view kFirstEntryOnly = "first_entry_only";

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
  const auto read = journal.Read(1, [&](const store::JournalEntry& entry) -> base::Status {
    text = std::to_string(entry.recorded_at.time_since_epoch().count()) + '\0' +
           std::to_string(entry.LastSequence().value);
    for (const auto& change : entry.centers) text += '\0' + change.archive_id;
    for (const auto& committed : entry.deliveries) text += '\0' + committed.delivery.archive_id;
    return base::Error{base::ErrorCode::kConflict, std::string(kFirstEntryOnly), {}};
  });
  if (!read.ok() && read.error().reason != kFirstEntryOnly) return read.error();
  return base::FingerprintOf(text);
}

bool TakeTable(const std::vector<model::Row>& rows, RowTable& table) {
  for (std::size_t id = 0; id < rows.size(); ++id) {
    if (table.IdOf(rows[id]) != id) return false;
  }
  return true;
}

}  // namespace

/// Makes an engine out of a place's log and the journal. Entries that the log speaks of only enter
/// the index; from the log's last moment on everything is computed.
class Engine::Restoration {
 public:
  Restoration(Engine& engine, const CellLogPlace& place, CellLogIdentity identity)
      : engine_(engine),
        place_(place),
        identity_(std::move(identity)),
        path_(place.folder + "/" + identity_.revision + std::string(kSuffix)) {}

  /// Errors with reason cell_log: there is no log, or it is of no use.
  base::Status FromLog(store::Journal& journal);
  /// Everything from the journal, into a new log.
  base::Status FromJournal(store::Journal& journal);
  /// Once the own log is complete, those of other centers are not needed.
  void RemoveOthers() const;

 private:
  base::Status TakeLog();
  base::Status Take(const store::JournalEntry& entry);
  base::Status Match(const store::JournalEntry& entry);
  base::Status GoOn(std::optional<base::Timestamp> next);
  void WaitFrom(base::Timestamp moment);
  void Follow(base::Result<std::unique_ptr<CellLogFile>> file);

  Engine& engine_;
  const CellLogPlace& place_;
  const CellLogIdentity identity_;
  const std::string path_;
  LoadedCellLog loaded_;
  std::size_t blocks_ = 0;   ///< of the log as it was loaded
  std::size_t matched_ = 0;  ///< those of them that entries were found for
  bool past_log_ = false;    ///< everything from here on is computed
};

base::Status Engine::Restoration::FromLog(store::Journal& journal) {
  auto loaded = LoadCellLog(*place_.files, path_, identity_, engine_.log_.bounds(), journal.End(),
                            engine_.cells_);
  if (!loaded.ok()) {
    base::Error error = std::move(loaded).error();
    if (error.code != base::ErrorCode::kUnsupported) error.reason = kOfLog;
    return error;
  }
  loaded_ = *std::move(loaded);
  if (loaded_.damaged_bytes > 0) {
    base::LogWarning(
        "cell log: the last {} bytes of {} are torn or damaged; they are computed again",
        loaded_.damaged_bytes, path_);
  }
  FANSIPAN_RETURN_IF_ERROR(TakeLog());
  FANSIPAN_RETURN_IF_ERROR(journal.Read(
      1, [&](const store::JournalEntry& entry) -> base::Status { return Take(entry); }));
  return past_log_ ? base::Status() : GoOn(std::nullopt);
}

base::Status Engine::Restoration::FromJournal(store::Journal& journal) {
  const auto made = place_.files->MakeFolder(place_.folder);
  if (made.ok()) {
    Follow(CellLogFile::Create(*place_.files, path_, identity_));
  } else {
    Follow(made.error());
  }
  return journal.Read(1, [&](const store::JournalEntry& entry) -> base::Status {
    engine_.Replay(entry);
    return {};
  });
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

base::Status Engine::Restoration::Take(const store::JournalEntry& entry) {
  const bool known =
      !past_log_ && blocks_ > 0 && entry.LastSequence() <= engine_.log_.Get(blocks_ - 1).sequence;
  if (!past_log_ && !known) FANSIPAN_RETURN_IF_ERROR(GoOn(entry.recorded_at));
  if (past_log_) {
    engine_.Replay(entry);
    return {};
  }
  FANSIPAN_RETURN_IF_ERROR(Match(entry));
  for (const auto& [dataset, version] : engine_.AlignedVersions(entry)) {
    engine_.indexes_[dataset].Stage(version);
  }
  const std::unique_lock lock(engine_.mutex_);
  engine_.Note(entry);
  engine_.KeepStaged();
  return {};
}

/// Blocks before the entry must be of the clock, before it in time; its own has its time.
base::Status Engine::Restoration::Match(const store::JournalEntry& entry) {
  const model::Sequence last = entry.LastSequence();
  const auto block = [&] { return engine_.log_.Get(matched_); };
  for (; matched_ < blocks_ && block().sequence < last; ++matched_) {
    if (block().is_clock == 0 || block().at > entry.recorded_at) return Contradiction();
  }
  if (matched_ == blocks_ || block().sequence != last) return {};
  if (block().is_clock != 0) return {};
  if (block().at != entry.recorded_at) return Contradiction();
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
  Follow(CellLogFile::Continue(*place_.files, path_, loaded_));
  loaded_ = {};
  engine_.PassDeadlines(engine_.snapshot_.tick);
  return {};
}

/// What waits after everything up to `moment` has passed.
void Engine::Restoration::WaitFrom(base::Timestamp moment) {
  std::vector<Waiting> waiting;
  std::vector<PendingEdge> edges;
  for (std::size_t dataset = 0; dataset < engine_.indexes_.size(); ++dataset) {
    engine_.indexes_[dataset].ForEach(
        [&](CurrentIndex::RecordNumber record, model::Sequence version, const model::Row& values) {
          edges.clear();
          engine_.plan_.AppendPending(dataset, values, moment, edges);
          for (const PendingEdge& edge : edges) {
            waiting.push_back({edge, static_cast<std::uint32_t>(dataset), record, version});
          }
        });
  }
  engine_.waiting_ = decltype(engine_.waiting_)(std::greater<>(), std::move(waiting));
}

void Engine::Restoration::Follow(base::Result<std::unique_ptr<CellLogFile>> file) {
  Engine& engine = engine_;
  auto read = place_.files->OpenForRead(path_);
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

void Engine::Restoration::RemoveOthers() const {
  auto names = place_.files->List(place_.folder);
  if (!names.ok()) return;
  const std::string own = identity_.revision + std::string(kSuffix);
  std::erase_if(*names,
                [&](const std::string& name) { return name == own || !name.ends_with(kSuffix); });
  if (names->empty() || !engine_.writer_ || !engine_.writer_->Flush().ok()) return;
  for (const std::string& name : *names) {
    const auto removed = place_.files->Remove(place_.folder + "/" + name);
    if (!removed.ok()) base::LogWarning("cell log: {}", removed.error().message);
  }
}

base::Result<std::unique_ptr<Engine>> Engine::Restore(std::shared_ptr<const center::Center> center,
                                                      store::Journal& journal,
                                                      const CellLogPlace& place) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine, Create(center));
  if (place.files == nullptr || journal.End().number == 0 || !NamesFile(center->revision)) {
    FANSIPAN_RETURN_IF_ERROR(journal.Read(1, [&](const store::JournalEntry& entry) -> base::Status {
      engine->Replay(entry);
      return {};
    }));
    return engine;
  }
  FANSIPAN_ASSIGN_OR_RETURN(const base::Fingerprint print, FingerprintOf(journal));
  const CellLogIdentity identity{center->revision, print};
  {
    Restoration restoration(*engine, place, identity);
    const auto restored = restoration.FromLog(journal);
    if (restored.ok()) {
      restoration.RemoveOthers();
      return engine;
    }
    const base::Error& error = restored.error();
    if (error.reason != kOfLog) return error;
    const bool expected =
        error.code == base::ErrorCode::kNotFound || error.code == base::ErrorCode::kConflict;
    if (!expected) base::LogWarning("cell log: {}", error.message);
  }
  FANSIPAN_ASSIGN_OR_RETURN(engine, Create(std::move(center)));
  Restoration restoration(*engine, place, identity);
  FANSIPAN_RETURN_IF_ERROR(restoration.FromJournal(journal));
  restoration.RemoveOthers();
  return engine;
}

}  // namespace fansipan::indicators
