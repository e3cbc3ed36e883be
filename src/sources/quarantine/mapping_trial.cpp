#include "sources/quarantine/mapping_trial.h"

#include <map>
#include <optional>
#include <set>
#include <string>

#include "sources/validation.h"

namespace fansipan::sources {
namespace {

using OutcomeByRow = std::map<std::uint32_t, RowOutcome>;

std::vector<std::pair<std::string, std::string>> TextsOf(const model::Version& version,
                                                         const model::Dataset& dataset) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < dataset.CountToldColumns() && i < version.values.size(); ++i) {
    texts.emplace_back(dataset.columns[i].name, model::ToText(version.values[i]));
  }
  return texts;
}

/// By the first raw row of each candidate. What a delivery repeats counts as taken once.
base::Result<OutcomeByRow> Read(const MappingTrialJob& job, const center::Center& center,
                                const model::Delivery& delivery, const std::string& payload,
                                MappingWorker& worker) {
  const center::Source* source = center.FindSource(job.source);
  const model::Dataset* dataset = center.FindDataset(job.dataset);
  if (source == nullptr || dataset == nullptr) return OutcomeByRow();
  FANSIPAN_ASSIGN_OR_RETURN(MappedDelivery mapped,
                            worker.Map({source, &center, payload, delivery.received_at, {}}));
  const model::AcceptedRows accepted = model::AcceptedOf(job.accepted, delivery.sequence);
  const ValidatedDelivery validated =
      Validate(std::move(mapped), center, *source, delivery.received_at, accepted);
  OutcomeByRow outcomes;
  for (const model::Version& version : validated.versions) {
    if (version.dataset != job.dataset || version.raw_rows.empty()) continue;
    outcomes[version.raw_rows.front()].records.push_back(TextsOf(version, *dataset));
  }
  for (const model::QuarantinedRow& row : validated.quarantined) {
    if (row.dataset == job.dataset) outcomes[row.raw_row].faults.push_back(row);
  }
  return outcomes;
}

/// Nothing when the row is taken now and would be taken alike.
std::optional<RowChange> Compare(const RowOutcome& before, const RowOutcome& after) {
  if (!before.faults.empty()) {
    if (!after.faults.empty()) return RowChange::kStillBad;
    return after.records.empty() ? RowChange::kLeftOut : RowChange::kMended;
  }
  if (!after.faults.empty()) return RowChange::kSpoiled;
  if (before.records == after.records) return std::nullopt;
  if (before.records.empty()) return RowChange::kGained;
  return after.records.empty() ? RowChange::kLost : RowChange::kAltered;
}

void CountReasons(const RowOutcome& outcome, std::map<std::string, std::uint64_t>& reasons) {
  std::set<std::string> of_row;
  for (const model::QuarantinedRow& fault : outcome.faults) of_row.insert(fault.reason);
  for (const std::string& reason : of_row) ++reasons[reason];
}

void Add(const model::Delivery& delivery, OutcomeByRow before, OutcomeByRow after,
         MappingTrial& trial) {
  std::set<std::uint32_t> rows;
  for (const auto& [row, outcome] : before) rows.insert(row);
  for (const auto& [row, outcome] : after) rows.insert(row);
  for (const std::uint32_t row : rows) {
    const auto change = Compare(before[row], after[row]);
    if (!change) {
      ++trial.unchanged;
      continue;
    }
    if (*change == RowChange::kSpoiled) CountReasons(after[row], trial.reasons_after);
    if (*change == RowChange::kMended) CountReasons(before[row], trial.reasons_before);
    std::uint64_t& count = trial.counts.at(static_cast<std::size_t>(*change));
    if (++count > kMaxShownOfChange) continue;
    trial.rows.push_back(
        {delivery.sequence, row, *change, std::move(before[row]), std::move(after[row])});
  }
}

/// Neither of the delivery nor of the mapping: the next delivery would meet it, too.
bool EndsTheTrial(const base::Error& error) {
  return error.code == base::ErrorCode::kUnavailable || error.code == base::ErrorCode::kIo ||
         error.code == base::ErrorCode::kDeadlineExceeded;
}

/// By the tried center, whose faults are what is looked for, then by the running one. Gives why the
/// delivery cannot be read, or nothing.
base::Result<std::optional<base::Error>> TryDelivery(const MappingTrialJob& job,
                                                     const model::Delivery& delivery,
                                                     store::Archive& archive, MappingWorker& worker,
                                                     MappingTrial& trial) {
  const auto payload = archive.Get(delivery.archive_id);
  auto after = payload.ok() ? Read(job, *job.tried, delivery, *payload, worker)
                            : base::Result<OutcomeByRow>(payload.error());
  if (!after.ok()) {
    if (payload.ok() && EndsTheTrial(after.error())) return after.error();
    const base::Error& error = after.error();
    const std::string reason =
        error.reason.empty() ? std::string(base::NameOf(error.code)) : error.reason;
    trial.unread.push_back({delivery.sequence, reason, error.message});
    return std::optional(after.error());
  }
  FANSIPAN_RETURN_IF_ERROR(job.patience.Check());
  auto before = Read(job, *job.center, delivery, *payload, worker);
  if (!before.ok() && EndsTheTrial(before.error())) return before.error();
  Add(delivery, before.ok() ? *std::move(before) : OutcomeByRow(), *std::move(after), trial);
  ++trial.deliveries;
  return std::optional<base::Error>();
}

}  // namespace

std::string_view NameOf(RowChange change) {
  switch (change) {
    case RowChange::kMended:
      return "mended";
    case RowChange::kStillBad:
      return "still_bad";
    case RowChange::kLeftOut:
      return "left_out";
    case RowChange::kSpoiled:
      return "spoiled";
    case RowChange::kAltered:
      return "altered";
    case RowChange::kLost:
      return "lost";
    case RowChange::kGained:
      break;
  }
  return "gained";
}

base::Result<MappingTrial> TryMapping(const MappingTrialJob& job, store::Archive& archive,
                                      MappingWorker& worker) {
  MappingTrial trial;
  std::optional<base::Error> first;
  for (const model::Delivery& delivery : job.deliveries) {
    FANSIPAN_RETURN_IF_ERROR(job.patience.Check());
    FANSIPAN_ASSIGN_OR_RETURN(const auto fault, TryDelivery(job, delivery, archive, worker, trial));
    if (!first) first = fault;
  }
  if (trial.deliveries == 0 && first) return *first;
  return trial;
}

}  // namespace fansipan::sources
