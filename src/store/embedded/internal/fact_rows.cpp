#include "store/embedded/internal/fact_rows.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <utility>

#include "store/embedded/internal/contract_encoding.h"

namespace fansipan::store::internal {
namespace {

base::Timestamp MomentAt(const DuckDbRows& rows, idx_t column) {
  return base::Timestamp(base::Duration(rows.Number(column)));
}

model::Value ReadValue(const DuckDbRows& rows, idx_t column, model::ColumnType type) {
  if (rows.IsNull(column)) return {};
  switch (type) {
    case model::ColumnType::kText:
      return rows.Bytes(column);
    case model::ColumnType::kInteger:
      return rows.Number(column);
    case model::ColumnType::kDecimal:
      return rows.Decimal(column);
    case model::ColumnType::kBoolean:
      return rows.Boolean(column);
    case model::ColumnType::kDate:
      return model::Date(std::chrono::days(rows.Days(column)));
    case model::ColumnType::kTimestamp:
      return MomentAt(rows, column);
  }
  return {};
}

/// Delivery by delivery: a statement that names each row whole grows threefold.
std::string AmongRows(const std::vector<model::DeliveredRow>& rows, SqlParameters& parameters) {
  std::map<std::pair<model::Sequence, std::string>, std::vector<std::string>> numbers;
  for (const model::DeliveredRow& row : rows) {
    numbers[{row.delivery, row.dataset}].push_back(parameters.AddUnsigned(row.raw_row));
  }
  std::vector<std::string> alternatives;
  alternatives.reserve(numbers.size());
  for (const auto& [place, of_place] : numbers) {
    const std::string delivery = parameters.AddUnsigned(place.first.value);
    const std::string dataset = parameters.AddBytes(place.second);
    alternatives.push_back(fmt::format("(delivery = {} AND dataset = {} AND raw_row IN ({}))",
                                       delivery, dataset, fmt::join(of_place, ", ")));
  }
  return fmt::format("({})", fmt::join(alternatives, " OR "));
}

}  // namespace

std::string VersionSelection(std::string_view alias,
                             const std::vector<const PhysicalColumn*>& columns) {
  std::string selection = fmt::format(
      "{0}sequence, {0}delivery, {0}mapping_revision, {0}delivery_row, {0}raw_rows, "
      "{0}predecessor, "
      "{0}withdrawn, {0}outranked",
      alias);
  for (const PhysicalColumn* column : columns) {
    selection += fmt::format(", {}{}", alias, column->SqlName());
  }
  return selection;
}

model::Version ReadVersion(const DuckDbRows& rows, const std::string& dataset,
                           const std::vector<const PhysicalColumn*>& columns) {
  model::Version version;
  version.dataset = dataset;
  version.sequence.value = rows.Unsigned(0);
  version.delivery.value = rows.Unsigned(1);
  version.mapping_revision.value = rows.Unsigned32(2);
  version.row = rows.Unsigned32(3);
  version.raw_rows = rows.Unsigned32List(4);
  if (!rows.IsNull(5)) version.predecessor = model::Sequence{rows.Unsigned(5)};
  version.withdrawn = rows.Boolean(6);
  version.outranked = rows.Boolean(7);
  version.values.reserve(columns.size());
  for (std::size_t index = 0; index < columns.size(); ++index) {
    version.values.push_back(ReadValue(rows, kVersionFixedColumns + index, columns[index]->type));
  }
  return version;
}

model::Delivery ReadDelivery(const DuckDbRows& rows) {
  model::Delivery delivery;
  idx_t column = 0;
  delivery.sequence.value = rows.Unsigned(column++);
  delivery.source = rows.Bytes(column++);
  delivery.received_at = MomentAt(rows, column++);
  delivery.recorded_at = MomentAt(rows, column++);
  delivery.archive_id = rows.Bytes(column++);
  delivery.payload_sha256 = rows.Bytes(column++);
  delivery.payload_bytes = rows.Unsigned(column++);
  delivery.format = rows.Bytes(column++);
  delivery.file_name = rows.Bytes(column++);
  delivery.idempotency_key = rows.Bytes(column++);
  if (!rows.IsNull(column)) delivery.data_as_of = MomentAt(rows, column);
  ++column;
  delivery.mapping_revision.value = rows.Unsigned32(column++);
  if (!rows.IsNull(column)) delivery.replay_of = model::Sequence{rows.Unsigned(column)};
  ++column;
  model::DeliveryCounts& counts = delivery.counts;
  for (std::uint64_t* count :
       {&counts.raw_rows, &counts.mapped, &counts.skipped, &counts.refused, &counts.candidates,
        &counts.accepted, &counts.repeated, &counts.in_conflict, &counts.quarantined}) {
    *count = rows.Unsigned(column++);
  }
  delivery.outcome = rows.Bytes(column++);
  delivery.refusal_reason = rows.Bytes(column++);
  delivery.refusal_message = rows.Bytes(column++);
  if (!rows.IsNull(column)) {
    delivery.old_codes = model::OldCodes{rows.Unsigned(column),
                                         model::Date(std::chrono::days(rows.Days(column + 1)))};
  }
  column += 2;
  if (!rows.IsNull(column)) delivery.contract = DecodeContract(rows.Bytes(column));
  return delivery;
}

KeptQuarantine ReadQuarantine(const DuckDbRows& rows) {
  KeptQuarantine kept;
  kept.id = rows.Unsigned(0);
  kept.delivery.value = rows.Unsigned(1);
  kept.source = rows.Bytes(2);
  kept.recorded_at = MomentAt(rows, 3);
  if (!rows.IsNull(4)) kept.resolved_by = model::Sequence{rows.Unsigned(4)};
  kept.row.dataset = rows.Bytes(5);
  kept.row.raw_row = rows.Unsigned32(6);
  kept.row.byte_offset = rows.Unsigned(7);
  kept.row.column = rows.Bytes(8);
  kept.row.value = rows.Bytes(9);
  kept.row.reason = rows.Bytes(10);
  kept.row.message = rows.Bytes(11);
  if (rows.IsNull(12)) return kept;
  kept.decision =
      model::QuarantineDecision{model::Sequence{rows.Unsigned(12)},
                                {kept.delivery, kept.row.dataset, kept.row.raw_row},
                                static_cast<model::QuarantineVerdict>(rows.Unsigned32(13)),
                                rows.Bytes(14),
                                rows.Bytes(15),
                                MomentAt(rows, 16)};
  return kept;
}

std::vector<std::string> QuarantinePieces(const QuarantineQuery& query, SqlParameters& parameters) {
  std::vector<std::string> pieces;
  if (query.delivery) {
    pieces.push_back("delivery = " + parameters.AddUnsigned(query.delivery->value));
  }
  if (!query.source.empty()) pieces.push_back("source = " + parameters.AddBytes(query.source));
  if (!query.dataset.empty()) pieces.push_back("dataset = " + parameters.AddBytes(query.dataset));
  if (!query.reason.empty()) pieces.push_back("reason = " + parameters.AddBytes(query.reason));
  if (query.column) pieces.push_back("bad_column = " + parameters.AddBytes(*query.column));
  if (query.raw_row) pieces.push_back("raw_row = " + parameters.AddUnsigned(*query.raw_row));
  if (!query.rows.empty()) pieces.push_back(AmongRows(query.rows, parameters));
  if (query.open_only) {
    pieces.push_back(fmt::format("resolved_by IS NULL AND verdict IS DISTINCT FROM {}",
                                 static_cast<int>(model::QuarantineVerdict::kDiscarded)));
  }
  return pieces;
}

QuarantineGroup ReadQuarantineGroup(const DuckDbRows& rows) {
  return {rows.Bytes(0),    rows.Bytes(1),    rows.Bytes(2),     rows.Bytes(3),
          rows.Unsigned(4), rows.Unsigned(5), MomentAt(rows, 6), MomentAt(rows, 7)};
}

}  // namespace fansipan::store::internal
