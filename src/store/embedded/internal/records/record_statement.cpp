#include "store/embedded/internal/records/record_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "store/embedded/internal/fact_rows.h"

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kMaxCodes = 20'000;

base::Error Refuse(const PhysicalDataset& dataset, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "bad_query",
          fmt::format("records of dataset '{}': {}", dataset.name, what)};
}

/// The first day whose local midnight is not before the moment.
model::Date FirstDayFrom(base::Timestamp moment, const base::TimeZone& zone) {
  using std::chrono::sys_days;
  using std::chrono::year;
  // Beyond these years no date is declared, and zones cannot be computed.
  const base::Timestamp least = sys_days(year(1) / 1 / 2);
  const base::Timestamp most = sys_days(year(9999) / 12 / 30);
  const base::Timestamp within = std::clamp(moment, least, most);
  const auto local = std::chrono::floor<std::chrono::days>(zone.ToLocal(within));
  const model::Date day(local.time_since_epoch());
  return zone.ToUtc(local) >= within ? day : day + std::chrono::days(1);
}

class StatementBuilder {
 public:
  /// `alias` is the version that is asked about.
  StatementBuilder(const RecordQuery& query, const PhysicalDataset& dataset, std::string alias,
                   SqlParameters& parameters)
      : query_(query), dataset_(dataset), alias_(std::move(alias)), parameters_(parameters) {}

  /// True when the version counts in the measure; may be unknown when it does not. A conjunction,
  /// so that the engine passes over the parts of the table in which nothing can count.
  base::Result<std::string> BuildFilter() {
    std::vector<std::string> pieces = {fmt::format("NOT {}.withdrawn", alias_)};
    if (query_.not_missing) {
      FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* column, GetColumn(*query_.not_missing));
      pieces.push_back(Named(*column) + " IS NOT NULL");
    }
    if (!query_.whole) {
      FANSIPAN_ASSIGN_OR_RETURN(std::string time, RenderTime());
      pieces.push_back(std::move(time));
    }
    for (const auto& [position, text] : query_.dimensions) {
      FANSIPAN_ASSIGN_OR_RETURN(std::string piece, RenderDimension(position, text));
      pieces.push_back(std::move(piece));
    }
    if (query_.place) {
      FANSIPAN_ASSIGN_OR_RETURN(std::string piece, RenderPlace(*query_.place));
      pieces.push_back(std::move(piece));
    }
    if (query_.condition) {
      const ColumnRendering columns = [this](const std::string& name) {
        return RenderColumn(name);
      };
      FANSIPAN_ASSIGN_OR_RETURN(std::string piece,
                                RenderCondition(*query_.condition, columns, parameters_));
      pieces.push_back(std::move(piece));
    }
    return fmt::format("{}", fmt::join(pieces, " AND "));
  }

  /// The same, never unknown.
  base::Result<std::string> BuildCounts() {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string filter, BuildFilter());
    return fmt::format("coalesce({}, false)", filter);
  }

 private:
  std::string Named(const PhysicalColumn& column) const { return alias_ + "." + column.SqlName(); }

  std::optional<RenderedSql> RenderColumn(const std::string& name) const {
    for (const PhysicalColumn& column : dataset_.columns) {
      if (column.position && column.name == name) {
        return RenderedSql{Named(column), column.type};
      }
    }
    return std::nullopt;
  }

  base::Result<const PhysicalColumn*> GetColumn(std::size_t position) const {
    const PhysicalColumn* column = dataset_.FindAt(position);
    if (column == nullptr) {
      return Refuse(dataset_, fmt::format("there is no column {}", position));
    }
    return column;
  }

  base::Result<const PhysicalColumn*> GetTimeColumn(std::size_t position) const {
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* column, GetColumn(position));
    if (column->type != model::ColumnType::kDate && column->type != model::ColumnType::kTimestamp) {
      return Refuse(dataset_, fmt::format("column '{}' is no moment", column->name));
    }
    return column;
  }

  /// The boundary to which a column of moments is compared with `>=` or `<`.
  std::string Boundary(const PhysicalColumn& column, base::Timestamp moment) {
    if (column.type == model::ColumnType::kDate) {
      return parameters_.Add(FirstDayFrom(moment, query_.zone));
    }
    return parameters_.Add(moment);
  }

  base::Result<std::string> RenderTime() {
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* from, GetTimeColumn(query_.from));
    std::string sql = fmt::format("{} < {}", Named(*from), Boundary(*from, query_.before));
    if (query_.kind == model::MeasureKind::kFlow) {
      return fmt::format("{} AND {} >= {}", sql, Named(*from), Boundary(*from, query_.since));
    }
    if (!query_.until) return sql;
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* until, GetTimeColumn(*query_.until));
    return fmt::format("{0} AND ({1} IS NULL OR {1} >= {2})", sql, Named(*until),
                       Boundary(*until, query_.before));
  }

  base::Result<std::string> RenderDimension(std::size_t position, const std::string& text) {
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* column, GetColumn(position));
    if (column->type == model::ColumnType::kText) {
      return fmt::format("{} = {}", Named(*column), parameters_.Add(text));
    }
    auto value = model::ParseValue(text, column->type, model::Decimal::kMaxScale, query_.zone);
    if (!value.ok()) {
      return Refuse(dataset_, fmt::format("column '{}': {}", column->name, value.error().message));
    }
    const std::string parameter = parameters_.Add(value.value());
    if (column->type == model::ColumnType::kDecimal) {
      return fmt::format("decimal_compare({}, {}) = 0", Named(*column), parameter);
    }
    return fmt::format("{} = {}", Named(*column), parameter);
  }

  base::Result<std::string> RenderPlace(const PlaceFilter& place) {
    if (place.codes.size() > kMaxCodes) {
      return base::Error{base::ErrorCode::kTooLarge, "too_many_codes",
                         fmt::format("a place may have at most {} codes", kMaxCodes)};
    }
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* column, GetColumn(place.column));
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* from, GetTimeColumn(query_.from));
    if (column->type != model::ColumnType::kText) {
      return Refuse(dataset_, fmt::format("column '{}' holds no codes", column->name));
    }
    // Codes of one time of validity share one comparison.
    std::map<std::pair<base::Timestamp, std::optional<base::Timestamp>>, std::vector<std::string>>
        spans;
    for (const CodeSpan& span : place.codes) {
      spans[{span.from, span.until}].push_back(parameters_.Add(span.code));
    }
    std::vector<std::string> pieces;
    if (place.or_missing) pieces.push_back(Named(*column) + " IS NULL");
    for (const auto& [validity, codes] : spans) {
      std::string piece =
          fmt::format("({} IN ({}) AND {} >= {}", Named(*column), fmt::join(codes, ", "),
                      Named(*from), Boundary(*from, validity.first));
      if (validity.second) {
        piece += fmt::format(" AND {} < {}", Named(*from), Boundary(*from, *validity.second));
      }
      pieces.push_back(piece + ")");
    }
    if (pieces.empty()) return std::string("false");
    return fmt::format("({})", fmt::join(pieces, " OR "));
  }

  const RecordQuery& query_;
  const PhysicalDataset& dataset_;
  const std::string alias_;
  SqlParameters& parameters_;
};

