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

model::Measure MakeClockMeasure(std::string name, std::size_t from) {
  model::Measure measure;
  measure.name = std::move(name);
  measure.dataset = "term";
  measure.from = from;
  return measure;
}

/// A state that is ordered by the moments of its changes, with a clock of working hours that are
/// allowed as the fee says. It stands still for what came by post, and between two columns.
void AddTerms(center::Center& center) {
  model::WorkingCalendar office{.name = "office", .week = {}};
  for (std::size_t day = 0; day < 5; ++day) office.week[day] = {{480, 720}, {780, 1050}};
  office.years[2026] = {};
  office.days[model::Date(std::chrono::sys_days(std::chrono::year(2026) / 4 / 6))] = {};
  center.calendars.emplace(
      "office",
      center::Calendar{{}, model::WorkingTimetable(office, center.time_zone), "office.yaml"});
  model::WorkingCalendar always{.name = "always", .week = {}};
  center.calendars.emplace(
      "always",
      center::Calendar{{}, model::WorkingTimetable(always, center.time_zone), "always.yaml"});

  model::Dataset dataset = MakeDataset("term", model::DatasetKind::kState);
  dataset.columns[1].type = ColumnType::kTimestamp;
  model::CaseClock clock;
  clock.name = "working";
  clock.calendar = "office";
  clock.unit_calendars = {{model::TreeKind::kOrganisation, "y", "always"}};
  clock.from = 4;
  clock.until = 6;
  clock.allowed = {false, 8, 0, {}};
  Expression by_post;
  by_post.literal = std::string("post");
  clock.paused_when = Expression{.kind = Expression::Kind::kOperation,
                                 .operation = model::Operator::kEqual,
                                 .operands = {NameOfColumn("channel"), by_post}};
  clock.stated_due = {5, false, std::chrono::hours(20)};
  clock.first_output = dataset.columns.size();
  model::CaseClock days = clock;
  days.name = "days";
  days.allowed = {true, std::nullopt, 2, {}};
  days.paused_when.reset();
  days.paused_from = 5;
  days.paused_until = 6;
  days.stated_due = {5, true, std::chrono::hours(2)};
  days.until.reset();
  days.first_output = clock.first_output + clock.output_count();
  for (const model::CaseClock& added : {clock, days}) {
    const std::vector<ColumnType> types = {ColumnType::kTimestamp, ColumnType::kInteger,
                                           ColumnType::kInteger,   ColumnType::kTimestamp,
                                           ColumnType::kText,      ColumnType::kTimestamp,
                                           ColumnType::kInteger};
    for (std::size_t output = 0; output < added.output_count(); ++output) {
      const auto name = std::string(NameOf(static_cast<model::ClockOutput>(output)));
      Column column = MakeColumn(added.name + "." + name, types[output], true);
      column.reckoned = true;
      dataset.columns.push_back(std::move(column));
    }
    dataset.clocks.push_back(added);
    model::Measure overdue = MakeClockMeasure(added.name + "_overdue", added.first_output);
    overdue.kind = MeasureKind::kStock;
    overdue.until = 6;
    model::Measure used = MakeClockMeasure(added.name + "_used", 6);
    used.aggregate = Aggregate::kSum;
    used.value = added.ColumnOf(model::ClockOutput::kUsed);
    center.measures.push_back(std::move(overdue));
    center.measures.push_back(std::move(used));
  }
  center.datasets.push_back(std::move(dataset));
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
  AddTerms(*center);
  return center;
}

}  // namespace fansipan::server::testing
