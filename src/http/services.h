#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/patience.h"
#include "base/random.h"
#include "base/result.h"
#include "center/impact.h"
#include "center/load.h"
#include "http/figure_trial.h"
#include "http/source_trial.h"
#include "indicators/changes/figure_change.h"
#include "indicators/engine.h"
#include "model/record.h"
#include "security/access.h"
#include "sources/connectors/connection.h"
#include "sources/intake.h"
#include "sources/mapping_worker.h"
#include "sources/quarantine/replay_run.h"
#include "store/archive.h"
#include "store/fact_store.h"

namespace fansipan::http {

/// What became of a folder that was to be the running center, or to be compared with it: how it
/// differs, or its problems.
struct ApplyOutcome {
  std::string revision;
  std::string previous_revision;
  std::vector<std::string> difference;  ///< what is declared otherwise, for people
  std::vector<center::Problem> problems;
  std::vector<center::Impact> touches;  ///< what new events of units touch
};

struct VerificationFinding {
  std::string what;
  std::string expected;
  std::string found;
};

/// What a recomputation looked at, and where it disagrees.
struct VerificationOutcome {
  std::uint64_t deliveries = 0;
  std::uint64_t read_again = 0;
  std::uint64_t measures = 0;
  std::uint64_t moments = 0;
  std::uint64_t figures = 0;
  std::uint64_t changes = 0;
  std::uint64_t reported = 0;
  std::vector<VerificationFinding> findings;
};

/// A center that is loaded, with everything that handlers ask of it. What it names outlives it and
/// is safe from any thread.
struct RunningCenter {
  std::function<std::shared_ptr<const indicators::Engine>()> engine;
  /// The engine that answers for a past moment, by the rules of the center that ran then.
  std::function<base::Result<std::shared_ptr<const indicators::Engine>>(base::Timestamp,
                                                                        const base::Patience&)>
      engine_at;
  /// The times in which a center ran, the running one last. Opening their engines, too, ends with
  /// the patience.
  std::function<base::Result<std::vector<indicators::Era>>(const base::Patience&)> eras;
  sources::Intake* intake = nullptr;
  store::FactStore* facts = nullptr;
  store::Archive* archive = nullptr;
  sources::MappingWorker* worker = nullptr;
  /// Returns once the fact store holds everything up to the sequence.
  std::function<base::Status(model::Sequence, const base::Patience&)> wait_for_facts;
  /// Why intake refuses ("storage_full", "sync_failed"); empty: it is open.
  std::function<std::string()> intake_refusal;
  /// Checks the folder and says how it differs.
  std::function<base::Result<ApplyOutcome>(const std::string& folder)> plan;
  /// What figures the folder's center, which plan found no problem in, would tell; at most `limit`
  /// of those that differ. May take minutes; ends with the patience.
  std::function<base::Result<FigureTrial>(const std::string& folder, std::size_t limit,
                                          const base::Patience&)>
      try_figures;
  /// Asks a source once and shows what came; records nothing. Errors: kNotFound unknown_source,
  /// kConflict trial_running, those of sources::FetchOnce.
  std::function<base::Result<SourceTrial>(const SourceTrialRequest&, const base::Patience&)>
      try_source;
  /// Checks the folder and switches to it, or changes nothing.
  std::function<base::Result<ApplyOutcome>(const std::string& folder)> apply;
  std::function<base::Result<VerificationOutcome>()> verify;
  /// The running center with another text in one of its files, or what is wrong with it.
  std::function<center::LoadOutcome(const std::string& file, std::string text)> with_file;
  sources::ReplayRuns* replays = nullptr;
  /// How the connector of a source stands with it; nothing when it has none that asks. May be null.
  std::function<std::optional<sources::Connection>(const std::string& source)> connection;
};

/// Everything the routes stand on. What is named outlives the server.
struct Services {
  /// Null while the center is being loaded: then only health, screens and metrics answer.
  std::function<std::shared_ptr<const RunningCenter>()> center;
  security::Access* access = nullptr;
  base::MetricsRegistry* metrics = nullptr;
  const base::Clock* clock = nullptr;
  base::RandomSource* random = nullptr;
  std::string program_version;
  base::Timestamp started_at{};
};

}  // namespace fansipan::http
