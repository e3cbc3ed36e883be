#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "indicators/engine.h"
#include "server/log_turns.h"
#include "sources/committer.h"
#include "store/fact_store.h"
#include "store/journal.h"

namespace fansipan::server {

/// The committer's ledger, kept by the indicators' engine. A change of center builds a new engine
/// from the journal, and from the new center's cell log when there is one, beside the running one
/// and then switches whole; readers of the old one finish undisturbed. `engine()` is safe from any
/// thread, all else is the committer's.
class EngineLedger final : public sources::Ledger {
 public:
  /// `turns`: who else writes in the place; null: nobody does.
  EngineLedger(store::Journal& journal, store::FactStore& facts, indicators::CellLogPlace cell_log,
               LogTurns* turns = nullptr)
      : journal_(journal), facts_(facts), cell_log_(std::move(cell_log)), turns_(turns) {}

  /// Makes `center` the running one at the start. It can be read at once, and once Complete has
  /// returned it can be written.
  base::Status Open(std::shared_ptr<const center::Center> center);
  std::shared_ptr<const indicators::Engine> engine() const;

  void Begin(base::Timestamp recorded_at) override;
  bool Knows(const model::Version& version) override;
  std::optional<Current> FindCurrent(const model::Version& version) override;
  void Reckon(model::Version& version) override;
  model::Standing Stage(const model::Version& version) override;
  std::optional<model::Version> ReckonAgain(const model::Version& version) override;
  std::optional<std::vector<model::Version>> ReckonNext() override;
  void ReckonFromStart() override;
  model::Standing StageReckoned(const model::Version& version) override;
  void Rollback() override;
  void Publish(const store::JournalEntry& entry) override;
  void Advance(base::Timestamp moment) override;
  base::Status Complete() override;
  base::Status Switch(std::shared_ptr<const center::Center> center) override;
  std::shared_ptr<const center::Center> center() override;

 private:
  void CloseEra();
  void Replace(std::shared_ptr<indicators::Engine> next);

  store::Journal& journal_;
  store::FactStore& facts_;
  const indicators::CellLogPlace cell_log_;
  LogTurns* const turns_;
  mutable std::mutex mutex_;  ///< guards the pointer alone
  std::shared_ptr<indicators::Engine> engine_;
};

}  // namespace fansipan::server
