#include "sources/idempotency_keys.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

TEST(IdempotencyKeys, AreKnownBySourceAndKey) {
  IdempotencyKeys keys(10);
  keys.Remember("cases", "a", {{7}, "hash"});
  const auto found = keys.Find("cases", "a");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sequence.value, 7U);
  EXPECT_EQ(found->payload_sha256, "hash");
  EXPECT_FALSE(keys.Find("cases", "b"));
  EXPECT_FALSE(keys.Find("schools", "a"));
}

TEST(IdempotencyKeys, TheOldestIsForgottenWhenThereAreTooMany) {
  IdempotencyKeys keys(2);
  keys.Remember("cases", "a", {{1}, "1"});
  keys.Remember("cases", "b", {{2}, "2"});
  keys.Remember("cases", "c", {{3}, "3"});
  EXPECT_FALSE(keys.Find("cases", "a"));
  EXPECT_TRUE(keys.Find("cases", "b"));
  EXPECT_TRUE(keys.Find("cases", "c"));
}

TEST(IdempotencyKeys, AKeyRememberedAgainCountsOnce) {
  IdempotencyKeys keys(2);
  keys.Remember("cases", "a", {{1}, "1"});
  keys.Remember("cases", "a", {{4}, "4"});
  keys.Remember("cases", "b", {{2}, "2"});
  EXPECT_EQ(keys.Find("cases", "a")->sequence.value, 4U);
  EXPECT_TRUE(keys.Find("cases", "b"));
}

}  // namespace
}  // namespace fansipan::sources
