#include "sources/intake.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "center/source_contract.h"
#include "model/days.h"
#include "sources/contract/control_tally.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kReportedRows = 100;
// Fewer than the threads that take pushes, so that no source holds them all.
constexpr std::size_t kUnderWayOfOneSource = 6;
constexpr int kAttempts = 5;

base::Histogram& StageSeconds(base::MetricsRegistry& metrics, const std::string& stage) {
  return metrics.GetHistogram("fansipan_stage_seconds", "Time a stage of intake takes",
                              {{"stage", stage}});
}

/// What the work gives; how long it took, also when it failed, is observed.
template <typename Work>
auto Timed(base::Histogram& seconds, Work work) {
  const base::ScopedTimer timer(seconds);
  return work();
}

/// Failures of the declared mapping, not of the payload: such a delivery is kept, to be read again.
bool IsMappingFailure(const base::Error& error) {
  constexpr std::array kReasons = {"mapping_failed",    "worker_out_of_memory",
                                   "worker_deadline",   "worker_crashed",
                                   "workbook_deadline", "workbook_out_of_memory"};
  return std::find(kReasons.begin(), kReasons.end(), error.reason) != kReasons.end();
}

/// The latest moment up to `now` that the rows speak of, in the column that the source declares for
/// it.
std::optional<base::Timestamp> DataAsOf(const center::Center& center, const center::Source& source,
                                        const std::vector<model::Version>& versions,
                                        base::Timestamp now) {
  const std::size_t dot = source.data_as_of.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string dataset_name = source.data_as_of.substr(0, dot);
  const model::Dataset* dataset = center.FindDataset(dataset_name);
  const auto column =
      dataset ? dataset->FindColumn(source.data_as_of.substr(dot + 1)) : std::nullopt;
  if (!column) return std::nullopt;
  std::optional<base::Timestamp> latest;
  for (const model::Version& version : versions) {
    if (version.dataset != dataset_name) continue;
    const auto moment = model::MomentOf(version.values[*column], center.time_zone);
    if (moment && *moment <= now && (!latest || *latest < *moment)) latest = moment;
  }
  return latest;
}

std::uint32_t LatestRevision(const center::Source& source) {
  std::uint32_t latest = 1;
  for (const center::Mapping& mapping : source.mappings) {
    latest = std::max(latest, mapping.revision);
  }
  return latest;
}

/// A replay says anew what reconciles; how its payload is written was said when it came.
void SetContract(std::optional<model::ControlTotals> control,
                 std::vector<model::ColumnProfile> profile, model::Delivery& delivery) {
  model::ContractFacts facts = std::move(delivery.contract).value_or(model::ContractFacts());
  facts.control = std::move(control);
  facts.profile.clear();
  if (!delivery.replay_of) facts.profile = std::move(profile);
  delivery.contract = facts.IsEmpty() ? std::nullopt : std::optional(std::move(facts));
}

DeliveryReport ToReport(RecordedDelivery recorded) {
  DeliveryReport report{std::move(recorded.delivery), std::move(recorded.quarantined),
                        recorded.already_recorded};
  if (report.quarantined.size() > kReportedRows) report.quarantined.resize(kReportedRows);
  return report;
}

/// Told before anything is read or archived; the committer looks again, for those at once.
base::Error KeyReused(const std::string& key, model::Sequence earlier) {
  return {base::ErrorCode::kConflict, "idempotency_key_reused",
          "idempotency key '" + key + "' belongs to delivery " + std::to_string(earlier.value) +
              " with another body; use a new key"};
}

bool DropsBodies(const center::Source& source) {
  return source.format == center::Format::kEdxml && !source.keep_bodies;
}

base::Error ReadAgainAlready(model::Sequence root) {
  return {base::ErrorCode::kUnavailable, "intake_busy",
          "delivery " + std::to_string(root.value) +
              " is being read again already; ask again when that is done"};
}

base::Error UnknownSource(const std::string& name) {
  return {base::ErrorCode::kNotFound, "unknown_source",
          "the center declares no source '" + name + "'"};
}

}  // namespace

Intake::Intake(Parts parts)
    : parts_(std::move(parts)),
      map_seconds_(StageSeconds(*parts_.metrics, "map")),
      validate_seconds_(StageSeconds(*parts_.metrics, "validate")),
      archive_seconds_(StageSeconds(*parts_.metrics, "archive")),
      keep_seconds_(StageSeconds(*parts_.metrics, "keep")),
      commit_seconds_(StageSeconds(*parts_.metrics, "commit")) {}

