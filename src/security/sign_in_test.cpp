#include "security/sign_in.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class SignInTest : public testing::Test {
 protected:
  void SetUp() override { lan_ = fixture_.AddAccount("lan", Role::kViewer); }

  std::string ReasonOf(const std::string& name, std::string_view password) {
    const auto result = fixture_.SignInAs(name, password);
    return result.ok() ? "" : result.error().reason;
  }

  AccessFixture fixture_;
  store::AccountId lan_;
};

/// Starts all callers at the same moment.
template <typename Call>
void InParallel(int count, const Call& call) {
  std::atomic<bool> go = false;
  std::vector<std::jthread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      go.wait(false);
      call();
    });
  }
  go = true;
  go.notify_all();
}

}  // namespace

TEST_F(SignInTest, GivesAnIdentityATokenAndARecord) {
  const auto signed_in = fixture_.SignInAs("Lan");
  ASSERT_TRUE(signed_in.ok());
  EXPECT_EQ(signed_in->identity.kind, IdentityKind::kAccount);
  EXPECT_EQ(signed_in->identity.name, "lan");
  EXPECT_EQ(signed_in->identity.role, Role::kViewer);
  EXPECT_EQ(signed_in->identity.remote_address, AccessFixture::kAddress);
  EXPECT_EQ(LastAct(fixture_.store), "account:lan sign_in account:lan done");
  const auto identity = fixture_.access->sessions().Authenticate(signed_in->token, "203.0.113.9");
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->account, lan_);
  EXPECT_EQ(identity->remote_address, "203.0.113.9");
}

TEST_F(SignInTest, AnswersAlikeForWrongPasswordUnknownNameDisabledAndLocked) {
  const store::AccountId minh = fixture_.AddAccount("minh", Role::kViewer);
  ASSERT_TRUE(fixture_.access->accounts().Disable(LocalOperator(), minh).ok());
  const auto wrong = fixture_.SignInAs("lan", "wrong password");
  const auto unknown = fixture_.SignInAs("nobody", "wrong password");
  const auto disabled = fixture_.SignInAs("minh");
  for (int i = 0; i < 5; ++i) (void)fixture_.SignInAs("lan", "wrong password");
  const auto locked = fixture_.SignInAs("lan");
  for (const auto* result : {&wrong, &unknown, &disabled, &locked}) {
    ASSERT_FALSE(result->ok());
    EXPECT_EQ(result->error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(result->error().reason, "sign_in_failed");
    EXPECT_EQ(result->error().message, wrong.error().message);
  }
}

TEST_F(SignInTest, ComparesAsOftenForUnknownNamesAsForKnownOnes) {
  const PasswordHasher& hasher = fixture_.access->hasher();
  for (const std::string name : {"lan", "nobody", "no such name at all", ""}) {
    const std::uint64_t before = hasher.comparisons();
    for (int i = 0; i < 8; ++i) EXPECT_EQ(ReasonOf(name, "wrong"), "sign_in_failed");
    EXPECT_EQ(hasher.comparisons() - before, 5U) << name;
  }
}

TEST_F(SignInTest, LocksAfterFiveFailuresForFifteenMinutes) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ReasonOf("lan", "wrong"), "sign_in_failed");
  EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "sign_in_failed");
  fixture_.clock.Advance(15min - 1us);
  EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "sign_in_failed");
  fixture_.clock.Advance(1us);
  EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "");
}

TEST_F(SignInTest, KeepsTheLockOverARestart) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ReasonOf("lan", "wrong"), "sign_in_failed");
  fixture_.Reopen();
  EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "sign_in_failed");
}

TEST_F(SignInTest, ForgetsFailuresAfterASuccess) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(ReasonOf("lan", "wrong"), "sign_in_failed");
    EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "");
  }
}

TEST_F(SignInTest, EvaluatesAtMostFiveOfFiftyParallelWrongTries) {
  fixture_.policy.waiting_hashes = 50;
  fixture_.Reopen();
  std::atomic<int> failed = 0;
  InParallel(50, [&] {
    if (ReasonOf("lan", "wrong") == "sign_in_failed") ++failed;
  });
  EXPECT_EQ(failed, 50);
  EXPECT_EQ(fixture_.access->hasher().comparisons(), 5U);
}

// The control of the test above: without the limit it would see all of them evaluated.
TEST_F(SignInTest, EvaluatesAllParallelWrongTriesWithoutTheLimit) {
  fixture_.policy.waiting_hashes = 50;
  fixture_.policy.attempts.attempts = 1'000;
  fixture_.Reopen();
  InParallel(50, [&] { EXPECT_EQ(ReasonOf("lan", "wrong"), "sign_in_failed"); });
  EXPECT_EQ(fixture_.access->hasher().comparisons(), 50U);
}

TEST_F(SignInTest, CountsWrongPresentPasswordsOfAChangeLikeOtherTries) {
  const auto signed_in = fixture_.SignInAs("lan");
  ASSERT_TRUE(signed_in.ok());
  Accounts& accounts = fixture_.access->accounts();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(accounts.ChangeOwnPassword(signed_in->identity, "wrong", "x").error().reason,
              "sign_in_failed");
  }
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ReasonOf("lan", "wrong"), "sign_in_failed");
  EXPECT_EQ(ReasonOf("lan", AccessFixture::kPassword), "sign_in_failed");
}

TEST_F(SignInTest, RecordsEachEvaluatedFailureAndOneRefusalPerLock) {
  const std::uint64_t before = fixture_.store.GetAuditHead()->number;
  for (int i = 0; i < 5; ++i) (void)ReasonOf("lan", "wrong");
  EXPECT_EQ(fixture_.store.GetAuditHead()->number, before + 5);
  EXPECT_EQ(LastAct(fixture_.store), "anonymous sign_in account:lan failed");
  for (int i = 0; i < 20; ++i) (void)ReasonOf("lan", "wrong");
  EXPECT_EQ(fixture_.store.GetAuditHead()->number, before + 6);
  EXPECT_EQ(LastAct(fixture_.store), "anonymous sign_in account:lan refused");
  fixture_.clock.Advance(15min);
  for (int i = 0; i < 7; ++i) (void)ReasonOf("lan", "wrong");
  EXPECT_EQ(fixture_.store.GetAuditHead()->number, before + 12);
}

TEST_F(SignInTest, NeverRecordsAPasswordTypedAsName) {
  (void)ReasonOf("my-secret-canary", "lan");
  const std::vector<store::AuditRecord> records = fixture_.store.ReadAudit(1, 100).value();
  ASSERT_FALSE(records.empty());
  for (const store::AuditRecord& record : records) {
    EXPECT_EQ(record.event.on.find("canary"), std::string::npos);
    EXPECT_EQ(record.event.detail.find("canary"), std::string::npos);
  }
}

TEST_F(SignInTest, EndsTheSessionOnSigningOut) {
  const auto signed_in = fixture_.SignInAs("lan");
  Sessions& sessions = fixture_.access->sessions();
  EXPECT_TRUE(sessions.IsAlive(signed_in->identity.session));
  ASSERT_TRUE(fixture_.access->sign_in().Out(signed_in->identity).ok());
  EXPECT_EQ(LastAct(fixture_.store), "account:lan sign_out account:lan done");
  EXPECT_FALSE(sessions.IsAlive(signed_in->identity.session));
  EXPECT_EQ(sessions.Authenticate(signed_in->token, "").error().reason, "session_ended");
  EXPECT_EQ(fixture_.access->sign_in().Out(Anonymous("")).error().code,
            ErrorCode::kUnauthenticated);
}

}  // namespace fansipan::security
