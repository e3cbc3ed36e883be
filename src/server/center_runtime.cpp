#include "server/center_runtime.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "indicators/restated/restated_verification.h"
#include "server/center_archive.h"
#include "server/past_verification.h"
#include "sources/process_mapping_worker.h"
#include "sources/validation.h"
#include "store/embedded/duckdb_expression_parser.h"
#include "store/embedded/duckdb_fact_store.h"
#include "store/embedded/file_archive.h"
#include "store/embedded/file_journal.h"

namespace fansipan::server {
namespace {

constexpr std::size_t kMaxFindings = 100;

/// The values that a source tells, without what clocks say of them, which stands behind.
std::string ToldBytes(const center::Center& center, const model::Version& version) {
  const model::Dataset* dataset = center.FindDataset(version.dataset);
  model::Row told = version.values;
  if (dataset != nullptr) told.resize(std::min(told.size(), dataset->CountToldColumns()));
  return model::CanonicalBytes(told);
}

}  // namespace

base::Result<std::unique_ptr<CenterRuntime>> CenterRuntime::Open(
    RuntimeSettings settings, Surroundings surroundings,
    std::shared_ptr<const center::Center> center) {
  std::unique_ptr<CenterRuntime> runtime(new CenterRuntime(std::move(settings), surroundings));
  FANSIPAN_RETURN_IF_ERROR(runtime->OpenStores());
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto last, LoadLastCenter(*runtime->journal_, *runtime->archive_, *runtime->parser_));
  if (!center && !last) {
    return base::Error{base::ErrorCode::kInvalidArgument, "no_center",
                       "no center has run in '" + runtime->settings_.data_folder +
                           "' yet; name a center's folder with --center"};
  }
  if (!center) center = last;
  if (!last || last->revision != center->revision) runtime->pending_center_ = center;
  FANSIPAN_RETURN_IF_ERROR(runtime->BuildEngine(std::move(center)));
  return runtime;
}

CenterRuntime::~CenterRuntime() { Stop(); }

base::Status CenterRuntime::OpenStores() {
  base::FileSystem& files = *surroundings_.files;
  const std::string& data = settings_.data_folder;
  FANSIPAN_RETURN_IF_ERROR(files.MakeFolder(data));
  FANSIPAN_ASSIGN_OR_RETURN(
      std::unique_ptr<store::Journal> journal,
      store::FileJournal::Open(files, data + "/journal", *surroundings_.random));
  const store::JournalRecovery& recovery = journal->recovery();
  if (recovery.cut_bytes > 0) {
    base::LogWarning("journal: cut {} bytes at the end of {} that were never acknowledged ({})",
                     recovery.cut_bytes, recovery.cut_file, recovery.cut_reason);
  }
  journal_ =
      settings_.wrap_journal ? settings_.wrap_journal(std::move(journal)) : std::move(journal);
  FANSIPAN_ASSIGN_OR_RETURN(
      key_, store::LoadOrCreateKeyFile(files, data + "/center.key", *surroundings_.random));
  FANSIPAN_ASSIGN_OR_RETURN(archive_, store::FileArchive::Open(files, data + "/archive", key_));
  FANSIPAN_RETURN_IF_ERROR(OpenFacts());
  FANSIPAN_ASSIGN_OR_RETURN(parser_, store::DuckDbExpressionParser::Open());
  sources::ProcessMappingWorker::Options options;
  options.program = settings_.program;
  options.metrics = surroundings_.metrics;
  worker_ = std::make_unique<sources::ProcessMappingWorker>(std::move(options));
  return {};
}

