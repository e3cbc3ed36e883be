#include "security/source_tokens.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class SourceTokensTest : public testing::Test {
 protected:
  void SetUp() override { administrator_ = fixture_.SignInAdministrator(); }
  SourceTokens& tokens() { return fixture_.access->source_tokens(); }
  SourceTokens::Created Create(const std::string& source) {
    return tokens().Create(administrator_, source, "nightly").value();
  }

  AccessFixture fixture_;
  Identity administrator_;
};

}  // namespace

TEST_F(SourceTokensTest, LetTheirOwnSourcePushAndNothingElse) {
  const auto created = Create("case_system");
  const auto identity = tokens().Verify(created.token, "203.0.113.7");
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->source, "case_system");
  EXPECT_EQ(identity->source_token, created.id.value);
  EXPECT_TRUE(Require(*identity, Action::kPushDelivery, {.source = "case_system"}).ok());
  EXPECT_FALSE(Require(*identity, Action::kPushDelivery, {.source = "gauges"}).ok());
  EXPECT_FALSE(Require(*identity, Action::kReadRecords).ok());
}

TEST_F(SourceTokensTest, AreShownOnceAndKeptAsHashes) {
  const auto created = Create("case_system");
  const auto list = tokens().List(administrator_, "case_system").value();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].label, "nightly");
  EXPECT_EQ(list[0].token_hash, "");
  EXPECT_EQ(fixture_.store.ListPushTokens("").value()[0].token_hash, HashToken(created.token));
}

TEST_F(SourceTokensTest, AreRefusedWhenUnknownChangedOrRevoked) {
  const auto created = Create("case_system");
  const auto other = Create("case_system");
  for (const std::string& token : {std::string(), std::string("fst_"), created.token + "x",
                                   HashToken(created.token), created.token.substr(4)}) {
    EXPECT_EQ(tokens().Verify(token, "").error().code, ErrorCode::kUnauthenticated);
  }
  ASSERT_TRUE(tokens().Revoke(administrator_, "case_system", created.id).ok());
  EXPECT_EQ(tokens().Verify(created.token, "").error().reason, "push_token_invalid");
  EXPECT_TRUE(tokens().Verify(other.token, "").ok());
  EXPECT_EQ(tokens().Revoke(administrator_, "case_system", created.id).error().reason,
            "already_revoked");
}

TEST_F(SourceTokensTest, AreRevokedThroughTheirOwnSourceOnly) {
  const auto created = Create("case_system");
  EXPECT_EQ(tokens().Revoke(administrator_, "gauges", created.id).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(tokens().Verify(created.token, "").ok());
}

TEST_F(SourceTokensTest, AreAdministeredByAdministratorsOnly) {
  const auto created = Create("case_system");
  fixture_.AddAccount("lan", Role::kViewer);
  const Identity viewer = fixture_.SignInAs("lan")->identity;
  const Identity source = tokens().Verify(created.token, "").value();
  for (const Identity& who : {viewer, source}) {
    EXPECT_EQ(tokens().Create(who, "case_system", "").error().code, ErrorCode::kForbidden);
    EXPECT_EQ(tokens().List(who, "case_system").error().code, ErrorCode::kForbidden);
    EXPECT_EQ(tokens().Revoke(who, "case_system", created.id).error().code, ErrorCode::kForbidden);
  }
  EXPECT_EQ(LastAct(fixture_.store),
            "source:case_system administer_tokens source:case_system refused");
}

TEST_F(SourceTokensTest, AreLimitedInNumberWithoutTheRevokedOnes) {
  fixture_.policy.tokens_per_source = 2;
  fixture_.Reopen();
  const auto first = Create("case_system");
  Create("case_system");
  EXPECT_EQ(tokens().Create(administrator_, "case_system", "").error().code, ErrorCode::kTooLarge);
  EXPECT_TRUE(tokens().Create(administrator_, "gauges", "").ok());
  ASSERT_TRUE(tokens().Revoke(administrator_, "case_system", first.id).ok());
  EXPECT_TRUE(tokens().Create(administrator_, "case_system", "").ok());
  EXPECT_EQ(tokens().Create(administrator_, "gauges", "a\nb").error().reason,
            "token_label_invalid");
}

TEST_F(SourceTokensTest, NoteTheirLastUseToTheMinute) {
  const auto created = Create("case_system");
  const base::Timestamp first = fixture_.clock.Now();
  ASSERT_TRUE(tokens().Verify(created.token, "").ok());
  fixture_.clock.Advance(59s);
  ASSERT_TRUE(tokens().Verify(created.token, "").ok());
  EXPECT_EQ(fixture_.store.ListPushTokens("").value()[0].last_used_at, first);
  fixture_.clock.Advance(1s);
  ASSERT_TRUE(tokens().Verify(created.token, "").ok());
  EXPECT_EQ(fixture_.store.ListPushTokens("").value()[0].last_used_at, first + 1min);
}

}  // namespace fansipan::security
