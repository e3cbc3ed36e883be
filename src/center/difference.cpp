#include "center/difference.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "center/connectors.h"
#include "center/internal/connectors/connector_fields.h"
#include "center/internal/contracts/contract_fields.h"
#include "model/value.h"

namespace fansipan::center {
namespace {

using center::TextOf;  // beside those below

constexpr std::size_t kMaxLinesPerKind = 100;

using Things = std::map<std::string, Fields>;

Things CenterThings(const Center& center) {
  return {{center.name,
           {{"title", TextOf(center.title)},
            {"languages", TextOf(center.languages)},
            {"time_zone", center.time_zone.name()},
            {"public", TextOf(center.public_indicators)}}}};
}

// What the unit was before its last state.
std::string StatesText(const model::UnitTree& tree, const model::Unit& unit) {
  std::string joined;
  for (std::size_t index = 0; index + 1 < unit.states.size(); ++index) {
    const model::UnitState& state = unit.states[index];
    joined += Joined({TextOf(unit.states[index + 1].valid_from), state.level, TextOf(state.name),
                      TextOf(state.full_name),
                      state.parent == model::kNoUnit ? "" : tree.Get(state.parent).code});
  }
  return joined;
}

Things UnitThings(const model::UnitTree& tree) {
  Things things;
  for (std::uint32_t index = 0; index < tree.size(); ++index) {
    const model::UnitId id{index};
    const model::Unit& unit = tree.Get(id);
    things[unit.code] = {
        {"level", unit.level},
        {"name", TextOf(unit.name)},
        {"full_name", TextOf(unit.full_name)},
        {"parent", unit.parent == model::kNoUnit ? "" : tree.Get(unit.parent).code},
        {"states", StatesText(tree, unit)},
        {"valid_from", TextOf(unit.valid_from)},
        {"valid_to", TextOf(unit.valid_to)},
        {"place", TextOf(unit.latitude) + "," + TextOf(unit.longitude)},
        {"area_km2", TextOf(unit.area_km2)}};
  }
  return things;
}

// The lines of a tree's codes.csv, events.csv or attributes.csv: they have no names of their own.
Things LineThings(const Center& center, model::TreeKind kind, const std::string& name) {
  Things things;
  const auto file = center.files.find(std::string(model::NameOf(kind)) + "/" + name);
  if (file == center.files.end()) return things;
  std::istringstream lines(file->second);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.ends_with('\r')) line.pop_back();
    things.emplace(line, Fields());
  }
  return things;
}

std::string TextOf(const model::WorkingSpans& spans) {
  std::string joined;
  for (const model::WorkingSpan& span : spans) {
    joined += std::to_string(span.from_minute) + "-" + std::to_string(span.to_minute) + " ";
  }
  return joined;
}

std::string TextOf(const model::SpecialDay& day) {
  return Joined({std::string(model::NameOf(day.kind)), TextOf(day.other), TextOf(day.hours),
                 TextOf(day.title), TextOf(day.basis)});
}

Things CalendarThings(const Center& center) {
  Things things;
  for (const auto& [name, declared] : center.calendars) {
    const model::WorkingCalendar& calendar = declared.timetable.calendar();
    std::string week;
    for (const auto& day : calendar.week) week += TextOf(day) + "|";
    Fields& fields = things[name];
    fields = {{"title", TextOf(declared.title)}, {"extends", calendar.extends}, {"week", week}};
    for (const auto& [number, year] : calendar.years) {
      fields.emplace_back("year " + std::to_string(number),
                          Joined({TextOf(year.basis), year.provisional ? "1" : "0"}));
    }
    for (const auto& [day, special] : calendar.days) {
      fields.emplace_back(TextOf(day), TextOf(special));
    }
  }
  return things;
}

std::string TextOf(const std::optional<model::DueRule>& due) {
  if (!due) return "";
  return Joined({std::to_string(due->working_days), due->calendar, TextOf(due->basis)});
}

std::string TextOf(std::chrono::month_day day) {
  return std::to_string(static_cast<unsigned>(day.month())) + "-" +
         std::to_string(static_cast<unsigned>(day.day()));
}