/// The fact store can be rebuilt: one that is damaged, or holds what the journal does not, is put
/// aside and filled again.
base::Status CenterRuntime::OpenFacts() {
  store::DuckDbFactStoreOptions options;
  options.folder = settings_.data_folder + "/facts";
  auto opened = store::DuckDbFactStore::Open(options, *surroundings_.files);
  if (opened.ok()) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t applied, (*opened)->AppliedThrough());
    if (applied <= journal_->End().number) {
      facts_ = *std::move(opened);
      return {};
    }
    base::LogWarning("the fact store holds entries that the journal does not");
  } else if (opened.error().code != base::ErrorCode::kCorrupt) {
    return opened.error();
  } else {
    base::LogWarning("{}", opened.error().message);
  }
  opened = base::Error{};
  const std::string aside = options.folder + ".damaged-" +
                            std::to_string(surroundings_.clock->Now().time_since_epoch().count());
  base::LogWarning("the fact store is put aside as {} and filled again from the journal", aside);
  FANSIPAN_RETURN_IF_ERROR(surroundings_.files->Rename(options.folder, aside));
  FANSIPAN_ASSIGN_OR_RETURN(facts_, store::DuckDbFactStore::Open(options, *surroundings_.files));
  return {};
}

base::Status CenterRuntime::BuildEngine(std::shared_ptr<const center::Center> center) {
  FANSIPAN_ASSIGN_OR_RETURN(
      center, WithMappingRevisions(std::move(center), *journal_, *archive_, *parser_));
  indicators::CellLogPlace place{surroundings_.files, settings_.data_folder + "/cells",
                                 settings_.seal_after};
  past_ = std::make_unique<PastEngines>(
      PastEngines::Parts{journal_.get(), archive_.get(), parser_.get(), place,
                         [this] { return ledger_ ? ledger_->engine() : nullptr; }});
  place.keeps = [past = past_.get()](const std::string& revision) { return past->Keeps(revision); };
  ledger_ = std::make_unique<EngineLedger>(*journal_, *facts_, std::move(place), &past_->turns());
  FANSIPAN_RETURN_IF_ERROR(ledger_->Open(std::move(center)));
  follower_ = std::make_unique<FactFollower>(*journal_, *facts_, *surroundings_.metrics);
  return {};
}

base::Status CenterRuntime::Start(std::function<void(const store::JournalEnd&)> on_published) {
  sources::Committer::Settings commit_settings;
  commit_settings.tick = settings_.tick;
  committer_ = std::make_unique<sources::Committer>(
      sources::Committer::Parts{journal_.get(), ledger_.get(), surroundings_.clock,
                                surroundings_.metrics,
                                [this, publish = std::move(on_published)](const auto& end) {
                                  follower_->Wake();
                                  ShowQueues();
                                  if (publish) publish(end);
                                }},
      commit_settings);
  FANSIPAN_RETURN_IF_ERROR(
      journal_->ReadHeads(1, [&](const store::JournalHead& head) -> base::Status {
        committer_->Recall(head);
        return {};
      }));
  sources::Intake::Parts parts;
  parts.archive = archive_.get();
  parts.facts = facts_.get();
  parts.worker = worker_.get();
  parts.committer = committer_.get();
  parts.clock = surroundings_.clock;
  parts.metrics = surroundings_.metrics;
  parts.center = [this] { return engine()->shared_center(); };
  parts.wait_for_facts = [this](model::Sequence sequence) { return WaitForFacts(sequence); };
  intake_ = std::make_unique<sources::Intake>(std::move(parts));
  FANSIPAN_RETURN_IF_ERROR(follower_->Start());
  if (pending_center_) FANSIPAN_RETURN_IF_ERROR(ledger_->Complete());
  committer_->Start();
  scrub_ = std::jthread([this](const std::stop_token& stop) { Scrub(stop); });
  if (!pending_center_ && !committer_->WaitForStart(settings_.start_patience)) return {};
  committer_->PassTimeNow();
  FANSIPAN_RETURN_IF_ERROR(committer_->CheckOpen());
  if (!pending_center_) return {};
  FANSIPAN_RETURN_IF_ERROR(CommitCenter(std::move(pending_center_)));
  past_->Prepare();
  return {};
}

/// On the committer's thread, after each publication and tick.
void CenterRuntime::ShowQueues() {
  for (const auto& fullness : ledger_->engine()->Queues()) {
    base::QueueGauges(*surroundings_.metrics, fullness.queue, fullness.capacity)
        .SetItems(fullness.items);
  }
}

