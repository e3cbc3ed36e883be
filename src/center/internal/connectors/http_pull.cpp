#include "center/internal/connectors/http_pull.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "center/connectors.h"
#include "center/internal/connectors/http_access.h"
#include "center/internal/text_checks.h"
#include "center/network.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxReach = 50;
constexpr std::int64_t kMaxPort = 65'535;

bool IsPointer(std::string_view text) { return text.size() > 1 && text[0] == '/'; }

class PullReader {
 public:
  PullReader(const YamlNode& node, const YamlMap& source, const Source& read)
      : map_(node, source.scope(), source.what() + ": 'http_pull'"), read_(read) {}

  HttpPull Read() {
    map_.Allow(FindConnector("http_pull")->Keys());
    ReadUrl(map_, "url", read_.reach, pull_.url);
    pull_.query = ReadPairs(map_, "query");
    pull_.headers = ReadHeaders(map_, "headers");
    for (const auto& [name, value] : pull_.headers) {
      if (value.find("{since}") != std::string::npos) {
        map_.Report(*map_.Find("headers"), "has {since}, which is for 'query' only");
      }
    }
    if (const auto every = map_.Duration("every")) {
      pull_.every = *every;
    } else if (!map_.Has("every")) {
      map_.ReportMissing("every", "such as 15m");
    }
    ReadPaging();
    ReadSince();
    for (const YamlNode* type : map_.Texts("content_types", Need::kOptional, 20)) {
      pull_.content_types.push_back(model::LowerAscii(type->text));
    }
    ReadAccess(map_, read_.reach, pull_);
    return std::move(pull_);
  }

 private:
  bool IsJson() const { return read_.format == Format::kJson; }

  void ReadPaging() {
    const YamlNode* node = map_.Find("paging");
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'paging'");
    map.Allow({"by", "parameter", "size_parameter", "size", "first", "next_at", "max_pages"});
    const auto by = map.Choice("by", {"none", "page", "offset", "cursor", "link"}, Need::kRequired);
    if (!by) return;
    pull_.paging = static_cast<Paging>(*by);
    const bool counted = pull_.paging == Paging::kPage || pull_.paging == Paging::kOffset;
    const bool by_parameter = counted || pull_.paging == Paging::kCursor;
    const auto only = [&](std::string_view key, bool fits) {
      if (!fits && map.Has(key)) {
        map.Report(*map.Find(key),
                   "does not belong to paging by " + std::string(NameOf(pull_.paging)));
      }
    };
    only("parameter", by_parameter);
    only("size_parameter", counted);
    only("size", counted);
    only("first", pull_.paging == Paging::kPage);
    only("next_at", pull_.paging == Paging::kCursor);
    pull_.parameter = map.Text("parameter", by_parameter ? Need::kRequired : Need::kOptional);
    pull_.size_parameter = map.Text("size_parameter", Need::kOptional);
    pull_.page_size = static_cast<std::uint32_t>(map.Integer("size", {1, 100'000}, 100));
    pull_.first_page = static_cast<std::uint32_t>(map.Integer("first", {0, 1}, 1));
    pull_.max_pages = static_cast<std::uint32_t>(map.Integer("max_pages", {1, 1'000'000}, 10'000));
    if (by_parameter && !IsJson()) {
      map.Report(*node,
                 "by page, offset or cursor is for the format json, in which the end is seen");
    }
    if (pull_.paging == Paging::kCursor) {
      const YamlNode* next = map.FindText("next_at", Need::kRequired);
      if (next != nullptr && !IsPointer(next->text)) {
        map.Report(*next, "must be a JSON pointer such as /next_cursor");
      }
      if (next != nullptr) pull_.next_at = next->text;
    }
  }

  bool NamesSince() const {
    return std::ranges::any_of(pull_.query, [](const auto& pair) {
      return pair.second.find("{since}") != std::string::npos;
    });
  }

  void ReadSince() {
    const YamlNode* node = map_.Find("since");
    if (node == nullptr) {
      if (NamesSince()) map_.ReportMissing("since", "the query has {since}");
      return;
    }
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'since'");
    map.Allow({"by", "at", "start", "overlap"});
    const auto by = map.Choice("by", {"record", "clock"}, Need::kRequired);
    const YamlNode* start = map.FindText("start", Need::kRequired);
    if (start != nullptr) pull_.since_start = start->text;
    if (start != nullptr && !IsPrintable(start->text)) {
      map.Report(*start, "must be printable ASCII");
    }
    if (!NamesSince()) map_.Report(*node, "is of no use: no text of 'query' has {since}");
    if (!by) return;
    pull_.since_asked = *by == 1;
    if (pull_.since_asked) {
      pull_.since_overlap = map.Duration("overlap").value_or(std::chrono::minutes(10));
      if (map.Has("at")) map.Report(*map.Find("at"), "is for since by record");
      return;
    }
    if (map.Has("overlap")) map.Report(*map.Find("overlap"), "is for since by clock");
    const YamlNode* at = map.FindText("at", Need::kRequired);
    if (at == nullptr) return;
    pull_.since_at = at->text;
    if (!IsPointer(at->text)) {
      map.Report(*at, "must be a JSON pointer within a record such as /updated_at");
    }
    if (!IsJson()) map.Report(*node, "by record is for the format json");
  }

  YamlMap map_;
  const Source& read_;
  HttpPull pull_;
};

Reach ReadPlace(const YamlMap& map) {
  map.Allow({"host", "port", "network"});
  Reach place;
  place.port = static_cast<std::uint16_t>(map.Integer("port", {1, kMaxPort}, place.port));
  const auto network =
      map.Choice("network", {"public", "private", "link_local", "loopback"}, Need::kOptional);
  if (network) place.network = static_cast<Network>(*network);
  const YamlNode* host = map.FindText("host", Need::kRequired);
  if (host == nullptr) return place;
  place.host = host->text;
  if (!IsHost(place.host)) {
    map.Report(*host,
               "must be a name in lower case such as registry.example.vn, or an address "
               "in its usual form; no pattern");
    return place;
  }
  const auto address = ParseAddress(place.host);
  const auto lies = address ? NetworkOf(*address) : std::nullopt;
  if (address && lies != place.network) {
    map.Report(*host, lies ? "lies in the network " + std::string(NameOf(*lies)) +
                                 "; say so with 'network'"
                           : std::string("is an address that cannot be called"));
  }
  return place;
}

}  // namespace

std::vector<Reach> ReadReach(const YamlMap& source) {
  std::vector<Reach> reach;
  const YamlNode* node = source.Find("reach");
  if (node == nullptr) return reach;
  if (node->kind != YamlNode::Kind::kList || node->items.size() > kMaxReach) {
    source.Report(*node, "must be a list of at most " + std::to_string(kMaxReach) +
                             " places such as {host: registry.example.vn, port: 443}");
    return reach;
  }
  for (const YamlNode& item : node->items) {
    const YamlMap map(item, source.scope(), source.what() + ": place in 'reach'");
    Reach place = ReadPlace(map);
    if (FindReach(reach, place.host, place.port) != nullptr) {
      source.scope().Report(item.at, map.what() + ": stands there twice");
    }
    reach.push_back(std::move(place));
  }
  return reach;
}

std::shared_ptr<const HttpPull> ReadHttpPull(const YamlMap& source, const Source& read) {
  const YamlNode* node = source.Find("http_pull");
  if (node == nullptr) return nullptr;
  return std::make_shared<const HttpPull>(PullReader(*node, source, read).Read());
}

}  // namespace fansipan::center
