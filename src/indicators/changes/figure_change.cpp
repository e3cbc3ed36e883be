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

/// One era's part of the way. The engine must outlive it.
class EraWalk {
 public:
  EraWalk(const Engine& engine, const FigureName& name, const base::Patience& patience)
      : engine_(engine), name_(name), patience_(patience) {}

  /// Reads the figure at `start`. `before`: the center that ran until then, null at the beginning.
  base::Status Enter(base::Timestamp start, const center::Center* before, Walk& walk) {
    start_ = start;
    FindKey();
    auto read = engine_.Read(
        start,
        [&](const View& view) {
          if (view.as_of) {
            cells_.emplace(*view.cells);  // of the past: nobody changes them
            view_ = view;
            view_.cells = &*cells_;
          }
          const FigureState state = key_ ? StateOf(view, *key_) : Unknown(unknown_);
          if (before == nullptr) return walk.Begin(state);
          if (key_) WalkDeclared(view, *before, walk);
          walk.Step(LastDeclared(walk.state(), state), state);
        },
        patience_);
    return read;
  }

  /// Lets what came after the start, up to `end`, happen cause by cause.
  base::Status Pass(base::Timestamp end, Walk& walk) {
    if (!cells_ || !key_ || end <= start_) return {};
    std::map<Cause, internal::DeltaSums> sums;
    FANSIPAN_RETURN_IF_ERROR(Collect(end, sums));
    view_.later_reports.some = engine_.LastSequenceAt(end);
    for (const Cause cause : kOrder) {
      const auto found = sums.find(cause);
      if (found != sums.end()) cells_->Apply(found->second.Take());
      if (cause == Cause::kClock) return PassTime(end, walk);
      view_.later_reports.causes.push_back(cause);
      ChangeStep step{{cause}, {}, start_, end, {}, {}, {}};
      if (cause == Cause::kRedefined) step.aspects = {Aspect::kMapping};
      walk.Step(std::move(step), StateOf(view_, *key_));
    }
    return {};
  }

 private:
  void FindKey() {
    auto key = KeyOf(engine_.center(), name_, unknown_);
    if (key) key_ = *std::move(key);
  }

  void WalkDeclared(const View& view, const center::Center& before, Walk& walk) {
    internal::DeclaredChange declared(before, *view.center);
    if (before.FindIndicator(name_.indicator) == nullptr) return;
    for (const auto& stage : declared.StagesOf(name_.indicator)) {
      View staged = view;
      staged.center = &declared.Turn(stage.kind);
      ChangeStep step{stage.causes, stage.aspects, start_, start_, {}, {}, {}};
      walk.Step(std::move(step), StateOf(staged, *key_));
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

  /// What changed below the unit, as if it had changed in the unit itself.
  base::Status Collect(base::Timestamp end, std::map<Cause, internal::DeltaSums>& sums) const {
    const auto measures = MeasuresBehind(view_, *view_.center->FindIndicator(name_.indicator));
    const model::UnitTree& tree = view_.center->TreeOf(key_->tree);
    const bool territory = key_->tree == model::TreeKind::kTerritory;
    const auto span = view_.log->Span(view_.block_count, view_.log->CountUntil(end));
    return span.ForEach(
        [&](const CellLogBlock& block) {
          for (Delta delta : block.deltas) {
            const auto unit = territory ? delta.cell.territory : delta.cell.organisation;
            if (std::find(measures.begin(), measures.end(), delta.measure) == measures.end() ||
                unit == model::kNoUnit || !tree.IsWithin(unit, key_->unit)) {
              continue;
            }
            delta.cell.territory = territory ? key_->unit : model::kNoUnit;
            delta.cell.organisation = territory ? model::kNoUnit : key_->unit;
            sums[delta.cause].Add(delta);
          }
        },
        patience_);
  }

  /// Deadlines, periods that begin, and then targets that were decided for a day that has come.
  base::Status PassTime(base::Timestamp end, Walk& walk) {
    view_.snapshot.tick = end;
    const center::Center& center = *view_.center;
    const auto day = [&](base::Timestamp moment) { return center::DayAt(center, moment); };
    if (const auto held = internal::WithoutTargetsDecided(center, day(start_), day(end))) {
      View earlier = view_;
      earlier.center = held.get();
      walk.Step({{Cause::kClock}, {}, start_, end, {}, {}, {}}, StateOf(earlier, *key_));
      walk.Step({{Cause::kTargeted}, {Aspect::kDecided}, start_, end, {}, {}, {}},
                StateOf(view_, *key_));
    } else {
      walk.Step({{Cause::kClock}, {}, start_, end, {}, {}, {}}, StateOf(view_, *key_));
    }
    return cells_->status();
  }

  const Engine& engine_;
  const FigureName& name_;
  const base::Patience& patience_;
  base::Timestamp start_;
  std::optional<model::FigureKey> key_;
  std::string unknown_;  ///< why there is no key
  std::optional<Cells> cells_;
  View view_;
};

}  // namespace

std::string_view NameOf(Aspect aspect) {
  switch (aspect) {
    case Aspect::kMapping:
      return "mapping";
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

base::Result<FigureChange> ReadFigureChange(const std::vector<Era>& eras, const FigureName& name,
                                            base::Timestamp from, base::Timestamp to,
                                            const base::Patience& patience) {
  if (to < from) {
    return base::Error{base::ErrorCode::kInvalidArgument, "moments_reversed",
                       "'to' lies before 'from'; a change is told forward in time"};
  }
  FigureChange change;
  change.from = from;
  change.to = to;
  Walk walk(change);
  std::shared_ptr<const center::Center> before;
  const Era* const end = eras.data() + eras.size();
  for (const Era* era = &EraAt(eras, from); era != end; ++era) {
    const bool last = era + 1 == end || to < (era + 1)->from;
    FANSIPAN_ASSIGN_OR_RETURN(const auto engine, era->open());
    EraWalk through(*engine, name, patience);
    FANSIPAN_RETURN_IF_ERROR(through.Enter(before ? era->from : from, before.get(), walk));
    FANSIPAN_RETURN_IF_ERROR(through.Pass(last ? to : (era + 1)->from, walk));
    if (!before) change.from_revision = engine->center().revision;
    before = engine->shared_center();
    if (last) break;
  }
  change.to_revision = before->revision;
  walk.End();
  return change;
}

}  // namespace fansipan::indicators
