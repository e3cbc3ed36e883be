#include "indicators/cells.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace fansipan::indicators {
namespace {

std::size_t Mix(std::size_t seed, std::uint64_t number) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15ULL;
  return seed ^ (static_cast<std::size_t>(number * kGolden) + (seed << 6U) + (seed >> 2U));
}

}  // namespace

std::string_view NameOf(Cause cause) {
  switch (cause) {
    case Cause::kNew:
      return "new";
    case Cause::kLate:
      return "late";
    case Cause::kCorrected:
      return "corrected";
    case Cause::kWithdrawn:
      return "withdrawn";
    case Cause::kRedefined:
      return "redefined";
    case Cause::kRestated:
      return "restated";
    case Cause::kClock:
      return "clock";
  }
  return "new";
}

std::size_t CellKeyHash::operator()(const CellKey& key) const {
  std::size_t hash = Mix(key.measure_set, key.territory.value);
  hash = Mix(hash, key.organisation.value);
  hash = Mix(hash, static_cast<std::uint32_t>(key.leaf));
  return Mix(hash, key.dimensions);
}

std::uint32_t RowTable::IdOf(const model::Row& row) {
  std::string bytes = model::CanonicalBytes(row);
  {
    const std::shared_lock lock(mutex_);
    const auto found = ids_.find(bytes);
    if (found != ids_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  const auto [found, added] =
      ids_.try_emplace(std::move(bytes), static_cast<std::uint32_t>(rows_.size()));
  if (added) rows_.push_back(row);
  return found->second;
}

model::Row RowTable::Get(std::uint32_t id) const {
  const std::shared_lock lock(mutex_);
  return rows_[id];
}

std::size_t RowTable::size() const {
  const std::shared_lock lock(mutex_);
  return rows_.size();
}

void Accumulator::Add(const Delta& delta) {
  count += delta.count;
  sum += delta.sum;
  if (delta.value == 0) return;
  const auto [found, added] = values.try_emplace(delta.value, 0);
  found->second += delta.count;
  if (found->second == 0) values.erase(found);
}

void Accumulator::Add(const Accumulator& other) {
  count += other.count;
  sum += other.sum;
  for (const auto& [value, times] : other.values) {
    const auto [found, added] = values.try_emplace(value, 0);
    found->second += times;
    if (found->second == 0) values.erase(found);
  }
}

std::size_t Cells::UnitKeyHash::operator()(const UnitKey& key) const {
  return Mix(Mix(key.measure_set, static_cast<std::uint64_t>(key.tree)), key.unit.value);
}

Cells::Cells(const model::UnitTree& territory, const model::UnitTree& organisation)
    : territory_(&territory), organisation_(&organisation) {}

void Cells::Apply(const Delta& delta) {
  AddUpwards(*territory_, delta.cell.territory, delta);
  AddUpwards(*organisation_, delta.cell.organisation, delta);
}

void Cells::AddUpwards(const model::UnitTree& tree, model::UnitId unit, const Delta& delta) {
  while (unit != model::kNoUnit) {
    auto& cells = units_[{delta.cell.measure_set, tree.kind(), unit}][delta.cell.leaf];
    auto cell = std::find_if(cells.begin(), cells.end(), [&](const LeafCell& candidate) {
      return candidate.dimensions == delta.cell.dimensions;
    });
    if (cell == cells.end()) cell = cells.insert(cell, LeafCell{delta.cell.dimensions, {}});
    cell->measures[delta.measure].Add(delta);
    unit = tree.Get(unit).parent;
  }
}

const Cells::Leaves* Cells::Find(std::uint32_t measure_set, const CellRange& range) const {
  const auto found = units_.find({measure_set, range.tree, range.unit});
  return found == units_.end() ? nullptr : &found->second;
}

Accumulator Cells::Read(MeasureId measure, std::uint32_t measure_set,
                        const CellRange& range) const {
  Accumulator total;
  const Leaves* leaves = Find(measure_set, range);
  if (leaves == nullptr) return total;
  for (auto leaf = leaves->lower_bound(range.first);
       leaf != leaves->end() && leaf->first < range.last; ++leaf) {
    for (const LeafCell& cell : leaf->second) {
      if (range.accepts && !range.accepts(cell.dimensions)) continue;
      const auto found = cell.measures.find(measure);
      if (found != cell.measures.end()) total.Add(found->second);
    }
  }
  return total;
}

void Cells::ForEach(
    std::uint32_t measure_set, MeasureId measure,
    const std::function<void(const CellRange&, std::uint32_t, const Accumulator&)>& visit) const {
  for (const auto& [key, leaves] : units_) {
    if (key.measure_set != measure_set) continue;
    for (const auto& [leaf, cells] : leaves) {
      for (const LeafCell& cell : cells) {
        const auto found = cell.measures.find(measure);
        if (found == cell.measures.end()) continue;
        visit({key.tree, key.unit, leaf, leaf + 1, {}}, cell.dimensions, found->second);
      }
    }
  }
}

std::vector<std::uint32_t> Cells::TuplesIn(std::uint32_t measure_set,
                                           const CellRange& range) const {
  std::set<std::uint32_t> tuples;
  const Leaves* leaves = Find(measure_set, range);
  if (leaves == nullptr) return {};
  for (auto leaf = leaves->lower_bound(range.first);
       leaf != leaves->end() && leaf->first < range.last; ++leaf) {
    for (const LeafCell& cell : leaf->second) tuples.insert(cell.dimensions);
  }
  return {tuples.begin(), tuples.end()};
}

}  // namespace fansipan::indicators
