#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "center/connectors/file_fetch.h"
#include "sources/connectors/file_fetch/file_fetch.h"
#include "sources/connectors/file_fetch/file_listing.h"
#include "sources/connectors/http/media_type.h"
#include "sources/connectors/http/refused_status.h"
#include "sources/unpacking.h"

namespace fansipan::sources {
namespace {

constexpr int kOk = 200;
constexpr int kNotModified = 304;
constexpr int kNotFound = 404;
constexpr std::string_view kPacked = ".gz";
constexpr std::string_view kGzipStart = "\x1f\x8b";
constexpr std::size_t kMaxValidator = 1'000;

/// What is known of the file that was taken last: what is recorded as the source's position.
struct FileState {
  std::string of;  ///< the URL it speaks of
  std::string etag;
  std::string modified;  ///< its Last-Modified
  std::string sha256;
  std::uint64_t count = 0;  ///< files handed over, ever: no two deliveries have one position
};

std::string Encode(const FileState& state) {
  const nlohmann::json json = {{"of", state.of},
                               {"etag", state.etag},
                               {"modified", state.modified},
                               {"sha256", state.sha256},
                               {"count", state.count}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string TextAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

FileState Decode(const std::string& text, const std::string& of) {
  FileState state;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_object()) {
    const auto count = json.find("count");
    if (count != json.end() && count->is_number_unsigned()) {
      state.count = count->get<std::uint64_t>();
    }
    if (TextAt(json, "of") == of) {
      state.etag = TextAt(json, "etag");
      state.modified = TextAt(json, "modified");
      state.sha256 = TextAt(json, "sha256");
    }
  }
  state.of = of;
  return state;
}

/// A validator is sent back as it came; one that is absurdly long is as none.
std::string Validator(const HttpAnswer& answer, std::string_view name) {
  const std::string_view text = answer.Header(name);
  return text.size() <= kMaxValidator ? std::string(text) : std::string();
}

class HttpFileFetch final : public Connector {
 public:
  HttpFileFetch(const center::Source& source, std::unique_ptr<HttpClient> client,
                base::MetricsRegistry& metrics)
      : source_(source),
        fetch_(*source.file_fetch),
        url_(*center::ParseFileUrl(fetch_.url)),
        reach_(*center::FindReach(source.reach, url_.host, url_.port)),
        client_(std::move(client)),
        requests_(metrics.GetCounter("fansipan_connector_requests_total",
                                     "Requests that a connector sent",
                                     {{"source", source.name}, {"connector", "file_fetch"}})) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return fetch_.every; }

 private:
  base::Result<HttpRequest> RequestFor(const FileState& state, Passage& passage) const;
  base::Status Check(const HttpAnswer& answer, Passage& passage) const;
  base::Result<std::string> UnpackNamed(const std::string& name, HttpAnswer& answer) const;
  base::Status Take(HttpAnswer answer, FileState state, Passage& passage) const;

  const center::Source& source_;
  const center::FileFetch& fetch_;
  const center::FileUrl url_;
  const center::Reach reach_;
  const std::unique_ptr<HttpClient> client_;
  base::Counter& requests_;
};

base::Result<HttpRequest> HttpFileFetch::RequestFor(const FileState& state,
                                                    Passage& passage) const {
  HttpRequest request;
  request.url = fetch_.url;
  request.reach = reach_;
  request.timeout = std::chrono::seconds(fetch_.timeout_seconds);
  request.max_bytes = source_.limits.payload_bytes;
  request.authorities = fetch_.authorities;
  if (!state.etag.empty()) request.headers.emplace_back("If-None-Match", state.etag);
  if (!state.modified.empty()) request.headers.emplace_back("If-Modified-Since", state.modified);
  if (fetch_.secret.empty()) return request;
  FANSIPAN_ASSIGN_OR_RETURN(std::string secret, passage.Secret(fetch_.secret));
  if (fetch_.user.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + secret);
  } else {
    request.basic = {fetch_.user, std::move(secret)};
  }
  return request;
}

base::Status HttpFileFetch::Check(const HttpAnswer& answer, Passage& passage) const {
  if (answer.status == kOk) return CheckFileMediaType(answer.Header("content-type"));
  const std::string place = url_.host + ", port " + std::to_string(url_.port);
  if (answer.status == kNotFound) {
    return base::Error{base::ErrorCode::kUnavailable, "file_unreadable",
                       place + " has no file at the declared url"};
  }
  if (answer.status >= 300 && answer.status < 400) {
    return base::Error{base::ErrorCode::kInvalidArgument, "redirect_not_followed",
                       place +
                           " says that the file is elsewhere; declare that url: redirects are "
                           "not followed"};
  }
  return RefusedStatus(answer, place, passage);
}

/// A packed file may have been sent with Content-Encoding: gzip, which the client undid.
base::Result<std::string> HttpFileFetch::UnpackNamed(const std::string& name,
                                                     HttpAnswer& answer) const {
  const bool is_unpacked = !answer.Header("content-encoding").empty() &&
                           !std::string_view(answer.body).starts_with(kGzipStart);
  if (!name.ends_with(kPacked) || is_unpacked) return std::move(answer.body);
  return Unpack(answer.body, "gzip", source_.limits.payload_bytes);
}

base::Status HttpFileFetch::Take(HttpAnswer answer, FileState state, Passage& passage) const {
  const std::string sha256 = base::ToHex(base::Sha256(answer.body));
  state.etag = Validator(answer, "etag");
  state.modified = Validator(answer, "last-modified");
  if (sha256 == state.sha256) {
    std::string encoded = Encode(state);
    const bool moved = encoded != passage.Position();
    return passage.Heartbeat(moved ? std::move(encoded) : std::string());
  }
  state.sha256 = sha256;
  ++state.count;
  const std::string name = DecodeFromQuery(url_.file);
  FANSIPAN_ASSIGN_OR_RETURN(std::string file, UnpackNamed(name, answer));
  return passage.DeliverFile(IsUsableName(name) ? name : std::string(), std::move(file),
                             Encode(state));
}

base::Status HttpFileFetch::Ask(Passage& passage) {
  FileState state = Decode(passage.Position(), fetch_.url);
  FANSIPAN_ASSIGN_OR_RETURN(const HttpRequest request, RequestFor(state, passage));
  requests_.Add();
  FANSIPAN_ASSIGN_OR_RETURN(HttpAnswer answer, client_->Fetch(request, passage.stop()));
  const bool conditional = !state.etag.empty() || !state.modified.empty();
  if (answer.status == kNotModified && conditional) {
    passage.NoteContact();
    return passage.Heartbeat({});
  }
  FANSIPAN_RETURN_IF_ERROR(Check(answer, passage));
  passage.NoteContact();
  return Take(std::move(answer), std::move(state), passage);
}

}  // namespace

std::unique_ptr<Connector> MakeHttpFileFetch(const center::Source& source,
                                             std::unique_ptr<HttpClient> client,
                                             base::MetricsRegistry& metrics) {
  return std::make_unique<HttpFileFetch>(source, std::move(client), metrics);
}

}  // namespace fansipan::sources
