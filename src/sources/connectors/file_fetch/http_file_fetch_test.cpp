#include <gtest/gtest.h>

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
