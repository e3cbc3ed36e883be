#include "server/engine_ledger.h"

#include <utility>

#include "base/log.h"
#include "server/past_engines.h"

namespace fansipan::server {
namespace {

/// Figures that lack more of what is recorded are not shown before they have it.
constexpr std::uint64_t kRowsBehind = 100'000;
/// Looked at between two groups of deliveries, which wait so long: some milliseconds.
constexpr std::size_t kReckonedAtOnce = 2'000;

}  // namespace

std::shared_ptr<const indicators::Engine> EngineLedger::engine() const {
  const std::lock_guard lock(mutex_);
  return engine_;
}

void EngineLedger::Begin(base::Timestamp recorded_at) { engine_->Begin(recorded_at); }

bool EngineLedger::Knows(const model::Version& version) { return engine_->Knows(version); }

std::optional<sources::Ledger::Current> EngineLedger::FindCurrent(const model::Version& version) {
  const auto current = engine_->FindCurrent(version);
  if (!current) return std::nullopt;
  return Current{current->place.delivery, current->place.revision, current->withdrawn};
}

void EngineLedger::Reckon(model::Version& version) { engine_->Reckon(version); }

std::optional<model::Version> EngineLedger::ReckonAgain(const model::Version& version) {
  return engine_->ReckonAgain(version);
}

std::optional<std::vector<model::Version>> EngineLedger::ReckonNext() {
  return engine_->ReckonNext(kReckonedAtOnce);
}

void EngineLedger::ReckonFromStart() { engine_->ReckonFromStart(); }

model::Standing EngineLedger::StageReckoned(const model::Version& version) {
  return engine_->Stage(version, indicators::Cause::kRedefined);
}

model::Standing EngineLedger::Stage(const model::Version& version) {
  return engine_->Stage(version);
}

void EngineLedger::Rollback() { engine_->Rollback(); }

void EngineLedger::Publish(const store::JournalEntry& entry) { engine_->Publish(entry); }

void EngineLedger::Advance(base::Timestamp moment) { engine_->Advance(moment); }

std::shared_ptr<const center::Center> EngineLedger::center() { return engine_->shared_center(); }

void EngineLedger::Replace(std::shared_ptr<indicators::Engine> next) {
  const std::lock_guard lock(mutex_);
  engine_ = std::move(next);
}

base::Status EngineLedger::Open(std::shared_ptr<const center::Center> center) {
  FANSIPAN_RETURN_IF_ERROR(facts_.Declare(center->datasets, journal_.End().number));
  FANSIPAN_ASSIGN_OR_RETURN(std::shared_ptr<indicators::Engine> opened,
                            indicators::Engine::Open(std::move(center), journal_, cell_log_));
  const bool is_far_behind = opened->behind() > kRowsBehind;
  Replace(std::move(opened));
  return is_far_behind ? Complete() : base::Status();
}

base::Status EngineLedger::Complete() {
  auto completed = engine_->Complete(journal_);
  if (completed.ok() || completed.error().reason != "cell_log") return completed;
  base::LogWarning("cell log: {}", completed.error().message);
  engine_->CloseLog();
  FANSIPAN_ASSIGN_OR_RETURN(
      std::shared_ptr<indicators::Engine> next,
      indicators::Engine::Rebuild(engine_->shared_center(), journal_, cell_log_));
  Replace(std::move(next));
  return {};
}

base::Status EngineLedger::Switch(std::shared_ptr<const center::Center> center) {
  FANSIPAN_RETURN_IF_ERROR(facts_.Declare(center->datasets, journal_.End().number));
  // The past of a former center may just be computed into the log that is gone on with here. Given
  // back when the new engine can be found, which then answers for that past, too.
  std::optional<LogTurns::Turn> turn;
  if (turns_ != nullptr) turn.emplace(turns_->Take(center->revision));
  if (engine_) CloseEra();
  FANSIPAN_ASSIGN_OR_RETURN(std::shared_ptr<indicators::Engine> next,
                            indicators::Engine::Restore(std::move(center), journal_, cell_log_));
  if (engine_) next->Advance(engine_->snapshot().tick);
  Replace(std::move(next));
  return {};
}

/// Everything up to the change passes under the rules that held until then. The next engine may be
/// of the same center and go on with the same file.
void EngineLedger::CloseEra() {
  const base::Timestamp end = journal_.End().recorded_at;
  engine_->Advance(end);
  engine_->CloseLog();
  const auto noted = PastEngines::NoteEnd(cell_log_, *engine_, end);
  if (!noted.ok()) base::LogWarning("{}", noted.error().message);
}

}  // namespace fansipan::server