/// A row that was told again with the center's own delivery, not with that of a source: its
/// versions follow the delivery in sequence.
constexpr std::string_view kRedefined =
    "(p.delivery = v.delivery AND (p.mapping_revision <> v.mapping_revision OR (p.delivery_row = "
    "v.delivery_row AND EXISTS (SELECT 1 FROM deliveries AS d WHERE d.source = '{}'::BLOB AND "
    "v.sequence > d.sequence AND v.sequence <= d.sequence + d.accepted))))";

/// What makes a version `v`, which took the place of `p` or of none, one of this effect.
std::string EffectCondition(VersionEffect effect) {
  const std::string redefined = fmt::format(kRedefined, model::kCenterSource);
  switch (effect) {
    case VersionEffect::kArrived:
      return "NOT v.withdrawn AND v.displaced = 0";
    case VersionEffect::kCorrected:
      return "NOT v.withdrawn AND v.displaced > 0 AND NOT " + redefined;
    case VersionEffect::kRedefined:
      return "NOT v.withdrawn AND v.displaced > 0 AND " + redefined;
    case VersionEffect::kWithdrawn:
      return "v.withdrawn";
  }
  return "false";
}

base::Result<RecordStatement> BuildChanged(const RecordQuery& query, const PhysicalDataset& dataset,
                                           const SequenceRange& range, std::size_t limit) {
  RecordStatement statement;
  SqlParameters& parameters = statement.parameters;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string after,
                            StatementBuilder(query, dataset, "v", parameters).BuildCounts());
  FANSIPAN_ASSIGN_OR_RETURN(const std::string before,
                            StatementBuilder(query, dataset, "p", parameters).BuildCounts());
  std::string differs = fmt::format("({}) <> ({})", after, before);
  const PhysicalColumn* value = query.not_missing ? dataset.FindAt(*query.not_missing) : nullptr;
  if (value != nullptr) {
    differs = fmt::format("({0} OR (({1}) AND v.{2} IS DISTINCT FROM p.{2}))", differs, after,
                          value->SqlName());
  }
  statement.columns = dataset.InOrder();
  statement.sql = fmt::format(
      "SELECT {0} FROM {1} AS v LEFT JOIN {1} AS p ON p.sequence = v.displaced WHERE v.sequence >= "
      "{2} AND v.sequence < {3} AND v.displaced IS NOT NULL AND {4} AND {5} ORDER BY v.sequence "
      "DESC LIMIT {6}",
      VersionSelection("v.", statement.columns), dataset.SqlTable(),
      parameters.AddUnsigned(range.from), parameters.AddUnsigned(range.before),
      EffectCondition(query.changed->effect), differs, limit);
  return statement;
}

}  // namespace

base::Result<RecordStatement> BuildRecords(const RecordQuery& query, const PhysicalDataset& dataset,
                                           const SequenceRange& range, std::size_t limit) {
  if (query.changed) return BuildChanged(query, dataset, range, limit);
  RecordStatement statement;
  SqlParameters& parameters = statement.parameters;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string filter,
                            StatementBuilder(query, dataset, "v", parameters).BuildFilter());
  const std::string from = parameters.AddUnsigned(range.from);
  const std::string before = parameters.AddUnsigned(range.before);
  statement.columns = dataset.InOrder();
  statement.sql = fmt::format(
      "SELECT {} FROM {} AS v WHERE v.sequence >= {} AND v.sequence < {} AND v.displaced IS NOT "
      "NULL AND {} AND NOT was_displaced(v.sequence) ORDER BY v.sequence DESC LIMIT {}",
      VersionSelection("v.", statement.columns), dataset.SqlTable(), from, before, filter, limit);
  return statement;
}

}  // namespace fansipan::store::internal
