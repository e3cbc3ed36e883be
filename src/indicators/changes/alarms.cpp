#include "indicators/changes/alarms.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "center/calendar_notices.h"
#include "indicators/figures.h"
#include "indicators/internal/behind.h"

namespace fansipan::indicators {
namespace {

/// One indicator in one period, at the root and the units right below it.
struct Subject {
  const model::Indicator* indicator = nullptr;
  model::TreeKind tree = model::TreeKind::kTerritory;
  std::string period;
  std::vector<std::string> units;  ///< codes, the root first
  std::vector<FigureState> before;
  std::vector<FigureState> after;

  FigureName NameAt(std::size_t unit) const { return {indicator->name, tree, units[unit], period}; }
};

std::vector<std::string> UnitsOf(const center::Center& center, model::TreeKind kind,
                                 base::Timestamp at) {
  const model::UnitTree& tree = center.TreeOf(kind);
  if (tree.empty()) return {};
  std::vector<std::string> units;
  for (const model::UnitId unit : tree.ChildrenOn(tree.root(), center::DayAt(center, at))) {
    units.push_back(tree.Get(unit).code);
  }
  std::sort(units.begin(), units.end());
  units.insert(units.begin(), tree.Get(tree.root()).code);
  return units;
}

/// What the panels show, each once.
std::vector<Subject> SubjectsOf(const center::Center& center, base::Timestamp at) {
  std::vector<Subject> subjects;
  std::set<std::tuple<std::string, model::TreeKind, std::string>> known;
  for (const center::Panel& panel : center.panels) {
    for (const center::PanelItem& item : panel.items) {
      const std::string period = model::ToText(
          model::PeriodContaining(*item.regime, *item.period, center.time_zone.ToLocal(at)));
      if (!known.emplace(item.indicator, panel.tree, period).second) continue;
      subjects.push_back({center.FindIndicator(item.indicator),
                          panel.tree,
                          period,
                          UnitsOf(center, panel.tree, at),
                          {},
                          {}});
    }
  }
  return subjects;
}

base::Status ReadStates(const Engine& engine, base::Timestamp at, std::vector<Subject>& subjects,
                        std::vector<FigureState> Subject::*states, const base::Patience& patience) {
  return engine.Read(
      at,
      [&](const View& view) {
        for (Subject& subject : subjects) {
          for (std::size_t unit = 0; unit < subject.units.size(); ++unit) {
            if (view.patience.IsOver()) return;
            (subject.*states).push_back(ReadFigureState(view, subject.NameAt(unit)));
          }
        }
      },
      patience);
}

bool IsJudged(const FigureState& state) { return state.judgement != model::Judgement::kNotJudged; }

/// A figure that begins to be judged is news only when it is bad.
bool CrossedThreshold(const FigureState& before, const FigureState& after) {
  if (before.judgement == after.judgement || !IsJudged(after)) return false;
  return IsJudged(before) || after.judgement == model::Judgement::kBad;
}

void FindCrossed(const Subject& subject, std::vector<Alarm>& alarms) {
  for (std::size_t unit = 0; unit < subject.units.size(); ++unit) {
    if (!CrossedThreshold(subject.before[unit], subject.after[unit])) continue;
    Alarm alarm;
    alarm.name = subject.NameAt(unit);
    alarm.before = subject.before[unit];
    alarm.after = subject.after[unit];
    alarms.push_back(std::move(alarm));
  }
}

/// One more than the number of better ones.
int RankOf(const std::vector<model::Decimal>& values, const model::Decimal& own, bool higher) {
  return 1 + static_cast<int>(std::count_if(values.begin(), values.end(), [&](const auto& value) {
           return higher ? value > own : value < own;
         }));
}

void FindMoved(const Subject& subject, std::vector<Alarm>& alarms) {
  const int places = subject.indicator->alarms.rank;
  if (places == 0) return;
  std::vector<std::size_t> ranked;
  std::vector<model::Decimal> before;
  std::vector<model::Decimal> after;
  for (std::size_t unit = 1; unit < subject.units.size(); ++unit) {
    if (!subject.before[unit].value || !subject.after[unit].value) continue;
    ranked.push_back(unit);
    before.push_back(*subject.before[unit].value);
    after.push_back(*subject.after[unit].value);
  }
  const bool higher = subject.indicator->better == model::Better::kHigher;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const int was = RankOf(before, before[i], higher);
    const int is = RankOf(after, after[i], higher);
    if (std::abs(was - is) < places) continue;
    Alarm alarm;
    alarm.kind = AlarmKind::kRank;
    alarm.name = subject.NameAt(ranked[i]);
    alarm.before = subject.before[ranked[i]];
    alarm.after = subject.after[ranked[i]];
    alarm.rank_before = was;
    alarm.rank_after = is;
    alarm.ranked = static_cast<int>(ranked.size());
    alarms.push_back(std::move(alarm));
  }
}

bool IsCorrection(Cause cause) {
  return cause == Cause::kCorrected || cause == Cause::kWithdrawn || cause == Cause::kRedefined;
}

/// What was moved by records that were known already: corrected, taken back, or mapped anew.
std::optional<model::Decimal> CorrectedBy(const FigureChange& change) {
  std::optional<model::Decimal> sum;
  for (const ChangeStep& step : change.steps) {
    const bool of_records = step.from != step.to && step.difference.has_value() &&
                            std::all_of(step.causes.begin(), step.causes.end(), IsCorrection);
    if (!of_records) continue;
    sum = Add(sum.value_or(model::Decimal()), *step.difference);
    if (!sum) return std::nullopt;
  }
  return sum;
}

using Units = std::set<std::pair<model::TreeKind, std::string>>;

/// Where a correction stands in a block.
void CollectCorrected(const CellLogBlock& block,
                      std::set<std::pair<model::TreeKind, std::uint32_t>>& units) {
  for (const Delta& delta : block.deltas) {
    if (!IsCorrection(delta.cause)) continue;
    units.emplace(model::TreeKind::kTerritory, delta.cell.territory.value);
    units.emplace(model::TreeKind::kOrganisation, delta.cell.organisation.value);
  }
}

/// The units whose cells a correction touched, and all above them.
base::Result<Units> FindTouched(const std::vector<Era>& eras, base::Timestamp from,
                                base::Timestamp to, const base::Patience& patience) {
  Units touched;
  for (const Era* era = &EraAt(eras, from); era != eras.data() + eras.size(); ++era) {
    if (era->from > to) break;
    FANSIPAN_ASSIGN_OR_RETURN(const auto engine, era->open());
    CellLogSpan span;
    FANSIPAN_RETURN_IF_ERROR(engine->Read(std::nullopt, [&](const View& view) {
      span = view.log->Span(view.log->CountUntil(from), view.log->CountUntil(to));
    }));
    std::set<std::pair<model::TreeKind, std::uint32_t>> units;
    FANSIPAN_RETURN_IF_ERROR(
        span.ForEach([&](const CellLogBlock& block) { CollectCorrected(block, units); }, patience));
    for (const auto& [kind, unit] : units) {
      if (model::UnitId{unit} == model::kNoUnit) continue;
      const model::UnitTree& tree = engine->center().TreeOf(kind);
      for (const model::UnitId id : tree.PathTo({unit})) touched.emplace(kind, tree.Get(id).code);
    }
  }
  return touched;
}

/// True when the indicator, or one in its formula, is reported: that touches no cell.
bool IsReported(const center::Center& center, const model::Indicator& indicator) {
  return std::ranges::any_of(internal::BehindOf(center, indicator).indicators,
                             [](const auto* known) { return known->reported.has_value(); });
}

/// Where corrections may have moved figures that have a tolerance: at units that they touched, and
/// everywhere where reports are behind the figure.
std::vector<std::pair<const Subject*, std::size_t>> FindSuspects(
    const center::Center& center, const std::vector<Subject>& subjects, const Units& touched) {
  std::vector<std::pair<const Subject*, std::size_t>> suspects;
  for (const Subject& subject : subjects) {
    if (!subject.indicator->alarms.correction) continue;
    const bool reported = IsReported(center, *subject.indicator);
    for (std::size_t unit = 0; unit < subject.units.size(); ++unit) {
      if (!reported && !touched.contains({subject.tree, subject.units[unit]})) continue;
      suspects.emplace_back(&subject, unit);
    }
  }
  return suspects;
}

std::optional<Alarm> CorrectionOf(const Subject& subject, std::size_t unit,
                                  const FigureChange& change) {
  const auto corrected = CorrectedBy(change);
  if (!corrected) return std::nullopt;
  const auto& tolerance = *subject.indicator->alarms.correction;
  const auto negative = Subtract(model::Decimal(), tolerance);
  if (*corrected <= tolerance && negative && *corrected >= *negative) return std::nullopt;
  Alarm alarm;
  alarm.kind = AlarmKind::kCorrection;
  alarm.name = subject.NameAt(unit);
  alarm.before = change.before;
  alarm.after = change.after;
  alarm.corrected = corrected->Normalized();
  alarm.tolerance = tolerance;
  return alarm;
}

/// What happened is read once to find the units, and once for all their figures.
base::Status FindCorrected(const std::vector<Era>& eras, const center::Center& center,
                           const std::vector<Subject>& subjects,
                           std::pair<base::Timestamp, base::Timestamp> span,
                           const base::Patience& patience, std::vector<Alarm>& alarms) {
  const bool any = std::ranges::any_of(subjects, [](const Subject& subject) {
    return subject.indicator->alarms.correction.has_value();
  });
  if (!any) return {};
  FANSIPAN_ASSIGN_OR_RETURN(const Units touched,
                            FindTouched(eras, span.first, span.second, patience));
  const auto suspects = FindSuspects(center, subjects, touched);
  if (suspects.empty()) return {};
  std::vector<FigureName> names;
  names.reserve(suspects.size());
  for (const auto& [subject, unit] : suspects) names.push_back(subject->NameAt(unit));
  FANSIPAN_ASSIGN_OR_RETURN(const auto changes,
                            ReadFigureChanges(eras, names, span.first, span.second, patience));
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    auto alarm = CorrectionOf(*suspects[i].first, suspects[i].second, changes[i]);
    if (alarm) alarms.push_back(*std::move(alarm));
  }
  return {};
}

