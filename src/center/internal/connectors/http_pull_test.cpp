#include "center/connectors/http_pull.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "center/connectors.h"
#include "center/difference.h"
#include "center/load.h"
#include "center/testing/loading.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

using testing::ProblemsOf;

constexpr std::string_view kPush = "connector: push\n    format: json";
constexpr std::string_view kPull = R"(connector: [push, http_pull]
    reach:
      - {host: registry.example.vn}
      - {host: 10.20.1.7, port: 8080, network: private}
    http_pull:
      url: http://10.20.1.7:8080/api/payments
      query: {updated_since: "{since}", key: "{secret:api_key}"}
      headers: {X-Road-Client: LAOCAI/GOV/1/IOC, X-Token: "a {secret:gateway}"}
      every: 15m
      paging: {by: cursor, parameter: cursor, next_at: /next, max_pages: 50}
      since: {by: record, at: /updated_at, start: "2026-01-01T00:00:00Z"}
      sign_in: {by: oauth2, client: ioc, secret: client_key, token_url: "https://registry.example.vn/token", scope: read}
      content_types: [application/json]
      same_origin_redirects: true
      requests_per_minute: 30
      timeout: 20s
    format: json)";

LoadOutcome Load(const std::string& text, const std::string& replaced = "",
                 const std::string& by = "") {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  const std::size_t at = sources.find(kPush);
  EXPECT_NE(at, std::string::npos);
  std::string put = text;
  if (!replaced.empty()) {
    const std::size_t within = put.find(replaced);
    EXPECT_NE(within, std::string::npos) << replaced;
    put.replace(within, replaced.size(), by);
  }
  sources.replace(at, kPush.size(), put);
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

TEST(HttpPull, IsReadWithEveryKey) {
  const LoadOutcome outcome = Load(std::string(kPull));
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  EXPECT_TRUE(source.push);
  ASSERT_EQ(source.reach.size(), 2U);
  EXPECT_EQ(source.reach[0], (Reach{"registry.example.vn", 443, Network::kPublic}));
  EXPECT_EQ(source.reach[1], (Reach{"10.20.1.7", 8080, Network::kPrivate}));
  ASSERT_NE(source.http_pull, nullptr);
  const HttpPull& pull = *source.http_pull;
  EXPECT_EQ(pull.every, std::chrono::minutes(15));
  EXPECT_EQ(pull.paging, Paging::kCursor);
  EXPECT_EQ(pull.max_pages, 50U);
  EXPECT_EQ(pull.since_at, "/updated_at");
  EXPECT_EQ(pull.sign_in, HttpSignIn::kOAuth2);
  EXPECT_EQ(pull.timeout_seconds, 20U);
  EXPECT_EQ(source.limits.payload_bytes, 32ULL << 20U);
  EXPECT_EQ(SecretsOf(pull), (std::set<std::string>{"api_key", "client_key", "gateway"}));
}

TEST(HttpPull, EveryDescribedKeyIsInTheDeclarationAbove) {
  for (const std::string_view key : FindConnector("http_pull")->Keys()) {
    EXPECT_NE(kPull.find("\n      " + std::string(key) + ":"), std::string_view::npos) << key;
  }
}

TEST(HttpPull, AChangeOfItIsTold) {
  const auto before = Load(std::string(kPull)).center;
  const auto after = Load(std::string(kPull), "every: 15m", "every: 20m").center;
  const auto wider =
      Load(std::string(kPull), "network: private", "network: private}\n      - {host: b.vn").center;
  ASSERT_NE(after, nullptr);
  ASSERT_NE(wider, nullptr);
  EXPECT_EQ(DescribeDifference(*before, *after),
            (std::vector<std::string>{"source 'payments' changed: http_pull.every"}));
  EXPECT_EQ(DescribeDifference(*before, *wider),
            (std::vector<std::string>{"source 'payments' changed: reach"}));
}

struct Slip {
  std::string text;
  std::string by;
  std::string word;
};

TEST(HttpPull, SaysWhatCannotBeAsked) {
  const std::vector<Slip> slips = {
      {"http://10.20.1.7:8080/api", "http://10.20.1.7:8081/api", "'reach' does not name"},
      {"http://10.20.1.7:8080/api", "https://other.vn/api", "'reach' does not name"},
      {"http://10.20.1.7:8080/api/payments", "http://registry.example.vn:443/api", "must be https"},
      {"http://10.20.1.7:8080/api", "http://u:p@10.20.1.7:8080/api", "without user"},
      {"http://10.20.1.7:8080/api", "http://169.254.1.1.:8080/api", "URL"},
      {"every: 15m", "", "'every' is missing"},
      {"network: private", "network: loopback", "lies in the network private"},
      {", network: private", "", "lies in the network private"},
      {"host: 10.20.1.7", "host: 0x0a140107", "usual form"},
      {"host: registry.example.vn", "host: \"*.example.vn\"", "no pattern"},
      {"host: registry.example.vn", "host: 224.0.0.1", "cannot be called"},
      {"next_at: /next", "next_at: next", "JSON pointer"},
      {"by: cursor,", "by: link,", "does not belong to paging by link"},
      {", next_at: /next", "", "'next_at' is missing"},
      {"at: /updated_at", "at: updated_at", "JSON pointer"},
      {"\"{since}\"", "all", "of no use"},
      {"      since: {by: record, at: /updated_at, start: \"2026-01-01T00:00:00Z\"}\n", "",
       "'since' is missing"},
      {"X-Road-Client:", "Host:", "cannot be declared"},
      {"X-Road-Client:", "\"a b\":", "cannot be declared"},
      {"{secret:gateway}", "{secret:Gate way}", "no name"},
      {"timeout: 20s", "timeout: 20m", "10m"},
      {"client: ioc, ", "", "'client' is missing"},
      {"by: oauth2", "by: digest", "bearer"},
      {"connector: [push, http_pull]", "connector: push", "connector http_pull only"},
      {"connector: [push, http_pull]", "connector: [push, http_pul]", "did you mean 'http_pull'"},
      {"same_origin_redirects", "redirects", "unknown key"},
      {"format: json", "format: csv", "format json"},
  };
  for (const Slip& slip : slips) {
    const std::string problems = ProblemsOf(Load(std::string(kPull), slip.text, slip.by));
    EXPECT_NE(problems.find(slip.word), std::string::npos) << slip.text << " → " << slip.by << "\n"
                                                           << problems;
    EXPECT_NE(problems.find("systems/services/sources.yaml:"), std::string::npos);
  }
}

TEST(Connectors, AreListedWithStatusAndWords) {
  EXPECT_EQ(Connectors().size(), 8U);
  for (const ConnectorKind& kind : Connectors()) {
    EXPECT_FALSE(kind.what.empty()) << kind.name;
    for (const ConnectorOption& option : kind.options) EXPECT_FALSE(option.what.empty());
  }
  EXPECT_EQ(NameOf(FindConnector("http_pull")->status), "trial");
  EXPECT_EQ(FindConnector("telepathy"), nullptr);
}

}  // namespace
}  // namespace fansipan::center
