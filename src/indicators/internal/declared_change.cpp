#include "indicators/internal/declared_change.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "indicators/internal/behind.h"

namespace fansipan::indicators::internal {
namespace {

/// All that decide its value or its judgement, or those of an indicator in its formula.
std::set<std::string> MeasuresBehind(const center::Center& center,
                                     const model::Indicator& indicator) {
  const Behind behind = BehindOf(center, indicator);
  std::set<std::string> measures(behind.measures.begin(), behind.measures.end());
  for (const model::Indicator* known : behind.indicators) {
    for (const auto& [name, least] : known->judged_from) measures.insert(name);
  }
  return measures;
}

std::string TextOf(const std::optional<model::Expression>& expression) {
  return expression ? model::ToText(*expression) : std::string();
}

/// A column by what cells take from it.
std::string ColumnText(const model::Dataset& dataset, std::size_t column) {
  const model::Column& declared = dataset.columns[column];
  return declared.name + ":" + std::string(model::NameOf(declared.type)) + ":" +
         std::to_string(declared.scale) + ",";
}

std::string PlaceText(const model::Dataset& dataset,
                      const std::optional<model::PlaceColumn>& place) {
  return place ? ColumnText(dataset, place->column) + place->code_system : std::string();
}

/// Everything that decides which records of a dataset are current and where they lie.
std::string DatasetText(const model::Dataset& dataset) {
  std::string text = dataset.order ? ColumnText(dataset, *dataset.order) : std::string();
  for (const std::size_t column : dataset.key) text += ColumnText(dataset, column);
  return text + "|" + TextOf(dataset.withdrawn) + "|" + PlaceText(dataset, dataset.territory) +
         "|" + PlaceText(dataset, dataset.organisation);
}

/// All that makes a measure's cells, as text; empty where there is none of this name.
std::string MeasureText(const center::Center& center, const std::string& name) {
  const model::Measure* measure = center.FindMeasure(name);
  if (measure == nullptr) return {};
  const model::Dataset& dataset = *center.FindDataset(measure->dataset);
  std::string text = measure->dataset + "|" + std::string(model::NameOf(measure->kind)) + "|" +
                     std::string(model::NameOf(measure->aggregate)) + "|" +
                     TextOf(measure->condition) + "|" + ColumnText(dataset, measure->from);
  if (measure->until) text += "until " + ColumnText(dataset, *measure->until);
  if (measure->value) text += "value " + ColumnText(dataset, *measure->value);
  return text + "|" + std::string(model::NameOf(measure->grain)) + "|" + DatasetText(dataset);
}

using UnitText = std::tuple<std::string, std::string, model::Date, std::optional<model::Date>>;
using CodeText =
    std::tuple<std::string, std::string, std::string, model::Date, std::optional<model::Date>>;

bool AreUnitsAlike(const model::UnitTree& before, const model::UnitTree& after) {
  const auto describe = [](const model::UnitTree& tree) {
    std::set<UnitText> units;
    for (std::uint32_t i = 0; i < tree.size(); ++i) {
      const model::Unit& unit = tree.Get({i});
      const auto parent =
          unit.parent == model::kNoUnit ? std::string() : tree.Get(unit.parent).code;
      units.emplace(unit.code, parent, unit.valid_from, unit.valid_to);
    }
    std::set<CodeText> codes;
    for (const model::UnitCode& code : tree.codes()) {
      codes.emplace(code.system, code.code, tree.Get(code.unit).code, code.valid_from,
                    code.valid_to);
    }
    return std::pair(units, codes);
  };
  return describe(before) == describe(after);
}

bool AreMeasuresAlike(const center::Center& before, const center::Center& after,
                      const std::string& indicator) {
  if (before.time_zone.name() != after.time_zone.name()) return false;
  std::set<std::string> measures;
  if (const auto* rule = before.FindIndicator(indicator)) measures = MeasuresBehind(before, *rule);
  return std::all_of(measures.begin(), measures.end(), [&](const std::string& name) {
    return MeasureText(before, name) == MeasureText(after, name);
  });
}

std::string DayText(std::chrono::month_day day) {
  return std::to_string(static_cast<unsigned>(day.month())) + "-" +
         std::to_string(static_cast<unsigned>(day.day()));
}

std::string RegimeText(const model::Regime& regime) {
  std::string text = DayText(regime.year().from);
  for (const model::PeriodKind& kind : regime.kinds()) {
    text.append("|").append(kind.name).append(std::to_string(kind.months));
    if (kind.cumulative) text += "c";
    for (const auto& part : kind.parts) text.append(part.name).append(DayText(part.from));
  }
  return text;
}

bool AreRegimesAlike(const center::Center& before, const center::Center& after) {
  const auto describe = [](const center::Center& center) {
    std::map<std::string, std::string> regimes;
    for (const auto& regime : center.regimes) regimes[regime->name()] = RegimeText(*regime);
    return regimes;
  };
  return describe(before) == describe(after);
}

/// Judges and measures itself against targets as `rule` does.
void TakeJudgement(const model::Indicator& rule, bool with_targets, model::Indicator& indicator) {
  indicator.better = rule.better;
  indicator.thresholds = rule.thresholds;
  indicator.judged_from = rule.judged_from;
  if (with_targets) indicator.targets = rule.targets;
}

}  // namespace

DeclaredChange::DeclaredChange(const center::Center& before, const center::Center& after)
    : before_(before), after_(after), mixed_(after) {
  // They may name indicators that only one of the centers has, and move no value.
  mixed_.cross_checks.clear();
}

std::vector<DeclaredChange::Stage> DeclaredChange::StagesOf(const std::string& indicator) const {
  Stage cells{Kind::kCells, {}, {}};
  const bool units_alike = AreUnitsAlike(before_.territory, after_.territory) &&
                           AreUnitsAlike(before_.organisation, after_.organisation);
  if (!units_alike) cells.causes.push_back(Cause::kRestated);
  if (!AreMeasuresAlike(before_, after_, indicator)) cells.aspects.push_back(Aspect::kMeasure);
  if (!AreRegimesAlike(before_, after_)) cells.aspects.push_back(Aspect::kPeriod);
  if (cells.causes.empty() && cells.aspects.empty()) cells.aspects.push_back(Aspect::kMeasure);
  if (!cells.aspects.empty()) cells.causes.push_back(Cause::kRedefined);
  return {cells,
          {Kind::kFormula, {Cause::kRedefined}, {Aspect::kFormula}},
          {Kind::kTargets, {Cause::kTargeted}, {Aspect::kTargets}}};
}

const center::Center& DeclaredChange::Turn(Kind kind) {
  if (kind == Kind::kCells) {
    mixed_.indicators = before_.indicators;
    return mixed_;
  }
  mixed_.indicators = after_.indicators;
  for (model::Indicator& indicator : mixed_.indicators) {
    const auto* rule = before_.FindIndicator(indicator.name);
    if (rule != nullptr) TakeJudgement(*rule, kind == Kind::kFormula, indicator);
  }
  return mixed_;
}

std::unique_ptr<const center::Center> WithoutTargetsDecided(const center::Center& center,
                                                            model::Date from, model::Date to) {
  const auto decided = [&](const model::Target& target) {
    return target.decided_on && *target.decided_on > from && *target.decided_on <= to;
  };
  const bool any =
      std::any_of(center.indicators.begin(), center.indicators.end(), [&](const auto& indicator) {
        return std::any_of(indicator.targets.begin(), indicator.targets.end(), decided);
      });
  if (!any) return nullptr;
  auto held = std::make_unique<center::Center>(center);
  for (model::Indicator& indicator : held->indicators) std::erase_if(indicator.targets, decided);
  return held;
}

}  // namespace fansipan::indicators::internal