Things RegimeThings(const Center& center) {
  Things things;
  for (const auto& regime : center.regimes) {
    Fields& fields = things[regime->name()];
    fields = {{"title", TextOf(regime->title())},
              {"basis", TextOf(regime->basis())},
              {"year", Joined({TextOf(regime->year().from),
                               regime->year().named_after_end ? "end" : "start"})}};
    for (const model::PeriodKind& kind : regime->kinds()) {
      std::string parts;
      for (const model::PeriodPart& part : kind.parts) {
        parts += Joined({part.name, TextOf(part.title), TextOf(part.from)});
      }
      fields.emplace_back(
          "kind " + kind.name,
          Joined({TextOf(kind.title), TextOf(kind.label), std::to_string(kind.months),
                  kind.cumulative ? "1" : "0", parts, TextOf(kind.due)}));
    }
  }
  return things;
}

Things SystemThings(const Center& center) {
  Things things;
  for (const System& system : center.systems) {
    things[system.name] = {{"title", TextOf(system.title)}};
  }
  return things;
}

std::string TextOf(const std::vector<RawColumn>& columns) {
  std::string joined;
  for (const RawColumn& column : columns) joined += Joined({column.name, column.path});
  return joined;
}

std::string TextOf(const XmlShape& xml, bool keep_bodies) {
  std::string namespaces;
  for (const auto& [prefix, uri] : xml.namespaces) namespaces += Joined({prefix, uri});
  return Joined(
      {xml.records_at, namespaces, TextOf(xml.columns), TextOf(xml.join), keep_bodies ? "1" : "0"});
}

std::string TextOf(const GeodataShape& geodata) {
  std::string geometry;
  for (const GeometryPart part : geodata.geometry) geometry += Joined({std::string(NameOf(part))});
  return Joined({geodata.layer, geodata.crs, geometry, TextOf(geodata.columns)});
}

void AppendSourceShape(const Source& source, Fields& fields) {
  const CsvDialect& csv = source.csv;
  const JsonShape& json = source.json;
  fields.emplace_back("format", std::string(NameOf(source.format)));
  fields.emplace_back("encoding", std::string(NameOf(source.encoding)));
  fields.emplace_back("csv", Joined({{csv.delimiter},
                                     {csv.quote},
                                     csv.header ? std::to_string(csv.header_rows) : "0",
                                     std::to_string(csv.skip),
                                     csv.header_has,
                                     csv.ends_at,
                                     TextOf(csv.null_texts),
                                     TextOf(csv.columns),
                                     csv.byte_order_mark ? "1" : "0"}));
  fields.emplace_back("json", Joined({json.records_at, TextOf(json.columns)}));
  fields.emplace_back("xml", TextOf(source.xml, source.keep_bodies));
  const WorkbookShape& workbook = source.workbook;
  fields.emplace_back("workbook", Joined({workbook.sheet, workbook.range, workbook.header_has,
                                          std::to_string(workbook.header_rows), workbook.ends_at,
                                          workbook.fill_merged ? "1" : "0",
                                          TextOf(workbook.null_texts), TextOf(workbook.columns)}));
  fields.emplace_back("parquet", TextOf(source.parquet.columns));
  fields.emplace_back("geodata", TextOf(source.geodata));
  fields.emplace_back("skip_rows", source.skip_rows);
}

Things SourceThings(const Center& center) {
  Things things;
  for (const Source& source : center.sources) {
    const Limits& limits = source.limits;
    Fields& fields = things[source.name];
    std::vector<std::string> connectors;
    for (const std::string_view name : ConnectorsOf(source)) connectors.emplace_back(name);
    fields = {{"system", source.system},
              {"title", TextOf(source.title)},
              {"owner", TextOf(source.owner)},
              {"connector", TextOf(connectors)},
              {"folder", TextOf(source.folder)}};
    AppendConnectors(source, fields);
    AppendSourceShape(source, fields);
    for (const Mapping& mapping : source.mappings) {
      fields.emplace_back("mapping of " + mapping.dataset, Joined({mapping.file, mapping.sql}));
    }
    fields.emplace_back("working_calendar", source.working_calendar);
    fields.emplace_back("old_codes_grace", std::to_string(source.old_codes_grace.count()));
    fields.emplace_back("silent_after", TextOf(source.silent_after));
    fields.emplace_back("late_after", TextOf(source.late_after));
    fields.emplace_back("data_as_of", source.data_as_of);
    AppendContract(source, fields);
    fields.emplace_back("simulated", source.simulated ? "true" : "false");
    fields.emplace_back(
        "limits", Joined({std::to_string(limits.payload_bytes), std::to_string(limits.rows),
                          std::to_string(limits.depth), std::to_string(limits.worker_memory_bytes),
                          std::to_string(limits.worker_seconds)}));
  }
  return things;
}

