#include "http/rendering/source_rendering.h"

#include "center/connectors.h"
#include "http/rendering/contract_rendering.h"
#include "http/rendering/figure_rendering.h"
#include "indicators/health/contract_standing.h"

namespace fansipan::http {
namespace {

std::optional<std::int64_t> Seconds(const std::optional<base::Duration>& duration) {
  return duration ? std::optional(SecondsOf(*duration)) : std::nullopt;
}

/// Null when nothing asks the source.
void WriteConnection(JsonWriter& json, const std::optional<sources::Connection>& connection) {
  if (!connection) return json.Null("connection");
  json.BeginObject("connection");
  json.Text("connector", connection->connector);
  json.Text("phase", NameOf(connection->phase));
  json.Moment("last_contact", connection->last_contact);
  json.Moment("failing_since", connection->failing_since);
  json.Integer("failures", std::optional(static_cast<std::int64_t>(connection->failures)));
  json.Text("reason", connection->reason);
  json.Text("message", connection->message);
  json.Moment("next_at", connection->next_at);
  json.EndObject();
}

void WriteTrouble(JsonWriter& json, std::string_view name,
                  const indicators::SourceTrouble* trouble) {
  if (trouble == nullptr) return json.Null(name);
  json.BeginObject(name);
  json.Moment("since", trouble->since);
  json.Text("reason", trouble->reason);
  json.Text("message", trouble->message);
  json.Integer("delivery", trouble->delivery
                               ? std::optional(static_cast<std::int64_t>(trouble->delivery->value))
                               : std::nullopt);
  json.Integer("times", static_cast<std::int64_t>(trouble->times));
  json.EndObject();
}

void WritePause(JsonWriter& json, const std::optional<indicators::SourceTrouble>& paused) {
  if (!paused) return json.Null("paused");
  json.BeginObject("paused");
  json.Moment("since", paused->since);
  json.Text("reason", paused->reason);
  json.Text("by", paused->by);
  json.EndObject();
}

void WriteFeeds(JsonWriter& json, const std::vector<const model::Indicator*>& feeds) {
  json.BeginArray("feeds");
  for (const model::Indicator* indicator : feeds) {
    json.BeginObject();
    json.Text("indicator", indicator->name);
    json.Localized("title", indicator->title);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteSource(JsonWriter& json, const ShownSource& shown) {
  const center::Source& source = *shown.source;
  const indicators::SourceStanding& standing = shown.standing;
  json.Text("name", source.name);
  json.Localized("title", source.title);
  json.Text("system", source.system);
  json.Localized("owner", source.owner);
  json.BeginArray("connectors");
  for (const std::string_view connector : center::ConnectorsOf(source)) json.TextItem(connector);
  json.EndArray();
  WriteConnection(json, shown.connection);
  json.Text("state", NameOf(standing.state));
  json.Moment("since", shown.since);
  json.Text("answer", NameOf(standing.answer));
  WriteTrouble(json, "trouble", standing.trouble());
  const auto drift = indicators::DriftOf(standing.contract);
  WriteTrouble(json, "drift", drift ? &*drift : nullptr);
  WritePause(json, standing.conditions.paused);
  json.Moment("last_sign_of_life", standing.facts.last_sign_of_life);
  json.Moment("last_good_delivery_at", standing.facts.received_at);
  json.Integer("last_delivery",
               shown.last_delivery
                   ? std::optional(static_cast<std::int64_t>(shown.last_delivery->value))
                   : std::nullopt);
  json.Moment("data_as_of", standing.facts.data_as_of);
  json.Moment("expected_by", standing.expected_by);
  json.Integer("silent_after_seconds", Seconds(source.silent_after));
  json.Flag("simulated", source.simulated);
  json.Integer("age_seconds", Seconds(standing.age));
  json.Text("coverage", NameOf(standing.coverage));
  WriteOldCodes(json, standing.old_codes);
  WriteAgreement(json, source, standing.next_due);
  WriteContractStanding(json, standing.contract, Named::kShown);
  WriteFeeds(json, shown.feeds);
}

void WriteContract(JsonWriter& json, const center::Source& source) {
  json.BeginObject("contract");
  json.Text("format", center::NameOf(source.format));
  json.TextOrNull("working_calendar", source.working_calendar);
  json.Integer("asked_every_seconds", Seconds(center::AskedEvery(source)));
  json.Integer("silent_after_seconds", Seconds(source.silent_after));
  json.Integer("late_after_seconds", Seconds(source.late_after));
  json.TextOrNull("data_as_of", source.data_as_of);
  json.BeginArray("datasets");
  for (const center::Mapping& mapping : source.mappings) json.TextItem(mapping.dataset);
  json.EndArray();
  json.EndObject();
}

void WriteSourceEvent(JsonWriter& json, const indicators::SourceEvent& event, std::size_t feeds) {
  json.BeginObject();
  json.Text("source", event.source->name);
  json.Localized("title", event.source->title);
  json.Text("state", NameOf(event.steps.back().state));
  json.Moment("opened_at", event.opened_at());
  json.Moment("closed_at", event.closed_at());
  json.BeginArray("steps");
  for (const indicators::SourceSpan& step : event.steps) {
    json.BeginObject();
    json.Text("state", NameOf(step.state));
    json.Moment("from", step.from);
    json.Text("reason", step.reason);
    json.Text("message", step.message);
    json.EndObject();
  }
  json.EndArray();
  json.Integer("steps_left_out", static_cast<std::int64_t>(event.steps_left_out));
  json.Integer("feeds", static_cast<std::int64_t>(feeds));
  json.EndObject();
}

}  // namespace fansipan::http
