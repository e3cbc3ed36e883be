#include "security/sessions.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class SessionsTest : public testing::Test {
 protected:
  void SetUp() override {
    viewer_ = fixture_.AddAccount("lan", Role::kViewer);
    administrator_ = fixture_.AddAccount("minh", Role::kAdministrator);
  }

  bool Works(const SignIn::SignedIn& signed_in) {
    return fixture_.access->sessions().Authenticate(signed_in.token, "").ok();
  }
  bool IsAlive(const SignIn::SignedIn& signed_in) {
    return fixture_.access->sessions().IsAlive(signed_in.identity.session);
  }

  AccessFixture fixture_;
  store::AccountId viewer_;
  store::AccountId administrator_;
};

}  // namespace

TEST_F(SessionsTest, EndAfterFifteenIdleMinutesForViewersAndFiveForAdministrators) {
  const auto viewer = fixture_.SignInAs("lan").value();
  const auto administrator = fixture_.SignInAs("minh").value();
  fixture_.clock.Advance(5min - 1us);
  EXPECT_TRUE(IsAlive(administrator));
  fixture_.clock.Advance(1us);
  EXPECT_FALSE(IsAlive(administrator));
  EXPECT_FALSE(Works(administrator));
  fixture_.clock.Advance(10min - 1us);
  EXPECT_TRUE(IsAlive(viewer));
  fixture_.clock.Advance(1us);
  EXPECT_FALSE(IsAlive(viewer));
  EXPECT_FALSE(Works(viewer));
  EXPECT_TRUE(fixture_.store.ListSessions()->empty());
}

TEST_F(SessionsTest, GoOnWhileUsedUpToTheAbsoluteLimit) {
  const auto viewer = fixture_.SignInAs("lan").value();
  for (int i = 0; i < 71; ++i) {
    fixture_.clock.Advance(10min);
    ASSERT_TRUE(Works(viewer)) << i;
  }
  fixture_.clock.Advance(10min - 1us);
  EXPECT_TRUE(Works(viewer));
  fixture_.clock.Advance(1us);
  EXPECT_FALSE(IsAlive(viewer));
  EXPECT_FALSE(Works(viewer));
}

TEST_F(SessionsTest, AreNotKeptAliveByAskingWhetherTheyLive) {
  const auto viewer = fixture_.SignInAs("lan").value();
  for (int i = 0; i < 14; ++i) {
    fixture_.clock.Advance(1min);
    EXPECT_TRUE(IsAlive(viewer));
  }
  fixture_.clock.Advance(1min);
  EXPECT_FALSE(IsAlive(viewer));
}

TEST_F(SessionsTest, OutliveARestartWithTheirIdleTime) {
  const auto viewer = fixture_.SignInAs("lan").value();
  fixture_.clock.Advance(10min);
  ASSERT_TRUE(Works(viewer));
  fixture_.Reopen();
  fixture_.clock.Advance(14min);
  EXPECT_TRUE(Works(viewer));
  fixture_.Reopen();
  fixture_.clock.Advance(15min);
  EXPECT_FALSE(Works(viewer));
  fixture_.Reopen();
  EXPECT_TRUE(fixture_.store.ListSessions()->empty());
}

TEST_F(SessionsTest, OfADisabledAccountAreDroppedAtStart) {
  const auto viewer = fixture_.SignInAs("lan").value();
  store::Account account = fixture_.store.FindAccount(viewer_).value().value();
  account.disabled = true;
  ASSERT_TRUE(fixture_.store.UpdateAccount(account).ok());
  fixture_.Reopen();
  EXPECT_FALSE(Works(viewer));
  EXPECT_TRUE(fixture_.store.ListSessions()->empty());
}

TEST_F(SessionsTest, AreRefusedForATokenThatNobodyWasGiven) {
  const auto viewer = fixture_.SignInAs("lan").value();
  for (const std::string& token : {std::string(), std::string("x"), viewer.identity.session,
                                   viewer.token + " ", viewer.token.substr(1)}) {
    EXPECT_EQ(fixture_.access->sessions().Authenticate(token, "").error().code,
              ErrorCode::kUnauthenticated);
  }
  EXPECT_TRUE(Works(viewer));
}

TEST_F(SessionsTest, EndTheLeastRecentlySeenWhenAnAccountHasTooMany) {
  fixture_.policy.sessions_per_account = 3;
  fixture_.Reopen();
  std::vector<SignIn::SignedIn> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(fixture_.SignInAs("lan").value());
    fixture_.clock.Advance(1min);
  }
  const auto other = fixture_.SignInAs("minh").value();
  ASSERT_TRUE(Works(all[0]));
  all.push_back(fixture_.SignInAs("lan").value());
  EXPECT_TRUE(Works(all[0]));
  EXPECT_FALSE(Works(all[1]));
  EXPECT_TRUE(Works(all[2]));
  EXPECT_TRUE(Works(all[3]));
  EXPECT_TRUE(Works(other));
}

TEST_F(SessionsTest, AreNotOpenedForAnAccountThatChangedAfterItsPasswordWasFoundRight) {
  const store::Account checked = fixture_.store.FindAccount(viewer_).value().value();
  ASSERT_TRUE(fixture_.access->accounts().Disable(LocalOperator(), viewer_).ok());
  EXPECT_EQ(fixture_.access->sessions().Open(checked, "").error().code,
            ErrorCode::kUnauthenticated);
  ASSERT_TRUE(fixture_.access->accounts().Enable(LocalOperator(), viewer_).ok());
  EXPECT_TRUE(fixture_.access->sessions().Open(checked, "").ok());
  ASSERT_TRUE(fixture_.access->accounts()
                  .ResetPassword(LocalOperator(), viewer_, "thửa ruộng bậc thang")
                  .ok());
  EXPECT_EQ(fixture_.access->sessions().Open(checked, "").error().code,
            ErrorCode::kUnauthenticated);
}

TEST_F(SessionsTest, HaveCsrfTokensOfTheirOwn) {
  const auto viewer = fixture_.SignInAs("lan").value();
  const auto again = fixture_.SignInAs("lan").value();
  const Sessions& sessions = fixture_.access->sessions();
  EXPECT_TRUE(sessions.IsCsrfToken(viewer.identity.session, viewer.csrf_token));
  EXPECT_FALSE(sessions.IsCsrfToken(viewer.identity.session, again.csrf_token));
  EXPECT_FALSE(sessions.IsCsrfToken(viewer.identity.session, ""));
  EXPECT_FALSE(sessions.IsCsrfToken(viewer.identity.session, viewer.token));
  AccessFixture other;
  EXPECT_NE(other.access->sessions().CsrfToken(viewer.identity.session), viewer.csrf_token);
}

}  // namespace fansipan::security
