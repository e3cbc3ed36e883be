#include "center/load.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "center/internal/calendars.h"
#include "center/internal/center_file.h"
#include "center/internal/datasets.h"
#include "center/internal/draft.h"
#include "center/internal/folder.h"
#include "center/internal/indicators.h"
#include "center/internal/measures.h"
#include "center/internal/panels.h"
#include "center/internal/regimes.h"
#include "center/internal/reported/cross_checks.h"
#include "center/internal/sources.h"
#include "center/internal/units/groupings.h"
#include "center/internal/units/history.h"
#include "center/internal/units/units.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kRevisionDigits = 16;
using Files = std::map<std::string, std::string, std::less<>>;

const std::vector<std::string> kSystemFiles = {"system.yaml",     "sources.yaml", "datasets.yaml",
                                               "indicators.yaml", "targets.csv",  "panels.yaml"};
const std::vector<std::string> kTreeFiles = {"units.csv",        "codes.csv",     "events.csv",
                                             "attributes.csv",   "decisions.csv", "groups.csv",
                                             "group_members.csv"};

// Lengths go before the texts, so that no two different sets of files have the same bytes.
std::string RevisionOf(const Files& files) {
  std::string bytes;
  for (const auto& [path, content] : files) {
    bytes += std::to_string(path.size()) + ":" + path + std::to_string(content.size()) + ":";
    bytes += content;
  }
  return base::ToHex(base::Sha256(bytes)).substr(0, kRevisionDigits);
}

// The last component, and what is before it.
std::pair<std::string, std::string> SplitPath(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

void ReportUnknownFile(Draft& draft, const std::string& path, const std::string& hint) {
  draft.ScopeOf(path).Report({}, "the center has no place for this file; " + hint);
}

// Files of a system: its declarations, and below mappings/, queries/ and tests/ what they and the
// tests use.
void CheckSystemFile(Draft& draft, const std::string& path) {
  const std::size_t system_end = path.find('/', std::string_view("systems/").size());
  const std::string inside = system_end == std::string::npos ? "" : path.substr(system_end + 1);
  const bool declares = std::ranges::find(kSystemFiles, inside) != kSystemFiles.end();
  const bool is_sql = (inside.starts_with("mappings/") || inside.starts_with("queries/")) &&
                      inside.ends_with(".sql");
  if (declares || is_sql || inside.starts_with("tests/")) return;
  ReportUnknownFile(draft, path,
                    AllowedText(inside, kSystemFiles) +
                        ", and files in mappings/ and queries/ (.sql) and tests/");
}

void CheckFile(Draft& draft, const std::string& path) {
  const auto [folder, name] = SplitPath(path);
  if (path == "center.yaml" || path == "regimes.yaml") return;
  if (path.starts_with("systems/")) {
    CheckSystemFile(draft, path);
  } else if (folder == "territory" || folder == "organisation") {
    if (std::ranges::find(kTreeFiles, name) != kTreeFiles.end()) return;
    ReportUnknownFile(draft, path, AllowedText(name, kTreeFiles));
  } else if (folder == "calendars") {
    if (!name.ends_with(".yaml")) ReportUnknownFile(draft, path, "calendars end with .yaml");
  } else {
    ReportUnknownFile(draft, path,
                      "allowed here: center.yaml, regimes.yaml, territory/, organisation/, "
                      "calendars/, systems/, README.md");
  }
}

// The kinds that a file declares: what refers to them cannot be checked when it is unreadable.
std::vector<Kind> KindsIn(const std::string& path) {
  const std::string name = SplitPath(path).second;
  if (path.starts_with("calendars/")) return {Kind::kCalendar};
  if (path == "regimes.yaml") return {Kind::kRegime};
  if (name == "datasets.yaml") return {Kind::kDataset};
  if (name == "sources.yaml") return {Kind::kSource};
  if (name == "indicators.yaml") return {Kind::kFormulaName};
  if (name == "panels.yaml") return {Kind::kPanel};
  return {};
}

void ParseDocuments(Draft& draft) {
  for (const auto& [path, content] : draft.center.files) {
    const bool is_test = path.starts_with("systems/") && path.find("/tests/") != std::string::npos;
    if (!path.ends_with(".yaml") || is_test) continue;
    if (auto document = ParseYaml(draft.ScopeOf(path), content)) {
      draft.documents.emplace(path, *std::move(document));
    } else {
      for (const Kind kind : KindsIn(path)) draft.incomplete.insert(kind);
    }
  }
}

void CheckUnusedQueries(Draft& draft) {
  if (draft.incomplete.contains(Kind::kSource)) return;
  for (const auto& [path, content] : draft.center.files) {
    const bool is_query = path.starts_with("systems/") && path.ends_with(".sql") &&
                          path.find("/queries/") != std::string::npos;
    if (is_query && !draft.used_files.contains(path)) {
      draft.ScopeOf(path).Report({},
                                 "no source of the system names this query; name it under "
                                 "'query' of a database, or remove the file");
    }
  }
}

void CheckUnusedMappings(Draft& draft) {
  if (draft.incomplete.contains(Kind::kSource)) return;
  for (const auto& [path, content] : draft.center.files) {
    const bool is_mapping = path.starts_with("systems/") && path.ends_with(".sql") &&
                            path.find("/mappings/") != std::string::npos;
    if (is_mapping && !draft.used_files.contains(path)) {
      draft.ScopeOf(path).Report({},
                                 "no source of the system names this mapping; name it under "
                                 "'mappings', or remove the file");
    }
  }
}

void ReadDeclarations(Draft& draft) {
  ReadCenterFile(draft);
  // Without the languages nothing with a title can be read.
  if (draft.center.languages.empty()) return;
  ReadUnits(draft, model::TreeKind::kTerritory);
  ReadUnits(draft, model::TreeKind::kOrganisation);
  for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    ReadHistory(draft, kind);
    ReadGroupings(draft, kind);
  }
  ReadCalendars(draft);
  ReadRegimes(draft);
  ReadSystems(draft);
  ReadDatasets(draft);
  ReadSources(draft);
  ReadMeasures(draft);
  ReadIndicators(draft);
  ReadPanels(draft);
  ReadPublic(draft);
  ReadCrossChecks(draft);
  CheckUnusedMappings(draft);
  CheckUnusedQueries(draft);
  AddContradictions(draft);
}

