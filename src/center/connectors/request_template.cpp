#include "center/connectors/request_template.h"

#include <algorithm>
#include <optional>

namespace fansipan::center {
namespace {

constexpr std::string_view kSecret = "secret:";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

/// The place that begins at `at`, an opening brace: the name between its braces.
std::optional<std::string_view> PlaceAt(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 100;
  const std::size_t end = text.substr(0, at + kLongest).find('}', at);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(at + 1, end - at - 1);
  const bool known = name == "id" || name == "status" || name == "reason";
  if (known || (name.starts_with(kSecret) && name.size() > kSecret.size())) return name;
  return std::nullopt;
}

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_template", std::move(message)};
}

base::Status CheckJsonPlaces(std::string_view text) {
  bool quoted = false;
  bool escaped = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool place = text[at] == '{' && PlaceAt(text, at);
    if (place && (!quoted || escaped)) {
      return Wrong("has {" + std::string(*PlaceAt(text, at)) +
                   "} outside of quotes or behind a backslash; write \"{" +
                   std::string(*PlaceAt(text, at)) + "}\"");
    }
    if (escaped) {
      escaped = false;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (quoted && text[at] == '\\') {
      escaped = true;
    }
  }
  if (quoted) return Wrong("is no JSON: a quote is not closed");
  return {};
}

base::Status CheckXmlPlaces(std::string_view text) {
  bool tag = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (tag && quote == 0 && c == '{' && PlaceAt(text, at)) {
      return Wrong("has {" + std::string(*PlaceAt(text, at)) +
                   "} within a tag; it may stand in a text or a quoted attribute");
    }
    if (!tag && c == '<') {
      tag = true;
      if (text.substr(at).starts_with("<!")) {
        return Wrong("has '<!': comments, CDATA and document types have no place in it");
      }
    } else if (tag && quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (tag && quote != 0 && c == quote) {
      quote = 0;
    } else if (tag && quote == 0 && c == '>') {
      tag = false;
    }
  }
  if (tag) return Wrong("is no XML: a tag is not closed");
  return {};
}

void AppendJson(char c, std::string& text) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    text += '\\';
    text += c;
  } else if (byte < 0x20) {
    text += "\\u00";
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 15U];
  } else {
    text += c;
  }
}

void AppendXml(char c, std::string& text) {
  switch (c) {
    case '&':
      text += "&amp;";
      break;
    case '<':
      text += "&lt;";
      break;
    case '>':
      text += "&gt;";
      break;
    case '"':
      text += "&quot;";
      break;
    case '\'':
      text += "&apos;";
      break;
    default:
      text += c;
  }
}

void AppendPercent(char c, std::string& text) {
  const auto byte = static_cast<unsigned char>(c);
  const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
  if (plain) {
    text += c;
    return;
  }
  text += '%';
  text += kHexDigits[byte >> 4U];
  text += kHexDigits[byte & 15U];
}

void AppendEscaped(std::string_view value, TemplateKind kind, std::string& text) {
  for (const char c : value) {
    if (kind == TemplateKind::kJson) {
      AppendJson(c, text);
    } else if (kind == TemplateKind::kXml) {
      AppendXml(c, text);
    } else if (kind == TemplateKind::kPlain) {
      text += c;
    } else {
      AppendPercent(c, text);
    }
  }
}

}  // namespace

std::string_view NameOf(TemplateKind kind) {
  switch (kind) {
    case TemplateKind::kJson:
      return "json";
    case TemplateKind::kXml:
      return "xml";
    case TemplateKind::kForm:
      return "form";
    case TemplateKind::kUrl:
      return "url";
    case TemplateKind::kPlain:
      return "plain";
  }
  return "";
}

std::vector<std::string> PlacesIn(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (const auto name = PlaceAt(text, at)) names.emplace_back(*name);
  }
  return names;
}

base::Status CheckTemplate(std::string_view text, TemplateKind kind) {
  if (kind == TemplateKind::kJson) return CheckJsonPlaces(text);
  if (kind == TemplateKind::kXml) return CheckXmlPlaces(text);
  return {};
}

std::string FillTemplate(std::string_view text, TemplateKind kind,
                         const std::map<std::string, std::string>& values) {
  std::string filled;
  for (std::size_t at = 0; at < text.size();) {
    const auto name = text[at] == '{' ? PlaceAt(text, at) : std::nullopt;
    if (!name) {
      filled += text[at++];
      continue;
    }
    const auto value = values.find(std::string(*name));
    if (value != values.end()) AppendEscaped(value->second, kind, filled);
    at += name->size() + 2;
  }
  return filled;
}

}  // namespace fansipan::center
