#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/metrics.h"
#include "center/center.h"
#include "center/testing/sample_center.h"
#include "http/application.h"
#include "http/services.h"
#include "indicators/engine.h"
#include "security/testing/access_fixture.h"
#include "sources/committer.h"
#include "sources/intake.h"
#include "sources/mapping_worker.h"
#include "sources/quarantine/replay_run.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"
#include "store/testing/memory_archive.h"

namespace fansipan::http::testing {

/// Rows of the sample center's dataset "case", split at ";" behind one line of header; a line of
/// another width is refused. Not for product code.
class LineWorker final : public sources::MappingWorker {
 public:
  base::Result<sources::MappedDelivery> Map(const sources::MappingJob& job) override;
  base::Result<sources::LocatedRows> Locate(const sources::MappingJob& job,
                                            const std::vector<std::uint32_t>& raw_rows) override;
  base::Result<std::string> DropBodies(const sources::MappingJob& job) override {
    return job.payload;
  }
};

/// The committer's ledger over one engine that is never replaced.
class PlainLedger final : public sources::Ledger {
 public:
  explicit PlainLedger(std::shared_ptr<indicators::Engine> engine) : engine_(std::move(engine)) {}
  void Begin(base::Timestamp recorded_at) override { engine_->Begin(recorded_at); }
  bool Knows(const model::Version& version) override { return engine_->Knows(version); }
  std::optional<Current> FindCurrent(const model::Version& version) override;
  model::Standing Stage(const model::Version& version) override { return engine_->Stage(version); }
  void Rollback() override { engine_->Rollback(); }
  void Publish(const store::JournalEntry& entry) override { engine_->Publish(entry); }
  void Advance(base::Timestamp moment) override { engine_->Advance(moment); }
  base::Status Complete() override { return {}; }
  base::Status Switch(std::shared_ptr<const center::Center>) override { return {}; }
  std::shared_ptr<const center::Center> center() override { return engine_->shared_center(); }

 private:
  std::shared_ptr<indicators::Engine> engine_;
};

/// The sample center of the center's own tests, running on fakes in memory, with an administrator
/// "quanly", a viewer "lan" and a push token of source "case_system". Its clock stands still.
class SampleServices {
 public:
  explicit SampleServices(center::testing::Files files = center::testing::SampleCenter());
  ~SampleServices();

  Services services();
  /// One line of a case's columns, e.g. number "H1", open since 2026-06-01.
  static std::string CaseLine(const std::string& number, const std::string& updated_at,
                              const std::string& finished_at = "", const std::string& fee = "");
  static std::string Payload(const std::vector<std::string>& lines);
  /// Delivers three cases, one of them twice, and a row that is quarantined.
  model::Sequence DeliverSample();
  /// A moment later everything recorded is published.
  void Advance(base::Duration step);

  /// Called after each entry and tick from now on.
  void SetOnPublished(std::function<void()> on_published);

  std::string ViewerCookie();
  std::string AdministratorCookie();

  security::AccessFixture access;
  base::MetricsRegistry metrics;
  std::shared_ptr<const center::Center> center;
  std::string push_token;
  std::shared_ptr<store::FakeJournal> journal = std::make_shared<store::FakeJournal>();
  store::FakeFactStore facts;
  store::MemoryArchive archive;
  LineWorker worker;
  std::shared_ptr<indicators::Engine> engine;
  std::unique_ptr<PlainLedger> ledger;
  std::unique_ptr<sources::Committer> committer;
  std::unique_ptr<sources::Intake> intake;
  std::unique_ptr<sources::ReplayRuns> replays;
  bool loaded = true;
  /// Stands before each question to the fact store, when set. Before the first request.
  std::function<base::Status(const base::Patience&)> before_facts;
  /// Called when a source is tried; an error is the trial's.
  std::function<base::Status(const base::Patience&)> before_trial;

 private:
  void AddTrials();
  void AddMending();
  base::Status FollowJournal();

  std::mutex follow_mutex_;
  std::mutex published_mutex_;
  std::function<void()> on_published_;  // guarded by published_mutex_
  std::shared_ptr<RunningCenter> running_;
};

/// Asks an application without any socket.
Response Ask(const Application& application, Request request);
/// A GET from another machine's browser, without credentials.
Request Get(const std::string& target);

}  // namespace fansipan::http::testing
