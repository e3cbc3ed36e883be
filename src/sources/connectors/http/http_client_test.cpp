#include "sources/connectors/http/http_client.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "sources/testing/scripted_server.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;
using testing::AnswerOf;
using testing::HeaderOf;
using testing::ScriptedConnection;
using testing::ScriptedServer;

HttpRequest RequestTo(const ScriptedServer& server, const std::string& host = "127.0.0.1") {
  HttpRequest request;
  request.url = "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
                std::to_string(server.port()) + "/records";
  request.reach = {host, server.port(), center::Network::kLoopback};
  request.timeout = 10s;
  request.max_bytes = 100'000;
  return request;
}

std::string ReasonOf(const HttpRequest& request) {
  const auto client = MakeHttpClient();
  const auto answer = client->Fetch(request, {});
  return answer.ok() ? "answered" : answer.error().reason;
}

/// A server that sends these bytes and closes.
ScriptedServer::Script Sends(std::string bytes) {
  return [bytes = std::move(bytes)](const std::string&, const ScriptedConnection& connection) {
    connection.Send(bytes);
  };
}

TEST(HttpClient, SendsHeadersAndFormsAndReadsTheAnswer) {
  ScriptedServer server(Sends(AnswerOf(200, "ETag: \"1\"\r\nLink: <a>\r\nlink: <b>\r\n", "body")));
  HttpRequest request = RequestTo(server);
  request.headers = {{"X-Road-Client", "LAOCAI/GOV/1/IOC"}};
  request.basic = {"lan", "secret"};
  const auto client = MakeHttpClient();
  const auto answer = client->Fetch(request, {});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "body");
  EXPECT_EQ(answer->Header("etag"), "\"1\"");
  EXPECT_EQ(answer->Header("link"), "<a>, <b>");
  request.body = "a=b";
  ASSERT_TRUE(client->Fetch(request, {}).ok());
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_TRUE(requests[0].starts_with("GET /records HTTP/1.1\r\n"));
  EXPECT_EQ(HeaderOf(requests[0], "X-Road-Client"), "LAOCAI/GOV/1/IOC");
  EXPECT_EQ(HeaderOf(requests[0], "Authorization"), "Basic bGFuOnNlY3JldA==");
  EXPECT_TRUE(requests[1].starts_with("POST ") && requests[1].ends_with("\r\n\r\na=b"));
}

TEST(HttpClient, ReachesNoAddressOutsideTheDeclaredNetwork) {
  ScriptedServer canary(Sends(AnswerOf(200, "", "secret of this machine")));
  for (const center::Network network :
       {center::Network::kPublic, center::Network::kPrivate, center::Network::kLinkLocal}) {
    HttpRequest request = RequestTo(canary);
    request.reach.network = network;
    EXPECT_EQ(ReasonOf(request), "address_not_allowed");
    // A name that resolves to this machine, as a rebound one does.
    request = RequestTo(canary, "localhost");
    request.reach.network = network;
    EXPECT_EQ(ReasonOf(request), "address_not_allowed");
    request = RequestTo(canary, "::ffff:127.0.0.1");
    request.reach.network = network;
    EXPECT_EQ(ReasonOf(request), "address_not_allowed");
  }
  HttpRequest other_port = RequestTo(canary);
  other_port.reach.port = 1;
  EXPECT_EQ(ReasonOf(other_port), "address_not_allowed");
  for (const auto* host : {"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0"}) {
    HttpRequest request = RequestTo(canary, host);
    EXPECT_EQ(ReasonOf(request), "address_not_allowed") << host;
  }
  EXPECT_EQ(canary.connections(), 0);
  EXPECT_EQ(ReasonOf(RequestTo(canary, "localhost")), "answered") << "the control";
  EXPECT_EQ(canary.connections(), 1);
}

TEST(HttpClient, GoesThroughNoProxy) {
  ScriptedServer proxy(Sends(AnswerOf(200, "", "from the proxy")));
  ScriptedServer server(Sends(AnswerOf(200, "", "from the server")));
  const std::string url = "http://127.0.0.1:" + std::to_string(proxy.port());
  setenv("http_proxy", url.c_str(), 1);
  setenv("all_proxy", url.c_str(), 1);
  const auto answer = MakeHttpClient()->Fetch(RequestTo(server), {});
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->body, "from the server");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(HttpClient, FollowsNoRedirect) {
  ScriptedServer canary(Sends(AnswerOf(200, "", "")));
  ScriptedServer server(Sends(
      AnswerOf(302, "Location: http://127.0.0.1:" + std::to_string(canary.port()) + "/\r\n", "")));
  EXPECT_EQ(MakeHttpClient()->Fetch(RequestTo(server), {})->status, 302);
  EXPECT_EQ(canary.connections(), 0);
}

