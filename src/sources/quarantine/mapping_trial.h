#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/patience.h"
#include "base/result.h"
#include "center/center.h"
#include "model/quarantine_decision.h"
#include "model/record.h"
#include "sources/mapping_worker.h"
#include "store/archive.h"

namespace fansipan::sources {

/// What another mapping does to a raw row.
enum class RowChange : std::uint8_t {
  kMended,    ///< was quarantined and would be taken
  kStillBad,  ///< was quarantined and would be again
  kLeftOut,   ///< was quarantined and would yield nothing any more
  kSpoiled,   ///< is taken and would be quarantined
  kAltered,   ///< is taken and would be with other values
  kLost,      ///< is taken and would yield nothing
  kGained,    ///< yields nothing and would be taken
};
inline constexpr std::size_t kRowChanges = 7;
std::string_view NameOf(RowChange change);

/// What becomes of a raw row: the records it yields, or what is wrong with it.
struct RowOutcome {
  /// Column and text of each record, told columns only; a missing value is empty.
  std::vector<std::vector<std::pair<std::string, std::string>>> records;
  std::vector<model::QuarantinedRow> faults;
};

struct ChangedRow {
  model::Sequence delivery;
  std::uint32_t raw_row = 0;
  RowChange change = RowChange::kMended;
  RowOutcome before;  ///< by the running center
  RowOutcome after;   ///< by the tried one
};

/// A delivery that the tried mapping cannot read.
struct UnreadDelivery {
  model::Sequence delivery;
  std::string reason;   ///< a word for machines
  std::string message;  ///< for who must act
};

/// How deliveries would be read with another text of a mapping. Nothing is recorded.
struct MappingTrial {
  std::size_t deliveries = 0;                       ///< that were read
  std::uint64_t unchanged = 0;                      ///< raw rows taken as they are now
  std::array<std::uint64_t, kRowChanges> counts{};  ///< by RowChange
  std::vector<ChangedRow> rows;                     ///< the first of each, kMaxShownOfChange each
  std::vector<UnreadDelivery> unread;               ///< not among `deliveries`
  /// Reasons that spoiled rows would have, and that mended ones had, with how many rows each.
  std::map<std::string, std::uint64_t> reasons_after;
  std::map<std::string, std::uint64_t> reasons_before;
};
inline constexpr std::size_t kMaxShownOfChange = 50;

struct MappingTrialJob {
  const center::Center* center = nullptr;  ///< the running one
  const center::Center* tried = nullptr;   ///< the same but for the mapping's text
  std::string source;
  std::string dataset;
  std::vector<model::Delivery> deliveries;  ///< original ones
  model::AcceptedByDelivery accepted;       ///< rows that are taken as exceptions
  base::Patience patience;
};

/// Reads each delivery by both centers and compares what its raw rows become in the dataset. Raw
/// rows that cannot be decoded have no part in it: no mapping mends them. What the running center
/// cannot read has taken nothing in. Errors: where no delivery can be read, that of the first;
/// where no worker can be had, the worker's; the patience's.
base::Result<MappingTrial> TryMapping(const MappingTrialJob& job, store::Archive& archive,
                                      MappingWorker& worker);

}  // namespace fansipan::sources
