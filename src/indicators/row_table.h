#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "model/value.h"

namespace fansipan::indicators {

/// Gives rows of values small numbers that never change, from 0 up. Safe from any thread: the
/// engine adds while readers look up; a row, once there, stays where it is.
class RowTable {
 public:
  std::uint32_t IdOf(const model::Row& row);
  const model::Row& Get(std::uint32_t id) const;
  std::size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::uint32_t, base::TextHash, std::equal_to<>> ids_;
  std::deque<model::Row> rows_;
};

}  // namespace fansipan::indicators
