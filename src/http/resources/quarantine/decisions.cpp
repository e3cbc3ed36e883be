#include <charconv>
#include <string>

#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/json_writer.h"
#include "http/resources/quarantine/filter.h"
#include "http/resources/routes.h"
#include "security/identity.h"
#include "sources/quarantine/decision_desk.h"

namespace fansipan::http {
namespace {

/// What is cut here is too long in characters, too: one has at most 4 bytes, an escape at most 10.
constexpr std::size_t kMaxReasonBytes = 4 * (sources::kMaxDecisionReason + 10);

base::Result<std::uint64_t> ParseCount(const std::string& text) {
  std::uint64_t count = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error == std::errc() && end == last && count > 0) return count;
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_count",
                     "member 'count' says how many rows the decision is about, such as \"12\""};
}

base::Result<model::QuarantineVerdict> ParseVerdict(const std::string& text) {
  if (const auto verdict = model::FindVerdict(text)) return *verdict;
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_verdict",
                     "member 'verdict' is accepted, discarded or reopened"};
}

base::Result<sources::BulkDecision> ParseDecision(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const TextMembers body,
                            ParseTextBody(*call.request, {"verdict", "reason"}, {"count"}));
  sources::BulkDecision decision;
  FANSIPAN_ASSIGN_OR_RETURN(decision.query, ParseQuarantineFilter(call));
  FANSIPAN_ASSIGN_OR_RETURN(decision.verdict, ParseVerdict(body.at("verdict")));
  if (const auto count = body.find("count"); count != body.end()) {
    FANSIPAN_ASSIGN_OR_RETURN(decision.count, ParseCount(count->second));
  }
  decision.reason = security::EscapeForRecord(body.at("reason"), kMaxReasonBytes);
  decision.decided_by = security::NameForAudit(call.identity);
  return decision;
}

/// For the audit.
std::string DetailOf(const sources::BulkDecision& decision, const sources::DecidedRows& done) {
  return std::to_string(done.rows) + " rows of " + std::to_string(done.deliveries) +
         " deliveries: " + decision.reason;
}

std::string_view ActOf(model::QuarantineVerdict verdict) {
  switch (verdict) {
    case model::QuarantineVerdict::kAccepted:
      return "accept_quarantined";
    case model::QuarantineVerdict::kReopened:
      return "reopen_quarantined";
    case model::QuarantineVerdict::kDiscarded:
      break;
  }
  return "discard_quarantined";
}

/// What the audit names: the source, or the delivery, or all.
std::string ObjectOf(const store::QuarantineQuery& query) {
  if (query.delivery) return "delivery " + std::to_string(query.delivery->value);
  return query.source.empty() ? "quarantine" : "source " + query.source;
}

base::Result<Response> Decide(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const sources::BulkDecision decision, ParseDecision(call));
  sources::Intake* intake = call.running->intake;
  const sources::DecisionParts parts{
      intake, call.running->facts, [&call, intake](const base::Patience& patience) {
        return call.running->wait_for_facts(intake->last_recorded(), patience);
      }};
  const auto done = sources::Decide(decision, parts, call.patience);
  FANSIPAN_RETURN_IF_ERROR(RecordAct(call, ActOf(decision.verdict), ObjectOf(decision.query),
                                     done.ok() ? base::Status() : done.error(),
                                     done.ok() ? DetailOf(decision, *done) : std::string()));
  if (!done.ok()) return done.error();
  JsonWriter json;
  json.BeginObject();
  json.Integer("rows", static_cast<std::int64_t>(done->rows));
  json.Integer("deliveries", static_cast<std::int64_t>(done->deliveries));
  json.Integer("read_again", static_cast<std::int64_t>(done->read_again));
  json.Integer("still_open", static_cast<std::int64_t>(done->still_open));
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddQuarantineDecisionRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kPost, "/api/v1/quarantine/decisions",
                      Right(security::Action::kDecideQuarantine, QuarantineObject), Decide,
                      RouteOptions{.lane = Lane::kOperation, .query = QuarantineParameters()});
}

}  // namespace fansipan::http
