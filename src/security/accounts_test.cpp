#include "security/accounts.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr std::string_view kOther = "thửa ruộng bậc thang";

class AccountsTest : public testing::Test {
 protected:
  void SetUp() override {
    administrator_ = fixture_.SignInAdministrator();
    lan_ = fixture_.AddAccount("lan", Role::kViewer);
  }
  Accounts& accounts() { return fixture_.access->accounts(); }

  NewAccount Wanted(const std::string& name) {
    return {.name = name, .display_name = "Mai", .password = std::string(kOther)};
  }

  AccessFixture fixture_;
  Identity administrator_;
  store::AccountId lan_;
};

}  // namespace

TEST_F(AccountsTest, AreChangedByAdministratorsOnlyAndEveryRefusalIsRecorded) {
  const Identity viewer = fixture_.SignInAs("lan")->identity;
  const Identity source{.kind = IdentityKind::kSourceToken, .source = "case_system"};
  const std::vector<std::function<base::Status(const Identity&)>> acts{
      [&](const Identity& who) -> base::Status {
        const auto result = accounts().Create(who, Wanted("mai"));
        return result.ok() ? base::Status() : result.error();
      },
      [&](const Identity& who) -> base::Status {
        const auto result = accounts().List(who);
        return result.ok() ? base::Status() : result.error();
      },
      [&](const Identity& who) { return accounts().Disable(who, lan_); },
      [&](const Identity& who) { return accounts().Enable(who, lan_); },
      [&](const Identity& who) { return accounts().SetRole(who, lan_, Role::kAdministrator); },
      [&](const Identity& who) { return accounts().ResetPassword(who, lan_, kOther); },
      [&](const Identity& who) { return accounts().EndSessions(who, lan_); },
  };
  for (const auto& act : acts) {
    for (const Identity& who : {Anonymous(""), viewer, source}) {
      const std::uint64_t before = fixture_.store.GetAuditHead()->number;
      const base::Status status = act(who);
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().code, who.kind == IdentityKind::kAnonymous
                                         ? ErrorCode::kUnauthenticated
                                         : ErrorCode::kForbidden);
      EXPECT_EQ(fixture_.store.GetAuditHead()->number, before + 1);
    }
    EXPECT_TRUE(act(administrator_).ok());
  }
}

TEST_F(AccountsTest, AreMadeWithNamesAndPasswordsThatTheRulesAllow) {
  EXPECT_TRUE(accounts().Create(administrator_, Wanted("Tran.Mai-2_x")).ok());
  EXPECT_TRUE(fixture_.SignInAs("tran.mai-2_x", kOther).ok());
  EXPECT_EQ(accounts().Create(administrator_, Wanted("LAN")).error().reason, "name_taken");
  for (const std::string name : {"", "x", "trần", "a b", "a\nb", "a/b", "a:b"}) {
    EXPECT_EQ(accounts().Create(administrator_, Wanted(name)).error().reason,
              "account_name_invalid");
  }
  NewAccount wanted = Wanted("mai");
  wanted.display_name = "Mai\x1B[2J";
  EXPECT_EQ(accounts().Create(administrator_, wanted).error().reason, "display_name_invalid");
  wanted = Wanted("mai");
  wanted.password = "ngắn quá";
  EXPECT_EQ(accounts().Create(administrator_, wanted).error().reason, "password_too_short");
}

TEST_F(AccountsTest, AreLimitedInNumber) {
  fixture_.policy.accounts = 2;
  fixture_.Reopen();
  EXPECT_EQ(accounts().Create(administrator_, Wanted("mai")).error().code, ErrorCode::kTooLarge);
}

TEST_F(AccountsTest, AreListedByName) {
  const auto list = accounts().List(administrator_).value();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "lan");
  EXPECT_EQ(list[0].role, "viewer");
  EXPECT_EQ(list[1].name, "quanly");
  for (int i = 0; i < 5; ++i) (void)fixture_.SignInAs("lan", "wrong");
  EXPECT_TRUE(accounts().List(administrator_).value()[0].locked);
}

