#include "indicators/quality/quality_scores.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

#include "indicators/testing/permit_office.h"
#include "store/testing/fake_fact_store.h"

namespace fansipan::indicators {
namespace {

using std::chrono_literals::operator""h;
using testing::At;
using testing::Permit;
using testing::PermitOffice;

constexpr std::size_t kReceived = 4;
constexpr std::size_t kDue = 5;
constexpr std::size_t kEnded = 6;

model::Expression Name(const std::string& name) {
  model::Expression expression;
  expression.kind = model::Expression::Kind::kName;
  expression.name = name;
  return expression;
}

model::QualityCheck EndedAfterReceived() {
  model::QualityCheck check;
  check.name = "ended_after_received";
  check.condition.kind = model::Expression::Kind::kOperation;
  check.condition.operation = model::Operator::kGreaterOrEqual;
  check.condition.operands = {Name("ended"), Name("received")};
  return check;
}

Permit PermitOf(std::int64_t id) {
  Permit permit;
  permit.id = id;
  permit.received = At("2026-03-02 00:00") + std::chrono::hours(id);
  permit.due = permit.received + 48h;
  permit.ended = permit.received + 24h;
  return permit;
}

class QualityScoresTest : public ::testing::Test {
 protected:
  QualityScoresTest() {
    model::QualityRules& rules = office_.center().datasets[0].quality;
    rules.checks = {EndedAfterReceived()};
    rules.expected = {kDue};
    rules.regular = model::RegularRecords{kReceived, 1h, {}};
    rules.unique = {kEnded};
  }

  /// Ten sound permits, one an hour, and what the test plants.
  Quality Measure(const std::vector<Permit>& planted, std::uint32_t set_aside = 0) {
    office_.Open();
    std::vector<Permit> permits;
    for (std::int64_t id = 1; id <= 10; ++id) permits.push_back(PermitOf(id));
    office_.Deliver(At("2026-03-06 09:00"), permits);
    if (!planted.empty()) office_.Deliver(At("2026-03-06 09:10"), planted);
    if (set_aside > 0) office_.SetAside(At("2026-03-06 09:20"), set_aside);
    office_.engine().Advance(At("2026-03-06 10:00"));
    return Read();
  }

  Quality Read() {
    store::FakeFactStore facts;
    EXPECT_TRUE(facts.Declare(office_.center().datasets).ok());
    EXPECT_TRUE(office_.journal()
                    .Read(1,
                          [&](store::JournalEntry entry) -> base::Status {
                            return facts.Append({std::move(entry)});
                          })
                    .ok());
    QualityQuestion question;
    const auto read = office_.engine().Read(std::nullopt, [&](const View& view) {
      question = AskQuality(view, view.center->datasets[0]);
    });
    EXPECT_TRUE(read.ok());
    auto quality = ReadQuality(question, facts);
    EXPECT_TRUE(quality.ok()) << (quality.ok() ? "" : quality.error().message);
    return quality.ok() ? *std::move(quality) : Quality{};
  }

  static void ExpectWhole(const QualityScore& score) {
    EXPECT_EQ(score.good, score.whole);
    EXPECT_EQ(score.percent(), model::Decimal(100, 0));
    EXPECT_TRUE(score.losses.empty());
  }

