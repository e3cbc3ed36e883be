#include "indicators/restated/restated_verification.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "indicators/formula.h"
#include "indicators/restated/measure_reading.h"

namespace fansipan::indicators {
namespace {

using model::Date;
using model::Decimal;
using model::UnitId;
using Share = std::optional<Decimal>;
using Places = std::map<UnitId, Share>;

constexpr std::size_t kMostChanges = 4;  // the latest ones
constexpr std::chrono::days kDay{1};

Share Plus(const Share& left, const Share& right) {
  return left && right ? Add(*left, *right) : Share();
}

void AddPlace(Places& places, UnitId unit, const Share& share) {
  const auto [place, added] = places.try_emplace(unit, share);
  if (!added) place->second = Plus(place->second, share);
}

/// Where content lies on one day, told from the list of events alone.
class PlainTerritory {
 public:
  PlainTerritory(const model::UnitTree& tree, const std::vector<model::LineageEvent>& events,
                 Date day)
      : tree_(tree), day_(day) {
    for (const model::LineageEvent& event : events) {
      if (model::HandsOn(event.kind)) by_day_[event.day].push_back(&event);
    }
  }

  /// Every unit of the day in which something lies of what was counted in `unit` on `on`, with its
  /// share; nothing: unknown.
  const Places& SharesOf(UnitId unit, Date on) {
    const Date own = tree_.NearestDayOf(unit, on);
    const auto [known, added] = shares_.try_emplace({unit, own});
    if (added) known->second = Within(Settled(Follow(unit, own), 0));
    return known->second;
  }

 private:
  static constexpr int kDeepest = 8;

  Places Follow(UnitId unit, Date from) const {
    Places places{{unit, Decimal::FromInteger(1)}};
    for (const auto& [day, events] : by_day_) {
      if (day > from && day <= day_) places = Forward(places, events);
    }
    for (auto day = by_day_.rbegin(); day != by_day_.rend(); ++day) {
      if (day->first <= from && day->first > day_) {
        places = Backward(places, day->first, day->second);
      }
    }
    return places;
  }

  static Places Forward(const Places& before, const std::vector<const model::LineageEvent*>& day) {
    Places after;
    for (const auto& [unit, share] : before) {
      Share left = Decimal::FromInteger(1);
      int unstated = 0;
      bool ends = false;
      bool any = false;
      for (const auto* event : day) {
        if (event->from != unit) continue;
        any = true;
        ends |= event->kind != model::LineageKind::kPart;
        if (event->kind == model::LineageKind::kMerge) continue;
        if (event->share) left = Plus(left, Subtract(Decimal(), *event->share));
        if (!event->share) ++unstated;
      }
      if (!any) AddPlace(after, unit, share);
      for (const auto* event : day) {
        if (event->from != unit) continue;
        Share part = event->share;
        if (event->kind == model::LineageKind::kMerge) part = Decimal::FromInteger(1);
        if (!part && ends && unstated == 1) part = left;
        AddPlace(after, event->to, Times(share, part));
      }
      if (any && !ends) AddPlace(after, unit, unstated > 0 ? Share() : Times(share, left));
    }
    return after;
  }

  Places Backward(const Places& later, Date day,
                  const std::vector<const model::LineageEvent*>& events) const {
    Places earlier;
    for (const auto& [unit, share] : later) {
      std::set<UnitId> origins;
      bool ended = false;
      for (const auto* event : events) {
        if (event->to == unit) origins.insert(event->from);
        ended |= event->from == unit && event->kind != model::LineageKind::kPart;
      }
      if (!ended && tree_.IsValidOn(unit, day - kDay)) origins.insert(unit);
      if (origins.empty()) origins.insert(unit);
      for (const UnitId origin : origins) {
        AddPlace(earlier, origin, origins.size() == 1 ? share : Share());
      }
    }
    return earlier;
  }

  static Share Times(const Share& left, const Share& right) {
    if (!left || !right) return std::nullopt;
    const auto product = Multiply(left->Normalized(), right->Normalized());
    return product ? Share(product->Normalized()) : Share();
  }

