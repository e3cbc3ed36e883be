#include <string>

#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/json_writer.h"
#include "http/resources/routes.h"
#include "security/identity.h"
#include "sources/quarantine/replay_run.h"

namespace fansipan::http {
namespace {

std::int64_t Signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }

std::string ProgressJson(const sources::ReplayProgress& progress) {
  JsonWriter json;
  json.BeginObject();
  json.Integer("number", Signed(progress.number));
  json.TextOrNull("source", progress.range.source);
  json.Moment("from", progress.range.from);
  json.Moment("to", progress.range.until);
  json.Text("state", sources::NameOf(progress.state));
  json.Text("started_by", progress.started_by);
  json.Moment("started_at", progress.started_at);
  json.Moment("ended_at", progress.ended_at);
  json.Integer("deliveries", Signed(progress.deliveries));
  json.Integer("read_again", Signed(progress.read_again));
  json.Integer("accepted", Signed(progress.accepted));
  json.Integer("quarantined", Signed(progress.quarantined));
  json.Integer(
      "last", progress.last.value == 0 ? std::nullopt : std::optional(Signed(progress.last.value)));
  json.TextOrNull("reason", progress.reason);
  json.TextOrNull("message", progress.message);
  json.EndObject();
  return json.Take();
}

/// `from` and `to` are parameters of the address, as of every list by time.
base::Result<sources::ReplayRange> ParseRange(Call& call) {
  sources::ReplayRange range;
  if (const auto source = call.QueryText("source")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetSource(*source));
    range.source = *source;
  }
  FANSIPAN_ASSIGN_OR_RETURN(range.from, call.FindMoment("from"));
  FANSIPAN_ASSIGN_OR_RETURN(range.until, call.FindMoment("to"));
  const bool is_backwards = range.from && range.until && *range.until <= *range.from;
  if (!is_backwards) return range;
  return base::Error{base::ErrorCode::kInvalidArgument, "span_backwards",
                     "parameter 'to' must be later than 'from'"};
}

base::Result<Response> GetReplay(Call& call) {
  const auto progress = call.running->replays->progress();
  // Nothing was read again since the program started.
  if (!progress) return Response::Empty(204);
  return Response::Json(200, ProgressJson(*progress));
}

base::Result<Response> StartReplay(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const sources::ReplayRange range, ParseRange(call));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(call.running->intake->last_recorded()));
  const sources::ReplayRequest request{
      .range = range,
      .started_by = security::NameForAudit(call.identity),
      .patience = call.patience,
      .before_start = [&](std::size_t deliveries) {
        return RecordAct(call, "start_replay",
                         range.source.empty() ? "all sources" : "source " + range.source, {},
                         std::to_string(deliveries) + " deliveries");
      }};
  FANSIPAN_ASSIGN_OR_RETURN(const auto progress, call.running->replays->Start(request));
  Response response = Response::Json(202, ProgressJson(progress));
  response.Set("Location", "/api/v1/replays");
  return response;
}

base::Result<Response> StopReplay(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto progress, call.running->replays->Stop());
  FANSIPAN_RETURN_IF_ERROR(
      RecordAct(call, "stop_replay", "replay " + std::to_string(progress.number), {}));
  return Response::Json(202, ProgressJson(progress));
}

}  // namespace

void AddReplayRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kReplayDelivery);
  const std::string path = "/api/v1/replays";
  routes.emplace_back(Method::kGet, path, right, GetReplay);
  routes.emplace_back(Method::kPost, path, right, StartReplay,
                      RouteOptions{.lane = Lane::kOperation, .query = {"source", "from", "to"}});
  routes.emplace_back(Method::kDelete, path, right, StopReplay);
}

}  // namespace fansipan::http
