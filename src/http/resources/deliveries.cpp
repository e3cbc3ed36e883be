#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "center/connectors/push_signature.h"
#include "center/source_contract.h"
#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/delivery_rendering.h"
#include "http/resources/raw_rows.h"
#include "http/resources/routes.h"
#include "model/spelling/ascii.h"
#include "security/body_signature.h"
#include "sources/contract/told_totals.h"
#include "sources/unpacking.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxKey = 200;

security::Object SourceInPath(const Call& call) {
  security::Object object;
  object.source = call.PathText("name");
  return object;
}

std::uint64_t BodyLimit(const Call& call) {
  const center::Source* source = call.center().FindSource(call.PathText("name"));
  return source ? source->limits.payload_bytes : 0;
}

/// What a pushed body of a format is declared as; the first is what a message names.
std::vector<std::string_view> MediaTypesOf(center::Format format) {
  switch (format) {
    case center::Format::kJson:
      return {"application/json"};
    case center::Format::kNdjson:
      return {"application/x-ndjson"};
    case center::Format::kXml:
    case center::Format::kEdxml:
      return {"application/xml", "text/xml"};
    case center::Format::kSdmxJson:
      return {"application/json", "application/vnd.sdmx.data+json"};
    case center::Format::kWorkbook:
      return {"application/octet-stream",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet"};
    case center::Format::kParquet:
      return {"application/vnd.apache.parquet", "application/octet-stream"};
    case center::Format::kGeopackage:
      return {"application/geopackage+sqlite3", "application/octet-stream"};
    case center::Format::kShapefile:
      return {"application/zip", "application/octet-stream"};
    case center::Format::kGeojson:
      return {"application/geo+json", "application/json"};
    case center::Format::kKml:
      return {"application/vnd.google-earth.kml+xml", "application/vnd.google-earth.kmz",
              "application/octet-stream"};
    case center::Format::kCsv:
      break;
  }
  return {"text/csv"};
}

base::Status CheckMediaType(const Call& call, const center::Source& source) {
  const std::vector<std::string_view> wanted = MediaTypesOf(source.format);
  if (std::ranges::find(wanted, MediaTypeOf(*call.request)) != wanted.end()) return {};
  return base::Error{
      base::ErrorCode::kInvalidArgument, "unsupported_media_type",
      "source '" + source.name + "' takes Content-Type: " + std::string(wanted.front())};
}

base::Result<std::string> IdempotencyKey(const Call& call) {
  const auto key = call.request->fields.Find("idempotency-key");
  if (!key) return std::string();
  const bool printable =
      std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!key->empty() && key->size() <= kMaxKey && printable) return std::string(*key);
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_idempotency_key",
                     "the header Idempotency-Key takes 1 to 200 printable ASCII characters"};
}

/// Empty when it is not there, or there twice.
std::string HeaderOf(const Call& call, const std::string& name) {
  const std::string lower = model::LowerAscii(name);
  if (call.request->fields.Count(lower) != 1) return {};
  return std::string(*call.request->fields.Find(lower));
}

/// What a signed body is sent for, as it is signed: the end of the address.
enum class SignedFor { kDelivery, kHeartbeat };

std::string PurposeOf(const center::Source& source, SignedFor purpose) {
  return source.name + (purpose == SignedFor::kDelivery ? "/deliveries" : "/heartbeat");
}

/// A signature opens the way once, whatever became of the body then. Only what was recorded under
/// it is told again: who overheard one that was refused cannot have it taken later, behind newer
/// data, nor fill the disk with refusals.
base::Status CheckFirstUse(Call& call, const center::Source& source, const std::string& key,
                           base::Timestamp signed_at) {
  const std::string signature = HeaderOf(call, source.push_signature->header);
  FANSIPAN_ASSIGN_OR_RETURN(const bool is_first,
                            call.services->access->used_signatures().Use(
                                signature, signed_at, call.services->clock->Now()));
  if (is_first || (!key.empty() && call.running->intake->HasRecorded(source.name, key))) return {};
  return base::Error{base::ErrorCode::kUnauthenticated, "signature_used",
                     "this signature has come before and counts once; sign anew, with the time of "
                     "now, when sending again"};
}

