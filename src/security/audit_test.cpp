#include "security/audit.h"

#include <gtest/gtest.h>

#include <string>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

class AuditLogTest : public testing::Test {
 protected:
  AccessFixture fixture_;
  AuditLog& audit_ = fixture_.access->audit();
};

}  // namespace

TEST(EscapeForRecord, LeavesOrdinaryTextAndEscapesWhatCouldForgeOrHideALine) {
  EXPECT_EQ(EscapeForRecord("Lào Cai, 30 ℃", 100), "Lào Cai, 30 ℃");
  EXPECT_EQ(EscapeForRecord("a\nb\r\t\x1B[2J", 100), "a\\x0Ab\\x0D\\x09\\x1B[2J");
  EXPECT_EQ(EscapeForRecord(std::string("a\0b", 3), 100), "a\\x00b");
  EXPECT_EQ(EscapeForRecord("a\\nb", 100), "a\\\\nb");
  EXPECT_EQ(EscapeForRecord("\x7F", 100), "\\x7F");
  EXPECT_EQ(EscapeForRecord("\xC2\x85", 100), "\\u{0085}");
  EXPECT_EQ(EscapeForRecord("\xE2\x80\xA8\xE2\x80\xAE", 100), "\\u{2028}\\u{202E}");
  EXPECT_EQ(EscapeForRecord("\xC3(\xFF", 100), "\\xC3(\\xFF");
}

TEST(EscapeForRecord, CutsWithinTheLimitAndNotInsideACharacter) {
  EXPECT_EQ(EscapeForRecord("abcdef", 6), "abcdef");
  EXPECT_EQ(EscapeForRecord("abcdefg", 6), "abc…");
  EXPECT_EQ(EscapeForRecord("ếếế", 8), "ế…");
  EXPECT_EQ(EscapeForRecord("\n\n\n", 8), "\\x0A…");
}

TEST_F(AuditLogTest, RecordsWhoFromWhereWhenWhatOnWhatAndTheOutcome) {
  Identity who = Anonymous("203.0.113.7");
  who.kind = IdentityKind::kAccount;
  who.name = "lan";
  ASSERT_TRUE(audit_
                  .Append(who, {.what = "apply_center",
                                .on = "center:laocai",
                                .outcome = Outcome::kFailed,
                                .detail = "line 1\nline 2"})
                  .ok());
  const auto records = audit_.Read(LocalOperator(), 1, 10).value();
  ASSERT_EQ(records.size(), 1U);
  const store::AuditEvent expected{.at = fixture_.clock.Now(),
                                   .who = "account:lan",
                                   .from = "203.0.113.7",
                                   .what = "apply_center",
                                   .on = "center:laocai",
                                   .outcome = "failed",
                                   .detail = "line 1\\x0Aline 2"};
  EXPECT_EQ(records.front().event, expected);
  EXPECT_EQ(audit_.Verify().value(), 1U);
}

TEST_F(AuditLogTest, IsReadByWhoMayReadItAndRecordsTheOthers) {
  EXPECT_EQ(audit_.Read(Anonymous(""), 1, 10).error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(LastAct(fixture_.store), "anonymous read_audit  refused");
}

TEST_F(AuditLogTest, DoesNotVerifyUnderAnotherKey) {
  ASSERT_TRUE(audit_.Append(LocalOperator(), {.what = "x"}).ok());
  AuditLog other(fixture_.store, fixture_.clock, SecretKey::Generate(fixture_.random));
  EXPECT_EQ(other.Verify().error().code, ErrorCode::kCorrupt);
}

TEST_F(AuditLogTest, FindsAChainThatWasRemovedWhole) {
  EXPECT_EQ(audit_.Verify().value(), 0U);
  ASSERT_TRUE(fixture_.store.AddAccount({.name = "lan"}).ok());
  EXPECT_EQ(audit_.Verify().error().code, ErrorCode::kCorrupt);
}

TEST_F(AuditLogTest, ReportsAnActAsFailedThatCannotBeRecorded) {
  fixture_.AddAccount("lan", Role::kViewer);
  fixture_.store.SetAuditFull(true);
  EXPECT_EQ(fixture_.SignInAs("lan").error().code, ErrorCode::kStorageFull);
  EXPECT_TRUE(fixture_.store.ListSessions()->empty());
  fixture_.store.SetAuditFull(false);
  EXPECT_TRUE(fixture_.SignInAs("lan").ok());
}

}  // namespace fansipan::security
