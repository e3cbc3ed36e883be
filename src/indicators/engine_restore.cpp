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

CellLogBounds BoundsOf(const MeasurePlan& plan, const center::Center& center) {
  CellLogBounds bounds;
  for (MeasureId id = 0; id < center.measures.size(); ++id) {
    bounds.set_of_measure.push_back(plan.SetOf(id));
  }
  bounds.territory_units = center.territory.size();
  bounds.organisation_units = center.organisation.size();
  return bounds;
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
  std::size_t matched_ = 0;  ///< blocks that entries were found for
  bool past_log_ = false;    ///< everything from here on is computed
};

base::Status Engine::Restoration::FromLog(store::Journal& journal) {
  auto loaded = LoadCellLog(*place_.files, path_, identity_,
                            BoundsOf(engine_.plan_, *engine_.center_), journal.End());
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
  const std::size_t count = loaded_.blocks.size();
  AddUp(loaded_.blocks, count, FindSeal(loaded_.seals, count).get(), engine_.cells_);
  engine_.log_.Restore(loaded_.blocks, loaded_.seals);
  return {};
}

base::Status Engine::Restoration::Take(const store::JournalEntry& entry) {
  const bool known =
      !loaded_.blocks.empty() && entry.LastSequence() <= loaded_.blocks.back()->sequence;
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
  const CellLogBlocks& blocks = loaded_.blocks;
  const model::Sequence last = entry.LastSequence();
  for (; matched_ < blocks.size() && blocks[matched_]->sequence < last; ++matched_) {
    if (!blocks[matched_]->is_clock() || blocks[matched_]->at > entry.recorded_at) {
      return Contradiction();
    }
  }
  if (matched_ == blocks.size() || blocks[matched_]->sequence != last) return {};
  if (blocks[matched_]->is_clock()) return {};
  if (blocks[matched_]->at != entry.recorded_at) return Contradiction();
  ++matched_;
  return {};
}

/// The log ends here; the entry recorded at `next`, if any, is the first behind it.
base::Status Engine::Restoration::GoOn(std::optional<base::Timestamp> next) {
  const CellLogBlocks& blocks = loaded_.blocks;
  const base::Timestamp last = blocks.empty() ? base::Timestamp::min() : blocks.back()->at;
  for (; matched_ < blocks.size(); ++matched_) {
    if (!blocks[matched_]->is_clock()) return Contradiction();
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
  if (!file.ok()) {
    base::LogError("cell log: {}; it is kept in memory only, and the next start takes longer",
                   file.error().message);
  }
  Engine& engine = engine_;
  CellLogWriter::Parts parts;
  if (file.ok()) parts.file = *std::move(file);
  parts.values = &engine.plan_.values();
  parts.tuples = &engine.plan_.tuples();
  parts.seal_after = place_.seal_after;
  parts.on_seal = [&engine](std::shared_ptr<const SealedCells> seal) {
    const std::unique_lock lock(engine.mutex_);
    engine.log_.AddSeal(std::move(seal));
  };
  engine.writer_ =
      std::make_unique<CellLogWriter>(std::move(parts), engine.log_.blocks(), engine.log_.seals());
}

void Engine::Restoration::RemoveOthers() const {
  auto names = place_.files->List(place_.folder);
  if (!names.ok()) return;
  const std::string own = identity_.revision + std::string(kSuffix);
  std::erase_if(*names,
                [&](const std::string& name) { return name == own || !name.ends_with(kSuffix); });
  if (names->empty() || !engine_.writer_->Flush().ok()) return;
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
