#include "center/internal/center_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kCenterFile = "center.yaml";
constexpr std::size_t kMaxLanguages = 10;
constexpr int kMinutesPerDay = 24 * 60;
constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

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

// Minutes after midnight of "07:30", up to "24:00".
std::optional<int> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t index : {0U, 1U, 3U, 4U}) {
    if (text[index] < '0' || text[index] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > kMinutesPerDay) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<model::WorkingSpan> ParseSpan(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = ParseTimeOfDay(text.substr(0, 5));
  const auto to = ParseTimeOfDay(text.substr(6));
  if (!from || !to || *from >= *to) return std::nullopt;
  return model::WorkingSpan{*from, *to};
}

std::vector<model::WorkingSpan> ReadDay(const YamlMap& week, std::string_view day) {
  std::vector<model::WorkingSpan> spans;
  for (const YamlNode* text : week.Texts(day, Need::kOptional, 24)) {
    const auto span = ParseSpan(text->text);
    if (!span) {
      week.Report(*text, "'" + text->text +
                             "' is no time of work; allowed: from-to such as "
                             "\"07:30-11:30\", to 24:00 at most");
    } else if (!spans.empty() && span->from_minute < spans.back().to_minute) {
      week.Report(*text, "'" + text->text +
                             "' begins before the one before it ends; write them in "
                             "the day's order");
    } else {
      spans.push_back(*span);
    }
  }
  return spans;
}

void ReadCalendar(Draft& draft, const FileScope& scope, const YamlNode& entry) {
  const bool declared = draft.Declare(Kind::kCalendar, scope, entry);
  const YamlMap map(entry, scope, "calendar '" + entry.key + "'");
  map.Allow({"title", "week"});
  map.Localized("title", draft.center.languages, Need::kOptional);
  const YamlNode* week_node = map.Find("week", Need::kRequired);
  if (week_node == nullptr) return;
  const YamlMap week(*week_node, scope, map.what());
  week.Allow({kDays[0], kDays[1], kDays[2], kDays[3], kDays[4], kDays[5], kDays[6]});
  model::WorkingCalendar calendar{.name = entry.key};
  const std::size_t before = draft.problems.count();
  for (std::size_t day = 0; day < kDays.size(); ++day)
    calendar.week[day] = ReadDay(week, kDays[day]);
  if (calendar.is_always() && draft.problems.count() == before) {
    map.Report(*week_node, "has no working time; give at least one day a time");
  }
  if (declared) draft.center.calendars.emplace(entry.key, std::move(calendar));
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

void ReadCalendars(Draft& draft) {
  for (const auto& [path, node] : draft.documents) {
    if (!path.starts_with("calendars/")) continue;
    const FileScope scope = draft.ScopeOf(path);
    const YamlMap file(node, scope, "calendars");
    file.Allow({"calendars"});
    const YamlNode* list = file.Find("calendars", Need::kRequired);
    if (list == nullptr) continue;
    const YamlMap calendars(*list, scope, "calendars");
    for (const YamlNode& entry : calendars.entries()) ReadCalendar(draft, scope, entry);
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
