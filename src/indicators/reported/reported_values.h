#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "center/center.h"
#include "indicators/delta.h"
#include "model/record.h"
#include "model/reported.h"
#include "model/unit.h"

namespace fansipan::indicators {

/// One version of a reported value: what one delivery stated.
struct Statement {
  std::size_t vintage = 0;              ///< rank
  std::optional<model::Decimal> value;  ///< nothing when it is withdrawn, or stated as not known
  bool withdrawn = false;
  std::string signer;
  std::string note;
  std::string code;  ///< of the node, as it was delivered
  std::string source;
  base::Timestamp recorded_at;
  model::Sequence version;
  model::Value order;  ///< of the dataset's order column, if any
  model::Sequence delivery;
  model::MappingRevision mapping_revision;
  std::uint32_t row = 0;
};

/// How a statement stands among those known with it.
enum class StatementState {
  kShown,
  kHidden,    ///< by a higher vintage
  kReplaced,  ///< by a later version of its own vintage
  kWithdrawn,
  kUnknown  ///< it states that there is no value
};
std::string_view NameOf(StatementState state);  ///< shown, hidden, replaced, withdrawn, no_value

struct KnownStatement {
  Statement statement;
  StatementState state = StatementState::kShown;
  std::optional<model::Decimal> difference;  ///< to the last value stated before, of any vintage
};

/// What a reported value is of, in one series of one dataset.
struct StatedOf {
  model::TreeKind tree = model::TreeKind::kTerritory;
  model::UnitId unit;
  const model::Regime* regime = nullptr;  ///< of the center
  base::LocalTime from;
  base::LocalTime to;  ///< excluded
  auto operator<=>(const StatedOf&) const = default;

  static StatedOf Of(model::TreeKind tree, model::UnitId unit, const model::Period& period) {
    return {tree, unit, period.regime, period.from, period.to};
  }
};

/// Which statements count: all up to a sequence, and on the way to a later one those that came by
/// some causes.
struct KnownReports {
  model::Sequence all;
  model::Sequence some{};  ///< up to here those that came by one of `causes`
  std::vector<Cause> causes{};
};

/// Every reported value with all its vintages and versions, so that what was known at any past
/// moment is known. Kept in memory, about 300 bytes for each version: reports are few beside
/// records. One thread adds; any thread reads.
class ReportedValues {
 public:
  /// The center must outlive it.
  explicit ReportedValues(const center::Center& center);

  /// True when versions of the dataset are reported values.
  bool Takes(std::size_t dataset) const { return shapes_[dataset].has_value(); }
  /// Takes a version once; a second time it does nothing. One whose unit or period this center does
  /// not know is left out.
  void Add(std::size_t dataset, const model::Version& version, std::string_view source,
           base::Timestamp recorded_at);

  /// All statements known at `known`, in the order in which they came to be known.
  std::vector<KnownStatement> FindAll(const model::ReportedRule& rule, const StatedOf& of,
                                      model::Sequence known) const;
  /// The statement to be shown: of the highest vintage that has a value the version that stands
  /// last in precedence. Nothing: none has a value. `count` takes how many statements there are.
  std::optional<Statement> FindShown(const model::ReportedRule& rule, const StatedOf& of,
                                     const KnownReports& known, std::size_t* count = nullptr) const;
  /// Nodes and periods of which anything is stated, in order, with the kind of period that was
  /// written.
  std::vector<std::pair<StatedOf, const model::PeriodKind*>> FindPlaces(
      const model::ReportedRule& rule, model::Sequence known) const;

 private:
  struct Place {
    const model::PeriodKind* kind = nullptr;
    std::vector<Statement> statements;  ///< by sequence of the version
  };
  using Places = std::map<StatedOf, Place>;
  /// Of a dataset, what is needed of its declaration.
  struct Shape {
    model::TreeKind tree = model::TreeKind::kTerritory;
    std::size_t place = 0;  ///< column
    std::unordered_map<std::string, std::vector<model::UnitCode>> codes;
  };

  /// All statements, by sequence. Under the lock.
  std::span<const Statement> FindStatements(const model::ReportedRule& rule,
                                            const StatedOf& of) const;

  const center::Center& center_;
  std::vector<std::optional<Shape>> shapes_;  ///< by dataset

  mutable std::shared_mutex mutex_;                               ///< guards what follows
  std::map<std::pair<std::string, std::string>, Places> series_;  ///< by dataset and series
};

/// The unit that a code means for a value of `period`, of what it means at all: on the period's
/// last day, else the last within the period, else the nearest later one, else the nearest earlier
/// one. Inherited meanings do not count: a value is kept where it was stated. Nothing without any.
std::optional<model::UnitId> UnitStated(const std::vector<model::UnitCode>& meanings,
                                        const model::Period& period);

}  // namespace fansipan::indicators
