#include "center/internal/formats/raw_columns.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "model/spelling/ascii.h"
#include "model/spelling/composing.h"

namespace fansipan::center {
namespace {

/// The entry of a list that declares a column: its name and path.
std::optional<RawColumn> ReadEntry(const YamlMap& map, const YamlNode& item,
                                   const PathCheck& check) {
  if (item.kind == YamlNode::Kind::kText) return RawColumn{item.text, ""};
  const bool pair = item.kind == YamlNode::Kind::kMap && item.items.size() == 1 &&
                    item.items[0].kind == YamlNode::Kind::kText;
  if (!pair) {
    map.Report(item, "in 'columns': every item must be a name, or {name: path}");
    return std::nullopt;
  }
  const YamlNode& path = item.items[0];
  const base::Status right = check(path.text);
  if (!right.ok()) {
    map.Report(path, "in 'columns': " + right.error().message);
    return std::nullopt;
  }
  return RawColumn{path.key, path.text};
}

/// What is wrong with a column's name, given those before it. SQL tells columns apart without
/// regard to capitals.
std::optional<std::string> FaultOfName(const std::string& name, std::set<std::string>& taken) {
  const std::string lower = model::LowerAscii(name);
  if (lower.empty() || lower == "_row") {
    return "in 'columns': '" + name + "' is no name of a column; _row is the row's number";
  }
  if (taken.insert(lower).second) return std::nullopt;
  return "in 'columns': '" + name + "' is written twice; capitals alone do not tell columns apart";
}

}  // namespace

std::vector<RawColumn> ReadRawColumns(const YamlMap& map, Need need, const PathCheck& check) {
  std::vector<RawColumn> columns;
  const YamlNode* node = map.Find("columns", need);
  if (node == nullptr) return columns;
  if (node->kind != YamlNode::Kind::kList) {
    map.Report(*node, "must be a list: [a, b]");
    return columns;
  }
  if (node->items.empty()) map.Report(*node, "must name at least one column");
  if (node->items.size() > kMaxRawColumns) {
    map.Report(*node, "has more than " + std::to_string(kMaxRawColumns) + " items");
    return columns;
  }
  std::set<std::string> taken;
  for (const YamlNode& item : node->items) {
    auto column = ReadEntry(map, item, check);
    if (!column) continue;
    if (auto fault = FaultOfName(column->name, taken)) {
      map.Report(item, *std::move(fault));
    } else if (model::Compose(column->name) != column->name) {
      map.Report(item, "in 'columns': the letters and accents of '" + column->name +
                           "' are written apart (NFD), as a Mac writes names of files; write the "
                           "name composed (NFC), and where the source itself writes them apart, "
                           "with its path: {name: path}");
    } else {
      columns.push_back(*std::move(column));
    }
  }
  return columns;
}

std::vector<std::string> ReadColumnNames(const YamlMap& map, Need need) {
  std::vector<std::string> columns;
  std::set<std::string> taken;
  for (const YamlNode* text : map.Texts("columns", need, kMaxRawColumns)) {
    columns.push_back(model::Compose(text->text));
    if (auto fault = FaultOfName(columns.back(), taken)) map.Report(*text, *std::move(fault));
  }
  const YamlNode* node = map.Find("columns");
  if (node != nullptr && node->kind == YamlNode::Kind::kList && node->items.empty()) {
    map.Report(*node, "must name at least one column");
  }
  return columns;
}

std::string WithComposedNames(std::string_view sql) {
  std::string composed;
  while (!sql.empty()) {
    // A name in double quotes, or a comment, may have a single quote in it that begins no text.
    const std::size_t next =
        std::min({sql.find('\''), sql.find('"'), sql.find("--"), sql.find("/*")});
    composed += model::Compose(sql.substr(0, next));
    if (next == std::string_view::npos) break;
    sql.remove_prefix(next);
    const bool is_name = sql[0] == '"';
    const bool is_quoted = is_name || sql[0] == '\'';
    const std::string_view close = is_quoted ? sql.substr(0, 1) : sql[0] == '-' ? "\n" : "*/";
    const std::size_t end = sql.find(close, is_quoted ? 1 : 2);
    const std::size_t length = end == std::string_view::npos ? sql.size() : end + close.size();
    const std::string_view piece = sql.substr(0, length);
    composed += is_name ? model::Compose(piece) : std::string(piece);
    sql.remove_prefix(length);
  }
  return composed;
}

}  // namespace fansipan::center
