#include "center/internal/reported/mapping_parameters.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr bool IsNameStart(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsNamePart(char c) { return IsNameStart(c) || (c >= '0' && c <= '9') || c == '_'; }

std::string Quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    quoted += c;
    if (c == quote) quoted += c;
  }
  return quoted + quote;
}

struct Parameter {
  std::string literal;              ///< as SQL
  std::optional<std::string> text;  ///< when it is a text alone: may name a column
  Position at;
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

/// One place of a mapping's text where a parameter stands.
struct Use {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string name;
  bool as_column = false;
};

/// Finds the parameters in a statement, and no dollar sign that is within a text or a comment.
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  std::vector<Use> Find() {
    while (at_ < sql_.size()) {
      if (sql_[at_] == '\'' || sql_[at_] == '"') {
        SkipTo(std::string(1, sql_[at_]), 1);
      } else if (Starts("--")) {
        SkipTo("\n", 2);
      } else if (Starts("/*")) {
        SkipTo("*/", 2);
      } else if (sql_[at_] == '$') {
        TakeDollar();
      } else {
        ++at_;
      }
    }
    return std::move(uses_);
  }

 private:
  bool Starts(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  void SkipTo(std::string_view end, std::size_t opening) {
    const std::size_t found = sql_.find(end, at_ + opening);
    at_ = found == std::string_view::npos ? sql_.size() : found + end.size();
  }

  void TakeDollar() {
    const std::size_t begin = at_;
    const bool as_column = Starts("$\"");
    std::size_t end = begin + (as_column ? 2 : 1);
    const std::size_t name_begin = end;
    if (end < sql_.size() && IsNameStart(sql_[end])) {
      while (end < sql_.size() && IsNamePart(sql_[end])) ++end;
    }
    const std::string name(sql_.substr(name_begin, end - name_begin));
    // A text between $$ and $$, or $tag$ and $tag$.
    if (!as_column && end < sql_.size() && sql_[end] == '$') {
      const std::string tag(sql_.substr(begin, end + 1 - begin));
      at_ = end + 1;
      return SkipTo(tag, 0);
    }
    const bool closed = !as_column || (end < sql_.size() && sql_[end] == '"');
    at_ = end + (as_column && closed ? 1 : 0);
    if (!name.empty() && closed) uses_.push_back({begin, at_, name, as_column});
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  std::vector<Use> uses_;
};

std::string ListLiteral(const YamlMap& map, const YamlNode& entry) {
  std::string list;
  for (const YamlNode* item : map.Texts(entry.key, Need::kRequired, kMaxParameterItems)) {
    list += (list.empty() ? "" : ", ") + Quoted(item->text, '\'');
  }
  return "[" + list + "]";
}

std::string MapLiteral(const YamlMap& map, const YamlNode& entry) {
  const YamlMap pairs(entry, map.scope(), map.what() + ": '" + entry.key + "'");
  if (pairs.entries().size() > kMaxParameterItems) {
    map.Report(entry, "has more than " + std::to_string(kMaxParameterItems) + " entries");
  }
  std::string keys;
  std::string values;
  for (const YamlNode& pair : pairs.entries()) {
    if (pair.kind != YamlNode::Kind::kText) pairs.Report(pair, "must be a text");
    keys += (keys.empty() ? "" : ", ") + Quoted(pair.key, '\'');
    values += (values.empty() ? "" : ", ") + Quoted(pair.text, '\'');
  }
  return "map([" + keys + "], [" + values + "])";
}

Parameters ReadParameters(const YamlMap& map) {
  Parameters parameters;
  if (map.entries().size() > kMaxMappingParameters) {
    map.scope().Report(map.at(), map.what() + ": at most " + std::to_string(kMaxMappingParameters) +
                                     " parameters");
  }
  for (const YamlNode& entry : map.entries()) {
    if (!IsName(entry.key)) {
      map.scope().Report(entry.anchor(), map.what() + ": '" + entry.key +
                                             "' is no name of a parameter; a name has " +
                                             std::string(kNameRule));
      continue;
    }
    Parameter parameter;
    parameter.at = entry.anchor();
    if (entry.kind == YamlNode::Kind::kText) {
      parameter.text = entry.text;
      parameter.literal = Quoted(entry.text, '\'');
    } else if (entry.kind == YamlNode::Kind::kList) {
      parameter.literal = ListLiteral(map, entry);
    } else if (entry.kind == YamlNode::Kind::kMap) {
      parameter.literal = MapLiteral(map, entry);
    }
    parameters.emplace(entry.key, std::move(parameter));
  }
  return parameters;
}

}  // namespace

std::string FillIn(const YamlMap& source, const YamlNode& path, const YamlNode* node,
                   std::string_view sql) {
  static const YamlNode kNoParameters = [] {
    YamlNode none;
    none.kind = YamlNode::Kind::kMap;
    return none;
  }();
  const YamlMap map(node == nullptr ? kNoParameters : *node, source.scope(),
                    source.what() + ": 'parameters'");
  const Parameters parameters = ReadParameters(map);
  std::vector<std::string> names;
  for (const auto& [name, parameter] : parameters) names.push_back(name);
  std::set<std::string> missing;
  std::set<std::string> used;
  std::string filled;
  std::size_t copied = 0;
  for (const Use& use : Scanner(sql).Find()) {
    filled += sql.substr(copied, use.begin - copied);
    copied = use.end;
    const auto found = parameters.find(use.name);
    if (found == parameters.end()) {
      missing.insert(use.name);
      continue;
    }
    used.insert(use.name);
    if (use.as_column && !found->second.text) {
      map.scope().Report(found->second.at, map.what() + ": '" + use.name +
                                               "' is used as the name of a column; it must be a "
                                               "text");
    }
    filled += use.as_column ? Quoted(found->second.text.value_or(""), '"') : found->second.literal;
  }
  filled += sql.substr(copied);
  for (const std::string& name : missing) {
    source.Report(path, "uses the parameter '$" + name + "', which 'parameters' does not give" +
                            (names.empty() ? "" : "; " + AllowedText(name, names)));
  }
  for (const auto& [name, parameter] : parameters) {
    if (used.contains(name)) continue;
    map.scope().Report(parameter.at, map.what() + ": '" + name + "' is not used by " + path.text);
  }
  return filled;
}

}  // namespace fansipan::center
