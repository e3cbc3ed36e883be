#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/source_rendering.h"
#include "http/resources/change_span.h"
#include "http/resources/routes.h"
#include "indicators/health/contract_standing.h"
#include "indicators/health/source_history.h"

namespace fansipan::http {
namespace {

constexpr std::chrono::days kHistory{30};
constexpr std::size_t kMaxEvents = 500;

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

ShownSource ReadSource(const indicators::View& view, const indicators::FedIndicators& fed,
                       const center::Source& source) {
  ShownSource shown;
  shown.source = &source;
  shown.standing = indicators::StandingOf(view, source);
  shown.since = shown.standing.since;
  shown.feeds = fed.at(source.name);
  return shown;
}

/// What the engine does not know of it.
base::Status Complete(const Call& call, ShownSource& shown) {
  FANSIPAN_ASSIGN_OR_RETURN(shown.last_delivery, LastDelivery(call, shown.source->name));
  if (call.running->connection) shown.connection = call.running->connection(shown.source->name);
  return {};
}

std::string SourcesCsv(const Call& call, const std::vector<ShownSource>& sources) {
  CsvWriter csv;
  for (const auto* name :
       {"name", "title", "system", "state", "since", "answer", "last_sign_of_life", "last_delivery",
        "expected_by", "simulated", "age_seconds", "coverage", "old_codes", "contract_marks"}) {
    csv.Text(name);
  }
  csv.EndRow();
  const auto moment = [](const std::optional<base::Timestamp>& at) {
    return at ? model::ToText(model::Value(*at)) : std::string();
  };
  for (const ShownSource& shown : sources) {
    csv.Text(shown.source->name);
    csv.Text(model::TextIn(shown.source->title, call.center().languages.front()));
    csv.Text(shown.source->system);
    csv.Text(NameOf(shown.standing.state));
    csv.Number(moment(shown.since));
    csv.Text(NameOf(shown.standing.answer));
    csv.Number(moment(shown.standing.facts.last_sign_of_life));
    csv.Number(shown.last_delivery ? std::to_string(shown.last_delivery->value) : "");
    csv.Number(moment(shown.standing.expected_by));
    csv.Number(shown.source->simulated ? "true" : "false");
    csv.Number(shown.standing.age ? std::to_string(SecondsOf(*shown.standing.age)) : "");
    csv.Text(NameOf(shown.standing.coverage));
    const auto& sent = shown.standing.old_codes;
    csv.Number(sent ? std::to_string(sent->codes.rows) : "");
    std::string marks;
    for (const auto mark : indicators::ContractMarks(shown.standing.contract)) {
      marks += (marks.empty() ? "" : " ") + std::string(NameOf(mark));
    }
    csv.Text(marks);
    csv.EndRow();
  }
  return csv.Take();
}

base::Result<Response> ListSources(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  model::Snapshot snapshot;
  std::vector<ShownSource> sources;
  const indicators::FedIndicators fed = indicators::FedBySources(call.center());
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      std::nullopt,
      [&](const indicators::View& view) {
        snapshot = view.snapshot;
        for (const center::Source& source : view.center->sources) {
          sources.push_back(ReadSource(view, fed, source));
        }
      },
      call.patience));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(snapshot.sequence));
  for (ShownSource& shown : sources) {
    FANSIPAN_RETURN_IF_ERROR(Complete(call, shown));
  }
  if (as_csv) return Response::Of(200, "text/csv; charset=utf-8", SourcesCsv(call, sources));
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.BeginArray("items");
  for (const ShownSource& shown : sources) {
    json.BeginObject();
    WriteSource(json, shown);
    json.EndObject();
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// When the source came to be live again, as far back as events are looked for.
std::optional<base::Timestamp> LiveSince(const std::vector<indicators::SourceEvent>& events) {
  return events.empty() ? std::nullopt : events.front().closed_at();
}

base::Result<Response> GetSource(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  model::Snapshot snapshot;
  ShownSource shown;
  indicators::SourcePast past;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      std::nullopt,
      [&](const indicators::View& view) {
        snapshot = view.snapshot;
        shown = ReadSource(view, indicators::FedBySources(*view.center), *source);
        past = indicators::CopyPast(view, *source,
                                    view.snapshot.tick - kHistory - indicators::kEventLookBack);
      },
      call.patience));
  const auto events = indicators::EventsOf(past, snapshot.tick - kHistory);
  if (shown.standing.state == indicators::SourceState::kLive) shown.since = LiveSince(events);
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(snapshot.sequence));
  FANSIPAN_RETURN_IF_ERROR(Complete(call, shown));
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.BeginObject("source");
  WriteSource(json, shown);
  json.EndObject();
  WriteContract(json, *source);
  json.BeginArray("events");
  for (const auto& event : events) WriteSourceEvent(json, event, shown.feeds.size());
  json.EndArray();
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// Of all sources, in no order. One source after the other is copied and judged, so that never more
/// than the past of one is held.
base::Result<std::vector<indicators::SourceEvent>> ReadEvents(const Call& call,
                                                              const ChangeSpan& span) {
  std::vector<indicators::SourceEvent> events;
  for (const center::Source& source : call.engine->center().sources) {
    indicators::SourcePast past;
    FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
        span.to,
        [&](const indicators::View& view) {
          past = indicators::CopyPast(view, source, span.from - indicators::kEventLookBack);
        },
        call.patience));
    auto found = indicators::EventsOf(past, span.from);
    std::move(found.begin(), found.end(), std::back_inserter(events));
  }
  return events;
}

