#include "http/resources/center_problems.h"

#include <string>

#include "http/problem.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kProblemsInDetail = 20;

}  // namespace

base::Result<std::string> GetFolder(const TextMembers& body) {
  const std::string& folder = body.find("folder")->second;
  if (folder.starts_with('/')) return folder;
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_argument",
                     "'folder' must be an absolute path on the server's machine"};
}

Response ProblemsOfCenter(const Call& call, const std::vector<center::Problem>& problems) {
  std::string detail = "the folder has " + std::to_string(problems.size()) +
                       " problems; the running center is unchanged";
  JsonWriter json;
  json.BeginArray();
  for (std::size_t i = 0; i < problems.size(); ++i) {
    if (i < kProblemsInDetail) detail += "\n" + ToText(problems[i]);
    json.BeginObject();
    json.Text("file", problems[i].file);
    json.Integer("line", problems[i].line);
    json.Integer("column", problems[i].column);
    json.Text("message", problems[i].message);
    json.EndObject();
  }
  json.EndArray();
  const base::Error error{base::ErrorCode::kInvalidArgument, "center_has_problems",
                          std::move(detail)};
  return Response::Of(
      422, "application/problem+json",
      "{" + ProblemMembers(422, error, call.instance) + ",\"problems\":" + json.Take() + "}");
}

}  // namespace fansipan::http
