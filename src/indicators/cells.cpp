#include "indicators/cells.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace fansipan::indicators {
namespace {

std::int32_t NumberOf(model::Leaf leaf) { return leaf >> CellChunk::kLeafBits; }

std::size_t IndexOf(model::TreeKind tree) { return tree == model::TreeKind::kTerritory ? 0 : 1; }

constexpr auto kBefore = [](const auto& held, std::int32_t number) { return held.first < number; };

/// The chunk or unit that may be changed: a copy when another shares it.
template <typename Held>
Held& Own(std::shared_ptr<Held>& held) {
  if (held.use_count() > 1) held = std::make_shared<Held>(*held);
  return *held;
}

/// Remembers what a question's filter says: it compares texts, and a tuple comes many times.
class Remembered {
 public:
  explicit Remembered(const CellChunk::Accepts& accepts) : accepts_(accepts) {}
  bool operator()(std::uint32_t tuple) {
    if (tuple >= known_.size()) known_.resize(tuple + 1, kUnknown);
    if (known_[tuple] == kUnknown) known_[tuple] = accepts_(tuple) ? kYes : kNo;
    return known_[tuple] == kYes;
  }

 private:
  enum Answer : std::uint8_t { kUnknown, kNo, kYes };
  const CellChunk::Accepts& accepts_;
  std::vector<Answer> known_;
};

}  // namespace

Cells::Cells(const model::UnitTree& territory, const model::UnitTree& organisation,
             std::shared_ptr<const CellLayout> layout, std::shared_ptr<const CellSource> below)
    : trees_{&territory, &organisation},
      layout_(std::move(layout)),
      below_(std::move(below)),
      sets_(layout_->sets()) {}

void Cells::Apply(std::span<const Delta> deltas) {
  while (!deltas.empty()) {
    const CellKey& cell = deltas.front().cell;
    std::size_t same = 1;
    while (same < deltas.size() && deltas[same].cell == cell) ++same;
    AddUpwards(*trees_[0], cell.territory, deltas.first(same));
    AddUpwards(*trees_[1], cell.organisation, deltas.first(same));
    deltas = deltas.subspan(same);
  }
}

void Cells::AddUpwards(const model::UnitTree& tree, model::UnitId unit,
                       std::span<const Delta> of_one_cell) {
  const CellKey& cell = of_one_cell.front().cell;
  while (unit != model::kNoUnit) {
    ChunkOf({cell.measure_set, tree.kind(), unit, NumberOf(cell.leaf)})
        .Apply(*layout_, of_one_cell);
    unit = tree.Get(unit).parent;
  }
}

std::shared_ptr<Cells::Unit>& Cells::OwnUnit(const CellChunkKey& key) {
  auto& units = sets_[key.set][IndexOf(key.tree)];
  if (units.empty()) units.resize(trees_[IndexOf(key.tree)]->size());
  std::shared_ptr<Unit>& unit = units[key.unit.value];
  if (!unit) unit = std::make_shared<Unit>();
  Own(unit);
  return unit;
}

CellChunk& Cells::ChunkOf(const CellChunkKey& key) {
  Unit& unit = *OwnUnit(key);
  auto at = std::lower_bound(unit.begin(), unit.end(), key.number, kBefore);
  if (at == unit.end() || at->first != key.number) {
    at = unit.insert(at, {key.number, std::make_shared<CellChunk>(layout_->set(key.set))});
  }
  return Own(at->second);
}

void Cells::Append(const CellChunkKey& key, CellChunk chunk) {
  Unit& unit = *OwnUnit(key);
  assert(unit.empty() || unit.back().first < key.number);
  unit.emplace_back(key.number, std::make_shared<CellChunk>(std::move(chunk)));
}

const Cells::Unit* Cells::FindUnit(const CellChunkKey& key) const {
  const auto& units = sets_[key.set][IndexOf(key.tree)];
  return key.unit.value < units.size() ? units[key.unit.value].get() : nullptr;
}

