#include "http/caller.h"

#include <gtest/gtest.h>

#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

Request With(const std::vector<std::pair<std::string, std::string>>& fields,
             Method method = Method::kPost) {
  Request request;
  request.method = method;
  request.remote_address = "192.0.2.7";
  for (const auto& [name, value] : fields) request.fields.Add(name, value);
  return request;
}

TEST(Host, MustNameThisServer) {
  const CallerPolicy policy;
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1:80", "[::1]:8080", "[::1]"}) {
    EXPECT_TRUE(CheckHost(With({{"Host", host}}), policy).ok()) << host;
  }
  for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80",
                           "", "evil.example:localhost"}) {
    EXPECT_EQ(CheckHost(With({{"Host", host}}), policy).error().reason, "host_refused") << host;
  }
  EXPECT_FALSE(CheckHost(With({}), policy).ok());
  EXPECT_FALSE(CheckHost(With({{"Host", "localhost"}, {"Host", "evil.example"}}), policy).ok());
}

TEST(Origin, MustBeOurOwnWhenABrowserSaysOne) {
  CallerPolicy policy;
  const auto check = [&](const std::string& origin) {
    return CheckOrigin(With({{"Host", "localhost:8080"}, {"Origin", origin}}), policy).ok();
  };
  EXPECT_TRUE(CheckOrigin(With({{"Host", "localhost:8080"}}), policy).ok());
  EXPECT_TRUE(check("http://localhost:8080"));
  EXPECT_FALSE(check("https://localhost:8080"));
  EXPECT_FALSE(check("http://localhost"));
  EXPECT_FALSE(check("http://localhost:9090"));
  EXPECT_FALSE(check("http://evil.example"));
  EXPECT_FALSE(check("null"));
  policy.secure = true;
  EXPECT_TRUE(check("https://localhost:8080"));
  EXPECT_FALSE(check("http://localhost:8080"));
}

TEST(Origin, IsNotOursWhenTheBrowserSaysAnotherSiteAsks) {
  const CallerPolicy policy;
  const auto check = [&](const std::string& site) {
    return CheckOrigin(With({{"Host", "localhost"}, {"Sec-Fetch-Site", site}}), policy).ok();
  };
  EXPECT_TRUE(check("same-origin"));
  EXPECT_TRUE(check("none"));
  EXPECT_FALSE(check("same-site"));
  EXPECT_FALSE(check("cross-site"));
}

class CallerTest : public ::testing::Test {
 protected:
  testing::SampleServices sample_;
  CallerPolicy policy_;
};

TEST_F(CallerTest, IsFoundOutByTokenCookieOrSocket) {
  using security::IdentityKind;
  security::Access& access = *sample_.access.access;
  EXPECT_EQ(Identify(With({}), policy_, access)->kind, IdentityKind::kAnonymous);
  const auto viewer = Identify(With({{"Cookie", sample_.ViewerCookie()}}), policy_, access);
  EXPECT_EQ(viewer->name, "lan");
  const auto source =
      Identify(With({{"Authorization", "Bearer " + sample_.push_token}}), policy_, access);
  EXPECT_EQ(source->source, "case_system");
  Request local = With({{"Cookie", "fansipan=x"}});
  local.local = true;
  EXPECT_EQ(Identify(local, policy_, access)->kind, IdentityKind::kLocalOperator);
}

TEST_F(CallerTest, IsNobodyWithAStaleCookieButRefusedWithAWrongToken) {
  security::Access& access = *sample_.access.access;
  EXPECT_EQ(Identify(With({{"Cookie", "fansipan=stale"}}), policy_, access)->kind,
            security::IdentityKind::kAnonymous);
  for (const char* value : {"Bearer wrong", "Basic bGFuOng=", "Bearer", ""}) {
    EXPECT_EQ(Identify(With({{"Authorization", value}}), policy_, access).error().code,
              base::ErrorCode::kUnauthenticated)
        << value;
  }
}

TEST_F(CallerTest, HasTheAddressOfThePeerWhateverTheHeadersSay) {
  security::Access& access = *sample_.access.access;
  const Request request = With({{"X-Forwarded-For", "127.0.0.1"}, {"Forwarded", "for=127.0.0.1"}});
  EXPECT_EQ(Identify(request, policy_, access)->remote_address, "192.0.2.7");
}

TEST_F(CallerTest, MustSendBackItsTokenWithAChange) {
  security::Access& access = *sample_.access.access;
  const std::string cookie = sample_.ViewerCookie();
  const auto identity = Identify(With({{"Cookie", cookie}}), policy_, access).value();
  const std::string token = access.sessions().CsrfToken(identity.session);
  EXPECT_EQ(CheckCsrf(With({}), identity, access).error().reason, "csrf_token_missing");
  EXPECT_EQ(CheckCsrf(With({{"X-CSRF-Token", "x"}}), identity, access).error().reason,
            "csrf_token_wrong");
  EXPECT_TRUE(CheckCsrf(With({{"X-CSRF-Token", token}}), identity, access).ok());
  EXPECT_TRUE(CheckCsrf(With({}, Method::kGet), identity, access).ok());
  EXPECT_TRUE(CheckCsrf(With({}), security::Anonymous(""), access).ok());
}

TEST(SessionCookieText, IsOutOfReachForScriptsAndOtherSites) {
  CallerPolicy policy;
  EXPECT_EQ(SessionCookie(policy, "t"), "fansipan=t; Path=/; HttpOnly; SameSite=Strict");
  policy.secure = true;
  EXPECT_EQ(SessionCookie(policy, "t"),
            "__Host-fansipan=t; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_NE(SessionCookie(policy, "").find("Max-Age=0"), std::string::npos);
}

}  // namespace
}  // namespace fansipan::http
