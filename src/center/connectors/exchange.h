#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/connectors/http_access.h"
#include "center/connectors/request_template.h"

namespace fansipan::center {

/// What an answer is read as.
enum class AnswerKind { kJson, kXml };
std::string_view NameOf(AnswerKind kind);

/// How a document stands in the answer that brings it.
enum class DocumentForm {
  kWhole,   ///< it is the answer
  kText,    ///< a text within it
  kBase64,  ///< a text in base64
  kElement  ///< an element of XML, with all that it holds, byte for byte
};
std::string_view NameOf(DocumentForm form);

/// One of the requests to an exchange, as a template. The path of `url`, the texts of `query` and
/// `body` may hold `{id}`, `{status}`, `{reason}` and `{secret:name}`, headers `{secret:name}`.
struct ExchangeRequest {
  std::string url;
  bool post = false;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  ///< beside those of all requests
  std::string body;                            ///< empty: none
  TemplateKind body_kind = TemplateKind::kJson;
  AnswerKind answer = AnswerKind::kJson;
  std::string success_at;  ///< where the answer says how it went; empty: its status alone does
  std::string success_is;  ///< what stands there when it went well
  bool operator==(const ExchangeRequest&) const = default;
};

/// An exchange that is asked which documents wait, for each of them, and told what became of it.
/// Places are JSON pointers or paths of elements, as the answer is.
struct Exchange : HttpAccess {
  base::Duration every{};                      ///< from the end of one asking to the next
  std::map<std::string, std::string> headers;  ///< of all requests

  ExchangeRequest list;
  std::string ids_at;            ///< array, or path of the elements that repeat
  std::string id_at;             ///< within each of them; empty: it is the id
  std::uint32_t max_ids = 1000;  ///< of one list; those beyond wait for the next one

  ExchangeRequest fetch;
  DocumentForm form = DocumentForm::kWhole;
  std::string document_at;                 ///< unless it is the whole answer
  std::vector<std::string> content_types;  ///< of whole ones; empty: those of the format

  ExchangeRequest report;
  std::string received;  ///< `{status}` of a document that is kept
  std::string refused;   ///< of one that can never be taken; empty: such a one is left waiting

  std::uint32_t max_documents = 10'000;  ///< of one asking; more wait for the next one
  bool operator==(const Exchange&) const = default;
};

/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const Exchange& exchange);

}  // namespace fansipan::center
