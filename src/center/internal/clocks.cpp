#include "center/internal/clocks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "center/internal/expressions.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMaxAllowedDays = 3'660;
constexpr std::size_t kMaxUnitCalendars = 1'000;

using model::ClockOutput;
using model::ColumnType;

/// What an output is called on screens, behind its clock's title.
struct OutputWords {
  ColumnType type;
  std::string_view vietnamese;
  std::string_view english;
};
constexpr std::array<OutputWords, model::kClockOutputsWithStatedDue> kOutputs = {{
    {ColumnType::kTimestamp, "đến hạn", "due"},
    {ColumnType::kInteger, "đã dùng (phút làm việc)", "used (working minutes)"},
    {ColumnType::kInteger, "còn lại (phút làm việc)", "left (working minutes)"},
    {ColumnType::kTimestamp, "tạm dừng từ", "paused since"},
    {ColumnType::kText, "mức độ chắc chắn của lịch", "coverage of the calendar"},
    {ColumnType::kTimestamp, "hạn do trung tâm tính", "due as reckoned by the center"},
    {ColumnType::kInteger, "chênh lệch hạn (phút làm việc)", "difference of due (working minutes)"},
}};

model::Column OutputColumn(const model::CaseClock& clock, ClockOutput output) {
  const OutputWords& words = kOutputs.at(static_cast<std::size_t>(output));
  model::Column column;
  column.name = clock.name + "." + std::string(NameOf(output));
  column.type = words.type;
  column.optional = true;
  column.reckoned = true;
  for (const auto& [language, title] : clock.title) {
    column.title[language] =
        title + ": " + std::string(language == "vi" ? words.vietnamese : words.english);
  }
  if (output == ClockOutput::kCoverage) column.one_of = {"provisional", "outside"};
  return column;
}

bool IsWholeNumber(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
}

// Reads one clock.
class ClockStage {
 public:
  ClockStage(Draft& draft, const FileScope& scope, const YamlNode& entry, std::string dataset,
             const model::Dataset& told)
      : draft_(draft),
        scope_(scope),
        map_(entry, scope, std::move(dataset) + ": clock '" + entry.key + "'"),
        dataset_(told) {
    clock_.name = entry.key;
  }

  model::CaseClock Read() {
    map_.Allow(
        {"title", "calendar", "unit_calendars", "from", "until", "allowed", "paused", "due"});
    clock_.title = map_.Localized("title", draft_.center.languages, Need::kRequired);
    clock_.calendar = CalendarOf(map_);
    ReadUnitCalendars();
    clock_.from = Timestamp(map_, "from", Need::kRequired).value_or(0);
    clock_.until = Timestamp(map_, "until", Need::kOptional);
    ReadAllowed();
    ReadPaused();
    ReadDue();
    return std::move(clock_);
  }

 private:
  std::string CalendarOf(const YamlMap& map) {
    const YamlNode* name = map.FindText("calendar", Need::kRequired);
    if (name == nullptr) return "";
    if (draft_.center.FindCalendar(name->text) == nullptr) {
      draft_.ReportUnknown(Kind::kCalendar, scope_, *name, map.what() + ": 'calendar'");
    }
    return name->text;
  }

  // Index of the column that stands under a key, if it has one of the types; reports otherwise.
  std::optional<std::size_t> Column(const YamlMap& map, const YamlNode& node,
                                    std::initializer_list<ColumnType> types) {
    const auto accepts = [&](const model::Column& column) {
      return std::ranges::find(types, column.type) != types.end();
    };
    const auto index = dataset_.FindColumn(node.text);
    if (index && accepts(dataset_.columns[*index])) return index;
    std::vector<std::string> fitting;
    for (const model::Column& column : dataset_.columns) {
      if (accepts(column)) fitting.push_back(column.name);
    }
    std::string wanted;
    for (const ColumnType type : types) {
      wanted += (wanted.empty() ? "" : " or ") + std::string(model::NameOf(type));
    }
    const std::string message =
        index ? "names the column '" + node.text + "' of type " +
                    std::string(model::NameOf(dataset_.columns[*index].type)) + ", but it must be "
              : "names the column '" + node.text + "', which is not there; it must be ";
    map.Report(node, message + wanted + "; " + AllowedText(node.text, fitting));
    return std::nullopt;
  }

  std::optional<std::size_t> Timestamp(const YamlMap& map, std::string_view key, Need need) {
    const YamlNode* node = map.FindText(key, need);
    return node == nullptr ? std::nullopt : Column(map, *node, {ColumnType::kTimestamp});
  }

  void ReadUnitCalendars() {
    const YamlNode* list = map_.Find("unit_calendars");
    if (list == nullptr) return;
    if (list->kind != YamlNode::Kind::kList || list->items.size() > kMaxUnitCalendars) {
      map_.Report(*list, "must be a list of {tree, unit, calendar}, at most " +
                             std::to_string(kMaxUnitCalendars));
      return;
    }
    for (const YamlNode& item : list->items) {
      const YamlMap map(item, scope_, map_.what() + ": 'unit_calendars'");
      map.Allow({"tree", "unit", "calendar"});
      const auto tree = map.Choice("tree", {"territory", "organisation"}, Need::kRequired);
      const YamlNode* unit = map.FindText("unit", Need::kRequired);
      std::string calendar = CalendarOf(map);
      if (!tree || unit == nullptr) continue;
      const auto kind = *tree == 0 ? model::TreeKind::kTerritory : model::TreeKind::kOrganisation;
      CheckUnit(map, kind, *unit);
      clock_.unit_calendars.push_back({kind, unit->text, std::move(calendar)});
    }
  }

