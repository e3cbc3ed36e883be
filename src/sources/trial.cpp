#include "sources/trial.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sources/decoding.h"
#include "sources/internal/writings/refused_text.h"
#include "sources/validation.h"

namespace fansipan::sources {
namespace {

/// The rows to be shown: the first ones, and the first of those that are refused.
std::set<std::uint32_t> ChooseRows(const TrialJob& job, std::uint64_t raw_rows,
                                   const std::vector<model::QuarantinedRow>& quarantined) {
  std::set<std::uint32_t> chosen;
  const auto first = std::min<std::uint64_t>(job.rows, raw_rows);
  for (std::uint32_t row = 1; row <= first; ++row) chosen.insert(row);
  std::size_t room = job.rows;
  for (const model::QuarantinedRow& entry : quarantined) {
    if (room == 0) break;
    if (entry.raw_row > 0 && chosen.insert(entry.raw_row).second) --room;
  }
  return chosen;
}

/// What a mapping could not read is shown as it came.
std::string Shown(const std::optional<std::string_view>& text) {
  if (!text) return {};
  const auto refused = internal::ParseRefusedText(*text);
  return std::string(refused ? refused->original : *text);
}

std::vector<std::pair<std::string, std::string>> ValuesOf(const Candidate& candidate,
                                                          const model::Dataset& dataset) {
  std::vector<std::pair<std::string, std::string>> values;
  for (std::size_t i = 0; i < candidate.texts.size() && i < dataset.columns.size(); ++i) {
    values.emplace_back(dataset.columns[i].name, Shown(candidate.texts[i]));
  }
  return values;
}

class TrialWriter {
 public:
  TrialWriter(const TrialJob& job, std::string_view payload, Trial& trial)
      : job_(job), payload_(payload), trial_(trial) {}

  void Begin(const std::set<std::uint32_t>& rows, const LocatedRows& located) {
    const std::string_view text =
        center::IsConverted(job_.source->format) ? std::string_view(located.text) : payload_;
    trial_.sheet = located.sheet;
    std::size_t index = 0;
    for (const std::uint32_t row : rows) {
      const RawRowSpan& span = located.spans[index++];
      const RawRowSpan shown{span.offset, std::min<std::uint64_t>(span.length, kMaxTrialRaw),
                             span.line};
      trial_.rows.push_back({row, span, ReadableText(text, shown, *job_.source), {}, {}});
    }
  }

  void AddCandidates(const MappedDelivery& mapped) {
    for (const DatasetCandidates& candidates : mapped.datasets) {
      const model::Dataset* dataset = job_.center->FindDataset(candidates.dataset);
      if (dataset == nullptr) continue;
      for (const Candidate& candidate : candidates.rows) {
        for (const std::uint32_t raw_row : candidate.raw_rows) {
          TrialRow* row = Find(raw_row);
          if (row == nullptr) continue;
          row->candidates.push_back({candidates.dataset, ValuesOf(candidate, *dataset)});
        }
      }
    }
  }

  /// A candidate of several raw rows is told of by the first of them; what is wrong with it stands
  /// at each.
  void AddRefusals(const MappedDelivery& mapped, const ValidatedDelivery& validated) {
    const RowsByFirst further = FindFurtherRows(mapped, validated);
    for (const model::QuarantinedRow& entry : validated.quarantined) {
      ++trial_.reasons[entry.reason];
      if (TrialRow* row = Find(entry.raw_row)) row->refused.push_back(entry);
      const auto others = further.find({entry.dataset, entry.raw_row});
      if (others == further.end()) continue;
      for (const std::uint32_t other : others->second) {
        if (TrialRow* row = Find(other)) row->refused.push_back(entry);
      }
    }
  }

 private:
  /// Raw rows by dataset and first raw row of the candidate that they belong to besides.
  using RowsByFirst = std::map<std::pair<std::string, std::uint32_t>, std::set<std::uint32_t>>;

  /// Those of candidates that were not taken, as far as they are shown.
  RowsByFirst FindFurtherRows(const MappedDelivery& mapped, const ValidatedDelivery& validated) {
    std::set<std::pair<std::string, std::vector<std::uint32_t>>> taken;
    for (const model::Version& version : validated.versions) {
      if (IsShownOfSeveral(version.raw_rows)) taken.insert({version.dataset, version.raw_rows});
    }
    RowsByFirst further;
    for (const DatasetCandidates& candidates : mapped.datasets) {
      for (const Candidate& candidate : candidates.rows) {
        const std::vector<std::uint32_t>& rows = candidate.raw_rows;
        if (!IsShownOfSeveral(rows) || taken.contains({candidates.dataset, rows})) continue;
        further[{candidates.dataset, rows.front()}].insert(rows.begin() + 1, rows.end());
      }
    }
    return further;
  }

  bool IsShownOfSeveral(const std::vector<std::uint32_t>& rows) {
    return rows.size() > 1 && std::any_of(rows.begin() + 1, rows.end(),
                                          [&](auto row) { return Find(row) != nullptr; });
  }

  TrialRow* Find(std::uint32_t raw_row) {
    const auto found = std::ranges::lower_bound(trial_.rows, raw_row, {}, &TrialRow::raw_row);
    return found != trial_.rows.end() && found->raw_row == raw_row ? &*found : nullptr;
  }

  const TrialJob& job_;
  const std::string_view payload_;  ///< what was mapped
  Trial& trial_;
};

}  // namespace

base::Result<Trial> Try(const TrialJob& job, MappingWorker& worker) {
  MappingJob mapping{job.source, job.center, job.payload, job.received_at, {}};
  const bool drops = job.source->format == center::Format::kEdxml && !job.source->keep_bodies;
  if (drops && !job.archived) {
    FANSIPAN_ASSIGN_OR_RETURN(mapping.payload, worker.DropBodies(mapping));
  }
  FANSIPAN_ASSIGN_OR_RETURN(const MappedDelivery mapped, worker.Map(mapping));
  const ValidatedDelivery validated = Validate(mapped, *job.center, *job.source, job.received_at);
  Trial trial;
  trial.counts = validated.counts;
  trial.old_codes = validated.old_codes;
  const auto chosen = ChooseRows(job, validated.counts.raw_rows, validated.quarantined);
  FANSIPAN_ASSIGN_OR_RETURN(const LocatedRows located,
                            worker.Locate(mapping, {chosen.begin(), chosen.end()}));
  TrialWriter writer(job, mapping.payload, trial);
  writer.Begin(chosen, located);
  writer.AddCandidates(mapped);
  writer.AddRefusals(mapped, validated);
  return trial;
}

}  // namespace fansipan::sources
