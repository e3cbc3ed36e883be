#include "security/source_secrets.h"

#include <gtest/gtest.h>

#include "security/testing/access_fixture.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr std::string_view kValue = "s3cret-of-the-registry";

class SourceSecretsTest : public testing::Test {
 protected:
  SourceSecrets& secrets() { return fixture_.access->source_secrets(); }

  AccessFixture fixture_;
  Identity administrator_ = fixture_.SignInAdministrator();
};

TEST_F(SourceSecretsTest, HandsTheLastValueToConnectorsAndListsNoValue) {
  EXPECT_FALSE(secrets().Find("registry")->has_value());
  ASSERT_TRUE(secrets().Set(administrator_, "registry", "first").ok());
  ASSERT_TRUE(secrets().Set(administrator_, "registry", std::string(kValue)).ok());
  EXPECT_EQ(secrets().Find("registry").value(), kValue);
  const auto listed = secrets().List(administrator_).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].name, "registry");
  EXPECT_EQ(listed[0].set_at, fixture_.clock.Now());
  EXPECT_EQ(listed[0].set_by, NameForAudit(administrator_));
  ASSERT_TRUE(secrets().Remove(administrator_, "registry").ok());
  EXPECT_FALSE(secrets().Find("registry")->has_value());
  EXPECT_EQ(secrets().Remove(administrator_, "registry").error().reason, "unknown_secret");
}

TEST_F(SourceSecretsTest, KeepsNoReadableValueAndNoneThatWasMovedToAnotherName) {
  ASSERT_TRUE(secrets().Set(administrator_, "registry", std::string(kValue)).ok());
  auto kept = fixture_.store.FindSecret("registry").value();
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->sealed.find(kValue), std::string::npos);
  kept->name = "gateway";
  ASSERT_TRUE(fixture_.store.PutSecret(*kept).ok());
  EXPECT_EQ(secrets().Find("gateway").error().code, ErrorCode::kCorrupt);
  fixture_.Reopen();
  EXPECT_EQ(secrets().Find("registry").value(), kValue);
}

TEST_F(SourceSecretsTest, IsForAdministratorsAloneAndInTheAudit) {
  ASSERT_TRUE(secrets().Set(administrator_, "registry", std::string(kValue)).ok());
  EXPECT_NE(LastAct(fixture_.store).find("set_secret secret:registry"), std::string::npos);
  fixture_.AddAccount("lan", Role::kViewer);
  const Identity viewer = fixture_.SignInAs("lan")->identity;
  EXPECT_EQ(secrets().Set(viewer, "registry", "x").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(secrets().List(viewer).error().code, ErrorCode::kForbidden);
  EXPECT_EQ(secrets().Remove(viewer, "registry").error().code, ErrorCode::kForbidden);
  EXPECT_EQ(secrets().Find("registry").value(), kValue);
  const auto records = fixture_.store.ReadAudit(1, 1'000).value();
  for (const auto& record : records) {
    EXPECT_EQ(record.event.detail.find(kValue), std::string::npos);
    EXPECT_EQ(record.event.on.find(kValue), std::string::npos);
  }
}

TEST_F(SourceSecretsTest, RefusesNamesAndValuesThatNoHeaderCouldCarryWithoutRepeatingThem) {
  for (const std::string name : {"", "Registry", "a b", "../x", "9x"}) {
    EXPECT_EQ(secrets().Set(administrator_, name, "x").error().reason, "secret_name_invalid");
  }
  for (const std::string& value :
       {std::string(), std::string("line\nbreak"), std::string("a\0b", 3), std::string(4'097, 'x'),
        std::string("mật khẩu")}) {
    const auto refused = secrets().Set(administrator_, "registry", value);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().reason, "secret_value_invalid");
    if (!value.empty()) {
      EXPECT_EQ(refused.error().message.find(value), std::string::npos);
    }
  }
}

TEST_F(SourceSecretsTest, StaysWithinItsLimitButReplacesAtIt) {
  SecurityPolicy policy = CheapPolicy();
  policy.source_secrets = 2;
  AccessFixture fixture(policy);
  const Identity actor = fixture.SignInAdministrator();
  SourceSecrets& few = fixture.access->source_secrets();
  ASSERT_TRUE(few.Set(actor, "a", "x").ok());
  ASSERT_TRUE(few.Set(actor, "b", "x").ok());
  EXPECT_EQ(few.Set(actor, "c", "x").error().reason, "too_many_secrets");
  EXPECT_TRUE(few.Set(actor, "a", "y").ok());
}

}  // namespace
}  // namespace fansipan::security
