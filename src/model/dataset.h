#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/clocks/case_clock.h"
#include "model/expression.h"
#include "model/period.h"
#include "model/quality/quality_rules.h"
#include "model/reported.h"
#include "model/text.h"
#include "model/unit.h"
#include "model/value.h"

namespace fansipan::model {

struct Column {
  std::string name;
  LocalizedText title;
  ColumnType type = ColumnType::kText;
  int scale = 0;  ///< decimals kept, kDecimal only
  bool optional = false;
  bool dimension = false;           ///< cells may be kept apart by it; text or boolean
  bool personal = false;            ///< shown only to those who may read personal data
  bool reckoned = false;            ///< no source tells it: a clock of the dataset says it
  std::vector<std::string> one_of;  ///< allowed values, empty: any
};

enum class DatasetKind {
  kEvent,    ///< records happen and stay; the key is the event's identity
  kState,    ///< records change; the version that is last in the declared order is the current one
  kReported  ///< values that somebody states for a node and a period, see ReportedShape
};

std::string_view NameOf(DatasetKind kind);  ///< event, state, reported

/// Where a record's place in one tree stands and in which code system it is written.
struct PlaceColumn {
  std::size_t column = 0;
  std::string code_system;
};

/// A declared set of records.
struct Dataset {
  std::string name;
  LocalizedText title;
  std::string system;  ///< the system pack it belongs to
  DatasetKind kind = DatasetKind::kState;
  std::vector<Column> columns;
  std::vector<std::size_t> key;  ///< columns that identify a record
  std::optional<std::size_t>
      order;  ///< the source's revision or time of change; kState must have it
  std::optional<Expression> withdrawn;  ///< a version for which it is true withdraws the record
  std::optional<PlaceColumn> territory;
  std::optional<PlaceColumn> organisation;
  std::optional<ReportedShape> reported;  ///< kReported has it
  std::vector<Expression> rules;          ///< each must be true or unknown for a row to be accepted
  QualityRules quality;
  std::vector<CaseClock> clocks;  ///< at most kMaxClocks; their columns come last

  std::optional<std::size_t> FindColumn(std::string_view column_name) const;
  /// The columns that sources tell; those behind them are reckoned.
  std::size_t CountToldColumns() const;
};

enum class MeasureKind { kFlow, kStock };
enum class Aggregate { kCount, kSum, kAverage, kMinimum, kMaximum, kDistinct };
std::string_view NameOf(MeasureKind kind);
std::string_view NameOf(Aggregate aggregate);

/// What is counted of a dataset's current records.
struct Measure {
  std::string name;
  LocalizedText title;
  std::string dataset;
  MeasureKind kind = MeasureKind::kFlow;
  Aggregate aggregate = Aggregate::kCount;
  std::optional<std::size_t> value;     ///< column that is summed, averaged, …; none for a count
  std::optional<Expression> condition;  ///< only records for which it is true
  std::size_t from = 0;              ///< flow: the moment's column; stock: where the record enters
  std::optional<std::size_t> until;  ///< stock: where it leaves; a missing value: it stays
  Grain grain = Grain::kDay;
  std::vector<std::size_t> dimensions;  ///< columns its cells are kept apart by, ascending
  /// The measure of whose records it counts those with contradicting due moments; empty: it is
  /// declared.
  std::string contradictions_of;
};

/// A multiset of a cell holds at most this many different values; see Measure and `center` limits.
inline constexpr std::size_t kMaxDistinctValuesPerCell = 100'000;

}  // namespace fansipan::model
