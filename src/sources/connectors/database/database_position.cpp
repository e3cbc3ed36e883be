#include "sources/connectors/database/database_position.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace fansipan::sources {
namespace {

std::string TextAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Short, and other for other declarations.
std::string RuleOf(const std::string& identity, const center::DatabaseQuery& query) {
  std::vector<std::string> texts = {identity, query.sql};
  if (const auto& since = query.since) {
    texts.insert(texts.end(), {since->column, since->key, since->start.value_or("")});
  }
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ":" + text;
  constexpr std::size_t kDigits = 16;
  return base::ToHex(base::Sha256(joined)).substr(0, kDigits);
}

}  // namespace

std::string Encode(const DatabasePosition& position) {
  nlohmann::json json = {{"rule", position.rule}, {"taken", position.taken}};
  if (position.last) {
    json["column"] = position.last->column;
    json["key"] = position.last->key;
  }
  if (!position.content.empty()) json["content"] = position.content;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

DatabasePosition DecodeDatabasePosition(const std::string& text) {
  DatabasePosition position;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return position;
  position.rule = TextAt(json, "rule");
  position.content = TextAt(json, "content");
  if (json.contains("column") && json.contains("key")) {
    position.last = RowPlace{TextAt(json, "column"), TextAt(json, "key")};
  }
  const auto taken = json.find("taken");
  if (taken != json.end() && taken->is_number_unsigned()) {
    position.taken = taken->get<std::uint64_t>();
  }
  return position;
}

DatabasePosition Under(const std::string& identity, const center::DatabaseQuery& query,
                       DatabasePosition position) {
  std::string rule = RuleOf(identity, query);
  if (position.rule != rule) {
    position.last = std::nullopt;
    position.content.clear();
  }
  position.rule = std::move(rule);
  return position;
}

}  // namespace fansipan::sources
