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

base::Error Stopped() {
  return {base::ErrorCode::kUnavailable, "stopping", "the center stops; ask again when it runs"};
}

/// A journal as it was when an entry was its last. Reading it ends when the thread shall stop.
class EarlierJournal final : public store::Journal {
 public:
  EarlierJournal(store::Journal& whole, const store::JournalEnd& end, std::stop_token stop)
      : whole_(whole), end_(end), stop_(std::move(stop)) {}

  base::Status Append(const store::JournalEntry&) override {
    return base::Error{base::ErrorCode::kUnsupported, "past", "the past is not written"};
  }
  base::Status Read(std::uint64_t first,
                    const std::function<base::Status(store::JournalEntry)>& visit) override {
    return store::UnlessEnough(whole_.Read(first, [&](store::JournalEntry entry) -> base::Status {
      if (stop_.stop_requested()) return Stopped();
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
  const std::stop_token stop_;
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
                                                               const EnginePointer& running,
                                                               const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto reigns, ReadReigns());
  if (reigns.empty()) return running;
  const auto after = std::upper_bound(
      reigns.begin(), reigns.end(), moment,
      [](base::Timestamp wanted, const Reign& reign) { return wanted < reign.from; });
  const auto index = static_cast<std::size_t>(after - reigns.begin());
  return Find(reigns, index == 0 ? 0 : index - 1, running, patience);
}

base::Result<std::vector<indicators::Era>> PastEngines::Eras(const EnginePointer& running,
                                                             const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(auto read, ReadReigns());
  const auto reigns = std::make_shared<const std::vector<Reign>>(std::move(read));
  std::vector<indicators::Era> eras;
  for (std::size_t i = 0; i < reigns->size(); ++i) {
    eras.push_back(
        {(*reigns)[i].from, [this, reigns, i, running, patience]() -> base::Result<EnginePointer> {
           return Find(*reigns, i, running, patience);
         }});
  }
  if (eras.empty()) {
    eras.push_back({{}, [running]() -> base::Result<EnginePointer> { return running; }});
  }
  return eras;
}

/// A center that ran several times has one log, which is whole up to the end of its last time.
std::size_t PastEngines::LastOf(const std::vector<Reign>& reigns, std::size_t index) {
  std::size_t last = index;
  for (std::size_t i = index; i + 1 < reigns.size(); ++i) {
    if (reigns[i].center.revision == reigns[index].center.revision) last = i;
  }
  return last;
}

base::Result<PastEngines::EnginePointer> PastEngines::Find(const std::vector<Reign>& reigns,
                                                           std::size_t index,
                                                           const EnginePointer& running,
                                                           const base::Patience& patience) {
  const std::string& revision = reigns[index].center.revision;
  // The last center is recorded a moment before it runs.
  if (index + 1 == reigns.size() || revision == running->center().revision) return running;
  const Reign& reign = reigns[LastOf(reigns, index)];
  std::unique_lock lock(opening_mutex_);
  const auto opened = std::find_if(opened_.begin(), opened_.end(), [&](const auto& engine) {
    return engine->center().revision == revision &&
           engine->snapshot().tick >= reign.end.recorded_at;
  });
  if (opened != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, opened);
    return opened_.front();
  }
  if (stopped_) return Stopped();
  const std::shared_ptr<Opening> opening = Want(reign);
  opening->asked = true;
  const auto is_done = [&] { return opening->result.has_value(); };
  if (patience.deadline() == base::Patience::Moment::max()) {
    opening_changed_.wait(lock, patience.gone(), is_done);
  } else {
    opening_changed_.wait_until(lock, patience.gone(), patience.deadline(), is_done);
  }
  if (is_done()) return *opening->result;
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  return Stopped();
}

void PastEngines::Prepare() {
  const auto reigns = ReadReigns();
  if (!reigns.ok() || reigns->size() < 2) return;
  const Reign& reign = (*reigns)[LastOf(*reigns, reigns->size() - 2)];
  const std::lock_guard lock(opening_mutex_);
  if (!stopped_ && reign.center.revision != reigns->back().center.revision) Want(reign);
}

/// Under opening_mutex_.
std::shared_ptr<PastEngines::Opening> PastEngines::Want(const Reign& reign) {
  for (const auto& opening : wanted_) {
    const bool same = opening->reign.center.revision == reign.center.revision &&
                      opening->reign.end.number == reign.end.number;
    if (same) return opening;
  }
  wanted_.push_back(std::make_shared<Opening>(Opening{reign, false, std::nullopt}));
  if (!opener_.joinable()) {
    opener_ = std::jthread([this](const std::stop_token& stop) { OpenWanted(stop); });
  }
  opening_changed_.notify_all();
  return wanted_.back();
}

void PastEngines::OpenWanted(const std::stop_token& stop) {
  std::unique_lock lock(opening_mutex_);
  while (opening_changed_.wait(lock, stop, [&] { return !wanted_.empty(); })) {
    const std::shared_ptr<Opening> opening = wanted_.front();
    if (stop.stop_requested()) return;
    lock.unlock();
    auto result = OpenInTurn(opening->reign, stop);
    if (!result.ok()) base::LogWarning("{}", result.error().message);
    lock.lock();
    wanted_.pop_front();
    if (result.ok() && opening->asked) {
      opened_.push_front(*result);
      if (opened_.size() > kOpened) opened_.pop_back();
    }
    opening->result = std::move(result);
    opening_changed_.notify_all();
  }
}

/// Nobody else writes the log meanwhile. A former center may have become the running one before it
/// was this one's turn.
base::Result<PastEngines::EnginePointer> PastEngines::OpenInTurn(const Reign& reign,
                                                                 const std::stop_token& stop) {
  const LogTurns::Turn turn = turns_.Take(reign.center.revision);
  const EnginePointer running = parts_.running ? parts_.running() : nullptr;
  if (running && running->center().revision == reign.center.revision) return running;
  return Open(reign, stop);
}

void PastEngines::Stop() {
  {
    const std::lock_guard lock(opening_mutex_);
    stopped_ = true;
  }
  opener_.request_stop();
  if (opener_.joinable()) opener_.join();
  const std::lock_guard lock(opening_mutex_);
  for (const auto& opening : wanted_) opening->result = base::Result<EnginePointer>(Stopped());
  wanted_.clear();
  opening_changed_.notify_all();
}

base::Result<PastEngines::EnginePointer> PastEngines::Open(const Reign& reign,
                                                           const std::stop_token& stop) const {
  EarlierJournal journal(*parts_.journal, reign.end, stop);
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
