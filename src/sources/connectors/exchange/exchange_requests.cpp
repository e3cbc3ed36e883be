#include "sources/connectors/exchange/exchange_requests.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "center/network.h"
#include "model/spelling/ascii.h"
#include "sources/connectors/exchange/answer_reader.h"
#include "sources/connectors/http/media_type.h"
#include "sources/connectors/http/refused_status.h"
#include "sources/internal/base64.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

using center::AnswerKind;
using center::DocumentForm;
using center::ExchangeRequest;
using center::TemplateKind;

constexpr std::size_t kMaxShown = 200;

base::Error Refuse(const char* reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, reason, std::move(message)};
}

center::Format FormatOf(AnswerKind answer) {
  return answer == AnswerKind::kJson ? center::Format::kJson : center::Format::kXml;
}

/// SOAP has media types of its own, which end in +xml.
base::Status CheckKind(const HttpAnswer& answer, AnswerKind kind) {
  return CheckMediaType(answer.Header("content-type"), FormatOf(kind), {});
}

std::string HostOf(const ExchangeRequest& request) {
  const auto url = center::ParseUrl(center::FillTemplate(request.url, TemplateKind::kUrl, {}));
  return url ? url->host : "the exchange";
}

/// Every secret that a request names, by its place.
base::Status AddSecrets(const std::vector<const std::string*>& texts,
                        std::map<std::string, std::string>& values, Passage& passage) {
  constexpr std::string_view kSecret = "secret:";
  for (const std::string* text : texts) {
    for (const std::string& place : center::PlacesIn(*text)) {
      if (!place.starts_with(kSecret) || values.contains(place)) continue;
      FANSIPAN_ASSIGN_OR_RETURN(values[place], passage.Secret(place.substr(kSecret.size())));
    }
  }
  return {};
}

bool HasHeader(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(
      request.headers, [&](const auto& header) { return model::LowerAscii(header.first) == name; });
}

}  // namespace

std::string ShortLine(std::string_view text, std::size_t most) {
  const std::string whole = internal::AsUtf8(text);
  std::string line(internal::CutUtf8(whole, most));
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, ' ');
  return line;
}

ExchangeRequests::ExchangeRequests(const center::Source& source, base::MetricsRegistry& metrics,
                                   std::unique_ptr<HttpClient> client)
    : source_(source),
      exchange_(*source.exchange),
      session_(source, exchange_, "exchange", metrics, std::move(client)) {}

base::Result<HttpRequest> ExchangeRequests::Build(const ExchangeRequest& request,
                                                  const Values& values,
                                                  const std::string& accept) const {
  HttpRequest built;
  built.url = center::FillTemplate(request.url, TemplateKind::kUrl, values);
  char separator = '?';
  for (const auto& [key, text] : request.query) {
    const std::string value = center::FillTemplate(text, TemplateKind::kPlain, values);
    built.url += separator + EncodeForQuery(key) + "=" + EncodeForQuery(value);
    separator = '&';
  }
  for (const auto* headers : {&exchange_.headers, &request.headers}) {
    for (const auto& [name, text] : *headers) {
      built.headers.emplace_back(name, center::FillTemplate(text, TemplateKind::kPlain, values));
    }
  }
  if (!HasHeader(built, "accept")) built.headers.emplace_back("Accept", accept);
  if (!request.post) return built;
  built.body = center::FillTemplate(request.body, request.body_kind, values);
  if (request.body.empty() || HasHeader(built, "content-type")) return built;
  if (request.body_kind == TemplateKind::kJson) {
    built.headers.emplace_back("Content-Type", "application/json");
  } else if (request.body_kind == TemplateKind::kXml) {
    built.headers.emplace_back("Content-Type", "text/xml; charset=utf-8");
  }
  return built;
}

base::Result<HttpAnswer> ExchangeRequests::Send(const ExchangeRequest& request, Values values,
                                                const std::string& accept, Passage& passage) {
  std::vector<const std::string*> texts = {&request.url, &request.body};
  for (const auto* pairs : {&request.query, &request.headers, &exchange_.headers}) {
    for (const auto& [name, text] : *pairs) texts.push_back(&text);
  }
  FANSIPAN_RETURN_IF_ERROR(AddSecrets(texts, values, passage));
  FANSIPAN_ASSIGN_OR_RETURN(HttpRequest built, Build(request, values, accept));
  return session_.Fetch(std::move(built), passage);
}

