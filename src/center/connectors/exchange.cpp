#include "center/connectors/exchange.h"

#include <utility>

namespace fansipan::center {

std::string_view NameOf(AnswerKind kind) { return kind == AnswerKind::kJson ? "json" : "xml"; }

std::string_view NameOf(DocumentForm form) {
  switch (form) {
    case DocumentForm::kWhole:
      return "whole";
    case DocumentForm::kText:
      return "text";
    case DocumentForm::kBase64:
      return "base64";
    case DocumentForm::kElement:
      return "element";
  }
  return "";
}

std::set<std::string> SecretsOf(const Exchange& exchange) {
  std::set<std::string> names;
  const auto take = [&](const std::string& text) {
    for (std::string& name : SecretsIn(text)) names.insert(std::move(name));
  };
  if (!exchange.secret.empty()) names.insert(exchange.secret);
  for (const auto& [key, text] : exchange.headers) take(text);
  for (const auto* request : {&exchange.list, &exchange.fetch, &exchange.report}) {
    for (const auto* texts : {&request->query, &request->headers}) {
      for (const auto& [key, text] : *texts) take(text);
    }
    take(request->body);
  }
  return names;
}

}  // namespace fansipan::center