std::string ColumnsText(const model::Dataset& dataset, const std::vector<std::size_t>& columns) {
  std::string joined;
  for (const std::size_t column : columns) joined += dataset.columns[column].name + " ";
  return joined;
}

std::string PlaceText(const model::Dataset& dataset,
                      const std::optional<model::PlaceColumn>& place) {
  return place ? dataset.columns[place->column].name + " " + place->code_system : "";
}

std::string ClockText(const model::Dataset& dataset, const model::CaseClock& clock) {
  const auto name = [&](const std::optional<std::size_t>& column) {
    return column ? dataset.columns[*column].name : std::string();
  };
  std::string units;
  for (const model::UnitCalendar& own : clock.unit_calendars) {
    units += Joined({std::string(NameOf(own.tree)), own.unit, own.calendar});
  }
  std::string due;
  if (clock.stated_due) {
    due = Joined({name(clock.stated_due->column), clock.stated_due->authoritative ? "1" : "0",
                  std::to_string(clock.stated_due->tolerance.count())});
  }
  return Joined({TextOf(clock.title), clock.calendar, units, name(clock.from), name(clock.until),
                 clock.allowed.in_days ? "days" : "time", name(clock.allowed.column),
                 std::to_string(clock.allowed.days), std::to_string(clock.allowed.time.count()),
                 TextOf(clock.paused_when), name(clock.paused_from), name(clock.paused_until),
                 due});
}

std::string ReportedText(const model::Dataset& dataset) {
  if (!dataset.reported) return "";
  const model::ReportedShape& shape = *dataset.reported;
  const auto name = [&](const std::optional<std::size_t>& column) {
    return column ? dataset.columns[*column].name : "";
  };
  std::string vintages;
  for (const model::Vintage& vintage : shape.vintages) {
    vintages += Joined(
        {vintage.name, TextOf(vintage.title), std::to_string(static_cast<int>(vintage.mark))});
  }
  return Joined({name(shape.series), name(shape.period), name(shape.vintage), name(shape.value),
                 name(shape.signer), name(shape.note), vintages});
}

std::string QualityText(const model::Dataset& dataset) {
  const model::QualityRules& rules = dataset.quality;
  std::string text;
  for (const model::QualityCheck& check : rules.checks) {
    text += Joined({check.name, TextOf(check.title), TextOf(check.condition)});
  }
  if (rules.match) {
    text += Joined({rules.match->registry, dataset.columns[rules.match->column].name,
                    std::to_string(rules.match->key)});
  }
  if (rules.regular) {
    text += Joined({dataset.columns[rules.regular->column].name,
                    std::to_string(rules.regular->step.count()),
                    ColumnsText(dataset, rules.regular->groups)});
  }
  return text + Joined({ColumnsText(dataset, rules.expected), ColumnsText(dataset, rules.unique)});
}

Things DatasetThings(const Center& center) {
  Things things;
  for (const model::Dataset& dataset : center.datasets) {
    std::string rules;
    for (const model::Expression& rule : dataset.rules) rules += Joined({TextOf(rule)});
    Fields& fields = things[dataset.name];
    fields = {{"system", dataset.system},
              {"title", TextOf(dataset.title)},
              {"kind", std::string(model::NameOf(dataset.kind))},
              {"key", ColumnsText(dataset, dataset.key)},
              {"order", dataset.order ? dataset.columns[*dataset.order].name : ""},
              {"withdrawn", TextOf(dataset.withdrawn)},
              {"rules", rules},
              {"place in territory", PlaceText(dataset, dataset.territory)},
              {"place in organisation", PlaceText(dataset, dataset.organisation)},
              {"reported", ReportedText(dataset)},
              {"quality", QualityText(dataset)}};
    for (const model::CaseClock& clock : dataset.clocks) {
      fields.emplace_back("clock " + clock.name, ClockText(dataset, clock));
    }
    for (const model::Column& column : dataset.columns) {
      if (column.reckoned) continue;
      fields.emplace_back("column " + column.name,
                          Joined({TextOf(column.title), std::string(model::NameOf(column.type)),
                                  std::to_string(column.scale), column.optional ? "1" : "0",
                                  column.dimension ? "1" : "0", column.personal ? "1" : "0",
                                  TextOf(column.one_of)}));
    }
  }
  return things;
}

