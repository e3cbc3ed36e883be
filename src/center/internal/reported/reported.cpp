#include "center/internal/reported/reported.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

bool IsText(model::ColumnType type) { return type == model::ColumnType::kText; }

bool IsNumber(model::ColumnType type) {
  return type == model::ColumnType::kInteger || type == model::ColumnType::kDecimal;
}

/// Reads the one declaration and links it to the dataset's columns.
class ShapeStage {
 public:
  ShapeStage(const Draft& draft, const YamlMap& map, const YamlNode& node, model::Dataset& dataset)
      : draft_(draft),
        map_(node, map.scope(), map.what() + ": 'reported'"),
        dataset_map_(map),
        dataset_(dataset) {}

  void Read() {
    map_.Allow({"series", "period", "vintage", "value", "signer", "note", "vintages"});
    shape_.series = Column("series", Need::kOptional, IsText, "text");
    const auto period = Column("period", Need::kRequired, IsText, "text");
    const auto vintage = Column("vintage", Need::kRequired, IsText, "text");
    const auto value = Column("value", Need::kRequired, IsNumber, "integer or decimal");
    shape_.signer = Column("signer", Need::kOptional, IsText, "text");
    shape_.note = Column("note", Need::kOptional, IsText, "text");
    ReadVintages();
    CheckPlaces();
    if (!period || !vintage || !value) return;
    shape_.period = *period;
    shape_.vintage = *vintage;
    shape_.value = *value;
    for (const auto& word : {"signer", "note"}) CheckNotPersonal(word);
    SetKey();
    SetVintagesAllowed();
    dataset_.reported = std::move(shape_);
  }

 private:
  std::optional<std::size_t> Column(std::string_view key, Need need,
                                    bool (*accepts)(model::ColumnType), std::string_view wanted) {
    const YamlNode* node = map_.FindText(key, need);
    if (node == nullptr) return std::nullopt;
    const auto index = dataset_.FindColumn(node->text);
    if (index && accepts(dataset_.columns[*index].type)) return index;
    std::vector<std::string> fitting;
    for (const model::Column& column : dataset_.columns) {
      if (accepts(column.type)) fitting.push_back(column.name);
    }
    map_.Report(*node, (index ? "names the column '" + node->text + "', which is not of type " +
                                    std::string(wanted) + "; "
                              : "names the column '" + node->text + "', which does not exist; ") +
                           AllowedText(node->text, fitting));
    return std::nullopt;
  }

  /// They are shown with every figure.
  void CheckNotPersonal(std::string_view key) const {
    const YamlNode* node = map_.Find(key);
    const auto column = node == nullptr ? std::nullopt : dataset_.FindColumn(node->text);
    if (!column || !dataset_.columns[*column].personal) return;
    map_.Report(*node, "names the personal column '" + node->text +
                           "', but is shown with every figure; leave it out, or name an office");
  }

