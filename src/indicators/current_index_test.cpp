#include "indicators/current_index.h"

#include <gtest/gtest.h>

namespace fansipan::indicators {
namespace {

model::Dataset MakeDataset() {
  model::Dataset dataset;
  dataset.name = "case";
  dataset.columns.resize(3);
  dataset.columns[0].name = "id";
  dataset.columns[1].name = "revision";
  dataset.columns[2].name = "text";
  dataset.key = {0};
  dataset.order = 1;
  return dataset;
}

model::Version MakeVersion(std::uint64_t sequence, std::int64_t order, std::string text) {
  model::Version version;
  version.sequence = {sequence};
  version.delivery = {sequence};
  version.dataset = "case";
  version.values = {std::int64_t{1}, order, std::move(text)};
  return version;
}

TEST(CurrentIndex, KeepsTheVersionThatIsLastInTheDeclaredOrder) {
  CurrentIndex index(MakeDataset());
  EXPECT_TRUE(index.Stage(MakeVersion(1, 5, "five")).became_current);
  EXPECT_FALSE(index.Stage(MakeVersion(2, 3, "three")).became_current);
  const auto change = index.Stage(MakeVersion(3, 7, "seven"));
  EXPECT_TRUE(change.became_current);
  ASSERT_TRUE(change.displaced);
  EXPECT_EQ(change.displaced->sequence.value, 1U);
  EXPECT_EQ(std::get<std::string>(change.displaced_values[2]), "five");
}

TEST(CurrentIndex, NamesThePredecessorInPrecedence) {
  CurrentIndex index(MakeDataset());
  index.Stage(MakeVersion(1, 5, "five"));
  EXPECT_FALSE(index.PredecessorOf(MakeVersion(2, 3, "three")));
  index.Stage(MakeVersion(2, 3, "three"));
  EXPECT_EQ(index.PredecessorOf(MakeVersion(3, 4, "four"))->value, 2U);
}

TEST(CurrentIndex, KnowsContentAlsoOfVersionsThatAreNotCurrent) {
  CurrentIndex index(MakeDataset());
  index.Stage(MakeVersion(1, 5, "five"));
  index.Stage(MakeVersion(2, 3, "three"));
  EXPECT_TRUE(index.Knows(MakeVersion(9, 3, "three").values));
  EXPECT_FALSE(index.Knows(MakeVersion(9, 3, "other").values));
}

TEST(CurrentIndex, RollbackRestoresWhatWasKept) {
  CurrentIndex index(MakeDataset());
  index.Stage(MakeVersion(1, 5, "five"));
  index.Keep();
  index.Stage(MakeVersion(2, 7, "seven"));
  index.Stage(MakeVersion(3, 6, "six"));
  index.Stage(MakeVersion(4, 5, "five"));
  index.Rollback();
  const auto* record = index.Find(MakeVersion(9, 0, "").values);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->history.size(), 1U);
  EXPECT_EQ(std::get<std::string>(record->values[2]), "five");
  EXPECT_TRUE(index.Knows(MakeVersion(9, 5, "five").values));
  EXPECT_FALSE(index.Knows(MakeVersion(9, 7, "seven").values));
}

TEST(CurrentIndex, RollbackOfANewKeyLeavesNothing) {
  CurrentIndex index(MakeDataset());
  index.Stage(MakeVersion(1, 5, "five"));
  index.Rollback();
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.Find(MakeVersion(9, 0, "").values), nullptr);
}

}  // namespace
}  // namespace fansipan::indicators
