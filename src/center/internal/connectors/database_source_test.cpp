#include "center/connectors/database_source.h"

#include <gtest/gtest.h>

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
constexpr std::string_view kQuery = "SELECT id, paid_on, updated_at FROM payments\n";
constexpr std::string_view kPostgres = R"(connector: [push, postgres]
    reach:
      - {host: db.example.vn, port: 5432}
      - {host: 10.20.1.7, port: 6432, network: private}
    postgres:
      host: 10.20.1.7
      port: 6432
      database: payments
      tls: verify-ca
      ca_file: /etc/ssl/office.pem
      query: queries/payments.sql
      every: 15m
      since: {column: updated_at, key: id, start: "2026-01-01", overlap: 10m}
      piece: 500
      sign_in: {user: ioc, secret: payments_db}
      timeout: 20s
    format: ndjson)";
constexpr std::string_view kOdbc = R"(connector: odbc
    odbc:
      driver: PostgreSQL Unicode
      attributes: {Server: 10.20.1.7, UseDeclareFetch: "1"}
      query: queries/payments.sql
      every: 15m
      since: {column: revision, key: id, overlap: 1000}
      piece: 500
      sign_in: {user: ioc, secret: payments_db}
      timeout: 20s
    format: ndjson)";

LoadOutcome Load(const std::string& text, const std::string& replaced = "",
                 const std::string& by = "", std::string_view query = kQuery) {
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
  constexpr std::string_view kWhere = "records_at: /items, ";  // of one text; each line is a record
  sources.erase(sources.find(kWhere), kWhere.size());
  files["systems/services/queries/payments.sql"] = std::string(query);
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

TEST(DatabaseSource, PostgresIsReadWithEveryKey) {
  const LoadOutcome outcome = Load(std::string(kPostgres));
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.postgres, nullptr);
  const PostgresSource& postgres = *source.postgres;
  EXPECT_EQ(postgres.host, "10.20.1.7");
  EXPECT_EQ(postgres.port, 6432);
  EXPECT_EQ(postgres.database, "payments");
  EXPECT_EQ(postgres.tls, TlsMode::kVerifyCa);
  EXPECT_EQ(postgres.ca_file, "/etc/ssl/office.pem");
  const DatabaseQuery& query = postgres.query;
  EXPECT_EQ(query.file, "systems/services/queries/payments.sql");
  EXPECT_EQ(query.sql, kQuery);
  EXPECT_EQ(query.every, std::chrono::minutes(15));
  EXPECT_EQ(query.since,
            (DatabaseSince{"updated_at", "id", "2026-01-01", std::chrono::minutes(10), {}}));
  EXPECT_EQ(query.piece_rows, 500U);
  EXPECT_EQ(query.user, "ioc");
  EXPECT_EQ(query.secret, "payments_db");
  EXPECT_EQ(query.timeout_seconds, 20U);
  EXPECT_EQ(source.limits.payload_bytes, 32ULL << 20U);
}

TEST(DatabaseSource, OdbcIsReadWithEveryKey) {
  const LoadOutcome outcome = Load(std::string(kOdbc));
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.odbc, nullptr);
  EXPECT_EQ(source.postgres, nullptr);
  EXPECT_EQ(source.odbc->driver, "PostgreSQL Unicode");
  EXPECT_EQ(source.odbc->attributes, (std::map<std::string, std::string>{
                                         {"Server", "10.20.1.7"}, {"UseDeclareFetch", "1"}}));
  EXPECT_EQ(source.odbc->query.since->overlap_number, 1'000);
  EXPECT_EQ(source.odbc->query.since->start, std::nullopt);
}

TEST(DatabaseSource, EveryDescribedKeyIsInTheDeclarationsAbove) {
  for (const std::string_view key : FindConnector("postgres")->Keys()) {
    EXPECT_NE(kPostgres.find("\n      " + std::string(key) + ":"), std::string_view::npos) << key;
  }
  for (const std::string_view key : FindConnector("odbc")->Keys()) {
    EXPECT_NE(kOdbc.find("\n      " + std::string(key) + ":"), std::string_view::npos) << key;
  }
}

