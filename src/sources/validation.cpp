#include "sources/validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sources/contract/control_tally.h"
#include "sources/internal/old_codes.h"
#include "sources/internal/repetition.h"
#include "sources/internal/row_check.h"

namespace fansipan::sources {
namespace {

/// By what the candidates of one dataset are judged.
struct Standards {
  const internal::RowCheck& check;
  const internal::OldCodeSearch& old_codes;
  const model::AcceptedRows& accepted;
};

/// Judges the candidates of one dataset and adds what comes of them.
void ValidateDataset(const DatasetCandidates& candidates, const model::Dataset& dataset,
                     const Standards& standards, ControlTally& tally, ValidatedDelivery& delivery) {
  const auto& [check, old_codes, accepted] = standards;
  std::vector<model::Version> sound;
  sound.reserve(candidates.rows.size());
  std::uint32_t row = 0;
  for (const Candidate& candidate : candidates.rows) {
    ++row;
    tally.Arrived(candidate);
    const bool is_accepted = !accepted.empty() && !candidate.raw_rows.empty() &&
                             accepted.contains({dataset.name, candidate.raw_rows.front()});
    auto version = check.Check(candidate, is_accepted, delivery.quarantined);
    if (!version) {
      tally.SetAside(candidate);
      continue;
    }
    version->row = row;
    sound.push_back(*std::move(version));
  }
  model::DeliveryCounts& counts = delivery.counts;
  counts.candidates += candidates.rows.size();
  counts.quarantined += candidates.rows.size() - sound.size();
  const std::vector<internal::Repetition> repetitions = internal::FindRepetitions(dataset, sound);
  delivery.versions.reserve(delivery.versions.size() + sound.size());
  for (std::size_t i = 0; i < sound.size(); ++i) {
    switch (repetitions[i]) {
      case internal::Repetition::kAccepted:
        ++counts.accepted;
        tally.Accepted(sound[i]);
        old_codes.Look(sound[i].values, delivery.old_codes);
        delivery.versions.push_back(std::move(sound[i]));
        break;
      case internal::Repetition::kRepeated:
        ++counts.repeated;
        tally.Accepted(sound[i]);
        break;
      case internal::Repetition::kInConflict: {
        ++counts.in_conflict;
        tally.SetAside(sound[i]);
        model::QuarantinedRow entry = check.EntryFor(
            sound[i].raw_rows, "conflict",
            "the delivery tells this record more than once, differently and with the same order");
        entry.value = check.KeyText(sound[i].values);
        delivery.quarantined.push_back(std::move(entry));
        break;
      }
    }
  }
}

/// Which sheet or layer the rows of a converted file are of; empty of any other.
std::string PartOf(const MappedDelivery& mapped, const center::Source& source) {
  if (source.format == center::Format::kWorkbook) return fmt::format("sheet '{}'", mapped.sheet);
  if (center::IsGeodata(source.format)) return fmt::format("layer '{}'", mapped.sheet);
  return source.format == center::Format::kParquet ? "table" : "";
}

}  // namespace

ValidatedDelivery Validate(MappedDelivery mapped, const center::Center& center,
                           const center::Source& source, base::Timestamp received_at,
                           const model::AcceptedRows& accepted) {
  ValidatedDelivery delivery;
  delivery.counts = mapped.counts;
  delivery.quarantined = std::move(mapped.refused);
  const std::string part = PartOf(mapped, source);
  if (!part.empty()) {
    for (model::QuarantinedRow& row : delivery.quarantined) {
      row.message = fmt::format("{}, {}", part, row.message);
    }
  }
  ControlTally tally(source, mapped.told);
  for (const DatasetCandidates& candidates : mapped.datasets) {
    const bool declared = std::any_of(
        source.mappings.begin(), source.mappings.end(),
        [&](const center::Mapping& mapping) { return mapping.dataset == candidates.dataset; });
    const model::Dataset* dataset = center.FindDataset(candidates.dataset);
    if (!declared || dataset == nullptr) continue;
    const internal::RowCheck check(*dataset, center, {mapped.offsets, part});
    const internal::OldCodeSearch old_codes(*dataset, center, received_at);
    tally.Begin(*dataset);
    ValidateDataset(candidates, *dataset, {check, old_codes, accepted}, tally, delivery);
  }
  delivery.control = tally.Reconcile(delivery.counts, delivery.quarantined);
  return delivery;
}

}  // namespace fansipan::sources
