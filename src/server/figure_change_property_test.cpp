#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "indicators/changes/figure_change.h"
#include "indicators/figures.h"
#include "server/engine_ledger.h"
#include "server/testing/history_center.h"
#include "server/testing/random_history.h"
#include "sources/committer.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"

namespace fansipan::server {
namespace {

using model::Expression;

constexpr int kSteps = 40;
constexpr int kQuestions = 25;
constexpr std::size_t kIndicators = 6;

base::Timestamp Start() {
  return base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 27));
}

Expression Named(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

/// A center whose rules change at random while it runs, and everything that was recorded under
/// them.
class ChangingCenter {
 public:
  explicit ChangingCenter(std::uint64_t seed)
      : center_(testing::MakeHistoryCenter()), clock_(Start()), history_(center_, seed, Start()) {
    sources::Committer::Parts parts;
    parts.journal = &journal_;
    parts.ledger = &ledger_;
    parts.clock = &clock_;
    parts.metrics = &metrics_;
    EXPECT_TRUE(ledger_.Switch(center_).ok());
    committer_ = std::make_unique<sources::Committer>(parts, sources::Committer::Settings{});
    committer_->Start();
    committer_->TickNow();
    Redefine();
  }

  void Step() {
    switch (history_.Below(12)) {
      case 0:
        return Redefine();
      case 1:
      case 2:
        clock_.Advance(std::chrono::minutes(history_.Below(60 * 20)));
        return committer_->TickNow();
      case 3:
        if (!recorded_.empty()) ReplayOne();
        return;
      default:
        clock_.Advance(std::chrono::seconds(history_.Below(4'000)));
        Record(history_.Next(clock_.Now()));
    }
  }

  /// A figure's change between two moments adds up, and both ends are what a center would have
  /// answered that had only what was recorded by then.
  void Check() {
    committer_->TickNow();
    const auto end = ledger_.engine()->snapshot().tick;
    auto from = AnyMoment(end);
    auto to = AnyMoment(end);
    if (to < from) std::swap(from, to);
    const indicators::FigureName name{"indicator_" + std::to_string(history_.Below(kIndicators)),
                                      model::TreeKind::kTerritory,
                                      std::vector{"root", "a", "b"}[history_.Below(3)],
                                      std::vector{"2026-03", "2026-04", "2026", "2026-03-29",
                                                  "shifted:2026-01"}[history_.Below(5)]};
    const auto change = indicators::ReadFigureChange(eras_, name, from, to);
    ASSERT_TRUE(change.ok()) << change.error().message;
    CheckEnd(name, from, change->before);
    CheckEnd(name, to, change->after);
    CheckSum(*change);
  }

  int told() const { return told_; }
  std::size_t eras() const { return eras_.size(); }

 private:
  base::Timestamp AnyMoment(base::Timestamp end) {
    const auto span = static_cast<std::uint64_t>((end - eras_.front().from).count()) + 1;
    return eras_.front().from + base::Duration(history_.Below(span));
  }

  /// What a center of that moment answers over what was recorded by then.
  void CheckEnd(const indicators::FigureName& name, base::Timestamp moment,
                const indicators::FigureState& found) {
    const auto center = indicators::EraAt(eras_, moment).open().value()->shared_center();
    auto plain = indicators::Engine::Create(center).value();
    ASSERT_TRUE(journal_
                    .Read(1,
                          [&](store::JournalEntry entry) -> base::Status {
                            if (entry.recorded_at <= moment) plain->Replay(std::move(entry));
                            return {};
                          })
                    .ok());
    plain->Advance(moment);
    model::Figure expected;
    ASSERT_TRUE(plain
                    ->Read(std::nullopt,
                           [&](const indicators::View& view) {
                             expected = indicators::ReadFigure(
                                 view, {name.indicator, name.tree,
                                        *center->TreeOf(name.tree).FindByCode(name.unit),
                                        center->ParsePeriod(name.period).value()});
                           })
                    .ok());
    EXPECT_EQ(found.value, expected.value) << name.indicator << " " << name.period;
    EXPECT_EQ(found.no_value_reason, expected.no_value_reason);
    EXPECT_EQ(found.judgement, expected.judgement);
    EXPECT_EQ(found.target, expected.target);
  }

  void CheckSum(const indicators::FigureChange& change) {
    auto value = change.before.value;
    for (const auto& step : change.steps) {
      EXPECT_EQ(step.before.value, value);
      value = step.after.value;
    }
    EXPECT_EQ(value, change.after.value);
    told_ += static_cast<int>(change.steps.size());
    if (!change.before.value || !change.after.value) return;
    std::optional<model::Decimal> sum = model::Decimal();
    for (const auto& step : change.steps) {
      ASSERT_TRUE(step.difference.has_value());
      sum = Add(*sum, *step.difference);
    }
    EXPECT_EQ(sum, change.difference);
  }

  Expression AnyFormula(int depth) {
    const auto& measures = center_->measures;
    const std::string measure = measures[history_.Below(measures.size())].name;
    if (depth == 0 || history_.Below(4) == 0) {
      if (history_.Below(4) != 0) return Named(measure);
      Expression call = Named(history_.Below(3) == 0 ? "target" : "cumulative");
      call.kind = Expression::Kind::kCall;
      call.operands = {Named(call.name == "target" ? "planned" : measure)};
      return call;
    }
    constexpr std::array kOperators = {model::Operator::kAdd, model::Operator::kSubtract,
                                       model::Operator::kMultiply, model::Operator::kDivide};
    Expression expression;
    expression.kind = Expression::Kind::kOperation;
    expression.operation = kOperators[history_.Below(kOperators.size())];
    expression.operands = {AnyFormula(depth - 1), AnyFormula(depth - 1)};
    return expression;
  }

  model::Decimal Below(std::uint64_t limit) {
    return model::Decimal::FromInteger(static_cast<std::int64_t>(history_.Below(limit)));
  }

  model::Indicator AnyIndicator(std::size_t number) {
    model::Indicator indicator;
    indicator.name = "indicator_" + std::to_string(number);
    indicator.formula = AnyFormula(2);
    indicator.better = model::Better::kHigher;
    indicator.thresholds = {Below(20), Below(10), {}};
    indicator.targets = {{Below(50), "", "", {}, std::nullopt}};
    const auto today = std::chrono::floor<std::chrono::days>(clock_.Now());
    indicator.targets.push_back(
        {Below(50), "", "", {}, model::Date(today + std::chrono::days(history_.Below(6)))});
    model::SortTargets(indicator.targets);
    return indicator;
  }

  /// Another center from now on: some rules new, sometimes measures and units too.
  void Redefine() {
    auto next = std::make_shared<center::Center>(*center_);
    next->revision = "history-" + std::to_string(eras_.size() + 2);
    next->indicators.resize(kIndicators + 1);
    for (std::size_t i = 0; i <= kIndicators; ++i) {
      if (eras_.empty() || history_.Below(3) == 0) next->indicators[i] = AnyIndicator(i);
    }
    next->indicators.back().name = "planned";
    next->indicators.back().formula = Named(next->measures.front().name);
    if (!eras_.empty() && history_.Below(2) == 0) {
      model::Measure& measure = next->measures[history_.Below(next->measures.size())];
      measure.condition = measure.condition ? std::nullopt : next->measures.back().condition;
    }
    clock_.Advance(std::chrono::seconds(history_.Below(500)));
    const auto committed = committer_->CommitCenter(next, "archived");
    ASSERT_TRUE(committed.ok()) << committed.error().message;
    center_ = next;
    ASSERT_TRUE(journal_
                    .ReadHeads(journal_.End().number,
                               [&](const store::JournalHead& head) -> base::Status {
                                 AddEra(head.recorded_at, ledger_.engine());
                                 return {};
                               })
                    .ok());
    committer_->TickNow();
  }

  void AddEra(base::Timestamp from, std::shared_ptr<const indicators::Engine> engine) {
    using Opened = base::Result<std::shared_ptr<const indicators::Engine>>;
    eras_.push_back({from, [engine = std::move(engine)]() -> Opened { return engine; }});
  }

  void Record(sources::PendingDelivery pending) {
    pending.center_revision = center_->revision;
    auto recorded = committer_->Commit(std::move(pending));
    ASSERT_TRUE(recorded.ok()) << recorded.error().message;
    recorded_.push_back(*recorded);
    committer_->TickNow();
  }

  void ReplayOne() {
    const auto& earlier = recorded_[history_.Below(recorded_.size())];
    Record(history_.ReplayFrom(journal_, earlier, clock_.Now()));
  }

  std::shared_ptr<const center::Center> center_;
  base::VirtualClock clock_;
  testing::RandomHistory history_;
  base::MetricsRegistry metrics_;
  store::FakeJournal journal_;
  store::FakeFactStore facts_;
  EngineLedger ledger_{journal_, facts_, indicators::CellLogPlace{}};
  std::unique_ptr<sources::Committer> committer_;
  std::vector<indicators::Era> eras_;
  std::vector<sources::RecordedDelivery> recorded_;
  int told_ = 0;
};

class FigureChangeProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FigureChangeProperty, AddsUpAndItsEndsEqualAReplayOfWhatHadArrived) {
  ChangingCenter center(GetParam());
  for (int step = 0; step < kSteps && !HasFailure(); ++step) center.Step();
  for (int question = 0; question < kQuestions && !HasFailure(); ++question) center.Check();
  EXPECT_GT(center.told(), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FigureChangeProperty, ::testing::Range<std::uint64_t>(1, 31));

}  // namespace
}  // namespace fansipan::server
