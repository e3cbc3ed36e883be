#include "sources/connectors/http/http_pull.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "center/connectors/http_pull.h"
#include "center/network.h"
#include "center/source_contract.h"
#include "model/spelling/ascii.h"
#include "sources/connectors/http/http_session.h"
#include "sources/connectors/http/media_type.h"
#include "sources/connectors/http/page_reader.h"
#include "sources/connectors/http/pull_position.h"
#include "sources/connectors/http/refused_status.h"

namespace fansipan::sources {
namespace {

using center::HttpPull;
using center::Paging;

constexpr const char* kRequestRefused = "request_refused";
// Pages counted from the first may have shifted meanwhile: then the harvest begins again, and what
// was taken already is known as repeated.
constexpr base::Duration kCountedPagesHold = std::chrono::hours(1);
constexpr base::Duration kAhead = std::chrono::days(1);  // clocks differ, and so do time zones

base::Error Refuse(base::ErrorCode code, const char* reason, std::string message) {
  return {code, reason, std::move(message)};
}

/// `text` with every `from` as `to`.
/// Where a secret is to stand in a declared text.
std::string PlaceOf(const std::string& secret) { return fmt::format("{{secret:{}}}", secret); }

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  if (from.empty()) return text;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class HttpPullConnector final : public Connector {
 public:
  HttpPullConnector(const center::Source& source, base::MetricsRegistry& metrics,
                    std::unique_ptr<HttpClient> client)
      : source_(source),
        pull_(*source.http_pull),
        origin_(*center::ParseUrl(pull_.url)),
        session_(source, pull_, "http_pull", metrics, std::move(client)) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return pull_.every; }

 private:
  struct Page {
    HttpAnswer answer;
    PageFacts facts;
    bool empty = false;
    bool unchanged = false;
    bool last = true;
    std::string next;    ///< of the position, when it is not the last
    std::string sha256;  ///< of what it tells, by which it is known when it comes again
  };

  PullPosition Begin(Passage& passage) const;
  base::Result<Page> FetchPage(const PullPosition& position, Passage& passage);
  base::Result<std::string> UrlOf(const PullPosition& position, Passage& passage) const;
  base::Result<std::string> FillSecrets(std::string text, Passage& passage) const;
  bool IsBehindLastPage(const HttpAnswer& answer, const PullPosition& position) const;
  base::Status CheckEmpty(const HttpAnswer& answer, const PullPosition& position) const;
  std::string WithoutSecrets(const std::string& url, const PullPosition& position) const;
  static std::string DeclaredText(std::string text, const PullPosition& position);
  base::Status CheckAnswer(const HttpAnswer& answer, Passage& passage) const;
  base::Status ReadFacts(Page& page, const PullPosition& position, Passage& passage) const;
  base::Status FindNext(Page& page, const PullPosition& position, Passage& passage) const;
  base::Result<std::string> NextUrl(const Page& page, const PullPosition& position,
                                    Passage& passage) const;
  base::Result<HttpRequest> RequestTo(std::string url, Passage& passage) const;
  bool MayBeNews(const Page& page) const;
  bool IsRepeated(const Page& page, const PullPosition& position) const;
  base::Status NoteTold(Page& page, const PullPosition& position, Passage& passage);
  base::Result<std::string> AskTotal(const center::ControlPlace& place,
                                     const PullPosition& position, Passage& passage);
  base::Status CheckFuture(const std::string& marker) const;
  base::Status TakePage(Page page, PullPosition& position, Passage& passage) const;

