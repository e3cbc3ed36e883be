#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "center/center.h"
#include "model/dataset.h"
#include "model/record.h"

namespace fansipan::sources::internal {

/// Notices rows that name their place by a code which had ended by the row's own day: the latest
/// day up to its receipt that the row speaks of, or of a reported value its period's last day. A
/// row of before the end may name it for ever. One thread.
class OldCodeSearch {
 public:
  OldCodeSearch(const model::Dataset& dataset, const center::Center& center,
                base::Timestamp received_at);

  /// Adds the row to `found` when it has such a code.
  void Look(const model::Row& values, std::optional<model::OldCodes>& found) const;

 private:
  std::optional<model::Date> EndOfCodes(const model::Row& values) const;
  model::Date DayOfRow(const model::Row& values) const;

  const model::Dataset& dataset_;
  const center::Center& center_;
  const base::Timestamp received_at_;
  std::vector<std::pair<const model::UnitTree*, model::PlaceColumn>> places_;
};

}  // namespace fansipan::sources::internal
