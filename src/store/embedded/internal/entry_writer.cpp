#include "store/embedded/internal/entry_writer.h"

#include <fmt/format.h>

#include <utility>

#include "store/embedded/internal/contract_encoding.h"
#include "store/embedded/internal/ordered_bytes.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kDoing = "appending to the fact store";

base::Error Mismatch(const JournalEntry& entry, const std::string& dataset, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "bad_entry",
          fmt::format("journal entry {}, dataset '{}': {}", entry.number, dataset, what)};
}

std::vector<Physical> DeliveryColumns() {
  std::vector<Physical> columns = {
      Physical::kUnsigned, Physical::kBytes, Physical::kTimestamp, Physical::kTimestamp,
      Physical::kBytes,    Physical::kBytes, Physical::kUnsigned,  Physical::kBytes,
      Physical::kBytes,    Physical::kBytes, Physical::kTimestamp, Physical::kUnsigned32,
      Physical::kUnsigned};
  columns.insert(columns.end(), 9, Physical::kUnsigned);
  columns.insert(columns.end(), 3, Physical::kBytes);
  columns.insert(columns.end(), {Physical::kUnsigned, Physical::kDate, Physical::kBytes});
  return columns;
}

}  // namespace

base::Status EntryWriter::CreateDecisions(DuckDbConnection& connection) {
  return connection.Run(
      "CREATE TABLE decisions (sequence UBIGINT NOT NULL, delivery UBIGINT NOT NULL, dataset BLOB "
      "NOT NULL, raw_row UINTEGER NOT NULL, verdict UINTEGER NOT NULL, decision_reason BLOB NOT "
      "NULL, decided_by BLOB NOT NULL, decided_at TIMESTAMP NOT NULL)",
      kDoing);
}

base::Status EntryWriter::CreateTables(DuckDbConnection& connection) {
  FANSIPAN_RETURN_IF_ERROR(CreateDecisions(connection));
  return connection.Run(
      "CREATE TABLE deliveries (sequence UBIGINT NOT NULL, source BLOB NOT NULL, received_at "
      "TIMESTAMP NOT NULL, recorded_at TIMESTAMP NOT NULL, archive_id BLOB NOT NULL, "
      "payload_sha256 "
      "BLOB NOT NULL, payload_bytes UBIGINT NOT NULL, format BLOB NOT NULL, file_name BLOB NOT "
      "NULL, "
      "idempotency_key BLOB NOT NULL, data_as_of TIMESTAMP, mapping_revision UINTEGER NOT NULL, "
      "replay_of UBIGINT, raw_rows UBIGINT NOT NULL, mapped UBIGINT NOT NULL, skipped UBIGINT NOT "
      "NULL, refused UBIGINT NOT NULL, candidates UBIGINT NOT NULL, accepted UBIGINT NOT NULL, "
      "repeated UBIGINT NOT NULL, in_conflict UBIGINT NOT NULL, quarantined UBIGINT NOT NULL, "
      "outcome "
      "BLOB NOT NULL, refusal_reason BLOB NOT NULL, refusal_message BLOB NOT NULL, old_codes "
      "UBIGINT, codes_ended DATE, contract BLOB);"
      "CREATE TABLE quarantine (id UBIGINT NOT NULL, delivery UBIGINT NOT NULL, source BLOB NOT "
      "NULL, "
      "recorded_at TIMESTAMP NOT NULL, resolved_by UBIGINT, dataset BLOB NOT NULL, raw_row "
      "UINTEGER "
      "NOT NULL, byte_offset UBIGINT NOT NULL, bad_column BLOB NOT NULL, bad_value BLOB NOT NULL, "
      "reason BLOB NOT NULL, message BLOB NOT NULL)",
      kDoing);
}

base::Status EntryWriter::Write(const JournalEntry& entry) {
  std::map<std::string, Target, std::less<>> targets;
  for (const DatasetColumns& columns : entry.datasets) {
    FANSIPAN_ASSIGN_OR_RETURN(Target target, TargetOf(columns));
    targets.insert_or_assign(columns.dataset, std::move(target));
  }
  for (const CommittedDelivery& committed : entry.deliveries) {
    FANSIPAN_RETURN_IF_ERROR(WriteDelivery(committed.delivery));
    FANSIPAN_RETURN_IF_ERROR(WriteQuarantine(committed));
    for (const model::Version& version : committed.versions) {
      const auto target = targets.find(version.dataset);
      if (target == targets.end()) {
        return Mismatch(entry, version.dataset, "the entry has versions but no columns of it");
      }
      FANSIPAN_RETURN_IF_ERROR(WriteVersion(entry, version, target->second));
    }
  }
  for (const model::QuarantineDecision& decision : entry.decisions) {
    FANSIPAN_RETURN_IF_ERROR(WriteDecision(decision));
  }
  return {};
}

base::Status EntryWriter::Finish() {
  for (auto& [id, writer] : versions_) FANSIPAN_RETURN_IF_ERROR(writer.Finish());
  if (deliveries_) FANSIPAN_RETURN_IF_ERROR(deliveries_->Finish());
  if (quarantine_) FANSIPAN_RETURN_IF_ERROR(quarantine_->Finish());
  if (decisions_) FANSIPAN_RETURN_IF_ERROR(decisions_->Finish());
  Abandon();
  return {};
}