  const center::Source& source_;
  const HttpPull& pull_;
  const center::UrlParts origin_;
  HttpSession session_;
};

/// Where the harvest goes on, or a new one begins.
PullPosition HttpPullConnector::Begin(Passage& passage) const {
  PullPosition position = Under(pull_, DecodePosition(passage.Position()));
  const bool counted = pull_.paging == Paging::kPage || pull_.paging == Paging::kOffset;
  const bool stale = counted && position.at && passage.Now() - *position.at > kCountedPagesHold;
  if (position.next.empty() || stale || pull_.paging == Paging::kNone) {
    position.seen.clear();
    position.next.clear();
    position.pages = 0;
    position.restarts = 0;
    position.begun = passage.Now();
    if (pull_.paging != Paging::kNone) position.sha256.clear();
  }
  return position;
}

base::Status HttpPullConnector::Ask(Passage& passage) {
  PullPosition position = Begin(passage);
  bool resumed = !position.next.empty();
  std::string future;
  std::set<std::string> asked = {position.next};
  for (;;) {
    auto fetched = FetchPage(position, passage);
    // A cursor that the source has forgotten meanwhile: once from the harvest's first page again.
    const bool by_cursor = pull_.paging == Paging::kCursor || pull_.paging == Paging::kLink;
    if (!fetched.ok() && resumed && by_cursor && position.restarts == 0 &&
        fetched.error().reason == kRequestRefused) {
      position.next.clear();
      position.seen.clear();
      position.sha256.clear();
      position.pages = 0;
      position.restarts = 1;
      position.begun = passage.Now();
      asked = {""};
      resumed = false;
      continue;
    }
    if (!fetched.ok()) return std::move(fetched).error();
    resumed = false;
    Page page = *std::move(fetched);
    passage.NoteContact();
    if (future.empty()) future = page.facts.future;
    const bool last = page.last;
    if (!last && (!asked.insert(page.next).second || position.pages + 1 >= pull_.max_pages)) {
      return Refuse(base::ErrorCode::kInvalidArgument, "paging_in_circle",
                    "the source's pages do not end: after " + std::to_string(position.pages + 1) +
                        " pages one was asked before, or max_pages is reached; ask its operator");
    }
    page.sha256 = base::ToHex(base::Sha256(page.answer.body));
    FANSIPAN_RETURN_IF_ERROR(NoteTold(page, position, passage));
    FANSIPAN_RETURN_IF_ERROR(TakePage(std::move(page), position, passage));
    if (last) return CheckFuture(future);
  }
}

/// No records where a number of them is promised are to be held against it, if they can be read.
bool HttpPullConnector::MayBeNews(const Page& page) const {
  if (page.unchanged) return false;
  if (!page.empty) return true;
  const bool reconciles =
      pull_.paging == Paging::kNone && center::ContractOf(source_).control_totals.has_value();
  return reconciles && page.answer.body.find_first_not_of(" \t\r\n") != std::string::npos;
}

/// The same again, of a source without pages: it lives, and nothing is new.
bool HttpPullConnector::IsRepeated(const Page& page, const PullPosition& position) const {
  return pull_.paging == Paging::kNone && !page.unchanged && page.sha256 == position.sha256;
}

/// The records are taken, all of them; the position stays with what lies before.
base::Status HttpPullConnector::CheckFuture(const std::string& marker) const {
  constexpr std::size_t kShown = 60;
  if (marker.empty()) return {};
  return Refuse(base::ErrorCode::kInvalidArgument, "since_in_future",
                "the source sends a record with '" + marker.substr(0, kShown) + "' at '" +
                    pull_.since_at +
                    "', which lies in the future: behind it no new record would be asked for, so "
                    "it is taken and does not move the position. Have it mended at the source");
}

/// Hands over what came, with where to go on; moves `position` there.
base::Status HttpPullConnector::TakePage(Page page, PullPosition& position,
                                         Passage& passage) const {
  const std::string since = position.since;
  const std::string& sha256 = page.sha256;
  const bool news = MayBeNews(page) && !IsRepeated(page, position);
  if (pull_.paging != Paging::kNone) {
    if (!page.empty && position.pages > 0 && sha256 == position.sha256) {
      return Refuse(base::ErrorCode::kInvalidArgument, "paging_in_circle",
                    "the source gives the same page again as the next one, after " +
                        std::to_string(position.pages) +
                        " pages; check paging, its parameter above all");
    }
    position.sha256 = sha256;
  }
  ++position.pages;
  position.at = passage.Now();
  if (IsBefore(position.seen, page.facts.largest)) position.seen = page.facts.largest;
  position.next = page.next;
  if (pull_.paging == Paging::kNone && !page.unchanged) {
    position.etag = page.answer.Header("etag");
    position.modified = page.answer.Header("last-modified");
    position.sha256 = sha256;
  }
  if (page.last) EndHarvest(position, pull_);
  if (position.since != since) {
    // They were said of another request.
    position.etag.clear();
    position.modified.clear();
  }
  if (news) ++position.taken;
  std::string encoded = Encode(position);
  if (!news) {
    const bool moved = encoded != passage.Position();
    return passage.Heartbeat(moved ? std::move(encoded) : std::string());
  }
  return passage.Deliver(std::move(page.answer.body), std::move(encoded));
}

base::Result<std::string> HttpPullConnector::FillSecrets(std::string text, Passage& passage) const {
  for (const std::string& name : center::SecretsIn(text)) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string secret, passage.Secret(name));
    text = Replaced(std::move(text), PlaceOf(name), secret);
  }
  return text;
}

