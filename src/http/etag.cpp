#include "http/etag.h"

namespace fansipan::http {
namespace {

constexpr const char* kRevalidate = "private, no-cache";

}  // namespace

std::string EtagOf(const Call& call, const model::Snapshot& snapshot) {
  return "W/\"" + std::to_string(snapshot.sequence.value) + "." +
         std::to_string(snapshot.tick.time_since_epoch().count()) + "." + snapshot.center_revision +
         "." + RightsOf(call.identity) + "\"";
}

std::string EtagOfCenter(const Call& call) {
  return "W/\"" + call.center().revision + "." + RightsOf(call.identity) + "\"";
}

bool HasEtag(const Request& request, const std::string& etag) {
  const auto asked = request.fields.Find("if-none-match");
  if (!asked) return false;
  const std::string_view opaque = std::string_view(etag).substr(etag.starts_with("W/") ? 2 : 0);
  return *asked == "*" || asked->find(opaque) != std::string_view::npos;
}

Response NotModified(const std::string& etag) { return WithEtag(Response::Empty(304), etag); }

Response WithEtag(Response response, const std::string& etag) {
  response.Set("ETag", etag);
  response.Set("Cache-Control", kRevalidate);
  return response;
}

}  // namespace fansipan::http
