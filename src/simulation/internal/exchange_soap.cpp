#include "simulation/internal/exchange_soap.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "simulation/internal/documents.h"

namespace fansipan::simulation::internal {
namespace {

constexpr const char* kSoapType = "text/xml; charset=utf-8";

std::string Resolved(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kReferences = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string resolved;
  while (!text.empty()) {
    bool taken = false;
    for (const auto& [reference, character] : kReferences) {
      if (!text.starts_with(reference)) continue;
      resolved += character;
      text.remove_prefix(reference.size());
      taken = true;
      break;
    }
    if (taken) continue;
    resolved += text.front();
    text.remove_prefix(1);
  }
  return resolved;
}

ServedAnswer Envelope(int status, const std::string& body) {
  return {.status = status,
          .content_type = kSoapType,
          .body =
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<soap:Envelope "
              "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>" +
              body + "</soap:Body></soap:Envelope>\n"};
}

}  // namespace

std::string OperationOf(const ServedRequest& request) {
  std::string action = request.Header("soapaction");
  std::erase(action, '"');
  return action.substr(action.find_last_of(":/#") + 1);
}

std::string ElementText(const std::string& xml, const std::string& name) {
  for (std::size_t at = xml.find(name + ">"); at != std::string::npos;
       at = xml.find(name + ">", at + 1)) {
    const char before = at == 0 ? ' ' : xml[at - 1];
    if (before != ':' && before != '<') continue;
    const std::size_t from = at + name.size() + 1;
    return Resolved(std::string_view(xml).substr(from, xml.find('<', from) - from));
  }
  return {};
}

ServedAnswer SoapAnswer(const std::string& operation, const std::string& inner) {
  return Envelope(200, fmt::format("<x:{}Response xmlns:x=\"urn:fansipan:exchange\">{}"
                                   "</x:{}Response>",
                                   operation, inner, operation));
}

ServedAnswer SoapFault(int status, const std::string& words) {
  return Envelope(status, "<soap:Fault><faultcode>soap:Client</faultcode><faultstring>" +
                              EscapeXml(words) + "</faultstring></soap:Fault>");
}

std::string SoapIds(const std::vector<std::string>& ids, const std::string& name) {
  std::string text;
  for (const std::string& id : ids) {
    text.append("<x:").append(name).append(">").append(EscapeXml(id));
    text.append("</x:").append(name).append(">");
  }
  return text;
}

}  // namespace fansipan::simulation::internal
