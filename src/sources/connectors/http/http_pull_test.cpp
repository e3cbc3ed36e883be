#include "sources/connectors/http/http_pull.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "center/connectors/http_pull.h"
#include "center/source_contract.h"
#include "sources/connectors/http/pull_position.h"
#include "sources/testing/scripted_server.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;
using center::HttpSignIn;
using center::Paging;
using testing::AnswerOf;
using testing::HeaderOf;
using testing::JsonAnswer;
using testing::QueryOf;
using testing::ScriptedConnection;
using testing::ScriptedServer;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// A center of one source: keeps what was delivered and the position, in one step as the journal
/// does. Waiting moves its clock.
class FakePassage final : public Passage {
 public:
  const std::string& source() const override { return source_; }
  std::string Position() const override { return position; }
  base::Status Deliver(std::string payload, std::string new_position) override {
    if (payload == refused_payload) {
      return base::Error{base::ErrorCode::kInvalidArgument, "not_json", "no such payload"};
    }
    if (deliveries_left == 0) return ConnectorStopped();
    --deliveries_left;
    payloads.push_back(std::move(payload));
    position = std::move(new_position);
    return {};
  }
  base::Status Heartbeat(std::string new_position) override {
    ++heartbeats;
    if (!new_position.empty()) position = std::move(new_position);
    return {};
  }
  base::Result<std::string> Secret(const std::string& name) override {
    const auto found = secrets.find(name);
    if (found != secrets.end()) return found->second;
    return base::Error{base::ErrorCode::kUnavailable, "secret_missing", name};
  }
  void NoteTold(const std::map<std::string, std::string>& text) override { told = text; }
  void NoteContact() override { ++contacts; }
  void HoldOff(base::Duration duration) override { hold_off = duration; }
  base::Status Wait(base::Duration duration) override {
    waited += duration;
    now += duration;
    return {};
  }
  base::Timestamp Now() const override { return now; }
  const std::stop_token& stop() const override { return stop_; }

  std::string position;
  std::vector<std::string> payloads;
  std::map<std::string, std::string> told;  ///< beside the last payload
  int heartbeats = 0;
  int contacts = 0;
  int deliveries_left = 1'000;  ///< then it is as if the program were killed
  std::string refused_payload;
  std::map<std::string, std::string> secrets = {{"token", "t0ken"}, {"key", "k&y"}};
  base::Duration hold_off{};
  base::Duration waited{};
  base::Timestamp now = kNow;

 private:
  std::string source_ = "registry";
  std::stop_token stop_;
};

class HttpPullTest : public ::testing::Test {
 protected:
  void Start(ScriptedServer::Script script) {
    server_ = std::make_unique<ScriptedServer>(std::move(script));
    source_.name = "registry";
    source_.format = center::Format::kJson;
    source_.reach = {{"127.0.0.1", server_->port(), center::Network::kLoopback}};
    pull_.url = Url("/cases");
    pull_.every = 15min;
    pull_.timeout_seconds = 5;
  }
  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  /// One asking as after a restart: nothing but the position is known.
  base::Status Ask() {
    source_.http_pull = std::make_shared<const center::HttpPull>(pull_);
    connector_ = MakeHttpPull(source_, metrics_);
    return connector_->Ask(passage_);
  }
  base::Status AskAgain() { return connector_->Ask(passage_); }
  std::string ReasonOfAsking() {
    const auto status = Ask();
    return status.ok() ? "fine" : status.error().reason;
  }

  base::MetricsRegistry metrics_;
  center::Source source_;
  center::HttpPull pull_;
  FakePassage passage_;
  std::unique_ptr<ScriptedServer> server_;
  std::unique_ptr<Connector> connector_;
};

/// Answers each request with what `answer` makes of it.
ScriptedServer::Script Answers(std::function<std::string(const std::string&)> answer) {
  return [answer = std::move(answer)](const std::string& request,
                                      const ScriptedConnection& connection) {
    connection.Send(answer(request));
  };
}

/// Records `from` up to `to`, one of them "{"id": n}".
std::string Records(int from, int to) {
  std::string text = "[";
  for (int id = from; id < to; ++id) {
    text += (id > from ? "," : "") + std::string("{\"id\":") + std::to_string(id) + "}";
  }
  return text + "]";
}

