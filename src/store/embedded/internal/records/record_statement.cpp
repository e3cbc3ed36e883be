#include "store/embedded/internal/record_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "store/embedded/internal/fact_rows.h"

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kMaxPage = 1'000;
constexpr std::size_t kMaxCodes = 20'000;
constexpr std::size_t kMaxCursorBytes = 65'537;
constexpr char kCursorMark = 'k';

base::Error Refuse(const PhysicalDataset& dataset, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "bad_query",
          fmt::format("records of dataset '{}': {}", dataset.name, what)};
}

std::optional<unsigned> HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  return std::nullopt;
}

std::optional<std::string> DecodeCursor(const std::string& cursor) {
  if (cursor.size() % 2 != 1 || cursor.size() > kMaxCursorBytes || cursor[0] != kCursorMark) {
    return std::nullopt;
  }
  std::string key;
  for (std::size_t index = 1; index < cursor.size(); index += 2) {
    const auto high = HexDigit(cursor[index]);
    const auto low = HexDigit(cursor[index + 1]);
    if (!high || !low) return std::nullopt;
    key.push_back(static_cast<char>(*high * 16 + *low));
  }
  return key;
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
  StatementBuilder(const RecordQuery& query, const PhysicalDataset& dataset)
      : query_(query), dataset_(dataset) {}

  base::Result<std::string> BuildFilter() {
    std::vector<std::string> pieces = {"NOT v.withdrawn"};
    FANSIPAN_ASSIGN_OR_RETURN(std::string time, RenderTime());
    pieces.push_back(std::move(time));
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

  SqlParameters& parameters() { return parameters_; }

 private:
  std::optional<RenderedSql> RenderColumn(const std::string& name) const {
    for (const PhysicalColumn& column : dataset_.columns) {
      if (column.position && column.name == name) {
        return RenderedSql{"v." + column.SqlName(), column.type};
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
    std::string sql = fmt::format("v.{} < {}", from->SqlName(), Boundary(*from, query_.before));
    if (query_.kind == model::MeasureKind::kFlow) {
      return fmt::format("{} AND v.{} >= {}", sql, from->SqlName(), Boundary(*from, query_.since));
    }
    if (!query_.until) return sql;
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* until, GetTimeColumn(*query_.until));
    return fmt::format("{0} AND (v.{1} IS NULL OR v.{1} >= {2})", sql, until->SqlName(),
                       Boundary(*until, query_.before));
  }

  base::Result<std::string> RenderDimension(std::size_t position, const std::string& text) {
    FANSIPAN_ASSIGN_OR_RETURN(const PhysicalColumn* column, GetColumn(position));
    if (column->type == model::ColumnType::kText) {
      return fmt::format("v.{} = {}", column->SqlName(), parameters_.Add(text));
    }
    auto value = model::ParseValue(text, column->type, model::Decimal::kMaxScale, query_.zone);
    if (!value.ok()) {
      return Refuse(dataset_, fmt::format("column '{}': {}", column->name, value.error().message));
    }
    const std::string parameter = parameters_.Add(value.value());
    if (column->type == model::ColumnType::kDecimal) {
      return fmt::format("decimal_compare(v.{}, {}) = 0", column->SqlName(), parameter);
    }
    return fmt::format("v.{} = {}", column->SqlName(), parameter);
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
    if (place.or_missing) pieces.push_back(fmt::format("v.{} IS NULL", column->SqlName()));
    for (const auto& [validity, codes] : spans) {
      std::string piece =
          fmt::format("(v.{} IN ({}) AND v.{} >= {}", column->SqlName(), fmt::join(codes, ", "),
                      from->SqlName(), Boundary(*from, validity.first));
      if (validity.second) {
        piece += fmt::format(" AND v.{} < {}", from->SqlName(), Boundary(*from, *validity.second));
      }
      pieces.push_back(piece + ")");
    }
    if (pieces.empty()) return std::string("false");
    return fmt::format("({})", fmt::join(pieces, " OR "));
  }

  const RecordQuery& query_;
  const PhysicalDataset& dataset_;
  SqlParameters parameters_;
};

/// FROM and WHERE: versions that stand highest among those known of their key. Grouping all keys
/// costs the same for few and many records found; an anti-join by key was ten times slower for
/// many.
base::Result<std::string> BuildCurrent(const RecordQuery& query, const PhysicalDataset& dataset,
                                       const std::optional<std::string>& after,
                                       StatementBuilder& builder) {
  FANSIPAN_ASSIGN_OR_RETURN(std::string filter, builder.BuildFilter());
  std::string known =
      fmt::format("sequence <= {}", builder.parameters().AddUnsigned(query.as_of.value));
  if (after) known += fmt::format(" AND record_key > {}", builder.parameters().AddBytes(*after));
  return fmt::format(
      "FROM {0} AS v WHERE {1} AND v.sequence IN (SELECT arg_max(sequence, precedence) FROM {0} "
      "WHERE {2} GROUP BY record_key)",
      dataset.SqlTable(), filter, known);
}

}  // namespace

std::string EncodeCursor(std::string_view key) { return kCursorMark + base::ToHex(key); }

base::Result<RecordStatement> BuildPageStatement(const RecordQuery& query,
                                                 const PhysicalDataset& dataset) {
  if (query.limit == 0 || query.limit > kMaxPage) {
    return Refuse(dataset, fmt::format("a page has 1 to {} records", kMaxPage));
  }
  std::optional<std::string> after;
  if (!query.after.empty()) {
    after = DecodeCursor(query.after);
    if (!after) {
      return base::Error{base::ErrorCode::kInvalidArgument, "bad_cursor",
                         "this cursor is none that a page has ended with"};
    }
  }
  StatementBuilder builder(query, dataset);
  RecordStatement statement;
  FANSIPAN_ASSIGN_OR_RETURN(std::string current, BuildCurrent(query, dataset, after, builder));
  statement.columns = dataset.InOrder();
  statement.sql = fmt::format("SELECT {}, v.record_key {} ORDER BY v.record_key LIMIT {}",
                              VersionSelection("v.", statement.columns), current, query.limit + 1);
  statement.parameters = std::move(builder.parameters());
  return statement;
}

base::Result<RecordStatement> BuildCountStatement(const RecordQuery& query,
                                                  const PhysicalDataset& dataset) {
  StatementBuilder builder(query, dataset);
  RecordStatement statement;
  FANSIPAN_ASSIGN_OR_RETURN(std::string current,
                            BuildCurrent(query, dataset, std::nullopt, builder));
  statement.sql = "SELECT count(*)::UBIGINT " + current;
  statement.parameters = std::move(builder.parameters());
  return statement;
}

}  // namespace fansipan::store::internal
