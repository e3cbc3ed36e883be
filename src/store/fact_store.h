#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "base/time_zone.h"
#include "model/dataset.h"
#include "model/quarantine_decision.h"
#include "model/record.h"
#include "store/journal.h"

namespace fansipan::store {

/// A foreign code while it is valid.
struct CodeSpan {
  std::string code;
  base::Timestamp from;
  std::optional<base::Timestamp> until;
};

/// Records that lie in a unit: the place column holds one of `codes`, valid at the record's `from`
/// moment. `or_missing` also takes records without a code.
struct PlaceFilter {
  std::size_t column = 0;
  std::vector<CodeSpan> codes;
  bool or_missing = false;
};

/// What a version did to its record when it became current.
enum class VersionEffect {
  kArrived,    ///< there was none before it
  kCorrected,  ///< it took the place of another one
  kRedefined,  ///< the same of its own delivery, by a later mapping or by the center's clocks
  kWithdrawn   ///< it took the record back
};

/// Asks for versions instead of current records: those recorded after a sequence, up to `as_of`,
/// that made a record count in the measure or cease to, or changed what it counts for; whatever has
/// displaced them since.
struct ChangedVersions {
  model::Sequence after;
  VersionEffect effect = VersionEffect::kArrived;
};

/// The current records, as of a sequence, that count in one measure.
/// Flow: since <= from < before. Stock: from < before and (until missing or until >= before).
struct RecordQuery {
  std::string dataset;
  model::Sequence as_of;
  model::MeasureKind kind = model::MeasureKind::kFlow;
  std::size_t from = 0;
  std::optional<std::size_t> until;
  base::Timestamp since;
  base::Timestamp before;
  bool whole = false;  ///< all current records: the moments above are not looked at; without place
  std::optional<model::Expression> condition;
  std::optional<std::size_t> not_missing;  ///< column that must hold a value: what is summed up
  std::optional<PlaceFilter> place;
  std::vector<std::pair<std::size_t, std::string>> dimensions;  ///< column equals text
  std::optional<ChangedVersions> changed;                       ///< nothing: the current records
  std::string after;        ///< cursor of the page before; empty: from the start
  std::size_t limit = 100;  ///< 1 to 1,000
  std::chrono::milliseconds deadline{5'000};
  /// The center's zone: a date stands for its local midnight where it is compared with a moment.
  base::TimeZone zone = base::TimeZone::Utc();
};

struct RecordPage {
  std::vector<model::Version> records;  ///< what was recorded last comes first
  std::string next;                     ///< cursor, empty at the end
  /// What the page is of: the query's `as_of`, behind a cursor that of the first page, so that
  /// pages join to one whole whatever is recorded meanwhile.
  model::Sequence as_of;
};

struct DeliveryQuery {
  std::string source;                     ///< empty: all
  std::optional<model::Sequence> before;  ///< older than this one
  std::size_t limit = 50;
  std::optional<base::Timestamp> received_from{};    ///< not before
  std::optional<base::Timestamp> received_before{};  ///< before
  /// Without replays, and without what the center's own clocks and redefinitions put in.
  bool originals_only = false;
};

struct QuarantineQuery {
  std::optional<model::Sequence> delivery;
  std::string source;
  std::string dataset;
  bool open_only = true;    ///< without those that a replay has resolved or somebody discarded
  std::uint64_t after = 0;  ///< id of the last row of the page before
  std::size_t limit = 100;
  std::string reason{};                    ///< empty: all
  std::optional<std::string> column{};     ///< empty text: about the whole row
  std::optional<std::uint32_t> raw_row{};  ///< of the delivery
  /// Empty: all. Else entries about one of these alone, whose dataset is taken as it stands: an
  /// empty one is that of rows that could not be decoded. At most kMaxRowsAskedFor.
  std::vector<model::DeliveredRow> rows{};
};
inline constexpr std::size_t kMaxRowsAskedFor = 1'000;

/// A row of quarantine as kept: resolved when a later replay of its delivery replaced the report.
/// It is open while it is not resolved and the standing decision about it is not to discard it.
struct KeptQuarantine {
  std::uint64_t id = 0;
  model::Sequence delivery;  ///< the original one
  std::string source;
  base::Timestamp recorded_at;
  std::optional<model::Sequence> resolved_by;
  model::QuarantinedRow row;
  std::optional<model::QuarantineDecision> decision{};  ///< the last about its raw row and dataset
};

/// Quarantined rows that are alike.
struct QuarantineGroup {
  std::string source;
  std::string dataset;
  std::string column;
  std::string reason;
  std::uint64_t rows = 0;        ///< raw rows, each once
  std::uint64_t deliveries = 0;  ///< in which they are
  base::Timestamp first_recorded_at;
  base::Timestamp last_recorded_at;
  bool operator==(const QuarantineGroup&) const = default;
};

/// Every version, delivery and quarantined row, to be asked for. Which version displaced which is
/// taken from the versions as recorded (predecessor, outranked). It trails the journal: Append
/// takes entries in order, each whole in one transaction together with its number. Expressions are
/// rendered by the store; no text of a declaration or request becomes its query. One thread
/// appends; reads come from any thread and see a state at an entry's end. A read whose patience is
/// over is stopped with the patience's error; each has a deadline of the store besides.
class FactStore {
 public:
  /// Of one key, VersionsOfKey gives the last so many.
  static constexpr std::size_t kMaxVersionsOfKey = 1'000;