/// Each source that was not live is one event, however many figures it feeds; open ones first.
base::Result<Response> ListSourceEvents(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const ChangeSpan span, ParseChangeSpan(call, [](base::Timestamp to) {
                              return to - kHistory;
                            }));
  FANSIPAN_ASSIGN_OR_RETURN(call.engine, call.running->engine_at(span.to, call.patience));
  FANSIPAN_ASSIGN_OR_RETURN(auto events, ReadEvents(call, span));
  std::stable_sort(events.begin(), events.end(), [](const auto& left, const auto& right) {
    if (left.open != right.open) return left.open;
    return left.opened_at() > right.opened_at();
  });
  const bool truncated = events.size() > kMaxEvents;
  if (truncated) events.resize(kMaxEvents);
  JsonWriter json;
  json.BeginObject();
  json.Moment("from", span.from);
  json.Moment("to", span.to);
  json.Flag("truncated", truncated);
  json.BeginArray("items");
  const indicators::FedIndicators fed = indicators::FedBySources(call.center());
  for (const auto& event : events) {
    WriteSourceEvent(json, event, fed.at(event.source->name).size());
  }
  json.EndArray();
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> PauseSource(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  FANSIPAN_ASSIGN_OR_RETURN(const TextMembers body, ParseTextBody(*call.request, {"reason"}));
  const std::string& reason = body.at("reason");
  const base::Status done =
      call.running->intake->Pause(source->name, reason, NameForAudit(call.identity));
  FANSIPAN_RETURN_IF_ERROR(RecordAct(call, "pause_source", "source:" + source->name, done, reason));
  FANSIPAN_RETURN_IF_ERROR(done);
  return Response::Empty(204);
}

base::Result<Response> ResumeSource(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(call.PathText("name")));
  const base::Status done = call.running->intake->Resume(source->name, NameForAudit(call.identity));
  FANSIPAN_RETURN_IF_ERROR(RecordAct(call, "resume_source", "source:" + source->name, done));
  FANSIPAN_RETURN_IF_ERROR(done);
  return Response::Empty(204);
}

}  // namespace

void AddSourceRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/sources", Right(security::Action::kReadDeliveries),
                      ListSources, RouteOptions{.lane = Lane::kHeavy, .query = {"format"}});
  routes.emplace_back(Method::kGet, "/api/v1/sources/{name}",
                      Right(security::Action::kReadDeliveries), GetSource,
                      RouteOptions{.lane = Lane::kHeavy});
  routes.emplace_back(Method::kGet, "/api/v1/source-events",
                      Right(security::Action::kReadDeliveries), ListSourceEvents,
                      RouteOptions{.lane = Lane::kHeavy, .query = {"from", "to"}});
  const Right pause(security::Action::kPauseSource);
  routes.emplace_back(Method::kPut, "/api/v1/sources/{name}/pause", pause, PauseSource,
                      RouteOptions{.lane = Lane::kIntake});
  routes.emplace_back(Method::kDelete, "/api/v1/sources/{name}/pause", pause, ResumeSource,
                      RouteOptions{.lane = Lane::kIntake});
}

}  // namespace fansipan::http
