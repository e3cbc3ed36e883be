#include "server/testing/history_center.h"

#include <string>
#include <utility>
#include <vector>

namespace fansipan::server::testing {
namespace {

using model::Aggregate;
using model::Column;
using model::ColumnType;
using model::Expression;
using model::MeasureKind;

constexpr model::Date kFounded{std::chrono::days(18'000)};

model::Unit MakeUnit(std::string code, model::UnitId parent) {
  model::Unit unit;
  unit.code = std::move(code);
  unit.level = parent == model::kNoUnit ? "province" : "commune";
  unit.parent = parent;
  unit.valid_from = kFounded;
  return unit;
}

model::UnitTree MakeTree(model::TreeKind kind, const std::vector<std::string>& children) {
  std::vector<model::Unit> units{MakeUnit("root", model::kNoUnit)};
  std::vector<model::UnitCode> codes;
  for (const std::string& child : children) {
    units.push_back(MakeUnit(child, model::UnitId{0}));
    const auto id = static_cast<std::uint32_t>(units.size() - 1);
    codes.push_back({"own", child, model::UnitId{id}, kFounded, std::nullopt});
  }
  return model::UnitTree::Build(kind, std::move(units), std::move(codes)).value();
}

Column MakeColumn(std::string name, ColumnType type, bool optional) {
  Column column;
  column.name = std::move(name);
  column.type = type;
  column.optional = optional;
  column.scale = type == ColumnType::kDecimal ? 2 : 0;
  return column;
}

model::Dataset MakeDataset(std::string name, model::DatasetKind kind) {
  model::Dataset dataset;
  dataset.name = std::move(name);
  dataset.kind = kind;
  dataset.columns = {MakeColumn("id", ColumnType::kInteger, false),
                     MakeColumn("revision", ColumnType::kInteger, false),
                     MakeColumn("commune", ColumnType::kText, true),
                     MakeColumn("agency", ColumnType::kText, true),
                     MakeColumn("begun", ColumnType::kTimestamp, false),
                     MakeColumn("due", ColumnType::kTimestamp, true),
                     MakeColumn("ended", ColumnType::kTimestamp, true),
                     MakeColumn("channel", ColumnType::kText, true),
                     MakeColumn("fee", ColumnType::kDecimal, true),
                     MakeColumn("deleted", ColumnType::kBoolean, false)};
  dataset.columns[7].dimension = true;
  dataset.key = {0};
  if (kind == model::DatasetKind::kState) dataset.order = 1;
  dataset.territory = {2, "own"};
  dataset.organisation = {3, "own"};
  return dataset;
}

Expression NameOfColumn(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

Expression EndedInTime() {
  Expression expression;
  expression.kind = Expression::Kind::kOperation;
  expression.operation = model::Operator::kLessOrEqual;
  expression.operands = {NameOfColumn("ended"), NameOfColumn("due")};
  return expression;
}

/// Every aggregate of a dataset as flow (at `begun`) and stock (from `due` until `ended`).
void AddMeasures(const std::string& dataset, center::Center& center) {
  const std::vector<std::pair<Aggregate, std::size_t>> aggregates = {
      {Aggregate::kCount, 0},   {Aggregate::kSum, 8},     {Aggregate::kAverage, 8},
      {Aggregate::kMinimum, 8}, {Aggregate::kMaximum, 8}, {Aggregate::kDistinct, 7}};
  for (const auto& [aggregate, column] : aggregates) {
    for (const MeasureKind kind : {MeasureKind::kFlow, MeasureKind::kStock}) {
      model::Measure measure;
      measure.name =
          dataset + "_" + std::string(NameOf(aggregate)) + "_" + std::string(NameOf(kind));
      measure.dataset = dataset;
      measure.kind = kind;
      measure.aggregate = aggregate;
      if (aggregate != Aggregate::kCount) measure.value = column;
      measure.from = kind == MeasureKind::kFlow ? 4 : 5;
      if (kind == MeasureKind::kStock) measure.until = 6;
      measure.grain = aggregate == Aggregate::kSum ? model::Grain::kHour : model::Grain::kDay;
      if (aggregate == Aggregate::kCount) measure.dimensions = {7};
      center.measures.push_back(measure);
    }
  }
  model::Measure in_time;
  in_time.name = dataset + "_in_time";
  in_time.dataset = dataset;
  in_time.from = 6;
  in_time.condition = EndedInTime();
  center.measures.push_back(in_time);
}

/// Years from 10 March, with months and months to date.
std::shared_ptr<const model::Regime> MakeRegime() {
  model::PeriodKind month;
  month.name = "month";
  month.months = 1;
  model::PeriodKind to_date = month;
  to_date.name = "to_date";
  to_date.cumulative = true;
  return std::make_shared<const model::Regime>("shifted", model::LocalizedText{},
                                               model::LocalizedText{},
                                               model::Regime::Year{std::chrono::March / 10, false},
                                               std::vector<model::PeriodKind>{month, to_date});
}

}  // namespace

std::shared_ptr<const center::Center> MakeHistoryCenter() {
  auto center = std::make_shared<center::Center>();
  center->name = "history";
  center->languages = {"en"};
  center->time_zone = base::TimeZone::Find("Europe/Amsterdam").value();
  center->revision = "history-1";
  center->regimes = {MakeRegime()};
  center->territory = MakeTree(model::TreeKind::kTerritory, {"a", "b", "c"});
  center->organisation = MakeTree(model::TreeKind::kOrganisation, {"x", "y"});
  center->datasets = {MakeDataset("permit", model::DatasetKind::kState),
                      MakeDataset("visit", model::DatasetKind::kEvent)};
  AddMeasures("permit", *center);
  AddMeasures("visit", *center);
  return center;
}

}  // namespace fansipan::server::testing
