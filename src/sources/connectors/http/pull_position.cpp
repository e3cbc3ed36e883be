#include "sources/connectors/http/pull_position.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace fansipan::sources {
namespace {

bool IsWhole(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view WithoutZeros(std::string_view text) {
  const std::size_t first = text.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

/// Short, and other for other texts.
std::string Fingerprint(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ":" + text;
  constexpr std::size_t kDigits = 16;
  return base::ToHex(base::Sha256(joined)).substr(0, kDigits);
}

std::string TextAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<base::Timestamp> MomentAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return base::Timestamp(base::Duration(found->get<std::int64_t>()));
}

}  // namespace

std::string Encode(const PullPosition& position) {
  nlohmann::json json = nlohmann::json::object();
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  put("since", position.since);
  put("seen", position.seen);
  put("next", position.next);
  put("etag", position.etag);
  put("modified", position.modified);
  put("sha256", position.sha256);
  put("request", position.request);
  put("rule", position.rule);
  if (position.taken > 0) json["taken"] = position.taken;
  if (position.pages > 0) json["pages"] = position.pages;
  if (position.restarts > 0) json["restarts"] = position.restarts;
  if (position.begun) json["begun"] = position.begun->time_since_epoch().count();
  if (position.at) json["at"] = position.at->time_since_epoch().count();
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

PullPosition DecodePosition(const std::string& text) {
  PullPosition position;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return position;
  position.since = TextAt(json, "since");
  position.seen = TextAt(json, "seen");
  position.next = TextAt(json, "next");
  position.etag = TextAt(json, "etag");
  position.modified = TextAt(json, "modified");
  position.sha256 = TextAt(json, "sha256");
  position.request = TextAt(json, "request");
  position.rule = TextAt(json, "rule");
  const auto pages = json.find("pages");
  if (pages != json.end() && pages->is_number_unsigned()) {
    position.pages = pages->get<std::uint32_t>();
  }
  const auto restarts = json.find("restarts");
  if (restarts != json.end() && restarts->is_number_unsigned()) {
    position.restarts = restarts->get<std::uint32_t>();
  }
  const auto taken = json.find("taken");
  if (taken != json.end() && taken->is_number_unsigned()) {
    position.taken = taken->get<std::uint64_t>();
  }
  position.begun = MomentAt(json, "begun");
  position.at = MomentAt(json, "at");
  return position;
}

PullPosition Under(const center::HttpPull& pull, PullPosition position) {
  const auto paging = std::string(center::NameOf(pull.paging));
  std::vector<std::string> asked = {pull.url,
                                    paging,
                                    pull.parameter,
                                    pull.size_parameter,
                                    std::to_string(pull.page_size),
                                    std::to_string(pull.first_page)};
  for (const auto* pairs : {&pull.query, &pull.headers}) {
    asked.emplace_back();
    for (const auto& [name, text] : *pairs) asked.insert(asked.end(), {name, text});
  }
  const std::string request = Fingerprint(asked);
  const std::string rule =
      Fingerprint({pull.since_asked ? "clock" : "record", pull.since_at, pull.since_start});
  if (position.request != request) {
    position.next.clear();
    position.etag.clear();
    position.modified.clear();
    position.sha256.clear();
  }
  if (position.rule != rule) {
    position.next.clear();
    position.since = pull.since_start;
  }
  position.request = request;
  position.rule = rule;
  return position;
}

void EndHarvest(PullPosition& position, const center::HttpPull& pull) {
  if (pull.since_asked && position.begun) {
    position.since = MomentText(*position.begun - pull.since_overlap);
  } else if (!pull.since_at.empty() && IsBefore(position.since, position.seen)) {
    position.since = position.seen;
  }
  position.seen.clear();
  position.next.clear();
  position.pages = 0;
  position.restarts = 0;
  position.begun = std::nullopt;
  position.at = std::nullopt;
}

bool IsBefore(const std::string& left, const std::string& right) {
  if (!IsWhole(left) || !IsWhole(right)) return left < right;
  const std::string_view less = WithoutZeros(left);
  const std::string_view more = WithoutZeros(right);
  return less.size() != more.size() ? less.size() < more.size() : less < more;
}

std::string MomentText(base::Timestamp moment) {
  const auto second = std::chrono::floor<std::chrono::seconds>(moment);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace fansipan::sources
