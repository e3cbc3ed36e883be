#include "indicators/changes/figure_change.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "center/calendar_notices.h"
#include "indicators/figures.h"
#include "indicators/internal/declared_change.h"
#include "indicators/internal/delta_sums.h"

namespace fansipan::indicators {
namespace {

/// The order in which what happened in an era is replayed. A record comes before it is corrected,
/// and is corrected before it is withdrawn; time passes last.
constexpr std::array kOrder = {Cause::kNew,       Cause::kLate,      Cause::kCorrected,
                               Cause::kRedefined, Cause::kWithdrawn, Cause::kRestated,
                               Cause::kClock};

constexpr std::string_view kUnknownIndicator = "unknown_indicator";
constexpr std::string_view kUnknownUnit = "unknown_unit";
constexpr std::string_view kUnknownPeriod = "unknown_period";

bool IsSame(const model::FormulaPart& left, const model::FormulaPart& right) {
  return left.name == right.name && left.value == right.value && left.records == right.records;
}

bool IsSame(const FigureState& left, const FigureState& right) {
  return left.value == right.value && left.no_value_reason == right.no_value_reason &&
         left.judgement == right.judgement && left.not_judged_reason == right.not_judged_reason &&
         left.target == right.target &&
         std::equal(left.parts.begin(), left.parts.end(), right.parts.begin(), right.parts.end(),
                    [](const auto& one, const auto& other) { return IsSame(one, other); });
}

FigureState StateOf(const View& view, const model::FigureKey& key) {
  const model::Figure figure = ReadFigure(view, key);
  return {figure.value,     figure.no_value_reason,
          figure.judgement, figure.not_judged_reason,
          figure.target,    figure.parts};
}

FigureState Unknown(const std::string& reason) {
  FigureState state;
  state.no_value_reason = reason;
  state.not_judged_reason = "no_value";
  return state;
}

std::optional<model::Decimal> DifferenceOf(const FigureState& before, const FigureState& after) {
  if (!before.value || !after.value) return std::nullopt;
  const auto difference = Subtract(*after.value, *before.value);
  return difference ? std::optional(difference->Normalized()) : std::nullopt;
}

/// Nothing when the center has no such figure; `unknown` says what it does not have.
std::optional<model::FigureKey> KeyOf(const center::Center& center, const FigureName& name,
                                      std::string& unknown) {
  const auto unit = center.TreeOf(name.tree).FindByCode(name.unit);
  const auto period = center.ParsePeriod(name.period);
  if (center.FindIndicator(name.indicator) == nullptr) {
    unknown = kUnknownIndicator;
  } else if (!unit) {
    unknown = kUnknownUnit;
  } else if (!period.ok()) {
    unknown = kUnknownPeriod;
  } else {
    return model::FigureKey{name.indicator, name.tree, *unit, *period};
  }
  return std::nullopt;
}

/// Measures whose cells decide the figure's value or judgement.
std::vector<MeasureId> MeasuresBehind(const View& view, const model::Indicator& indicator) {
  std::vector<MeasureId> measures = MeasuresOf(view, indicator);
  for (const auto& [name, least] : indicator.judged_from) {
    const auto measure = view.plan->FindMeasure(name);
    if (measure) measures.push_back(*measure);
  }
  return measures;
}

/// Collects the steps, each from where the one before ended.
class Walk {
 public:
  explicit Walk(FigureChange& change) : change_(change) {}

  const FigureState& state() const { return state_; }
  void Begin(FigureState state) {
    change_.before = state;
    state_ = std::move(state);
  }
  /// What the figure came to by this cause; nothing when it stayed as it was.
  void Step(ChangeStep step, FigureState after) {
    if (IsSame(state_, after)) return;
    step.before = std::move(state_);
    step.after = std::move(after);
    step.difference = DifferenceOf(step.before, step.after);
    state_ = step.after;
    change_.steps.push_back(std::move(step));
  }
  void End() {
    change_.after = state_;
    change_.difference = DifferenceOf(change_.before, change_.after);
    JoinOverGaps();
  }

