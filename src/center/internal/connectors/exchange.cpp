#include "center/internal/connectors/exchange.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "center/connectors.h"
#include "center/internal/connectors/http_access.h"
#include "center/internal/text_checks.h"
#include "center/xml_path.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxBody = 16U << 10U;
constexpr std::string_view kIdPlace = "{id}";

bool IsSecret(const std::string& place) { return place.starts_with("secret:"); }

bool IsPointer(std::string_view text) { return text.size() > 1 && text[0] == '/'; }

class ExchangeReader {
 public:
  ExchangeReader(const YamlNode& node, const YamlMap& source, const Source& read)
      : map_(node, source.scope(), source.what() + ": 'exchange'"), read_(read) {}

  Exchange Read() {
    map_.Allow(FindConnector("exchange")->Keys());
    if (const auto every = map_.Duration("every")) {
      exchange_.every = *every;
    } else if (!map_.Has("every")) {
      map_.ReportMissing("every", "such as 1m");
    }
    exchange_.headers = ReadHeaders(map_, "headers");
    CheckPlaces(map_, "headers", exchange_.headers, {});
    ReadList();
    ReadFetch();
    ReadReport();
    for (const YamlNode* type : map_.Texts("content_types", Need::kOptional, 20)) {
      exchange_.content_types.push_back(model::LowerAscii(type->text));
    }
    if (exchange_.form != DocumentForm::kWhole && map_.Has("content_types")) {
      map_.Report(*map_.Find("content_types"), "is for documents that are whole answers");
    }
    exchange_.max_documents =
        static_cast<std::uint32_t>(map_.Integer("max_documents", {1, 1'000'000}, 10'000));
    ReadAccess(map_, read_.reach, exchange_);
    return std::move(exchange_);
  }

 private:
  using Places = std::vector<std::string_view>;

  /// The map of one of the three requests, with what all of them have read; nothing when it is not
  /// there.
  std::optional<YamlMap> ReadRequest(std::string_view key, std::vector<std::string_view> own,
                                     const Places& places, ExchangeRequest& request) {
    const YamlNode* node = map_.Find(key, Need::kRequired);
    if (node == nullptr) return std::nullopt;
    YamlMap map(*node, map_.scope(), map_.what() + ": '" + std::string(key) + "'");
    for (const auto* common :
         {"url", "method", "query", "headers", "body", "body_type", "answer", "success"}) {
      own.emplace_back(common);
    }
    map.Allow(own);
    ReadTarget(map, places, request);
    request.query = ReadPairs(map, "query");
    CheckPlaces(map, "query", request.query, places);
    request.headers = ReadHeaders(map, "headers");
    CheckPlaces(map, "headers", request.headers, {});
    ReadBody(map, places, request);
    if (const auto answer = map.Choice("answer", {"json", "xml"}, Need::kOptional)) {
      request.answer = static_cast<AnswerKind>(*answer);
    }
    ReadSuccess(map, request);
    return map;
  }

  void ReadTarget(const YamlMap& map, const Places& places, ExchangeRequest& request) {
    const YamlNode* node = map.FindText("url", Need::kRequired);
    if (node == nullptr) return;
    request.url = node->text;
    std::string filled = request.url;
    const bool has_id = std::ranges::find(places, "id") != places.end();
    for (std::size_t at = filled.find(kIdPlace); has_id && at != std::string::npos;
         at = filled.find(kIdPlace)) {
      filled.replace(at, kIdPlace.size(), "id");
    }
    const std::string fault = UrlFault(filled, read_.reach);
    const std::size_t host = request.url.find("//");
    const std::size_t path = host == std::string::npos ? host : request.url.find('/', host + 2);
    const std::size_t place = request.url.find('{');
    if (!fault.empty() || !PlacesIn(filled).empty()) {
      map.Report(*node,
                 fault.empty() ? "may hold {id} alone, in the requests for one document" : fault);
    } else if (place != std::string::npos && (path == std::string::npos || place < path)) {
      map.Report(*node, "may hold {id} in its path alone");
    }
  }

  void ReadBody(const YamlMap& map, const Places& places, ExchangeRequest& request) {
    const YamlNode* body = map.FindText("body", Need::kOptional);
    const auto kind = map.Choice("body_type", {"json", "xml", "form"},
                                 body == nullptr ? Need::kOptional : Need::kRequired);
    const auto method = map.Choice("method", {"get", "post"}, Need::kOptional);
    request.post = method ? *method == 1 : body != nullptr;
    if (kind) request.body_kind = static_cast<TemplateKind>(*kind);
    if (body == nullptr) {
      if (kind) map.Report(*map.Find("body_type"), "is for requests with a 'body'");
      return;
    }
    request.body = body->text;
    if (!request.post) map.Report(*body, "is for the method post");
    if (request.body.size() > kMaxBody) map.Report(*body, "has more than 16 KB");
    if (FindBadByte(request.body)) map.Report(*body, "has control characters, or is not UTF-8");
    const auto checked = CheckTemplate(request.body, request.body_kind);
    if (!checked.ok()) map.Report(*body, checked.error().message);
    CheckPlaces(map, "body", {{"body", request.body}}, places);
  }

  /// What is wrong with a place of a request; empty: nothing.
  static std::string FaultOf(const std::string& place, const Places& places) {
    if (IsSecret(place)) {
      const std::string secret = place.substr(std::string_view("secret:").size());
      return IsName(secret) ? "" : "names the secret '" + secret + "', which is no name";
    }
    const bool has_meaning = std::ranges::find(places, place) != places.end();
    return has_meaning ? "" : "has {" + place + "}, which means nothing here";
  }

  /// Only the places that mean something in this request.
  static void CheckPlaces(const YamlMap& map, std::string_view key,
                          const std::map<std::string, std::string>& texts, const Places& places) {
    for (const auto& [name, text] : texts) {
      for (const std::string& place : PlacesIn(text)) {
        const std::string fault = FaultOf(place, places);
        if (!fault.empty()) map.Report(*map.Find(key), fault);
      }
    }
  }

  /// A place in the answer, as it is read.
  static void ReadPlace(const YamlMap& map, std::string_view key, Need need, AnswerKind answer,
                        std::string& place) {
    const YamlNode* node = map.FindText(key, need);
    if (node == nullptr) return;
    place = node->text;
    if (answer == AnswerKind::kJson) {
      if (!IsPointer(place)) map.Report(*node, "must be a JSON pointer such as /items");
      return;
    }
    const auto parsed = ParseXmlRecordPath(place, {});
    if (!parsed.ok()) {
      map.Report(*node, "must be such as /*:Envelope/*:Body/*:id: " + parsed.error().message);
    }
  }

  static void ReadSuccess(const YamlMap& map, ExchangeRequest& request) {
    const YamlNode* node = map.Find("success");
    if (node == nullptr) return;
    const YamlMap success(*node, map.scope(), map.what() + ": 'success'");
    success.Allow({"at", "is"});
    ReadPlace(success, "at", Need::kRequired, request.answer, request.success_at);
    request.success_is = success.Text("is", Need::kRequired);
  }

  void ReadList() {
    const auto map = ReadRequest("list", {"ids_at", "id_at", "max_ids"}, {}, exchange_.list);
    if (!map) return;
    const AnswerKind answer = exchange_.list.answer;
    ReadPlace(*map, "ids_at", answer == AnswerKind::kXml ? Need::kRequired : Need::kOptional,
              answer, exchange_.ids_at);
    exchange_.max_ids = static_cast<std::uint32_t>(map->Integer("max_ids", {1, 10'000}, 1'000));
    const YamlNode* id = map->FindText("id_at", Need::kOptional);
    if (id == nullptr) return;
    exchange_.id_at = id->text;
    if (answer == AnswerKind::kJson && !IsPointer(id->text)) {
      map->Report(*id, "must be a JSON pointer within an item such as /id");
    }
    const auto parsed = ParseXmlColumnPath(id->text, {});
    if (answer == AnswerKind::kXml && !parsed.ok()) {
      map->Report(*id, "must be such as *:id or @id: " + parsed.error().message);
    }
  }

  void ReadFetch() {
    const auto map = ReadRequest("fetch", {"document"}, {"id"}, exchange_.fetch);
    if (!map) return;
    RequireId(*map, exchange_.fetch);
    const YamlNode* node = map->Find("document");
    if (node == nullptr) {
      if (!exchange_.fetch.success_at.empty()) {
        map->Report(*map->Find("success"), "is for answers in which 'document' has a place");
      }
      return;
    }
    const YamlMap document(*node, map_.scope(), map->what() + ": 'document'");
    document.Allow({"at", "form"});
    const auto form = document.Choice("form", {"text", "base64", "element"}, Need::kRequired);
    if (form) exchange_.form = static_cast<DocumentForm>(*form + 1);
    ReadPlace(document, "at", Need::kRequired, exchange_.fetch.answer, exchange_.document_at);
    if (exchange_.form == DocumentForm::kElement && exchange_.fetch.answer == AnswerKind::kJson) {
      document.Report(*document.Find("form"), "element is for answers in xml");
    }
  }

  void ReadReport() {
    const auto map = ReadRequest("report", {"received", "refused"}, {"id", "status", "reason"},
                                 exchange_.report);
    if (!map) return;
    RequireId(*map, exchange_.report);
    exchange_.received = map->Text("received", Need::kRequired);
    exchange_.refused = map->Text("refused", Need::kOptional);
    for (const auto* text : {&exchange_.received, &exchange_.refused}) {
      if (!IsPrintable(*text)) map_.Report(*map_.Find("report"), "has a status that is not ASCII");
    }
  }

  static void RequireId(const YamlMap& map, const ExchangeRequest& request) {
    std::string texts = request.url + request.body;
    for (const auto& [key, text] : request.query) texts += text;
    if (texts.find(kIdPlace) == std::string::npos) {
      map.ReportMissing("url", "or query or body with {id}, the document that is meant");
    }
  }

  YamlMap map_;
  const Source& read_;
  Exchange exchange_;
};

}  // namespace

std::shared_ptr<const Exchange> ReadExchange(const YamlMap& source, const Source& read) {
  const YamlNode* node = source.Find("exchange");
  if (node == nullptr) return nullptr;
  return std::make_shared<const Exchange>(ExchangeReader(*node, source, read).Read());
}

}  // namespace fansipan::center
