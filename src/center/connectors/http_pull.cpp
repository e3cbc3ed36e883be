#include "center/connectors/http_pull.h"

namespace fansipan::center {

std::string_view NameOf(Paging paging) {
  switch (paging) {
    case Paging::kNone:
      return "none";
    case Paging::kPage:
      return "page";
    case Paging::kOffset:
      return "offset";
    case Paging::kCursor:
      return "cursor";
    case Paging::kLink:
      return "link";
  }
  return "";
}

std::set<std::string> SecretsOf(const HttpPull& pull) {
  std::set<std::string> names;
  if (!pull.secret.empty()) names.insert(pull.secret);
  for (const auto* texts : {&pull.query, &pull.headers}) {
    for (const auto& [key, text] : *texts) {
      for (std::string& name : SecretsIn(text)) names.insert(std::move(name));
    }
  }
  return names;
}

}  // namespace fansipan::center
