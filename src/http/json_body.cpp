#include "http/json_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/spelling/ascii.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxDepth = 4;

base::Error Wrong(std::string reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
}

/// The object, or a discarded value. Deep nesting is given up early, so that no stack is at risk.
nlohmann::json ParseShallow(const std::string& body) {
  const auto keep = [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    return depth <= static_cast<int>(kMaxDepth);
  };
  return nlohmann::json::parse(body, keep, false);
}

bool Names(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string MediaTypeOf(const Request& request) {
  const auto field = request.fields.Find("content-type");
  if (!field) return "";
  std::string type(field->substr(0, field->find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  return model::LowerAscii(std::move(type));
}

base::Result<TextMembers> ParseTextBody(const Request& request,
                                        const std::vector<std::string_view>& needed,
                                        const std::vector<std::string_view>& optional) {
  if (MediaTypeOf(request) != "application/json") {
    return base::Error{base::ErrorCode::kInvalidArgument, "unsupported_media_type",
                       "the body must be JSON, with Content-Type: application/json"};
  }
  const nlohmann::json json = ParseShallow(request.body);
  if (!json.is_object()) return Wrong("body_not_json", "the body must be one JSON object");
  TextMembers members;
  for (const auto& [name, value] : json.items()) {
    if (!Names(needed, name) && !Names(optional, name)) {
      return Wrong("body_wrong_members", "the body has a member '" + name + "' that nothing reads");
    }
    if (!value.is_string()) {
      return Wrong("body_wrong_members", "member '" + name + "' of the body must be text");
    }
    members[name] = value.get<std::string>();
  }
  for (const std::string_view name : needed) {
    if (!members.contains(name)) {
      return Wrong("body_wrong_members", "member '" + std::string(name) + "' is missing");
    }
  }
  return members;
}

}  // namespace fansipan::http
