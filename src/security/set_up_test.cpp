#include "security/set_up.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;

class SetUpTest : public testing::Test {
 protected:
  security::SetUp& set_up() { return fixture_.access->set_up(); }
  std::string CreateLink() { return set_up().CreateLink(LocalOperator()).value(); }
  std::string Complete(const std::string& token, const std::string& name = "quanly") {
    const auto made = set_up().Complete(Anonymous("127.0.0.1"), token,
                                        {.name = name,
                                         .display_name = "Quản lý",
                                         .password = std::string(AccessFixture::kPassword)});
    return made.ok() ? "" : made.error().reason;
  }

  AccessFixture fixture_;
};

}  // namespace

TEST_F(SetUpTest, MakesTheAdministratorWhoCanThenSignIn) {
  EXPECT_TRUE(set_up().IsNeeded().value());
  EXPECT_EQ(Complete(CreateLink()), "");
  EXPECT_FALSE(set_up().IsNeeded().value());
  EXPECT_EQ(fixture_.SignInAs("quanly")->identity.role, Role::kAdministrator);
}

TEST_F(SetUpTest, RefusesToSkipTheLink) {
  EXPECT_EQ(Complete(""), "set_up_link_invalid");
  EXPECT_EQ(Complete("guessed"), "set_up_link_invalid");
  EXPECT_FALSE(fixture_.SignInAs("quanly").ok());
  CreateLink();
  EXPECT_EQ(Complete("guessed"), "set_up_link_invalid");
  EXPECT_EQ(LastAct(fixture_.store), "anonymous complete_set_up set_up failed");
  EXPECT_TRUE(set_up().IsNeeded().value());
}

TEST_F(SetUpTest, RefusesToRepeatIt) {
  const std::string link = CreateLink();
  EXPECT_EQ(Complete(link), "");
  EXPECT_EQ(Complete(link), "already_set_up");
  EXPECT_EQ(Complete(link, "second"), "already_set_up");
  EXPECT_EQ(set_up().CreateLink(LocalOperator()).error().reason, "already_set_up");
  fixture_.Reopen();
  EXPECT_EQ(Complete(link, "second"), "already_set_up");
  EXPECT_EQ(fixture_.store.ListAccounts()->size(), 1U);
}

TEST_F(SetUpTest, TakesTheNewestLinkOnly) {
  const std::string old = CreateLink();
  fixture_.Reopen();
  const std::string link = CreateLink();
  EXPECT_EQ(Complete(old), "set_up_link_invalid");
  EXPECT_EQ(Complete(link), "");
}

TEST_F(SetUpTest, LetsALinkRunOut) {
  const std::string link = CreateLink();
  fixture_.clock.Advance(24h);
  EXPECT_EQ(Complete(link), "set_up_link_invalid");
  EXPECT_EQ(Complete(CreateLink()), "");
}

TEST_F(SetUpTest, KeepsTheLinkWhenTheAccountIsRefused) {
  const std::string link = CreateLink();
  EXPECT_EQ(Complete(link, "not a name"), "account_name_invalid");
  EXPECT_EQ(Complete(link), "");
}

TEST_F(SetUpTest, WorksOnceForManyAtTheSameMoment) {
  fixture_.policy.waiting_hashes = 50;
  fixture_.Reopen();
  const std::string link = CreateLink();
  std::atomic<int> made = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(10);
    for (int i = 0; i < 10; ++i) {
      threads.emplace_back([&, i] {
        const std::string reason = Complete(link, "quanly" + std::to_string(i));
        if (reason.empty())
          ++made;
        else
          EXPECT_EQ(reason, "already_set_up");
      });
    }
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(fixture_.store.ListAccounts()->size(), 1U);
}

TEST_F(SetUpTest, IsStartedByTheOperatorAtTheMachineOnly) {
  EXPECT_EQ(set_up().CreateLink(Anonymous("")).error().code, ErrorCode::kUnauthenticated);
  const Identity administrator = fixture_.SignInAdministrator();
  EXPECT_EQ(set_up().CreateLink(administrator).error().code, ErrorCode::kForbidden);
  const std::string reason = set_up().Complete(administrator, "x", {.name = "mai"}).error().reason;
  EXPECT_EQ(reason, "not_granted");
}

TEST_F(SetUpTest, IsNotNeededOnceTheOperatorMadeAnAdministrator) {
  const std::string link = CreateLink();
  fixture_.AddAccount("lan", Role::kViewer);
  EXPECT_TRUE(set_up().IsNeeded().value());
  fixture_.AddAccount("minh", Role::kAdministrator);
  EXPECT_FALSE(set_up().IsNeeded().value());
  EXPECT_EQ(Complete(link), "already_set_up");
}

}  // namespace fansipan::security