constexpr int kRecords = 7;
constexpr int kPageSize = 3;

std::string CountedPage(const std::string& request, int first) {
  const int from = first * kPageSize;
  static_cast<void>(request);
  return JsonAnswer(Records(std::min(from, kRecords), std::min(from + kPageSize, kRecords)));
}

const std::vector<std::string> kAllPages = {Records(0, 3), Records(3, 6), Records(6, 7)};

TEST_F(HttpPullTest, TakesPagesByNumberUntilOneIsEmpty) {
  Start(Answers([](const std::string& request) {
    return CountedPage(request, std::stoi(QueryOf(request, "page")) - 1);
  }));
  pull_.paging = Paging::kPage;
  pull_.parameter = "page";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads, kAllPages);
  EXPECT_EQ(server_->requests().size(), 4U);
}

TEST_F(HttpPullTest, TakesPagesByWhatCameAlsoWhenTheServerGivesFewer) {
  Start(Answers([](const std::string& request) {
    const int from = std::stoi(QueryOf(request, "offset"));
    EXPECT_EQ(QueryOf(request, "limit"), "100");
    return JsonAnswer(Records(std::min(from, kRecords), std::min(from + kPageSize, kRecords)));
  }));
  pull_.paging = Paging::kOffset;
  pull_.parameter = "offset";
  pull_.size_parameter = "limit";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads, kAllPages);
}

TEST_F(HttpPullTest, AsksForTheTotalBesideTheRecords) {
  Start(Answers([](const std::string& request) {
    if (!request.starts_with("GET /count")) return JsonAnswer(Records(0, 3));
    EXPECT_EQ(QueryOf(request, "since"), "2026%2F01");
    return JsonAnswer(R"({"meta": {"total": 48}})");
  }));
  pull_.since_at = "/id";
  pull_.since_start = "2026/01";
  center::ControlPlace place;
  place.kind = center::ControlPlace::Kind::kCall;
  place.url = Url("/count?since={since}");
  place.at = "/meta/total";
  center::SourceContract contract;
  contract.control_totals.emplace().rows = place;
  source_.contract = std::make_shared<const center::SourceContract>(contract);
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(passage_.told, (std::map<std::string, std::string>{{place.ToldName(), "48"}}));
}

/// A source whose number of rows stands in the answer to GET /count.
center::ControlPlace CountAt(const std::string& url) {
  center::ControlPlace place;
  place.kind = center::ControlPlace::Kind::kCall;
  place.url = url;
  place.at = "/total";
  return place;
}

std::shared_ptr<const center::SourceContract> Counting(const center::ControlPlace& place) {
  center::SourceContract contract;
  contract.control_totals.emplace().rows = place;
  return std::make_shared<const center::SourceContract>(contract);
}

TEST_F(HttpPullTest, TakesRecordsWhoseTotalCannotBeHad) {
  std::atomic<int> counts = 0;
  Start(Answers([&](const std::string& request) {
    if (!request.starts_with("GET /count")) return JsonAnswer(Records(0, 3));
    ++counts;
    return AnswerOf(404, "", "");
  }));
  source_.contract = Counting(CountAt(Url("/count")));
  passage_.told = {{"left from another payload", "7"}};
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(counts.load(), 1);
  EXPECT_TRUE(passage_.told.empty());
}

TEST_F(HttpPullTest, HoldsNoRecordsAgainstTheTotal) {
  std::atomic<int> total = 48;
  Start(Answers([&](const std::string& request) {
    if (!request.starts_with("GET /count")) return JsonAnswer("[]");
    return JsonAnswer("{\"total\": " + std::to_string(total.load()) + "}");
  }));
  const center::ControlPlace place = CountAt(Url("/count"));
  source_.contract = Counting(place);
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads, (std::vector<std::string>{"[]"}));
  EXPECT_EQ(passage_.told, (std::map<std::string, std::string>{{place.ToldName(), "48"}}));
  // The same again is a sign of life; another total of it is not.
  ASSERT_TRUE(AskAgain().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(passage_.heartbeats, 1);
  total = 49;
  ASSERT_TRUE(AskAgain().ok());
  EXPECT_EQ(passage_.payloads.size(), 2U);
}

