#include "center/internal/datasets.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/internal/clocks.h"
#include "center/internal/expressions.h"
#include "center/internal/quality/quality_rules.h"
#include "center/internal/reported/reported.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxKeyColumns = 8;
constexpr std::size_t kMaxRules = 50;
const std::vector<std::string> kTypes = {"text",    "integer", "decimal",
                                         "boolean", "date",    "timestamp"};

bool IsOrdered(model::ColumnType type) {
  return type != model::ColumnType::kText && type != model::ColumnType::kBoolean;
}

// Reads one dataset; its columns first, since all else refers to them.
class DatasetStage {
 public:
  DatasetStage(Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "dataset '" + entry.key + "'") {
    dataset_.name = entry.key;
  }

  model::Dataset Read(const std::string& system) {
    map_.Allow({"title", "kind", "key", "order", "withdrawn", "rules", "places", "columns",
                "clocks", "reported", "quality"});
    dataset_.system = system;
    dataset_.title = map_.Localized("title", draft_.center.languages, Need::kRequired);
    const auto kind = map_.Choice("kind", {"event", "state", "reported"}, Need::kRequired);
    if (kind) dataset_.kind = static_cast<model::DatasetKind>(*kind);
    const bool reported = kind && dataset_.kind == model::DatasetKind::kReported;
    ReadColumns();
    if (!reported) ReadKey();
    ReadOrder(kind.has_value());
    ReadPlaces();
    if (kind) ReadReported(reported);
    if (has_columns_) {
      ReadConditions();
      ReadClocks(draft_, scope_, map_, dataset_);
      ReadQualityRules(draft_, scope_, map_, dataset_);
    } else {
      draft_.unsound_datasets.insert(dataset_.name);
    }
    return std::move(dataset_);
  }

