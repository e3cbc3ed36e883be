#include "indicators/testing/permit_office.h"

#include <gtest/gtest.h>

#include <utility>

#include "indicators/figures.h"

namespace fansipan::indicators::testing {
namespace {

using model::Expression;
using model::Operator;

constexpr model::Date kFounded{std::chrono::days(20'000)};  // 2024-10-04

Expression Name(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

Expression Number(std::int64_t number) {
  Expression expression;
  expression.literal = number;
  return expression;
}

Expression Operation(Operator operation, Expression left, Expression right) {
  Expression expression;
  expression.kind = Expression::Kind::kOperation;
  expression.operation = operation;
  expression.operands = {std::move(left), std::move(right)};
  return expression;
}

Expression Call(std::string function, std::string argument) {
  Expression expression;
  expression.kind = Expression::Kind::kCall;
  expression.name = std::move(function);
  expression.operands = {Name(std::move(argument))};
  return expression;
}

model::Column MakeColumn(std::string name, model::ColumnType type, bool optional) {
  model::Column column;
  column.name = std::move(name);
  column.type = type;
  column.optional = optional;
  return column;
}

model::Dataset MakeDataset() {
  using model::ColumnType;
  model::Dataset dataset;
  dataset.name = "permit";
  dataset.columns = {MakeColumn("id", ColumnType::kInteger, false),
                     MakeColumn("revision", ColumnType::kInteger, false),
                     MakeColumn("commune", ColumnType::kText, true),
                     MakeColumn("channel", ColumnType::kText, false),
                     MakeColumn("received", ColumnType::kTimestamp, false),
                     MakeColumn("due", ColumnType::kTimestamp, true),
                     MakeColumn("ended", ColumnType::kTimestamp, true)};
  dataset.key = {0};
  dataset.order = 1;
  dataset.territory = {2, "own"};
  return dataset;
}

model::Measure MakeMeasure(std::string name, std::size_t from) {
  model::Measure measure;
  measure.name = std::move(name);
  measure.dataset = "permit";
  measure.from = from;
  measure.dimensions = {3};
  return measure;
}

std::vector<model::Measure> MakeMeasures() {
  model::Measure on_time = MakeMeasure("on_time", 6);
  on_time.condition = Operation(Operator::kLessOrEqual, Name("ended"), Name("due"));
  model::Measure open = MakeMeasure("open", 4);
  open.kind = model::MeasureKind::kStock;
  open.until = 6;
  model::Measure overdue = MakeMeasure("overdue", 5);
  overdue.kind = model::MeasureKind::kStock;
  overdue.until = 6;
  return {MakeMeasure("received", 4), MakeMeasure("finished", 6), on_time, open, overdue};
}

model::Indicator MakeIndicator(std::string name, Expression formula) {
  model::Indicator indicator;
  indicator.name = std::move(name);
  indicator.formula = std::move(formula);
  return indicator;
}

std::vector<model::Indicator> MakeIndicators() {
  model::Indicator rate = MakeIndicator(
      "on_time_rate",
      Operation(Operator::kDivide, Operation(Operator::kMultiply, Number(100), Name("on_time")),
                Name("finished")));
  rate.better = model::Better::kHigher;
  rate.thresholds = {model::Decimal(95, 0), model::Decimal(90, 0), {}};
  rate.judged_from = {{"finished", model::Decimal(2, 0)}};
  rate.freshness = std::chrono::hours(1);
  return {
      rate,
      MakeIndicator("received_cases", Name("received")),
      MakeIndicator("open_cases", Name("open")),
      MakeIndicator("overdue_cases", Name("overdue")),
      MakeIndicator("growth",
                    Operation(Operator::kSubtract, Name("received"), Call("previous", "received"))),
      MakeIndicator("year_before", Call("same_period_last_year", "received")),
      MakeIndicator("so_far", Call("cumulative", "received")),
      MakeIndicator("to_target", Operation(Operator::kSubtract, Call("target", "received_cases"),
                                           Name("received")))};
}

model::PeriodKind MakeMonths(std::string name, int months, bool cumulative) {
  model::PeriodKind kind;
  kind.name = std::move(name);
  kind.months = months;
  kind.cumulative = cumulative;
  return kind;
}

/// From the 15th to the 14th; a year ends on 14 December.
std::shared_ptr<const model::Regime> MakeReporting() {
  const model::Regime::Year year{std::chrono::December / 15, true};
  return std::make_shared<const model::Regime>(
      "reporting", model::LocalizedText{}, model::LocalizedText{}, year,
      std::vector<model::PeriodKind>{MakeMonths("month", 1, false), MakeMonths("quarter", 3, false),
                                     MakeMonths("nine_months", 9, true),
                                     MakeMonths("year", 12, false)});
}

model::UnitTree MakeTerritory() {
  std::vector<model::Unit> units(3);
  std::vector<model::UnitCode> codes;
  units[0].code = "root";
  for (std::uint32_t i = 1; i < 3; ++i) {
    units[i].code = i == 1 ? "a" : "b";
    units[i].parent = model::UnitId{0};
    codes.push_back({"own", units[i].code, model::UnitId{i}, kFounded, std::nullopt});
  }
  for (model::Unit& unit : units) unit.valid_from = kFounded;
  return model::UnitTree::Build(model::TreeKind::kTerritory, std::move(units), std::move(codes))
      .value();
}

}  // namespace

base::Timestamp At(std::string_view text) {
  return std::get<base::Timestamp>(
      model::ParseValue(text, model::ColumnType::kTimestamp, 0, base::TimeZone::Utc()).value());
}

model::ContractFacts AsBefore() {
  model::ContractFacts facts;
  facts.profile.emplace_back().name = "fee";
  return facts;
}

model::ContractFacts Renamed(model::Sequence reference) {
  model::ContractFacts facts;
  facts.profile.emplace_back().name = "phi";
  facts.drift = {reference, {{model::ColumnChangeKind::kRenamed, "fee", "fee", "phi"}}};
  return facts;
}

model::ContractFacts Counted(std::uint64_t accepted, std::uint64_t told) {
  model::ContractFacts facts;
  model::ControlTotals& control = facts.control.emplace();
  control.outcome =
      accepted == told ? model::Reconciliation::kComplete : model::Reconciliation::kIncomplete;
  control.rows_told = told;
  control.rows_arrived = accepted;
  control.rows_accepted = accepted;
  control.missing = told - accepted;
  return facts;
}

PermitOffice::PermitOffice() {
  center_->name = "office";
  center_->revision = "office-1";
  center_->territory = MakeTerritory();
  center_->regimes = {MakeReporting()};
  center_->datasets = {MakeDataset()};
  center_->measures = MakeMeasures();
  center_->indicators = MakeIndicators();
  center::Source source;
  source.name = "office";
  source.mappings.push_back({"permit", "permit.sql", "", 1});
  source.silent_after = std::chrono::hours(4);
  center_->sources = {source};
}

void PermitOffice::Open() { engine_ = Engine::Create(center_).value(); }

void PermitOffice::Restore(const CellLogPlace& place) {
  const auto restored = TryRestore(place);
  EXPECT_TRUE(restored.ok()) << restored.error().message;
}

base::Status PermitOffice::TryRestore(const CellLogPlace& place) {
  engine_.reset();
  FANSIPAN_ASSIGN_OR_RETURN(engine_, Engine::Restore(center_, journal_, place));
  return {};
}

void PermitOffice::Record(const store::JournalEntry& entry) {
  const auto appended = journal_.Append(entry);
  EXPECT_TRUE(appended.ok()) << appended.error().message;
  engine_->Replay(entry);
}

store::JournalEntry PermitOffice::NextEntry(base::Timestamp now) {
  store::JournalEntry entry;
  entry.number = ++entries_;
  entry.recorded_at = now;
  return entry;
}

void PermitOffice::Deliver(base::Timestamp now, const std::vector<Permit>& permits) {
  store::JournalEntry entry = NextEntry(now);
  store::DatasetColumns columns{"permit", {}, {}};
  for (const model::Column& column : center_->datasets[0].columns) {
    columns.names.push_back(column.name);
    columns.types.push_back(column.type);
  }
  entry.datasets = {columns};
  store::CommittedDelivery committed;
  committed.delivery.sequence = {++sequence_};
  committed.delivery.source = "office";
  committed.delivery.received_at = now;
  committed.delivery.outcome = "accepted";
  for (const Permit& permit : permits) {
    const auto moment = [](const std::optional<base::Timestamp>& at) {
      return at ? model::Value(*at) : model::Value();
    };
    model::Version version;
    version.dataset = "permit";
    version.sequence = {++sequence_};
    version.delivery = committed.delivery.sequence;
    version.values = {permit.id,
                      permit.revision,
                      permit.commune.empty() ? model::Value() : model::Value(permit.commune),
                      permit.channel,
                      permit.received,
                      moment(permit.due),
                      moment(permit.ended)};
    committed.versions.push_back(std::move(version));
  }
  entry.deliveries.push_back(std::move(committed));
  Record(entry);
}

void PermitOffice::Heartbeat(base::Timestamp now) {
  store::JournalEntry entry = NextEntry(now);
  entry.life_signs.push_back({"office", now, {++sequence_}});
  Record(entry);
}

void PermitOffice::Refuse(base::Timestamp now) {
  store::JournalEntry entry = NextEntry(now);
  store::CommittedDelivery committed;
  committed.delivery.sequence = {++sequence_};
  committed.delivery.source = "office";
  committed.delivery.received_at = now;
  committed.delivery.outcome = "refused";
  committed.delivery.refusal_reason = "mapping_failed";
  entry.deliveries.push_back(std::move(committed));
  Record(entry);
}

model::Sequence PermitOffice::Show(base::Timestamp now, model::ContractFacts facts) {
  store::JournalEntry entry = NextEntry(now);
  store::CommittedDelivery committed;
  committed.delivery.sequence = {++sequence_};
  committed.delivery.source = "office";
  committed.delivery.received_at = now;
  committed.delivery.outcome = "accepted";
  committed.delivery.contract = std::move(facts);
  entry.deliveries.push_back(std::move(committed));
  Record(entry);
  return {sequence_};
}

void PermitOffice::SetAside(base::Timestamp now, std::uint32_t raw_row) {
  store::JournalEntry entry = NextEntry(now);
  store::CommittedDelivery committed;
  committed.delivery.sequence = {++sequence_};
  committed.delivery.source = "office";
  committed.delivery.received_at = now;
  committed.delivery.outcome = "accepted";
  model::QuarantinedRow row;
  row.dataset = "permit";
  row.raw_row = raw_row;
  row.reason = "not_a_timestamp";
  committed.quarantined.push_back(std::move(row));
  entry.deliveries.push_back(std::move(committed));
  Record(entry);
}

void PermitOffice::Note(base::Timestamp now, store::SourceCondition condition, bool begins,
                        const std::string& reason) {
  store::JournalEntry entry = NextEntry(now);
  entry.notes.push_back({"office", condition, begins, now, reason, "", "", {++sequence_}});
  Record(entry);
}

model::FigureKey PermitOffice::Key(const std::string& indicator, const std::string& period,
                                   const std::string& unit) const {
  return {indicator, model::TreeKind::kTerritory, *center_->territory.FindByCode(unit),
          center_->ParsePeriod(period).value()};
}

model::Figure PermitOffice::Figure(const std::string& indicator, const std::string& period,
                                   const std::string& unit,
                                   std::optional<base::Timestamp> as_of) const {
  model::Figure figure;
  const auto read = engine_->Read(
      as_of, [&](const View& view) { figure = ReadFigure(view, Key(indicator, period, unit)); });
  EXPECT_TRUE(read.ok()) << read.error().message;
  return figure;
}

}  // namespace fansipan::indicators::testing