  void ReadVintages() {
    const YamlNode* node = map_.Find("vintages", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap list(*node, map_.scope(), map_.what() + ": 'vintages'");
    if (list.entries().empty() || list.entries().size() > kMaxVintages) {
      map_.Report(
          *node, "must name 1 to " + std::to_string(kMaxVintages) + " vintages, the weakest first");
      return;
    }
    for (const YamlNode& entry : list.entries()) ReadVintage(list, entry);
  }

  void ReadVintage(const YamlMap& list, const YamlNode& entry) {
    const YamlMap map(entry, map_.scope(), map_.what() + ": vintage '" + entry.key + "'");
    map.Allow({"title", "mark"});
    if (!IsName(entry.key)) {
      list.scope().Report(entry.anchor(),
                          map.what() + " is no name; a name has " + std::string(kNameRule));
    }
    model::Vintage vintage;
    vintage.name = entry.key;
    vintage.title = map.Localized("title", draft_.center.languages, Need::kRequired);
    const auto mark = map.Choice("mark", {"none", "estimate", "preliminary"}, Need::kOptional);
    if (mark) vintage.mark = static_cast<model::VintageMark>(*mark);
    shape_.vintages.push_back(std::move(vintage));
  }

  /// One place, so that it is clear of which node the value is.
  void CheckPlaces() const {
    if (dataset_.territory.has_value() != dataset_.organisation.has_value()) return;
    const std::string hint =
        "a reported value is stated for one node; name the column of its code in either "
        "'territory' or 'organisation'";
    if (const YamlNode* places = dataset_map_.Find("places")) {
      dataset_map_.Report(*places, hint);
    } else {
      dataset_map_.ReportMissing("places", hint);
    }
  }

  void SetKey() {
    dataset_.key.clear();
    if (shape_.series) dataset_.key.push_back(*shape_.series);
    const auto& place = dataset_.territory ? dataset_.territory : dataset_.organisation;
    if (place) dataset_.key.push_back(place->column);
    dataset_.key.push_back(shape_.period);
    dataset_.key.push_back(shape_.vintage);
    for (const std::size_t column : dataset_.key) {
      if (!dataset_.columns[column].optional) continue;
      map_.scope().Report(map_.at(), map_.what() + ": the column '" +
                                         dataset_.columns[column].name +
                                         "' is optional, but it is part of what a value is of");
    }
  }

  void SetVintagesAllowed() {
    std::vector<std::string>& allowed = dataset_.columns[shape_.vintage].one_of;
    const bool declared = !allowed.empty();
    allowed.clear();
    for (const model::Vintage& vintage : shape_.vintages) allowed.push_back(vintage.name);
    if (!declared) return;
    map_.Report(*map_.Find("vintage"),
                "names a column with 'one_of'; 'vintages' says what it may hold");
  }

  const Draft& draft_;
  YamlMap map_;
  const YamlMap& dataset_map_;
  model::Dataset& dataset_;
  model::ReportedShape shape_;
};

void CheckSeries(const YamlMap& map, const model::Dataset& dataset) {
  const bool many = dataset.reported && dataset.reported->series;
  if (many && !map.Has("series")) {
    map.ReportMissing("series", "the dataset '" + dataset.name +
                                    "' has many; write what stands in its column '" +
                                    dataset.columns[*dataset.reported->series].name + "'");
  } else if (!many && map.Has("series")) {
    map.Report(*map.Find("series"), "the dataset '" + dataset.name + "' has no series");
  }
}

}  // namespace

void ReadReportedShape(const Draft& draft, const YamlMap& map, model::Dataset& dataset) {
  const YamlNode* node = map.Find("reported", Need::kRequired);
  if (node != nullptr) ShapeStage(draft, map, *node, dataset).Read();
}

void ReadReportedRule(const Draft& draft, const YamlMap& map, model::Indicator& indicator) {
  const YamlNode* node = map.Find("reported");
  if (map.Has("reported") == map.Has("formula")) {
    map.scope().Report(map.at(), map.what() +
                                     ": must have either 'formula' (it is computed) or "
                                     "'reported' (somebody states it)");
  }
  indicator.additive = map.Flag("additive", false);
  if (map.Has("additive") && !map.Has("reported")) {
    map.Report(*map.Find("additive"),
               "is for reported indicators; of a formula it follows from its measures");
  }
  if (node == nullptr) return;
  const YamlMap rule(*node, map.scope(), map.what() + ": 'reported'");
  rule.Allow({"dataset", "series"});
  const YamlNode* name = rule.FindText("dataset", Need::kRequired);
  indicator.reported =
      model::ReportedRule{name == nullptr ? "" : name->text, rule.Text("series", Need::kOptional)};
  if (name == nullptr) return;
  const model::Dataset* dataset = draft.center.FindDataset(name->text);
  if (dataset == nullptr) {
    draft.ReportUnknown(Kind::kDataset, map.scope(), *name, rule.what() + ": 'dataset'");
  } else if (dataset->kind != model::DatasetKind::kReported) {
    rule.Report(*name, "names the dataset '" + name->text + "' of kind " +
                           std::string(NameOf(dataset->kind)) + "; it must be of kind reported");
  } else if (!draft.unsound_datasets.contains(name->text)) {
    CheckSeries(rule, *dataset);
  }
}

}  // namespace fansipan::center