Things MeasureThings(const Center& center) {
  Things things;
  for (const model::Measure& measure : center.measures) {
    if (!measure.contradictions_of.empty()) continue;
    const model::Dataset& dataset = *center.FindDataset(measure.dataset);
    const auto name = [&](std::size_t column) { return dataset.columns[column].name; };
    things[measure.name] = {
        {"title", TextOf(measure.title)},
        {"dataset", measure.dataset},
        {std::string(model::NameOf(measure.kind)),
         name(measure.from) + "," + (measure.until ? name(*measure.until) : "")},
        {std::string(model::NameOf(measure.aggregate)), measure.value ? name(*measure.value) : ""},
        {"condition", TextOf(measure.condition)},
        {"grain", std::string(model::NameOf(measure.grain))},
        {"dimensions", ColumnsText(dataset, measure.dimensions)}};
  }
  return things;
}

std::string TargetsText(const std::vector<model::Target>& targets) {
  std::string joined;
  for (const model::Target& target : targets) {
    joined += Joined({TextOf(target.value), target.unit, target.period, TextOf(target.basis),
                      target.decided_on ? model::ToText(model::Value(*target.decided_on)) : ""});
  }
  return joined;
}

std::string AlarmsText(const model::AlarmRules& alarms) {
  return Joined({alarms.correction ? TextOf(*alarms.correction) : "", std::to_string(alarms.rank)});
}

std::string MergerText(const model::MergerRule& rule) {
  return Joined({std::string(model::NameOf(rule.kind)), rule.weight, rule.share});
}

Things IndicatorThings(const Center& center) {
  Things things;
  for (const model::Indicator& indicator : center.indicators) {
    std::string thresholds;
    if (indicator.thresholds) {
      thresholds = Joined({TextOf(indicator.thresholds->good), TextOf(indicator.thresholds->watch),
                           TextOf(indicator.thresholds->basis)});
    }
    std::string judged_from;
    for (const auto& [measure, least] : indicator.judged_from) {
      judged_from += Joined({measure, TextOf(least)});
    }
    things[indicator.name] = {{"system", indicator.system},
                              {"title", TextOf(indicator.title)},
                              {"description", TextOf(indicator.description)},
                              {"formula", TextOf(indicator.formula)},
                              {"reported", indicator.reported ? Joined({indicator.reported->dataset,
                                                                        indicator.reported->series})
                                                              : ""},
                              {"additive", indicator.additive ? "true" : "false"},
                              {"unit_of_measure", indicator.unit_of_measure},
                              {"decimals", std::to_string(indicator.decimals)},
                              {"better", std::to_string(static_cast<int>(indicator.better))},
                              {"thresholds", thresholds},
                              {"targets", TargetsText(indicator.targets)},
                              {"pace", indicator.pace ? indicator.pace->calendar : ""},
                              {"judged_from", judged_from},
                              {"alarms", AlarmsText(indicator.alarms)},
                              {"freshness", TextOf(indicator.freshness)},
                              {"across_merger", MergerText(indicator.across_merger)}};
  }
  return things;
}

Things CrossCheckThings(const Center& center) {
  Things things;
  for (const model::CrossCheck& check : center.cross_checks) {
    things[check.name] = {
        {"title", TextOf(check.title)},
        {"indicator", check.indicator},
        {"against", check.against},
        {"grouping", check.grouping},
        {"missing_parts", std::to_string(static_cast<int>(check.missing))},
        {"at_least", std::to_string(check.at_least)},
        {"tolerance", Joined({TextOf(check.tolerance.absolute), TextOf(check.tolerance.percent),
                              check.tolerance.rounding ? "1" : "0"})}};
  }
  return things;
}

Things PanelThings(const Center& center) {
  Things things;
  for (const Panel& panel : center.panels) {
    std::string items;
    for (const PanelItem& item : panel.items) {
      items += Joined({item.kind, item.indicator, item.regime->name(), item.period->name,
                       std::to_string(item.trend_periods)});
    }
    things[panel.name] = {{"system", panel.system},
                          {"title", TextOf(panel.title)},
                          {"tree", std::string(model::NameOf(panel.tree))},
                          {"regime", panel.regime->name()},
                          {"items", items}};
  }
  return things;
}