TEST_F(HttpPullTest, TakesNothingAtAllForASignOfLife) {
  Start(Answers([](const std::string& request) {
    if (request.starts_with("GET /count")) return JsonAnswer(R"({"total": 48})");
    return AnswerOf(204, "", "");
  }));
  source_.contract = Counting(CountAt(Url("/count")));
  ASSERT_TRUE(Ask().ok());
  EXPECT_TRUE(passage_.payloads.empty());
  EXPECT_EQ(passage_.heartbeats, 1);
}

TEST_F(HttpPullTest, AsksForNoTotalOfWhatItHas) {
  std::atomic<int> counts = 0;
  Start(Answers([&](const std::string& request) {
    if (!request.starts_with("GET /count")) return JsonAnswer(Records(0, 3));
    ++counts;
    return JsonAnswer(R"({"total": 3})");
  }));
  source_.contract = Counting(CountAt(Url("/count")));
  ASSERT_TRUE(Ask().ok());
  ASSERT_TRUE(AskAgain().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(counts.load(), 1);
}

std::string CursorPage(const std::string& request) {
  const std::string cursor = QueryOf(request, "cursor");
  if (cursor.empty()) return JsonAnswer(R"({"items": [{"id": 0}], "next": "a b"})");
  if (cursor == "a%20b") return JsonAnswer(R"({"items": [{"id": 1}], "next": 17})");
  if (cursor == "17") return JsonAnswer(R"({"items": [{"id": 2}], "next": null})");
  return AnswerOf(404, "", "");
}

TEST_F(HttpPullTest, TakesPagesByCursor) {
  Start(Answers(CursorPage));
  pull_.paging = Paging::kCursor;
  pull_.parameter = "cursor";
  pull_.next_at = "/next";
  source_.json.records_at = "/items";
  ASSERT_TRUE(Ask().ok());
  ASSERT_EQ(passage_.payloads.size(), 3U);
  EXPECT_EQ(server_->requests().size(), 3U);
  EXPECT_EQ(DecodePosition(passage_.position).next, "");
}

TEST_F(HttpPullTest, TakesPagesByLinkAndKeepsNoSecretOfTheQuery) {
  Start(Answers([](const std::string& request) {
    const std::string page = QueryOf(request, "page");
    EXPECT_EQ(QueryOf(request, "key"), "k%26y");
    if (page.empty()) return JsonAnswer(Records(0, 3), "Link: <?key=k%26y&page=2>; rel=next\r\n");
    if (page == "2")
      return JsonAnswer(Records(3, 6), "Link: </cases?page=3&key=k%26y>; rel=\"next\"\r\n");
    return JsonAnswer(Records(6, 7));
  }));
  pull_.paging = Paging::kLink;
  pull_.query = {{"key", "{secret:key}"}};
  passage_.deliveries_left = 1;
  EXPECT_EQ(ReasonOfAsking(), "connector_stopped");
  EXPECT_EQ(passage_.position.find("k%26y"), std::string::npos);
  EXPECT_EQ(passage_.position.find("k&y"), std::string::npos);
  EXPECT_NE(passage_.position.find("{secret:key}"), std::string::npos);
  passage_.deliveries_left = 10;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads, kAllPages);
}

TEST_F(HttpPullTest, KeepsNoSecretHoweverTheSourceWritesIt) {
  Start(Answers([](const std::string& request) {
    if (!QueryOf(request, "page").empty()) return JsonAnswer(Records(3, 6));
    return JsonAnswer(Records(0, 3), "Link: </cases?key=k%26%79&page=2>; rel=next\r\n");
  }));
  pull_.paging = Paging::kLink;
  pull_.query = {{"key", "{secret:key}"}};
  passage_.deliveries_left = 1;
  EXPECT_EQ(ReasonOfAsking(), "connector_stopped");
  EXPECT_EQ(passage_.position.find("k%26"), std::string::npos) << passage_.position;
  EXPECT_NE(passage_.position.find("key={secret:key}&page=2"), std::string::npos);
}

