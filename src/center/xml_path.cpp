#include "center/xml_path.h"

#include <algorithm>

namespace fansipan::center {
namespace {

using Namespaces = std::map<std::string, std::string>;

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kFirst = "[1]";

base::Error Wrong(std::string_view path, const std::string& why) {
  return {base::ErrorCode::kInvalidArgument, "",
          "the path '" + std::string(path) + "' cannot be read: " + why};
}

/// Steps between slashes.
std::vector<std::string_view> StepsOf(std::string_view path) {
  std::vector<std::string_view> steps;
  while (true) {
    const std::size_t end = path.find('/');
    steps.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return steps;
    path.remove_prefix(end + 1);
  }
}

base::Result<XmlName> ParseName(std::string_view path, std::string_view step,
                                const Namespaces& namespaces) {
  XmlName name;
  const std::size_t colon = step.find(':');
  const std::string prefix(colon == std::string_view::npos ? "" : step.substr(0, colon));
  name.local = colon == std::string_view::npos ? step : step.substr(colon + 1);
  if (!IsXmlName(name.local)) {
    return Wrong(path, "'" + std::string(step) + "' is no name of an element or attribute");
  }
  if (prefix == "*") return name;
  if (colon == std::string_view::npos) {
    name.uri = "";
    return name;
  }
  const auto found = namespaces.find(prefix);
  if (found != namespaces.end()) {
    name.uri = found->second;
  } else if (prefix == "xml") {
    name.uri = kXmlNamespace;
  } else {
    return Wrong(path, "'namespaces' does not declare the prefix '" + prefix + "'");
  }
  return name;
}

base::Result<XmlPath> ParseSteps(std::string_view path, std::string_view steps_text,
                                 const Namespaces& namespaces) {
  XmlPath parsed;
  const std::vector<std::string_view> steps = StepsOf(steps_text);
  if (steps.size() > kMaxXmlSteps) {
    return Wrong(path, "it has more than " + std::to_string(kMaxXmlSteps) + " steps");
  }
  for (std::string_view step : steps) {
    if (parsed.attribute) return Wrong(path, "an attribute must be the last step");
    if (step.starts_with('@')) {
      FANSIPAN_ASSIGN_OR_RETURN(parsed.attribute, ParseName(path, step.substr(1), namespaces));
      continue;
    }
    const bool first = step.ends_with(kFirst);
    if (first) step.remove_suffix(kFirst.size());
    FANSIPAN_ASSIGN_OR_RETURN(XmlName name, ParseName(path, step, namespaces));
    name.first = first;
    parsed.elements.push_back(std::move(name));
  }
  return parsed;
}

}  // namespace

bool IsXmlName(std::string_view text) {
  const auto begins = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80U) != 0;
  };
  const auto goes_on = [&](char c) {
    return begins(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && begins(text[0]) && std::all_of(text.begin(), text.end(), goes_on);
}

base::Result<XmlPath> ParseXmlRecordPath(std::string_view text, const Namespaces& namespaces) {
  if (!text.starts_with('/')) return Wrong(text, "it must begin with / and the root element");
  FANSIPAN_ASSIGN_OR_RETURN(XmlPath path, ParseSteps(text, text.substr(1), namespaces));
  if (path.attribute) return Wrong(text, "a record is an element, not an attribute");
  if (std::ranges::any_of(path.elements, &XmlName::first)) {
    return Wrong(text, "[1] is for the paths of columns");
  }
  return path;
}

base::Result<XmlPath> ParseXmlColumnPath(std::string_view text, const Namespaces& namespaces) {
  if (text == ".") return XmlPath();
  if (text.starts_with('/')) {
    return Wrong(text, "it goes on from the record and must not begin with /");
  }
  return ParseSteps(text, text, namespaces);
}

}  // namespace fansipan::center
