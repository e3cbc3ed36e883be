#include "simulation/http_transport.h"

#include <gtest/gtest.h>

#include "simulation/testing/one_answer_server.h"

namespace fansipan::simulation {
namespace {

base::Result<HttpAnswer> SendTo(const std::string& url, const HttpPost& post,
                                std::stop_token stop = {}) {
  auto transport = OpenHttpTransport(url, "secret", std::move(stop));
  if (!transport.ok()) return transport.error();
  return (*transport)->Send(post);
}

TEST(HttpTransport, SendsTokenKeyTypeAndBody) {
  OneAnswerServer server("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", "{\"a\":1}\n");
  ASSERT_TRUE(server.is_open());
  const auto answer = SendTo(server.url(), {.path = "/api/v1/sources/s/deliveries",
                                            .body = "{\"a\":1}\n",
                                            .idempotency_key = "k1",
                                            .is_gzip = true});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "{}");
  const std::string request = server.Finish();
  EXPECT_TRUE(request.starts_with("POST /api/v1/sources/s/deliveries HTTP/1.1\r\n")) << request;
  for (const char* line :
       {"\r\nAuthorization: Bearer secret\r\n", "\r\nIdempotency-Key: k1\r\n",
        "\r\nContent-Type: application/x-ndjson\r\n", "\r\nContent-Encoding: gzip\r\n"}) {
    EXPECT_NE(request.find(line), std::string::npos) << line;
  }
}

TEST(HttpTransport, SendsAnEmptyBodyWithoutKey) {
  OneAnswerServer server("HTTP/1.1 204 No Content\r\n\r\n", "\r\n\r\n");
  ASSERT_TRUE(server.is_open());
  const auto answer = SendTo(server.url(), {.path = "/api/v1/sources/s/heartbeat"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 204);
  const std::string request = server.Finish();
  EXPECT_NE(request.find("Content-Length: 0"), std::string::npos);
  EXPECT_EQ(request.find("Idempotency-Key"), std::string::npos);
}

TEST(HttpTransport, ReadsHowLongABusyCenterAsksToWait) {
  OneAnswerServer server(
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n", "x");
  ASSERT_TRUE(server.is_open());
  const auto answer = SendTo(server.url(), {.path = "/", .body = "x"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 429);
  EXPECT_EQ(answer->retry_after, std::chrono::seconds(12));
}

TEST(HttpTransport, DoesNotFollowARedirect) {
  OneAnswerServer server(
      "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n"
      "Content-Length: 0\r\n\r\n",
      "x");
  ASSERT_TRUE(server.is_open());
  const auto answer = SendTo(server.url(), {.path = "/", .body = "x"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 307);
}

TEST(HttpTransport, IsUnavailableWhenNobodyListens) {
  std::string url;
  {
    const OneAnswerServer server("", "");
    ASSERT_TRUE(server.is_open());
    url = server.url();
  }
  const auto answer = SendTo(url, {.path = "/", .body = "x"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
}

TEST(HttpTransport, IsUnavailableAfterAStop) {
  OneAnswerServer server("HTTP/1.1 204 No Content\r\n\r\n", "x");
  ASSERT_TRUE(server.is_open());
  std::stop_source stop;
  stop.request_stop();
  const auto answer = SendTo(server.url(), {.path = "/", .body = "x"}, stop.get_token());
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, base::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace fansipan::simulation