TEST_F(HttpPullTest, TakesAPageThatIsNotThereForTheEndOfCountedPages) {
  Start(Answers([](const std::string& request) {
    const std::string page = QueryOf(request, "page");
    if (page == "1") return JsonAnswer(Records(0, 3));
    if (page == "2") return JsonAnswer(Records(3, 6));
    return AnswerOf(404, "", "");
  }));
  pull_.paging = Paging::kPage;
  pull_.parameter = "page";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 2U);
  EXPECT_TRUE(DecodePosition(passage_.position).next.empty());
}

TEST_F(HttpPullTest, TakesNothingAtAllForNoEnd) {
  Start(Answers([](const std::string& request) {
    if (!QueryOf(request, "cursor").empty()) {
      return AnswerOf(200, "Content-Type: application/json\r\n", "");
    }
    return JsonAnswer("{\"items\":" + Records(0, 3) + ",\"next\":\"c2\"}");
  }));
  pull_.paging = Paging::kCursor;
  pull_.parameter = "cursor";
  pull_.next_at = "/next";
  source_.json.records_at = "/items";
  EXPECT_EQ(ReasonOfAsking(), "answer_empty");
}

TEST_F(HttpPullTest, BeginsAnewWhenItAsksForSomethingElse) {
  const PullPosition before{.next = "5", .etag = "e", .sha256 = "s"};
  center::HttpPull pull;
  pull.url = "https://registry.example.vn/cases";
  const PullPosition known = Under(pull, Under(pull, before));
  PullPosition there = known;
  there.next = "5";
  EXPECT_EQ(Under(pull, there).next, "5");
  pull.query = {{"status", "open"}};
  EXPECT_EQ(Under(pull, there).next, "");
  pull.query.clear();
  pull.page_size = 200;
  EXPECT_EQ(Under(pull, there).next, "");
}

TEST_F(HttpPullTest, LosesAndDoublesNothingWhereverItIsKilled) {
  for (const Paging paging : {Paging::kPage, Paging::kOffset, Paging::kLink}) {
    for (int kill_before = 0; kill_before <= 2; ++kill_before) {
      Start(Answers([&](const std::string& request) {
        const std::string page = QueryOf(request, "at");
        int from = 0;
        if (paging == Paging::kPage) from = (std::stoi(page) - 1) * kPageSize;
        if (paging != Paging::kPage && !page.empty()) from = std::stoi(page);
        const int to = std::min(from + kPageSize, kRecords);
        const std::string link = "Link: </cases?at=" + std::to_string(to) + ">; rel=next\r\n";
        return JsonAnswer(Records(std::min(from, kRecords), to),
                          paging == Paging::kLink && to < kRecords ? link : "");
      }));
      pull_.paging = paging;
      pull_.parameter = "at";
      passage_ = FakePassage();
      passage_.deliveries_left = kill_before;
      static_cast<void>(Ask());
      passage_.deliveries_left = 1'000;
      ASSERT_TRUE(Ask().ok());
      EXPECT_EQ(passage_.payloads, kAllPages) << "killed before delivery " << kill_before;
    }
  }
}

TEST_F(HttpPullTest, BeginsCountedPagesAgainWhenTheyMayHaveShifted) {
  Start(Answers([](const std::string& request) {
    return CountedPage(request, std::stoi(QueryOf(request, "page")) - 1);
  }));
  pull_.paging = Paging::kPage;
  pull_.parameter = "page";
  passage_.deliveries_left = 1;
  static_cast<void>(Ask());
  passage_.now += 2h;
  passage_.deliveries_left = 10;
  ASSERT_TRUE(Ask().ok());
  ASSERT_EQ(passage_.payloads.size(), 4U);
  EXPECT_EQ(passage_.payloads[1], Records(0, 3));
}

TEST_F(HttpPullTest, BeginsAgainWhenTheSourceForgotItsCursor) {
  int forgets = 0;
  Start(Answers([&](const std::string& request) {
    if (QueryOf(request, "cursor") == "a%20b" && ++forgets == 2) return AnswerOf(410, "", "");
    return CursorPage(request);
  }));
  pull_.paging = Paging::kCursor;
  pull_.parameter = "cursor";
  pull_.next_at = "/next";
  source_.json.records_at = "/items";
  passage_.deliveries_left = 1;
  EXPECT_EQ(ReasonOfAsking(), "connector_stopped");
  passage_.deliveries_left = 10;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(forgets, 3);
  ASSERT_EQ(passage_.payloads.size(), 4U);
  EXPECT_EQ(passage_.payloads[0], passage_.payloads[1]);
}

