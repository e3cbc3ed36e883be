#include <charconv>
#include <string>

#include "http/json_body.h"
#include "http/recorded_act.h"
#include "http/rendering/source_trial_rendering.h"
#include "http/resources/center_problems.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxRows = 1'000;

base::Result<std::size_t> ParseRows(const std::string& text) {
  std::size_t rows = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), rows);
  const bool is_number = failed == std::errc() && end == text.data() + text.size();
  if (is_number && rows <= kMaxRows) return rows;
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_argument",
                     "'rows' must be a number from 0 to " + std::to_string(kMaxRows) +
                         ": how many rows are shown"};
}

/// A folder may have the program speak with places and with secrets that nobody applied: that is
/// for whoever works at the machine.
base::Result<SourceTrialRequest> ParseAsked(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const TextMembers body,
                            ParseTextBody(*call.request, {}, {"folder", "rows"}));
  SourceTrialRequest asked;
  asked.source = call.PathText("name");
  if (const auto rows = body.find("rows"); rows != body.end()) {
    FANSIPAN_ASSIGN_OR_RETURN(asked.rows, ParseRows(rows->second));
  }
  if (!body.contains("folder")) {
    FANSIPAN_RETURN_IF_ERROR(call.GetSource(asked.source));
    return asked;
  }
  FANSIPAN_ASSIGN_OR_RETURN(asked.folder, GetFolder(body));
  if (call.request->local) return asked;
  return base::Error{base::ErrorCode::kForbidden, "local_only",
                     "a source of a folder is tried on the server's machine, with 'fansipan source "
                     "try " +
                         asked.source + " --center FOLDER'"};
}

base::Result<Response> TrySource(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const SourceTrialRequest asked, ParseAsked(call));
  FANSIPAN_RETURN_IF_ERROR(call.running->intake->CheckNotPaused(asked.source));
  FANSIPAN_RETURN_IF_ERROR(
      RecordAct(call, "try_source", "source:" + asked.source, {}, asked.folder));
  FANSIPAN_ASSIGN_OR_RETURN(const SourceTrial shown,
                            call.running->try_source(asked, call.patience));
  if (!shown.problems.empty()) return ProblemsOfCenter(call, shown.problems);
  JsonWriter json;
  json.BeginObject();
  WriteSourceTrial(json, shown);
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace

void AddSourceTrialRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kPost, "/api/v1/sources/{name}/try",
                      Right(security::Action::kTrySource), TrySource,
                      RouteOptions{.lane = Lane::kTrial});
}

}  // namespace fansipan::http
