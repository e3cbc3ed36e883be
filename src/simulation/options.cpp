#include "simulation/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace fansipan::simulation {
namespace {

constexpr std::size_t kLargestBatch = 50'000;
constexpr std::size_t kMostConnections = 16;
constexpr std::chrono::seconds kLongestHistory = std::chrono::days(366 * 3);
constexpr double kMostCasesPerDay = 1'000'000;
constexpr double kFastestSpeed = 100'000;
constexpr double kRateOfOneConnection = 2'000;

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_option", std::move(message)};
}

struct UrlParts {
  std::string_view host;
  bool is_valid = false;
};

bool IsPort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

UrlParts SplitUrl(std::string_view url) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  if (url.starts_with(kHttp)) {
    url.remove_prefix(kHttp.size());
  } else if (url.starts_with(kHttps)) {
    url.remove_prefix(kHttps.size());
  } else {
    return {};
  }
  const bool is_bracketed = url.starts_with('[');
  const std::size_t end = is_bracketed ? url.find(']') : std::min(url.find(':'), url.size());
  if (end == std::string_view::npos || end == 0) return {};
  const std::string_view host = url.substr(0, is_bracketed ? end + 1 : end);
  const std::string_view rest = url.substr(host.size());
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]";
  if (host.find_first_not_of(kAllowed) != std::string_view::npos) return {};
  if (!rest.empty() && (rest[0] != ':' || !IsPort(rest.substr(1)))) return {};
  return {host, true};
}

/// Four decimal numbers, the first of them 127: nothing else that a resolver would read otherwise.
bool IsLoopbackAddress(std::string_view host) {
  int parts = 0;
  while (true) {
    const std::size_t end = std::min(host.find('.'), host.size());
    unsigned number = 256;
    const auto [stop, error] = std::from_chars(host.data(), host.data() + end, number);
    if (error != std::errc() || stop != host.data() + end || number > 255) return false;
    if (parts++ == 0 && number != 127) return false;
    if (end == host.size()) return parts == 4;
    host.remove_prefix(end + 1);
  }
}

bool IsWithin(double value, double low, double high) {
  return std::isfinite(value) && value >= low && value <= high;
}

base::Status CheckNumbers(const SimulationOptions& options) {
  if (!IsWithin(options.rate, 0, kFastestRate)) {
    return Wrong(
        fmt::format("--rate {}: allowed are 0 to {} rows a second", options.rate, kFastestRate));
  }
  if (!IsWithin(options.bad_rate, 0, 1)) {
    return Wrong(fmt::format("--bad {}: allowed is a share from 0 to 1", options.bad_rate));
  }
  if (!IsWithin(options.speed, 0.001, kFastestSpeed)) {
    return Wrong(fmt::format("--speed {}: allowed are 0.001 to {}", options.speed, kFastestSpeed));
  }
  if (!IsWithin(options.cases_per_day, 0, kMostCasesPerDay)) {
    return Wrong(fmt::format("--cases-per-day {}: allowed are 0 to {}", options.cases_per_day,
                             kMostCasesPerDay));
  }
  if (options.batch > kLargestBatch) {
    return Wrong(fmt::format("--batch {}: allowed are 1 to {} rows", options.batch, kLargestBatch));
  }
  if (options.connections > kMostConnections) {
    return Wrong(fmt::format("--connections {}: allowed are 1 to {}", options.connections,
                             kMostConnections));
  }
  if (options.history > kLongestHistory) {
    return Wrong("--history: allowed are 0 to 1098d");
  }
  if (options.heartbeat_every.count() < 1) {
    return Wrong("--heartbeat: at least 1s");
  }
  return {};
}

base::Status CheckTexts(const SimulationOptions& options) {
  if (!IsPlainUrl(options.url)) {
    return Wrong(
        fmt::format("--url {}: give the center's address without a path, such as "
                    "http://127.0.0.1:8080",
                    options.url));
  }
  if (!options.allow_remote && !IsLoopbackUrl(options.url)) {
    return Wrong(
        fmt::format("--url {} is not this machine; simulated cases go elsewhere only with "
                    "--allow-remote",
                    options.url));
  }
  constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  if (options.source.empty() ||
      options.source.find_first_not_of(kNameLetters) != std::string::npos) {
    return Wrong(fmt::format("--source '{}': a source's name has small letters, digits and _",
                             options.source));
  }
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (options.token.empty() ||
      !std::all_of(options.token.begin(), options.token.end(), is_visible)) {
    return Wrong(
        "the push token is empty or has letters that no token has; make one for the "
        "source and pass its file with --token-file");
  }
  return {};
}

}  // namespace

base::Result<SimulationOptions> CheckOptions(SimulationOptions options) {
  FANSIPAN_RETURN_IF_ERROR(CheckNumbers(options));
  FANSIPAN_RETURN_IF_ERROR(CheckTexts(options));
  if (options.batch == 0) {
    options.batch = static_cast<std::size_t>(std::clamp(options.rate / 4, 1'000.0, 5'000.0));
  }
  if (options.connections == 0) options.connections = options.rate > kRateOfOneConnection ? 4 : 1;
  return options;
}

base::Result<std::chrono::seconds> ParseSpan(std::string_view text) {
  if (text == "0") return std::chrono::seconds(0);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::int64_t kMost = 1'000'000'000;
  if (error == std::errc() && number >= 0 && number <= kMost) {
    if (unit == "s") return std::chrono::seconds(number);
    if (unit == "m") return std::chrono::seconds(std::chrono::minutes(number));
    if (unit == "h") return std::chrono::seconds(std::chrono::hours(number));
    if (unit == "d") return std::chrono::seconds(std::chrono::days(number));
  }
  return Wrong(
      fmt::format("'{}' is no span of time; write a number with s, m, h or d, such as 90s "
                  "or 60d",
                  text));
}

bool IsPlainUrl(std::string_view url) { return SplitUrl(url).is_valid; }

bool IsLoopbackUrl(std::string_view url) {
  const UrlParts parts = SplitUrl(url);
  return parts.is_valid &&
         (parts.host == "localhost" || parts.host == "[::1]" || IsLoopbackAddress(parts.host));
}

}  // namespace fansipan::simulation
