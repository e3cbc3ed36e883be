#include "server/past_engines.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.h"
#include "server/center_archive.h"
#include "store/journal_reading.h"

namespace fansipan::server {
namespace {

constexpr std::size_t kOpened = 2;
constexpr std::uint64_t kMaxNote = 100;

/// A journal as it was when an entry was its last.
class EarlierJournal final : public store::Journal {
 public:
  EarlierJournal(store::Journal& whole, const store::JournalEnd& end) : whole_(whole), end_(end) {}

  base::Status Append(const store::JournalEntry&) override {
    return base::Error{base::ErrorCode::kUnsupported, "past", "the past is not written"};
  }
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override {
    return store::UnlessEnough(whole_.Read(first, [&](store::JournalEntry entry) -> base::Status {
      return entry.number > end_.number ? store::Enough() : visit(std::move(entry));
    }));
  }
  base::Status ReadHeads(
      std::uint64_t first,
      const std::function<base::Status(const store::JournalHead&)>& visit) override {
    return store::UnlessEnough(
        whole_.ReadHeads(first, [&](const store::JournalHead& head) -> base::Status {
          return head.number > end_.number ? store::Enough() : visit(head);
        }));
  }
  store::JournalEnd End() const override { return end_; }
  const store::JournalRecovery& recovery() const override { return whole_.recovery(); }

 private:
  store::Journal& whole_;
  const store::JournalEnd end_;
};

std::string NotePath(const indicators::CellLogPlace& place, const std::string& revision) {
  return place.folder + "/" + revision + ".end";
}

/// What is noted of a whole log: where it ends, and of how many deltas it is.
std::string NoteOf(const indicators::Engine& engine, base::Timestamp end) {
  return std::to_string(end.time_since_epoch().count()) + " " +
         std::to_string(engine.CountDeltas()) + "\n";
}

bool IsNoted(const indicators::CellLogPlace& place, const indicators::Engine& engine,
             base::Timestamp end) {
  const std::string path = NotePath(place, engine.center().revision);
  if (place.files == nullptr || !place.files->Exists(path)) return false;
  const auto note = place.files->ReadWhole(path, kMaxNote);
  return note.ok() && *note == NoteOf(engine, end);
}

}  // namespace

base::Status PastEngines::NoteEnd(const indicators::CellLogPlace& place,
                                  const indicators::Engine& engine, base::Timestamp end) {
  if (place.files == nullptr || !place.files->Exists(place.folder)) return {};
  return base::WriteWhole(*place.files, NotePath(place, engine.center().revision),
                          NoteOf(engine, end));
}

base::Result<std::vector<PastEngines::Reign>> PastEngines::ReadReigns() {
  const std::lock_guard lock(reigns_mutex_);
  FANSIPAN_RETURN_IF_ERROR(
      parts_.journal->ReadHeads(read_ + 1, [&](const store::JournalHead& head) -> base::Status {
        read_ = head.number;
        last_ = std::max(last_, head.last_sequence);
        for (const store::CenterChange& change : head.centers) {
          if (!reigns_.empty()) reigns_.back().end = {head.number, last_, head.recorded_at};
          reigns_.push_back({change, head.recorded_at, {}});
        }
        return {};
      }));
  return reigns_;
}

bool PastEngines::Keeps(const std::string& revision) {
  const auto reigns = ReadReigns();
  if (!reigns.ok()) return true;
  std::set<std::string> kept;
  for (auto reign = reigns->rbegin(); reign != reigns->rend() && kept.size() <= kKeptLogs;
       ++reign) {
    kept.insert(reign->center.revision);
  }
  return kept.contains(revision);
}

base::Result<PastEngines::EnginePointer> PastEngines::EngineAt(base::Timestamp moment,
                                                               const EnginePointer& running) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto reigns, ReadReigns());
  if (reigns.empty()) return running;
  const auto after = std::upper_bound(
      reigns.begin(), reigns.end(), moment,
      [](base::Timestamp wanted, const Reign& reign) { return wanted < reign.from; });
  const auto index = static_cast<std::size_t>(after - reigns.begin());
  return Find(reigns, index == 0 ? 0 : index - 1, running);
}

base::Result<std::vector<indicators::Era>> PastEngines::Eras(const EnginePointer& running) {
  FANSIPAN_ASSIGN_OR_RETURN(auto read, ReadReigns());
  const auto reigns = std::make_shared<const std::vector<Reign>>(std::move(read));
  std::vector<indicators::Era> eras;
  for (std::size_t i = 0; i < reigns->size(); ++i) {
    eras.push_back({(*reigns)[i].from, [this, reigns, i, running]() -> base::Result<EnginePointer> {
                      return Find(*reigns, i, running);
                    }});
  }
  if (eras.empty()) {
    eras.push_back({{}, [running]() -> base::Result<EnginePointer> { return running; }});
  }
  return eras;
}

/// A center that ran several times has one log, which is whole up to the end of its last time.
base::Result<PastEngines::EnginePointer> PastEngines::Find(const std::vector<Reign>& reigns,
                                                           std::size_t index,
                                                           const EnginePointer& running) {
  const std::string& revision = reigns[index].center.revision;
  // The last center is recorded a moment before it runs.
  if (index + 1 == reigns.size() || revision == running->center().revision) return running;
  std::size_t last = index;
  for (std::size_t i = index; i + 1 < reigns.size(); ++i) {
    if (reigns[i].center.revision == revision) last = i;
  }
  const std::lock_guard lock(opening_mutex_);
  const auto opened = std::find_if(opened_.begin(), opened_.end(), [&](const auto& engine) {
    return engine->center().revision == revision &&
           engine->snapshot().tick >= reigns[last].end.recorded_at;
  });
  if (opened != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, opened);
    return opened_.front();
  }
  FANSIPAN_ASSIGN_OR_RETURN(EnginePointer engine, Open(reigns[last]));
  opened_.push_front(std::move(engine));
  if (opened_.size() > kOpened) opened_.pop_back();
  return opened_.front();
}

base::Result<PastEngines::EnginePointer> PastEngines::Open(const Reign& reign) const {
  EarlierJournal journal(*parts_.journal, reign.end);
  FANSIPAN_ASSIGN_OR_RETURN(
      auto center, LoadArchivedCenter(*parts_.archive, reign.center.archive_id, *parts_.parser));
  FANSIPAN_ASSIGN_OR_RETURN(
      center, WithMappingRevisions(std::move(center), journal, *parts_.archive, *parts_.parser));
  indicators::CellLogPlace place = parts_.place;
  place.removes_others = false;
  const base::Timestamp end = reign.end.recorded_at;
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<indicators::Engine> engine,
                            indicators::Engine::Open(center, journal, place));
  if (!IsNoted(place, *engine, end)) {
    base::LogInfo("the cells of center {} are computed up to their end", center->revision);
    engine.reset();
    FANSIPAN_ASSIGN_OR_RETURN(engine, indicators::Engine::Restore(center, journal, place));
    engine->Advance(end);
    engine->CloseLog();
    const auto noted = NoteEnd(place, *engine, end);
    if (!noted.ok()) base::LogWarning("{}", noted.error().message);
    if (place.files == nullptr) return EnginePointer(std::move(engine));
    // Without the index of records, which only writing needs.
    FANSIPAN_ASSIGN_OR_RETURN(engine, indicators::Engine::Open(center, journal, place));
  }
  FANSIPAN_RETURN_IF_ERROR(engine->CompleteFigures(journal));
  engine->Advance(end);
  engine->CloseLog();
  return EnginePointer(std::move(engine));
}

}  // namespace fansipan::server
