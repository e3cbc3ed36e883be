#include "center/internal/draft.h"

#include <algorithm>

#include "center/internal/text_checks.h"

namespace fansipan::center {

std::string_view WordOf(Kind kind) {
  switch (kind) {
    case Kind::kCalendar:
      return "calendar";
    case Kind::kRegime:
      return "regime";
    case Kind::kDataset:
      return "dataset";
    case Kind::kSource:
      return "source";
    case Kind::kFormulaName:
      return "measure or indicator";
    case Kind::kCrossCheck:
      return "cross-check";
    case Kind::kPanel:
      return "panel";
  }
  return "";
}

const YamlNode* Draft::FindDocument(std::string_view file) const {
  const auto found = documents.find(file);
  return found == documents.end() ? nullptr : &found->second;
}

bool Draft::Declare(Kind kind, const FileScope& scope, const YamlNode& entry) {
  const std::string word(WordOf(kind));
  if (!IsName(entry.key)) {
    scope.Report(entry.anchor(), "'" + entry.key + "' is no name of a " + word + "; a name has " +
                                     std::string(kNameRule));
    return false;
  }
  const auto [place, added] =
      declared_[kind].try_emplace(entry.key, Declared{scope.file, entry.anchor()});
  if (!added) {
    scope.Report(entry.anchor(), "the " + word + " '" + entry.key + "' is already declared in " +
                                     place->second.file + ":" +
                                     std::to_string(place->second.at.line) +
                                     "; give one of them another name");
  }
  return added;
}

void Draft::ReportUnknown(Kind kind, const FileScope& scope, const YamlNode& reference,
                          const std::string& what) const {
  if (incomplete.contains(kind)) return;
  const std::string& name =
      reference.kind == YamlNode::Kind::kText ? reference.text : reference.key;
  scope.Report(reference.at, what + ": there is no " + std::string(WordOf(kind)) + " '" + name +
                                 "'; " + AllowedText(name, NamesOf(kind)));
}

void Draft::ReportUnknownIndicator(const FileScope& scope, const YamlNode& reference,
                                   const std::string& what) const {
  if (incomplete.contains(Kind::kFormulaName)) return;
  std::vector<std::string> names;
  for (const model::Indicator& indicator : center.indicators) names.push_back(indicator.name);
  const bool is_measure = center.FindMeasure(reference.text) != nullptr;
  scope.Report(reference.at,
               what + ": '" + reference.text +
                   (is_measure ? "' is a measure, not an indicator; " : "' is no indicator; ") +
                   AllowedText(reference.text, names));
}

std::vector<std::string> Draft::NamesOf(Kind kind) const {
  std::vector<std::string> names;
  const auto found = declared_.find(kind);
  if (found == declared_.end()) return names;
  for (const auto& [name, place] : found->second) names.push_back(name);
  return names;
}

}  // namespace fansipan::center
