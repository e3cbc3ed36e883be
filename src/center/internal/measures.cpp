#include "center/internal/measures.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "center/internal/expressions.h"

namespace fansipan::center {
namespace {

constexpr double kYearsEstimated = 10;
constexpr double kDaysAYear = 365;
constexpr double kHoursADay = 24;
// What a dimension without declared values is taken to have.
constexpr double kOpenDimensionValues = 100;

bool IsNumber(model::ColumnType type) {
  return type == model::ColumnType::kInteger || type == model::ColumnType::kDecimal;
}

bool IsMoment(model::ColumnType type) {
  return type == model::ColumnType::kTimestamp || type == model::ColumnType::kDate;
}

bool IsAny(model::ColumnType) { return true; }

struct AggregateKey {
  std::string_view key;
  model::Aggregate aggregate;
};
constexpr std::array kColumnAggregates = {AggregateKey{"sum", model::Aggregate::kSum},
                                          AggregateKey{"average", model::Aggregate::kAverage},
                                          AggregateKey{"minimum", model::Aggregate::kMinimum},
                                          AggregateKey{"maximum", model::Aggregate::kMaximum},
                                          AggregateKey{"distinct", model::Aggregate::kDistinct}};

class MeasureStage {
 public:
  MeasureStage(Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "measure '" + entry.key + "'") {
    measure_.name = entry.key;
  }

  model::Measure Read() {
    map_.Allow({"title", "dataset", "flow", "stock", "count", "sum", "average", "minimum",
                "maximum", "distinct", "where", "grain", "dimensions"});
    measure_.title = map_.Localized("title", draft_.center.languages, Need::kOptional);
    const auto grain = map_.Choice("grain", {"hour", "day"}, Need::kOptional);
    measure_.grain = grain == 0 ? model::Grain::kHour : model::Grain::kDay;
    FindDataset();
    ReadTime();
    ReadAggregate();
    ReadDimensions();
    if (dataset_ != nullptr) CheckPlaces();
    return std::move(measure_);
  }

 private:
  // The dataset stays unknown, and what refers to its columns unchecked, when it has problems
  // itself.
  void FindDataset() {
    const YamlNode* name = map_.FindText("dataset", Need::kRequired);
    if (name == nullptr) return;
    measure_.dataset = name->text;
    const model::Dataset* dataset = draft_.center.FindDataset(name->text);
    if (dataset == nullptr) {
      draft_.ReportUnknown(Kind::kDataset, scope_, *name, map_.what() + ": 'dataset'");
    } else if (dataset->kind == model::DatasetKind::kReported) {
      map_.Report(*name, "names the dataset '" + name->text +
                             "' of kind reported, whose values are never added up; give an "
                             "indicator 'reported: {dataset: " +
                             name->text + "}'");
    } else if (!draft_.unsound_datasets.contains(name->text)) {
      dataset_ = dataset;
    }
  }

  // Index of the column that a text names, if its type is accepted; reports otherwise.
  std::optional<std::size_t> ColumnOf(const YamlNode& node, const std::string& what,
                                      bool (*accepts)(model::ColumnType), std::string_view wanted) {
    if (dataset_ == nullptr) return std::nullopt;
    std::vector<std::string> fitting;
    for (const model::Column& column : dataset_->columns) {
      if (accepts(column.type)) fitting.push_back(column.name);
    }
    const auto index = dataset_->FindColumn(node.text);
    if (index && accepts(dataset_->columns[*index].type)) return index;
    std::string message = what + ": ";
    if (index) {
      message += "the column '" + node.text + "' is of type " +
                 std::string(model::NameOf(dataset_->columns[*index].type)) + ", but must be " +
                 std::string(wanted);
    } else {
      message += "the dataset '" + dataset_->name + "' has no column '" + node.text + "'";
    }
    scope_.Report(node.at, message + "; " + AllowedText(node.text, fitting));
    return std::nullopt;
  }

  void ReadTime() {
    if (map_.Has("flow") == map_.Has("stock")) {
      scope_.Report(map_.at(), map_.what() +
                                   ": must have either 'flow: column' (it happens at a "
                                   "moment) or 'stock: {from: column, until: column}'");
      return;
    }
    if (const YamlNode* flow = map_.FindText("flow", Need::kOptional)) ReadFlow(*flow);
    if (const YamlNode* stock = map_.Find("stock")) ReadStock(*stock);
  }

