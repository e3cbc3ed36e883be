#include "center/connectors/http_access.h"

namespace fansipan::center {

std::string_view NameOf(HttpSignIn sign_in) {
  switch (sign_in) {
    case HttpSignIn::kNone:
      return "none";
    case HttpSignIn::kBearer:
      return "bearer";
    case HttpSignIn::kBasic:
      return "basic";
    case HttpSignIn::kOAuth2:
      return "oauth2";
  }
  return "";
}

std::vector<std::string> SecretsIn(std::string_view text) {
  constexpr std::string_view kBegin = "{secret:";
  std::vector<std::string> names;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at)) {
    at += kBegin.size();
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) break;
    names.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return names;
}

}  // namespace fansipan::center
