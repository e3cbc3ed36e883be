#include "indicators/current_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

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
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  EXPECT_TRUE(index.Stage(MakeVersion(1, 5, "five")).became_current);
  EXPECT_FALSE(index.Stage(MakeVersion(2, 3, "three")).became_current);
  const auto change = index.Stage(MakeVersion(3, 7, "seven"));
  EXPECT_TRUE(change.became_current);
  ASSERT_TRUE(change.displaced);
  EXPECT_EQ(change.displaced->place.sequence.value, 1U);
  EXPECT_EQ(std::get<std::string>(change.displaced_values[2]), "five");
}

TEST(CurrentIndex, NamesThePredecessorInPrecedence) {
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  EXPECT_FALSE(index.Stage(MakeVersion(1, 5, "five")).predecessor);
  EXPECT_FALSE(index.Stage(MakeVersion(2, 3, "three")).predecessor);
  EXPECT_EQ(index.Stage(MakeVersion(3, 4, "four")).predecessor->value, 2U);
}

TEST(CurrentIndex, KnowsContentAlsoOfVersionsThatAreNotCurrent) {
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  index.Stage(MakeVersion(1, 5, "five"));
  index.Stage(MakeVersion(2, 3, "three"));
  EXPECT_TRUE(index.Knows(MakeVersion(9, 3, "three").values));
  EXPECT_FALSE(index.Knows(MakeVersion(9, 3, "other").values));
}

TEST(CurrentIndex, RollbackRestoresWhatWasKept) {
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  index.Stage(MakeVersion(1, 5, "five"));
  index.Keep();
  index.Stage(MakeVersion(2, 7, "seven"));
  index.Stage(MakeVersion(3, 6, "six"));
  index.Stage(MakeVersion(4, 5, "five"));
  index.Rollback();
  EXPECT_EQ(index.FindCurrent(MakeVersion(9, 0, "").values)->place.sequence.value, 1U);
  EXPECT_EQ(std::get<std::string>(index.FindValues(0, {1}).value()[2]), "five");
  EXPECT_TRUE(index.Knows(MakeVersion(9, 5, "five").values));
  EXPECT_FALSE(index.Knows(MakeVersion(9, 7, "seven").values));
}

TEST(CurrentIndex, RollbackOfANewKeyLeavesNothing) {
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  index.Stage(MakeVersion(1, 5, "five"));
  index.Rollback();
  EXPECT_EQ(index.size(), 0U);
  EXPECT_FALSE(index.FindCurrent(MakeVersion(9, 0, "").values));
}

/// The same answers, slowly: every version of every key, kept as it came.
class PlainIndex {
 public:
  std::optional<model::Sequence> Stage(const model::Version& version) {
    auto& versions = keys_[std::get<std::int64_t>(version.values[0])];
    const auto next = std::upper_bound(versions.begin(), versions.end(), version, Earlier);
    std::optional<model::Sequence> predecessor;
    if (next != versions.begin()) predecessor = std::prev(next)->sequence;
    versions.insert(next, version);
    return predecessor;
  }
  bool Knows(const model::Version& version) const {
    const auto found = keys_.find(std::get<std::int64_t>(version.values[0]));
    return found != keys_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const auto& known) { return known.values == version.values; });
  }
  const model::Version* Current(std::int64_t key) const {
    const auto found = keys_.find(key);
    return found == keys_.end() ? nullptr : &found->second.back();
  }

 private:
  static bool Earlier(const model::Version& left, const model::Version& right) {
    return model::Precedes(left, right, 1);
  }
  std::map<std::int64_t, std::vector<model::Version>> keys_;
};

class RandomVersions : public ::testing::TestWithParam<unsigned> {
 protected:
  model::Version Next() {
    model::Version version;
    version.sequence = version.delivery = {++sequence_};
    version.dataset = "case";
    version.withdrawn = Below(9) == 0;
    // Few keys with very many versions, many with few; often late, sometimes the same again.
    const auto key = static_cast<std::int64_t>(Below(3) == 0 ? Below(500) : Below(3));
    version.values = {key, static_cast<std::int64_t>(Below(400)),
                      std::string(Below(20), static_cast<char>('a' + Below(3)))};
    return version;
  }
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  std::mt19937_64 random_{GetParam()};
  std::uint64_t sequence_ = 0;
};

TEST_P(RandomVersions, AreIndexedAsAPlainIndexDoes) {
  VersionHistory history;
  CurrentIndex index(MakeDataset(), history);
  PlainIndex plain;
  for (int group = 0; group < 300; ++group) {
    PlainIndex kept = plain;
    for (std::uint64_t left = Below(20); left > 0; --left) {
      const model::Version version = Next();
      ASSERT_EQ(index.Knows(version.values), plain.Knows(version));
      const auto change = index.Stage(version);
      ASSERT_EQ(change.predecessor, plain.Stage(version));
      const auto* current = plain.Current(std::get<std::int64_t>(version.values[0]));
      ASSERT_EQ(change.became_current, current->sequence == version.sequence);
      ASSERT_EQ(index.FindCurrent(version.values)->place.sequence, current->sequence);
      const auto values = index.FindValues(change.record, current->sequence);
      ASSERT_EQ(values.has_value(), !current->withdrawn);
      if (values) {
        ASSERT_EQ(*values, current->values);
      }
    }
    if (Below(4) == 0) {
      index.Rollback();
      plain = std::move(kept);
    } else {
      index.Keep();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomVersions, ::testing::Range(1U, 9U));

}  // namespace
}  // namespace fansipan::indicators
