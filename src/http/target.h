#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fansipan::http {

/// A request target in origin form, taken apart. Each segment and each query name and value is
/// decoded exactly once.
struct Target {
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;
};

/// There is one way to write a path. kNotFound with reason unknown_route for any other: empty or
/// dot segments, "%2F", "\", ";", control characters, a percent-encoded letter, digit, "-", ".",
/// "_" or
/// "~", bytes that are not UTF-8. kInvalidArgument with reason bad_query for a query that cannot be
/// decoded to UTF-8 text without control characters, or has more than 64 parameters.
base::Result<Target> ParseTarget(std::string_view text);

/// Percent-encodes all but unreserved characters.
std::string EncodeComponent(std::string_view text);

/// True for well-formed UTF-8.
bool IsUtf8(std::string_view bytes);

}  // namespace fansipan::http
