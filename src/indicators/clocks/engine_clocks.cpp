#include <utility>

#include "indicators/engine.h"

namespace fansipan::indicators {
namespace {

/// The index keeps decimals without zeros at the end; a version has those of its columns.
void Rescale(const model::Dataset& dataset, model::Row& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto* decimal = std::get_if<model::Decimal>(&values[i]);
    if (decimal == nullptr) continue;
    if (const auto scaled = decimal->Rescale(dataset.columns[i].scale)) values[i] = *scaled;
  }
}

}  // namespace

void Engine::Reckon(model::Version& version) const {
  if (clocks_.empty()) return;
  const auto dataset = plan_.FindDataset(version.dataset);
  if (!dataset || !clocks_.HasClocks(*dataset)) return;
  std::vector<CurrentIndex::Moment> history = indexes_[*dataset].HistoryBefore(version);
  const auto order = plan_.dataset(*dataset).order;
  history.push_back({order ? version.values[*order] : model::Value(),
                     clocks_.PausedIn(*dataset, version.values, version.withdrawn)});
  clocks_.Fill(*dataset, history, plan_, version.values);
}

std::optional<model::Version> Engine::ReckonAgain(const model::Version& version) const {
  if (clocks_.empty()) return std::nullopt;
  const auto dataset = plan_.FindDataset(version.dataset);
  if (!dataset || !clocks_.HasClocks(*dataset)) return std::nullopt;
  const auto record = indexes_[*dataset].FindRecord(version.values);
  return record ? ReckonRecord(*dataset, *record) : std::nullopt;
}

std::optional<model::Version> Engine::ReckonRecord(std::size_t dataset,
                                                   CurrentIndex::RecordNumber record) const {
  const CurrentIndex& index = indexes_[dataset];
  auto current = index.FindVersion(record);
  if (!current) return std::nullopt;
  model::Row values = current->values;
  clocks_.Fill(dataset, index.HistoryOf(record), plan_, values);
  if (values == current->values) return std::nullopt;
  Rescale(plan_.dataset(dataset), values);
  current->dataset = plan_.dataset(dataset).name;
  current->values = std::move(values);
  return current;
}

std::optional<std::vector<model::Version>> Engine::ReckonNext(std::size_t records) {
  std::optional<std::vector<model::Version>> changed;
  while (records > 0 && reckoning_dataset_ < indexes_.size()) {
    const bool is_through = !clocks_.HasClocks(reckoning_dataset_) ||
                            reckoning_record_ >= indexes_[reckoning_dataset_].size();
    if (is_through) {
      ++reckoning_dataset_;
      reckoning_record_ = 0;
      continue;
    }
    if (!changed) changed.emplace();
    auto again = ReckonRecord(reckoning_dataset_, reckoning_record_);
    if (again) changed->push_back(*std::move(again));
    ++reckoning_record_;
    --records;
  }
  return changed;
}

}  // namespace fansipan::indicators