TEST_F(HttpPullTest, ForgetsWhatAnotherDeclarationMeant) {
  Start(
      Answers([](const std::string&) { return JsonAnswer(R"([{"rev": 7}])", "ETag: \"1\"\r\n"); }));
  pull_.query = {{"since", "{since}"}};
  pull_.since_at = "/rev";
  pull_.since_start = "0";
  ASSERT_TRUE(Ask().ok());
  pull_.requests_per_minute = 50;
  ASSERT_TRUE(Ask().ok());
  pull_.since_start = "3";
  ASSERT_TRUE(Ask().ok());
  pull_.url = Url("/moved");
  ASSERT_TRUE(Ask().ok());
  std::vector<std::string> since;
  for (const std::string& request : server_->requests()) since.push_back(QueryOf(request, "since"));
  EXPECT_EQ(since, (std::vector<std::string>{"0", "7", "3", "7"}));
}

TEST_F(HttpPullTest, AsksFromTheLargestPositionSeen) {
  Start(Answers([](const std::string& request) {
    const std::string since = QueryOf(request, "since");
    if (since == "9") return JsonAnswer(R"([{"rev": 9}, {"rev": 12}, {"rev": 10}])");
    if (since == "12") return JsonAnswer("[]");
    return AnswerOf(400, "", "");
  }));
  pull_.query = {{"since", "{since}"}};
  pull_.since_at = "/rev";
  pull_.since_start = "9";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(DecodePosition(passage_.position).since, "12");
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(passage_.heartbeats, 1);
  EXPECT_EQ(passage_.contacts, 2);
}

TEST_F(HttpPullTest, AMomentOfTheFutureIsTakenAndToldAndMovesNothing) {
  Start(Answers([](const std::string&) {
    return JsonAnswer(R"([{"at": "2026-06-30T08:00:00Z"}, {"at": "9999-12-31T00:00:00Z"},)"
                      R"( {"at": "2026-06-30T09:00:00Z"}, {"at": "9999-12-31"}])");
  }));
  pull_.query = {{"since", "{since}"}};
  pull_.since_at = "/at";
  pull_.since_start = "2026-01-01T00:00:00Z";
  const auto status = Ask();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().reason, "since_in_future");
  EXPECT_NE(status.error().message.find("9999-12-31T00:00:00Z"), std::string::npos);
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(DecodePosition(passage_.position).since, "2026-06-30T09:00:00Z");
}

TEST_F(HttpPullTest, AMomentWithinADayAheadIsAPosition) {
  Start(Answers(
      [](const std::string&) { return JsonAnswer(R"([{"at": "2026-07-01T23:00:00Z"}])"); }));
  pull_.query = {{"since", "{since}"}};
  pull_.since_at = "/at";
  pull_.since_start = "2026-01-01T00:00:00Z";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(DecodePosition(passage_.position).since, "2026-07-01T23:00:00Z");
}

TEST_F(HttpPullTest, MovesThePositionOnlyWhenAllPagesAreTaken) {
  Start(Answers([](const std::string& request) {
    EXPECT_EQ(QueryOf(request, "since"), "0");
    const std::string page = QueryOf(request, "page");
    if (page == "1") return JsonAnswer(R"([{"rev": 50}])");
    if (page == "2") return JsonAnswer(R"([{"rev": 20}])");
    return JsonAnswer("[]");
  }));
  pull_.paging = Paging::kPage;
  pull_.parameter = "page";
  pull_.query = {{"since", "{since}"}};
  pull_.since_at = "/rev";
  pull_.since_start = "0";
  passage_.deliveries_left = 1;
  static_cast<void>(Ask());
  EXPECT_EQ(DecodePosition(passage_.position).since, "0");
  passage_.deliveries_left = 9;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(DecodePosition(passage_.position).since, "50");
}