  void ReadFlow(const YamlNode& flow) {
    measure_.kind = model::MeasureKind::kFlow;
    const auto column = ColumnOf(flow, map_.what() + ": 'flow'", IsMoment, "timestamp or date");
    if (!column) return;
    measure_.from = *column;
    const bool is_date = dataset_->columns[*column].type == model::ColumnType::kDate;
    if (is_date && measure_.grain == model::Grain::kHour) {
      map_.Report(flow, "is a date, which has no hour; leave out 'grain: hour'");
    }
  }

  void ReadStock(const YamlNode& stock) {
    measure_.kind = model::MeasureKind::kStock;
    const YamlMap map(stock, scope_, map_.what() + ": 'stock'");
    map.Allow({"from", "until"});
    const auto is_timestamp = [](model::ColumnType type) {
      return type == model::ColumnType::kTimestamp;
    };
    if (const YamlNode* from = map.FindText("from", Need::kRequired)) {
      measure_.from = ColumnOf(*from, map.what(), is_timestamp, "timestamp").value_or(0);
    }
    if (const YamlNode* until = map.FindText("until", Need::kOptional)) {
      measure_.until = ColumnOf(*until, map.what(), is_timestamp, "timestamp");
    }
  }

  void ReadAggregate() {
    std::vector<std::string> given;
    if (map_.Has("count")) given.emplace_back("count");
    for (const auto& [key, aggregate] : kColumnAggregates) {
      if (map_.Has(key)) given.emplace_back(key);
      if (const YamlNode* node = map_.FindText(key, Need::kOptional)) ReadValue(*node, aggregate);
    }
    if (given.size() > 1) {
      scope_.Report(map_.at(), map_.what() + ": has both '" + given[0] + "' and '" + given[1] +
                                   "'; make two measures of it");
    }
    if (map_.Has("count") && map_.Has("where")) {
      scope_.Report(map_.at(), map_.what() +
                                   ": has both 'count' and 'where'; join the conditions "
                                   "with 'and' in one of them");
    }
    if (const YamlNode* count = map_.Find("count")) ReadWhere(*count);
    if (const YamlNode* where = map_.Find("where")) ReadWhere(*where);
  }

  void ReadValue(const YamlNode& node, model::Aggregate aggregate) {
    measure_.aggregate = aggregate;
    const bool any = aggregate == model::Aggregate::kDistinct;
    measure_.value = ColumnOf(node, map_.what() + ": '" + node.key + "'", any ? IsAny : IsNumber,
                              "integer or decimal");
  }

  void ReadWhere(const YamlNode& node) {
    if (dataset_ == nullptr) return;
    measure_.condition =
        ReadCondition({draft_.parser, scope_, node, map_.what() + ": '" + node.key + "'"},
                      *dataset_, draft_.center.time_zone);
  }

  void ReadDimensions() {
    for (const YamlNode* text : map_.Texts("dimensions", Need::kOptional, kMaxDimensions)) {
      const auto column = ColumnOf(*text, map_.what() + ": 'dimensions'", IsAny, "");
      if (!column) continue;
      measure_.dimensions.push_back(*column);
      if (!dataset_->columns[*column].dimension) {
        map_.Report(*text, "in 'dimensions': the column '" + text->text +
                               "' is not declared with 'dimension: true'");
      }
    }
    std::ranges::sort(measure_.dimensions);
  }