 private:
  void ReadColumns() {
    const YamlNode* node = map_.Find("columns", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap columns(*node, scope_, map_.what() + ": 'columns'");
    if (columns.entries().empty() || columns.entries().size() > kMaxDatasetColumns) {
      map_.Report(*node, "a dataset has 1 to " + std::to_string(kMaxDatasetColumns) + " columns");
      return;
    }
    const std::size_t before = draft_.problems.count();
    for (const YamlNode& entry : columns.entries()) ReadColumn(entry);
    has_columns_ = draft_.problems.count() == before;
  }

  void ReadColumn(const YamlNode& entry) {
    const YamlMap map(entry, scope_, map_.what() + ": column '" + entry.key + "'");
    map.Allow({"type", "title", "scale", "optional", "dimension", "personal", "one_of"});
    if (!IsName(entry.key)) {
      scope_.Report(entry.anchor(), map_.what() + ": '" + entry.key +
                                        "' is no name of a column; a name has " +
                                        std::string(kNameRule));
    }
    model::Column column;
    column.name = entry.key;
    column.title = map.Localized("title", draft_.center.languages, Need::kOptional);
    const auto type = map.Choice("type", kTypes, Need::kRequired);
    if (type) column.type = *model::FindColumnType(kTypes[*type]);
    column.optional = map.Flag("optional", false);
    column.dimension = map.Flag("dimension", false);
    column.personal = map.Flag("personal", false);
    ReadScale(map, column, type.has_value());
    ReadOneOf(map, column, type.has_value());
    const bool may_be_dimension =
        column.type == model::ColumnType::kText || column.type == model::ColumnType::kBoolean;
    if (type && column.dimension && !may_be_dimension) {
      map.Report(*map.Find("dimension"), "is for columns of type text or boolean, not " +
                                             std::string(model::NameOf(column.type)));
    }
    if (column.dimension && column.personal) {
      map.Report(*map.Find("dimension"), "is not for personal columns: figures would tell them");
    }
    dataset_.columns.push_back(std::move(column));
  }

  static void ReadScale(const YamlMap& map, model::Column& column, bool typed) {
    const bool decimal = column.type == model::ColumnType::kDecimal;
    if (decimal && !map.Has("scale")) {
      map.ReportMissing("scale", "say how many decimals are kept, 0 to 18");
    }
    if (typed && !decimal && map.Has("scale")) {
      if (const YamlNode* scale = map.Find("scale")) map.Report(*scale, "is for type decimal only");
    }
    column.scale = static_cast<int>(map.Integer("scale", {0, model::Decimal::kMaxScale}, 0));
  }

  static void ReadOneOf(const YamlMap& map, model::Column& column, bool typed) {
    const YamlNode* list = map.Find("one_of");
    if (list == nullptr) return;
    for (const YamlNode* text : map.Texts("one_of", Need::kOptional)) {
      column.one_of.push_back(text->text);
      if (text->text.empty())
        map.Report(*text,
                   "in 'one_of': a value is empty; an empty cell is a "
                   "missing value, see 'optional'");
    }
    if (typed && column.type != model::ColumnType::kText) {
      map.Report(*list, "is for type text only");
    } else if (list->kind == YamlNode::Kind::kList && list->items.empty()) {
      map.Report(*list, "must have at least one value");
    }
  }

  // Index of a column that a key of the declaration names; reports one that is not there.
  std::optional<std::size_t> FindColumn(const YamlNode& reference, const std::string& what) {
    const auto column = dataset_.FindColumn(reference.text);
    if (!column && !dataset_.columns.empty()) {
      std::vector<std::string> names;
      for (const model::Column& known : dataset_.columns) names.push_back(known.name);
      scope_.Report(reference.at, what + ": there is no column '" + reference.text + "'; " +
                                      AllowedText(reference.text, names));
    }
    return column;
  }

  void ReadKey() {
    const YamlNode* node = map_.Find("key", Need::kRequired);
    if (node == nullptr) return;
    const std::string what = map_.what() + ": 'key'";
    for (const YamlNode* text : map_.Texts("key", Need::kRequired, kMaxKeyColumns)) {
      const auto column = FindColumn(*text, what);
      if (!column) continue;
      if (dataset_.columns[*column].optional) {
        scope_.Report(text->at, what + ": the column '" + text->text +
                                    "' is optional; a key needs a value in every record");
      }
      dataset_.key.push_back(*column);
    }
    if (node->kind == YamlNode::Kind::kList && node->items.empty()) {
      map_.Report(*node, "must name at least one column");
    }
  }

  void ReadReported(bool reported) {
    if (!reported) {
      if (const YamlNode* node = map_.Find("reported")) map_.Report(*node, "is for kind reported");
      return;
    }
    if (const YamlNode* key = map_.Find("key")) {
      map_.Report(*key,
                  "is not declared for kind reported: a value is identified by its series, unit, "
                  "period and vintage");
    }
    if (has_columns_) ReadReportedShape(draft_, map_, dataset_);
    if (!dataset_.reported) draft_.unsound_datasets.insert(dataset_.name);
  }

  void ReadOrder(bool kind_known) {
    const bool needed = kind_known && dataset_.kind == model::DatasetKind::kState;
    if (needed && !map_.Has("order")) {
      map_.ReportMissing("order", "a state says by which column its versions follow each other");
    }
    const YamlNode* node = map_.FindText("order", Need::kOptional);
    if (node == nullptr) return;
    const auto index = FindColumn(*node, map_.what() + ": 'order'");
    if (!index) return;
    const model::Column& column = dataset_.columns[*index];
    if (has_columns_ && !IsOrdered(column.type)) {
      map_.Report(*node, "is the column '" + column.name + "' of type " +
                             std::string(model::NameOf(column.type)) +
                             "; allowed: integer, decimal, date, timestamp");
    }
    if (column.optional) {
      map_.Report(*node, "is the optional column '" + column.name +
                             "'; every version needs its place in the order");
    }
    dataset_.order = *index;
  }

  void ReadPlaces() {
    const YamlNode* node = map_.Find("places");
    if (node == nullptr) return;
    const YamlMap places(*node, scope_, map_.what() + ": 'places'");
    places.Allow({"territory", "organisation"});
    dataset_.territory = ReadPlace(places, model::TreeKind::kTerritory);
    dataset_.organisation = ReadPlace(places, model::TreeKind::kOrganisation);
  }

  std::optional<model::PlaceColumn> ReadPlace(const YamlMap& places, model::TreeKind kind) {
    const std::string tree(model::NameOf(kind));
    const YamlNode* node = places.Find(tree);
    if (node == nullptr) return std::nullopt;
    const YamlMap map(*node, scope_, map_.what() + ": place '" + tree + "'");
    map.Allow({"column", "codes"});
    const YamlNode* name = map.FindText("column", Need::kRequired);
    const YamlNode* codes = map.FindText("codes", Need::kRequired);
    const auto& systems = draft_.code_systems[kind];
    if (codes != nullptr && !systems.contains(codes->text) &&
        !draft_.unsound_trees.contains(kind)) {
      map.Report(*codes, "is '" + codes->text + "', which " + tree +
                             "/codes.csv does not declare; " +
                             AllowedText(codes->text, {systems.begin(), systems.end()}));
    }
    const auto column = name == nullptr ? std::nullopt : FindColumn(*name, map.what());
    if (!column || codes == nullptr) return std::nullopt;
    if (has_columns_ && dataset_.columns[*column].type != model::ColumnType::kText) {
      map.Report(*name, "must be of type text; codes are texts, with their leading zeros");
    }
    return model::PlaceColumn{*column, codes->text};
  }

  void ReadConditions() {
    if (const YamlNode* node = map_.Find("withdrawn")) {
      dataset_.withdrawn =
          ReadCondition({draft_.parser, scope_, *node, map_.what() + ": 'withdrawn'"}, dataset_,
                        draft_.center.time_zone);
    }
    for (const YamlNode* node : map_.Texts("rules", Need::kOptional, kMaxRules)) {
      auto rule = ReadCondition({draft_.parser, scope_, *node, map_.what() + ": 'rules'"}, dataset_,
                                draft_.center.time_zone);
      if (rule) dataset_.rules.push_back(*std::move(rule));
    }
  }

  Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  model::Dataset dataset_;
  bool has_columns_ = false;  // all of them without a problem
};

}  // namespace

void ReadDatasets(Draft& draft) {
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/datasets.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const YamlMap file(*document, scope, "datasets");
    file.Allow({"datasets"});
    const YamlNode* list = file.Find("datasets", Need::kRequired);
    if (list == nullptr) continue;
    const YamlMap datasets(*list, scope, "datasets");
    for (const YamlNode& entry : datasets.entries()) {
      const bool declared = draft.Declare(Kind::kDataset, scope, entry);
      model::Dataset dataset = DatasetStage(draft, scope, entry).Read(system.name);
      if (declared) draft.center.datasets.push_back(std::move(dataset));
    }
    if (draft.center.datasets.size() > kMaxDatasets) {
      scope.Report(list->anchor(), "more than " + std::to_string(kMaxDatasets) + " datasets");
    }
  }
  ReadRegistryMatches(draft);
}

}  // namespace fansipan::center