base::Result<std::string> HttpPullConnector::UrlOf(const PullPosition& position,
                                                   Passage& passage) const {
  if (pull_.paging == Paging::kLink && !position.next.empty()) {
    std::string url = position.next;
    for (const auto& [key, text] : pull_.query) {
      for (const std::string& name : center::SecretsIn(text)) {
        FANSIPAN_ASSIGN_OR_RETURN(const std::string secret, passage.Secret(name));
        url = Replaced(std::move(url), PlaceOf(name), EncodeForQuery(secret));
      }
    }
    return url;
  }
  std::map<std::string, std::string> query;
  for (const auto& [key, text] : pull_.query) {
    FANSIPAN_ASSIGN_OR_RETURN(std::string filled, FillSecrets(text, passage));
    query[key] = Replaced(std::move(filled), "{since}", position.since);
  }
  const std::string& next = position.next;
  if (pull_.paging == Paging::kPage) {
    query[pull_.parameter] = next.empty() ? std::to_string(pull_.first_page) : next;
  } else if (pull_.paging == Paging::kOffset) {
    query[pull_.parameter] = next.empty() ? "0" : next;
  } else if (pull_.paging == Paging::kCursor && !next.empty()) {
    query[pull_.parameter] = next;
  }
  if (!pull_.size_parameter.empty()) {
    query[pull_.size_parameter] = std::to_string(pull_.page_size);
  }
  std::string url = pull_.url;
  char separator = '?';
  for (const auto& [key, text] : query) {
    url += separator + EncodeForQuery(key) + "=" + EncodeForQuery(text);
    separator = '&';
  }
  return url;
}

base::Result<HttpRequest> HttpPullConnector::RequestTo(std::string url, Passage& passage) const {
  HttpRequest request;
  request.url = std::move(url);
  for (const auto& [name, text] : pull_.headers) {
    FANSIPAN_ASSIGN_OR_RETURN(std::string value, FillSecrets(text, passage));
    request.headers.emplace_back(name, std::move(value));
  }
  return request;
}

/// Totals in a header of the answer, or in the answer to a second request. One that cannot be had
/// is not told, which the delivery shows: its rows are worth more than their count.
base::Status HttpPullConnector::NoteTold(Page& page, const PullPosition& position,
                                         Passage& passage) {
  const auto& totals = center::ContractOf(source_).control_totals;
  if (!totals || !MayBeNews(page) || (!page.empty && IsRepeated(page, position))) return {};
  std::map<std::string, std::string> told;
  for (const center::ControlPlace* place : center::PlacesOf(*totals)) {
    if (place->kind == center::ControlPlace::Kind::kHeader) {
      const std::string_view text = page.answer.Header(place->header);
      if (!text.empty()) told[place->ToldName()] = text;
    } else if (place->kind == center::ControlPlace::Kind::kCall) {
      auto text = AskTotal(*place, position, passage);
      if (!text.ok() && passage.stop().stop_requested()) return std::move(text).error();
      if (!text.ok()) base::LogWarning("source '{}': {}", source_.name, text.error().message);
      if (text.ok() && !text->empty()) told[place->ToldName()] = *std::move(text);
    }
  }
  std::erase_if(told, [](const auto& entry) { return entry.second.size() > kMaxToldText; });
  // Nothing and nothing again differ when another number is told of them.
  for (const auto& [name, text] : told) {
    if (!page.empty) break;
    page.sha256.append("\n").append(name).append("\n").append(text);
    page.sha256 = base::ToHex(base::Sha256(page.sha256));
  }
  passage.NoteTold(told);
  return {};
}

