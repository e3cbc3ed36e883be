#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <functional>
#include <string>

#include "center/connectors/file_fetch.h"
#include "sources/connectors/file_fetch/file_fetch.h"
#include "sources/testing/file_passage.h"
#include "sources/testing/scripted_server.h"

namespace fansipan::sources {
namespace {

using testing::FilePassage;
using testing::ScriptedConnection;
using testing::ScriptedServer;
using Names = std::vector<std::string>;

std::string Answer(const std::string& status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

std::string Gzip(const std::string& text) {
  constexpr int kGzipForm = 15 + 16;
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, kGzipForm, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string bytes = text;
  std::string packed(text.size() + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

class HttpFileFetchTest : public ::testing::Test {
 protected:
  void Serve(std::function<std::string(const std::string&)> answer) {
    server_ = std::make_unique<ScriptedServer>(
        [answer = std::move(answer)](const std::string& request,
                                     const ScriptedConnection& connection) {
          connection.Send(answer(request));
        });
    source_.name = "office";
    source_.limits.payload_bytes = 1'000;
    source_.reach = {{"127.0.0.1", server_->port(), center::Network::kLoopback}};
    fetch_.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/out/b%C3%A1o.csv";
    fetch_.timeout_seconds = 5;
  }
  /// As after a restart: nothing but the position is known.
  std::string Ask() {
    source_.file_fetch = std::make_shared<const center::FileFetch>(fetch_);
    const auto connector = MakeHttpFileFetch(source_, MakeHttpClient(), metrics_);
    const auto status = connector->Ask(passage_);
    return status.ok() ? "fine" : status.error().reason;
  }

  base::MetricsRegistry metrics_;
  center::Source source_;
  center::FileFetch fetch_;
  FilePassage passage_;
  std::unique_ptr<ScriptedServer> server_;
};

TEST_F(HttpFileFetchTest, IsTakenOnceWhileItsTagStays) {
  std::string tag = "\"one\"";
  std::string body = "first";
  Serve([&](const std::string& request) {
    const bool known = request.find("If-None-Match: " + tag + "\r\n") != std::string::npos;
    if (known) return Answer("304 Not Modified", "ETag: " + tag + "\r\n", "");
    return Answer("200 OK", "ETag: " + tag + "\r\n", body);
  });
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads, Names{"first"});
  EXPECT_EQ(passage_.names, Names{"báo.csv"});
  EXPECT_EQ(passage_.heartbeats, 1);
  tag = "\"two\"";
  body = "second";
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads, (Names{"first", "second"}));
}

TEST_F(HttpFileFetchTest, WithoutValidatorTheBytesAreCompared) {
  std::string body = "first";
  Serve([&](const std::string&) { return Answer("200 OK", "", body); });
  Ask();
  Ask();
  EXPECT_EQ(passage_.payloads, Names{"first"});
  EXPECT_EQ(passage_.heartbeats, 1);
  body = "second";
  Ask();
  EXPECT_EQ(passage_.payloads.size(), 2U);
}

TEST_F(HttpFileFetchTest, SendsLastModifiedBack) {
  const std::string moment = "Wed, 01 Jul 2026 01:00:00 GMT";
  Serve([&](const std::string&) {
    return Answer("200 OK", "Last-Modified: " + moment + "\r\n", "first");
  });
  Ask();
  Ask();
  EXPECT_NE(server_->requests().at(1).find("If-Modified-Since: " + moment), std::string::npos);
}

TEST_F(HttpFileFetchTest, WhatIsNotDurableIsAskedForAgain) {
  Serve([](const std::string&) { return Answer("200 OK", "ETag: \"one\"\r\n", "first"); });
  passage_.deliveries_left = 0;
  EXPECT_EQ(Ask(), "connector_stopped");
  passage_.deliveries_left = 1;
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(server_->requests().at(1).find("If-None-Match"), std::string::npos);
  EXPECT_EQ(passage_.payloads, Names{"first"});
}

TEST_F(HttpFileFetchTest, SignsInAsDeclared) {
  Serve([](const std::string&) { return Answer("200 OK", "", "first"); });
  fetch_.secret = "word";
  Ask();
  EXPECT_NE(server_->requests().at(0).find("Authorization: Bearer pa55\r\n"), std::string::npos);
  fetch_.user = "ioc";
  Ask();
  EXPECT_NE(server_->requests().at(1).find("Authorization: Basic aW9jOnBhNTU=\r\n"),
            std::string::npos);
}

TEST_F(HttpFileFetchTest, HoldsOffAsTheServerAsks) {
  Serve([](const std::string&) {
    return Answer("503 Service Unavailable", "Retry-After: 120\r\n", "");
  });
  EXPECT_EQ(Ask(), "source_busy");
  EXPECT_EQ(passage_.hold_off, std::chrono::minutes(2));
}

TEST_F(HttpFileFetchTest, APageForPeopleIsNoFile) {
  std::string type = "text/html; charset=utf-8";
  Serve([&](const std::string&) {
    return Answer("200 OK", "Content-Type: " + type + "\r\n", "<html>sign in</html>");
  });
  EXPECT_EQ(Ask(), "wrong_media_type");
  EXPECT_TRUE(passage_.payloads.empty());
  EXPECT_EQ(passage_.position, "");
  type = "application/octet-stream";
  EXPECT_EQ(Ask(), "fine");
}

TEST_F(HttpFileFetchTest, APackedFileIsUnpackedOnceHoweverItIsSent) {
  const std::string packed = Gzip("rows");
  std::string headers;
  std::string body = packed;
  Serve([&](const std::string&) { return Answer("200 OK", headers, body); });
  fetch_.url += ".gz";
  EXPECT_EQ(Ask(), "fine");
  passage_.position.clear();
  headers = "Content-Encoding: gzip\r\n";
  EXPECT_EQ(Ask(), "fine") << "the file itself, said to be a coding";
  passage_.position.clear();
  body = Gzip(packed);
  EXPECT_EQ(Ask(), "fine") << "packed once more on the way";
  EXPECT_EQ(passage_.payloads, (Names{"rows", "rows", "rows"}));
}

TEST_F(HttpFileFetchTest, FollowsNoRedirectAndSaysWhatIsWrong) {
  std::string status = "302 Found";
  Serve([&](const std::string&) {
    return Answer(status, "Location: http://127.0.0.1:9/\r\n", std::string(10, 'x'));
  });
  fetch_.secret = "word";
  EXPECT_EQ(Ask(), "redirect_not_followed");
  status = "401 Unauthorized";
  EXPECT_EQ(Ask(), "sign_in_refused");
  status = "404 Not Found";
  EXPECT_EQ(Ask(), "file_unreadable");
  status = "500 Oops";
  EXPECT_EQ(Ask(), "source_failed");
  status = "400 Bad Request";
  EXPECT_EQ(Ask(), "request_refused");
  // Nothing was asked conditionally, so that it cannot be unchanged.
  status = "304 Not Modified";
  EXPECT_EQ(Ask(), "redirect_not_followed");
  EXPECT_TRUE(passage_.payloads.empty());
  EXPECT_EQ(passage_.heartbeats, 0);
  source_.limits.payload_bytes = 9;
  status = "200 OK";
  EXPECT_EQ(Ask(), "answer_too_large");
}

}  // namespace
}  // namespace fansipan::sources
