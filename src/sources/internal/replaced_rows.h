#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "center/center.h"
#include "model/record.h"
#include "model/row_condition.h"

namespace fansipan::sources::internal {

/// What a delivery had put in before it was read again, found by what a row of it says. Key and
/// order name a row; of an event also whether it tells it or cancels it, since one delivery may do
/// both. That a replay once took a row back does not change its name.
class ReplacedRows {
 public:
  /// `center` must outlive it. Of several versions of one row the last one counts.
  ReplacedRows(const center::Center& center, std::vector<model::Version> versions);

  /// Takes out the version that stood in this one's place.
  std::optional<model::Version> Take(const model::Version& version);
  /// Takes out what is left.
  std::vector<model::Version> TakeRest();

 private:
  std::string NameOf(const model::Version& version);
  bool IsCancellation(const model::Dataset& dataset, const model::Row& values);

  const center::Center& center_;
  std::map<std::string, std::optional<model::RowCondition>> cancellations_;  ///< by dataset
  std::map<std::string, model::Version> rows_;
};

}  // namespace fansipan::sources::internal
