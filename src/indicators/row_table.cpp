#include "indicators/row_table.h"

#include <mutex>
#include <utility>

namespace fansipan::indicators {

std::uint32_t RowTable::IdOf(const model::Row& row) {
  thread_local std::string bytes;  // its room alone outlives the call
  bytes.clear();
  for (const model::Value& value : row) model::AppendCanonical(value, bytes);
  {
    const std::shared_lock lock(mutex_);
    const auto found = ids_.find(bytes);
    if (found != ids_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  const auto [found, added] = ids_.try_emplace(bytes, static_cast<std::uint32_t>(rows_.size()));
  if (added) rows_.push_back(row);
  return found->second;
}

const model::Row& RowTable::Get(std::uint32_t id) const {
  const std::shared_lock lock(mutex_);
  return rows_[id];
}

std::size_t RowTable::size() const {
  const std::shared_lock lock(mutex_);
  return rows_.size();
}

}  // namespace fansipan::indicators
