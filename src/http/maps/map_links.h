#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "http/rendering/json_writer.h"
#include "model/value.h"

namespace fansipan::http {

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kGeoJsonType = "application/geo+json";

/// A link of an answer, with an address that stands for itself.
struct MapLink {
  std::string_view relation;
  std::string_view media_type;
  std::string address;
};

/// Scheme and host as the request named them; the host was checked when it came.
std::string OriginOf(const Request& request, bool secure);
void WriteLink(JsonWriter& json, const MapLink& link);

/// Shortest text of the number, which is also JSON.
std::string DegreesText(double degrees);

/// The texts of a record's key as one path segment that no client writes otherwise: letters,
/// digits, "-" and "_" as they are, "." within, other bytes as "!" and two hex digits, "," between.
std::string EncodeFeatureId(const std::vector<std::string>& texts);
/// Nothing for a text that EncodeFeatureId never makes.
std::optional<std::vector<std::string>> DecodeFeatureId(std::string_view id);

}  // namespace fansipan::http