void CenterRuntime::Scrub(const std::stop_token& stop) {
  const auto scrubbed = journal_->Scrub(stop);
  base::Gauge& damaged = surroundings_.metrics->GetGauge(
      "fansipan_journal_damaged", "1 when a closed segment was found damaged behind the start");
  damaged.Set(scrubbed.ok() ? 0 : 1);
  if (!scrubbed.ok()) base::LogError("{}", scrubbed.error().message);
}

void CenterRuntime::Stop() {
  scrub_ = {};
  if (past_) past_->Stop();
  if (committer_) committer_->Stop();
  if (follower_) follower_->Stop();
}

base::Status CenterRuntime::CommitCenter(std::shared_ptr<const center::Center> center) {
  FANSIPAN_ASSIGN_OR_RETURN(std::string archive_id, ArchiveCenter(*archive_, *center));
  FANSIPAN_ASSIGN_OR_RETURN(
      center, WithMappingRevisions(std::move(center), *journal_, *archive_, *parser_));
  return committer_->CommitCenter(std::move(center), std::move(archive_id));
}

base::Status CenterRuntime::Apply(std::shared_ptr<const center::Center> center) {
  if (center->revision == engine()->center().revision) return {};
  return CommitCenter(std::move(center));
}

/// What is gathered while the journal is read once.
struct CenterRuntime::Verification {
  std::shared_ptr<const indicators::Engine> running;
  std::uint64_t end = 0;   ///< sequence: what is recorded later is left out
  base::Timestamp moment;  ///< at which the running center's rules are compared
  indicators::PlainEvaluator plain;
  bool is_reckoned = true;  ///< by the running center's clocks, all that was recorded by then
  bool has_versions = false;
  model::AcceptedByDelivery accepted;  ///< by the decisions recorded up to the entry
  VerificationReport report;
};

base::Result<VerificationReport> CenterRuntime::Verify() {
  const auto running = engine();
  const model::Snapshot snapshot = running->snapshot();
  const base::Timestamp newest = snapshot.tick - base::Duration(1);
  FANSIPAN_ASSIGN_OR_RETURN(const auto eras, Eras());
  PastVerification past(eras, newest, *surroundings_.random);
  FANSIPAN_RETURN_IF_ERROR(past.Begin());
  Verification verification{running, snapshot.sequence.value,
                            newest,  indicators::PlainEvaluator(running->shared_center()),
                            true,    false,
                            {}};
  FANSIPAN_RETURN_IF_ERROR(journal_->Read(1, [&](const store::JournalEntry& entry) -> base::Status {
    past.Add(entry);
    return VerifyEntry(entry, verification);
  }));
  FANSIPAN_RETURN_IF_ERROR(VerifyRunning(verification));
  FANSIPAN_RETURN_IF_ERROR(past.Finish(kMaxFindings));
  VerificationReport& report = verification.report;
  report.measures = past.measures();
  report.moments = past.moments();
  report.figures = past.figures();
  report.changes = past.changes();
  std::ranges::move(past.findings(), std::back_inserter(report.findings));
  return std::move(report);
}

/// Deliveries against their payloads.
base::Status CenterRuntime::VerifyEntry(const store::JournalEntry& entry,
                                        Verification& verification) {
  if (entry.LastSequence().value > verification.end) return {};
  verification.plain.Add(entry);
  for (const auto& decision : entry.decisions) model::Note(decision, verification.accepted);
  if (!entry.centers.empty()) verification.is_reckoned = !verification.has_versions;
  for (const auto& committed : entry.deliveries) {
    verification.has_versions = verification.has_versions || !committed.versions.empty();
    const bool ends_reckoning = committed.delivery.source == model::kCenterSource &&
                                !committed.delivery.idempotency_key.empty();
    if (ends_reckoning) verification.is_reckoned = entry.recorded_at <= verification.moment;
    const model::Delivery& delivery = committed.delivery;
    const model::AcceptedRows accepted =
        model::AcceptedOf(verification.accepted, delivery.replay_of.value_or(delivery.sequence));
    FANSIPAN_RETURN_IF_ERROR(VerifyDelivery(committed, accepted, verification.report));
  }
  return {};
}

