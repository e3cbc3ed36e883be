#include "center/connectors/file_fetch.h"

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
constexpr std::string_view kSftp = R"(connector: file_fetch
    reach:
      - {host: 10.20.1.7, port: 2222, network: private}
    file_fetch:
      url: sftp://10.20.1.7:2222/out/
      files: "*.json"
      every: 15m
      sign_in: {user: ioc, key: office_key}
      host_key: "SHA256:rXL6ZhZecbrA1RGJ2kIprpgXqht5iWeuvtXkelLuMgE"
      ready: {marker: .done}
      after: {move: done}
      max_files: 20
      timeout: 2m
      stall: 10s
    format: json)";
constexpr std::string_view kFtps = R"(connector: file_fetch
    reach:
      - {host: files.example.vn, port: 990}
    file_fetch:
      url: ftps://files.example.vn/out/
      tls: implicit
      every: 1h
      sign_in: {user: ioc, secret: office_word}
      authorities: |
        -----BEGIN CERTIFICATE-----
        MIIB
        -----END CERTIFICATE-----
      after: delete
    format: json)";
constexpr std::string_view kHttps = R"(connector: [push, file_fetch]
    reach: [{host: files.example.vn}]
    file_fetch:
      url: https://files.example.vn/out/cases.json
      every: 1h
      sign_in: {secret: office_token}
    format: json)";

LoadOutcome Load(std::string_view text, const std::string& replaced = "",
                 const std::string& by = "") {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  const std::size_t at = sources.find(kPush);
  EXPECT_NE(at, std::string::npos);
  std::string put(text);
  if (!replaced.empty()) {
    const std::size_t within = put.find(replaced);
    EXPECT_NE(within, std::string::npos) << replaced;
    put.replace(within, replaced.size(), by);
  }
  sources.replace(at, kPush.size(), put);
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

TEST(FileFetch, IsReadOverSftp) {
  const LoadOutcome outcome = Load(kSftp);
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.file_fetch, nullptr);
  const FileFetch& fetch = *source.file_fetch;
  EXPECT_EQ(fetch.files, "*.json");
  EXPECT_EQ(fetch.every, std::chrono::minutes(15));
  EXPECT_EQ(fetch.host_key, "rXL6ZhZecbrA1RGJ2kIprpgXqht5iWeuvtXkelLuMgE");
  EXPECT_EQ(fetch.marker, ".done");
  EXPECT_EQ(fetch.after, AfterFetch::kMove);
  EXPECT_EQ(fetch.move_to, "done");
  EXPECT_EQ(fetch.max_files, 20U);
  EXPECT_EQ(fetch.timeout_seconds, 120U);
  EXPECT_EQ(fetch.stall_seconds, 10U);
  EXPECT_EQ(SecretsOf(fetch), std::set<std::string>{"office_key"});
}

TEST(FileFetch, IsReadOverFtpsAndHttps) {
  const LoadOutcome ftps = Load(kFtps);
  ASSERT_NE(ftps.center, nullptr) << ProblemsOf(ftps);
  const FileFetch& fetch = *ftps.center->FindSource("payments")->file_fetch;
  EXPECT_TRUE(fetch.implicit_tls);
  EXPECT_EQ(fetch.after, AfterFetch::kDelete);
  EXPECT_TRUE(fetch.authorities.starts_with("-----BEGIN CERTIFICATE-----\nMIIB\n"));
  const LoadOutcome https = Load(kHttps);
  ASSERT_NE(https.center, nullptr) << ProblemsOf(https);
  EXPECT_TRUE(https.center->FindSource("payments")->push);
  EXPECT_EQ(https.center->FindSource("payments")->file_fetch->secret, "office_token");
}

TEST(FileFetch, EveryDescribedKeyIsInADeclarationAbove) {
  const std::string all = std::string(kSftp) + std::string(kFtps) + std::string(kHttps);
  for (const std::string_view key : FindConnector("file_fetch")->Keys()) {
    EXPECT_NE(all.find("\n      " + std::string(key) + ":"), std::string::npos) << key;
  }
}

TEST(FileFetch, AChangeOfItIsTold) {
  const auto before = Load(kSftp).center;
  const auto after = Load(kSftp, "max_files: 20", "max_files: 30").center;
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(DescribeDifference(*before, *after),
            (std::vector<std::string>{"source 'payments' changed: file_fetch.max_files"}));
}

struct Slip {
  std::string_view declaration;
  std::string text;
  std::string by;
  std::string word;
};