void EntryWriter::Abandon() {
  versions_.clear();
  deliveries_.reset();
  quarantine_.reset();
  decisions_.reset();
}

base::Result<EntryWriter::Target> EntryWriter::TargetOf(const DatasetColumns& columns) const {
  Target target;
  target.dataset = catalogue_.FindDataset(columns.dataset);
  if (target.dataset == nullptr) {
    return base::Error{base::ErrorCode::kInternal, "",
                       "a dataset was not declared before its rows"};
  }
  target.width = columns.names.size();
  target.sources.resize(target.dataset->columns.size());
  std::map<std::uint64_t, std::size_t> source_of;
  for (std::size_t index = 0; index < columns.names.size(); ++index) {
    const PhysicalColumn* column =
        target.dataset->FindColumn(columns.names[index], columns.types[index]);
    target.sources[static_cast<std::size_t>(column - target.dataset->columns.data())] = index;
    source_of[column->id] = index;
  }
  // A key or order column that the entry does not have counts as missing: beyond the entry's width.
  const auto index_of = [&](std::uint64_t id) {
    const auto found = source_of.find(id);
    return found == source_of.end() ? target.width : found->second;
  };
  for (const std::uint64_t id : target.dataset->key) target.key.push_back(index_of(id));
  if (target.dataset->order) target.order = index_of(*target.dataset->order);
  return target;
}

base::Result<TableWriter*> EntryWriter::WriterOf(const PhysicalDataset& dataset) {
  const auto found = versions_.find(dataset.id);
  if (found != versions_.end()) return &found->second;
  std::vector<Physical> columns = {
      Physical::kUnsigned,   Physical::kUnsigned32, Physical::kBytes,
      Physical::kBytes,      Physical::kUnsigned,   Physical::kUnsigned,
      Physical::kUnsigned32, Physical::kUnsigned32, Physical::kUnsigned32List,
      Physical::kUnsigned,   Physical::kBoolean,    Physical::kBoolean,
      Physical::kUnsigned};
  for (const PhysicalColumn& column : dataset.columns) columns.push_back(PhysicalOf(column.type));
  FANSIPAN_ASSIGN_OR_RETURN(
      TableWriter writer,
      TableWriter::Open(connection_, fmt::format("d{}", dataset.id), std::move(columns)));
  return &versions_.emplace(dataset.id, std::move(writer)).first->second;
}

base::Status EntryWriter::WriteVersion(const JournalEntry& entry, const model::Version& version,
                                       const Target& target) {
  if (version.values.size() != target.width) {
    return Mismatch(entry, version.dataset,
                    fmt::format("version {} has {} values, but there are {} columns",
                                version.sequence.value, version.values.size(), target.width));
  }
  static const model::Value kMissing;
  const auto value_at = [&](std::size_t index) -> const model::Value& {
    return index < version.values.size() ? version.values[index] : kMissing;
  };
  FANSIPAN_ASSIGN_OR_RETURN(TableWriter * writer, WriterOf(*target.dataset));
  std::string key;
  for (const std::size_t index : target.key) AppendOrdered(value_at(index), key);
  writer->Unsigned(version.sequence.value);
  writer->Unsigned32(KeyHash(key));
  writer->Bytes(key);
  writer->Bytes(PrecedenceBytes(version, target.order ? &value_at(*target.order) : nullptr));
  if (version.outranked) {
    writer->Null();
  } else {
    writer->Unsigned(version.predecessor.value_or(model::Sequence{0}).value);
  }
  writer->Unsigned(version.delivery.value);
  writer->Unsigned32(version.mapping_revision.value);
  writer->Unsigned32(version.row);
  writer->Unsigned32List(version.raw_rows);
  if (version.predecessor) {
    writer->Unsigned(version.predecessor->value);
  } else {
    writer->Null();
  }
  writer->Boolean(version.withdrawn);
  writer->Boolean(version.outranked);
  writer->Unsigned(entry.number);
  for (std::size_t column = 0; column < target.sources.size(); ++column) {
    const auto& source = target.sources[column];
    if (!writer->Value(source ? value_at(*source) : kMissing)) {
      return Mismatch(entry, version.dataset,
                      fmt::format("version {} has a value of another type in column '{}'",
                                  version.sequence.value, target.dataset->columns[column].name));
    }
  }
  return writer->EndRow();
}