  void CheckUnit(const YamlMap& map, model::TreeKind kind, const YamlNode& unit) {
    const std::string tree(model::NameOf(kind));
    const auto& place =
        kind == model::TreeKind::kTerritory ? dataset_.territory : dataset_.organisation;
    if (!place) {
      map.Report(*map.Find("tree"), "is '" + tree + "', but the dataset has no place in that tree");
    } else if (!draft_.unsound_trees.contains(kind) &&
               !draft_.center.TreeOf(kind).FindByCode(unit.text)) {
      map.Report(unit, "is '" + unit.text + "', which " + tree + "/units.csv does not have");
    }
    const bool taken = std::ranges::any_of(clock_.unit_calendars, [&](const auto& before) {
      return before.tree == kind && before.unit == unit.text;
    });
    if (taken) map.Report(unit, "is '" + unit.text + "' a second time; a unit has one calendar");
  }

  void ReadAllowed() {
    const YamlNode* node = map_.Find("allowed", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'allowed'");
    map.Allow({"working_days", "working_time"});
    if (map.Has("working_days") == map.Has("working_time")) {
      map_.Report(*node,
                  "must have either 'working_days' (a number, or an integer column) or "
                  "'working_time' (such as 8h, or a column of hours)");
      return;
    }
    clock_.allowed.in_days = map.Has("working_days");
    if (const YamlNode* days = map.FindText("working_days", Need::kOptional)) {
      if (IsWholeNumber(days->text)) {
        clock_.allowed.days = map.Integer("working_days", {0, kMaxAllowedDays}, 0);
      } else {
        clock_.allowed.column = Column(map, *days, {ColumnType::kInteger});
      }
    }
    if (const YamlNode* time = map.FindText("working_time", Need::kOptional)) {
      if (IsWholeNumber(time->text.substr(0, 1))) {
        clock_.allowed.time = map.Duration("working_time").value_or(base::Duration(0));
      } else {
        clock_.allowed.column = Column(map, *time, {ColumnType::kInteger, ColumnType::kDecimal});
      }
    }
  }

  void ReadPaused() {
    const YamlNode* node = map_.Find("paused");
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'paused'");
    map.Allow({"when", "from", "until"});
    if (const YamlNode* when = map.Find("when")) ReadPausedWhen(map, *when);
    clock_.paused_from = Timestamp(map, "from", Need::kOptional);
    clock_.paused_until = Timestamp(map, "until", Need::kOptional);
    if (map.Has("from") != map.Has("until")) {
      map_.Report(*node, "must name both columns of a pause, 'from' and 'until', or neither");
    }
  }

  // The moments between which a status held are those of the order.
  void ReadPausedWhen(const YamlMap& map, const YamlNode& when) {
    clock_.paused_when = ReadCondition({draft_.parser, scope_, when, map.what() + ": 'when'"},
                                       dataset_, draft_.center.time_zone);
    if (!dataset_.order) return;
    const model::Column& order = dataset_.columns[*dataset_.order];
    if (order.type == ColumnType::kTimestamp || order.type == ColumnType::kDate) return;
    map.Report(when,
               "needs to know when a record changed, but its versions follow each other by '" +
                   order.name + "' of type " + std::string(model::NameOf(order.type)) +
                   "; order them by a timestamp, or name the columns 'from' and 'until' of "
                   "the pause");
  }

  void ReadDue() {
    const YamlNode* node = map_.Find("due");
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'due'");
    map.Allow({"stated", "authoritative", "tolerance"});
    model::StatedDue due;
    due.column = Timestamp(map, "stated", Need::kRequired).value_or(0);
    const auto authority = map.Choice("authoritative", {"center", "source"}, Need::kRequired);
    due.authoritative = authority == 1;
    due.tolerance = map.Duration("tolerance").value_or(base::Duration(0));
    clock_.stated_due = due;
  }

  Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  const model::Dataset& dataset_;
  model::CaseClock clock_;
};

void CheckName(const FileScope& scope, const YamlNode& entry, const std::string& what) {
  if (IsName(entry.key)) return;
  scope.Report(entry.anchor(), what + ": '" + entry.key + "' is no name of a clock; a name has " +
                                   std::string(kNameRule));
}

}  // namespace

void ReadClocks(Draft& draft, const FileScope& scope, const YamlMap& map, model::Dataset& dataset) {
  const YamlNode* node = map.Find("clocks");
  if (node == nullptr) return;
  const YamlMap clocks(*node, scope, map.what() + ": 'clocks'");
  if (dataset.kind != model::DatasetKind::kState) {
    map.Report(*node, "are for a dataset of kind state: an event has no time to run for");
    return;
  }
  if (clocks.entries().size() > model::kMaxClocks) {
    map.Report(*node, "are more than " + std::to_string(model::kMaxClocks));
    return;
  }
  const std::size_t before = draft.problems.count();
  std::vector<model::CaseClock> read;
  for (const YamlNode& entry : clocks.entries()) {
    CheckName(scope, entry, map.what());
    read.push_back(ClockStage(draft, scope, entry, map.what(), dataset).Read());
  }
  if (draft.problems.count() != before) {
    draft.unsound_datasets.insert(dataset.name);
    return;
  }
  for (model::CaseClock& clock : read) {
    clock.first_output = dataset.columns.size();
    for (std::size_t output = 0; output < clock.output_count(); ++output) {
      dataset.columns.push_back(OutputColumn(clock, static_cast<ClockOutput>(output)));
    }
  }
  dataset.clocks = std::move(read);
}

}  // namespace fansipan::center