 private:
  /// Steps into and out of a state without value have no difference of their own: they become one.
  void JoinOverGaps() {
    std::vector<ChangeStep> joined;
    auto& steps = change_.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      ChangeStep step = std::move(steps[i]);
      const auto ends = [&](std::size_t at) { return steps[at].after.value.has_value(); };
      std::size_t last = i;
      if (step.before.value && !step.after.value) {
        while (last + 1 < steps.size() && (last == i || !ends(last))) ++last;
        if (last == i || !ends(last)) last = i;
      }
      for (; i < last; ++i) Join(step, std::move(steps[i + 1]));
      joined.push_back(std::move(step));
    }
    steps = std::move(joined);
  }
  static void Join(ChangeStep& step, ChangeStep next) {
    const auto append = [](auto& all, const auto& more) {
      for (const auto& one : more) {
        if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
      }
    };
    append(step.causes, next.causes);
    append(step.aspects, next.aspects);
    step.to = next.to;
    step.after = std::move(next.after);
    step.difference = DifferenceOf(step.before, step.after);
  }

  FigureChange& change_;
  FigureState state_;
};

/// One figure on its way through an era.
struct EraFigure {
  const FigureName* name = nullptr;
  Walk* walk = nullptr;
  std::optional<model::FigureKey> key;
  std::string unknown;  ///< why there is no key
  std::vector<MeasureId> measures;
  std::map<Cause, internal::DeltaSums> sums;  ///< what happened below the unit, as if in it itself
  bool by_mapping = false;                    ///< records were redefined by a mapping
  bool by_clocks = false;                     ///< … by what clocks say

  /// Reported values are in no cell, and are redefined by mappings alone.
  std::vector<Aspect> Redefined() const {
    std::vector<Aspect> aspects;
    if (by_mapping || !by_clocks) aspects.push_back(Aspect::kMapping);
    if (by_clocks) aspects.push_back(Aspect::kClocks);
    return aspects;
  }
};

/// One era's part of the way of several figures: the cells at its start are read once, and what
/// happened then once. The engine must outlive it.
class EraWalk {
 public:
  EraWalk(const Engine& engine, std::vector<EraFigure> figures, const base::Patience& patience)
      : engine_(engine), figures_(std::move(figures)), patience_(patience) {}

  /// Reads the figures at `start`. `before`: the center that ran until then, null at the beginning.
  base::Status Enter(base::Timestamp start, const center::Center* before) {
    start_ = start;
    for (EraFigure& figure : figures_) {
      auto key = KeyOf(engine_.center(), *figure.name, figure.unknown);
      if (key) figure.key = *std::move(key);
    }
    return engine_.Read(
        start,
        [&](const View& view) {
          if (view.as_of) {
            cells_.emplace(*view.cells);  // of the past: nobody changes them
            view_ = view;
            view_.cells = &*cells_;
          }
          for (EraFigure& figure : figures_) {
            if (view.patience.IsOver()) return;
            EnterOne(view, before, figure);
          }
        },
        patience_);
  }

  /// Lets what came after the start, up to `end`, happen cause by cause.
  base::Status Pass(base::Timestamp end) {
    if (!cells_ || end <= start_) return {};
    FANSIPAN_RETURN_IF_ERROR(Collect(end));
    view_.later_reports.some = engine_.LastSequenceAt(end);
    for (EraFigure& figure : figures_) {
      if (!figure.key) continue;
      FANSIPAN_RETURN_IF_ERROR(patience_.Check());
      FANSIPAN_RETURN_IF_ERROR(Replay(end, figure));
    }
    return {};
  }

 private:
  void EnterOne(const View& view, const center::Center* before, EraFigure& figure) const {
    const FigureState state = figure.key ? StateOf(view, *figure.key) : Unknown(figure.unknown);
    if (before == nullptr) return figure.walk->Begin(state);
    if (figure.key) WalkDeclared(view, *before, figure);
    figure.walk->Step(LastDeclared(figure.walk->state(), state), state);
  }

  void WalkDeclared(const View& view, const center::Center& before, EraFigure& figure) const {
    internal::DeclaredChange declared(before, *view.center);
    if (before.FindIndicator(figure.name->indicator) == nullptr) return;
    for (const auto& stage : declared.StagesOf(figure.name->indicator)) {
      View staged = view;
      staged.center = &declared.Turn(stage.kind);
      ChangeStep step{stage.causes, stage.aspects, start_, start_, {}, {}, {}};
      figure.walk->Step(std::move(step), StateOf(staged, *figure.key));
    }
  }