base::Result<PendingDelivery> Intake::Prepare(const center::Center& center,
                                              const center::Source& source,
                                              model::Delivery delivery, std::string payload,
                                              const model::AcceptedRows& accepted, Beside& beside) {
  MappingJob job{&source, &center, std::move(payload), delivery.received_at, {}};
  std::optional<base::Result<std::unique_ptr<store::Archive::Draft>>> draft;
  job.on_failed_profile = [&](std::vector<model::ColumnProfile> profile) {
    beside.failed_profile = std::move(profile);
  };
  if (!delivery.replay_of) {
    job.meanwhile = [&] {
      draft = Timed(archive_seconds_, [&] { return parts_.archive->Begin(job.payload); });
    };
  }
  FANSIPAN_ASSIGN_OR_RETURN(MappedDelivery mapped,
                            Timed(map_seconds_, [&] { return parts_.worker->Map(job); }));
  AddTold(source, delivery, beside, mapped.told);
  std::vector<model::ColumnProfile> profile = std::move(mapped.profile);
  ValidatedDelivery validated = Timed(validate_seconds_, [&] {
    return Validate(std::move(mapped), center, source, delivery.received_at, accepted);
  });
  PendingDelivery pending;
  pending.delivery = std::move(delivery);
  pending.delivery.format = center::NameOf(source.format);
  pending.delivery.mapping_revision = {LatestRevision(source)};
  pending.delivery.outcome = "accepted";
  pending.delivery.counts = validated.counts;
  pending.delivery.old_codes = validated.old_codes;
  SetContract(std::move(validated.control), std::move(profile), pending.delivery);
  pending.delivery.data_as_of =
      DataAsOf(center, source, validated.versions, pending.delivery.received_at);
  pending.versions = std::move(validated.versions);
  for (model::Version& version : pending.versions) {
    version.mapping_revision = {source.MappingRevisionOf(version.dataset)};
  }
  pending.quarantined = std::move(validated.quarantined);
  pending.center_revision = center.revision;
  if (pending.delivery.replay_of) return pending;
  if (!draft) draft = parts_.archive->Begin(job.payload);
  if (!draft->ok()) return draft->error();
  FANSIPAN_ASSIGN_OR_RETURN(pending.delivery.archive_id,
                            Timed(keep_seconds_, [&] { return (**draft)->Keep(); }));
  return pending;
}

/// What was told beside the payload; of a replay, when that came.
void Intake::AddTold(const center::Source& source, const model::Delivery& delivery,
                     const Beside& beside, ToldTotals& told) {
  const auto& totals = center::ContractOf(source).control_totals;
  if (!totals) return;
  if (delivery.contract) told.before = delivery.contract->control;
  const auto places = center::PlacesOf(*totals);
  told.texts.resize(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i]->is_in_payload()) continue;
    const auto found = beside.told.find(places[i]->ToldName());
    if (found != beside.told.end()) told.texts[i] = found->second;
  }
}

/// What was told beside a payload whose mapping failed, against which nothing was accepted: its
/// replay is held against it. Nothing where nothing was told beside it.
std::optional<model::ControlTotals> Intake::ToldOfRefused(const center::Source& source,
                                                          const model::Delivery& delivery,
                                                          const Beside& beside) {
  ToldTotals told;
  AddTold(source, delivery, beside, told);
  const bool any =
      std::ranges::any_of(told.texts, [](const auto& text) { return text.has_value(); });
  if (!any) return std::nullopt;
  return ControlTally(source, told).Reconcile({}, {});
}

class Intake::Passage {
 public:
  Passage(Intake& intake, const std::string& source) : intake_(intake), source_(source) {
    const std::lock_guard lock(intake_.under_way_mutex_);
    std::size_t& mine = intake_.under_way_[source_];
    granted_ = mine < kUnderWayOfOneSource;
    if (granted_) ++mine;
    intake_.ShowUnderWay(source_, mine);
  }
  ~Passage() {
    if (!granted_) return;
    const std::lock_guard lock(intake_.under_way_mutex_);
    const std::size_t left = --intake_.under_way_[source_];
    intake_.ShowUnderWay(source_, left);
    if (left == 0) intake_.under_way_.erase(source_);
  }
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  bool granted() const { return granted_; }

