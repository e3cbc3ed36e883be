#include "http/rendering/csv_writer.h"
#include "http/rendering/figure_rendering.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

/// A source with how it stands.
struct ShownSource {
  const center::Source* source = nullptr;
  indicators::SourceStanding standing;
  std::optional<model::Sequence> last_delivery;
  std::optional<sources::Connection> connection;
};

base::Result<std::optional<model::Sequence>> LastDelivery(const Call& call,
                                                          const std::string& source) {
  store::DeliveryQuery query;
  query.source = source;
  query.limit = 1;
  FANSIPAN_ASSIGN_OR_RETURN(const auto deliveries,
                            call.running->facts->ListDeliveries(query, call.patience));
  if (deliveries.empty()) return std::optional<model::Sequence>();
  return std::optional(deliveries.front().sequence);
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

void WriteSource(JsonWriter& json, const ShownSource& shown) {
  const center::Source& source = *shown.source;
  json.BeginObject();
  json.Text("name", source.name);
  json.Localized("title", source.title);
  json.Text("system", source.system);
  json.Localized("owner", source.owner);
  json.BeginArray("connectors");
  if (source.push) json.TextItem("push");
  if (source.folder) json.TextItem("file_drop");
  if (source.http_pull) json.TextItem("http_pull");
  json.EndArray();
  WriteConnection(json, shown.connection);
  json.Text("state", NameOf(shown.standing.state));
  json.Moment("last_sign_of_life", shown.standing.facts.last_sign_of_life);
  json.Integer("last_delivery",
               shown.last_delivery
                   ? std::optional(static_cast<std::int64_t>(shown.last_delivery->value))
                   : std::nullopt);
  json.Integer("silent_after_seconds",
               source.silent_after ? std::optional(SecondsOf(*source.silent_after)) : std::nullopt);
  json.Flag("simulated", source.simulated);
  json.Integer("age_seconds",
               shown.standing.age ? std::optional(SecondsOf(*shown.standing.age)) : std::nullopt);
  json.Text("coverage", NameOf(shown.standing.coverage));
  WriteOldCodes(json, shown.standing.old_codes);
  json.EndObject();
}

std::string SourcesCsv(const Call& call, const std::vector<ShownSource>& sources) {
  CsvWriter csv;
  for (const auto* name : {"name", "title", "system", "state", "last_sign_of_life", "last_delivery",
                           "simulated", "age_seconds", "coverage", "old_codes"}) {
    csv.Text(name);
  }
  csv.EndRow();
  for (const ShownSource& shown : sources) {
    const auto& seen = shown.standing.facts.last_sign_of_life;
    csv.Text(shown.source->name);
    csv.Text(model::TextIn(shown.source->title, call.center().languages.front()));
    csv.Text(shown.source->system);
    csv.Text(NameOf(shown.standing.state));
    csv.Number(seen ? model::ToText(model::Value(*seen)) : "");
    csv.Number(shown.last_delivery ? std::to_string(shown.last_delivery->value) : "");
    csv.Number(shown.source->simulated ? "true" : "false");
    csv.Number(shown.standing.age ? std::to_string(SecondsOf(*shown.standing.age)) : "");
    csv.Text(NameOf(shown.standing.coverage));
    const auto& sent = shown.standing.old_codes;
    csv.Number(sent ? std::to_string(sent->codes.rows) : "");
    csv.EndRow();
  }
  return csv.Take();
}

base::Result<Response> ListSources(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  model::Snapshot snapshot;
  std::vector<ShownSource> sources;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      std::nullopt,
      [&](const indicators::View& view) {
        snapshot = view.snapshot;
        for (const center::Source& source : view.center->sources) {
          sources.push_back({&source, indicators::StandingOf(view, source), std::nullopt});
        }
      },
      call.patience));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(snapshot.sequence));
  for (ShownSource& shown : sources) {
    FANSIPAN_ASSIGN_OR_RETURN(shown.last_delivery, LastDelivery(call, shown.source->name));
    if (call.running->connection) {
      shown.connection = call.running->connection(shown.source->name);
    }
  }
  if (as_csv) return Response::Of(200, "text/csv; charset=utf-8", SourcesCsv(call, sources));
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.BeginArray("items");
  for (const ShownSource& shown : sources) WriteSource(json, shown);
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddSourceRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/sources", Right(security::Action::kReadDeliveries),
                      ListSources, RouteOptions{.lane = Lane::kHeavy, .query = {"format"}});
}

}  // namespace fansipan::http
