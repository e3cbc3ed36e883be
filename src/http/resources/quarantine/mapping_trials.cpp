#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "http/json_body.h"
#include "http/rendering/json_writer.h"
#include "http/resources/center_problems.h"
#include "http/resources/routes.h"
#include "sources/quarantine/mapping_trial.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxDeliveries = 20;
constexpr std::uint64_t kMaxPayload = 512ULL << 20U;  // of all that are read in one trial
constexpr std::uint64_t kMaxRows = 200'000;           // both sides of each are held
constexpr std::uint64_t kMaxBody = 256U << 10U;
constexpr std::size_t kMaxShownRecords = 20;  // of one raw row

security::Object SourceInPath(const Call& call) {
  security::Object object;
  object.source = call.PathText("name");
  return object;
}

base::Result<Response> ListMappings(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  const auto& files = call.center().files;
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const center::Mapping& mapping : source->mappings) {
    const auto file = files.find(mapping.file);
    json.BeginObject();
    json.Text("dataset", mapping.dataset);
    json.Text("file", mapping.file);
    json.Integer("revision", mapping.revision);
    json.Text("text", file == files.end() ? mapping.sql : file->second);
    json.EndObject();
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<const center::Mapping*> GetMapping(const center::Source& source,
                                                const std::string& dataset) {
  const auto found = std::ranges::find(source.mappings, dataset, &center::Mapping::dataset);
  if (found != source.mappings.end()) return &*found;
  return base::Error{base::ErrorCode::kNotFound, "unknown_mapping",
                     "source '" + source.name + "' has no mapping to a dataset '" + dataset + "'"};
}

/// The one that was named, or those that have open rows of the source, the newest first.
base::Result<std::vector<model::Delivery>> FindDeliveries(const Call& call,
                                                          const center::Source& source,
                                                          const std::string& dataset,
                                                          std::optional<std::uint64_t> named) {
  store::FactStore& facts = *call.running->facts;
  std::set<model::Sequence, std::greater<>> sequences;
  if (named) sequences.insert(model::Sequence{*named});
  store::QuarantineQuery query{.source = source.name, .dataset = dataset, .limit = 1'000};
  while (!named) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto page, facts.ListQuarantine(query, call.patience));
    for (const auto& kept : page) sequences.insert(kept.delivery);
    if (page.size() < query.limit) break;
    query.after = page.back().id;
  }
  std::vector<model::Delivery> deliveries;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  for (const model::Sequence sequence : sequences) {
    FANSIPAN_ASSIGN_OR_RETURN(auto delivery, facts.FindDelivery(sequence, call.patience));
    if (!delivery || delivery->source != source.name || delivery->replay_of) continue;
    bytes += delivery->payload_bytes;
    rows += delivery->counts.raw_rows;
    const bool is_full = bytes > kMaxPayload || rows > kMaxRows;
    if (deliveries.size() == kMaxDeliveries || (is_full && !deliveries.empty())) break;
    if (rows > kMaxRows) {
      return base::Error{base::ErrorCode::kTooLarge, "trial_too_large",
                         "delivery " + std::to_string(sequence.value) + " has " +
                             std::to_string(rows) + " rows, a trial compares at most " +
                             std::to_string(kMaxRows) +
                             "; try the mapping on a part of it with 'fansipan source try'"};
    }
    deliveries.push_back(*std::move(delivery));
  }
  if (!deliveries.empty()) return deliveries;
  return base::Error{base::ErrorCode::kNotFound, "no_such_deliveries",
                     "source '" + source.name + "' has no delivery with open rows of dataset '" +
                         dataset + "'; name one with the parameter 'delivery'"};
}

void WriteOutcome(JsonWriter& json, const char* name, const sources::RowOutcome& outcome) {
  json.BeginObject(name);
  json.BeginArray("records");
  for (std::size_t i = 0; i < std::min(outcome.records.size(), kMaxShownRecords); ++i) {
    json.BeginObject();
    for (const auto& [column, text] : outcome.records[i]) json.Text(column, text);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("faults");
  for (const model::QuarantinedRow& fault : outcome.faults) {
    json.BeginObject();
    json.TextOrNull("column", fault.column);
    json.TextOrNull("value", fault.value);
    json.Text("reason", fault.reason);
    json.Text("message", fault.message);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

std::string TrialJson(const sources::MappingTrial& trial) {
  JsonWriter json;
  json.BeginObject();
  json.Integer("deliveries", static_cast<std::int64_t>(trial.deliveries));
  json.Integer("unchanged", static_cast<std::int64_t>(trial.unchanged));
  json.BeginObject("counts");
  for (std::size_t i = 0; i < sources::kRowChanges; ++i) {
    json.Integer(sources::NameOf(static_cast<sources::RowChange>(i)),
                 static_cast<std::int64_t>(trial.counts.at(i)));
  }
  json.EndObject();
  json.BeginArray("rows");
  for (const sources::ChangedRow& row : trial.rows) {
    json.BeginObject();
    json.Integer("delivery", static_cast<std::int64_t>(row.delivery.value));
    json.Integer("raw_row", row.raw_row);
    json.Text("change", sources::NameOf(row.change));
    WriteOutcome(json, "before", row.before);
    WriteOutcome(json, "after", row.after);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("unread");
  for (const sources::UnreadDelivery& unread : trial.unread) {
    json.BeginObject();
    json.Integer("delivery", static_cast<std::int64_t>(unread.delivery.value));
    json.Text("reason", unread.reason);
    json.Text("message", unread.message);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

/// The text is looked at as if it stood in the center's folder, and runs in the worker alone.
base::Result<Response> TryMapping(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  FANSIPAN_ASSIGN_OR_RETURN(const auto named, call.FindNumber("delivery", 1, UINT64_MAX));
  FANSIPAN_ASSIGN_OR_RETURN(const TextMembers body,
                            ParseTextBody(*call.request, {"dataset", "text"}));
  const std::string& dataset = body.at("dataset");
  FANSIPAN_ASSIGN_OR_RETURN(const center::Mapping* mapping, GetMapping(*source, dataset));
  const center::LoadOutcome loaded = call.running->with_file(mapping->file, body.at("text"));
  if (!loaded.center) return ProblemsOfCenter(call, loaded.problems);
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(call.running->intake->last_recorded()));
  sources::MappingTrialJob job{.center = &call.center(),
                               .tried = loaded.center.get(),
                               .source = source->name,
                               .dataset = dataset,
                               .deliveries = {},
                               .accepted = {},
                               .patience = call.patience};
  FANSIPAN_ASSIGN_OR_RETURN(job.deliveries, FindDeliveries(call, *source, dataset, named));
  for (const model::Delivery& delivery : job.deliveries) {
    job.accepted[delivery.sequence] = call.running->intake->AcceptedRowsOf(delivery.sequence);
  }
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto trial, sources::TryMapping(job, *call.running->archive, *call.running->worker));
  return Response::Json(200, TrialJson(trial));
}

}  // namespace

void AddMappingTrialRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kTryMapping, SourceInPath);
  const std::string path = "/api/v1/sources/{name}/mappings";
  routes.emplace_back(Method::kGet, path, right, ListMappings);
  routes.emplace_back(Method::kPost, path + "/try", right, TryMapping,
                      RouteOptions{.lane = Lane::kOperation,
                                   .query = {"delivery"},
                                   .body_limit = [](const Call&) { return kMaxBody; }});
}

}  // namespace fansipan::http