  PermitOffice office_;
};

TEST_F(QualityScoresTest, SoundRecordsLoseNothing) {
  const Quality quality = Measure({});
  EXPECT_EQ(quality.records, 10U);
  ExpectWhole(quality.correct);
  ExpectWhole(quality.complete);
  ExpectWhole(quality.clean);
  ExpectWhole(quality.live);
}

TEST_F(QualityScoresTest, ABrokenCheckMovesCorrectOnly) {
  Permit wrong = PermitOf(3);
  wrong.revision = 2;
  wrong.ended = wrong.received - 1h;
  const Quality quality = Measure({wrong});
  EXPECT_EQ(quality.correct.percent(), model::Decimal(90, 0));
  ASSERT_EQ(quality.correct.losses.size(), 1U);
  EXPECT_EQ(quality.correct.losses[0].name, "ended_after_received");
  EXPECT_EQ(quality.correct.losses[0].record->values[0], model::Value(std::int64_t{3}));
  ExpectWhole(quality.complete);
  ExpectWhole(quality.clean);
  ExpectWhole(quality.live);
}

TEST_F(QualityScoresTest, AMissingValueMovesCompleteOnly) {
  Permit wrong = PermitOf(3);
  wrong.revision = 2;
  wrong.due = std::nullopt;
  const Quality quality = Measure({wrong});
  ASSERT_EQ(quality.complete.losses.size(), 1U);
  EXPECT_EQ(quality.complete.losses[0].kind, QualityLoss::Kind::kMissing);
  EXPECT_EQ(quality.complete.whole - quality.complete.good, 1U);
  ExpectWhole(quality.correct);
  ExpectWhole(quality.clean);
  ExpectWhole(quality.live);
}

TEST_F(QualityScoresTest, AGapMovesCompleteOnly) {
  const Quality quality = Measure({PermitOf(14)});
  ASSERT_EQ(quality.complete.losses.size(), 1U);
  EXPECT_EQ(quality.complete.losses[0].kind, QualityLoss::Kind::kGap);
  EXPECT_EQ(quality.complete.losses[0].from, At("2026-03-02 11:00"));
  EXPECT_EQ(quality.complete.losses[0].until, At("2026-03-02 14:00"));
  EXPECT_EQ(quality.complete.whole - quality.complete.good, 3U);
  ExpectWhole(quality.correct);
  ExpectWhole(quality.clean);
}

TEST_F(QualityScoresTest, ARecordOfTheFutureMakesNoGaps) {
  Permit slip = PermitOf(11);
  slip.received = At("2062-03-02 11:00");
  slip.due = slip.received + 48h;
  slip.ended = slip.received + 24h;
  const Quality quality = Measure({slip});
  EXPECT_EQ(quality.records, 11U);
  ExpectWhole(quality.complete);
}

TEST_F(QualityScoresTest, ADuplicateAndARowSetAsideMoveCleanOnly) {
  Permit copy = PermitOf(3);
  copy.id = 30;
  const Quality quality = Measure({copy}, 7);
  ASSERT_EQ(quality.clean.losses.size(), 2U);
  EXPECT_EQ(quality.clean.losses[0].kind, QualityLoss::Kind::kDuplicate);
  EXPECT_EQ(quality.clean.losses[1].kind, QualityLoss::Kind::kQuarantined);
  EXPECT_EQ(quality.clean.losses[1].raw_row, 7U);
  EXPECT_EQ(quality.clean.good, 10U);
  EXPECT_EQ(quality.clean.whole, 12U);
  ExpectWhole(quality.correct);
  ExpectWhole(quality.complete);
  ExpectWhole(quality.live);
}

TEST_F(QualityScoresTest, SilenceMovesLiveOnly) {
  Measure({});
  office_.engine().Advance(At("2026-03-06 17:00"));
  const Quality quality = Read();
  EXPECT_EQ(quality.live.percent(), model::Decimal(50, 0)) << "four of eight hours";
  ASSERT_EQ(quality.live.losses.size(), 1U);
  EXPECT_EQ(quality.live.losses[0].state, "silent");
  ExpectWhole(quality.correct);
  ExpectWhole(quality.complete);
  ExpectWhole(quality.clean);
}

TEST_F(QualityScoresTest, AValueThatTheRegistryLacksMovesCorrectAndTheMatch) {
  model::Dataset registry = office_.center().datasets[0];
  registry.name = "registry";
  registry.quality = {};
  office_.center().datasets.push_back(registry);
  office_.center().datasets[0].quality.match = model::RegistryMatch{"registry", 0, 0};
  const Quality quality = Measure({});
  ASSERT_TRUE(quality.matched);
  EXPECT_EQ(quality.matched->good, 0U);
  EXPECT_EQ(quality.matched->whole, 10U);
  EXPECT_EQ(quality.correct.good, 0U);
  EXPECT_EQ(quality.correct.losses.size(), 10U);
  EXPECT_EQ(quality.correct.losses[0].kind, QualityLoss::Kind::kUnmatched);
  ExpectWhole(quality.clean);
}

TEST_F(QualityScoresTest, ARegistryOfManyPagesIsMatchedInPieces) {
  office_.center().datasets[0].quality.match = model::RegistryMatch{"permit", 0, 0};
  office_.center().datasets[0].quality.regular = std::nullopt;
  office_.center().datasets[0].quality.unique = {};
  std::vector<Permit> many;
  for (std::int64_t id = 11; id <= 3'000; ++id) many.push_back(PermitOf(id));
  const Quality quality = Measure(many);
  ASSERT_TRUE(quality.matched);
  EXPECT_EQ(quality.matched->good, 3'000U) << "the oldest is on the last page";
  EXPECT_EQ(quality.matched->whole, 3'000U);
}

TEST(QualityScore, IsAHundredOnlyWhenNothingIsLost) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i) {
    QualityScore score;
    score.whole = 1 + random() % 10'000'000'000;
    score.good = random() % (score.whole + 1);
    if (i % 3 == 0) score.good = score.whole - i % 2;
    const auto percent = score.percent();
    ASSERT_TRUE(percent);
    EXPECT_EQ(*percent == model::Decimal(100, 0), score.good == score.whole);
    const auto hundredths = static_cast<model::Int128>(score.good) * 10'000;
    EXPECT_TRUE(percent->unscaled() * score.whole <= hundredths);
    EXPECT_TRUE((percent->unscaled() + 1) * score.whole > hundredths);
  }
  EXPECT_FALSE(QualityScore{}.percent());
}

}  // namespace
}  // namespace fansipan::indicators
