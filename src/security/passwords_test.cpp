#include "security/passwords.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

struct Case {
  std::string password;
  std::string reason;  // empty: allowed
};

std::string ReasonFor(const std::string& password, bool has_second_factor = false) {
  const base::Status status =
      CheckNewPassword(SecurityPolicy(), password, "nguyen.lan", has_second_factor);
  return status.ok() ? "" : status.error().reason;
}

}  // namespace

TEST(CheckNewPassword, FollowsTheTable) {
  const std::vector<Case> cases{
      {"sương mù trên đèo", ""},
      {"correct horse battery staple", ""},
      {"tôi là nguyen.lan ở Lào Cai", ""},
      {"14 ký tự đủ rồ", ""},
      {"", "password_too_short"},
      {"13 ký tự thôi", "password_too_short"},
      {std::string(1'025, 'x'), "password_too_long"},
      {"chợ \xC3\x28 chợ phiên sớm", "password_not_utf8"},
      {"aaaaaaaaaaaaaaaa", "password_too_common"},
      {"abababababababab", "password_too_common"},
      {"12345678901234", "password_too_common"},
      {"98765432109876", "password_too_common"},
      {"password1234567", "password_too_common"},
      {"Password!!!!!!!", "password_too_common"},
      {"passwordpassword", "password_too_common"},
      {"password1password1", "password_too_common"},
      {"Mật khẩu 123456", "password_too_common"},
      {"2026 Lào Cai 2026", "password_too_common"},
      {"qwertyuiopasdfghjkl", "password_too_common"},
      {"1qaz2wsx3edc4rfv", "password_too_common"},
      {"nguyen.lan2026!!", "password_is_name"},
      {"nguyen.lannguyen.lan", "password_is_name"},
  };
  for (const Case& entry : cases)
    EXPECT_EQ(ReasonFor(entry.password), entry.reason) << entry.password;
}

TEST(CheckNewPassword, AsksForLessWithASecondFactor) {
  EXPECT_EQ(ReasonFor("đèo sương", true), "");
  EXPECT_EQ(ReasonFor("đèo sươ", true), "password_too_short");
  EXPECT_EQ(ReasonFor("password1", true), "password_too_common");
}

class PasswordHasherTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = PasswordHasher::Start(policy_, random_);
    ASSERT_TRUE(started.ok());
    hasher_ = std::move(started).value();
  }

  SecurityPolicy policy_ = CheapPolicy();
  base::SystemRandom random_;
  std::unique_ptr<PasswordHasher> hasher_;
};

TEST_F(PasswordHasherTest, MatchesTheSamePasswordOnly) {
  const auto turn = hasher_->TakeTurn();
  const std::string hash = hasher_->Hash(*turn, "chợ Bắc Hà").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(hasher_->Matches(*turn, hash, "chợ Bắc Hà"));
  EXPECT_FALSE(hasher_->Matches(*turn, hash, "chợ Bắc H"));
  EXPECT_FALSE(hasher_->Matches(*turn, hash, "chợ Bắc Hà "));
  EXPECT_FALSE(hasher_->Matches(*turn, hash, ""));
  EXPECT_NE(hash, hasher_->Hash(*turn, "chợ Bắc Hà").value());
}

TEST_F(PasswordHasherTest, TakesComposedAndDecomposedTextAsTheSame) {
  const auto turn = hasher_->TakeTurn();
  const std::string hash = hasher_->Hash(*turn, "H\xC3\xA0").value();
  EXPECT_TRUE(hasher_->Matches(*turn, hash, "Ha\xCC\x80"));
  EXPECT_FALSE(hasher_->Matches(*turn, hash, "Ha"));
}

TEST_F(PasswordHasherTest, KeepsWhatFollowsAZeroByte) {
  const auto turn = hasher_->TakeTurn();
  const std::string hash = hasher_->Hash(*turn, std::string("abc\0def", 7)).value();
  EXPECT_FALSE(hasher_->Matches(*turn, hash, "abc"));
  EXPECT_FALSE(hasher_->Matches(*turn, hash, std::string("abc\0xyz", 7)));
}

TEST_F(PasswordHasherTest, RefusesACallerWhenTooManyWait) {
  policy_.parallel_hashes = 1;
  policy_.waiting_hashes = 0;
  {
    const auto turn = hasher_->TakeTurn();
    ASSERT_TRUE(turn.ok());
    const auto refused = hasher_->TakeTurn();
    EXPECT_EQ(refused.error().code, base::ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(hasher_->TakeTurn().ok());
}

TEST_F(PasswordHasherTest, GivesEveryWaitingCallerItsTurn) {
  policy_.parallel_hashes = 2;
  policy_.waiting_hashes = 16;
  std::vector<std::jthread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([this] {
      const auto turn = hasher_->TakeTurn();
      ASSERT_TRUE(turn.ok());
      hasher_->CompareWithNobody(*turn, "x");
    });
  }
  threads.clear();
  EXPECT_EQ(hasher_->comparisons(), 12U);
}

TEST(PasswordHasher, SaysAtStartThatTheMemoryIsMissing) {
  SecurityPolicy policy;
  policy.argon2.memory_bytes = 0;
  base::SystemRandom random;
  EXPECT_EQ(PasswordHasher::Start(policy, random).error().code, base::ErrorCode::kUnavailable);
}

}  // namespace fansipan::security