 private:
  Intake& intake_;
  const std::string source_;
  bool granted_ = false;
};

/// A delivery that is being read again, from construction to destruction.
class Intake::Rereading {
 public:
  Rereading(Intake& intake, model::Sequence root) : intake_(intake), root_(root) {
    const std::lock_guard lock(intake_.under_way_mutex_);
    granted_ = intake_.read_again_.insert(root_).second;
  }
  ~Rereading() {
    const std::lock_guard lock(intake_.under_way_mutex_);
    if (granted_) intake_.read_again_.erase(root_);
  }
  Rereading(const Rereading&) = delete;
  Rereading& operator=(const Rereading&) = delete;
  bool granted() const { return granted_; }

 private:
  Intake& intake_;
  const model::Sequence root_;
  bool granted_ = false;
};

/// Only of sources that are declared: no name from outside becomes a label.
void Intake::ShowUnderWay(const std::string& source, std::size_t count) {
  if (parts_.center()->FindSource(source) == nullptr) return;
  base::QueueGauges(*parts_.metrics, "deliveries", kUnderWayOfOneSource, {{"source", source}})
      .SetItems(count);
}

base::Result<DeliveryReport> Intake::Deliver(Submission submission) {
  FANSIPAN_RETURN_IF_ERROR(CheckNotPaused(submission.source));
  const Passage passage(*this, submission.source);
  if (passage.granted()) return DeliverNow(std::move(submission));
  return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                     "source '" + submission.source + "' has " +
                         std::to_string(kUnderWayOfOneSource) +
                         " deliveries under way; send this one again in a moment"};
}

base::Result<DeliveryReport> Intake::DeliverNow(Submission submission) {
  model::Delivery delivery;
  delivery.source = submission.source;
  delivery.received_at = submission.received_at;
  delivery.file_name = std::move(submission.file_name);
  delivery.idempotency_key = std::move(submission.idempotency_key);
  bool without_bodies = false;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto center = parts_.center();
    const center::Source* source = center->FindSource(submission.source);
    if (source == nullptr) return UnknownSource(submission.source);
    if (submission.payload.size() > source->limits.payload_bytes) {
      return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                         "source '" + source->name + "' takes at most " +
                             std::to_string(source->limits.payload_bytes) + " bytes unpacked"};
    }
    // Before anything hashes, archives or maps it. Once only: a center that wants bodies kept again
    // has come too late for this delivery.
    if (!without_bodies && DropsBodies(*source)) {
      FANSIPAN_RETURN_IF_ERROR(DropBodies(*center, *source, submission));
      without_bodies = true;
    }
    delivery.payload_sha256 = base::ToHex(base::Sha256(submission.payload));
    delivery.payload_bytes = submission.payload.size();
    if (!delivery.idempotency_key.empty()) {
      const auto earlier = parts_.committer->FindIdempotent(source->name, delivery.idempotency_key);
      if (earlier && earlier->payload_sha256 == delivery.payload_sha256) {
        return ReportOf(earlier->sequence);
      }
      if (earlier) return KeyReused(delivery.idempotency_key, earlier->sequence);
    }
    FANSIPAN_RETURN_IF_ERROR(parts_.committer->CheckOpen());
    Beside beside{submission.told};
    auto pending = Prepare(*center, *source, delivery, submission.payload, {}, beside);
    if (!pending.ok()) {
      if (!IsMappingFailure(pending.error())) return pending.error();
      FANSIPAN_ASSIGN_OR_RETURN(delivery.archive_id, parts_.archive->Put(submission.payload));
      delivery.format = center::NameOf(source->format);
      SetContract(ToldOfRefused(*source, delivery, beside), std::move(beside.failed_profile),
                  delivery);
      return RecordRefusal(std::move(delivery), submission.position, pending.error());
    }
    pending->position = submission.position;
    auto recorded =
        Timed(commit_seconds_, [&] { return parts_.committer->Commit(*std::move(pending)); });
    if (!recorded.ok() && recorded.error().reason == "center_changed") continue;
    if (!recorded.ok()) return recorded.error();
    if (recorded->already_recorded) return ReportOf(recorded->delivery.sequence);
    return ToReport(*std::move(recorded));
  }
  return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                     "the center kept changing while this delivery was read; send it again"};
}

