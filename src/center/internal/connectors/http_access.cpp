#include "center/internal/connectors/http_access.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include "center/internal/text_checks.h"
#include "center/network.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxPairs = 50;
constexpr std::size_t kMaxText = 1'000;
constexpr std::int64_t kMaxTimeout = 600;

bool IsHeaderName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameLength && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

/// Headers that the connector sets itself, or that would change what an answer is.
bool IsOwnHeader(std::string name) {
  name = model::LowerAscii(std::move(name));
  constexpr std::array<std::string_view, 10> kOwn = {"host",
                                                     "content-length",
                                                     "transfer-encoding",
                                                     "connection",
                                                     "accept-encoding",
                                                     "if-none-match",
                                                     "if-modified-since",
                                                     "range",
                                                     "te",
                                                     "upgrade"};
  return std::ranges::find(kOwn, name) != kOwn.end();
}

void ReadBasicUser(const YamlMap& map, HttpAccess& access) {
  const YamlNode* user = map.FindText("user", Need::kRequired);
  if (user == nullptr) return;
  if (user->text.find(':') != std::string::npos) map.Report(*user, "must have no colon");
  access.user = user->text;
}

void ReadSignIn(const YamlMap& source, const std::vector<Reach>& reach, HttpAccess& access) {
  const YamlNode* node = source.Find("sign_in");
  if (node == nullptr) return;
  const YamlMap map(*node, source.scope(), source.what() + ": 'sign_in'");
  const auto by = map.Choice("by", {"bearer", "basic", "oauth2"}, Need::kRequired);
  if (!by) return;
  access.sign_in = static_cast<HttpSignIn>(*by + 1);
  if (access.sign_in == HttpSignIn::kBearer) map.Allow({"by", "secret"});
  if (access.sign_in == HttpSignIn::kBasic) {
    map.Allow({"by", "user", "secret"});
    ReadBasicUser(map, access);
  }
  if (access.sign_in == HttpSignIn::kOAuth2) {
    map.Allow({"by", "client", "secret", "token_url", "scope"});
    ReadUrl(map, "token_url", reach, access.token_url);
    access.scope = map.Text("scope", Need::kOptional);
    access.user = map.Text("client", Need::kRequired);
  }
  if (const YamlNode* secret = map.FindName("secret", Need::kRequired)) {
    access.secret = secret->text;
  }
  for (const std::string* text : {&access.user, &access.scope}) {
    if (!IsPrintable(*text)) source.Report(*node, "must be printable ASCII");
  }
}

}  // namespace

bool IsPrintable(std::string_view text) {
  return text.size() <= kMaxText &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string UrlFault(const std::string& url, const std::vector<Reach>& reach) {
  const auto parts = ParseUrl(url);
  if (!parts || url.find('?') != std::string::npos) {
    return "must be a URL such as https://registry.example.vn/api/cases, without "
           "user, query and fragment; an address in the usual form";
  }
  const Reach* place = FindReach(reach, parts->host, parts->port);
  if (place == nullptr) {
    return "leads to " + parts->host + ", port " + std::to_string(parts->port) +
           ", which the source's 'reach' does not name";
  }
  if (!parts->secure && place->network == Network::kPublic) {
    return "must be https; http is for hosts whose 'network' in 'reach' is private, "
           "link_local or loopback";
  }
  return {};
}

void ReadUrl(const YamlMap& map, std::string_view key, const std::vector<Reach>& reach,
             std::string& url) {
  const YamlNode* node = map.FindText(key, Need::kRequired);
  if (node == nullptr) return;
  url = node->text;
  const std::string fault = UrlFault(url, reach);
  if (!fault.empty()) map.Report(*node, fault);
}

std::map<std::string, std::string> ReadPairs(const YamlMap& map, std::string_view key) {
  std::map<std::string, std::string> pairs;
  const YamlNode* node = map.Find(key);
  if (node == nullptr) return pairs;
  const YamlMap read(*node, map.scope(), map.what() + ": '" + std::string(key) + "'");
  if (read.entries().size() > kMaxPairs) {
    map.Report(*node, "has more than " + std::to_string(kMaxPairs) + " entries");
  }
  for (const YamlNode& entry : read.entries()) {
    const YamlNode* text = read.FindText(entry.key, Need::kRequired);
    if (text == nullptr) continue;
    if (!IsPrintable(text->text)) read.Report(*text, "must be printable ASCII");
    for (const std::string& name : SecretsIn(text->text)) {
      if (!IsName(name)) read.Report(*text, "names the secret '" + name + "', which is no name");
    }
    pairs[entry.key] = text->text;
  }
  return pairs;
}

std::map<std::string, std::string> ReadHeaders(const YamlMap& map, std::string_view key) {
  auto headers = ReadPairs(map, key);
  for (const auto& [name, value] : headers) {
    if (IsHeaderName(name) && !IsOwnHeader(name)) continue;
    map.Report(*map.Find(key), "has '" + name + "', which cannot be declared");
  }
  return headers;
}

void ReadAccess(const YamlMap& map, const std::vector<Reach>& reach, HttpAccess& access) {
  ReadSignIn(map, reach, access);
  access.same_origin_redirects = map.Flag("same_origin_redirects", false);
  access.requests_per_minute =
      static_cast<std::uint32_t>(map.Integer("requests_per_minute", {1, 6'000}, 60));
  const auto timeout = map.Duration("timeout");
  if (!timeout) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout).count();
  if (seconds < 1 || seconds > kMaxTimeout) {
    map.Report(*map.Find("timeout"), "allowed: 1s to 10m");
  }
  access.timeout_seconds =
      static_cast<std::uint32_t>(std::clamp(seconds, std::int64_t{1}, kMaxTimeout));
}

}  // namespace fansipan::center
