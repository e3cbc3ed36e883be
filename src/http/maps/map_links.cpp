#include "http/maps/map_links.h"

#include <fmt/format.h>

namespace fansipan::http {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool StandsAsItIs(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

std::string OriginOf(const Request& request, bool secure) {
  const auto host = request.fields.Find("host");
  if (!host) return "";
  return (secure ? "https://" : "http://") + std::string(*host);
}

void WriteLink(JsonWriter& json, const MapLink& link) {
  json.BeginObject();
  json.Text("rel", link.relation);
  json.Text("type", link.media_type);
  json.Text("href", link.address);
  json.EndObject();
}

std::string DegreesText(double degrees) { return fmt::format("{}", degrees); }

std::string EncodeFeatureId(const std::vector<std::string>& texts) {
  std::string id;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) id += ',';
    for (const char c : texts[i]) {
      if (StandsAsItIs(c) || (c == '.' && !id.empty())) {
        id += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      id += '!';
      id += kHex[byte >> 4U];
      id += kHex[byte & 0xFU];
    }
  }
  return id;
}

std::optional<std::vector<std::string>> DecodeFeatureId(std::string_view id) {
  std::vector<std::string> texts(1);
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (id[i] == ',') {
      texts.emplace_back();
    } else if (id[i] != '!') {
      texts.back() += id[i];
    } else {
      const std::size_t high = i + 2 < id.size() ? kHex.find(id[i + 1]) : std::string_view::npos;
      const std::size_t low = i + 2 < id.size() ? kHex.find(id[i + 2]) : std::string_view::npos;
      if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
      texts.back() += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  // One way to write an id, so that nothing else leads to the same feature.
  return EncodeFeatureId(texts) == id ? std::optional(texts) : std::nullopt;
}

}  // namespace fansipan::http
