#include "indicators/cell_sums.h"

#include <utility>

namespace fansipan::indicators {

std::size_t CellSums::KeyHash::operator()(const Key& key) const {
  return CellKeyHash{}(key.cell) * 31 +
         ((static_cast<std::size_t>(key.measure) << 32U) ^ key.value);
}

void CellSums::Add(const Delta& delta) {
  const Key key{delta.cell, delta.measure, delta.value};
  const auto found = sums_.try_emplace(key).first;
  found->second.count += delta.count;
  found->second.sum += delta.sum;
  if (delta.value == 0 || found->second.count != 0) return;
  // A value that is gone goes; the cell stays, as it does among the running cells.
  sums_.erase(found);
  sums_.try_emplace({delta.cell, delta.measure, 0});
}

std::shared_ptr<const SealedCells> CellSums::Seal(std::uint64_t blocks) const {
  auto seal = std::make_shared<SealedCells>();
  seal->blocks = blocks;
  seal->sums.reserve(sums_.size());
  for (const auto& [key, sum] : sums_) {
    seal->sums.push_back({key.cell, key.measure, Cause::kNew, key.value, sum.count, sum.sum});
  }
  return seal;
}

}  // namespace fansipan::indicators