base::Result<std::string> HttpPullConnector::AskTotal(const center::ControlPlace& place,
                                                      const PullPosition& position,
                                                      Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(
      HttpRequest request,
      RequestTo(Replaced(place.url, "{since}", EncodeForQuery(position.since)), passage));
  request.headers.emplace_back("Accept", "application/json");
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer, session_.Fetch(std::move(request), passage));
  if (answer.status != 200) {
    return Refuse(base::ErrorCode::kUnavailable, "total_not_told",
                  origin_.host + " answers the request for its total with status " +
                      std::to_string(answer.status));
  }
  return ReadScalar(answer.body, place.at, source_.limits.depth);
}

base::Result<HttpPullConnector::Page> HttpPullConnector::FetchPage(const PullPosition& position,
                                                                   Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(std::string url, UrlOf(position, passage));
  FANSIPAN_ASSIGN_OR_RETURN(HttpRequest request, RequestTo(std::move(url), passage));
  const bool accepts = std::ranges::any_of(pull_.headers, [](const auto& header) {
    return model::LowerAscii(header.first) == "accept";
  });
  if (!accepts) {
    request.headers.emplace_back("Accept", AcceptOf(source_.format, pull_.content_types));
  }
  if (!position.etag.empty()) request.headers.emplace_back("If-None-Match", position.etag);
  if (!position.modified.empty()) {
    request.headers.emplace_back("If-Modified-Since", position.modified);
  }
  Page page;
  FANSIPAN_ASSIGN_OR_RETURN(page.answer, session_.Fetch(std::move(request), passage));
  const bool conditional = !position.etag.empty() || !position.modified.empty();
  page.unchanged = page.answer.status == 304 && conditional;
  if (page.unchanged) return page;
  if (IsBehindLastPage(page.answer, position)) {
    page.empty = page.last = true;
    return page;
  }
  FANSIPAN_RETURN_IF_ERROR(CheckAnswer(page.answer, passage));
  FANSIPAN_RETURN_IF_ERROR(CheckEmpty(page.answer, position));
  FANSIPAN_RETURN_IF_ERROR(ReadFacts(page, position, passage));
  return page;
}

/// Counted pages end with an empty one, or with one that is not there.
bool HttpPullConnector::IsBehindLastPage(const HttpAnswer& answer,
                                         const PullPosition& position) const {
  const bool counted = pull_.paging == Paging::kPage || pull_.paging == Paging::kOffset;
  return counted && !position.next.empty() && answer.status == 404;
}

/// What is empty may be a fault on the way: then it must not end a harvest.
base::Status HttpPullConnector::CheckEmpty(const HttpAnswer& answer,
                                           const PullPosition& position) const {
  const bool lines =
      source_.format == center::Format::kCsv || source_.format == center::Format::kNdjson;
  const bool first = position.next.empty();
  if (!answer.body.empty() || (answer.status == 204 && first)) return {};
  if (answer.status == 200 && lines && pull_.paging != Paging::kCursor) return {};
  return Refuse(base::ErrorCode::kUnavailable, "answer_empty",
                origin_.host + " answers with nothing where a " +
                    (first ? "text" : "further page") +
                    " is due; it is asked again later, ask its operator if it stays");
}

base::Status HttpPullConnector::CheckAnswer(const HttpAnswer& answer, Passage& passage) const {
  const int status = answer.status;
  if (status == 200 || status == 204) {
    if (answer.body.empty()) return {};
    return CheckMediaType(answer.Header("content-type"), source_.format, pull_.content_types);
  }
  return RefusedStatus(answer, origin_.host, passage);
}

