#include "indicators/cell_log.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fansipan::indicators {

void CellLog::Append(CellLogBlock block) {
  assert(blocks_.empty() || blocks_.back()->at <= block.at);
  deltas_ += block.deltas.size();
  blocks_.push_back(std::make_shared<const CellLogBlock>(std::move(block)));
}

std::size_t CountUntil(const CellLogBlocks& blocks, base::Timestamp moment) {
  const auto end =
      std::upper_bound(blocks.begin(), blocks.end(), moment,
                       [](base::Timestamp at, const auto& block) { return at < block->at; });
  return static_cast<std::size_t>(end - blocks.begin());
}

}  // namespace fansipan::indicators
