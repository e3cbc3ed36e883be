#include "sources/internal/mapping_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "model/spelling/ascii.h"

namespace fansipan::sources::internal {
namespace {

using nlohmann::json;

/// Functions of tables that make their rows from their arguments alone.
constexpr std::array<std::string_view, 7> kTableFunctions = {
    "generate_series", "json_each", "json_tree", "range", "repeat", "repeat_row", "unnest"};

/// Scalar functions and aggregates that give different answers at different times, in different
/// processes, or by looking at the engine. The family of `now` is not among them: it is fixed to
/// the moment of receipt.
constexpr std::array<std::string_view, 37> kRefusedFunctions = {"current_catalog",
                                                                "current_connection_id",
                                                                "current_database",
                                                                "current_query",
                                                                "current_query_id",
                                                                "current_role",
                                                                "current_schema",
                                                                "current_schemas",
                                                                "current_setting",
                                                                "current_transaction_id",
                                                                "current_user",
                                                                "currval",
                                                                "gen_random_uuid",
                                                                "getenv",
                                                                "getvariable",
                                                                "in_search_path",
                                                                "json_deserialize_sql",
                                                                "json_execute_serialized_sql",
                                                                "json_serialize_plan",
                                                                "nextval",
                                                                "parse_duckdb_log_message",
                                                                "pg_sleep",
                                                                "random",
                                                                "reservoir_quantile",
                                                                "session_user",
                                                                "setseed",
                                                                "sleep",
                                                                "sleep_ms",
                                                                "stats",
                                                                "txid_current",
                                                                "user",
                                                                "uuid",
                                                                "uuidv4",
                                                                "uuidv7",
                                                                "version",
                                                                "vector_type",
                                                                "write_log"};

/// The schema that DuckDB's parser itself writes before what it makes of `[a, b]`, `trim(a)` and
/// the like. The functions in it are those that have no schema written before them.
constexpr std::string_view kOwnSchema = "main";

/// Names that DuckDB takes for one of those functions when no column is called so.
constexpr std::array<std::string_view, 6> kRefusedNames = {
    "current_catalog", "current_role", "current_schema", "current_user", "session_user", "user"};

template <std::size_t count>
bool Contains(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::Error Refused(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "mapping_failed", std::move(message)};
}

std::string TextOf(const json& node, const char* member) {
  const auto found = node.find(member);
  return found != node.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool IsSet(const json& node, const char* member) {
  const auto found = node.find(member);
  return found != node.end() && !found->is_null();
}

/// Names that the statement gives to its own subqueries (WITH).
void CollectNamed(const json& node, std::set<std::string>& named) {
  if (node.is_object()) {
    const auto map = node.find("cte_map");
    if (map != node.end() && map->contains("map")) {
      for (const json& entry : map->at("map"))
        named.insert(model::LowerAscii(TextOf(entry, "key")));
    }
  }
  if (!node.is_structured()) return;
  for (const json& child : node) CollectNamed(child, named);
}

base::Status CheckTable(const json& node, const std::set<std::string>& named) {
  const std::string type = TextOf(node, "type");
  if (type == "SHOW_REF") return Refused("DESCRIBE, SHOW and SUMMARIZE are not allowed");
  if (type != "BASE_TABLE") return {};
  const std::string table = TextOf(node, "table_name");
  const bool own = TextOf(node, "schema_name").empty() && TextOf(node, "catalog_name").empty() &&
                   (model::LowerAscii(table) == "raw" || named.contains(model::LowerAscii(table)));
  if (own) return {};
  return Refused(
      fmt::format("the table '{}' is not allowed: a mapping reads `raw` and the "
                  "subqueries it names itself",
                  table));
}

base::Status CheckFunction(const json& node, bool of_table) {
  const std::string name = model::LowerAscii(TextOf(node, "function_name"));
  if (name.empty()) return {};
  const std::string schema = TextOf(node, "schema");
  if ((!schema.empty() && schema != kOwnSchema) || !TextOf(node, "catalog").empty()) {
    return Refused(fmt::format("the function '{}' must be called without a schema", name));
  }
  if (of_table) {
    if (Contains(kTableFunctions, name)) return {};
    return Refused(fmt::format("the table function '{}' is not allowed; allowed are: {}", name,
                               fmt::join(kTableFunctions, ", ")));
  }
  const bool age_of_now = name == "age" && node.contains("children") && node["children"].size() < 2;
  if (!age_of_now && !Contains(kRefusedFunctions, name)) return {};
  return Refused(
      fmt::format("the function '{}' is not allowed: the same delivery must always be "
                  "mapped alike",
                  name));
}

base::Status CheckName(const json& node) {
  if (TextOf(node, "class") != "COLUMN_REF" || !node.contains("column_names")) return {};
  const json& names = node["column_names"];
  if (names.size() != 1 || !names[0].is_string()) return {};
  const std::string name = model::LowerAscii(names[0].get<std::string>());
  if (!Contains(kRefusedNames, name)) return {};
  return Refused(fmt::format("'{}' is not allowed; write the column as raw.{}", name, name));
}

/// Walks the tree without recursion, since a declared statement decides how deep it is.
base::Status CheckTree(const json& root, const std::set<std::string>& named) {
  struct Place {
    const json* node;
    bool of_table;
  };
  std::vector<Place> open = {{&root, false}};
  while (!open.empty()) {
    const auto [node, of_table] = open.back();
    open.pop_back();
    if (node->is_object()) {
      if (IsSet(*node, "sample")) return Refused("taking a sample is not allowed");
      FANSIPAN_RETURN_IF_ERROR(CheckTable(*node, named));
      FANSIPAN_RETURN_IF_ERROR(CheckFunction(*node, of_table));
      FANSIPAN_RETURN_IF_ERROR(CheckName(*node));
    }
    if (!node->is_structured()) continue;
    const bool table_function = node->is_object() && TextOf(*node, "type") == "TABLE_FUNCTION";
    for (const auto& [name, child] : node->items()) {
      open.push_back({&child, table_function && name == "function"});
    }
  }
  return {};
}

}  // namespace

base::Status CheckMappingStatement(std::string_view syntax_tree) {
  const json tree = json::parse(syntax_tree, nullptr, false);
  if (tree.is_discarded()) return Refused("the statement is not readable");
  if (tree.value("error", true)) {
    const std::string what = TextOf(tree, "error_message");
    const std::string position = TextOf(tree, "position");
    if (position.empty()) return Refused(what);
    return Refused(fmt::format("{} (at character {})", what, position));
  }
  const json& statements = tree["statements"];
  if (!statements.is_array() || statements.size() != 1) {
    return Refused("it must be one SELECT statement");
  }
  std::set<std::string> named;
  CollectNamed(statements, named);
  return CheckTree(statements, named);
}

}  // namespace fansipan::sources::internal
