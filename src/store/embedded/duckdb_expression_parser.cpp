#include "store/embedded/duckdb_expression_parser.h"

#include <fmt/format.h>

#include <mutex>
#include <string>
#include <utility>

#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/syntax_tree.h"

namespace fansipan::store {
namespace {

constexpr std::string_view kPrefix = "SELECT (";
constexpr std::string_view kDoing = "parsing an expression";

const internal::DuckDb::Settings& LockedDown() {
  static const internal::DuckDb::Settings settings = {{"threads", "1"},
                                                      {"memory_limit", "128MB"},
                                                      {"max_temp_directory_size", "0KB"},
                                                      {"autoload_known_extensions", "false"},
                                                      {"autoinstall_known_extensions", "false"},
                                                      {"allow_community_extensions", "false"},
                                                      {"allow_unsigned_extensions", "false"},
                                                      {"enable_external_access", "false"},
                                                      {"lock_configuration", "true"}};
  return settings;
}

}  // namespace

struct DuckDbExpressionParser::Engine {
  std::mutex mutex;
  std::unique_ptr<internal::DuckDb> database;
  internal::DuckDbConnection connection;
  internal::DuckDbStatement serialize;
};

DuckDbExpressionParser::DuckDbExpressionParser(std::unique_ptr<Engine> engine)
    : engine_(std::move(engine)) {}

DuckDbExpressionParser::~DuckDbExpressionParser() = default;

base::Result<std::unique_ptr<DuckDbExpressionParser>> DuckDbExpressionParser::Open() {
  FANSIPAN_ASSIGN_OR_RETURN(auto database, internal::DuckDb::Open("", LockedDown()));
  FANSIPAN_ASSIGN_OR_RETURN(auto connection, database->Connect());
  FANSIPAN_ASSIGN_OR_RETURN(auto serialize,
                            connection.Prepare("SELECT json_serialize_sql(?::VARCHAR)", kDoing));
  // The members are destroyed from the last to the first: statement, connection, database.
  std::unique_ptr<Engine> engine(
      new Engine{{}, std::move(database), std::move(connection), std::move(serialize)});
  return std::unique_ptr<DuckDbExpressionParser>(new DuckDbExpressionParser(std::move(engine)));
}

base::Result<std::string> DuckDbExpressionParser::SyntaxTree(const std::string& statement) const {
  const std::lock_guard lock(engine_->mutex);
  engine_->serialize.BindText(1, statement);
  FANSIPAN_ASSIGN_OR_RETURN(internal::DuckDbRows rows, engine_->serialize.Run(kDoing));
  if (!rows.Next() || rows.IsNull(0)) {
    return base::Error{base::ErrorCode::kInternal, "", "the engine gave no syntax tree"};
  }
  return rows.Bytes(0);
}

std::optional<model::StatementFault> DuckDbExpressionParser::FindFault(
    std::string_view statement) const {
  const auto json = SyntaxTree(std::string(statement));
  if (!json.ok()) return model::StatementFault{0, json.error().message};
  return internal::FindStatementFault(*json, statement);
}

base::Result<model::Expression> DuckDbExpressionParser::Parse(std::string_view text) const {
  if (text.size() > kMaxBytes) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "too_long",
        fmt::format("the expression has {} bytes; at most {} are allowed", text.size(), kMaxBytes)};
  }
  FANSIPAN_RETURN_IF_ERROR(internal::CheckTokens(text));
  // In parentheses only an expression parses: no FROM, alias, LIMIT, WINDOW or second statement.
  const std::string statement = fmt::format("{}{}\n)", kPrefix, text);
  FANSIPAN_ASSIGN_OR_RETURN(const std::string json, SyntaxTree(statement));
  return internal::ReadSyntaxTree(json, text, kPrefix.size());
}

}  // namespace fansipan::store
