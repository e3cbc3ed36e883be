#include "http/problem.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "http/rendering/json_writer.h"

namespace fansipan::http {
namespace {

using base::ErrorCode;

constexpr std::size_t kMaxNearest = 10;
constexpr std::string_view kMediaType = "application/problem+json";

/// Reasons whose status is not that of their code.
constexpr std::array<std::pair<std::string_view, int>, 15> kByReason{
    {{"idempotency_key_reused", 422},
     {"too_deep", 422},
     {"too_many_streams", 429},
     {"too_many_requests", 429},
     {"unknown_encoding", 415},
     {"unsupported_media_type", 415},
     {"body_too_slow", 408},
     {"host_refused", 421},
     {"invalid_argument", 400},
     {"unknown_parameter", 400},
     {"missing_parameter", 400},
     {"repeated_parameter", 400},
     {"invalid_parameter", 400},
     {"as_of_ahead", 400},
     {"invalid_cursor", 400}}};

/// Reasons for which a body that could be read as HTTP is refused for what it says.
constexpr std::array<std::string_view, 29> kUnprocessable{"not_utf8",
                                                          "not_json",
                                                          "cut_off",
                                                          "too_many_refused",
                                                          "wrong_columns",
                                                          "wrong_shape",
                                                          "byte_order_mark",
                                                          "duplicate_member",
                                                          "bad_compression",
                                                          "mapping_failed",
                                                          "worker_out_of_memory",
                                                          "worker_deadline",
                                                          "worker_crashed",
                                                          "password_too_short",
                                                          "password_too_long",
                                                          "password_too_common",
                                                          "password_is_name",
                                                          "password_not_utf8",
                                                          "account_name_invalid",
                                                          "display_name_invalid",
                                                          "token_label_invalid",
                                                          "center_has_problems",
                                                          "wrong_encoding",
                                                          "bad_quoting",
                                                          "invalid_utf8",
                                                          "not_an_object",
                                                          "too_many_columns",
                                                          "bad_geometry",
                                                          "outside_area"};

struct Kind {
  ErrorCode code;
  int status;
  std::string_view title;
};

constexpr std::array<Kind, 13> kKinds{
    {{ErrorCode::kInvalidArgument, 400, "What was asked or sent is wrong"},
     {ErrorCode::kNotFound, 404, "It does not exist"},
     {ErrorCode::kConflict, 409, "It contradicts something already there"},
     {ErrorCode::kUnauthenticated, 401, "Sign in first"},
     {ErrorCode::kForbidden, 403, "This is not allowed"},
     {ErrorCode::kTooLarge, 413, "A limit was exceeded"},
     {ErrorCode::kDeadlineExceeded, 503, "It took too long"},
     {ErrorCode::kUnavailable, 503, "Not now"},
     {ErrorCode::kStorageFull, 507, "The disk is full"},
     {ErrorCode::kCorrupt, 500, "Stored bytes are damaged"},
     {ErrorCode::kIo, 500, "The program failed"},
     {ErrorCode::kUnsupported, 500, "The program failed"},
     {ErrorCode::kInternal, 500, "The program failed"}}};

const Kind& KindOf(ErrorCode code) {
  const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind& known) { return known.code == code; });
  return kind == kKinds.end() ? kKinds.back() : *kind;
}

std::string CodeOf(int status, const base::Error& error) {
  if (status == 500) return error.code == ErrorCode::kCorrupt ? "corrupt" : "internal";
  return error.reason.empty() ? std::string(NameOf(error.code)) : error.reason;
}

std::string DetailOf(int status, const base::Error& error, std::string_view instance) {
  if (status != 500) return error.message;
  if (error.code == ErrorCode::kCorrupt) {
    return "what is stored does not match its checksum and is not shown; tell whoever runs the "
           "program, with the id " +
           std::string(instance);
  }
  return "the program could not do this; tell whoever runs it, with the id " +
         std::string(instance);
}

/// When to come back, in seconds: another time for each problem, so that those who are refused
/// together do not come back together. One whose question was too much asks it again late, if at
/// all.
std::string RetryAfter(int status, const base::Error& error, std::string_view instance) {
  std::uint64_t least = status == 503 ? 2 : 10;
  if (error.code == ErrorCode::kDeadlineExceeded || error.reason == "question_too_large")
    least = 20;
  if (error.reason == "source_paused") least = 60;
  const std::uint64_t spread = base::FingerprintOf(instance).low % (2 * least + 1);
  return std::to_string(least + spread);
}

void AddFields(Response& response, const base::Error& error, std::string_view instance) {
  const int status = response.status;
  if (status == 401) response.Set("WWW-Authenticate", "Bearer realm=\"fansipan\"");
  if (status == 429 || status == 503 || status == 507) {
    response.Set("Retry-After", RetryAfter(status, error, instance));
  }
}

}  // namespace

int StatusOf(const base::Error& error) {
  for (const auto& [reason, status] : kByReason) {
    if (reason == error.reason) return status;
  }
  const bool refused_content =
      std::find(kUnprocessable.begin(), kUnprocessable.end(), error.reason) != kUnprocessable.end();
  if (error.code == ErrorCode::kInvalidArgument && refused_content) return 422;
  return KindOf(error.code).status;
}

std::string ProblemMembers(int status, const base::Error& error, std::string_view instance) {
  const std::string code = CodeOf(status, error);
  JsonWriter json;
  json.BeginObject();
  json.Text("type", "urn:fansipan:problem:" + code);
  json.Text("title", KindOf(error.code).title);
  json.Integer("status", status);
  json.Text("code", code);
  json.Text("detail", DetailOf(status, error, instance));
  json.Text("instance", instance);
  json.EndObject();
  std::string text = json.Take();
  return text.substr(1, text.size() - 2);
}

Response BuildProblem(const base::Error& error, std::string_view instance,
                      const std::vector<std::string>& nearest) {
  const int status = StatusOf(error);
  std::string text = "{" + ProblemMembers(status, error, instance);
  if (!nearest.empty() && status < 500) {
    JsonWriter names;
    names.BeginArray();
    for (std::size_t i = 0; i < std::min(nearest.size(), kMaxNearest); ++i) {
      names.TextItem(nearest[i]);
    }
    names.EndArray();
    text += ",\"nearest\":" + names.Take();
  }
  Response response = Response::Of(status, std::string(kMediaType), text + "}");
  AddFields(response, error, instance);
  return response;
}

Response BuildProblem(int status, const base::Error& error, std::string_view instance) {
  Response response = Response::Of(status, std::string(kMediaType),
                                   "{" + ProblemMembers(status, error, instance) + "}");
  AddFields(response, error, instance);
  return response;
}

}  // namespace fansipan::http
