#include "sources/connectors/database/statement.h"

#include <string_view>
#include <utility>

#include "center/connectors/query_text.h"

namespace fansipan::sources {
namespace {

class StatementWriter {
 public:
  StatementWriter(const center::DatabaseQuery& query, const Dialect& dialect)
      : query_(query), dialect_(dialect) {}

  void AppendQuery(const std::string& since) {
    center::QueryFault fault;
    const auto text = center::ReadQueryText(query_.sql, fault);
    if (!text.ok()) return;  // refused when the center was loaded
    for (std::size_t i = 0; i < text->parts.size(); ++i) {
      if (i > 0) Bind(since);
      Append(text->parts[i]);
    }
  }

  /// Rows that are only counted are not worth the way.
  void AppendSelection(const RowRange& range) {
    const std::string both = Quoted(query_.since->column) + ", " + Quoted(query_.since->key);
    Append("SELECT " + (range.unplaced ? both : "*") + " FROM (\n");
  }

  void AppendRange(const RowRange& range) {
    const std::string column = Quoted(query_.since->column);
    const std::string key = Quoted(query_.since->key);
    if (range.unplaced) {
      AppendCondition();
      return Append(column + " IS NULL OR " + key + " IS NULL");
    }
    // Where null sorts first such rows would fill a piece, and no place lies behind them.
    AppendCondition();
    Append(column + " IS NOT NULL AND " + key + " IS NOT NULL");
    if (range.from) {
      AppendCondition();
      Append(column + " >= ");
      Bind(*range.from);
    }
    if (range.after) AppendComparison(column, key, '>', "", *range.after);
    if (range.up_to) AppendComparison(column, key, '<', "=", *range.up_to);
    Append("\nORDER BY " + column + ", " + key);
  }

  void Append(std::string_view text) { statement_.sql += text; }

  Statement Finish(std::uint64_t most_rows) {
    statement_.most_rows = most_rows;
    if (most_rows > 0 && dialect_.limits) Append("\nLIMIT " + std::to_string(most_rows));
    return std::move(statement_);
  }

 private:
  void Bind(const std::string& value) {
    statement_.parameters.push_back(value);
    if (dialect_.numbered) {
      Append("$" + std::to_string(statement_.parameters.size()));
    } else {
      Append("?");
    }
  }

  void AppendCondition() {
    Append(has_condition_ ? "\nAND " : "\nWHERE ");
    has_condition_ = true;
  }

  /// Of both columns in their order; `equal` is = when the place itself belongs to the range.
  void AppendComparison(const std::string& column, const std::string& key, char than,
                        std::string_view equal, const RowPlace& place) {
    AppendCondition();
    if (dialect_.compares_rows) {
      Append("(" + column + ", " + key + ") ");
      Append(std::string(1, than).append(equal) + " (");
      Bind(place.column);
      Append(", ");
      Bind(place.key);
      return Append(")");
    }
    Append("(" + column + " " + than + " ");
    Bind(place.column);
    Append(" OR (" + column + " = ");
    Bind(place.column);
    Append(" AND " + key + " " + than + std::string(equal) + " ");
    Bind(place.key);
    Append("))");
  }

  std::string Quoted(const std::string& name) const {
    const std::string& quote = dialect_.quote;
    if (quote.empty()) return name;
    std::string quoted = quote;
    for (const char c : name) {
      if (c == quote[0]) quoted += c;
      quoted += c;
    }
    return quoted + quote;
  }

  const center::DatabaseQuery& query_;
  const Dialect& dialect_;
  Statement statement_;
  bool has_condition_ = false;
};

}  // namespace

Statement WholeStatement(const center::DatabaseQuery& query, const Dialect& dialect) {
  StatementWriter writer(query, dialect);
  writer.AppendQuery("");
  return writer.Finish(0);
}

Statement PieceStatement(const center::DatabaseQuery& query, const RowRange& range,
                         const std::string& since, std::uint64_t most_rows,
                         const Dialect& dialect) {
  StatementWriter writer(query, dialect);
  writer.AppendSelection(range);
  writer.AppendQuery(since);
  writer.Append("\n) asked");  // some databases take no AS here
  writer.AppendRange(range);
  return writer.Finish(most_rows);
}

}  // namespace fansipan::sources
