#include "center/internal/center_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kCenterFile = "center.yaml";
constexpr std::size_t kMaxLanguages = 10;

bool IsLanguage(std::string_view text) {
  return text.size() >= 2 && text.size() <= 3 &&
         std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

void ReadLanguages(Draft& draft, const YamlMap& map) {
  for (const YamlNode* language : map.Texts("languages", Need::kRequired, kMaxLanguages)) {
    if (IsLanguage(language->text)) {
      draft.center.languages.push_back(language->text);
    } else {
      map.Report(*language, "'" + language->text +
                                "' is no language; allowed: codes of two or three letters such as "
                                "vi, en");
    }
  }
  const YamlNode* list = map.Find("languages");
  if (list != nullptr && list->kind == YamlNode::Kind::kList && list->items.empty()) {
    map.Report(*list, "must name at least one language");
  }
}

void ReadTimeZone(Draft& draft, const YamlMap& map) {
  const YamlNode* name = map.FindText("time_zone", Need::kRequired);
  if (name == nullptr) return;
  auto zone = base::TimeZone::Find(name->text);
  if (zone.ok()) {
    draft.center.time_zone = *std::move(zone);
  } else {
    map.Report(*name, "'" + name->text +
                          "' is no time zone; allowed: names such as "
                          "Asia/Ho_Chi_Minh, Europe/Paris, UTC");
  }
}

// Names of the folders under systems/, in order.
std::set<std::string> SystemFolders(const Draft& draft) {
  constexpr std::string_view kSystems = "systems/";
  std::set<std::string> folders;
  for (const auto& [path, content] : draft.center.files) {
    const std::size_t end = path.find('/', kSystems.size());
    if (path.starts_with(kSystems) && end != std::string::npos) {
      folders.insert(path.substr(kSystems.size(), end - kSystems.size()));
    }
  }
  return folders;
}

}  // namespace

void ReadCenterFile(Draft& draft) {
  const FileScope scope = draft.ScopeOf(std::string(kCenterFile));
  if (!draft.center.files.contains(kCenterFile)) {
    scope.Report({}, "the file is missing; it names the center, its languages and time zone");
  }
  const YamlNode* node = draft.FindDocument(kCenterFile);
  if (node == nullptr) return;
  const YamlMap map(*node, scope, "center");
  map.Allow({"name", "title", "languages", "time_zone", "public"});
  if (const YamlNode* name = map.FindName("name", Need::kRequired)) draft.center.name = name->text;
  ReadLanguages(draft, map);
  draft.center.title = map.Localized("title", draft.center.languages, Need::kRequired);
  ReadTimeZone(draft, map);
}

void ReadPublic(Draft& draft) {
  const FileScope scope = draft.ScopeOf(std::string(kCenterFile));
  const YamlNode* node = draft.FindDocument(kCenterFile);
  if (node == nullptr || node->kind != YamlNode::Kind::kMap) return;
  for (const YamlNode& entry : node->items) {
    if (entry.key != "public" || entry.kind == YamlNode::Kind::kNull) continue;
    const YamlMap map(entry, scope, "center: 'public'");
    map.Allow({"indicators"});
    for (const YamlNode* name : map.Texts("indicators", Need::kOptional, 5000)) {
      if (draft.center.FindIndicator(name->text) == nullptr) {
        draft.ReportUnknownIndicator(scope, *name, map.what());
      }
      draft.center.public_indicators.push_back(name->text);
    }
  }
}

void ReadSystems(Draft& draft) {
  for (const std::string& folder : SystemFolders(draft)) {
    const FileScope scope = draft.ScopeOf("systems/" + folder + "/system.yaml");
    if (!IsName(folder)) {
      scope.Report({}, "the folder '" + folder + "' is no name of a system; a name has " +
                           std::string(kNameRule));
    }
    System system{.name = folder, .title = {}};
    if (const YamlNode* node = draft.FindDocument(scope.file)) {
      const YamlMap map(*node, scope, "system '" + folder + "'");
      map.Allow({"title"});
      system.title = map.Localized("title", draft.center.languages, Need::kRequired);
    } else if (!draft.center.files.contains(scope.file)) {
      scope.Report({}, "the file is missing; it holds the system's title: {vi: …, en: …}");
    }
    draft.center.systems.push_back(std::move(system));
  }
}

}  // namespace fansipan::center