LoadOutcome Finish(Draft& draft) {
  LoadOutcome outcome;
  if (draft.problems.count() == 0) {
    draft.center.revision = RevisionOf(draft.center.files);
    outcome.center = std::make_shared<const Center>(std::move(draft.center));
  }
  outcome.problems = draft.problems.Take(outcome.left_out);
  return outcome;
}

void Read(Draft& draft, Files&& files) {
  std::size_t bytes = 0;
  for (auto& [path, content] : files) {
    if (IsIgnored(path)) continue;
    bytes += content.size();
    draft.center.files.emplace(path, std::move(content));
  }
  if (draft.center.files.size() > kMaxFiles || bytes > kMaxFolderBytes) {
    draft.ScopeOf("center.yaml")
        .Report({}, "the center has more than " + std::to_string(kMaxFiles) + " files or " +
                        std::to_string(kMaxFolderBytes >> 20U) + " MB");
    return;
  }
  for (const auto& [path, content] : draft.center.files) CheckFile(draft, path);
  ParseDocuments(draft);
  ReadDeclarations(draft);
}

}  // namespace

std::string ToText(const Problem& problem) {
  return problem.file + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) +
         ": " + problem.message;
}

LoadOutcome LoadCenter(const std::string& folder, const model::ExpressionParser& parser) {
  Draft draft(parser);
  Files files = ReadFolder(folder, draft.problems);
  // A folder that cannot be read at all has been reported as such.
  if (!files.empty() || draft.problems.count() == 0) Read(draft, std::move(files));
  return Finish(draft);
}

LoadOutcome LoadCenterFiles(Files files, const model::ExpressionParser& parser) {
  Draft draft(parser);
  Read(draft, std::move(files));
  return Finish(draft);
}

}  // namespace fansipan::center