/// Asked for besides the token, and looked at before anything is read as data. What is signed and
/// has no key gets one of its signature: sent again by whoever overheard it, it is a repeat.
base::Status CheckSignature(Call& call, const center::Source& source, SignedFor purpose,
                            std::string& key) {
  if (!source.push_signature) return {};
  const center::PushSignature& how = *source.push_signature;
  FANSIPAN_ASSIGN_OR_RETURN(const auto secret,
                            call.services->access->source_secrets().Find(how.secret));
  if (!secret) {
    return base::Error{base::ErrorCode::kUnavailable, "secret_missing",
                       "the secret by which bodies of source '" + source.name +
                           "' are checked is not set; an administrator sets it with 'fansipan "
                           "secret set " +
                           how.secret + "'"};
  }
  const std::string signature = HeaderOf(call, how.header);
  const std::string timestamp = HeaderOf(call, how.timestamp_header);
  const std::string signed_for = PurposeOf(source, purpose);
  FANSIPAN_ASSIGN_OR_RETURN(
      const base::Timestamp signed_at,
      security::CheckBodySignature(*secret,
                                   {.purpose = signed_for,
                                    .signature = signature,
                                    .timestamp = timestamp,
                                    .key = key,
                                    .body = call.request->body},
                                   call.services->clock->Now(), how.tolerance));
  if (key.empty() && purpose == SignedFor::kDelivery) key = signature;
  return CheckFirstUse(call, source, key, signed_at);
}

base::Result<std::string> UnpackBody(Call& call, const center::Source& source) {
  const auto started = std::chrono::steady_clock::now();
  std::string encoding(call.request->fields.Find("content-encoding").value_or(""));
  auto payload = sources::Unpack(call.request->body, encoding, source.limits.payload_bytes);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  call.services->metrics
      ->GetHistogram("fansipan_http_stage_seconds", "Time that requests spend in a stage",
                     {{"stage", "unpack"}})
      .Observe(taken.count());
  return payload;
}

/// Of the headers, those by which the source is declared to tell totals.
std::map<std::string, std::string> ToldInHeaders(const Call& call, const center::Source& source) {
  std::map<std::string, std::string> told;
  const auto& totals = center::ContractOf(source).control_totals;
  if (!totals) return told;
  for (const center::ControlPlace* place : center::PlacesOf(*totals)) {
    if (place->kind != center::ControlPlace::Kind::kHeader) continue;
    const auto text = call.request->fields.Find(place->header);
    if (text && text->size() <= sources::kMaxToldText) told[place->ToldName()] = *text;
  }
  return told;
}

base::Result<Response> Push(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  sources::Submission submission;
  submission.source = source->name;
  submission.received_at = call.request->received_at;
  submission.told = ToldInHeaders(call, *source);
  FANSIPAN_ASSIGN_OR_RETURN(submission.idempotency_key, IdempotencyKey(call));
  FANSIPAN_RETURN_IF_ERROR(
      CheckSignature(call, *source, SignedFor::kDelivery, submission.idempotency_key));
  FANSIPAN_RETURN_IF_ERROR(CheckMediaType(call, *source));
  FANSIPAN_ASSIGN_OR_RETURN(submission.payload, UnpackBody(call, *source));
  FANSIPAN_ASSIGN_OR_RETURN(const auto report,
                            call.running->intake->Deliver(std::move(submission)));
  Response response =
      Response::Json(report.already_recorded ? 200 : 201, DeliveryJson(report.delivery));
  if (report.already_recorded) {
    response.Set("Idempotent-Replay", "true");
  } else {
    response.Set("Location",
                 "/api/v1/deliveries/" + std::to_string(report.delivery.sequence.value));
  }
  return response;
}

base::Result<Response> Heartbeat(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  std::string key;
  FANSIPAN_RETURN_IF_ERROR(CheckSignature(call, *source, SignedFor::kHeartbeat, key));
  FANSIPAN_RETURN_IF_ERROR(call.running->intake->Heartbeat(source->name));
  return Response::Empty(204);
}

base::Status WaitForNewest(const Call& call) {
  return call.WaitForFacts(call.engine->snapshot().sequence);
}

base::Result<store::DeliveryQuery> ParseDeliveryQuery(Call& call) {
  store::DeliveryQuery query;
  if (const auto source = call.QueryText("source")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetSource(*source));
    query.source = *source;
  }
  if (const auto cursor = call.QueryText("cursor")) {
    std::uint64_t before = 0;
    const auto [end, error] =
        std::from_chars(cursor->data(), cursor->data() + cursor->size(), before);
    if (error != std::errc() || end != cursor->data() + cursor->size()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid_cursor",
                         "parameter 'cursor' is not one that this list gave"};
    }
    query.before = model::Sequence{before};
  }
  FANSIPAN_ASSIGN_OR_RETURN(query.limit, call.GetLimit());
  return query;
}

base::Result<Response> ListDeliveries(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const store::DeliveryQuery query, ParseDeliveryQuery(call));
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_RETURN_IF_ERROR(WaitForNewest(call));
  FANSIPAN_ASSIGN_OR_RETURN(const auto deliveries,
                            call.running->facts->ListDeliveries(query, call.patience));
  if (as_csv) return Response::Of(200, "text/csv; charset=utf-8", DeliveriesCsv(deliveries));
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const model::Delivery& delivery : deliveries) {
    json.BeginObject();
    WriteDelivery(json, delivery);
    json.EndObject();
  }
  json.EndArray();
  json.TextOrNull("next", deliveries.size() == query.limit
                              ? std::to_string(deliveries.back().sequence.value)
                              : "");
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<model::Delivery> FindDelivery(const Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Sequence sequence, call.GetSequence("unknown_delivery"));
  FANSIPAN_RETURN_IF_ERROR(WaitForNewest(call));
  FANSIPAN_ASSIGN_OR_RETURN(auto delivery,
                            call.running->facts->FindDelivery(sequence, call.patience));
  if (delivery) return *std::move(delivery);
  return base::Error{base::ErrorCode::kNotFound, "unknown_delivery",
                     "there is no delivery " + std::to_string(sequence.value)};
}

