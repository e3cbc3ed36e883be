#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "center/connectors/http_access.h"
#include "center/internal/yaml_map.h"
#include "center/source.h"

namespace fansipan::center {

/// Short enough to send, and printable ASCII.
bool IsPrintable(std::string_view text);

/// A URL without query that leads into `reach`, reported when it does not.
void ReadUrl(const YamlMap& map, std::string_view key, const std::vector<Reach>& reach,
             std::string& url);
/// What is wrong with such a URL; empty: nothing.
std::string UrlFault(const std::string& url, const std::vector<Reach>& reach);

/// Names and texts, which may hold `{secret:name}`.
std::map<std::string, std::string> ReadPairs(const YamlMap& map, std::string_view key);
/// The same as request headers; those that a connector sets itself are reported.
std::map<std::string, std::string> ReadHeaders(const YamlMap& map, std::string_view key);

/// `sign_in`, `same_origin_redirects`, `requests_per_minute` and `timeout`.
void ReadAccess(const YamlMap& map, const std::vector<Reach>& reach, HttpAccess& access);

}  // namespace fansipan::center