  /// What is left when all stages are done are the thresholds, unless the figure was not there.
  ChangeStep LastDeclared(const FigureState& before, const FigureState& after) const {
    ChangeStep step{{Cause::kRedefined}, {Aspect::kThresholds}, start_, start_, {}, {}, {}};
    for (const auto* state : {&before, &after}) {
      if (state->no_value_reason == kUnknownIndicator) step.aspects = {Aspect::kFormula};
      if (state->no_value_reason == kUnknownPeriod) step.aspects = {Aspect::kPeriod};
      if (state->no_value_reason != kUnknownUnit) continue;
      step.causes = {Cause::kRestated};
      step.aspects = {};
    }
    return step;
  }

  /// By tree and unit.
  using Figures = std::map<std::pair<model::TreeKind, model::UnitId>, std::vector<EraFigure*>>;

  base::Status Collect(base::Timestamp end) {
    Figures by_unit;
    std::vector<bool> wanted(view_.center->measures.size());
    for (EraFigure& figure : figures_) {
      if (!figure.key) continue;
      figure.measures = MeasuresBehind(view_, *view_.center->FindIndicator(figure.name->indicator));
      for (const MeasureId measure : figure.measures) wanted[measure] = true;
      by_unit[{figure.key->tree, figure.key->unit}].push_back(&figure);
    }
    const auto span = view_.log->Span(view_.block_count, view_.log->CountUntil(end));
    return span.ForEach(
        [&](const CellLogBlock& block) {
          for (const Delta& delta : block.deltas) {
            if (!wanted[delta.measure]) continue;
            GiveUpwards(by_unit, model::TreeKind::kTerritory, delta, block.at);
            GiveUpwards(by_unit, model::TreeKind::kOrganisation, delta, block.at);
          }
        },
        patience_);
  }

  /// To the figures of the delta's unit and of all above it.
  void GiveUpwards(const Figures& by_unit, model::TreeKind kind, Delta delta,
                   base::Timestamp at) const {
    const bool territory = kind == model::TreeKind::kTerritory;
    const auto unit = territory ? delta.cell.territory : delta.cell.organisation;
    if (unit == model::kNoUnit) return;
    for (const model::UnitId above : view_.center->TreeOf(kind).PathTo(unit)) {
      const auto figures = by_unit.find({kind, above});
      if (figures == by_unit.end()) continue;
      delta.cell.territory = territory ? above : model::kNoUnit;
      delta.cell.organisation = territory ? model::kNoUnit : above;
      for (EraFigure* figure : figures->second) Give(delta, at, *figure);
    }
  }

  void Give(const Delta& delta, base::Timestamp at, EraFigure& figure) const {
    if (std::ranges::count(figure.measures, delta.measure) == 0) return;
    figure.sums[delta.cause].Add(delta);
    if (delta.cause != Cause::kRedefined || (figure.by_mapping && figure.by_clocks)) return;
    (ToldByCenter(at) ? figure.by_clocks : figure.by_mapping) = true;
  }

  /// What clocks say after a change of center is recorded as deliveries of the center itself.
  bool ToldByCenter(base::Timestamp recorded_at) const {
    const auto known = [&](base::Timestamp moment) {
      return view_.sources->FactsAt(model::kCenterSource, moment).deliveries;
    };
    return known(recorded_at) > known(recorded_at - base::Duration(1));
  }

  base::Status Replay(base::Timestamp end, EraFigure& figure) const {
    Cells cells(*cells_);
    View view = view_;
    view.cells = &cells;
    for (const Cause cause : kOrder) {
      const auto found = figure.sums.find(cause);
      if (found != figure.sums.end()) cells.Apply(found->second.Take());
      if (cause == Cause::kClock) break;
      view.later_reports.causes.push_back(cause);
      ChangeStep step{{cause}, {}, start_, end, {}, {}, {}};
      if (cause == Cause::kRedefined) step.aspects = figure.Redefined();
      figure.walk->Step(std::move(step), StateOf(view, *figure.key));
    }
    PassTime(end, view, figure);
    figure.sums.clear();
    return cells.status();
  }