  /// A unit that is not there on the day: its content is where the units below it went, or else the
  /// unit above it.
  Places Settled(const Places& places, int depth) const {
    Places settled;
    for (const auto& [unit, share] : places) {
      Places others;
      if (!tree_.IsValidOn(unit, day_) && depth < kDeepest) others = Relatives(unit, depth);
      if (others.empty()) AddPlace(settled, unit, share);
      for (const auto& [other, ignored] : others) {
        AddPlace(settled, other, others.size() == 1 ? share : Share());
      }
    }
    return settled;
  }

  Places Relatives(UnitId unit, int depth) const {
    const Date on = tree_.NearestDayOf(unit, day_);
    std::vector<UnitId> relatives;
    if (on < day_) relatives = tree_.ChildrenOn(unit, on);
    const model::UnitState* state = tree_.FindStateOn(unit, on);
    if (relatives.empty() && state != nullptr && state->parent != model::kNoUnit) {
      relatives = {state->parent};
    }
    Places found;
    for (const UnitId relative : relatives) {
      for (const auto& [place, share] : Settled(Follow(relative, on), depth + 1)) {
        found.emplace(place, Share());
      }
    }
    return found;
  }

  Places Within(const Places& places) const {
    std::set<UnitId> above{tree_.root()};
    for (const auto& [place, share] : places) {
      for (const UnitId unit : tree_.PathOn(place, day_)) above.insert(unit);
    }
    Places within;
    for (const UnitId unit : above) {
      Share inside = Decimal();
      Share outside = Decimal();
      bool all = true;
      for (const auto& [place, share] : places) {
        const auto path = tree_.PathOn(place, day_);
        const bool lies_in = unit == tree_.root() || std::ranges::count(path, unit) > 0;
        all &= lies_in;
        Share& sum = lies_in ? inside : outside;
        sum = Plus(sum, share);
      }
      if (all) inside = Decimal::FromInteger(1);
      if (!inside && outside) inside = Subtract(Decimal::FromInteger(1), *outside);
      within[unit] = inside;
    }
    return within;
  }

