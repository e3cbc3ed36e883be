#include "indicators/changes/center_comparison.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

#include "center/calendar_notices.h"
#include "indicators/internal/behind.h"

namespace fansipan::indicators {
namespace {

using TextSet = std::set<std::string>;

constexpr std::size_t kKeptBeyondLimit = 10'000;

/// What is asked of both centers, in texts.
struct Questions {
  TextSet indicators;
  std::map<model::TreeKind, TextSet> units;
  std::map<model::TreeKind, TextSet> roots;
  /// Indicators whose records have places in the tree; those of the others all lie at its root.
  std::map<model::TreeKind, TextSet> placed;
  TextSet periods;                           ///< days and months
  std::map<std::string, TextSet> of_panels;  ///< by indicator
};

bool IsPlaced(const center::Center& center, const model::Indicator& indicator,
              model::TreeKind tree) {
  const auto has_place = [&](const std::string& name) {
    const model::Dataset* dataset = center.FindDataset(name);
    if (dataset == nullptr) return false;
    return tree == model::TreeKind::kTerritory ? dataset->territory.has_value()
                                               : dataset->organisation.has_value();
  };
  const internal::Behind behind = internal::BehindOf(center, indicator);
  return std::ranges::any_of(behind.measures,
                             [&](const std::string& name) {
                               const model::Measure* measure = center.FindMeasure(name);
                               return measure != nullptr && has_place(measure->dataset);
                             }) ||
         std::ranges::any_of(behind.indicators, [&](const model::Indicator* one) {
           return one->reported && has_place(one->reported->dataset);
         });
}

void AddUnits(const center::Center& center, base::Timestamp at, Questions& questions) {
  const model::Date today = center::DayAt(center, at);
  for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    const model::UnitTree& tree = center.TreeOf(kind);
    if (tree.empty()) continue;
    questions.roots[kind].insert(tree.Get(tree.root()).code);
    for (const model::UnitId unit : tree.UnitsOn(today)) {
      questions.units[kind].insert(tree.Get(unit).code);
    }
    for (const model::Indicator& indicator : center.indicators) {
      if (IsPlaced(center, indicator, kind)) questions.placed[kind].insert(indicator.name);
    }
  }
}

void AddCenter(const center::Center& center, base::Timestamp from, base::Timestamp at,
               Questions& questions) {
  for (const model::Indicator& indicator : center.indicators) {
    questions.indicators.insert(indicator.name);
  }
  AddUnits(center, at, questions);
  const base::LocalTime last = center.time_zone.ToLocal(at);
  for (const std::string_view kind : {"day", "month"}) {
    model::Period period = model::PeriodContaining(kind, center.time_zone.ToLocal(from));
    for (; period.from <= last; period = model::Shift(period, 1)) {
      questions.periods.insert(model::ToText(period));
    }
  }
  for (const center::Panel& panel : center.panels) {
    for (const center::PanelItem& item : panel.items) {
      questions.of_panels[item.indicator].insert(
          model::ToText(model::PeriodContaining(*item.regime, *item.period, last)));
    }
  }
}

bool Differs(const FigureState& before, const FigureState& after) {
  return before.value != after.value || before.judgement != after.judgement ||
         before.target != after.target;
}

/// From 0 to 1, however large the numbers of the indicator are.
double ChangedPart(const FigureDifference& found) {
  if (!found.difference) return found.before.value || found.after.value ? 1 : 0;
  const double before = std::abs(found.before.value->ToDouble());
  const double after = std::abs(found.after.value->ToDouble());
  const double most = std::max(before, after);
  return most == 0 ? 0 : std::abs(found.difference->ToDouble()) / (before + after);
}

bool ComesFirst(const FigureDifference& left, const FigureDifference& right) {
  const auto order = [](const FigureDifference& found) {
    const bool same_judgement = found.before.judgement == found.after.judgement;
    return std::tuple(same_judgement, -ChangedPart(found));
  };
  const auto name = [](const FigureDifference& found) {
    return std::tie(found.name.indicator, found.name.tree, found.name.unit, found.name.period);
  };
  const auto of_left = order(left);
  const auto of_right = order(right);
  return of_left != of_right ? of_left < of_right : name(left) < name(right);
}

/// Counts what differs and keeps the largest differences.
class Comparison {
 public:
  explicit Comparison(std::size_t limit) : limit_(limit) {}