TEST_F(HttpPullTest, AsksFromTheMomentOfTheLastAsking) {
  Start(Answers([](const std::string&) { return JsonAnswer("[{\"id\": 1}]"); }));
  pull_.query = {{"since", "{since}"}};
  pull_.since_asked = true;
  pull_.since_start = "2026-01-01T00:00:00Z";
  pull_.since_overlap = 10min;
  ASSERT_TRUE(Ask().ok());
  passage_.now += 1h;
  ASSERT_TRUE(Ask().ok());
  const auto requests = server_->requests();
  EXPECT_EQ(QueryOf(requests[0], "since"), "2026-01-01T00%3A00%3A00Z");
  EXPECT_EQ(QueryOf(requests[1], "since"), "2026-06-30T23%3A50%3A00Z");
}

TEST_F(HttpPullTest, TakesUnchangedAnswersAsASignOfLife) {
  Start(Answers([](const std::string& request) {
    if (HeaderOf(request, "If-None-Match") == "\"7\"") return AnswerOf(304, "ETag: \"7\"\r\n", "");
    return JsonAnswer("[{\"id\": 1}]", "ETag: \"7\"\r\n");
  }));
  ASSERT_TRUE(Ask().ok());
  const std::string position = passage_.position;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(passage_.heartbeats, 1);
  EXPECT_EQ(passage_.position, position);
}

TEST_F(HttpPullTest, TakesTheSameBytesAgainAsASignOfLifeButNotAReturnToThem) {
  std::string body = "[{\"id\": 1}]";
  Start(Answers([&](const std::string&) { return JsonAnswer(body); }));
  ASSERT_TRUE(Ask().ok());
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 1U);
  EXPECT_EQ(passage_.heartbeats, 1);
  body = "[{\"id\": 2}]";
  ASSERT_TRUE(Ask().ok());
  body = "[{\"id\": 1}]";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads.size(), 3U);
}

TEST_F(HttpPullTest, SignsInWithTokenPasswordAndHeaders) {
  Start(Answers([](const std::string&) { return JsonAnswer("[]"); }));
  pull_.sign_in = HttpSignIn::kBearer;
  pull_.secret = "token";
  pull_.headers = {{"X-Road-Client", "LAOCAI/GOV/1/IOC"}, {"X-Key", "a {secret:key} b"}};
  ASSERT_TRUE(Ask().ok());
  pull_.sign_in = HttpSignIn::kBasic;
  pull_.user = "lan";
  ASSERT_TRUE(Ask().ok());
  const auto requests = server_->requests();
  EXPECT_EQ(HeaderOf(requests[0], "Authorization"), "Bearer t0ken");
  EXPECT_EQ(HeaderOf(requests[0], "X-Key"), "a k&y b");
  EXPECT_EQ(HeaderOf(requests[0], "X-Road-Client"), "LAOCAI/GOV/1/IOC");
  EXPECT_EQ(HeaderOf(requests[1], "Authorization"), "Basic bGFuOnQwa2Vu");
  passage_.secrets.clear();
  EXPECT_EQ(ReasonOfAsking(), "secret_missing");
  EXPECT_EQ(server_->requests().size(), 2U);
}

class OAuthTest : public HttpPullTest {
 protected:
  void StartWithTokens() {
    Start(Answers([this](const std::string& request) { return Answer(request); }));
    pull_.sign_in = HttpSignIn::kOAuth2;
    pull_.user = "ioc";
    pull_.secret = "key";
    pull_.scope = "read all";
    pull_.token_url = Url("/token");
  }
  std::string Answer(const std::string& request) {
    if (request.starts_with("POST /token")) {
      EXPECT_TRUE(request.ends_with("grant_type=client_credentials&scope=read%20all"));
      EXPECT_EQ(HeaderOf(request, "Authorization"), "Basic aW9jOmslMjZ5");
      ++tokens_;
      return JsonAnswer("{\"access_token\": \"t" + std::to_string(tokens_.load()) +
                        "\", \"token_type\": \"Bearer\", \"expires_in\": 600}");
    }
    if (HeaderOf(request, "Authorization") == "Bearer " + taken_) return JsonAnswer("[]");
    return AnswerOf(401, "", "");
  }
  std::atomic<int> tokens_{0};
  std::string taken_ = "t1";
};

