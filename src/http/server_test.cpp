#include "http/server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/testing/sample_services.h"
#include "http/testing/test_client.h"

namespace fansipan::http {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using testing::Answer;
using testing::SampleServices;
using testing::TestClient;

std::size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// The real server over the sample center on fakes.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "http-XXXXXX").string();
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    settings_.socket_path = folder_ + "/fansipan.sock";
    settings_.live.frame_interval = milliseconds(20);
    sample_.DeliverSample();
  }

  ~ServerTest() override {
    sample_.SetOnPublished({});
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    RouteContent content;
    auto screens = std::make_shared<StaticFiles>();
    screens->Add("index.html", "<!doctype html>");
    content.screens = screens;
    auto started = HttpServer::Start(settings_, sample_.services(), content);
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = *std::move(started);
    sample_.SetOnPublished([this] { server_->Publish(sample_.access.clock.Now()); });
  }

  std::string PushHead(const std::string& more) const {
    return "POST /api/v1/sources/case_system/deliveries HTTP/1.1\r\nHost: localhost\r\n"
           "Authorization: Bearer " +
           sample_.push_token + "\r\nContent-Type: text/csv\r\n" + more + "\r\n";
  }

  void DeliverCase(int number) {
    sources::Submission submission;
    submission.source = "case_system";
    submission.received_at = sample_.access.clock.Now();
    submission.payload = SampleServices::Payload({SampleServices::CaseLine(
        "N" + std::to_string(number), "2026-06-28T00:00:00Z", "2026-06-28T00:00:00Z")});
    ASSERT_TRUE(sample_.intake->Deliver(std::move(submission)).ok());
  }

  /// Opens a stream as the viewer and reads its head.
  void Open(TestClient& client, const std::string& fields = "") {
    client.Send("GET /api/v1/live?panel=services HTTP/1.1\r\nHost: localhost\r\nCookie: " +
                cookie_ + "\r\n" + fields + "\r\n");
    const Answer head = client.ReadHead();
    ASSERT_EQ(head.status, 200);
    ASSERT_EQ(head.fields.at("content-type"), "text/event-stream");
  }

  /// The next event that is no heartbeat.
  static std::string NextState(TestClient& client) {
    for (;;) {
      std::string event = client.ReadEvent();
      if (!event.starts_with("event: heartbeat")) return event;
    }
  }

  static std::string IdOf(const std::string& event) {
    const std::size_t at = event.find("id: ") + 4;
    return event.substr(at, event.find('\n', at) - at);
  }

  std::string folder_;
  ServerSettings settings_;
  SampleServices sample_;
  std::string cookie_ = sample_.ViewerCookie();
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerTest, AnswersOnLoopbackAndOnItsOwnSocket) {
  Start();
  TestClient remote(server_->port());
  EXPECT_EQ(remote.Ask("GET", "/healthz").body, R"({"status":"alive"})");
  EXPECT_EQ(remote.Ask("GET", "/api/v1/status").status, 404);
  EXPECT_EQ(remote.Ask("GET", "/").body, "<!doctype html>");
  TestClient local(settings_.socket_path);
  const Answer status = local.Ask("GET", "/api/v1/status");
  EXPECT_EQ(status.status, 200);
  EXPECT_EQ(json::parse(status.body)["intake"], "open");
  struct stat entry {};
  ASSERT_EQ(stat(settings_.socket_path.c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 0777U, 0600U);
}

TEST_F(ServerTest, SaysWhereItCannotListen) {
  Start();
  settings_.port = server_->port();
  settings_.socket_path.clear();
  const auto second = HttpServer::Start(settings_, sample_.services(), {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason, "cannot_listen");
}

TEST_F(ServerTest, KeepsAConnectionAndTakesRequestsThatCameTogether) {
  Start();
  TestClient client(server_->port());
  EXPECT_EQ(client.Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(client.Ask("GET", "/nowhere.txt").status, 404);
  EXPECT_EQ(client.Ask("HEAD", "/healthz").fields.at("content-length"), "18");
  client.Send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.Read().body, R"({"status":"alive"})");
  EXPECT_EQ(client.Read().body, R"({"status":"ready"})");
  EXPECT_TRUE(client.IsClosedByPeer());
}

TEST_F(ServerTest, SignsInAndReadsWithTheCookieItGave) {
  Start();
  TestClient client(server_->port());
  const Answer made = client.Ask(
      "POST", "/api/v1/session", "Content-Type: application/json\r\n",
      R"({"name":"lan","password":")" + std::string(security::AccessFixture::kPassword) + "\"}");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string cookie = made.fields.at("set-cookie");
  const std::string field = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  EXPECT_EQ(client.Ask("GET", "/api/v1/figures?indicator=growth&period=2026", field).status, 200);
  EXPECT_EQ(client.Ask("GET", "/api/v1/figures?indicator=growth&period=2026").status, 401);
}

TEST_F(ServerTest, RefusesWhatTwoReadersCouldUnderstandDifferently) {
  Start();
  const std::string body = "0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n";
  for (const std::string& fields :
       {std::string("Content-Length: 5\r\nContent-Length: 6\r\n"),
        std::string("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Transfer-Encoding: chunked, identity\r\n"),
        std::string("Transfer-Encoding: xchunked\r\n"),
        std::string("Transfer-Encoding: identity\r\n"),
        std::string("Transfer-Encoding:\x0b chunked\r\n"), std::string("Content-Length: +5\r\n"),
        std::string("Content-Length: 5, 5\r\n"), std::string("Content-Length: -1\r\n"),
        std::string("Content-Length : 5\r\n"),
        std::string("Content-Length: 99999999999999999999999\r\n")}) {
    TestClient client(server_->port());
    client.Send(PushHead(fields) + body);
    const Answer answer = client.Read();
    EXPECT_TRUE(answer.status == 400 || answer.status == 413) << fields << answer.status;
    EXPECT_EQ(client.Read().status, 0) << fields;
  }
}

TEST_F(ServerTest, RefusesWhatIsNotHttp) {
  Start();
  for (const std::string& request :
       {std::string("GET\r\n\r\n"), std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n"),
        std::string("GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n"),
        std::string("GET /hea lthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        std::string("GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Name: x\r\n\r\n"),
        std::string("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        std::string("GET /healthz HTTP/1.1\r\n\r\n")}) {
    TestClient client(server_->port());
    client.Send(request);
    const Answer answer = client.Read();
    EXPECT_TRUE(answer.status == 400 || answer.status == 421 || answer.status == 505)
        << request << answer.status;
    EXPECT_EQ(answer.fields.at("x-content-type-options"), "nosniff");
  }
}

TEST_F(ServerTest, RefusesTooLargeHeads) {
  Start();
  TestClient large(server_->port());
  EXPECT_EQ(large.Ask("GET", "/healthz", "X-Large: " + std::string(20'000, 'x') + "\r\n").status,
            431);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  TestClient numerous(server_->port());
  EXPECT_EQ(numerous.Ask("GET", "/healthz", many).status, 431);
}

TEST_F(ServerTest, RefusesAHugeBodyFromSomebodyUnknownWithoutReadingIt) {
  Start();
  TestClient client(server_->port());
  client.Send(
      "POST /api/v1/sources/case_system/deliveries HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(client.Read().status, 401);
}

TEST_F(ServerTest, RefusesAGigabyteInChunksWithBoundedMemory) {
  Start();
  const std::size_t before = ResidentBytes();
  TestClient client(server_->port());
  client.Send(PushHead("Transfer-Encoding: chunked\r\n"));
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  std::size_t sent = 0;
  while (sent < 1'024 && client.Send(chunk)) ++sent;
  EXPECT_LT(sent, 1'024U);
  EXPECT_EQ(client.Read().status, 413);
  EXPECT_LT(ResidentBytes(), before + (400U << 20U));
  TestClient other(server_->port());
  EXPECT_EQ(other.Ask("GET", "/healthz").status, 200);
}

TEST_F(ServerTest, RefusesADeclaredGigabyteAtOnce) {
  Start();
  TestClient client(server_->port());
  client.Send(PushHead("Content-Length: 1073741824\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(client.Read().status, 413);
}

TEST_F(ServerTest, HoldsOnlySoManyBytesOfBodiesTogether) {
  settings_.limits.body_memory = 1U << 20U;
  Start();
  TestClient client(server_->port());
  client.Send(PushHead("Content-Length: 4000000\r\n"));
  client.Send(std::string(4'000'000, 'x'));
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json::parse(answer.body)["code"], "body_memory_full");
  TestClient small(server_->port());
  const std::string body = SampleServices::Payload({});
  small.Send(PushHead("Content-Length: " + std::to_string(body.size()) + "\r\n") + body);
  EXPECT_EQ(small.Read().status, 201);
}

TEST_F(ServerTest, SaysToGoOnBeforeABodyIsSent) {
  Start();
  TestClient client(server_->port());
  const std::string body = SampleServices::Payload({SampleServices::CaseLine("H6", "2026-06-09")});
  client.Send(
      PushHead("Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
  EXPECT_EQ(client.ReadHead().status, 100);
  client.Send(body);
  EXPECT_EQ(client.Read().status, 201);
}

TEST_F(ServerTest, TakesChunkedBodies) {
  Start();
  TestClient client(server_->port());
  const std::string body = SampleServices::Payload({});
  std::string chunked;
  for (const char c : body) chunked += std::string("1\r\n") + c + "\r\n";
  client.Send(PushHead("Transfer-Encoding: chunked\r\n") + chunked + "0\r\n\r\n");
  const Answer answer = client.Read();
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(json::parse(answer.body)["payload_bytes"], body.size());
}

TEST_F(ServerTest, GivesUpSlowPeersAndNobodyElse) {
  settings_.limits.header = milliseconds(150);
  settings_.limits.body_grace = milliseconds(150);
  settings_.limits.idle = milliseconds(400);
  Start();
  TestClient silent(server_->port());
  TestClient head(server_->port());
  head.Send("GET /healthz HTTP/1.1\r\nHost: loc");
  TestClient body(server_->port());
  body.Send(PushHead("Content-Length: 100000\r\n") + "a");
  TestClient quick(server_->port());
  EXPECT_EQ(quick.Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(head.Read().status, 408);
  EXPECT_EQ(body.Read().status, 408);
  EXPECT_EQ(silent.Read().status, 0);
}

TEST_F(ServerTest, AFullLaneRefusesAndStarvesNoOther) {
  settings_.lanes[static_cast<std::size_t>(Lane::kHeavy)].queue = 0;
  Start();
  TestClient client(server_->port());
  const std::string field = "Cookie: " + cookie_ + "\r\n";
  const Answer refused = client.Ask("GET", "/api/v1/deliveries", field);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(json::parse(refused.body)["code"], "overloaded");
  EXPECT_TRUE(refused.fields.contains("retry-after"));
  EXPECT_EQ(client.Ask("GET", "/api/v1/panels/services", field).status, 200);
}

TEST_F(ServerTest, ThePastIsAHeavyQuestionAndHoldsUpNoFiguresOfNow) {
  settings_.lanes[static_cast<std::size_t>(Lane::kHeavy)].queue = 0;
  Start();
  TestClient client(server_->port());
  const std::string field = "Cookie: " + cookie_ + "\r\n";
  for (const std::string path :
       {"/api/v1/panels/services?unit=15", "/api/v1/figures?indicator=growth&period=2026"}) {
    const Answer past = client.Ask("GET", path + "&as_of=2026-06-01T00:00:00Z", field);
    EXPECT_EQ(past.status, 503) << path;
    EXPECT_EQ(json::parse(past.body)["code"], "overloaded") << path;
    EXPECT_EQ(client.Ask("GET", path, field).status, 200) << path;
  }
}

/// Waits, as a long question does, until nobody waits for its answer any more.
class LongQuestion {
 public:
  base::Status operator()(const base::Patience& patience) {
    std::unique_lock lock(mutex_);
    ++begun_;
    changed_.notify_all();
    changed_.wait_until(lock, patience.gone(), patience.deadline(), [] { return false; });
    base::Status over = patience.Check();
    if (!over.ok()) reason_ = over.error().reason;
    changed_.notify_all();
    return over;
  }
  void WaitUntilBegun() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ > 0; });
  }
  std::string WaitForItsEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !reason_.empty(); });
    return reason_;
  }
  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  int begun_ = 0;
  std::string reason_;
};

TEST_F(ServerTest, BreaksOffAQuestionWhoseClientIsGone) {
  LongQuestion question;
  sample_.before_facts = std::ref(question);
  settings_.limits.heavy_deadline = std::chrono::hours(1);
  Start();
  {
    TestClient client(server_->port());
    client.Send("GET /api/v1/deliveries HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie_ +
                "\r\n\r\n");
    question.WaitUntilBegun();
  }
  EXPECT_EQ(question.WaitForItsEnd(), "given_up");
}

TEST_F(ServerTest, BreaksOffATrialWhoseClientIsGoneAndKeepsOperationsFree) {
  LongQuestion question;
  sample_.before_trial = std::ref(question);
  Start();
  {
    TestClient client(settings_.socket_path);
    client.Send(
        "POST /api/v1/sources/case_system/try HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    question.WaitUntilBegun();
    TestClient other(settings_.socket_path);
    EXPECT_EQ(other
                  .Ask("POST", "/api/v1/center/apply", "Content-Type: application/json\r\n",
                       R"({"folder":"/good"})")
                  .status,
              200);
  }
  EXPECT_EQ(question.WaitForItsEnd(), "given_up");
}

TEST_F(ServerTest, AnswersThatAQuestionTookTooLong) {
  LongQuestion question;
  sample_.before_facts = std::ref(question);
  settings_.limits.heavy_deadline = milliseconds(50);
  Start();
  TestClient client(server_->port());
  const std::string field = "Cookie: " + cookie_ + "\r\n";
  const Answer answer = client.Ask("GET", "/api/v1/deliveries", field);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json::parse(answer.body)["code"], "question_too_long");
  EXPECT_TRUE(answer.fields.contains("retry-after"));
  EXPECT_EQ(client.Ask("GET", "/api/v1/panels/services", field).status, 200);
}

TEST_F(ServerTest, DoesNotBeginAQuestionAfterItsDeadline) {
  LongQuestion question;
  sample_.before_facts = std::ref(question);
  settings_.limits.heavy_deadline = milliseconds(0);
  Start();
  TestClient client(server_->port());
  const Answer answer = client.Ask("GET", "/api/v1/deliveries", "Cookie: " + cookie_ + "\r\n");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(json::parse(answer.body)["code"], "question_too_long");
  EXPECT_EQ(question.begun(), 0);
}

TEST_F(ServerTest, StoppingBreaksOffQuestionsUnderWay) {
  LongQuestion question;
  sample_.before_facts = std::ref(question);
  settings_.limits.heavy_deadline = std::chrono::hours(1);
  settings_.limits.stop_grace = milliseconds(10);
  Start();
  TestClient client(server_->port());
  client.Send("GET /api/v1/deliveries HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie_ +
              "\r\n\r\n");
  question.WaitUntilBegun();
  sample_.SetOnPublished({});
  server_->Stop();
  EXPECT_EQ(question.WaitForItsEnd(), "given_up");
}

TEST_F(ServerTest, HoldsOnlySoManyBytesOfAnswersTogether) {
  settings_.limits.body_memory = 1'000;
  Start();
  TestClient client(server_->port());
  const Answer refused =
      client.Ask("GET", "/api/v1/panels/services", "Cookie: " + cookie_ + "\r\n");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(json::parse(refused.body)["code"], "body_memory_full");
  EXPECT_EQ(client.Ask("GET", "/healthz").status, 200);
}

TEST_F(ServerTest, LimitsTheConnectionsOfAnAddress) {
  settings_.limits.connections_per_address = 2;
  Start();
  TestClient first(server_->port());
  TestClient second(server_->port());
  EXPECT_EQ(first.Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(second.Ask("GET", "/healthz").status, 200);
  TestClient third(server_->port());
  EXPECT_NE(third.Ask("GET", "/healthz").status, 200);
  EXPECT_EQ(first.Ask("GET", "/healthz").status, 200);
}

TEST_F(ServerTest, AStreamGivesASnapshotThenChangesThenGoesOn) {
  Start();
  TestClient client(server_->port());
  Open(client);
  const std::string snapshot = NextState(client);
  ASSERT_TRUE(snapshot.starts_with("event: snapshot\n")) << snapshot;
  DeliverCase(1);
  const std::string change = NextState(client);
  ASSERT_TRUE(change.starts_with("event: change\n")) << change;
  const json data = json::parse(change.substr(change.find("data: ") + 6));
  EXPECT_FALSE(data["items"].empty());
  EXPECT_EQ(data["items"][0]["figure"]["indicator"], "on_time_rate");
  TestClient again(server_->port());
  Open(again, "Last-Event-ID: " + IdOf(change) + "\r\n");
  DeliverCase(2);
  EXPECT_TRUE(NextState(again).starts_with("event: change\n"));
  TestClient late(server_->port());
  Open(late, "Last-Event-ID: " + IdOf(snapshot) + "\r\n");
  EXPECT_TRUE(NextState(late).starts_with("event: snapshot\n"));
}

TEST_F(ServerTest, AStreamBeatsWithoutNews) {
  settings_.live.heartbeat = milliseconds(30);
  Start();
  TestClient client(server_->port());
  Open(client);
  EXPECT_TRUE(NextState(client).starts_with("event: snapshot\n"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(client.ReadEvent().starts_with("event: heartbeat\ndata: {\"tick\":\"2026-"));
  }
}

TEST_F(ServerTest, ASlowViewerGetsTheNewestStateAndNoBacklog) {
  settings_.live.frame_interval = milliseconds(0);
  settings_.limits.stream_send_buffer = 4'096;
  Start();
  TestClient slow(server_->port(), 2'048);
  Open(slow);
  TestClient quick(server_->port());
  Open(quick);
  ASSERT_TRUE(NextState(quick).starts_with("event: snapshot\n"));
  constexpr int kChanges = 150;
  std::string newest;
  for (int i = 0; i < kChanges; ++i) {
    DeliverCase(i);
    newest = NextState(quick);
    ASSERT_TRUE(newest.starts_with("event: change\n")) << newest;
  }
  int states = 0;
  std::string event;
  do {
    event = NextState(slow);
    ++states;
    ASSERT_FALSE(event.empty());
  } while (IdOf(event) != IdOf(newest));
  EXPECT_LT(states, kChanges / 2);
}

TEST_F(ServerTest, AStreamEndsWithItsSession) {
  settings_.live.session_check = milliseconds(20);
  Start();
  TestClient client(server_->port());
  Open(client);
  ASSERT_TRUE(NextState(client).starts_with("event: snapshot\n"));
  const std::string token = cookie_.substr(cookie_.find('=') + 1);
  security::Sessions& sessions = sample_.access.access->sessions();
  const auto identity = sessions.Authenticate(token, "").value();
  TestClient other(server_->port());
  EXPECT_EQ(other
                .Ask("DELETE", "/api/v1/session",
                     "Cookie: " + cookie_ +
                         "\r\nX-CSRF-Token: " + sessions.CsrfToken(identity.session) + "\r\n")
                .status,
            204);
  EXPECT_EQ(NextState(client), "event: signed_out\ndata: {}\n\n");
  EXPECT_TRUE(client.IsClosedByPeer());
}

TEST_F(ServerTest, LimitsTheStreamsOfOnePerson) {
  settings_.live.viewers_per_owner = 1;
  Start();
  TestClient first(server_->port());
  Open(first);
  TestClient second(server_->port());
  const Answer refused =
      second.Ask("GET", "/api/v1/live?panel=services", "Cookie: " + cookie_ + "\r\n");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(json::parse(refused.body)["code"], "too_many_streams");
}

TEST_F(ServerTest, StoppingEndsStreamsAndTakesNobodyMore) {
  Start();
  const std::uint16_t port = server_->port();
  TestClient stream(port);
  Open(stream);
  ASSERT_TRUE(NextState(stream).starts_with("event: snapshot\n"));
  TestClient idle(port);
  EXPECT_EQ(idle.Ask("GET", "/healthz").status, 200);
  sample_.SetOnPublished({});
  server_->Stop();
  EXPECT_TRUE(stream.IsClosedByPeer());
  EXPECT_TRUE(idle.IsClosedByPeer());
  TestClient late(port);
  EXPECT_EQ(late.Ask("GET", "/healthz").status, 0);
  EXPECT_FALSE(std::filesystem::exists(settings_.socket_path));
}

TEST_F(ServerTest, MeasuresWhatItDoes) {
  Start();
  TestClient client(server_->port());
  client.Ask("GET", "/api/v1/panels/services", "Cookie: " + cookie_ + "\r\n");
  TestClient local(settings_.socket_path);
  const Answer metrics = local.Ask("GET", "/metrics");
  for (const char* name :
       {"fansipan_http_request_seconds_bucket{route=\"/api/v1/panels/{name}\"",
        "fansipan_http_responses_total{method=\"GET\",route=\"/api/v1/panels/{name}\","
        "status=\"200\"} 1",
        "fansipan_http_stage_seconds_count{stage=\"write\"}",
        "fansipan_http_lane_wait_seconds_count{lane=\"figures\"}", "fansipan_live_viewers",
        "fansipan_queue_items{queue=\"lane_figures\"} 0",
        "fansipan_queue_capacity{queue=\"lane_figures\"} 512",
        "fansipan_queue_capacity{queue=\"live_viewers\"}",
        "fansipan_queue_capacity{queue=\"connections\"}",
        "fansipan_queue_capacity{queue=\"body_bytes\"}"}) {
    EXPECT_NE(metrics.body.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace fansipan::http