TEST(HttpClient, BoundsWhatItTakes) {
  ScriptedServer endless([](const std::string&, const ScriptedConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n");
    while (connection.Send(std::string(10'000, 'x'))) {
    }
  });
  EXPECT_EQ(ReasonOf(RequestTo(endless)), "answer_too_large");
  ScriptedServer announced(
      Sends("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n" + std::string(200'000, 'x')));
  EXPECT_EQ(ReasonOf(RequestTo(announced)), "answer_too_large");
  ScriptedServer headers([](const std::string&, const ScriptedConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\n");
    while (connection.Send("X-More: " + std::string(1'000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(ReasonOf(RequestTo(headers)), "answer_too_large");
}

TEST(HttpClient, UnpacksGzipWithinTheLimit) {
  // python3: gzip.compress(b"packed", mtime=0)
  constexpr std::array<unsigned char, 26> kPacked = {
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x48, 0x4C,
      0xCE, 0x4E, 0x4D, 0x01, 0x00, 0x10, 0xB4, 0xF6, 0x21, 0x06, 0x00, 0x00, 0x00};
  std::string packed(kPacked.begin(), kPacked.end());
  ScriptedServer server(Sends(AnswerOf(200, "Content-Encoding: gzip\r\n", packed)));
  const auto answer = MakeHttpClient()->Fetch(RequestTo(server), {});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->body, "packed");
  HttpRequest narrow = RequestTo(server);
  narrow.max_bytes = 5;
  EXPECT_EQ(ReasonOf(narrow), "answer_too_large");
  ScriptedServer cut(
      Sends(AnswerOf(200, "Content-Encoding: gzip\r\n", packed.substr(0, packed.size() - 9))));
  EXPECT_EQ(ReasonOf(RequestTo(cut)), "bad_encoding");
  ScriptedServer liar(Sends(AnswerOf(200, "Content-Encoding: gzip\r\n", "not packed at all")));
  EXPECT_EQ(ReasonOf(RequestTo(liar)), "bad_encoding");
}

TEST(HttpClient, SeesAnAnswerThatIsShorterThanAnnounced) {
  ScriptedServer server(Sends("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"));
  EXPECT_EQ(ReasonOf(RequestTo(server)), "answer_cut_off");
  ScriptedServer chunked(Sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort"));
  EXPECT_NE(ReasonOf(RequestTo(chunked)), "answered");
  ScriptedServer nothing(Sends(""));
  EXPECT_EQ(ReasonOf(RequestTo(nothing)), "connection_lost");
  ScriptedServer noise(Sends("no HTTP\r\n\r\n"));
  EXPECT_EQ(ReasonOf(RequestTo(noise)), "connection_lost");
}

TEST(HttpClient, EndsATrickleAtItsDeadline) {
  ScriptedServer server([](const std::string&, const ScriptedConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    connection.Trickle("x", 20ms);
  });
  HttpRequest request = RequestTo(server);
  request.timeout = 1s;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(ReasonOf(request), "source_timeout");
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST(HttpClient, EndsWithinASecondOfAStop) {
  ScriptedServer server(
      [](const std::string&, const ScriptedConnection& connection) { connection.Hang(); });
  HttpRequest request = RequestTo(server);
  request.timeout = 60s;
  std::stop_source stop;
  std::string reason;
  std::jthread asking([&] {
    const auto answer = MakeHttpClient()->Fetch(request, stop.get_token());
    reason = answer.ok() ? "answered" : answer.error().reason;
  });
  while (server.requests().empty()) std::this_thread::yield();
  const auto before = std::chrono::steady_clock::now();
  stop.request_stop();
  asking.join();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 1s);
  EXPECT_EQ(reason, "connector_stopped");
}

TEST(HttpClient, SaysWhyItCannotGetThere) {
  std::uint16_t closed = 0;
  {
    ScriptedServer gone(Sends(""));
    closed = gone.port();
  }
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(closed) + "/?key=geheim";
  request.reach = {"127.0.0.1", closed, center::Network::kLoopback};
  request.timeout = 5s;
  const auto refused = MakeHttpClient()->Fetch(request, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "no_connection");
  EXPECT_EQ(refused.error().message.find("geheim"), std::string::npos);
  ScriptedServer plain(Sends(AnswerOf(200, "", "")));
  HttpRequest secure = RequestTo(plain);
  secure.url = "https" + secure.url.substr(4);
  EXPECT_EQ(ReasonOf(secure), "certificate_refused") << "TLS is never given up";
}

TEST(ResolveUrl, GivesAWholeUrl) {
  EXPECT_EQ(ResolveUrl("https://a.vn/x/y?z", "?page=2"), "https://a.vn/x/y?page=2");
  EXPECT_EQ(ResolveUrl("https://a.vn/x/y", "/b"), "https://a.vn/b");
  EXPECT_EQ(ResolveUrl("https://a.vn/x", "//b.vn/c#d"), "https://b.vn/c");
  EXPECT_EQ(ResolveUrl("https://a.vn/x", "http://"), std::nullopt);
}

}  // namespace
}  // namespace fansipan::sources
