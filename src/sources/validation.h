#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "center/center.h"
#include "model/quarantine_decision.h"
#include "model/record.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources {

/// The candidates of a delivery, told apart. Both balances of `counts` hold:
/// raw_rows = mapped + skipped + refused, candidates = accepted + repeated + in_conflict +
/// quarantined, where accepted is the number of versions.
struct ValidatedDelivery {
  /// In the order of datasets and candidates. Set are dataset, values, row (1-based ordinal among
  /// the dataset's candidates), raw_rows and withdrawn; the rest is the committer's.
  std::vector<model::Version> versions;
  /// First the raw rows that could not be decoded, then one entry for each bad column of a
  /// candidate, each broken rule, and each candidate in conflict.
  std::vector<model::QuarantinedRow> quarantined;
  model::DeliveryCounts counts;
  std::optional<model::OldCodes> old_codes;  ///< of the versions
  /// Where the source declares control totals; the committer may put further rows aside.
  std::optional<model::ControlTotals> control;
};

/// Judges each candidate by its dataset's declaration; an empty text is a missing value. Reasons:
/// those of model::ParseValue; not_a_period; missing_key, missing_value, not_allowed,
/// unknown_place, rule_broken (names the rule); and within one delivery, for candidates of one key:
/// equal content is repeated (the first stays), the same order with different content is a conflict
/// of all of them, another order is history. An event's withdrawal is in no conflict with what it
/// withdraws and comes after it. Values of personal columns are shown as "•••". Pure; a dataset
/// that the center does not have gives no rows. Candidates of `accepted` rows may have values that
/// are not_allowed and break rules.
ValidatedDelivery Validate(MappedDelivery mapped, const center::Center& center,
                           const center::Source& source, base::Timestamp received_at,
                           const model::AcceptedRows& accepted = {});

}  // namespace fansipan::sources
