#include "sources/connectors/http/media_type.h"

#include <algorithm>
#include <array>

#include "model/spelling/ascii.h"

namespace fansipan::sources {
namespace {

std::vector<std::string> UsualOf(center::Format format) {
  switch (format) {
    case center::Format::kCsv:
      return {"text/csv", "text/plain", "application/csv", "application/octet-stream"};
    case center::Format::kJson:
      return {"application/json", "text/json"};
    case center::Format::kNdjson:
      return {"application/x-ndjson", "application/ndjson", "application/jsonl",
              "application/json",     "text/plain",         "application/octet-stream"};
    case center::Format::kSdmxJson:
      return {"application/vnd.sdmx.data+json", "application/json"};
    case center::Format::kXml:
    case center::Format::kEdxml:
      return {"application/xml", "text/xml"};
    case center::Format::kWorkbook:
      return {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
              "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet",
              "application/octet-stream"};
    case center::Format::kParquet:
      return {"application/vnd.apache.parquet", "application/octet-stream"};
    case center::Format::kGeopackage:
      return {"application/geopackage+sqlite3", "application/octet-stream"};
    case center::Format::kShapefile:
      return {"application/zip", "application/x-zip-compressed", "application/octet-stream"};
    case center::Format::kGeojson:
      return {"application/geo+json", "application/json"};
    case center::Format::kKml:
      return {"application/vnd.google-earth.kml+xml", "application/vnd.google-earth.kmz",
              "application/octet-stream"};
  }
  return {};
}

/// application/problem+json is a JSON, but not what was asked for.
bool IsKindOf(std::string_view type, center::Format format) {
  if (format == center::Format::kJson || format == center::Format::kSdmxJson) {
    return type.ends_with("+json") && type != "application/problem+json";
  }
  const bool xml = format == center::Format::kXml || format == center::Format::kEdxml;
  return xml && type.ends_with("+xml") && type != "application/xhtml+xml";
}

/// Without parameters, in lower case.
std::string TypeOf(std::string_view content_type) {
  std::string type = model::LowerAscii(std::string(content_type.substr(0, content_type.find(';'))));
  std::erase(type, ' ');
  return type;
}

}  // namespace

base::Status CheckMediaType(std::string_view content_type, center::Format format,
                            const std::vector<std::string>& declared) {
  const std::string type = TypeOf(content_type);
  if (type.empty()) return {};
  const auto& allowed = declared.empty() ? UsualOf(format) : declared;
  if (std::ranges::find(allowed, type) != allowed.end()) return {};
  if (declared.empty() && IsKindOf(type, format)) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "wrong_media_type",
                     "the source answers with '" + type.substr(0, 100) + "' instead of " +
                         allowed.front() +
                         ": a page for people, of a sign-in perhaps; check url, or declare "
                         "content_types"};
}

base::Status CheckFileMediaType(std::string_view content_type) {
  const std::string type = TypeOf(content_type);
  constexpr std::array<std::string_view, 4> kForPeople = {
      "text/html", "application/xhtml+xml", "application/problem+json", "application/problem+xml"};
  if (std::ranges::find(kForPeople, type) == kForPeople.end()) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "wrong_media_type",
                     "the source answers with '" + type +
                         "' instead of a file: a page for people, of a sign-in perhaps; check url "
                         "and sign_in"};
}

std::string AcceptOf(center::Format format, const std::vector<std::string>& declared) {
  std::string accept;
  const auto& allowed = declared.empty() ? UsualOf(format) : declared;
  for (const std::string& type : allowed) accept += (accept.empty() ? "" : ", ") + type;
  return accept;
}

}  // namespace fansipan::sources