void Cells::VisitRange(std::uint32_t measure_set, const CellRange& range,
                       const VisitPart& visit) const {
  if (range.first >= range.last) return;
  const CellChunkKey first{measure_set, range.tree, range.unit, NumberOf(range.first)};
  CellChunkKey last = first;
  last.number = NumberOf(range.last - 1);
  const auto visit_part = [&](std::int32_t number, const CellChunk& chunk) {
    constexpr std::int64_t kLeaves = CellChunk::kLeaves;
    const std::int64_t start = number * kLeaves;
    visit(chunk, static_cast<std::uint32_t>(std::max<std::int64_t>(range.first - start, 0)),
          static_cast<std::uint32_t>(std::min<std::int64_t>(range.last - start, kLeaves)));
  };
  if (const Unit* unit = FindUnit(first)) {
    auto at = std::lower_bound(unit->begin(), unit->end(), first.number, kBefore);
    for (; at != unit->end() && at->first <= last.number; ++at) visit_part(at->first, *at->second);
  }
  if (!below_) return;
  below_->ForEach(first, last, [&](const CellChunkKey& key, const CellChunk& chunk) {
    visit_part(key.number, chunk);
  });
}

Accumulator Cells::Read(MeasureId measure, std::uint32_t measure_set,
                        const CellRange& range) const {
  Accumulator total;
  const CellLayout::Column& column = layout_->column(measure);
  assert(column.set == measure_set);
  Remembered remembered(range.accepts);
  CellChunk::Accepts accepts;
  if (range.accepts) accepts = [&](std::uint32_t tuple) { return remembered(tuple); };
  VisitRange(measure_set, range,
             [&](const CellChunk& chunk, std::uint32_t first, std::uint32_t last) {
               chunk.Read(column, first, last, accepts, total);
             });
  CombineValues(total.values);
  return total;
}

void Cells::ForEachChunk(std::uint32_t measure_set, const CellSource::Visit& visit) const {
  for (const auto tree : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    const auto& units = sets_[measure_set][IndexOf(tree)];
    for (std::uint32_t id = 0; id < units.size(); ++id) {
      if (!units[id]) continue;
      for (const auto& [number, chunk] : *units[id]) {
        visit({measure_set, tree, model::UnitId{id}, number}, *chunk);
      }
    }
  }
}

/// Own chunks and those below as one.
void Cells::ForEachMerged(std::uint32_t measure_set, const CellSource::Visit& visit) const {
  if (!below_) return ForEachChunk(measure_set, visit);
  constexpr auto kLow = std::numeric_limits<std::int32_t>::min();
  constexpr auto kHigh = std::numeric_limits<std::int32_t>::max();
  const CellChunkKey first{measure_set, model::TreeKind::kTerritory, model::UnitId{0}, kLow};
  const CellChunkKey last{measure_set, model::TreeKind::kOrganisation, model::kNoUnit, kHigh};
  std::set<CellChunkKey> both;
  below_->ForEach(first, last, [&](const CellChunkKey& key, const CellChunk& chunk) {
    const Unit* unit = FindUnit(key);
    if (unit == nullptr) return visit(key, chunk);
    const auto own = std::lower_bound(unit->begin(), unit->end(), key.number, kBefore);
    if (own == unit->end() || own->first != key.number) return visit(key, chunk);
    CellChunk merged = chunk;
    merged.Add(*layout_, measure_set, *own->second);
    both.insert(key);
    visit(key, merged);
  });
  ForEachChunk(measure_set, [&](const CellChunkKey& key, const CellChunk& chunk) {
    if (!both.contains(key)) visit(key, chunk);
  });
}

void Cells::ForEach(
    std::uint32_t measure_set, MeasureId measure,
    const std::function<void(const CellRange&, std::uint32_t, const Accumulator&)>& visit) const {
  const CellLayout::Column& column = layout_->column(measure);
  ForEachMerged(measure_set, [&](const CellChunkKey& key, const CellChunk& chunk) {
    chunk.ForEach(column, [&](std::uint32_t leaf, std::uint32_t tuple, const Accumulator& sum) {
      const auto at = static_cast<model::Leaf>(
          key.number * static_cast<std::int64_t>(CellChunk::kLeaves) + leaf);
      visit({key.tree, key.unit, at, at + 1, {}}, tuple, sum);
    });
  });
}

std::vector<std::uint32_t> Cells::TuplesIn(std::uint32_t measure_set,
                                           const CellRange& range) const {
  std::vector<std::uint32_t> tuples;
  VisitRange(measure_set, range,
             [&](const CellChunk& chunk, std::uint32_t first, std::uint32_t last) {
               chunk.AppendTuples(first, last, tuples);
               std::sort(tuples.begin(), tuples.end());
               tuples.erase(std::unique(tuples.begin(), tuples.end()), tuples.end());
             });
  return tuples;
}

}  // namespace fansipan::indicators