base::Status Intake::DropBodies(const center::Center& center, const center::Source& source,
                                Submission& submission) {
  const MappingJob job{&source, &center, std::move(submission.payload), submission.received_at, {}};
  FANSIPAN_ASSIGN_OR_RETURN(submission.payload, parts_.worker->DropBodies(job));
  return {};
}

base::Result<DeliveryReport> Intake::RecordRefusal(model::Delivery delivery, std::string position,
                                                   const base::Error& error) {
  PendingDelivery pending;
  pending.position = std::move(position);
  pending.delivery = std::move(delivery);
  pending.delivery.idempotency_key.clear();
  pending.delivery.outcome = "refused";
  pending.delivery.refusal_reason = error.reason;
  pending.delivery.refusal_message = error.message;
  pending.center_revision = parts_.center()->revision;
  FANSIPAN_ASSIGN_OR_RETURN(RecordedDelivery recorded,
                            parts_.committer->Commit(std::move(pending)));
  base::Error refused = error;
  refused.message += "; kept as delivery " + std::to_string(recorded.delivery.sequence.value) +
                     ", replay it when the mapping is mended";
  return refused;
}

base::Result<DeliveryReport> Intake::ReportOf(model::Sequence sequence) {
  FANSIPAN_RETURN_IF_ERROR(parts_.wait_for_facts(sequence));
  FANSIPAN_ASSIGN_OR_RETURN(auto delivery, parts_.facts->FindDelivery(sequence));
  if (!delivery) {
    return base::Error{base::ErrorCode::kInternal, "",
                       "delivery " + std::to_string(sequence.value) + " is not in the fact store"};
  }
  store::QuarantineQuery query;
  query.delivery = sequence;
  query.open_only = false;
  query.limit = kReportedRows;
  FANSIPAN_ASSIGN_OR_RETURN(auto kept, parts_.facts->ListQuarantine(query));
  DeliveryReport report{*std::move(delivery), {}, true};
  for (auto& row : kept) report.quarantined.push_back(std::move(row.row));
  return report;
}

base::Result<model::Delivery> Intake::FindOriginal(model::Sequence sequence) {
  FANSIPAN_RETURN_IF_ERROR(parts_.wait_for_facts(sequence));
  FANSIPAN_ASSIGN_OR_RETURN(auto found, parts_.facts->FindDelivery(sequence));
  if (!found) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_delivery",
                       "there is no delivery " + std::to_string(sequence.value)};
  }
  return *std::move(found);
}

base::Result<DeliveryReport> Intake::Replay(model::Sequence sequence) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Delivery told, FindOriginal(sequence));
  const model::Sequence root = told.replay_of.value_or(told.sequence);
  const Rereading rereading(*this, root);
  if (!rereading.granted()) return ReadAgainAlready(root);
  return ReadAgain(root, parts_.committer->AcceptedRowsOf(root), {});
}

base::Result<std::optional<DeliveryReport>> Intake::Decide(
    std::vector<model::QuarantineDecision> decisions) {
  if (decisions.empty()) return std::optional<DeliveryReport>();
  const model::Sequence root = decisions.front().row.delivery;
  const Rereading rereading(*this, root);
  if (!rereading.granted()) return ReadAgainAlready(root);
  const model::AcceptedRows before = parts_.committer->AcceptedRowsOf(root);
  model::AcceptedByDelivery decided{{root, before}};
  for (const model::QuarantineDecision& decision : decisions) model::Note(decision, decided);
  const model::AcceptedRows after = model::AcceptedOf(decided, root);
  if (after == before) {
    FANSIPAN_RETURN_IF_ERROR(parts_.committer->CommitDecisions(std::move(decisions)));
    return std::optional<DeliveryReport>();
  }
  FANSIPAN_ASSIGN_OR_RETURN(DeliveryReport report, ReadAgain(root, after, decisions));
  return std::optional(std::move(report));
}

