#include "center/internal/indicators/targets.h"

#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "center/internal/csv_reader.h"
#include "center/internal/regimes.h"
#include "center/internal/reported/additivity.h"
#include "center/internal/table.h"

namespace fansipan::center {
namespace {

constexpr double kLeastTarget = -1e15;
constexpr double kMostTarget = 1e15;

/// What is wrong with the code of a unit; nothing when there is one with this code, or none is
/// known for sure.
std::optional<std::string> FindUnitProblem(const Draft& draft, const std::string& code) {
  const Center& center = draft.center;
  if (center.territory.FindByCode(code) || center.organisation.FindByCode(code) ||
      !draft.unsound_trees.empty()) {
    return std::nullopt;
  }
  std::string nearest;
  for (const model::UnitId id : center.territory.Nearest(code, 3)) {
    const model::Unit& unit = center.territory.Get(id);
    nearest += (nearest.empty() ? "; near: " : ", ") + unit.code + " (" +
               std::string(model::TextIn(unit.name, center.languages.front())) + ")";
  }
  return "'" + code + "' is no code of a unit" + nearest;
}

/// The period's text as it is compared, or what is wrong with it.
base::Result<std::string> ReadPeriod(const Draft& draft, const std::string& text) {
  if (IsOfUnreadRegime(draft, text)) return text;
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, draft.center.ParsePeriod(text));
  return model::ToText(period);
}

/// Which targets an indicator has.
using TargetKeys = std::set<std::tuple<std::string, std::string, std::optional<model::Date>>>;

/// Adds the target unless there is one of the same unit, period and day.
bool AddTarget(model::Target target, TargetKeys& keys, model::Indicator& indicator) {
  if (!keys.emplace(target.unit, target.period, target.decided_on).second) return false;
  indicator.targets.push_back(std::move(target));
  return true;
}

constexpr std::string_view kTwice =
    "there is another target of the same unit and period; a later one says when it was decided "
    "('decided_on')";

std::optional<model::Date> ReadDay(const YamlMap& map) {
  const YamlNode* node = map.FindText("decided_on", Need::kOptional);
  if (node == nullptr) return std::nullopt;
  const auto day =
      model::ParseValue(node->text, model::ColumnType::kDate, 0, base::TimeZone::Utc());
  if (day.ok()) return std::get<model::Date>(*day);
  map.Report(*node, "'" + node->text + "' is no day; a day is written 2026-11-23");
  return std::nullopt;
}

/// One system's table.
class TargetTable {
 public:
  TargetTable(Draft& draft, const System& system)
      : draft_(draft),
        system_(system),
        scope_(draft.ScopeOf("systems/" + system.name + "/targets.csv")) {}

  void Read() {
    const auto file = draft_.center.files.find(scope_.file);
    if (file == draft_.center.files.end()) return;
    const std::optional<CsvTable> cells = ParseCsv(scope_, file->second);
    if (!cells) return;
    const TableReader table(scope_, *cells, Columns());
    if (!table.valid()) return;
    if (table.row_count() > kMaxTargets) {
      scope_.Report({}, "a system has at most " + std::to_string(kMaxTargets) + " targets");
      return;
    }
    for (std::size_t row = 0; row < table.row_count(); ++row) ReadRow(table, row);
  }

 private:
  std::string BasisColumn(std::size_t language) const {
    return language == 0 ? "basis" : "basis_" + draft_.center.languages[language];
  }

  std::vector<TextColumn> Columns() const {
    std::vector<TextColumn> columns = {{"indicator", true},
                                       {"unit", false},
                                       {"period", false},
                                       {"value", true},
                                       {"decided_on", false}};
    for (std::size_t i = 0; i < draft_.center.languages.size(); ++i) {
      columns.push_back({BasisColumn(i), true});
    }
    return columns;
  }

  model::Indicator* FindIndicator(const TableReader& table, std::size_t row) {
    const CsvCell* cell = table.Find(row, "indicator");
    if (cell == nullptr) return nullptr;
    std::vector<std::string> names;
    for (model::Indicator& indicator : draft_.center.indicators) {
      if (indicator.system != system_.name) continue;
      if (indicator.name == cell->text) return &indicator;
      names.push_back(indicator.name);
    }
    if (!draft_.incomplete.contains(Kind::kFormulaName)) {
      table.Report(*cell, "the system has no indicator '" + cell->text + "'; " +
                              AllowedText(cell->text, names));
    }
    return nullptr;
  }

