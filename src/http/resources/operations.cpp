#include <charconv>
#include <chrono>
#include <optional>
#include <string>

#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/figure_trial_rendering.h"
#include "http/resources/center_problems.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxFindings = 1'000;
constexpr std::size_t kMaxListedFigures = 10'000;
constexpr std::chrono::minutes kTrialPatience{9};  // the command line waits a little longer

void WriteOutcome(JsonWriter& json, const ApplyOutcome& outcome) {
  json.Text("revision", outcome.revision);
  json.TextOrNull("previous_revision", outcome.previous_revision);
  json.BeginArray("difference");
  for (const std::string& line : outcome.difference) json.TextItem(line);
  json.EndArray();
  json.BeginArray("touches");
  for (const center::Impact& impact : outcome.touches) {
    json.BeginObject();
    json.Text("kind", impact.kind);
    json.Text("text", impact.text);
    json.EndObject();
  }
  json.EndArray();
}

/// How many of the figures that differ are to be listed; nothing: figures are not asked for.
base::Result<std::optional<std::size_t>> FindFigureLimit(const TextMembers& body) {
  const auto asked = body.find("figures");
  if (asked == body.end()) return std::optional<std::size_t>();
  std::size_t limit = 0;
  const std::string& text = asked->second;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool is_number = failed == std::errc() && end == text.data() + text.size();
  if (is_number && limit >= 1 && limit <= kMaxListedFigures) return std::optional(limit);
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_argument",
                     "'figures' must be a number from 1 to " + std::to_string(kMaxListedFigures) +
                         ": how many of the figures that differ are listed"};
}

base::Result<Response> PlanCenter(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto body, ParseTextBody(*call.request, {"folder"}, {"figures"}));
  FANSIPAN_ASSIGN_OR_RETURN(const std::string folder, GetFolder(body));
  FANSIPAN_ASSIGN_OR_RETURN(const auto limit, FindFigureLimit(body));
  FANSIPAN_ASSIGN_OR_RETURN(const ApplyOutcome outcome, call.running->plan(folder));
  if (!outcome.problems.empty()) return ProblemsOfCenter(call, outcome.problems);
  JsonWriter json;
  json.BeginObject();
  WriteOutcome(json, outcome);
  if (limit) {
    FANSIPAN_ASSIGN_OR_RETURN(
        const FigureTrial trial,
        call.running->try_figures(folder, *limit, call.patience.AtMost(kTrialPatience)));
    WriteFigureTrial(json, "figures", trial);
  }
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// Of an apply: a folder with problems was not applied either.
base::Status StatusOf(const base::Result<ApplyOutcome>& outcome) {
  if (!outcome.ok()) return outcome.error();
  if (outcome->problems.empty()) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "center_invalid",
                     std::to_string(outcome->problems.size()) + " problems in the folder"};
}

base::Result<Response> ApplyCenter(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto body, ParseTextBody(*call.request, {"folder"}));
  FANSIPAN_ASSIGN_OR_RETURN(const std::string folder, GetFolder(body));
  const base::Result<ApplyOutcome> outcome = call.running->apply(folder);
  FANSIPAN_RETURN_IF_ERROR(RecordAct(call, "apply_center", "center", StatusOf(outcome),
                                     outcome.ok() ? "revision " + outcome->revision : ""));
  if (!outcome.ok()) return outcome.error();
  if (!outcome->problems.empty()) return ProblemsOfCenter(call, outcome->problems);
  JsonWriter json;
  json.BeginObject();
  WriteOutcome(json, *outcome);
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> Verify(Call& call) {
  const model::Snapshot snapshot = call.engine->snapshot();
  FANSIPAN_ASSIGN_OR_RETURN(const VerificationOutcome outcome, call.running->verify());
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.Integer("deliveries", static_cast<std::int64_t>(outcome.deliveries));
  json.Integer("read_again", static_cast<std::int64_t>(outcome.read_again));
  json.Integer("measures", static_cast<std::int64_t>(outcome.measures));
  json.Integer("moments", static_cast<std::int64_t>(outcome.moments));
  json.Integer("figures", static_cast<std::int64_t>(outcome.figures));
  json.Integer("changes", static_cast<std::int64_t>(outcome.changes));
  json.Integer("reported", static_cast<std::int64_t>(outcome.reported));
  json.BeginArray("findings");
  for (std::size_t i = 0; i < std::min(outcome.findings.size(), kMaxFindings); ++i) {
    json.BeginObject();
    json.Text("what", outcome.findings[i].what);
    json.Text("expected", outcome.findings[i].expected);
    json.Text("found", outcome.findings[i].found);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return Response::Json(200, json.Take());
}

base::Result<Response> GetStatus(Call& call) {
  const std::string refusal = call.running->intake_refusal();
  JsonWriter json;
  json.BeginObject();
  json.Text("program_version", call.services->program_version);
  json.Flag("ready", true);
  json.Moment("started_at", call.services->started_at);
  WriteSnapshot(json, call.engine->snapshot());
  json.Text("intake", refusal.empty() ? "open" : "refused");
  json.TextOrNull("intake_reason", refusal);
  json.Integer("viewers", static_cast<std::int64_t>(call.viewers));
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddOperationRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kPost, "/api/v1/center/plan", Right(security::Action::kPlanCenter),
                      PlanCenter, RouteOptions{.lane = Lane::kTrial, .local_only = true});
  routes.emplace_back(Method::kPost, "/api/v1/center/apply", Right(security::Action::kApplyCenter),
                      ApplyCenter, RouteOptions{.lane = Lane::kOperation, .local_only = true});
  routes.emplace_back(Method::kPost, "/api/v1/verify", Right(security::Action::kApplyCenter),
                      Verify, RouteOptions{.lane = Lane::kOperation, .local_only = true});
  routes.emplace_back(Method::kGet, "/api/v1/status", Right(security::Action::kReadMetrics),
                      GetStatus, RouteOptions{.local_only = true});
}

}  // namespace fansipan::http