/// While nothing else reads or decides about the delivery.
base::Result<DeliveryReport> Intake::ReadAgain(
    model::Sequence root, const model::AcceptedRows& accepted,
    const std::vector<model::QuarantineDecision>& decisions) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Delivery original, FindOriginal(root));
  FANSIPAN_ASSIGN_OR_RETURN(std::string payload, parts_.archive->Get(original.archive_id));
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto center = parts_.center();
    const center::Source* source = center->FindSource(original.source);
    if (source == nullptr) return UnknownSource(original.source);
    model::Delivery delivery = original;
    delivery.replay_of = root;
    delivery.idempotency_key.clear();
    delivery.refusal_reason.clear();
    delivery.refusal_message.clear();
    const std::map<std::string, std::string> told_then;
    Beside beside{told_then};
    FANSIPAN_ASSIGN_OR_RETURN(
        PendingDelivery pending,
        Prepare(*center, *source, std::move(delivery), payload, accepted, beside));
    pending.decisions = decisions;
    // An earlier replay may have been recorded a moment ago.
    FANSIPAN_RETURN_IF_ERROR(parts_.wait_for_facts(parts_.committer->last_recorded()));
    FANSIPAN_ASSIGN_OR_RETURN(pending.replaced, parts_.facts->VersionsOfDelivery(root));
    auto recorded = parts_.committer->Commit(std::move(pending));
    if (!recorded.ok() && recorded.error().reason == "center_changed") continue;
    if (!recorded.ok()) return recorded.error();
    return ToReport(*std::move(recorded));
  }
  return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                     "the center kept changing while this delivery was read; try again"};
}

base::Status Intake::Heartbeat(const std::string& source, std::string position) {
  const auto center = parts_.center();
  if (center->FindSource(source) == nullptr) return UnknownSource(source);
  FANSIPAN_RETURN_IF_ERROR(CheckNotPaused(source));
  return parts_.committer->CommitLifeSign(source, parts_.clock->Now(), std::move(position));
}

base::Status Intake::Pause(const std::string& source, const std::string& reason, std::string by) {
  if (parts_.center()->FindSource(source) == nullptr) return UnknownSource(source);
  const bool is_blank = reason.find_first_not_of(" \t\r\n") == std::string::npos;
  if (is_blank || !internal::IsUtf8(reason) ||
      internal::CountCharacters(reason) > kMaxPauseReason) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "pause_reason",
        "say why the source is paused, in 1 to " + std::to_string(kMaxPauseReason) +
            " characters of UTF-8; it stands beside every figure that the source feeds"};
  }
  return parts_.committer->CommitNote({.source = source,
                                       .condition = store::SourceCondition::kPaused,
                                       .begins = true,
                                       .at = parts_.clock->Now(),
                                       .reason = reason,
                                       .message = {},
                                       .by = std::move(by),
                                       .sequence = {}});
}

base::Status Intake::Resume(const std::string& source, std::string by) {
  if (parts_.center()->FindSource(source) == nullptr) return UnknownSource(source);
  return parts_.committer->CommitNote({.source = source,
                                       .condition = store::SourceCondition::kPaused,
                                       .begins = false,
                                       .at = parts_.clock->Now(),
                                       .reason = {},
                                       .message = {},
                                       .by = std::move(by),
                                       .sequence = {}});
}

base::Status Intake::CheckNotPaused(const std::string& source) const {
  const auto pause = parts_.committer->FindNote(source, store::SourceCondition::kPaused);
  if (!pause) return {};
  return base::Error{base::ErrorCode::kUnavailable, std::string(kSourcePaused),
                     "source '" + source + "' is paused (" + pause->reason +
                         "); keep what is new and send it once an official has resumed it"};
}

base::Status Intake::NoteFailing(const std::string& source, const base::Error& error) {
  const std::string reason =
      error.reason.empty() ? std::string(base::NameOf(error.code)) : error.reason;
  return parts_.committer->CommitNote({.source = source,
                                       .condition = store::SourceCondition::kFailing,
                                       .begins = true,
                                       .at = parts_.clock->Now(),
                                       .reason = reason,
                                       .message = error.message,
                                       .by = {},
                                       .sequence = {}});
}

base::Status Intake::NoteAnswering(const std::string& source) {
  if (!parts_.committer->FindNote(source, store::SourceCondition::kFailing)) return {};
  return parts_.committer->CommitNote({.source = source,
                                       .condition = store::SourceCondition::kFailing,
                                       .begins = false,
                                       .at = parts_.clock->Now(),
                                       .reason = {},
                                       .message = {},
                                       .by = {},
                                       .sequence = {}});
}

std::string Intake::PositionOf(const std::string& source) const {
  return parts_.committer->FindPosition(source);
}

}  // namespace fansipan::sources