Things TestThings(const Center& center) {
  Things things;
  for (const auto& [path, content] : center.files) {
    if (path.find("/tests/") != std::string::npos) things[path] = {{"text", content}};
  }
  return things;
}

// Names of fields that only one side has, or whose texts differ.
std::string ChangedFields(const Fields& from, const Fields& to) {
  std::string changed;
  const auto add = [&changed](const std::string& name) {
    changed += (changed.empty() ? "" : ", ") + name;
  };
  const auto text_in = [](const Fields& fields, const std::string& name) {
    const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
    return found == fields.end() ? std::optional<std::string>() : found->second;
  };
  for (const auto& [name, text] : to) {
    if (text_in(from, name) != text) add(name);
  }
  for (const auto& [name, text] : from) {
    if (!text_in(to, name)) add(name);
  }
  return changed;
}

void Compare(const std::string& kind, const Things& from, const Things& to,
             std::vector<std::string>& lines) {
  std::vector<std::string> found;
  const auto tell = [&](const std::string& name, const std::string& what) {
    found.push_back(kind);
    found.back().append(" '").append(name).append("' ").append(what);
  };
  for (const auto& [name, fields] : to) {
    const auto before = from.find(name);
    if (before == from.end()) {
      tell(name, "added");
      continue;
    }
    const std::string changed = ChangedFields(before->second, fields);
    if (!changed.empty()) tell(name, "changed: " + changed);
  }
  for (const auto& [name, fields] : from) {
    if (!to.contains(name)) tell(name, "removed");
  }
  if (found.size() > kMaxLinesPerKind) {
    const std::size_t more = found.size() - kMaxLinesPerKind;
    found.resize(kMaxLinesPerKind);
    found.push_back(kind + ": " + std::to_string(more) + " more");
  }
  lines.insert(lines.end(), found.begin(), found.end());
}

/// Calls `visit(kind, things of from, things of to)` for each kind in the order in which it is
/// told.
template <typename Visit>
void VisitKinds(const Center& from, const Center& to, const Visit& visit) {
  visit("center", CenterThings(from), CenterThings(to));
  for (const model::TreeKind kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    const std::string tree(model::NameOf(kind));
    visit(tree + " unit", UnitThings(from.TreeOf(kind)), UnitThings(to.TreeOf(kind)));
    for (const auto& [word, file] :
         {std::pair(" code", "codes.csv"), std::pair(" event", "events.csv"),
          std::pair(" attribute", "attributes.csv"), std::pair(" group", "groups.csv"),
          std::pair(" group member", "group_members.csv")}) {
      visit(tree + word, LineThings(from, kind, file), LineThings(to, kind, file));
    }
  }
  visit("calendar", CalendarThings(from), CalendarThings(to));
  visit("regime", RegimeThings(from), RegimeThings(to));
  visit("system", SystemThings(from), SystemThings(to));
  visit("source", SourceThings(from), SourceThings(to));
  visit("dataset", DatasetThings(from), DatasetThings(to));
  visit("measure", MeasureThings(from), MeasureThings(to));
  visit("indicator", IndicatorThings(from), IndicatorThings(to));
  visit("cross-check", CrossCheckThings(from), CrossCheckThings(to));
  visit("panel", PanelThings(from), PanelThings(to));
  visit("test", TestThings(from), TestThings(to));
}

}  // namespace

std::vector<std::string> DescribeDifference(const Center& from, const Center& to) {
  std::vector<std::string> lines;
  VisitKinds(from, to, [&](const std::string& kind, const Things& before, const Things& after) {
    Compare(kind, before, after, lines);
  });
  return lines;
}

ChangedNames NamesChanged(const Center& from, const Center& to) {
  ChangedNames changed;
  VisitKinds(from, to, [&](const std::string& kind, const Things& before, const Things& after) {
    for (const auto& [name, fields] : after) {
      const auto known = before.find(name);
      if (known == before.end() || known->second != fields) changed[kind].insert(name);
    }
    for (const auto& [name, fields] : before) {
      if (!after.contains(name)) changed[kind].insert(name);
    }
  });
  return changed;
}

}  // namespace fansipan::center
