#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "center/center.h"
#include "indicators/verification.h"
#include "model/expression.h"
#include "server/engine_ledger.h"
#include "server/fact_follower.h"
#include "server/past_engines.h"
#include "sources/committer.h"
#include "sources/intake.h"
#include "sources/mapping_worker.h"
#include "store/archive.h"
#include "store/embedded/key_file.h"
#include "store/fact_store.h"
#include "store/journal.h"

namespace fansipan::server {

struct RuntimeSettings {
  std::string data_folder;
  std::string program;  ///< this binary, started again as worker
  std::chrono::milliseconds tick{1'000};
  std::uint64_t seal_after = 1'000'000;  ///< deltas between seals of the cell log
  /// Figures are shown after this time even though the start has not read all that intake needs.
  std::chrono::milliseconds start_patience = std::chrono::hours(24);
  /// Stands between the committer and the journal; for tests of what happens when it misbehaves.
  std::function<std::unique_ptr<store::Journal>(std::unique_ptr<store::Journal>)> wrap_journal;
};

/// What the outside world is to a runtime. All must outlive it.
struct Surroundings {
  base::FileSystem* files = nullptr;
  const base::Clock* clock = nullptr;
  base::RandomSource* random = nullptr;
  base::MetricsRegistry* metrics = nullptr;
};

/// What `verify` looked at and what it found.
struct VerificationReport {
  std::uint64_t deliveries = 0;  ///< payloads read back and hashed
  std::uint64_t read_again = 0;  ///< of them mapped and validated again
  std::uint64_t measures = 0;    ///< compared cell by cell
  std::uint64_t moments = 0;     ///< past moments, of several centers, at which that was done
  std::uint64_t figures = 0;     ///< computed again at these moments
  std::uint64_t changes = 0;     ///< told cause by cause, and summed up
  std::uint64_t reported = 0;    ///< indicators compared value by value
  std::vector<indicators::Finding> findings;
};

/// A center that runs, without faces: journal, archive, stores, engine and intake in one data
/// folder, started and stopped in order. Threads: the committer's, the fact follower's, and one
/// that verifies the journal's closed segments behind the start. One process has a data folder at a
/// time.
class CenterRuntime {
 public:
  /// Opens the stores and recovers. `center` null: the last one that ran here. Errors name what
  /// must be done.
  static base::Result<std::unique_ptr<CenterRuntime>> Open(
      RuntimeSettings settings, Surroundings surroundings,
      std::shared_ptr<const center::Center> center);
  ~CenterRuntime();

  base::Status Start(std::function<void(const store::JournalEnd&)> on_published);
  void Stop();

  /// Makes the center the running one, in one step; nothing happens when it is running already.
  base::Status Apply(std::shared_ptr<const center::Center> center);
  /// Recomputes everything from archived bytes and recorded versions, row by row.
  base::Result<VerificationReport> Verify();

  std::shared_ptr<const indicators::Engine> engine() const { return ledger_->engine(); }
  /// The engine that answers for a moment: by the center that ran then.
  base::Result<std::shared_ptr<const indicators::Engine>> EngineAt(
      base::Timestamp moment, const base::Patience& patience = {}) {
    return past_->EngineAt(moment, engine(), patience);
  }
  /// All times in which a center ran, the running one last.
  base::Result<std::vector<indicators::Era>> Eras(const base::Patience& patience = {}) {
    return past_->Eras(engine(), patience);
  }
  sources::Intake& intake() { return *intake_; }
  sources::Committer& committer() { return *committer_; }
  sources::MappingWorker& worker() { return *worker_; }
  store::FactStore& facts() { return *facts_; }
  store::Archive& archive() { return *archive_; }
  store::Journal& journal() { return *journal_; }
  const model::ExpressionParser& parser() const { return *parser_; }
  const store::SecretKey& key() const { return key_; }
  base::Status WaitForFacts(model::Sequence sequence, const base::Patience& patience = {}) {
    return follower_->WaitFor(sequence, patience);
  }

 private:
  CenterRuntime(RuntimeSettings settings, Surroundings surroundings)
      : settings_(std::move(settings)), surroundings_(surroundings) {}
  base::Status OpenStores();
  base::Status OpenFacts();
  base::Status BuildEngine(std::shared_ptr<const center::Center> center);
  base::Status CommitCenter(std::shared_ptr<const center::Center> center);
  void ShowQueues();
  void Scrub(const std::stop_token& stop);
  base::Status VerifyDelivery(const store::CommittedDelivery& committed,
                              const model::AcceptedRows& accepted, VerificationReport& report);
  struct Verification;
  base::Status VerifyEntry(const store::JournalEntry& entry, Verification& verification);
  base::Status VerifyRunning(Verification& verification);
  void CompareAgain(const store::CommittedDelivery& committed, const center::Source& source,
                    std::string payload, const model::AcceptedRows& accepted,
                    VerificationReport& report);

  const RuntimeSettings settings_;
  const Surroundings surroundings_;
  store::SecretKey key_{};
  std::unique_ptr<model::ExpressionParser> parser_;
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<store::Archive> archive_;
  std::unique_ptr<store::FactStore> facts_;
  std::unique_ptr<sources::MappingWorker> worker_;
  std::unique_ptr<PastEngines> past_;  ///< the ledger's engine asks it
  std::unique_ptr<EngineLedger> ledger_;
  std::unique_ptr<FactFollower> follower_;
  std::unique_ptr<sources::Committer> committer_;
  std::unique_ptr<sources::Intake> intake_;
  std::shared_ptr<const center::Center> pending_center_;  ///< to be recorded at Start
  std::jthread scrub_;                                    ///< ends before what it reads
};

}  // namespace fansipan::server
