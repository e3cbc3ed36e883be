#include "server/server.h"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "base/thread_priority.h"
#include "center/calendar_notices.h"
#include "center/difference.h"
#include "center/impact.h"
#include "center/load.h"
#include "http/resources/routes.h"
#include "http/server.h"
#include "security/access.h"
#include "server/center_trial.h"
#include "server/drop_box.h"
#include "server/outgoing.h"
#include "server/source_trial.h"
#include "store/embedded/sqlite_meta_store.h"

namespace fansipan::server {
namespace {

constexpr std::uint64_t kMaxDescription = 4ULL << 20U;
constexpr const char* kVersion = "0.1.0";
// Most centers have read everything by then, and open all at once.
constexpr std::chrono::seconds kStartPatience{2};

http::VerificationOutcome ToOutcome(VerificationReport report) {
  http::VerificationOutcome outcome{
      report.deliveries, report.read_again, report.measures, report.moments,
      report.figures,    report.changes,    report.reported, {}};
  for (auto& finding : report.findings) {
    outcome.findings.push_back(
        {std::move(finding.what), std::move(finding.expected), std::move(finding.found)});
  }
  return outcome;
}

}  // namespace

/// Everything that runs, in the order in which it is started; destroyed in reverse.
struct Server::Parts {
  explicit Parts(ServerSettings given) : settings(std::move(given)) {}

  base::Status OpenCenter();
  base::Status OpenAccess();
  base::Status StartHttp();
  base::Status StartDropBox();
  void TellOfCalendars();
  http::RunningCenter MakeRunningCenter();
  base::Result<http::ApplyOutcome> Compare(const std::string& folder, bool apply);
  base::Result<http::FigureTrial> TryFigures(const std::string& folder, std::size_t limit,
                                             const base::Patience& patience);
  base::Result<http::SourceTrial> TrySource(const http::SourceTrialRequest& asked,
                                            const base::Patience& patience);