  /// Deadlines, periods that begin, and then targets that were decided for a day that has come.
  void PassTime(base::Timestamp end, View& view, EraFigure& figure) const {
    view.snapshot.tick = end;
    const center::Center& center = *view.center;
    const auto day = [&](base::Timestamp moment) { return center::DayAt(center, moment); };
    const ChangeStep clock{{Cause::kClock}, {}, start_, end, {}, {}, {}};
    if (const auto held = internal::WithoutTargetsDecided(center, day(start_), day(end))) {
      View earlier = view;
      earlier.center = held.get();
      figure.walk->Step(clock, StateOf(earlier, *figure.key));
      figure.walk->Step({{Cause::kTargeted}, {Aspect::kDecided}, start_, end, {}, {}, {}},
                        StateOf(view, *figure.key));
    } else {
      figure.walk->Step(clock, StateOf(view, *figure.key));
    }
  }

  const Engine& engine_;
  std::vector<EraFigure> figures_;
  const base::Patience& patience_;
  base::Timestamp start_;
  std::optional<Cells> cells_;
  View view_;
};

}  // namespace

std::string_view NameOf(Aspect aspect) {
  switch (aspect) {
    case Aspect::kMapping:
      return "mapping";
    case Aspect::kClocks:
      return "clocks";
    case Aspect::kMeasure:
      return "measure";
    case Aspect::kPeriod:
      return "period";
    case Aspect::kFormula:
      return "formula";
    case Aspect::kThresholds:
      return "thresholds";
    case Aspect::kTargets:
      return "targets";
    case Aspect::kDecided:
      return "decided";
  }
  return "formula";
}

FigureState ReadFigureState(const View& view, const FigureName& name) {
  std::string unknown;
  const auto key = KeyOf(*view.center, name, unknown);
  return key ? StateOf(view, *key) : Unknown(unknown);
}

const Era& EraAt(const std::vector<Era>& eras, base::Timestamp moment) {
  const auto after =
      std::upper_bound(eras.begin(), eras.end(), moment,
                       [](base::Timestamp wanted, const Era& era) { return wanted < era.from; });
  return after == eras.begin() ? eras.front() : *std::prev(after);
}

base::Result<std::vector<FigureChange>> ReadFigureChanges(const std::vector<Era>& eras,
                                                          const std::vector<FigureName>& names,
                                                          base::Timestamp from, base::Timestamp to,
                                                          const base::Patience& patience) {
  if (to < from) {
    return base::Error{base::ErrorCode::kInvalidArgument, "moments_reversed",
                       "'to' lies before 'from'; a change is told forward in time"};
  }
  std::vector<FigureChange> changes(names.size());
  std::vector<Walk> walks(changes.begin(), changes.end());
  std::shared_ptr<const center::Center> before;
  std::string from_revision;
  const Era* const end = eras.data() + eras.size();
  for (const Era* era = &EraAt(eras, from); era != end; ++era) {
    const bool last = era + 1 == end || to < (era + 1)->from;
    FANSIPAN_ASSIGN_OR_RETURN(const auto engine, era->open());
    std::vector<EraFigure> figures(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      figures[i].name = &names[i];
      figures[i].walk = &walks[i];
    }
    EraWalk through(*engine, std::move(figures), patience);
    FANSIPAN_RETURN_IF_ERROR(through.Enter(before ? era->from : from, before.get()));
    FANSIPAN_RETURN_IF_ERROR(through.Pass(last ? to : (era + 1)->from));
    if (!before) from_revision = engine->center().revision;
    before = engine->shared_center();
    if (last) break;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    changes[i].from = from;
    changes[i].to = to;
    changes[i].from_revision = from_revision;
    changes[i].to_revision = before->revision;
    walks[i].End();
  }
  return changes;
}

base::Result<FigureChange> ReadFigureChange(const std::vector<Era>& eras, const FigureName& name,
                                            base::Timestamp from, base::Timestamp to,
                                            const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(auto changes, ReadFigureChanges(eras, {name}, from, to, patience));
  return std::move(changes.front());
}

}  // namespace fansipan::indicators