base::Result<Response> GetDelivery(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Delivery delivery, FindDelivery(call));
  return Response::Json(200, DeliveryJson(delivery));
}

base::Result<Response> GetPayload(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Delivery delivery, FindDelivery(call));
  FANSIPAN_ASSIGN_OR_RETURN(std::string payload, call.running->archive->Get(delivery.archive_id));
  Response response = Response::Of(200, "application/octet-stream", std::move(payload));
  response.Set("Content-Disposition", "attachment; filename=\"delivery-" +
                                          std::to_string(delivery.sequence.value) + "." +
                                          delivery.format + "\"");
  return response;
}

base::Result<Response> GetRawRow(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto row, call.FindNumber("row", 1, UINT32_MAX));
  FANSIPAN_ASSIGN_OR_RETURN(const auto context, call.FindNumber("context", 0, kMaxRawContext));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Delivery delivery, FindDelivery(call));
  if (!row || *row > delivery.counts.raw_rows) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_row",
                       "parameter 'row' names none of the " +
                           std::to_string(delivery.counts.raw_rows) + " rows of the delivery"};
  }
  RawRowsQuestion question{
      .delivery = &delivery, .own = {static_cast<std::uint32_t>(*row)}, .with_bytes = true};
  question.context = context.value_or(question.context);
  return AnswerRawRows(call, question);
}

base::Result<Response> Replay(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Sequence sequence, call.GetSequence("unknown_delivery"));
  if (sequence > call.engine->snapshot().sequence) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_delivery",
                       "there is no delivery " + std::to_string(sequence.value)};
  }
  const auto report = call.running->intake->Replay(sequence);
  FANSIPAN_RETURN_IF_ERROR(
      RecordAct(call, "replay_delivery", "delivery " + std::to_string(sequence.value),
                report.ok() ? base::Status() : report.error(),
                report.ok() ? "as delivery " + std::to_string(report->delivery.sequence.value)
                            : std::string()));
  if (!report.ok()) return report.error();
  Response response = Response::Json(201, DeliveryJson(report->delivery));
  response.Set("Location", "/api/v1/deliveries/" + std::to_string(report->delivery.sequence.value));
  return response;
}

security::Object BytesOfDelivery(const Call& call) {
  security::Object object;
  const auto delivery = FindDelivery(call);
  if (!delivery.ok()) {
    // What is there, but could not be found out, may be found when it is asked for again.
    object.personal = delivery.error().code != base::ErrorCode::kNotFound;
    return object;
  }
  object.source = delivery->source;
  object.personal = HoldsPersonal(call.center(), delivery->source);
  return object;
}

}  // namespace

void AddDeliveryRoutes(std::vector<Route>& routes) {
  const Right push(security::Action::kPushDelivery, SourceInPath);
  const Right read(security::Action::kReadDeliveries);
  routes.emplace_back(Method::kPost, "/api/v1/sources/{name}/deliveries", push, Push,
                      RouteOptions{.lane = Lane::kIntake, .body_limit = BodyLimit});
  routes.emplace_back(Method::kPost, "/api/v1/sources/{name}/heartbeat", push, Heartbeat,
                      RouteOptions{.lane = Lane::kIntake});
  routes.emplace_back(
      Method::kGet, "/api/v1/deliveries", read, ListDeliveries,
      RouteOptions{.lane = Lane::kHeavy, .query = {"source", "cursor", "limit", "format"}});
  routes.emplace_back(Method::kGet, "/api/v1/deliveries/{sequence}", read, GetDelivery,
                      RouteOptions{.lane = Lane::kHeavy});
  routes.emplace_back(Method::kGet, "/api/v1/deliveries/{sequence}/payload",
                      Right(security::Action::kReadPayload, BytesOfDelivery), GetPayload,
                      RouteOptions{.lane = Lane::kHeavy});
  routes.emplace_back(Method::kGet, "/api/v1/deliveries/{sequence}/raw",
                      Right(security::Action::kReadPayload, BytesOfDelivery), GetRawRow,
                      RouteOptions{.lane = Lane::kHeavy, .query = {"row", "context"}});
  routes.emplace_back(Method::kPost, "/api/v1/deliveries/{sequence}/replay",
                      Right(security::Action::kReplayDelivery), Replay,
                      RouteOptions{.lane = Lane::kIntake});
}

}  // namespace fansipan::http