  TargetKeys& KeysOf(const model::Indicator& indicator) {
    const auto [found, added] = keys_.try_emplace(indicator.name);
    if (added) {
      for (const model::Target& target : indicator.targets) {
        found->second.emplace(target.unit, target.period, target.decided_on);
      }
    }
    return found->second;
  }

  void ReadRow(const TableReader& table, std::size_t row) {
    model::Target target;
    target.value = table.Number(row, "value", kLeastTarget, kMostTarget).value_or(model::Decimal());
    target.decided_on = table.Day(row, "decided_on");
    for (std::size_t i = 0; i < draft_.center.languages.size(); ++i) {
      target.basis[draft_.center.languages[i]] = table.Text(row, BasisColumn(i));
    }
    if (const CsvCell* unit = table.Find(row, "unit")) {
      target.unit = unit->text;
      if (const auto problem = FindUnitProblem(draft_, unit->text)) table.Report(*unit, *problem);
    }
    if (const CsvCell* text = table.Find(row, "period")) {
      const auto period = ReadPeriod(draft_, text->text);
      target.period = period.ok() ? *period : text->text;
      if (!period.ok()) table.Report(*text, period.error().message);
    }
    model::Indicator* indicator = FindIndicator(table, row);
    if (indicator == nullptr) return;
    if (AddTarget(std::move(target), KeysOf(*indicator), *indicator)) return;
    scope_.Report(table.RowAt(row), std::string(kTwice));
  }

  Draft& draft_;
  const System& system_;
  const FileScope scope_;
  std::map<std::string, TargetKeys> keys_;  ///< by indicator
};

}  // namespace

void ReadTargets(const Draft& draft, const YamlMap& map, const YamlNode& list,
                 model::Indicator& indicator) {
  if (list.kind != YamlNode::Kind::kList) {
    map.Report(list, "must be a list: [{value: 98, period: \"2026\", basis: {…}}]");
    return;
  }
  TargetKeys keys;
  for (const YamlNode& item : list.items) {
    const YamlMap entry(item, map.scope(), map.what() + ": target");
    entry.Allow({"value", "unit", "period", "decided_on", "basis"});
    model::Target target;
    target.value = entry.Number("value", Need::kRequired).value_or(model::Decimal());
    target.basis = entry.Localized("basis", draft.center.languages, Need::kRequired);
    target.decided_on = ReadDay(entry);
    if (const YamlNode* unit = entry.FindText("unit", Need::kOptional)) {
      target.unit = unit->text;
      if (const auto problem = FindUnitProblem(draft, unit->text)) entry.Report(*unit, *problem);
    }
    if (const YamlNode* text = entry.FindText("period", Need::kOptional)) {
      const auto period = ReadPeriod(draft, text->text);
      target.period = period.ok() ? *period : text->text;
      if (!period.ok()) entry.Report(*text, period.error().message);
    }
    if (!AddTarget(std::move(target), keys, indicator)) entry.Report(item, kTwice);
  }
}

void ReadTargetTables(Draft& draft) {
  for (const System& system : draft.center.systems) TargetTable(draft, system).Read();
  for (model::Indicator& indicator : draft.center.indicators) {
    model::SortTargets(indicator.targets);
  }
}

std::optional<std::string> FindPaceProblem(const Center& center,
                                           const model::Indicator& indicator) {
  if (indicator.better != model::Better::kHigher) return "needs 'better: higher'";
  const std::string obstacle = FindObstacle(center, indicator, Over::kTime);
  if (!obstacle.empty()) {
    return obstacle +
           " does not add up over time; a formula with a pace adds up flows that are "
           "counted or summed";
  }
  for (const model::Target& target : indicator.targets) {
    if (target.period.empty()) {
      return "the target " + target.value.ToText() +
             " names no period; what accumulates reaches it sooner or later";
    }
    if (target.value <= model::Decimal::FromInteger(0)) {
      return "the target of " + target.period + " is " + target.value.ToText() +
             "; it must be above zero";
    }
  }
  return std::nullopt;
}

}  // namespace fansipan::center
