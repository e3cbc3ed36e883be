#include "sources/contract/contract_memory.h"

#include <gtest/gtest.h>

#include "sources/contract/schema_comparison.h"

namespace fansipan::sources {
namespace {

const base::Timestamp kMoment = base::Timestamp(std::chrono::hours(24 * 365 * 55));

model::ColumnProfile Column(const std::string& name, std::uint32_t cells) {
  return {name, cells, 0, 0, 0, 0, 8, {}};
}

class ContractMemoryTest : public ::testing::Test {
 protected:
  void Declare(center::SourceContract contract) {
    source_.contract = std::make_shared<const center::SourceContract>(std::move(contract));
  }

  /// One that is judged and recorded.
  model::Delivery Deliver(const std::vector<std::string>& names, std::uint32_t rows = 100,
                          const std::string& outcome = "accepted") {
    model::Delivery delivery;
    delivery.sequence = {++sequence_};
    delivery.source = "desk";
    delivery.received_at = kMoment + std::chrono::hours(sequence_);
    delivery.outcome = outcome;
    delivery.counts.raw_rows = rows;
    model::ContractFacts& facts = delivery.contract.emplace();
    for (const std::string& name : names) facts.profile.push_back(Column(name, rows));
    memory_.Judge(source_, delivery);
    memory_.Learn(delivery);
    return delivery;
  }

  static bool Drifts(const model::Delivery& delivery) {
    return delivery.contract && delivery.contract->drift;
  }

