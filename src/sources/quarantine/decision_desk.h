#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/patience.h"
#include "base/result.h"
#include "model/quarantine_decision.h"
#include "sources/intake.h"
#include "store/fact_store.h"

namespace fansipan::sources {

/// A decision about all quarantined rows that a query finds.
struct BulkDecision {
  /// Page and limit are not looked at. For reopening, rows that are decided are found, whatever
  /// `open_only` says.
  store::QuarantineQuery query;
  model::QuarantineVerdict verdict = model::QuarantineVerdict::kDiscarded;
  std::string reason;
  std::string decided_by;
  std::optional<std::uint64_t> count;  ///< raw rows that whoever decides has seen; must be told
};

struct DecidedRows {
  std::uint64_t rows = 0;        ///< raw rows decided about
  std::uint64_t deliveries = 0;  ///< in which they are
  std::uint64_t read_again = 0;  ///< deliveries that were read again for it
  std::uint64_t still_open = 0;  ///< accepted rows that stay out, for a fault behind the first
};

inline constexpr std::size_t kMaxDecidedRows = 1'000;
inline constexpr std::size_t kMaxReadAgain = 50;        ///< deliveries, whatever the verdict
inline constexpr std::size_t kMaxDecisionReason = 500;  ///< characters

/// What decisions ask of intake and facts; all outlive the call.
struct DecisionParts {
  Intake* intake = nullptr;
  store::FactStore* facts = nullptr;
  std::function<base::Status(const base::Patience&)> wait_for_facts;  ///< up to what is recorded
};

/// Finds the rows, checks that they can be decided so, and records it delivery by delivery: each
/// whole or not at all. kInvalidArgument: reason_missing, reason_too_long, not_acceptable (names a
/// row and why), too_many_rows. kNotFound no_such_rows. kConflict count_missing or
/// count_changed: other rows are there than were seen. Otherwise errors of Intake::Decide, which
/// name what was done before.
base::Result<DecidedRows> Decide(const BulkDecision& decision, const DecisionParts& parts,
                                 const base::Patience& patience);

}  // namespace fansipan::sources
