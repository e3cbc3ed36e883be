#include "http/rendering/delivery_rendering.h"

#include "http/call.h"
#include "http/rendering/contract_rendering.h"

namespace fansipan::http {
namespace {

std::int64_t Signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }

void WriteCounts(JsonWriter& json, const model::DeliveryCounts& counts) {
  json.BeginObject("counts");
  json.Integer("raw_rows", Signed(counts.raw_rows));
  json.Integer("mapped", Signed(counts.mapped));
  json.Integer("skipped", Signed(counts.skipped));
  json.Integer("refused", Signed(counts.refused));
  json.Integer("candidates", Signed(counts.candidates));
  json.Integer("accepted", Signed(counts.accepted));
  json.Integer("repeated", Signed(counts.repeated));
  json.Integer("in_conflict", Signed(counts.in_conflict));
  json.Integer("quarantined", Signed(counts.quarantined));
  json.EndObject();
}

void WriteOldCodesOf(JsonWriter& json, const model::Delivery& delivery) {
  if (!delivery.old_codes) return json.Null("old_codes");
  json.BeginObject("old_codes");
  json.Integer("rows", Signed(delivery.old_codes->rows));
  json.Text("ended", model::ToText(model::Value(delivery.old_codes->ended)));
  json.EndObject();
}

void WriteDecisionAbout(JsonWriter& json, const store::KeptQuarantine& kept) {
  if (!kept.decision) return json.Null("decision");
  json.BeginObject("decision");
  json.Text("verdict", model::NameOf(kept.decision->verdict));
  json.Text("reason", kept.decision->reason);
  json.Text("decided_by", kept.decision->decided_by);
  json.Moment("decided_at", kept.decision->decided_at);
  json.EndObject();
}

void WriteRefusal(JsonWriter& json, const model::Delivery& delivery) {
  if (delivery.refusal_reason.empty()) return json.Null("refusal");
  json.BeginObject("refusal");
  json.Text("reason", delivery.refusal_reason);
  json.Text("message", delivery.refusal_message);
  json.EndObject();
}

}  // namespace

void WriteDelivery(JsonWriter& json, const model::Delivery& delivery) {
  json.Integer("sequence", Signed(delivery.sequence.value));
  json.Text("source", delivery.source);
  json.Moment("received_at", delivery.received_at);
  json.Moment("recorded_at", delivery.recorded_at);
  json.Text("format", delivery.format);
  json.TextOrNull("file_name", delivery.file_name);
  json.Text("payload_sha256", delivery.payload_sha256);
  json.Integer("payload_bytes", Signed(delivery.payload_bytes));
  WriteCounts(json, delivery.counts);
  WriteOldCodesOf(json, delivery);
  WriteContractFacts(json, delivery.contract);
  json.Text("outcome", delivery.outcome);
  WriteRefusal(json, delivery);
  json.Integer("mapping_revision", delivery.mapping_revision.value);
  json.Integer("replay_of", delivery.replay_of ? std::optional(Signed(delivery.replay_of->value))
                                               : std::nullopt);
  json.Moment("data_as_of", delivery.data_as_of);
}

std::string DeliveryJson(const model::Delivery& delivery) {
  JsonWriter json;
  json.BeginObject();
  WriteDelivery(json, delivery);
  json.EndObject();
  return json.Take();
}

std::string DeliveriesCsv(const std::vector<model::Delivery>& deliveries) {
  CsvWriter csv;
  for (const auto* name :
       {"sequence",      "source",         "received_at",   "recorded_at",    "format",
        "file_name",     "payload_sha256", "payload_bytes", "raw_rows",       "mapped",
        "skipped",       "refused",        "candidates",    "accepted",       "repeated",
        "in_conflict",   "quarantined",    "outcome",       "refusal_reason", "replay_of",
        "control_totals"}) {
    csv.Text(name);
  }
  csv.EndRow();
  for (const model::Delivery& delivery : deliveries) {
    csv.Number(std::to_string(delivery.sequence.value));
    csv.Text(delivery.source);
    csv.Number(model::ToText(model::Value(delivery.received_at)));
    csv.Number(model::ToText(model::Value(delivery.recorded_at)));
    csv.Text(delivery.format);
    csv.Text(delivery.file_name);
    csv.Text(delivery.payload_sha256);
    const model::DeliveryCounts& counts = delivery.counts;
    for (const std::uint64_t number :
         {delivery.payload_bytes, counts.raw_rows, counts.mapped, counts.skipped, counts.refused,
          counts.candidates, counts.accepted, counts.repeated, counts.in_conflict,
          counts.quarantined}) {
      csv.Number(std::to_string(number));
    }
    csv.Text(delivery.outcome);
    csv.Text(delivery.refusal_reason);
    csv.Number(delivery.replay_of ? std::to_string(delivery.replay_of->value) : "");
    const bool controlled = delivery.contract && delivery.contract->control;
    csv.Text(controlled ? NameOf(delivery.contract->control->outcome) : "");
    csv.EndRow();
  }
  return csv.Take();
}

bool MayHoldPersonal(const center::Center& center, const store::KeptQuarantine& kept) {
  const model::Dataset* dataset = center.FindDataset(kept.row.dataset);
  const auto column = dataset ? dataset->FindColumn(kept.row.column) : std::nullopt;
  if (column) return dataset->columns[*column].personal;
  return HoldsPersonal(center, kept.source);
}

void WriteQuarantined(JsonWriter& json, const store::KeptQuarantine& kept, bool masked) {
  json.BeginObject();
  json.Integer("id", Signed(kept.id));
  json.Integer("delivery", Signed(kept.delivery.value));
  json.Text("source", kept.source);
  json.TextOrNull("dataset", kept.row.dataset);
  json.Integer("raw_row", kept.row.raw_row);
  json.Integer("byte_offset", Signed(kept.row.byte_offset));
  json.TextOrNull("column", kept.row.column);
  json.TextOrNull("value", masked ? "" : kept.row.value);
  json.Text("reason", kept.row.reason);
  json.Text("message", masked ? kMaskedMessage : std::string_view(kept.row.message));
  json.Moment("recorded_at", kept.recorded_at);
  json.Integer("resolved_by",
               kept.resolved_by ? std::optional(Signed(kept.resolved_by->value)) : std::nullopt);
  json.Flag("acceptable", model::IsAcceptable(kept.row.reason));
  WriteDecisionAbout(json, kept);
  json.EndObject();
}

}  // namespace fansipan::http