/// An exchange may say within an answer of status 200 that it did not do what was asked.
base::Status ExchangeRequests::CheckSuccess(const ExchangeRequest& request,
                                            const HttpAnswer& answer) const {
  if (request.success_at.empty()) return {};
  FANSIPAN_RETURN_IF_ERROR(CheckKind(answer, request.answer));
  FANSIPAN_ASSIGN_OR_RETURN(const auto said, ReadTextAt(answer.body, request.answer,
                                                        request.success_at, source_.limits.depth));
  if (said == request.success_is) return {};
  return Refuse("exchange_refused", HostOf(request) + " says '" +
                                        ShortLine(said.value_or(""), kMaxShown) + "' at '" +
                                        request.success_at + "' instead of '" + request.success_is +
                                        "'; ask its operator");
}

base::Result<std::vector<std::string>> ExchangeRequests::List(std::size_t most, Passage& passage) {
  const ExchangeRequest& request = exchange_.list;
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer,
                            Send(request, {}, AcceptOf(FormatOf(request.answer), {}), passage));
  if (answer.status == 204) return std::vector<std::string>();
  if (answer.status != 200) return RefusedStatus(answer, HostOf(request), passage);
  if (answer.body.empty()) {
    return base::Error{base::ErrorCode::kUnavailable, "answer_empty",
                       HostOf(request) +
                           " answers with nothing where a list is due; it is asked "
                           "again later, ask its operator if it stays"};
  }
  FANSIPAN_RETURN_IF_ERROR(CheckKind(answer, request.answer));
  FANSIPAN_RETURN_IF_ERROR(CheckSuccess(request, answer));
  return ReadIds(answer.body, {.answer = request.answer,
                               .ids_at = exchange_.ids_at,
                               .id_at = exchange_.id_at,
                               .most = most,
                               .depth = source_.limits.depth});
}

base::Result<std::string> ExchangeRequests::Fetch(const std::string& id, Passage& passage) {
  const ExchangeRequest& request = exchange_.fetch;
  const bool whole = exchange_.form == DocumentForm::kWhole;
  const std::string accept = whole ? AcceptOf(source_.format, exchange_.content_types)
                                   : AcceptOf(FormatOf(request.answer), {});
  FANSIPAN_ASSIGN_OR_RETURN(HttpAnswer answer, Send(request, {{"id", id}}, accept, passage));
  if (answer.status != 200) return RefusedStatus(answer, HostOf(request), passage);
  if (answer.body.empty()) {
    return Refuse("document_not_found", HostOf(request) + " answers with nothing");
  }
  return TakeDocument(std::move(answer));
}

base::Result<std::string> ExchangeRequests::TakeDocument(HttpAnswer answer) const {
  const ExchangeRequest& request = exchange_.fetch;
  if (exchange_.form == DocumentForm::kWhole) {
    FANSIPAN_RETURN_IF_ERROR(
        CheckMediaType(answer.Header("content-type"), source_.format, exchange_.content_types));
    return std::move(answer.body);
  }
  FANSIPAN_RETURN_IF_ERROR(CheckKind(answer, request.answer));
  FANSIPAN_RETURN_IF_ERROR(CheckSuccess(request, answer));
  std::optional<std::string> document;
  if (exchange_.form == DocumentForm::kElement) {
    FANSIPAN_ASSIGN_OR_RETURN(
        document, ReadElementAt(answer.body, exchange_.document_at, source_.limits.depth));
  } else {
    FANSIPAN_ASSIGN_OR_RETURN(document, ReadTextAt(answer.body, request.answer,
                                                   exchange_.document_at, source_.limits.depth));
  }
  if (!document || document->empty()) {
    return Refuse("document_not_found", HostOf(request) + " sends no document at '" +
                                            exchange_.document_at +
                                            "'; compare the declaration with what it sends");
  }
  if (exchange_.form != DocumentForm::kBase64) return *std::move(document);
  auto bytes = internal::FromBase64(*document);
  if (bytes) return *std::move(bytes);
  return Refuse("document_unreadable",
                "what stands at '" + exchange_.document_at +
                    "' is no base64 with its padding, or was cut off; ask its operator");
}

base::Status ExchangeRequests::Report(const std::string& id, const std::string& status,
                                      const std::string& reason, Passage& passage) {
  const ExchangeRequest& request = exchange_.report;
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer,
                            Send(request, {{"id", id}, {"status", status}, {"reason", reason}},
                                 AcceptOf(FormatOf(request.answer), {}), passage));
  if (answer.status >= 200 && answer.status < 300) return CheckSuccess(request, answer);
  if (answer.status == 404 || answer.status == 409 || answer.status == 410) {
    return base::Error{base::ErrorCode::kNotFound, "report_unknown",
                       HostOf(request) + " knows of no such document that waits (status " +
                           std::to_string(answer.status) + ")"};
  }
  return RefusedStatus(answer, HostOf(request), passage);
}

}  // namespace fansipan::sources