  ServerSettings settings;
  base::SystemClock clock;
  base::SystemRandom random;
  base::PosixFileSystem files;
  base::MetricsRegistry metrics;
  std::unique_ptr<CenterRuntime> runtime;
  std::unique_ptr<store::MetaStore> meta;
  std::unique_ptr<security::Access> access;
  std::optional<std::string> set_up_token;
  std::shared_ptr<const http::RunningCenter> running;
  std::mutex apply_mutex;
  std::unique_ptr<http::HttpServer> http;
  std::atomic<http::HttpServer*> publisher{
      nullptr};  ///< the committer speaks to it once it is there
  std::unique_ptr<sources::FileDrop> drop_box;
  std::unique_ptr<Outgoing> outgoing;
  std::unique_ptr<sources::ReplayRuns> replays;
  std::unique_ptr<CenterTrials> trials;
  std::unique_ptr<SourceTrials> source_trials;
};

base::Status Server::Parts::OpenCenter() {
  settings.runtime.start_patience = kStartPatience;
  FANSIPAN_ASSIGN_OR_RETURN(
      runtime, CenterRuntime::Open(settings.runtime, {&files, &clock, &random, &metrics},
                                   std::move(settings.center)));
  return runtime->Start([this](const store::JournalEnd&) {
    if (auto* server = publisher.load()) server->Publish(runtime->engine()->snapshot().tick);
  });
}

base::Status Server::Parts::OpenAccess() {
  FANSIPAN_ASSIGN_OR_RETURN(
      meta, store::OpenSqliteMetaStore(settings.runtime.data_folder + "/meta.sqlite"));
  FANSIPAN_ASSIGN_OR_RETURN(
      access,
      security::Access::Open({*meta, clock, random}, security::SecretKey(runtime->key()), {}));
  FANSIPAN_ASSIGN_OR_RETURN(const bool needed, access->set_up().IsNeeded());
  if (!needed) return {};
  FANSIPAN_ASSIGN_OR_RETURN(set_up_token, access->set_up().CreateLink(security::LocalOperator()));
  return {};
}

http::RunningCenter Server::Parts::MakeRunningCenter() {
  http::RunningCenter center;
  center.engine = [this] { return runtime->engine(); };
  center.engine_at = [this](base::Timestamp moment, const base::Patience& patience) {
    return runtime->EngineAt(moment, patience);
  };
  center.eras = [this](const base::Patience& patience) { return runtime->Eras(patience); };
  center.intake = &runtime->intake();
  center.facts = &runtime->facts();
  center.archive = &runtime->archive();
  center.worker = &runtime->worker();
  center.wait_for_facts = [this](model::Sequence sequence, const base::Patience& patience) {
    return runtime->WaitForFacts(sequence, patience);
  };
  center.intake_refusal = [this]() -> std::string {
    return std::string(runtime->committer().refusal());
  };
  center.plan = [this](const std::string& folder) { return Compare(folder, false); };
  center.try_figures = [this](const std::string& folder, std::size_t limit,
                              const base::Patience& patience) {
    return TryFigures(folder, limit, patience);
  };
  center.try_source = [this](const http::SourceTrialRequest& asked,
                             const base::Patience& patience) { return TrySource(asked, patience); };
  center.apply = [this](const std::string& folder) { return Compare(folder, true); };
  center.verify = [this]() -> base::Result<http::VerificationOutcome> {
    FANSIPAN_ASSIGN_OR_RETURN(VerificationReport report, runtime->Verify());
    return ToOutcome(std::move(report));
  };
  center.with_file = [this](const std::string& file, std::string text) {
    auto changed = runtime->engine()->center().files;
    changed[file] = std::move(text);
    return center::LoadCenterFiles(std::move(changed), runtime->parser());
  };
  center.replays = replays.get();
  center.connection = [this](const std::string& source) -> std::optional<sources::Connection> {
    return outgoing ? outgoing->ConnectionOf(source) : std::nullopt;
  };
  return center;
}

/// How the folder's center differs from the running one; `apply`: then switches to it.
base::Result<http::ApplyOutcome> Server::Parts::Compare(const std::string& folder, bool apply) {
  const std::lock_guard lock(apply_mutex);
  http::ApplyOutcome outcome;
  outcome.previous_revision = runtime->engine()->center().revision;
  center::LoadOutcome loaded = center::LoadCenter(folder, runtime->parser());
  outcome.problems = std::move(loaded.problems);
  outcome.revision = outcome.previous_revision;
  if (!loaded.center) return outcome;
  outcome.difference = center::DescribeDifference(runtime->engine()->center(), *loaded.center);
  outcome.touches = center::ImpactsOf(runtime->engine()->center(), *loaded.center);
  outcome.revision = loaded.center->revision;
  if (!apply) return outcome;
  FANSIPAN_RETURN_IF_ERROR(runtime->Apply(loaded.center));
  outgoing->Switch(runtime->engine()->shared_center());
  FANSIPAN_RETURN_IF_ERROR(StartDropBox());
  TellOfCalendars();
  return outcome;
}

/// The running center may be changed meanwhile; the trial then says so.
base::Result<http::FigureTrial> Server::Parts::TryFigures(const std::string& folder,
                                                          std::size_t limit,
                                                          const base::Patience& patience) {
  const center::LoadOutcome loaded = center::LoadCenter(folder, runtime->parser());
  if (loaded.center) return trials->Try(loaded.center, limit, patience);
  return base::Error{base::ErrorCode::kConflict, "folder_changed",
                     "the folder was changed while it was planned; plan again"};
}

base::Result<http::SourceTrial> Server::Parts::TrySource(const http::SourceTrialRequest& asked,
                                                         const base::Patience& patience) {
  if (asked.folder.empty()) {
    return source_trials->Try(runtime->engine()->shared_center(), asked, patience);
  }
  center::LoadOutcome loaded = center::LoadCenter(asked.folder, runtime->parser());
  if (loaded.center) return source_trials->Try(std::move(loaded.center), asked, patience);
  http::SourceTrial shown;
  shown.problems = std::move(loaded.problems);
  return shown;
}

base::Status Server::Parts::StartHttp() {
  http::Services services;
  services.center = [this] { return running; };
  services.access = access.get();
  services.metrics = &metrics;
  services.clock = &clock;
  services.random = &random;
  services.program_version = kVersion;
  services.started_at = clock.Now();
  http::RouteContent content;
  if (!settings.description_file.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(content.description,
                              files.ReadWhole(settings.description_file, kMaxDescription));
  }
  if (!settings.web_folder.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(auto screens, http::StaticFiles::Load(files, settings.web_folder));
    content.screens = std::make_shared<const http::StaticFiles>(std::move(screens));
  }
  http::ServerSettings listen;
  listen.port = settings.port;
  listen.socket_path = settings.runtime.data_folder + "/fansipan.sock";
  FANSIPAN_ASSIGN_OR_RETURN(http, http::HttpServer::Start(listen, services, content));
  publisher = http.get();
  return {};
}

/// Watches the folders of the running center; called again when another one runs.
base::Status Server::Parts::StartDropBox() {
  drop_box.reset();
  const auto center = runtime->engine()->shared_center();
  FANSIPAN_ASSIGN_OR_RETURN(
      drop_box, OpenDropBox(*center, settings.runtime.data_folder, runtime->intake(), clock));
  drop_box->Start();
  return {};
}

/// Until when the running center's calendars are decided, for whoever watches the metrics, and what
/// is to be done about them now.
void Server::Parts::TellOfCalendars() {
  const auto center = runtime->engine()->shared_center();
  for (const auto& [name, calendar] : center->calendars) {
    const auto until = center::DecidedUntil(*center, calendar);
    if (!until) continue;
    const auto seconds = std::chrono::duration<double>(until->time_since_epoch());
    metrics
        .GetGauge("fansipan_calendar_decided_until_seconds",
                  "End of the last year whose special days the calendar has, Unix time",
                  {{"calendar", name}})
        .Set(seconds.count());
  }
  for (const auto& notice : center::CalendarNotices(*center, center::DayAt(*center, clock.Now()))) {
    base::LogWarning("{}", center::ToText(notice));
  }
}

base::Result<std::unique_ptr<Server>> Server::Start(ServerSettings settings) {
  // All that serves is started from here; what may wait is lowered where it starts.
  base::QuickenThread();
  auto parts = std::make_unique<Parts>(std::move(settings));
  FANSIPAN_RETURN_IF_ERROR(parts->OpenCenter());
  FANSIPAN_RETURN_IF_ERROR(parts->OpenAccess());
  parts->outgoing = std::make_unique<Outgoing>(
      Outgoing::Parts{&parts->runtime->intake(), &parts->access->source_secrets(), &parts->clock,
                      &parts->random, &parts->metrics});
  parts->replays = std::make_unique<sources::ReplayRuns>(sources::ReplayRuns::Parts{
      &parts->runtime->intake(), &parts->runtime->facts(), &parts->clock});
  parts->trials = std::make_unique<CenterTrials>(*parts->runtime);
  parts->source_trials = std::make_unique<SourceTrials>(SourceTrials::Parts{
      &parts->access->source_secrets(), &parts->runtime->worker(), &parts->clock});
  parts->running = std::make_shared<const http::RunningCenter>(parts->MakeRunningCenter());
  FANSIPAN_RETURN_IF_ERROR(parts->StartHttp());
  // HTTP listens already, and may be told to apply another center.
  const std::unique_lock applying(parts->apply_mutex);
  FANSIPAN_RETURN_IF_ERROR(parts->StartDropBox());
  parts->outgoing->Switch(parts->runtime->engine()->shared_center());
  parts->TellOfCalendars();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() { Stop(); }

void Server::Stop() {
  if (!parts_) return;
  if (parts_->outgoing) parts_->outgoing->Stop();
  if (parts_->replays) parts_->replays->End();
  if (parts_->trials) parts_->trials->End();
  if (parts_->source_trials) parts_->source_trials->End();
  parts_->drop_box.reset();
  parts_->publisher = nullptr;
  if (parts_->http) parts_->http->Stop();
  if (parts_->runtime) parts_->runtime->Stop();
  parts_.reset();
}

std::uint16_t Server::port() const { return parts_->http->port(); }

const std::optional<std::string>& Server::set_up_token() const { return parts_->set_up_token; }

bool Server::HasSource(std::string_view name) const {
  return parts_->runtime->engine()->center().FindSource(name) != nullptr;
}

}  // namespace fansipan::server