  virtual ~FactStore() = default;

  /// Makes room for the datasets and columns that are new. Columns are never dropped or retyped:
  /// a changed type gets a new physical column. `recorded_through`: entries up to this number were
  /// recorded under other declarations; where key or order are new, what their versions displaced
  /// is found out anew, for those that are still to be appended once they are.
  virtual base::Status Declare(const std::vector<model::Dataset>& datasets,
                               std::uint64_t recorded_through = 0) = 0;
  /// Takes entries `AppliedThrough() + 1 …`, all or nothing. Unknown datasets of an entry are
  /// declared from its own column list.
  virtual base::Status Append(const std::vector<JournalEntry>& entries) = 0;
  virtual base::Result<std::uint64_t> AppliedThrough() = 0;
  /// Reads what questions need to be quick, seconds of work after a start; without it the first
  /// question does. By default there is nothing to read.
  virtual base::Status Prepare() { return {}; }

  virtual base::Result<RecordPage> PageRecords(const RecordQuery& query,
                                               const base::Patience& patience = {}) = 0;
  /// The last versions of the key, in order of precedence, of those known at `as_of`. Values in the
  /// order of the dataset as last declared.
  virtual base::Result<std::vector<model::Version>> VersionsOfKey(
      const std::string& dataset, const model::Row& key, model::Sequence as_of,
      const base::Patience& patience = {}) = 0;
  virtual base::Result<std::optional<model::Version>> FindVersion(
      model::Sequence sequence, const base::Patience& patience = {}) = 0;
  /// Versions that the delivery (or its replays) put in, by sequence.
  virtual base::Result<std::vector<model::Version>> VersionsOfDelivery(
      model::Sequence delivery, const base::Patience& patience = {}) = 0;
  /// Deliveries come without the profile of their columns, which the journal alone keeps.
  virtual base::Result<std::vector<model::Delivery>> ListDeliveries(
      const DeliveryQuery& query, const base::Patience& patience = {}) = 0;
  virtual base::Result<std::optional<model::Delivery>> FindDelivery(
      model::Sequence sequence, const base::Patience& patience = {}) = 0;
  virtual base::Result<std::vector<KeptQuarantine>> ListQuarantine(
      const QuarantineQuery& query, const base::Patience& patience = {}) = 0;
  /// The same rows counted by source, dataset, column and reason, the largest groups first, at most
  /// `limit` of them; `after` is not looked at.
  virtual base::Result<std::vector<QuarantineGroup>> SummariseQuarantine(
      const QuarantineQuery& query, const base::Patience& patience = {}) = 0;
};

}  // namespace fansipan::store