TEST_F(OAuthTest, KeepsATokenUntilItEnds) {
  StartWithTokens();
  ASSERT_TRUE(Ask().ok());
  ASSERT_TRUE(AskAgain().ok());
  EXPECT_EQ(tokens_, 1);
  taken_ = "t2";
  passage_.now += 10min;
  ASSERT_TRUE(AskAgain().ok());
  EXPECT_EQ(tokens_, 2);
}

TEST_F(OAuthTest, RenewsATokenOnceWhenItIsNotTaken) {
  StartWithTokens();
  taken_ = "t2";
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(tokens_, 2);
  taken_ = "none";
  const auto refused = AskAgain();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "sign_in_refused");
  EXPECT_EQ(tokens_, 3);
}

TEST_F(OAuthTest, SaysThatTheTokenServerRefuses) {
  Start(Answers([](const std::string&) { return JsonAnswer(R"({"error": "invalid_client"})"); }));
  pull_.sign_in = HttpSignIn::kOAuth2;
  pull_.user = "ioc";
  pull_.secret = "key";
  pull_.token_url = Url("/token");
  EXPECT_EQ(ReasonOfAsking(), "token_refused");
}

TEST_F(OAuthTest, ABusyOrBrokenTokenServerIsNoRefusedSecret) {
  int status = 429;
  Start(Answers([&](const std::string&) { return AnswerOf(status, "Retry-After: 120\r\n", ""); }));
  pull_.sign_in = HttpSignIn::kOAuth2;
  pull_.user = "ioc";
  pull_.secret = "key";
  pull_.token_url = Url("/token");
  EXPECT_EQ(ReasonOfAsking(), "source_busy");
  EXPECT_EQ(passage_.hold_off, 2min);
  status = 500;
  EXPECT_EQ(ReasonOfAsking(), "token_server_failed");
  status = 401;
  EXPECT_EQ(ReasonOfAsking(), "token_refused");
}

TEST_F(HttpPullTest, HoldsOffAsTheSourceAsks) {
  Start(Answers([](const std::string&) { return AnswerOf(429, "Retry-After: 120\r\n", ""); }));
  EXPECT_EQ(ReasonOfAsking(), "source_busy");
  EXPECT_EQ(passage_.hold_off, 2min);
}

TEST_F(HttpPullTest, StaysWithinItsOwnPace) {
  Start(Answers([](const std::string& request) {
    return CountedPage(request, std::stoi(QueryOf(request, "page")) - 1);
  }));
  pull_.paging = Paging::kPage;
  pull_.parameter = "page";
  pull_.requests_per_minute = 2;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(server_->requests().size(), 4U);
  EXPECT_EQ(passage_.waited, 1min);
}