base::Status EntryWriter::WriteDelivery(const model::Delivery& delivery) {
  if (!deliveries_) {
    FANSIPAN_ASSIGN_OR_RETURN(TableWriter opened,
                              TableWriter::Open(connection_, "deliveries", DeliveryColumns()));
    deliveries_.emplace(std::move(opened));
  }
  TableWriter& writer = *deliveries_;
  writer.Unsigned(delivery.sequence.value);
  writer.Bytes(delivery.source);
  writer.Moment(delivery.received_at);
  writer.Moment(delivery.recorded_at);
  writer.Bytes(delivery.archive_id);
  writer.Bytes(delivery.payload_sha256);
  writer.Unsigned(delivery.payload_bytes);
  writer.Bytes(delivery.format);
  writer.Bytes(delivery.file_name);
  writer.Bytes(delivery.idempotency_key);
  if (delivery.data_as_of) {
    writer.Moment(*delivery.data_as_of);
  } else {
    writer.Null();
  }
  writer.Unsigned32(delivery.mapping_revision.value);
  if (delivery.replay_of) {
    writer.Unsigned(delivery.replay_of->value);
  } else {
    writer.Null();
  }
  const model::DeliveryCounts& counts = delivery.counts;
  for (const std::uint64_t count :
       {counts.raw_rows, counts.mapped, counts.skipped, counts.refused, counts.candidates,
        counts.accepted, counts.repeated, counts.in_conflict, counts.quarantined}) {
    writer.Unsigned(count);
  }
  writer.Bytes(delivery.outcome);
  writer.Bytes(delivery.refusal_reason);
  writer.Bytes(delivery.refusal_message);
  return WriteDeliveryNotes(delivery, writer);
}

/// What few deliveries have.
base::Status EntryWriter::WriteDeliveryNotes(const model::Delivery& delivery, TableWriter& writer) {
  if (!delivery.old_codes) {
    writer.Null();
    writer.Null();
  } else {
    writer.Unsigned(delivery.old_codes->rows);
    if (!writer.Value(delivery.old_codes->ended)) {
      return base::Error{base::ErrorCode::kInternal, "", "deliveries.codes_ended is no date"};
    }
  }
  const auto contract = WithoutProfile(delivery.contract);
  if (contract) {
    writer.Bytes(EncodeContract(*contract));
  } else {
    writer.Null();
  }
  return writer.EndRow();
}

base::Status EntryWriter::WriteQuarantine(const CommittedDelivery& committed) {
  const model::Delivery& delivery = committed.delivery;
  if (delivery.replay_of) {
    FANSIPAN_RETURN_IF_ERROR(Resolve(*delivery.replay_of, delivery.sequence));
  }
  for (const model::QuarantinedRow& row : committed.quarantined) {
    if (!quarantine_) {
      FANSIPAN_ASSIGN_OR_RETURN(
          TableWriter opened,
          TableWriter::Open(
              connection_, "quarantine",
              {Physical::kUnsigned, Physical::kUnsigned, Physical::kBytes, Physical::kTimestamp,
               Physical::kUnsigned, Physical::kBytes, Physical::kUnsigned32, Physical::kUnsigned,
               Physical::kBytes, Physical::kBytes, Physical::kBytes, Physical::kBytes}));
      quarantine_.emplace(std::move(opened));
    }
    quarantine_->Unsigned(next_quarantine_++);
    quarantine_->Unsigned(delivery.replay_of.value_or(delivery.sequence).value);
    quarantine_->Bytes(delivery.source);
    quarantine_->Moment(delivery.recorded_at);
    quarantine_->Null();
    quarantine_->Bytes(row.dataset);
    quarantine_->Unsigned32(row.raw_row);
    quarantine_->Unsigned(row.byte_offset);
    quarantine_->Bytes(row.column);
    quarantine_->Bytes(row.value);
    quarantine_->Bytes(row.reason);
    quarantine_->Bytes(row.message);
    FANSIPAN_RETURN_IF_ERROR(quarantine_->EndRow());
  }
  return {};
}

base::Status EntryWriter::WriteDecision(const model::QuarantineDecision& decision) {
  if (!decisions_) {
    FANSIPAN_ASSIGN_OR_RETURN(
        TableWriter opened,
        TableWriter::Open(
            connection_, "decisions",
            {Physical::kUnsigned, Physical::kUnsigned, Physical::kBytes, Physical::kUnsigned32,
             Physical::kUnsigned32, Physical::kBytes, Physical::kBytes, Physical::kTimestamp}));
    decisions_.emplace(std::move(opened));
  }
  decisions_->Unsigned(decision.sequence.value);
  decisions_->Unsigned(decision.row.delivery.value);
  decisions_->Bytes(decision.row.dataset);
  decisions_->Unsigned32(decision.row.raw_row);
  decisions_->Unsigned32(static_cast<std::uint32_t>(decision.verdict));
  decisions_->Bytes(decision.reason);
  decisions_->Bytes(decision.decided_by);
  decisions_->Moment(decision.decided_at);
  return decisions_->EndRow();
}

base::Status EntryWriter::Resolve(model::Sequence original, model::Sequence replay) {
  // Rows that still wait in the batch must be seen by the update.
  if (quarantine_) {
    FANSIPAN_RETURN_IF_ERROR(quarantine_->Finish());
    quarantine_.reset();
  }
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement update,
      connection_.Prepare("UPDATE quarantine SET resolved_by = $1::UBIGINT WHERE delivery = "
                          "$2::UBIGINT AND resolved_by IS NULL",
                          kDoing));
  update.BindUnsigned(1, replay.value);
  update.BindUnsigned(2, original.value);
  FANSIPAN_RETURN_IF_ERROR(update.Run(kDoing));
  return {};
}

}  // namespace fansipan::store::internal
