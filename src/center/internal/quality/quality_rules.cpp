#include "center/internal/quality/quality_rules.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "center/internal/expressions.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxChecks = 50;
constexpr std::size_t kMaxUnique = 8;
constexpr base::Duration kLeastStep = std::chrono::minutes(1);

std::vector<std::string> ColumnNames(const model::Dataset& dataset) {
  std::vector<std::string> names;
  for (const model::Column& column : dataset.columns) names.push_back(column.name);
  return names;
}

std::optional<std::size_t> FindColumn(const YamlMap& map, const YamlNode& name,
                                      const model::Dataset& dataset) {
  const auto column = dataset.FindColumn(name.text);
  if (!column) {
    map.Report(name, "names no column of dataset '" + dataset.name + "': '" + name.text + "'; " +
                         AllowedText(name.text, ColumnNames(dataset)));
  }
  return column;
}

std::vector<std::size_t> FindColumns(const YamlMap& map, std::string_view key, std::size_t most,
                                     const model::Dataset& dataset) {
  std::vector<std::size_t> columns;
  for (const YamlNode* name : map.Texts(key, Need::kOptional, most)) {
    if (const auto column = FindColumn(map, *name, dataset)) columns.push_back(*column);
  }
  return columns;
}

void ReadChecks(const Draft& draft, const FileScope& scope, const YamlMap& map,
                model::Dataset& dataset) {
  const YamlNode* node = map.Find("checks");
  if (node == nullptr) return;
  const YamlMap checks(*node, scope, map.what() + ": 'checks'");
  if (checks.entries().size() > kMaxChecks) {
    checks.Report(*node, "more than " + std::to_string(kMaxChecks) + " checks");
    return;
  }
  for (const YamlNode& entry : checks.entries()) {
    const YamlMap one(entry, scope, map.what() + ": check '" + entry.key + "'");
    one.Allow({"title", "is_true"});
    if (!IsName(entry.key)) {
      scope.Report(entry.anchor(),
                   one.what() + " is no name; a name has " + std::string(kNameRule));
    }
    model::QualityCheck check;
    check.name = entry.key;
    check.title = one.Localized("title", draft.center.languages, Need::kRequired);
    const YamlNode* text = one.FindText("is_true", Need::kRequired);
    if (text == nullptr) continue;
    auto condition = ReadCondition({draft.parser, scope, *text, one.what() + ": 'is_true'"},
                                   dataset, draft.center.time_zone);
    if (!condition) continue;
    check.condition = *std::move(condition);
    dataset.quality.checks.push_back(std::move(check));
  }
}

void ReadExpected(const YamlMap& map, model::Dataset& dataset) {
  for (const YamlNode* name : map.Texts("expected", Need::kOptional)) {
    const auto column = FindColumn(map, *name, dataset);
    if (!column) continue;
    if (!dataset.columns[*column].optional) {
      map.Report(*name, "is the column '" + name->text +
                            "', which is not optional: a row without it is refused already");
    }
    dataset.quality.expected.push_back(*column);
  }
}

void ReadRegular(const FileScope& scope, const YamlMap& map, model::Dataset& dataset) {
  const YamlNode* node = map.Find("regular");
  if (node == nullptr) return;
  const YamlMap regular(*node, scope, map.what() + ": 'regular'");
  regular.Allow({"column", "step", "groups"});
  model::RegularRecords records;
  const YamlNode* name = regular.FindText("column", Need::kRequired);
  const auto column = name == nullptr ? std::nullopt : FindColumn(regular, *name, dataset);
  const auto step = regular.Duration("step");
  if (!regular.Has("step")) regular.ReportMissing("step", "such as 1h or 1d");
  records.groups = FindColumns(regular, "groups", kMaxUnique, dataset);
  if (!column || !step) return;
  const model::ColumnType type = dataset.columns[*column].type;
  if (type != model::ColumnType::kDate && type != model::ColumnType::kTimestamp) {
    regular.Report(*name, "must be of type date or timestamp");
    return;
  }
  if (*step < kLeastStep) {
    regular.Report(*regular.Find("step"), "must be at least 1m");
    return;
  }
  if (type == model::ColumnType::kDate && *step % std::chrono::days(1) != base::Duration()) {
    regular.Report(*regular.Find("step"), "must be whole days, such as 1d: the column '" +
                                              name->text +
                                              "' is of type date, and knows no time of day");
    return;
  }
  records.column = *column;
  records.step = *step;
  dataset.quality.regular = std::move(records);
}

/// Null when there is none.
const YamlNode* EntryOf(const YamlNode* map, std::string_view key) {
  if (map == nullptr) return nullptr;
  const auto found = std::ranges::find(map->items, key, &YamlNode::key);
  return found == map->items.end() ? nullptr : &*found;
}

/// The entry of a dataset's match in its file, where it has one.
struct DeclaredMatch {
  model::Dataset* dataset = nullptr;
  FileScope scope;
  const YamlNode* node = nullptr;
};

void ReadMatch(const DeclaredMatch& declared, const Draft& draft) {
  model::Dataset& dataset = *declared.dataset;
  const YamlMap map(*declared.node, declared.scope, "dataset '" + dataset.name + "': 'match'");
  map.Allow({"registry", "column", "key"});
  const YamlNode* registry_name = map.FindText("registry", Need::kRequired);
  const YamlNode* column_name = map.FindText("column", Need::kRequired);
  const YamlNode* key_name = map.FindText("key", Need::kRequired);
  if (registry_name == nullptr || column_name == nullptr || key_name == nullptr) return;
  const auto column = FindColumn(map, *column_name, dataset);
  const model::Dataset* registry = draft.center.FindDataset(registry_name->text);
  if (registry == nullptr) {
    return draft.ReportUnknown(Kind::kDataset, declared.scope, *registry_name, map.what());
  }
  if (draft.unsound_datasets.contains(registry->name)) return;
  const auto key = FindColumn(map, *key_name, *registry);
  if (!column || !key) return;
  if (dataset.columns[*column].type != registry->columns[*key].type) {
    map.Report(*key_name, "is of type " + std::string(NameOf(registry->columns[*key].type)) +
                              ", and the column '" + column_name->text + "' of type " +
                              std::string(NameOf(dataset.columns[*column].type)));
    return;
  }
  dataset.quality.match = model::RegistryMatch{registry->name, *column, *key};
}

}  // namespace

void ReadQualityRules(const Draft& draft, const FileScope& scope, const YamlMap& map,
                      model::Dataset& dataset) {
  const YamlNode* node = map.Find("quality");
  if (node == nullptr) return;
  const YamlMap quality(*node, scope, map.what() + ": 'quality'");
  quality.Allow({"checks", "match", "expected", "regular", "unique"});
  ReadChecks(draft, scope, quality, dataset);
  ReadExpected(quality, dataset);
  ReadRegular(scope, quality, dataset);
  dataset.quality.unique = FindColumns(quality, "unique", kMaxUnique, dataset);
}

void ReadRegistryMatches(Draft& draft) {
  for (model::Dataset& dataset : draft.center.datasets) {
    if (draft.unsound_datasets.contains(dataset.name)) continue;
    const FileScope scope = draft.ScopeOf("systems/" + dataset.system + "/datasets.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    const YamlNode* match = document;
    for (const std::string_view key : {std::string_view("datasets"), std::string_view(dataset.name),
                                       std::string_view("quality"), std::string_view("match")}) {
      match = EntryOf(match, key);
    }
    if (match != nullptr) ReadMatch({&dataset, scope, match}, draft);
  }
}

}  // namespace fansipan::center
