#include "sources/internal/replaced_rows.h"

#include <utility>

namespace fansipan::sources::internal {

ReplacedRows::ReplacedRows(const center::Center& center, std::vector<model::Version> versions)
    : center_(center) {
  for (model::Version& version : versions) {
    if (center_.FindDataset(version.dataset) == nullptr) continue;
    std::string name = NameOf(version);
    rows_.insert_or_assign(std::move(name), std::move(version));
  }
}

std::optional<model::Version> ReplacedRows::Take(const model::Version& version) {
  if (rows_.empty()) return std::nullopt;
  auto row = rows_.extract(NameOf(version));
  if (row.empty()) return std::nullopt;
  return std::move(row.mapped());
}

std::vector<model::Version> ReplacedRows::TakeRest() {
  std::vector<model::Version> rest;
  for (auto& [name, version] : rows_) rest.push_back(std::move(version));
  rows_.clear();
  return rest;
}

std::string ReplacedRows::NameOf(const model::Version& version) {
  const model::Dataset& dataset = *center_.FindDataset(version.dataset);
  std::string name = dataset.name + '\0';
  for (const std::size_t column : dataset.key) {
    model::AppendCanonical(version.values[column], name);
  }
  if (dataset.order) model::AppendCanonical(version.values[*dataset.order], name);
  if (IsCancellation(dataset, version.values)) name += '\1';
  return name;
}

bool ReplacedRows::IsCancellation(const model::Dataset& dataset, const model::Row& values) {
  if (dataset.kind != model::DatasetKind::kEvent || !dataset.withdrawn) return false;
  auto [condition, added] = cancellations_.try_emplace(dataset.name);
  if (added) {
    auto compiled = model::RowCondition::Compile(*dataset.withdrawn, dataset);
    if (compiled.ok()) condition->second = *std::move(compiled);
  }
  return condition->second && condition->second->Evaluate(values).value_or(false);
}

}  // namespace fansipan::sources::internal