/// By the running center's rules what cells have no part in.
base::Status CenterRuntime::VerifyRunning(Verification& verification) {
  VerificationReport& report = verification.report;
  const indicators::PlainEvaluator& plain = verification.plain;
  const auto take = [&](std::vector<indicators::Finding> findings) {
    std::ranges::move(findings, std::back_inserter(report.findings));
  };
  if (verification.is_reckoned) take(plain.CompareClocks(verification.moment, kMaxFindings));
  return verification.running->Read(verification.moment, [&](const indicators::View& view) {
    take(indicators::CompareRestated(view, plain, kMaxFindings));
    take(indicators::CompareReported(view, plain, kMaxFindings));
    const auto& indicators = view.center->indicators;
    report.reported = static_cast<std::uint64_t>(std::ranges::count_if(
        indicators, [](const auto& indicator) { return indicator.reported.has_value(); }));
  });
}

base::Status CenterRuntime::VerifyDelivery(const store::CommittedDelivery& committed,
                                           const model::AcceptedRows& accepted,
                                           VerificationReport& report) {
  const model::Delivery& delivery = committed.delivery;
  // Of the center's own text nothing is mapped; what its clocks say is compared with the records.
  if (delivery.source == model::kCenterSource) return {};
  ++report.deliveries;
  const std::string name = "delivery " + std::to_string(delivery.sequence.value);
  auto payload = archive_->Get(delivery.archive_id);
  if (!payload.ok()) {
    report.findings.push_back(
        {name, "archived payload " + delivery.archive_id, payload.error().message});
    return {};
  }
  const std::string hash = base::ToHex(base::Sha256(*payload));
  if (hash != delivery.payload_sha256) {
    report.findings.push_back({name + " payload", delivery.payload_sha256, hash});
    return {};
  }
  const auto center = engine()->shared_center();
  const center::Source* source = center->FindSource(delivery.source);
  const bool same_mapping =
      source != nullptr && delivery.outcome == "accepted" &&
      std::all_of(source->mappings.begin(), source->mappings.end(), [&](const auto& mapping) {
        return mapping.revision <= delivery.mapping_revision.value;
      });
  if (same_mapping) CompareAgain(committed, *source, *std::move(payload), accepted, report);
  return {};
}

/// Maps the payload again and looks for each recorded version among what comes out.
void CenterRuntime::CompareAgain(const store::CommittedDelivery& committed,
                                 const center::Source& source, std::string payload,
                                 const model::AcceptedRows& accepted, VerificationReport& report) {
  const auto center = engine()->shared_center();
  const std::string name =
      "delivery " + std::to_string(committed.delivery.sequence.value) + " read again";
  auto mapped =
      worker_->Map({&source, center.get(), std::move(payload), committed.delivery.received_at});
  if (!mapped.ok()) {
    report.findings.push_back({name, "rows as recorded", mapped.error().message});
    return;
  }
  ++report.read_again;
  const auto validated = sources::Validate(*std::move(mapped), *center, source,
                                           committed.delivery.received_at, accepted);
  std::map<std::pair<std::string, std::uint32_t>, std::string> rows;
  for (const model::Version& version : validated.versions) {
    rows[{version.dataset, version.row}] = ToldBytes(*center, version);
  }
  const model::Sequence original =
      committed.delivery.replay_of.value_or(committed.delivery.sequence);
  for (const model::Version& version : committed.versions) {
    // What a late row made clocks say of another delivery's row is in no row of this one.
    if (version.delivery != original) continue;
    const bool withdrawn_by_replay = committed.delivery.replay_of && version.withdrawn;
    const auto again = rows.find({version.dataset, version.row});
    const bool same = again != rows.end() && again->second == ToldBytes(*center, version);
    if (same || withdrawn_by_replay) continue;
    report.findings.push_back(
        {name + ", " + version.dataset + " row " + std::to_string(version.row),
         "the values of version " + std::to_string(version.sequence.value),
         again == rows.end() ? "no such row" : "other values"});
  }
}

}  // namespace fansipan::server