  // A record stands in one unit of each tree, and units of the two trees go together, so that the
  // larger tree bounds the places; all values of all dimensions are taken to occur.
  void CheckPlaces() {
    if (!dataset_->territory && !dataset_->organisation) {
      map_.Report(*map_.Find("dataset"), "'" + dataset_->name +
                                             "' has no 'places'; a figure needs to know where its "
                                             "records belong");
      return;
    }
    double units = 1;
    if (dataset_->territory) {
      units = std::max(units, static_cast<double>(draft_.center.territory.size()));
    }
    if (dataset_->organisation) {
      units = std::max(units, static_cast<double>(draft_.center.organisation.size()));
    }
    double cells = units * kYearsEstimated * kDaysAYear;
    if (measure_.grain == model::Grain::kHour) cells *= kHoursADay;
    for (const std::size_t index : measure_.dimensions) {
      const model::Column& column = dataset_->columns[index];
      double values =
          column.one_of.empty() ? kOpenDimensionValues : static_cast<double>(column.one_of.size());
      if (column.type == model::ColumnType::kBoolean) values = 2;
      cells *= values + (column.optional ? 1 : 0);
    }
    if (cells <= kMaxEstimatedCells) return;
    scope_.Report(map_.at(),
                  map_.what() + ": would keep about " +
                      std::to_string(static_cast<long long>(std::min(cells, 1e15)) / 1'000'000) +
                      " million cells in ten years, more than 50 million; leave out "
                      "dimensions, declare their values with 'one_of', or use grain day");
  }

  Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  const model::Dataset* dataset_ = nullptr;
  model::Measure measure_;
};

model::Expression Operation(model::Operator operation, std::vector<model::Expression> operands) {
  model::Expression expression;
  expression.kind = model::Expression::Kind::kOperation;
  expression.operation = operation;
  expression.operands = std::move(operands);
  return expression;
}

// True when a measure counts by the due moment of a clock: which of two holds matters to it.
bool DependsOnDue(const model::Measure& measure, const model::Dataset& dataset,
                  const model::CaseClock& clock) {
  const std::vector<std::size_t> by_due = {clock.ColumnOf(model::ClockOutput::kDue),
                                           clock.ColumnOf(model::ClockOutput::kLeft),
                                           clock.stated_due->column};
  const auto is_by_due = [&](std::size_t column) {
    return std::ranges::find(by_due, column) != by_due.end();
  };
  if (is_by_due(measure.from) || (measure.until && is_by_due(*measure.until)) ||
      (measure.value && is_by_due(*measure.value))) {
    return true;
  }
  return measure.condition && std::ranges::any_of(by_due, [&](std::size_t column) {
           const auto names = model::NamesIn(*measure.condition);
           return std::ranges::find(names, dataset.columns[column].name) != names.end();
         });
}

// Counts those records of a measure whose due moments contradict each other.
model::Measure ContradictionsOf(const model::Measure& measure, const model::Dataset& dataset,
                                const model::CaseClock& clock) {
  model::Expression column;
  column.kind = model::Expression::Kind::kName;
  column.name = dataset.columns[clock.ColumnOf(model::ClockOutput::kContradiction)].name;
  model::Expression contradicts = Operation(model::Operator::kIsNotNull, {std::move(column)});
  model::Measure counted = measure;
  counted.name += "." + clock.name + ".contradiction";
  counted.aggregate = model::Aggregate::kCount;
  counted.value.reset();
  counted.condition = measure.condition ? Operation(model::Operator::kAnd,
                                                    {*measure.condition, std::move(contradicts)})
                                        : std::move(contradicts);
  counted.contradictions_of = measure.name;
  return counted;
}

}  // namespace

void ReadMeasures(Draft& draft) {
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/indicators.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const YamlMap file(*document, scope, "indicators.yaml");
    file.Allow({"measures", "indicators", "cross_checks"});
    const YamlNode* list = file.Find("measures");
    if (list == nullptr) continue;
    const YamlMap measures(*list, scope, "measures");
    for (const YamlNode& entry : measures.entries()) {
      const bool declared = draft.Declare(Kind::kFormulaName, scope, entry);
      model::Measure measure = MeasureStage(draft, scope, entry).Read();
      if (declared) draft.center.measures.push_back(std::move(measure));
    }
    if (draft.center.measures.size() > kMaxMeasures) {
      scope.Report(list->anchor(), "more than " + std::to_string(kMaxMeasures) + " measures");
    }
  }
}

void AddContradictions(Draft& draft) {
  if (draft.problems.count() > 0) return;
  Center& center = draft.center;
  const std::size_t declared = center.measures.size();
  for (std::size_t i = 0; i < declared; ++i) {
    const model::Dataset& dataset = *center.FindDataset(center.measures[i].dataset);
    for (const model::CaseClock& clock : dataset.clocks) {
      if (!clock.stated_due || !DependsOnDue(center.measures[i], dataset, clock)) continue;
      center.measures.push_back(ContradictionsOf(center.measures[i], dataset, clock));
    }
  }
}

}  // namespace fansipan::center