  void Add(const FigureName& name, FigureState before, FigureState after) {
    ++result_.compared;
    if (!Differs(before, after)) return;
    ++result_.changed;
    if (!before.value && after.value) ++result_.appeared;
    if (before.value && !after.value) ++result_.gone;
    if (before.judgement != after.judgement) {
      ++result_.judgements[{before.judgement, after.judgement}];
    }
    FigureDifference found{name, std::move(before), std::move(after), std::nullopt};
    if (found.before.value && found.after.value) {
      found.difference = Subtract(*found.after.value, *found.before.value);
    }
    result_.largest.push_back(std::move(found));
    if (result_.largest.size() >= limit_ + kKeptBeyondLimit) Cut();
  }

  CenterComparison Take() {
    Cut();
    return std::move(result_);
  }

 private:
  void Cut() {
    std::sort(result_.largest.begin(), result_.largest.end(), ComesFirst);
    if (result_.largest.size() > limit_) result_.largest.resize(limit_);
  }

  const std::size_t limit_;
  CenterComparison result_;
};

TextSet PeriodsOf(const Questions& questions, const std::string& indicator) {
  TextSet periods = questions.periods;
  const auto more = questions.of_panels.find(indicator);
  if (more != questions.of_panels.end()) periods.insert(more->second.begin(), more->second.end());
  return periods;
}

const TextSet& UnitsOf(const Questions& questions, const std::string& indicator,
                       model::TreeKind tree) {
  const auto placed = questions.placed.find(tree);
  const bool is_placed = placed != questions.placed.end() && placed->second.contains(indicator);
  return is_placed ? questions.units.at(tree) : questions.roots.at(tree);
}

std::uint64_t CountOf(const Questions& questions) {
  std::uint64_t figures = 0;
  for (const std::string& indicator : questions.indicators) {
    const std::uint64_t periods = PeriodsOf(questions, indicator).size();
    for (const auto& [tree, codes] : questions.roots) {
      figures += periods * UnitsOf(questions, indicator, tree).size();
    }
  }
  return figures;
}

void AskPeriods(const View& before, const View& after, FigureName name, const TextSet& periods,
                Comparison& comparison) {
  for (const std::string& period : periods) {
    name.period = period;
    comparison.Add(name, ReadFigureState(before, name), ReadFigureState(after, name));
  }
}

void Ask(const View& before, const View& after, const Questions& questions,
         const base::Patience& patience, Comparison& comparison) {
  for (const std::string& indicator : questions.indicators) {
    const TextSet periods = PeriodsOf(questions, indicator);
    for (const auto& [tree, codes] : questions.roots) {
      for (const std::string& unit : UnitsOf(questions, indicator, tree)) {
        if (patience.IsOver()) return;
        AskPeriods(before, after, {indicator, tree, unit, {}}, periods, comparison);
      }
    }
  }
}

}  // namespace

base::Result<CenterComparison> CompareCenters(const CenterComparisonJob& job) {
  Questions questions;
  const base::Timestamp from = job.at - std::chrono::hours(24) * job.days;
  AddCenter(job.before->center(), from, job.at, questions);
  AddCenter(job.after->center(), from, job.at, questions);
  if (CountOf(questions) > kMaxComparedFigures) {
    return base::Error{base::ErrorCode::kTooLarge, "too_many_figures",
                       "there are " + std::to_string(CountOf(questions)) +
                           " figures to compare, more than " + std::to_string(kMaxComparedFigures) +
                           "; plan with --no-figures and compare after applying"};
  }
  Comparison comparison(job.limit);
  base::Status inner;
  FANSIPAN_RETURN_IF_ERROR(job.before->ReadApart(
      job.at,
      [&](const View& before) {
        inner = job.after->Read(
            std::nullopt,
            [&](const View& after) { Ask(before, after, questions, job.patience, comparison); },
            job.patience);
      },
      job.patience));
  FANSIPAN_RETURN_IF_ERROR(inner);
  FANSIPAN_RETURN_IF_ERROR(job.patience.Check());
  return comparison.Take();
}

}  // namespace fansipan::indicators
