#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.h"
#include "model/decimal.h"

namespace fansipan::model {

/// Position in the one order in which the center came to know things. Every delivery and every
/// version has its own; the first is 1.
using Sequence = base::StrongId<struct SequenceTag>;

/// How what came stands to the control totals that the source told.
enum class Reconciliation {
  kComplete,
  kIncomplete,  ///< fewer rows, or another sum, than the source told
  kNotTold      ///< the source told no total, although it is declared that it does
};
std::string_view NameOf(Reconciliation outcome);  ///< complete, incomplete, not_told

/// What makes good a delivery that was incomplete.
enum class ClearedBy {
  kAny,         ///< a later delivery of the source that reconciles, or its own replay
  kSamePeriod,  ///< a later one that tells the same period and reconciles, or its own replay
  kReplay       ///< its own replay alone
};
std::string_view NameOf(ClearedBy cleared_by);  ///< any, same_period, replay

/// The sum of one column of a dataset.
struct ControlSum {
  std::string dataset;
  std::string column;
  std::optional<Decimal> told;      ///< nothing: not told, or no number
  std::optional<Decimal> arrived;   ///< of all candidates whose value is a number
  std::optional<Decimal> accepted;  ///< of those that the center has now
  bool operator==(const ControlSum&) const = default;
};

/// A row that the source told and the center does not have.
struct MissingRow {
  std::string dataset;        ///< empty when it could not be decoded
  std::string key;            ///< empty: unknown; "•••" when it is personal
  std::uint32_t raw_row = 0;  ///< 1-based; 0: it never came
  std::string reason;         ///< not_sent, or why it was set aside
  bool operator==(const MissingRow&) const = default;
};
inline constexpr std::size_t kMaxNamedMissing = 100;

/// What the source told of a delivery, what arrived, and what was accepted of it.
struct ControlTotals {
  Reconciliation outcome = Reconciliation::kComplete;
  ClearedBy cleared_by = ClearedBy::kAny;
  std::string period;  ///< as the source writes it; empty unless it clears by the period
  std::optional<std::uint64_t> rows_told;
  std::uint64_t rows_arrived = 0;
  std::uint64_t rows_accepted = 0;  ///< the center has what they say; rows left out count
  std::vector<ControlSum> sums;
  std::uint64_t missing = 0;      ///< rows that were told or came, and were not accepted
  std::vector<MissingRow> named;  ///< the first kMaxNamedMissing of them that are known
  bool operator==(const ControlTotals&) const = default;
};

/// How the cells of one raw column are written, counted over some of the rows.
struct ColumnProfile {
  std::string name;         ///< of a long one its beginning and a hash, at most 109 bytes
  std::uint32_t cells = 0;  ///< that were looked at
  std::uint32_t empty = 0;  ///< of them
  std::uint32_t numbers = 0;
  std::uint32_t day_first_dates = 0;   ///< 31/12/2025
  std::uint32_t year_first_dates = 0;  ///< 2025-12-31
  std::uint32_t mean_length = 0;       ///< bytes of a cell that is not empty
  /// Decimal logarithm of the median of the numbers' absolute values, in thousandths.
  std::optional<std::int32_t> magnitude;
  bool operator==(const ColumnProfile&) const = default;
};

enum class ColumnChangeKind {
  kNew,
  kMissing,
  kRenamed,
  kReordered,    ///< `column` is the first that stands elsewhere
  kEmptied,      ///< nearly all of its cells were written, and nearly none is now
  kTypeChanged,  ///< number, date or text became another
  kUnitChanged   ///< the median moved by about a power of ten
};
std::string_view NameOf(ColumnChangeKind kind);  ///< new, missing, renamed, …

struct ColumnChange {
  ColumnChangeKind kind = ColumnChangeKind::kNew;
  std::string column;
  std::string was;  ///< kRenamed: its name; kTypeChanged: its type; kUnitChanged: empty
  std::string now;  ///< kRenamed, kTypeChanged: what it is now; kUnitChanged: the power of ten
  bool operator==(const ColumnChange&) const = default;
};

inline constexpr std::size_t kMaxChanges = 50;

/// How the raw columns of a delivery differ from those of the last good one of its source.
struct SchemaDrift {
  Sequence reference{};               ///< that one; 0: the declared columns
  std::vector<ColumnChange> changes;  ///< the first kMaxChanges
  std::uint64_t more = 0;             ///< so many beside them
  bool operator==(const SchemaDrift&) const = default;
};

/// A delivery with fewer or more rows than its source is used to send.
struct UnusualVolume {
  std::uint64_t rows = 0;
  std::uint64_t least = 0;  ///< of what is usual
  std::uint64_t most = 0;
  bool learnt = false;  ///< from deliveries before it; else declared
  bool operator==(const UnusualVolume&) const = default;
};

/// What a delivery showed of its source's contract.
struct ContractFacts {
  std::optional<ControlTotals> control;  ///< where the source declares control totals
  std::vector<ColumnProfile> profile;    ///< where later deliveries are to be compared with it
  std::optional<SchemaDrift> drift;
  std::optional<UnusualVolume> unusual_volume;
  bool IsEmpty() const { return !control && profile.empty() && !drift && !unusual_volume; }
  bool operator==(const ContractFacts&) const = default;
};

/// What people read of it: the columns are for later deliveries alone. Nothing when nothing is
/// left.
std::optional<ContractFacts> WithoutProfile(std::optional<ContractFacts> facts);

}  // namespace fansipan::model
