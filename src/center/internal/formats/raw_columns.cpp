#include "center/internal/formats/raw_columns.h"

#include <set>
#include <string>

#include "model/spelling/ascii.h"

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
  // SQL tells columns apart without regard to capitals.
  std::set<std::string> taken;
  for (const YamlNode& item : node->items) {
    auto column = ReadEntry(map, item, check);
    if (!column) continue;
    if (column->name.empty() || column->name == "_row") {
      map.Report(item, "in 'columns': '" + column->name +
                           "' is no name of a column; _row is the row's number");
    } else if (!taken.insert(model::LowerAscii(column->name)).second) {
      map.Report(item, "in 'columns': '" + column->name + "' is written twice");
    } else {
      columns.push_back(*std::move(column));
    }
  }
  return columns;
}

std::vector<std::string> ReadColumnNames(const YamlMap& map, Need need) {
  std::vector<std::string> columns;
  for (const YamlNode* text : map.Texts("columns", need, kMaxRawColumns)) {
    columns.push_back(text->text);
    if (text->text.empty() || text->text == "_row") {
      map.Report(*text, "in 'columns': '" + text->text +
                            "' is no name of a column; _row is the row's number");
    }
  }
  const YamlNode* node = map.Find("columns");
  if (node != nullptr && node->kind == YamlNode::Kind::kList && node->items.empty()) {
    map.Report(*node, "must name at least one column");
  }
  return columns;
}

}  // namespace fansipan::center