/// Kinds in their order; of judgements those that became bad, then watch, then good.
int UrgencyOf(const Alarm& alarm) {
  if (alarm.kind == AlarmKind::kCorrection) return 3;
  if (alarm.kind == AlarmKind::kRank) return 4;
  if (alarm.after.judgement == model::Judgement::kBad) return 0;
  return alarm.after.judgement == model::Judgement::kWatch ? 1 : 2;
}

}  // namespace

std::string_view NameOf(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::kJudgement:
      return "judgement";
    case AlarmKind::kCorrection:
      return "correction";
    case AlarmKind::kRank:
      return "rank";
  }
  return "judgement";
}

base::Result<AlarmList> ReadAlarms(const std::vector<Era>& eras, base::Timestamp from,
                                   base::Timestamp to, const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto last, EraAt(eras, to).open());
  std::vector<Subject> subjects = SubjectsOf(last->center(), to);
  FANSIPAN_RETURN_IF_ERROR(ReadStates(*last, to, subjects, &Subject::after, patience));
  FANSIPAN_ASSIGN_OR_RETURN(const auto first, EraAt(eras, from).open());
  FANSIPAN_RETURN_IF_ERROR(ReadStates(*first, from, subjects, &Subject::before, patience));
  AlarmList list;
  for (const Subject& subject : subjects) {
    FindCrossed(subject, list.alarms);
    FindMoved(subject, list.alarms);
  }
  FANSIPAN_RETURN_IF_ERROR(
      FindCorrected(eras, last->center(), subjects, {from, to}, patience, list.alarms));
  std::stable_sort(list.alarms.begin(), list.alarms.end(), [](const auto& left, const auto& right) {
    return UrgencyOf(left) < UrgencyOf(right);
  });
  list.truncated = list.alarms.size() > kMaxAlarms;
  if (list.truncated) list.alarms.resize(kMaxAlarms);
  return list;
}

}  // namespace fansipan::indicators