TEST(DatabaseSource, AChangeOfItIsTold) {
  const auto before = Load(std::string(kPostgres)).center;
  const auto longer = Load(std::string(kPostgres), "timeout: 20s", "timeout: 30s").center;
  const auto asked = Load(std::string(kPostgres), "", "", "SELECT * FROM payments").center;
  ASSERT_NE(longer, nullptr);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(DescribeDifference(*before, *longer),
            (std::vector<std::string>{"source 'payments' changed: postgres.timeout"}));
  EXPECT_EQ(DescribeDifference(*before, *asked),
            (std::vector<std::string>{"source 'payments' changed: postgres.query"}));
}

struct Slip {
  std::string text;
  std::string by;
  std::string word;
};

void ExpectSaid(std::string_view declaration, const std::vector<Slip>& slips) {
  for (const Slip& slip : slips) {
    const std::string problems = ProblemsOf(Load(std::string(declaration), slip.text, slip.by));
    EXPECT_NE(problems.find(slip.word), std::string::npos) << slip.text << " → " << slip.by << "\n"
                                                           << problems;
  }
}

TEST(DatabaseSource, SaysWhatCannotBeAskedOfPostgres) {
  ExpectSaid(kPostgres,
             {{"host: 10.20.1.7\n", "host: 10.20.1.8\n", "'reach' does not name"},
              {"host: 10.20.1.7\n      port: 6432", "host: db.example.vn", "must be verify-full"},
              {"verify-ca", "disable", "of no use with tls: disable"},
              {"verify-ca", "prefer", "verify-full"},
              {"/etc/ssl", "ssl", "full path"},
              {"queries/payments.sql", "../payments.sql", "queries/cases.sql"},
              {"queries/payments.sql", "queries/more.sql", "does not exist"},
              {"queries/payments.sql", "queries/more.sql", "no source of the system names"},
              {"every: 15m", "", "'every' is missing"},
              {"key: id", "key: updated_at", "another column"},
              {"key: id, ", "", "'key' is missing"},
              {", overlap: 10m", "", "'overlap' is missing"},
              {"overlap: 10m", "overlap: -5", "whole number"},
              {"since: {column: updated_at, key: id, start: \"2026-01-01\", overlap: 10m}", "",
               "without, it is one delivery"},
              {", secret: payments_db", "", "'secret' is missing"},
              {"timeout: 20s", "timeout: 2h", "1h"},
              {"format: ndjson", "format: csv", "format ndjson"},
              {"[push, postgres]", "push", "connector postgres only"},
              {"[push, postgres]", "[postgres, odbc]", "a source of each"},
              {"database: payments", "base: payments", "unknown key"}});
}

TEST(DatabaseSource, SaysWhatCannotBeAskedOverOdbc) {
  ExpectSaid(kOdbc, {{"driver: PostgreSQL Unicode", "driver: /tmp/evil.so", "odbcinst"},
                     {"driver: PostgreSQL Unicode", "driver: \"a};PWD=b\"", "odbcinst"},
                     {"UseDeclareFetch", "pwd", "cannot be declared"},
                     {"UseDeclareFetch", "User Name", "cannot be declared"},
                     {"UseDeclareFetch", "FileDSN", "cannot be declared"},
                     {"UseDeclareFetch", "\"a;PWD\"", "no attribute's name"},
                     {"    odbc:", "    reach: [{host: a.vn}]\n    odbc:", "is for connectors"}});
}

TEST(DatabaseSource, SaysWhereAQueryIsNoSelect) {
  const auto problems = [](std::string_view query) {
    return ProblemsOf(Load(std::string(kOdbc), "", "", query));
  };
  EXPECT_NE(problems("DELETE FROM payments").find("queries/payments.sql:1:1"), std::string::npos);
  EXPECT_NE(problems("SELECT 1;\nSELECT 2").find("queries/payments.sql:2:1"), std::string::npos);
  EXPECT_NE(problems("SELECT 1 WHERE $since > ''").find("with 'start'"), std::string::npos);
  EXPECT_EQ(problems("SELECT 1"), "");
}

}  // namespace
}  // namespace fansipan::center
