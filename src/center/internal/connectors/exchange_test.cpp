#include "center/connectors/exchange.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "center/connectors.h"
#include "center/difference.h"
#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kPush = "connector: push\n    format: json";
constexpr std::string_view kDeclared = R"(connector: exchange
    reach: [{host: axis.example.vn}]
    exchange:
      every: 1m
      headers: {X-Road-Client: LAOCAI/GOV/1/IOC}
      list:
        url: https://axis.example.vn/api/documents
        query: {status: waiting, key: "{secret:api_key}"}
        ids_at: /items
        id_at: /id
        max_ids: 50
        success: {at: /result, is: ok}
      fetch:
        url: https://axis.example.vn/api/documents/{id}
        document: {at: /content, form: base64}
      report:
        url: https://axis.example.vn/soap
        headers: {SOAPAction: "urn:axis:Report"}
        body: "<r><k>{secret:gateway}</k><id>{id}</id><s>{status}</s><w>{reason}</w></r>"
        body_type: xml
        answer: xml
        received: done
        refused: fail
      max_documents: 500
      sign_in: {by: oauth2, client: ioc, secret: client_key, token_url: "https://axis.example.vn/token"}
      same_origin_redirects: true
      requests_per_minute: 30
      timeout: 20s
    format: json)";

LoadOutcome Load(const std::string& replaced = "", const std::string& by = "") {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  std::string put(kDeclared);
  if (!replaced.empty()) {
    const std::size_t within = put.find(replaced);
    EXPECT_NE(within, std::string::npos) << replaced;
    put.replace(within, replaced.size(), by);
  }
  sources.replace(sources.find(kPush), kPush.size(), put);
  return LoadCenterFiles(std::move(files), testing::PrattParser());
}

std::string ProblemsOf(const LoadOutcome& outcome) {
  std::string text;
  for (const Problem& problem : outcome.problems) text += ToText(problem) + "\n";
  return text;
}

TEST(Exchange, IsReadWithEveryRequest) {
  const LoadOutcome outcome = Load();
  ASSERT_NE(outcome.center, nullptr) << ProblemsOf(outcome);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.exchange, nullptr);
  const Exchange& exchange = *source.exchange;
  EXPECT_EQ(exchange.every, std::chrono::minutes(1));
  EXPECT_FALSE(exchange.list.post);
  EXPECT_EQ(exchange.ids_at, "/items");
  EXPECT_EQ(exchange.id_at, "/id");
  EXPECT_EQ(exchange.max_ids, 50U);
  EXPECT_EQ(exchange.list.success_is, "ok");
  EXPECT_EQ(exchange.form, DocumentForm::kBase64);
  EXPECT_EQ(exchange.document_at, "/content");
  EXPECT_TRUE(exchange.report.post);
  EXPECT_EQ(exchange.report.body_kind, TemplateKind::kXml);
  EXPECT_EQ(exchange.report.answer, AnswerKind::kXml);
  EXPECT_EQ(exchange.received, "done");
  EXPECT_EQ(exchange.refused, "fail");
  EXPECT_EQ(exchange.max_documents, 500U);
  EXPECT_EQ(exchange.sign_in, HttpSignIn::kOAuth2);
  EXPECT_EQ(exchange.timeout_seconds, 20U);
  EXPECT_EQ(source.limits.payload_bytes, 32ULL << 20U);
  EXPECT_EQ(SecretsOf(exchange), (std::set<std::string>{"api_key", "client_key", "gateway"}));
}

TEST(Exchange, EveryDescribedKeyButOneIsInTheDeclarationAbove) {
  for (const std::string_view key : FindConnector("exchange")->Keys()) {
    if (key == "content_types") continue;  // is for documents that are whole answers
    EXPECT_NE(kDeclared.find("\n      " + std::string(key) + ":"), std::string_view::npos) << key;
  }
}

struct Wrong {
  const char* replaced;
  const char* by;
  const char* said;
};

TEST(Exchange, WhatCannotBeAskedIsReportedWithItsPlace) {
  const Wrong wrongs[] = {
      {"      every: 1m\n", "", "'every' is missing"},
      {"documents/{id}", "documents", "with {id}"},
      {"axis.example.vn/api/documents/{id}", "{id}.example.vn/api", "does not name"},
      {"https://axis.example.vn/api/documents\n", "https://other.example.vn/a\n", "reach"},
      {"https://axis.example.vn/soap", "http://axis.example.vn:443/soap", "must be https"},
      {"ids_at: /items", "ids_at: items", "must be a JSON pointer"},
      {"<id>{id}</id>", "<id at={id}/>", "within a tag"},
      {"<w>{reason}</w>", "<w>{id}</w><!-- -->", "'<!'"},
      {"status: waiting", "status: \"{id}\"", "means nothing here"},
      {"{secret:gateway}", "{secret:A B}", "is no name"},
      {"received: done", "recieved: done", "recieved"},
      {"form: base64", "form: element", "element is for answers in xml"},
      {"        body_type: xml\n", "", "body_type"},
      {"max_documents: 500", "content_types: [application/xml]", "whole answers"},
      {"SOAPAction: \"urn:axis:Report\"", "Host: x", "cannot be declared"},
      {"connector: exchange", "connector: push", "is for the connector exchange only"}};
  for (const Wrong& wrong : wrongs) {
    const LoadOutcome outcome = Load(wrong.replaced, wrong.by);
    EXPECT_EQ(outcome.center, nullptr) << wrong.by;
    EXPECT_NE(ProblemsOf(outcome).find(wrong.said), std::string::npos) << wrong.by << "\n"
                                                                       << ProblemsOf(outcome);
  }
}

TEST(Exchange, EveryChangeIsADifference) {
  const auto was = Load().center;
  ASSERT_NE(was, nullptr);
  for (const auto& [replaced, by] :
       std::map<std::string, std::string>{{"every: 1m", "every: 2m"},
                                          {"ids_at: /items", "ids_at: /list"},
                                          {"form: base64", "form: text"},
                                          {"refused: fail", "refused: no"},
                                          {"<r><k>", "<r><k>a"},
                                          {"timeout: 20s", "timeout: 30s"},
                                          {"max_documents: 500", "max_documents: 501"},
                                          {"IOC}", "IOC2}"}}) {
    const auto is = Load(replaced, by).center;
    ASSERT_NE(is, nullptr) << by;
    EXPECT_FALSE(DescribeDifference(*was, *is).empty()) << by;
  }
}

}  // namespace
}  // namespace fansipan::center
