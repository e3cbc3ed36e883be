#include "http/rendering/source_trial_rendering.h"

namespace fansipan::http {
namespace {

void WriteCounts(JsonWriter& json, const model::DeliveryCounts& counts) {
  json.BeginObject("counts");
  const auto count = [&json](std::string_view name, std::uint64_t rows) {
    json.Integer(name, static_cast<std::int64_t>(rows));
  };
  count("raw_rows", counts.raw_rows);
  count("mapped", counts.mapped);
  count("skipped", counts.skipped);
  count("refused", counts.refused);
  count("candidates", counts.candidates);
  count("accepted", counts.accepted);
  count("repeated", counts.repeated);
  count("in_conflict", counts.in_conflict);
  count("quarantined", counts.quarantined);
  json.EndObject();
}

void WriteRow(JsonWriter& json, const sources::TrialRow& row) {
  json.BeginObject();
  json.Integer("raw_row", row.raw_row);
  json.Integer("byte_offset", static_cast<std::int64_t>(row.span.offset));
  json.Integer("line", row.span.line);
  json.Text("raw", row.raw);
  json.BeginArray("candidates");
  for (const sources::TrialCandidate& candidate : row.candidates) {
    json.BeginObject();
    json.Text("dataset", candidate.dataset);
    json.BeginObject("values");
    for (const auto& [column, text] : candidate.values) json.Text(column, text);
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("refused");
  for (const model::QuarantinedRow& entry : row.refused) {
    json.BeginObject();
    json.Text("column", entry.column);
    json.Text("value", entry.value);
    json.Text("reason", entry.reason);
    json.Text("message", entry.message);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace

void WriteTrial(JsonWriter& json, const sources::Trial& trial) {
  WriteCounts(json, trial.counts);
  if (trial.old_codes) {
    json.Integer("old_codes", static_cast<std::int64_t>(trial.old_codes->rows));
  } else {
    json.Null("old_codes");
  }
  json.TextOrNull("sheet", trial.sheet);
  json.BeginObject("reasons");
  for (const auto& [reason, count] : trial.reasons) {
    json.Integer(reason, static_cast<std::int64_t>(count));
  }
  json.EndObject();
  json.BeginArray("rows");
  for (const sources::TrialRow& row : trial.rows) WriteRow(json, row);
  json.EndArray();
}

void WriteSourceTrial(JsonWriter& json, const SourceTrial& shown) {
  json.Text("source", shown.source);
  json.TextOrNull("file_name", shown.file_name);
  json.BeginObject("told");
  for (const auto& [name, text] : shown.told) json.Text(name, text);
  json.EndObject();
  json.Integer("bytes", static_cast<std::int64_t>(shown.bytes));
  json.Text("begins", shown.begins);
  if (shown.refusal) {
    json.BeginObject("refused");
    json.Text("reason", shown.refusal->reason);
    json.Text("message", shown.refusal->message);
    json.EndObject();
  } else {
    json.Null("refused");
  }
  if (shown.trial) {
    json.BeginObject("trial");
    WriteTrial(json, *shown.trial);
    json.EndObject();
  } else {
    json.Null("trial");
  }
}

}  // namespace fansipan::http
