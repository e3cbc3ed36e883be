#include "model/record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/dataset.h"
#include "model/figure.h"
#include "model/indicator.h"

namespace fansipan::model {
namespace {

Version MakeVersion(Value order, std::uint64_t delivery, std::uint32_t revision,
                    std::uint32_t row) {
  Version version;
  version.values = {std::string("key"), std::move(order)};
  version.delivery = Sequence{delivery};
  version.mapping_revision = MappingRevision{revision};
  version.row = row;
  return version;
}

void ExpectStrictOrder(const std::vector<Version>& versions, std::optional<std::size_t> order) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    for (std::size_t j = 0; j < versions.size(); ++j) {
      EXPECT_EQ(Precedes(versions[i], versions[j], order), i < j) << i << " " << j;
    }
  }
}

TEST(Precedes, ComparesOrderThenDeliveryThenMappingThenRow) {
  ExpectStrictOrder({MakeVersion(Value(), 9, 9, 9), MakeVersion(std::int64_t{1}, 9, 9, 9),
                     MakeVersion(std::int64_t{2}, 1, 9, 9), MakeVersion(std::int64_t{2}, 2, 1, 9),
                     MakeVersion(std::int64_t{2}, 2, 2, 1), MakeVersion(std::int64_t{2}, 2, 2, 2)},
                    1);
}

TEST(Precedes, GoesByDeliveryWhenTheDatasetHasNoOrder) {
  ExpectStrictOrder({MakeVersion(std::int64_t{5}, 1, 1, 1), MakeVersion(std::int64_t{4}, 1, 2, 0),
                     MakeVersion(std::int64_t{3}, 2, 1, 0)},
                    std::nullopt);
}

TEST(Precedes, IgnoresTheSequenceSoThatAReplayTakesItsOldPlace) {
  Version original = MakeVersion(std::int64_t{1}, 3, 1, 0);
  Version later = MakeVersion(std::int64_t{1}, 4, 1, 0);
  original.sequence = Sequence{100};
  later.sequence = Sequence{5};
  EXPECT_TRUE(Precedes(original, later, 1));
  EXPECT_FALSE(Precedes(later, original, 1));
}

TEST(Dataset, FindsAColumnByItsName) {
  Dataset dataset;
  dataset.columns.resize(2);
  dataset.columns[1].name = "due_at";
  EXPECT_EQ(dataset.FindColumn("due_at"), 1U);
  EXPECT_EQ(dataset.FindColumn("due"), std::nullopt);
}

TEST(LocalizedText, FallsBackToALanguageThatIsThere) {
  const LocalizedText text{{"en", "Case"}, {"vi", "Hồ sơ"}};
  EXPECT_EQ(TextIn(text, "vi"), "Hồ sơ");
  EXPECT_EQ(TextIn(text, "fr"), "Case");
  EXPECT_EQ(TextIn({}, "vi"), "");
}

TEST(Names, AreTheWordsOfTheApi) {
  EXPECT_EQ(NameOf(MeasureKind::kStock), "stock");
  EXPECT_EQ(NameOf(Aggregate::kDistinct), "distinct");
  EXPECT_EQ(NameOf(Judgement::kNotJudged), "not_judged");
  EXPECT_EQ(NameOf(TrustMark::kContradicted), "contradicted");
  EXPECT_EQ(NameOf(Better::kLower), "lower");
  EXPECT_EQ(NameOf(TreeKind::kOrganisation), "organisation");
}

}  // namespace
}  // namespace fansipan::model