TEST_F(HttpPullTest, FollowsRedirectsWithinItsOriginOnlyWhereDeclared) {
  ScriptedServer canary(Answers([](const std::string&) { return JsonAnswer("[]"); }));
  std::string to = "/moved";
  Start(Answers([&](const std::string& request) {
    if (request.starts_with("GET /moved ")) return JsonAnswer("[{\"id\": 1}]");
    return AnswerOf(302, "Location: " + to + "\r\n", "");
  }));
  pull_.sign_in = HttpSignIn::kBearer;
  pull_.secret = "token";
  EXPECT_EQ(ReasonOfAsking(), "redirect_not_followed");
  pull_.same_origin_redirects = true;
  EXPECT_EQ(ReasonOfAsking(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 1U);
  to = "http://127.0.0.1:" + std::to_string(canary.port()) + "/";
  EXPECT_EQ(ReasonOfAsking(), "redirect_not_followed");
  to = "http://localhost:" + std::to_string(server_->port()) + "/moved";
  EXPECT_EQ(ReasonOfAsking(), "redirect_not_followed");
  EXPECT_EQ(canary.connections(), 0);
  to = "/cases";
  const std::size_t before = server_->requests().size();
  EXPECT_EQ(ReasonOfAsking(), "redirect_not_followed") << "a circle";
  EXPECT_EQ(server_->requests().size(), before + 4);
}

TEST_F(HttpPullTest, FollowsNoLinkToAnotherPlace) {
  ScriptedServer canary(Answers([](const std::string&) { return JsonAnswer("[]"); }));
  std::string link;
  Start(Answers([&](const std::string&) {
    return JsonAnswer("[{\"id\": 1}]", "Link: <" + link + ">; rel=next\r\n");
  }));
  pull_.paging = Paging::kLink;
  for (const auto& to :
       {"http://127.0.0.1:" + std::to_string(canary.port()) + "/",
        std::string("//169.254.169.254/latest"), std::string("file:///etc/passwd")}) {
    link = to;
    EXPECT_EQ(ReasonOfAsking(), "link_leads_elsewhere") << to;
  }
  EXPECT_EQ(canary.connections(), 0);
  EXPECT_TRUE(passage_.payloads.empty());
}

TEST_F(HttpPullTest, EndsPagesThatGoInACircle) {
  Start(Answers([](const std::string& request) {
    return JsonAnswer(R"({"items": [{"id": 1}], "next": ")" +
                      std::string(QueryOf(request, "cursor") == "a" ? "b" : "a") + "\"}");
  }));
  pull_.paging = Paging::kCursor;
  pull_.parameter = "cursor";
  pull_.next_at = "/next";
  source_.json.records_at = "/items";
  EXPECT_EQ(ReasonOfAsking(), "paging_in_circle");
  EXPECT_LE(server_->requests().size(), 4U);
  pull_ = {.url = pull_.url, .paging = Paging::kPage, .parameter = "cursor", .max_pages = 5};
  source_.json.records_at = "/items";
  passage_ = FakePassage();
  EXPECT_EQ(ReasonOfAsking(), "paging_in_circle");
  EXPECT_EQ(passage_.payloads.size(), 1U) << "the same page again is no next one";
  Start(Answers([at = 0](const std::string&) mutable {
    ++at;
    return JsonAnswer("{\"items\":" + Records(at, at + 1) + "}");
  }));
  passage_ = FakePassage();
  EXPECT_EQ(ReasonOfAsking(), "paging_in_circle");
  EXPECT_EQ(passage_.payloads.size(), 4U) << "max_pages is 5";
}

TEST_F(HttpPullTest, SaysWhatIsWrongWithAnAnswerAndMovesNothing) {
  std::string answer;
  Start(Answers([&](const std::string&) { return answer; }));
  const std::vector<std::pair<std::string, std::string>> faults = {
      {AnswerOf(200, "Content-Type: text/html\r\n", "<html>Sign in"), "wrong_media_type"},
      {JsonAnswer("<html>"), "body_not_json"},
      {JsonAnswer("[1, 2"), "body_not_json"},
      {JsonAnswer("{\"error\": true}"), "records_not_found"},
      {AnswerOf(500, "", ""), "source_failed"},
      {AnswerOf(404, "", ""), "request_refused"},
      {AnswerOf(401, "", ""), "sign_in_refused"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]", "answer_cut_off"},
  };
  passage_.position = Encode({.since = "5"});
  const std::string position = passage_.position;
  for (const auto& [text, reason] : faults) {
    answer = text;
    EXPECT_EQ(ReasonOfAsking(), reason);
    EXPECT_EQ(passage_.position, position);
  }
  source_.limits.payload_bytes = 1'000;
  answer = JsonAnswer(std::string(2'000, ' ') + "[]");
  EXPECT_EQ(ReasonOfAsking(), "answer_too_large");
  passage_.refused_payload = "[{\"id\": 1}]";
  answer = JsonAnswer(passage_.refused_payload);
  EXPECT_EQ(ReasonOfAsking(), "not_json");
  EXPECT_EQ(passage_.position, position);
  EXPECT_TRUE(passage_.payloads.empty());
}

TEST_F(HttpPullTest, TakesOtherFormatsWhole) {
  Start(Answers([](const std::string&) {
    return AnswerOf(200, "Content-Type: text/csv\r\n", "a,b\n1,2\n");
  }));
  source_.format = center::Format::kCsv;
  ASSERT_TRUE(Ask().ok());
  EXPECT_EQ(passage_.payloads, (std::vector<std::string>{"a,b\n1,2\n"}));
}

}  // namespace
}  // namespace fansipan::sources
