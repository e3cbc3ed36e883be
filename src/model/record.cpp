#include "model/record.h"

#include <compare>

namespace fansipan::model {

bool Precedes(const Version& left, const Version& right, std::optional<std::size_t> order) {
  if (order) {
    const std::strong_ordering by_order = Compare(left.values[*order], right.values[*order]);
    if (by_order != 0) return by_order < 0;
  }
  if (left.delivery != right.delivery) return left.delivery < right.delivery;
  if (left.mapping_revision != right.mapping_revision) {
    return left.mapping_revision < right.mapping_revision;
  }
  if (left.row != right.row) return left.row < right.row;
  return left.sequence < right.sequence;
}

}  // namespace fansipan::model
