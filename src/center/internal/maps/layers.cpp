#include "center/internal/maps/layers.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "center/internal/expressions.h"
#include "center/internal/regimes.h"

namespace fansipan::center {
namespace {

class LayerStage {
 public:
  LayerStage(const Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "layer '" + entry.key + "'") {
    layer_.name = entry.key;
  }

  Layer Read() {
    layer_.title = map_.Localized("title", draft_.center.languages, Need::kRequired);
    if (map_.Has("dataset") == map_.Has("indicator")) {
      scope_.Report(map_.at(), map_.what() +
                                   ": must have either 'dataset: name' (points of records) or "
                                   "'indicator: name' (figures of units)");
    } else if (map_.Has("dataset")) {
      ReadRecords();
    } else {
      ReadFigures();
    }
    return std::move(layer_);
  }

 private:
  void ReadRecords() {
    map_.Allow({"title", "dataset", "longitude", "latitude", "properties", "where"});
    const YamlNode* name = map_.FindText("dataset", Need::kRequired);
    const YamlNode* longitude = map_.FindText("longitude", Need::kRequired);
    const YamlNode* latitude = map_.FindText("latitude", Need::kRequired);
    const auto properties = map_.Texts("properties", Need::kOptional, kMaxLayerProperties);
    if (name == nullptr) return;
    layer_.dataset = name->text;
    dataset_ = draft_.center.FindDataset(name->text);
    if (dataset_ == nullptr) {
      draft_.ReportUnknown(Kind::kDataset, scope_, *name, map_.what() + ": 'dataset'");
      return;
    }
    if (draft_.unsound_datasets.contains(name->text)) return;
    CheckKey(*name);
    layer_.longitude = ReadCoordinate(longitude);
    layer_.latitude = ReadCoordinate(latitude);
    for (const YamlNode* property : properties) {
      if (const auto column = FindShown(*property)) layer_.properties.push_back(*column);
    }
    ReadWhere();
  }

  // A feature is named by its record's key, for everybody who sees the layer.
  void CheckKey(const YamlNode& name) {
    for (const std::size_t index : dataset_->key) {
      const model::Column& column = dataset_->columns[index];
      if (!column.personal) continue;
      map_.Report(name, "names the dataset '" + dataset_->name + "', whose key column '" +
                            column.name + "' is personal; a point on a map is named by its key");
    }
  }

  std::size_t ReadCoordinate(const YamlNode* node) {
    if (node == nullptr) return 0;
    const auto column = FindShown(*node);
    if (!column) return 0;
    const model::ColumnType type = dataset_->columns[*column].type;
    if (type != model::ColumnType::kDecimal) {
      map_.Report(*node, "names the column '" + node->text + "' of type " +
                             std::string(model::NameOf(type)) + "; degrees are of type decimal");
    }
    return *column;
  }

  // The column that a text names, if everybody may see it; reports otherwise.
  std::optional<std::size_t> FindShown(const YamlNode& node) {
    const auto column = dataset_->FindColumn(node.text);
    if (column && !dataset_->columns[*column].personal) return column;
    std::vector<std::string> shown;
    for (const model::Column& one : dataset_->columns) {
      if (!one.personal) shown.push_back(one.name);
    }
    const std::string what =
        column ? "the column '" + node.text + "' is personal and cannot be shown on a map"
               : "the dataset '" + dataset_->name + "' has no column '" + node.text + "'";
    scope_.Report(node.at, map_.what() + ": " + what + "; " + AllowedText(node.text, shown));
    return std::nullopt;
  }

  void ReadWhere() {
    const YamlNode* node = map_.Find("where");
    if (node == nullptr) return;
    layer_.condition = ReadCondition({draft_.parser, scope_, *node, map_.what() + ": 'where'"},
                                     *dataset_, draft_.center.time_zone);
    if (!layer_.condition) return;
    for (const std::string& name : model::NamesIn(*layer_.condition)) {
      const auto column = dataset_->FindColumn(name);
      if (!column || !dataset_->columns[*column].personal) continue;
      map_.Report(*node, "asks for the column '" + name +
                             "', which is personal: who is on the map would tell it");
    }
  }

  void ReadFigures() {
    map_.Allow({"title", "indicator", "regime", "period"});
    if (const YamlNode* name = map_.FindText("indicator", Need::kRequired)) {
      layer_.indicator = name->text;
      if (draft_.center.FindIndicator(name->text) == nullptr) {
        draft_.ReportUnknownIndicator(scope_, *name, map_.what());
      }
    }
    if (const YamlNode* node = map_.FindText("regime", Need::kOptional)) {
      const model::Regime* regime = FindRegime(draft_, scope_, *node, map_.what() + ": 'regime'");
      if (regime == nullptr) return;
      layer_.regime = regime;
    }
    std::vector<const model::PeriodKind*> kinds;
    std::vector<std::string> names;
    for (const model::PeriodKind& kind : layer_.regime->kinds()) {
      if (kind.tiling == model::Tiling::kHours) continue;
      kinds.push_back(&kind);
      names.push_back(kind.name);
    }
    if (const auto chosen = map_.Choice("period", names, Need::kRequired)) {
      layer_.period = kinds[*chosen];
    }
  }

  const Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  const model::Dataset* dataset_ = nullptr;
  Layer layer_;
};

void ReadLayersOf(Draft& draft, const System& system) {
  const FileScope scope = draft.ScopeOf("systems/" + system.name + "/layers.yaml");
  const YamlNode* document = draft.FindDocument(scope.file);
  if (document == nullptr) return;
  const YamlMap file(*document, scope, "layers");
  file.Allow({"layers"});
  const YamlNode* list = file.Find("layers", Need::kRequired);
  if (list == nullptr) return;
  const YamlMap layers(*list, scope, "layers");
  for (const YamlNode& entry : layers.entries()) {
    if (entry.key == kUnitsLayer) {
      scope.Report(entry.anchor(),
                   "the layer 'units' is always there: the units of the territory; give this one "
                   "another name");
      continue;
    }
    const bool declared = draft.Declare(Kind::kLayer, scope, entry);
    Layer layer = LayerStage(draft, scope, entry).Read();
    layer.system = system.name;
    if (declared) draft.center.layers.push_back(std::move(layer));
  }
  if (draft.center.layers.size() > kMaxLayers) {
    scope.Report(list->anchor(), "more than " + std::to_string(kMaxLayers) + " layers");
  }
}

}  // namespace

void ReadLayers(Draft& draft) {
  for (const System& system : draft.center.systems) ReadLayersOf(draft, system);
}

}  // namespace fansipan::center
