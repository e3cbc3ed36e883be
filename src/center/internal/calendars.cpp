#include "center/internal/calendars.h"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "center/internal/calendar_days.h"
#include "model/calendar.h"

namespace fansipan::center {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

/// A calendar as it stands in its file.
struct Entry {
  FileScope scope;
  const YamlNode* node = nullptr;
  enum class State { kUnread, kOnPath, kRead } state = State::kUnread;
  bool week_is_sound = false;  ///< once read: its own, and that of the calendar it extends
};

/// Reads every calendar after the one that it extends.
class CalendarReader {
 public:
  explicit CalendarReader(Draft& draft) : draft_(draft) {}

  void Collect() {
    for (const auto& [path, node] : draft_.documents) {
      if (!path.starts_with("calendars/")) continue;
      const FileScope scope = draft_.ScopeOf(path);
      const YamlMap file(node, scope, "calendars");
      file.Allow({"calendars"});
      const YamlNode* list = file.Find("calendars", Need::kRequired);
      if (list == nullptr) continue;
      const YamlMap calendars(*list, scope, "calendars");
      for (const YamlNode& entry : calendars.entries()) {
        if (!draft_.Declare(Kind::kCalendar, scope, entry)) continue;
        entries_.emplace(entry.key, Entry{scope, &entry});
      }
    }
  }

  void ReadAll() {
    if (entries_.size() > kMaxCalendars) {
      const Entry& entry = entries_.begin()->second;
      return entry.scope.Report(
          entry.node->anchor(),
          "the center has more than " + std::to_string(kMaxCalendars) + " calendars");
    }
    for (auto& [name, entry] : entries_) Read(name, entry);
  }

 private:
  void Read(const std::string& name, Entry& entry) {
    if (entry.state != Entry::State::kUnread) return;
    entry.state = Entry::State::kOnPath;
    const YamlMap map(*entry.node, entry.scope, "calendar '" + name + "'");
    map.Allow({"title", "extends", "week", "years"});
    Calendar read{.title = map.Localized("title", draft_.center.languages, Need::kOptional),
                  .timetable = model::WorkingTimetable(draft_.center.time_zone),
                  .file = entry.scope.file,
                  .line = map.at().line,
                  .column = map.at().column};
    model::WorkingCalendar calendar = ExtendedBy(map);
    calendar.name = name;
    entry.week_is_sound = ReadWeek(map, calendar);
    CalendarDays(draft_.center.languages, map, calendar).Read(entry.week_is_sound);
    read.timetable = model::WorkingTimetable(std::move(calendar), draft_.center.time_zone);
    draft_.center.calendars.emplace(name, std::move(read));
    entry.state = Entry::State::kRead;
  }

  /// What the calendar takes over; an empty one when it extends none, or none that can be read.
  model::WorkingCalendar ExtendedBy(const YamlMap& map) {
    const YamlNode* name = map.FindText("extends", Need::kOptional);
    if (name == nullptr) return {};
    const auto found = entries_.find(name->text);
    if (found == entries_.end()) {
      draft_.ReportUnknown(Kind::kCalendar, map.scope(), *name, map.what() + ": 'extends'");
      return {};
    }
    if (found->second.state == Entry::State::kOnPath) {
      map.Report(*name, "leads back to this calendar through '" + name->text +
                            "'; calendars must form no circle");
      return {};
    }
    Read(name->text, found->second);
    model::WorkingCalendar calendar =
        draft_.center.calendars.find(name->text)->second.timetable.calendar();
    calendar.extends = name->text;
    return calendar;
  }

  bool ExtendsASoundWeek(const model::WorkingCalendar& calendar) const {
    const auto extended = entries_.find(calendar.extends);
    return extended != entries_.end() && extended->second.week_is_sound;
  }

  /// False when it cannot be relied on.
  bool ReadWeek(const YamlMap& map, model::WorkingCalendar& calendar) {
    const bool extends = map.Has("extends");
    const std::size_t before = draft_.problems.count();
    const YamlNode* node = map.Find("week", extends ? Need::kOptional : Need::kRequired);
    const bool is_sound = !extends || ExtendsASoundWeek(calendar);
    if (node == nullptr) return extends && is_sound;
    const YamlMap week(*node, map.scope(), map.what());
    week.Allow({kDays[0], kDays[1], kDays[2], kDays[3], kDays[4], kDays[5], kDays[6]});
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if (week.Has(kDays[day])) calendar.week[day] = ReadHours(week, kDays[day], Need::kOptional);
    }
    if (!is_sound || draft_.problems.count() != before) return false;
    if (calendar.is_always())
      map.Report(*node, "has no working time; give at least one day a time");
    return !calendar.is_always();
  }

  Draft& draft_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace

void ReadCalendars(Draft& draft) {
  CalendarReader reader(draft);
  reader.Collect();
  reader.ReadAll();
}

}  // namespace fansipan::center
