#include <charconv>

#include "http/rendering/delivery_rendering.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kExportPage = 1'000;
constexpr std::size_t kMaxExport = 100'000;

base::Result<store::QuarantineQuery> ParseQuarantineQuery(Call& call) {
  store::QuarantineQuery query;
  FANSIPAN_ASSIGN_OR_RETURN(const auto delivery, call.FindNumber("delivery", 1, UINT64_MAX));
  if (delivery) query.delivery = model::Sequence{*delivery};
  if (const auto source = call.QueryText("source")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetSource(*source));
    query.source = *source;
  }
  if (const auto dataset = call.QueryText("dataset")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetDataset(*dataset));
    query.dataset = *dataset;
  }
  FANSIPAN_ASSIGN_OR_RETURN(query.open_only, call.FindFlag("open", true));
  FANSIPAN_ASSIGN_OR_RETURN(query.limit, call.GetLimit());
  if (const auto cursor = call.QueryText("cursor")) {
    const auto [end, error] =
        std::from_chars(cursor->data(), cursor->data() + cursor->size(), query.after);
    if (error != std::errc() || end != cursor->data() + cursor->size()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid_cursor",
                         "parameter 'cursor' is not one that this list gave"};
    }
  }
  return query;
}

void AddCsvHeader(CsvWriter& csv) {
  for (const auto* name : {"id", "delivery", "source", "dataset", "raw_row", "byte_offset",
                           "column", "value", "reason", "message", "recorded_at", "resolved_by"}) {
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
  FANSIPAN_ASSIGN_OR_RETURN(const store::QuarantineQuery query, ParseQuarantineQuery(call));
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

/// Values that may be personal are masked row by row for those who may not read them, so the object
/// itself is not personal.
security::Object QuarantineObject(const Call& call) {
  security::Object object;
  object.source = call.QueryText("source").value_or("");
  return object;
}

}  // namespace

void AddQuarantineRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/quarantine",
                      Right(security::Action::kReadQuarantine, QuarantineObject), ListQuarantine,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = {"delivery", "source", "dataset", "open", "cursor",
                                             "limit", "format"}});
}

}  // namespace fansipan::http