base::Status HttpPullConnector::ReadFacts(Page& page, const PullPosition& position,
                                          Passage& passage) const {
  const std::string& body = page.answer.body;
  page.empty = body.find_first_not_of(" \t\r\n") == std::string::npos;
  if (!page.empty && source_.format == center::Format::kJson) {
    FANSIPAN_ASSIGN_OR_RETURN(page.facts, ReadPage(body, {.records_at = source_.json.records_at,
                                                          .since_at = pull_.since_at,
                                                          .next_at = pull_.next_at,
                                                          .depth = source_.limits.depth,
                                                          .latest = passage.Now() + kAhead}));
    page.empty = page.facts.records == 0;
  }
  return FindNext(page, position, passage);
}

base::Status HttpPullConnector::FindNext(Page& page, const PullPosition& position,
                                         Passage& passage) const {
  const auto number = [&](std::uint64_t first) {
    return position.next.empty() ? first : std::strtoull(position.next.c_str(), nullptr, 10);
  };
  switch (pull_.paging) {
    case Paging::kNone:
      break;
    case Paging::kPage:
      if (!page.empty) page.next = std::to_string(number(pull_.first_page) + 1);
      break;
    case Paging::kOffset:
      // By what came, not by what was asked for: a server may give fewer.
      if (!page.empty) page.next = std::to_string(number(0) + page.facts.records);
      break;
    case Paging::kCursor:
      page.next = page.facts.next;
      break;
    case Paging::kLink: {
      FANSIPAN_ASSIGN_OR_RETURN(page.next, NextUrl(page, position, passage));
      break;
    }
  }
  page.last = page.next.empty();
  return {};
}

/// As it is kept: without what the source may have repeated of the query's secrets.
base::Result<std::string> HttpPullConnector::NextUrl(const Page& page, const PullPosition& position,
                                                     Passage& passage) const {
  const auto link = NextLink(page.answer.Header("link"));
  if (!link) return std::string();
  FANSIPAN_ASSIGN_OR_RETURN(const std::string asked, UrlOf(position, passage));
  const auto url = ResolveUrl(asked, *link);
  const auto parts = url ? center::ParseUrl(*url) : std::nullopt;
  if (!parts || !parts->HasOriginOf(origin_)) {
    return Refuse(base::ErrorCode::kForbidden, "link_leads_elsewhere",
                  origin_.host + " names a next page at " +
                      (parts ? parts->host + ", port " + std::to_string(parts->port)
                             : std::string("no usable address")) +
                      "; only its own host and port are asked");
  }
  return WithoutSecrets(*url, position);
}

/// A parameter that holds a secret gets its declared text, however the source wrote it.
std::string HttpPullConnector::WithoutSecrets(const std::string& url,
                                              const PullPosition& position) const {
  const std::size_t query = url.find('?');
  if (query == std::string::npos) return url;
  std::string kept = url.substr(0, query);
  char separator = '?';
  for (std::size_t begin = query + 1; begin <= url.size();) {
    const std::size_t end = std::min(url.find('&', begin), url.size());
    const std::string pair = url.substr(begin, end - begin);
    const std::string name = DecodeFromQuery(pair.substr(0, pair.find('=')));
    const auto declared = pull_.query.find(name);
    const bool secret =
        declared != pull_.query.end() && !center::SecretsIn(declared->second).empty();
    kept += separator;
    kept += secret ? EncodeForQuery(name) + "=" + DeclaredText(declared->second, position) : pair;
    separator = '&';
    begin = end + 1;
  }
  return kept;
}

/// Percent-encoded, but for the names of its secrets.
std::string HttpPullConnector::DeclaredText(std::string text, const PullPosition& position) {
  const std::vector<std::string> names = center::SecretsIn(text);
  text = EncodeForQuery(Replaced(std::move(text), "{since}", position.since));
  for (const std::string& name : names) {
    const std::string word = PlaceOf(name);
    text = Replaced(std::move(text), EncodeForQuery(word), word);
  }
  return text;
}

}  // namespace

std::unique_ptr<Connector> MakeHttpPull(const center::Source& source,
                                        base::MetricsRegistry& metrics) {
  return MakeHttpPull(source, metrics, MakeHttpClient());
}

std::unique_ptr<Connector> MakeHttpPull(const center::Source& source,
                                        base::MetricsRegistry& metrics,
                                        std::unique_ptr<HttpClient> client) {
  return std::make_unique<HttpPullConnector>(source, metrics, std::move(client));
}

}  // namespace fansipan::sources
