#include "store/testing/fact_history.h"

#include <algorithm>

namespace fansipan::store {

using model::Expression;

model::Dataset CaseDataset() {
  model::Dataset dataset;
  dataset.name = "case";
  const std::vector<std::pair<std::string, model::ColumnType>> columns = {
      {"case_number", model::ColumnType::kText},
      {"revision", model::ColumnType::kInteger},
      {"received_at", model::ColumnType::kTimestamp},
      {"finished_at", model::ColumnType::kTimestamp},
      {"filed_on", model::ColumnType::kDate},
      {"fee", model::ColumnType::kDecimal},
      {"pages", model::ColumnType::kInteger},
      {"urgent", model::ColumnType::kBoolean},
      {"channel", model::ColumnType::kText},
      {"place", model::ColumnType::kText}};
  for (const auto& [name, type] : columns) {
    model::Column column;
    column.name = name;
    column.type = type;
    dataset.columns.push_back(std::move(column));
  }
  dataset.key = {kCaseNumber};
  dataset.order = kCaseRevision;
  return dataset;
}

DatasetColumns ColumnsOf(const model::Dataset& dataset) {
  DatasetColumns columns;
  columns.dataset = dataset.name;
  for (const model::Column& column : dataset.columns) {
    columns.names.push_back(column.name);
    columns.types.push_back(column.type);
  }
  return columns;
}

model::Row CaseRow(const std::string& number, std::int64_t revision) {
  model::Row row(kCaseColumns);
  row[kCaseNumber] = number;
  row[kCaseRevision] = revision;
  return row;
}

base::Timestamp Hour(int hours) {
  return base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)) +
         std::chrono::hours(hours);
}

JournalEntry FactHistory::NextEntry() {
  JournalEntry entry;
  entry.number = ++number_;
  entry.recorded_at = Hour(static_cast<int>(number_));
  entry.datasets = {ColumnsOf(dataset_)};
  CommittedDelivery committed;
  committed.delivery.sequence.value = ++sequence_;
  committed.delivery.source = "case_system";
  committed.delivery.recorded_at = entry.recorded_at;
  committed.delivery.outcome = "accepted";
  entry.deliveries.push_back(std::move(committed));
  return entry;
}

void FactHistory::Add(model::Version version, CommittedDelivery& committed) {
  version.sequence.value = ++sequence_;
  version.dataset = dataset_.name;
  const model::Standing standing = StandingOf(version);
  version.predecessor = standing.predecessor;
  version.outranked = standing.outranked;
  versions_.push_back(version);
  ++committed.delivery.counts.accepted;
  committed.versions.push_back(std::move(version));
}

JournalEntry FactHistory::Deliver(const std::vector<model::Row>& rows,
                                  std::optional<model::Sequence> replay_of) {
  JournalEntry entry = NextEntry();
  CommittedDelivery& committed = entry.deliveries.front();
  committed.delivery.replay_of = replay_of;
  if (replay_of) ++revision_;
  committed.delivery.mapping_revision.value = revision_;
  for (std::size_t index = 0; index < rows.size(); ++index) {
    model::Version version;
    version.values = rows[index];
    version.delivery = replay_of.value_or(committed.delivery.sequence);
    version.mapping_revision.value = revision_;
    version.row = static_cast<std::uint32_t>(index);
    version.raw_rows = {static_cast<std::uint32_t>(index + 1)};
    Add(std::move(version), committed);
  }
  return entry;
}

JournalEntry FactHistory::TellAgain(const model::Version& version, model::Row values) {
  JournalEntry entry = NextEntry();
  CommittedDelivery& committed = entry.deliveries.front();
  committed.delivery.source = std::string(model::kCenterSource);
  model::Version again = version;
  again.values = std::move(values);
  Add(std::move(again), committed);
  return entry;
}

bool FactHistory::HaveSameKey(const model::Version& left, const model::Version& right) const {
  return std::all_of(dataset_.key.begin(), dataset_.key.end(), [&](std::size_t column) {
    const auto value_of = [column](const model::Version& version) {
      return column < version.values.size() ? version.values[column] : model::Value();
    };
    return model::Compare(value_of(left), value_of(right)) == 0;
  });
}

model::Standing FactHistory::StandingOf(const model::Version& version) const {
  const model::Version* below = nullptr;
  model::Standing standing;
  for (const model::Version& known : versions_) {
    if (known.dataset != version.dataset || !HaveSameKey(known, version)) continue;
    if (model::Precedes(version, known, dataset_.order)) {
      standing.outranked = true;
    } else if (below == nullptr || !model::Precedes(known, *below, dataset_.order)) {
      below = &known;
    }
  }
  if (below != nullptr) standing.predecessor = below->sequence;
  return standing;
}

Expression Name(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

Expression Literal(model::Value value) {
  Expression expression;
  expression.kind = Expression::Kind::kLiteral;
  expression.literal = std::move(value);
  return expression;
}

Expression Operation(model::Operator operation, std::vector<Expression> operands) {
  Expression expression;
  expression.kind = Expression::Kind::kOperation;
  expression.operation = operation;
  expression.operands = std::move(operands);
  return expression;
}

Expression Call(std::string function, std::vector<Expression> operands) {
  Expression expression;
  expression.kind = Expression::Kind::kCall;
  expression.name = std::move(function);
  expression.operands = std::move(operands);
  return expression;
}

const std::vector<std::string>& InjectionCorpus() {
  static const std::vector<std::string> corpus = {"'; DROP TABLE deliveries; --",
                                                  "\"; DROP TABLE meta; --",
                                                  "' OR '1'='1",
                                                  "$1",
                                                  "?",
                                                  "x\"y",
                                                  std::string("nul\0inside", 10),
                                                  "\\'; SELECT 1",
                                                  "/*",
                                                  "--",
                                                  "\xFF\xFE",
                                                  "ơ'ƯỜNG\"",
                                                  "\xE2\x80\x98; DROP",
                                                  "); DELETE FROM quarantine; (",
                                                  "\n;\n",
                                                  "{}{0}%s",
                                                  "c1",
                                                  "sequence"};
  return corpus;
}

}  // namespace fansipan::store
