#include "store/testing/archive_contract.h"

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace fansipan::store {

void ArchiveContract::SetUp() {
  place_ = GetParam().make_place();
  Reopen();
}

void ArchiveContract::Reopen() {
  archive_.reset();
  auto opened = place_->Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  archive_ = *std::move(opened);
}

std::string ArchiveContract::Put(std::string_view payload) {
  const base::Result<std::string> id = archive_->Put(payload);
  EXPECT_TRUE(id.ok()) << id.error().message;
  return id.ok() ? *id : std::string();
}

// Tests of other parts link this library for its fakes and run no contract.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ArchiveContract);

TEST_P(ArchiveContract, GivesBackEveryByte) {
  base::SeededRandom random(1);
  const std::vector<std::string> payloads = {"",
                                             "a",
                                             std::string(1'000'000, 'x'),
                                             random.Bytes(65'535),
                                             random.Bytes(65'536),
                                             random.Bytes(65'537),
                                             random.Bytes(3'000'000)};
  for (const std::string& payload : payloads) {
    const std::string id = Put(payload);
    EXPECT_TRUE(archive_->Has(id));
    const base::Result<std::string> kept = archive_->Get(id);
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    EXPECT_TRUE(*kept == payload) << payload.size() << " bytes";
  }
}

TEST_P(ArchiveContract, KeepsEqualPayloadsOnceAndOthersApart) {
  const std::string first = Put("one");
  EXPECT_EQ(Put("one"), first);
  EXPECT_NE(Put("two"), first);
  const auto ids = archive_->List();
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(ids->size(), 2U);
}

TEST_P(ArchiveContract, ADraftThatIsNotKeptLeavesNothing) {
  const std::string kept = Put("kept");
  {
    const auto draft = archive_->Begin("forgotten");
    const auto again = archive_->Begin("kept");
    ASSERT_TRUE(draft.ok() && again.ok());
  }
  ASSERT_NO_FATAL_FAILURE(Reopen());
  const auto ids = archive_->List();
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(*ids, std::vector{kept});
  EXPECT_EQ(*archive_->Get(kept), "kept");
}

TEST_P(ArchiveContract, DraftsOfEqualPayloadsKeepItOnce) {
  const auto first = archive_->Begin("one");
  const auto second = archive_->Begin("one");
  ASSERT_TRUE(first.ok() && second.ok());
  const auto id = (*first)->Keep();
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(*(*second)->Keep(), *id);
  EXPECT_EQ(archive_->List()->size(), 1U);
}

TEST_P(ArchiveContract, ListsItsIdsSorted) {
  std::vector<std::string> expected;
  expected.reserve(20);
  for (int i = 0; i < 20; ++i) expected.push_back(Put("payload " + std::to_string(i)));
  std::sort(expected.begin(), expected.end());
  const auto ids = archive_->List();
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(*ids, expected);
}

TEST_P(ArchiveContract, KeepsPayloadsWhenOpenedAgain) {
  const std::string id = Put("payload");
  ASSERT_NO_FATAL_FAILURE(Reopen());
  const base::Result<std::string> kept = archive_->Get(id);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(*kept, "payload");
  EXPECT_EQ(Put("payload"), id);
}

TEST_P(ArchiveContract, FindsNothingUnderAnIdItDidNotGive) {
  Put("payload");
  for (const std::string& id : {std::string(), std::string("ab"), std::string(64, 'a'),
                                std::string("../../key"), std::string(64, '/')}) {
    EXPECT_FALSE(archive_->Has(id));
    const base::Result<std::string> kept = archive_->Get(id);
    ASSERT_FALSE(kept.ok());
    EXPECT_EQ(kept.error().code, base::ErrorCode::kNotFound) << id;
  }
}

}  // namespace fansipan::store
