#include "http/rendering/delivery_rendering.h"
#include "http/resources/quarantine/filter.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kExportPage = 1'000;
constexpr std::size_t kMaxExport = 100'000;
constexpr std::size_t kMaxGroups = 500;

void AddCsvHeader(CsvWriter& csv) {
  for (const auto* name : {"id", "delivery", "source", "dataset", "raw_row", "byte_offset",
                           "column", "value", "reason", "message", "recorded_at", "resolved_by",
                           "decision", "decision_reason", "decided_by", "decided_at"}) {
    csv.Text(name);
  }
  csv.EndRow();
}

void AddCsvRow(CsvWriter& csv, const store::KeptQuarantine& kept, bool masked) {
  csv.Number(std::to_string(kept.id));
  csv.Number(std::to_string(kept.delivery.value));
  csv.Text(kept.source);
  csv.Text(kept.row.dataset);
  csv.Number(std::to_string(kept.row.raw_row));
  csv.Number(std::to_string(kept.row.byte_offset));
  csv.Text(kept.row.column);
  csv.Text(masked ? "" : kept.row.value);
  csv.Text(kept.row.reason);
  csv.Text(masked ? kMaskedMessage : std::string_view(kept.row.message));
  csv.Number(model::ToText(model::Value(kept.recorded_at)));
  csv.Number(kept.resolved_by ? std::to_string(kept.resolved_by->value) : "");
  const bool decided = kept.decision.has_value();
  csv.Text(decided ? model::NameOf(kept.decision->verdict) : "");
  csv.Text(decided ? kept.decision->reason : "");
  csv.Text(decided ? kept.decision->decided_by : "");
  csv.Number(decided ? model::ToText(model::Value(kept.decision->decided_at)) : "");
  csv.EndRow();
}

bool IsMasked(const Call& call, const store::KeptQuarantine& kept) {
  return !security::MayReadPersonal(call.identity) && MayHoldPersonal(call.center(), kept);
}

/// All rows from the cursor on, up to a limit.
base::Result<Response> ExportQuarantine(Call& call, store::QuarantineQuery query) {
  FANSIPAN_RETURN_IF_ERROR(call.Require(security::Action::kExportQuarantine));
  query.limit = kExportPage;
  CsvWriter csv;
  AddCsvHeader(csv);
  for (std::size_t count = 0; count < kMaxExport;) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto rows,
                              call.running->facts->ListQuarantine(query, call.patience));
    for (const auto& kept : rows) AddCsvRow(csv, kept, IsMasked(call, kept));
    if (rows.size() < kExportPage) break;
    count += rows.size();
    query.after = rows.back().id;
  }
  Response response = Response::Of(200, "text/csv; charset=utf-8", csv.Take());
  response.Set("Content-Disposition", "attachment; filename=\"quarantine.csv\"");
  return response;
}

base::Result<Response> ListQuarantine(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(store::QuarantineQuery query, ParseQuarantineFilter(call));
  FANSIPAN_RETURN_IF_ERROR(ParseQuarantinePage(call, query));
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(call.engine->snapshot().sequence));
  if (as_csv) return ExportQuarantine(call, query);
  FANSIPAN_ASSIGN_OR_RETURN(const auto rows,
                            call.running->facts->ListQuarantine(query, call.patience));
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const auto& kept : rows) WriteQuarantined(json, kept, IsMasked(call, kept));
  json.EndArray();
  json.TextOrNull("next", rows.size() == query.limit ? std::to_string(rows.back().id) : "");
  json.EndObject();
  return Response::Json(200, json.Take());
}

void WriteGroup(JsonWriter& json, const store::QuarantineGroup& group) {
  json.BeginObject();
  json.Text("source", group.source);
  json.TextOrNull("dataset", group.dataset);
  json.TextOrNull("column", group.column);
  json.Text("reason", group.reason);
  json.Integer("rows", static_cast<std::int64_t>(group.rows));
  json.Integer("deliveries", static_cast<std::int64_t>(group.deliveries));
  json.Flag("acceptable", model::IsAcceptable(group.reason));
  json.Moment("first_recorded_at", group.first_recorded_at);
  json.Moment("last_recorded_at", group.last_recorded_at);
  json.EndObject();
}

base::Result<Response> SummariseQuarantine(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(store::QuarantineQuery query, ParseQuarantineFilter(call));
  query.limit = kMaxGroups;
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(call.engine->snapshot().sequence));
  FANSIPAN_ASSIGN_OR_RETURN(const auto groups,
                            call.running->facts->SummariseQuarantine(query, call.patience));
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const auto& group : groups) WriteGroup(json, group);
  json.EndArray();
  json.Flag("truncated", groups.size() == kMaxGroups);
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddQuarantineRoutes(std::vector<Route>& routes) {
  const Right read(security::Action::kReadQuarantine, QuarantineObject);
  routes.emplace_back(Method::kGet, "/api/v1/quarantine", read, ListQuarantine,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = QuarantineParameters({"cursor", "limit", "format"})});
  routes.emplace_back(Method::kGet, "/api/v1/quarantine/summary", read, SummariseQuarantine,
                      RouteOptions{.lane = Lane::kHeavy, .query = QuarantineParameters()});
}

}  // namespace fansipan::http