TEST_F(AccountsTest, LoseTheirSessionsWithEveryChange) {
  const std::vector<std::function<base::Status()>> changes{
      [&] { return accounts().SetRole(administrator_, lan_, Role::kAdministrator); },
      [&] { return accounts().ResetPassword(administrator_, lan_, AccessFixture::kPassword); },
      [&] { return accounts().EndSessions(administrator_, lan_); },
      [&] { return accounts().Disable(administrator_, lan_); },
  };
  for (const auto& change : changes) {
    const auto one = fixture_.SignInAs("lan");
    const auto two = fixture_.SignInAs("lan");
    ASSERT_TRUE(two.ok());
    ASSERT_TRUE(change().ok());
    EXPECT_FALSE(fixture_.access->sessions().IsAlive(one->identity.session));
    EXPECT_FALSE(fixture_.access->sessions().IsAlive(two->identity.session));
    EXPECT_TRUE(fixture_.access->sessions().IsAlive(administrator_.session));
  }
  EXPECT_EQ(fixture_.SignInAs("lan").error().reason, "sign_in_failed");
  ASSERT_TRUE(accounts().Enable(administrator_, lan_).ok());
  EXPECT_EQ(fixture_.SignInAs("lan")->identity.role, Role::kAdministrator);
}

TEST_F(AccountsTest, KeepTheLastAdministratorWhoCanSignIn) {
  EXPECT_EQ(accounts().Disable(administrator_, administrator_.account).error().reason,
            "last_administrator");
  EXPECT_EQ(
      accounts().SetRole(administrator_, administrator_.account, Role::kViewer).error().reason,
      "last_administrator");
  ASSERT_TRUE(accounts().SetRole(administrator_, lan_, Role::kAdministrator).ok());
  ASSERT_TRUE(accounts().Disable(administrator_, lan_).ok());
  EXPECT_EQ(accounts().Disable(administrator_, administrator_.account).error().reason,
            "last_administrator");
  ASSERT_TRUE(accounts().Enable(administrator_, lan_).ok());
  EXPECT_TRUE(accounts().Disable(administrator_, administrator_.account).ok());
}

TEST_F(AccountsTest, TakeANewPasswordFromTheirOwnerOnlyWithThePresentOne) {
  const Identity lan = fixture_.SignInAs("lan")->identity;
  EXPECT_EQ(accounts().ChangeOwnPassword(lan, "wrong", kOther).error().reason, "sign_in_failed");
  EXPECT_EQ(accounts().ChangeOwnPassword(lan, AccessFixture::kPassword, "x").error().reason,
            "password_too_short");
  EXPECT_TRUE(fixture_.access->sessions().IsAlive(lan.session));
  ASSERT_TRUE(accounts().ChangeOwnPassword(lan, AccessFixture::kPassword, kOther).ok());
  EXPECT_FALSE(fixture_.access->sessions().IsAlive(lan.session));
  EXPECT_FALSE(fixture_.SignInAs("lan").ok());
  EXPECT_TRUE(fixture_.SignInAs("lan", kOther).ok());
}

TEST_F(AccountsTest, AreUnlockedByAReset) {
  for (int i = 0; i < 6; ++i) (void)fixture_.SignInAs("lan", "wrong");
  ASSERT_TRUE(accounts().ResetPassword(administrator_, lan_, kOther).ok());
  EXPECT_TRUE(fixture_.SignInAs("lan", kOther).ok());
}

TEST_F(AccountsTest, AreNamedWhenUnknown) {
  EXPECT_EQ(accounts().Disable(administrator_, {99}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(accounts().ResetPassword(administrator_, {99}, kOther).error().code,
            ErrorCode::kNotFound);
}

}  // namespace fansipan::security
