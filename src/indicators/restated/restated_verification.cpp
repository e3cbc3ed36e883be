#include "indicators/restated/restated_verification.h"

#include <chrono>
#include <map>
#include <set>
#include <string>

#include "indicators/figures.h"
#include "indicators/plain/plain_figures.h"
#include "indicators/restated/restated_measures.h"
#include "model/days.h"

namespace fansipan::indicators {
namespace {

using model::Date;
using model::UnitId;

constexpr std::size_t kMostChanges = 4;  // the latest ones
constexpr std::chrono::days kDay{1};
constexpr std::chrono::days kYear{365};
/// Where a share of a share was rounded at 18 decimals, the order of adding up shows in the last.
constexpr int kComparedDecimals = 15;

std::string TextOf(const std::optional<model::Decimal>& value, const std::string& reason) {
  static const std::set<std::string> kTold{"incomplete", "not_comparable", "changed_within_period"};
  if (!value) return kTold.contains(reason) ? reason : "none";
  const auto rounded = value->scale() > kComparedDecimals ? value->Rescale(kComparedDecimals)
                                                          : std::optional(*value);
  return rounded.value_or(*value).Normalized().ToText();
}

bool DeclaresMore(const model::Indicator& indicator) {
  const model::MergerRule& rule = indicator.across_merger;
  return indicator.reported || rule.kind != model::MergerKind::kRecompute || !rule.share.empty();
}

/// One tree of one view: what is compared, and the findings so far.
class Comparison {
 public:
  Comparison(const View& view, const PlainEvaluator& plain, model::TreeKind tree, std::size_t limit,
             std::vector<Finding>& findings)
      : view_(view),
        plain_(plain),
        figures_(plain, view.snapshot.tick),
        kind_(tree),
        limit_(limit),
        findings_(findings) {}

  void Run() {
    std::set<Date> changes;
    for (const model::LineageEvent& event : view_.center->HistoryOf(kind_).lineage.events()) {
      if (model::HandsOn(event.kind)) changes.insert(event.day);
    }
    while (changes.size() > kMostChanges) changes.erase(changes.begin());
    if (changes.empty()) return;
    std::set<Date> days{model::DayOf(LocalNow(view_))};
    for (const Date change : changes) days.insert({change - kDay, change});
    const auto periods = PeriodsAround(changes);
    for (const Date day : days) {
      for (const auto& [text, period] : periods) {
        for (const UnitId unit : view_.center->TreeOf(kind_).UnitsOn(day)) {
          if (findings_.size() >= limit_) return;
          const model::FigureKey key{"", kind_, unit, period, day};
          CompareMeasures(key);
          CompareFigures(key);
        }
      }
    }
  }

 private:
  std::map<std::string, model::Period> PeriodsAround(const std::set<Date>& changes) const {
    const base::LocalTime now = LocalNow(view_);
    std::map<std::string, model::Period> periods;
    const auto look_at = [&](std::string_view kind, base::LocalTime at) {
      if (at > now) return;
      const model::Period period = model::PeriodContaining(kind, at);
      periods.emplace(model::ToText(period), period);
    };
    look_at("month", now);
    for (const Date change : changes) {
      for (const Date near : {change - kDay, change}) {
        look_at("month", base::LocalTime(near.time_since_epoch()));
      }
      for (const Date near : {change - kYear, change}) {
        look_at("year", base::LocalTime(near.time_since_epoch()));
      }
    }
    return periods;
  }

  /// Attributes by which some indicator divides units, and none.
  std::set<std::string> Shares() const {
    std::set<std::string> shares{""};
    for (const model::Indicator& indicator : view_.center->indicators) {
      shares.insert(indicator.across_merger.share);
    }
    return shares;
  }

  void CompareMeasures(const model::FigureKey& key) {
    for (const std::string& share : shares_) {
      for (const model::Measure& measure : plain_.center().measures) {
        const PlainValue expected = figures_.Measured(measure, key, share);
        const MeasureValue found = RestatedMeasures(view_, no_filter_)
                                       .Read(*view_.plan->FindMeasure(measure.name), key, share);
        Take("measure " + measure.name, share, key, TextOf(expected.value, expected.reason),
             TextOf(found.value, found.no_value_reason));
      }
    }
  }

  void CompareFigures(model::FigureKey key) {
    for (const model::Indicator& indicator : view_.center->indicators) {
      if (!DeclaresMore(indicator)) continue;
      key.indicator = indicator.name;
      const auto expected = figures_.ValueOf(key);
      if (!expected) continue;
      const FormulaValue found = ReadValue(view_, indicator, key);
      Take("figure " + indicator.name, indicator.across_merger.share, key,
           TextOf(expected->value, expected->reason), TextOf(found.value, found.no_value_reason));
    }
  }

  void Take(const std::string& name, const std::string& share, const model::FigureKey& key,
            const std::string& expected, const std::string& found) {
    if (expected == found || findings_.size() >= limit_) return;
    const std::string divided = share.empty() ? "" : ", divided by " + share;
    findings_.push_back({name + ", " + std::string(NameOf(kind_)) + " " +
                             view_.center->TreeOf(kind_).Get(key.unit).code + ", " +
                             model::ToText(key.period) + " on the territory of " +
                             model::ToText(model::Value(*key.territory)) + divided,
                         expected, found});
  }

  const View& view_;
  const PlainEvaluator& plain_;
  const std::optional<DimensionFilter> no_filter_;
  PlainFigures figures_;
  model::TreeKind kind_;
  std::size_t limit_;
  std::vector<Finding>& findings_;
  const std::set<std::string> shares_ = Shares();
};

}  // namespace

std::vector<Finding> CompareRestated(const View& view, const PlainEvaluator& plain,
                                     std::size_t limit) {
  std::vector<Finding> findings;
  for (const auto tree : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    Comparison(view, plain, tree, limit, findings).Run();
  }
  return findings;
}

}  // namespace fansipan::indicators