  center::Source source_;
  ContractMemory memory_;
  std::uint64_t sequence_ = 0;
};

TEST_F(ContractMemoryTest, ComparesWithTheLastGoodDelivery) {
  EXPECT_FALSE(Drifts(Deliver({"number", "fee"})));
  EXPECT_FALSE(Drifts(Deliver({"number", "fee"})));
  const auto drifted = Deliver({"number"});
  ASSERT_TRUE(Drifts(drifted));
  EXPECT_EQ(drifted.contract->drift->reference, model::Sequence{2});
  // What drifted is no reference: it goes on being told.
  const auto again = Deliver({"number"});
  ASSERT_TRUE(Drifts(again));
  EXPECT_EQ(again.contract->drift->reference, model::Sequence{2});
  EXPECT_FALSE(Drifts(Deliver({"number", "fee"})));
}

TEST_F(ContractMemoryTest, TellsOfADeliveryWhoseMappingFailedWhatChanged) {
  Deliver({"number", "fee"});
  const auto refused = Deliver({"number", "phi"}, 100, "refused");
  ASSERT_TRUE(Drifts(refused));
  EXPECT_TRUE(refused.contract->profile.empty());
}

TEST_F(ContractMemoryTest, TakesWhatIsDeclaredToBeKnownForTheNewReference) {
  Deliver({"number", "fee"});
  ASSERT_TRUE(Drifts(Deliver({"number"})));
  center::SourceContract contract;
  contract.schema.known_from = kMoment + std::chrono::hours(3);
  Declare(contract);
  EXPECT_FALSE(Drifts(Deliver({"number"})));
  EXPECT_FALSE(Drifts(Deliver({"number"})));
  EXPECT_TRUE(Drifts(Deliver({"number", "fee"})));
}

TEST_F(ContractMemoryTest, KeepsNoColumnsOfSmallDeliveriesThatSayNothingNew) {
  EXPECT_FALSE(Deliver({"number"}, 1).contract->profile.empty());
  EXPECT_FALSE(Deliver({"number"}, 1).contract);
  EXPECT_TRUE(Drifts(Deliver({"nummer"}, 1)));
  EXPECT_FALSE(Deliver({"number"}, 1).contract->profile.empty());
  EXPECT_FALSE(Deliver({"number"}, 1).contract);
  EXPECT_FALSE(Deliver({"number"}, kLeastComparedCells).contract->profile.empty());
}

TEST_F(ContractMemoryTest, KeepsARichReferenceWhenAFewRowsAreSoundAgain) {
  Deliver({"number"}, 100);
  EXPECT_TRUE(Drifts(Deliver({"nummer"}, 100)));
  EXPECT_FALSE(Drifts(Deliver({"number"}, 1)));
  const auto drifted = Deliver({"nummer"}, 100);
  ASSERT_TRUE(Drifts(drifted));
  EXPECT_EQ(drifted.contract->drift->reference, model::Sequence{1});
}

TEST_F(ContractMemoryTest, TellsTheFirstOfManyChangesAndHowManyMoreThereAre) {
  std::vector<std::string> before;
  std::vector<std::string> now;
  for (int i = 0; i < 60; ++i) {
    before.push_back("cot " + std::to_string(i));
    now.push_back(std::to_string(i) + " khac han");
  }
  Deliver(before);
  const auto drifted = Deliver(now);
  ASSERT_TRUE(Drifts(drifted));
  EXPECT_EQ(drifted.contract->drift->changes.size(), model::kMaxChanges);
  EXPECT_EQ(drifted.contract->drift->more, 120 - model::kMaxChanges);
}

TEST_F(ContractMemoryTest, ForgetsWhatCouldNotBeRecorded) {
  Deliver({"number", "fee"});
  ContractMemory::Before before;
  memory_.Keep("desk", before);
  memory_.Keep("other", before);
  EXPECT_FALSE(Drifts(Deliver({"number", "fee"})));
  memory_.Keep("desk", before);  // keeps what was known first
  EXPECT_TRUE(Drifts(Deliver({"number"})));
  memory_.Restore(before);
  const auto drifted = Deliver({"number"});
  ASSERT_TRUE(Drifts(drifted));
  EXPECT_EQ(drifted.contract->drift->reference, model::Sequence{1});
}

TEST_F(ContractMemoryTest, ComparesNothingWhenItIsSwitchedOff) {
  center::SourceContract contract;
  contract.schema.off = true;
  Declare(contract);
  EXPECT_FALSE(Deliver({"number", "fee"}).contract);
  EXPECT_FALSE(Deliver({"number"}).contract);
}

TEST_F(ContractMemoryTest, LearnsHowManyRowsAreUsual) {
  center::SourceContract contract;
  contract.volume = center::VolumeBand{.learnt = true};
  Declare(contract);
  for (int i = 0; i < 7; ++i) Deliver({"number"}, 100);
  EXPECT_FALSE(Deliver({"number"}, 5).contract.value_or(model::ContractFacts()).unusual_volume);
  const auto small = Deliver({"number"}, 5);
  ASSERT_TRUE(small.contract && small.contract->unusual_volume);
  EXPECT_TRUE(small.contract->unusual_volume->learnt);
  EXPECT_FALSE(Deliver({"number"}, 100).contract->unusual_volume);
}

TEST_F(ContractMemoryTest, FollowsFromWhatIsRecordedAlone) {
  std::vector<model::Delivery> recorded = {Deliver({"number", "fee"}), Deliver({"number"})};
  ContractMemory after_a_start;
  for (const model::Delivery& delivery : recorded) after_a_start.Learn(delivery);
  memory_ = after_a_start;
  const auto drifted = Deliver({"number"});
  ASSERT_TRUE(Drifts(drifted));
  EXPECT_EQ(drifted.contract->drift->reference, model::Sequence{1});
}

TEST_F(ContractMemoryTest, LeavesAReplayAsItsPayloadWasJudgedWhenItCame) {
  Deliver({"number", "fee"});
  model::Delivery replay = Deliver({"number"});
  replay.replay_of = replay.sequence;
  const model::Delivery before = replay;
  memory_.Judge(source_, replay);
  EXPECT_EQ(replay, before);
  memory_.Learn(replay);
  EXPECT_TRUE(Drifts(Deliver({"number"})));
}

}  // namespace
}  // namespace fansipan::sources