TEST(FileFetch, SaysWhatCannotBeFetched) {
  const std::vector<Slip> slips = {
      {kSftp, "url: sftp://10.20.1.7:2222/", "url: sftp://10.20.1.7/", "'reach' does not name"},
      {kSftp, "sftp://10.20.1.7:2222/out/", "sftp://u:p@10.20.1.7:2222/out/", "without user"},
      {kSftp, "sftp://10.20.1.7:2222/out/", "scp://10.20.1.7:2222/out/", "must be a URL"},
      {kSftp, "sftp://10.20.1.7:2222/out/", "ftp://10.20.1.7:2222/out/", "must be a URL"},
      {kSftp, "2222/out/\n", "2222/out/a.json\n", "url that is a folder"},
      {kSftp, "files: \"*.json\"", "files: \"../*.json\"", "pattern of names"},
      {kSftp, "every: 15m", "", "'every' is missing"},
      {kSftp, "      host_key: \"SHA256:rXL6ZhZecbrA1RGJ2kIprpgXqht5iWeuvtXkelLuMgE\"\n", "",
       "'host_key' is missing"},
      {kSftp, "SHA256:rXL6", "SHA256:XL6", "43 characters"},
      {kSftp, "SHA256:rXL6", "MD5:rXL6", "43 characters"},
      {kSftp, "user: ioc, ", "", "'user' is missing"},
      {kSftp, "user: ioc", "user: \"a:b\"", "without colon"},
      {kSftp, "key: office_key", "key: office_key, secret: word", "one of 'secret'"},
      {kSftp, ", key: office_key", "", "one of 'secret'"},
      {kSftp, "marker: .done", "marker: a/b", "end of a name"},
      {kSftp, "move: done", "move: ../done", "one folder"},
      {kSftp, "move: done", "move: ..", "one folder"},
      {kSftp, "max_files: 20", "max_files: 100000", "max_files"},
      {kSftp, "timeout: 2m", "timeout: 2h", "3600s"},
      {kSftp, "stall: 10s", "stall: 1h", "600s"},
      {kSftp, "stall: 10s", "tls: implicit", "ftps only"},
      {kSftp, "stall: 10s", "authorities: x", "ftps and https"},
      {kSftp, "stall: 10s", "stal: 10s", "unknown key"},
      {kSftp, "connector: file_fetch", "connector: push", "connector file_fetch only"},
      {kSftp, "connector: file_fetch", "connector: [file_fetch, http_pull]",
       "more than one that asks"},
      {kFtps, "secret: office_word", "key: office_key", "sftp only"},
      {kFtps, "-----BEGIN CERTIFICATE-----", "-----BEGIN KEY-----", "BEGIN CERTIFICATE"},
      {kFtps, "      tls: implicit\n", "", "port 21"},
      {kFtps, "after: delete", "after: burn", "keep"},
      {kHttps, "out/cases.json", "out/", "one file"},
      {kHttps, "https://files.example.vn/", "http://files.example.vn:443/", "must be https"},
      {kHttps, "every: 1h", "every: 1h\n      after: delete", "must be keep"},
      {kHttps, "every: 1h", "every: 1h\n      host_key: x", "sftp only"},
      {kHttps, "every: 1h", "every: 1h\n      ready: {marker: .x}", "sftp and ftps"},
  };
  for (const Slip& slip : slips) {
    const std::string problems = ProblemsOf(Load(slip.declaration, slip.text, slip.by));
    EXPECT_NE(problems.find(slip.word), std::string::npos) << slip.text << " → " << slip.by << "\n"
                                                           << problems;
    EXPECT_NE(problems.find("systems/services/sources.yaml:"), std::string::npos);
  }
}

TEST(FileUrl, TellsProtocolPlaceFolderAndFile) {
  const auto folder = ParseFileUrl("sftp://Files.example.vn/a/b%20c/");
  ASSERT_TRUE(folder.has_value());
  EXPECT_EQ(folder->protocol, FileProtocol::kSftp);
  EXPECT_EQ(folder->host, "files.example.vn");
  EXPECT_EQ(folder->port, 22);
  EXPECT_EQ(folder->folder, "/a/b%20c/");
  EXPECT_EQ(folder->file, "");
  EXPECT_EQ(ParseFileUrl("ftps://[::1]/a")->port, 21);
  EXPECT_EQ(ParseFileUrl("ftps://[::1]/a", true)->port, 990);
  EXPECT_EQ(ParseFileUrl("ftps://[::1]:2121/a", true)->port, 2121);
  EXPECT_EQ(ParseFileUrl("sftp://h.vn:443/a")->port, 443);
  EXPECT_EQ(ParseFileUrl("http://h.vn/a")->port, 80);
  EXPECT_EQ(ParseFileUrl("https://h.vn")->folder, "/");
  for (const char* url : {"", "sftp://", "sftp:///a", "file:///etc/passwd", "sftp://h.vn/a?b",
                          "sftp://h.vn/a#b", "sftp://127.1/a", "SFTP://h.vn/a"}) {
    EXPECT_FALSE(ParseFileUrl(url).has_value()) << url;
  }
}

TEST(FileName, AStarStandsForAnyCharacters) {
  EXPECT_TRUE(MatchesFileName("*", ""));
  EXPECT_TRUE(MatchesFileName("*.csv", "a.csv"));
  EXPECT_TRUE(MatchesFileName("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(MatchesFileName("a.csv", "a.csv"));
  EXPECT_FALSE(MatchesFileName("*.csv", "a.csv.gz"));
  EXPECT_FALSE(MatchesFileName("a*b", "ab "));
  EXPECT_FALSE(MatchesFileName("", "a"));
  EXPECT_FALSE(MatchesFileName("*a*a*a*a*a*a*b", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace fansipan::center