  const model::UnitTree& tree_;
  Date day_;
  std::map<Date, std::vector<const model::LineageEvent*>> by_day_;
  std::map<std::pair<UnitId, Date>, Places> shares_;
};

/// What a measure comes to in a unit.
struct PlainSum {
  Share count = Decimal();
  Share sum = Decimal();
  bool incomplete = false;
};

Date DayOf(base::LocalTime local) {
  return Date(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
}

bool AddsUp(const model::Measure& measure) {
  return measure.aggregate == model::Aggregate::kCount ||
         measure.aggregate == model::Aggregate::kSum ||
         measure.aggregate == model::Aggregate::kAverage;
}

/// One tree of one view: what is compared, and the findings so far.
class Comparison {
 public:
  Comparison(const View& view, const PlainEvaluator& plain, model::TreeKind tree, std::size_t limit,
             std::vector<Finding>& findings)
      : view_(view), plain_(plain), kind_(tree), limit_(limit), findings_(findings) {}

  void Run() {
    const auto& events = view_.center->HistoryOf(kind_).lineage.events();
    std::set<Date> changes;
    for (const model::LineageEvent& event : events) {
      if (model::HandsOn(event.kind)) changes.insert(event.day);
    }
    while (changes.size() > kMostChanges) changes.erase(changes.begin());
    if (changes.empty()) return;
    const base::LocalTime now = view_.center->time_zone.ToLocal(view_.snapshot.tick);
    std::set<Date> days{DayOf(now)};
    std::map<std::string, model::Period> periods;
    const auto look_at = [&](std::string_view kind, base::LocalTime at) {
      if (at > now) return;
      const model::Period period = model::PeriodContaining(kind, at);
      periods.emplace(model::ToText(period), period);
    };
    look_at("month", now);
    for (const Date change : changes) {
      days.insert(change);
      days.insert(change - kDay);
      for (const Date near : {change - kDay, change}) {
        look_at("month", base::LocalTime(near.time_since_epoch()));
      }
      look_at("year", base::LocalTime(change.time_since_epoch()));
    }
    for (const Date day : days) {
      PlainTerritory territory(view_.center->TreeOf(kind_), events, day);
      for (const model::Measure& measure : view_.center->measures) {
        if (!AddsUp(measure)) continue;
        const auto cells = plain_.ComputeOwn(measure, kind_, view_.snapshot.tick);
        for (const auto& [text, period] : periods) Compare(measure, cells, period, territory, day);
      }
    }
  }

 private:
  using Cells = std::map<PlainEvaluator::Place, PlainEvaluator::Total>;

  void Compare(const model::Measure& measure, const Cells& cells, const model::Period& period,
               PlainTerritory& territory, Date day) {
    const auto sums = Sum(measure, cells, period, territory);
    const model::UnitTree& tree = view_.center->TreeOf(kind_);
    for (const UnitId unit : tree.UnitsOn(day)) {
      if (findings_.size() >= limit_) return;
      const auto found = sums.find(unit);
      const std::string expected =
          TextOf(measure, found == sums.end() ? PlainSum() : found->second);
      const MeasureValue read = ReadMeasure(view_, *view_.plan->FindMeasure(measure.name),
                                            {"", kind_, unit, period, day});
      const std::string given =
          read.value ? read.value->Normalized().ToText() : read.no_value_reason;
      if (expected == given) continue;
      findings_.push_back({"measure " + measure.name + ", " + std::string(NameOf(kind_)) + " " +
                               tree.Get(unit).code + ", " + model::ToText(period) +
                               " on the territory of " + model::ToText(model::Value(day)),
                           expected, given});
    }
  }

  std::map<UnitId, PlainSum> Sum(const model::Measure& measure, const Cells& cells,
                                 const model::Period& period, PlainTerritory& territory) const {
    const bool stock = measure.kind == model::MeasureKind::kStock;
    const base::LocalTime now = view_.center->time_zone.ToLocal(view_.snapshot.tick);
    const Date last =
        std::max(DayOf(std::min(period.to - base::Duration(1), now)), DayOf(period.from));
    std::map<std::pair<UnitId, Date>, PlainEvaluator::Total> by_day;
    for (const auto& [place, total] : cells) {
      const base::LocalTime at = model::StartOf(place.leaf, measure.grain);
      if (at >= period.to || (!stock && at < period.from)) continue;
      auto& sum = by_day[{UnitId{place.unit}, stock ? last : std::min(DayOf(at), last)}];
      sum.count += total.count;
      sum.sum += total.sum;
    }
    std::map<UnitId, PlainSum> sums;
    for (const auto& [where, total] : by_day) {
      if (total.count == 0 && total.sum == 0) continue;
      for (const auto& [unit, share] : territory.SharesOf(where.first, where.second)) {
        AddShare(measure, total, share, sums[unit]);
      }
    }
    return sums;
  }

  void AddShare(const model::Measure& measure, const PlainEvaluator::Total& total,
                const Share& share, PlainSum& sum) const {
    if (!share) {
      sum.incomplete = true;
      return;
    }
    const int scale = view_.plan->ScaleOf(*view_.plan->FindMeasure(measure.name));
    const auto part = [&](const Decimal& amount) {
      return Multiply(amount.Normalized(), share->Normalized());
    };
    sum.count = Plus(sum.count, part(Decimal::FromInteger(total.count)));
    sum.sum = Plus(sum.sum, part(Decimal(total.sum, scale)));
  }

  static std::string TextOf(const model::Measure& measure, const PlainSum& sum) {
    if (sum.incomplete) return "incomplete";
    if (!sum.count || !sum.sum) return "overflow";
    if (measure.aggregate == model::Aggregate::kCount) return sum.count->Normalized().ToText();
    if (measure.aggregate == model::Aggregate::kSum) return sum.sum->Normalized().ToText();
    if (sum.count->is_zero()) return "no_records";
    const auto mean = Divide(*sum.sum, *sum.count, kQuotientDecimals);
    return mean ? mean->Normalized().ToText() : "overflow";
  }

  const View& view_;
  const PlainEvaluator& plain_;
  model::TreeKind kind_;
  std::size_t limit_;
  std::vector<Finding>& findings_;
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
