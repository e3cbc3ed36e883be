#include "simulation/document_exchange.h"

#include <gtest/gtest.h>

#include <set>

#include "base/testing/temporary_folder.h"
#include "simulation/internal/documents.h"
#include "simulation/internal/exchange_soap.h"

namespace fansipan::simulation {
namespace {

using Path = std::vector<std::string>;

class DocumentExchangeTest : public ::testing::Test {
 protected:
  DocumentExchangeTest() {
    options_.documents = 3;
    options_.state_file = folder_ / "state";
  }
  /// As after a start.
  void Open() {
    auto exchange = DocumentExchange::Open(options_, clock_, files_);
    ASSERT_TRUE(exchange.ok()) << exchange.error().message;
    exchange_ = *std::move(exchange);
  }
  ServedAnswer Get(Path path, std::map<std::string, std::string> headers = {}) {
    return exchange_->Answer({.method = "GET",
                              .path = std::move(path),
                              .query = {},
                              .headers = std::move(headers),
                              .body = {}});
  }
  ServedAnswer Post(Path path, std::string body, std::map<std::string, std::string> headers = {}) {
    return exchange_->Answer({.method = "POST",
                              .path = std::move(path),
                              .query = {},
                              .headers = std::move(headers),
                              .body = std::move(body)});
  }
  std::string List() { return Get({"api", "documents"}).body; }
  int Report(const std::string& id, const std::string& status) {
    return Post({"api", "documents", id, "status"}, "{\"status\":\"" + status + "\"}").status;
  }
  std::string Id(std::size_t number) const { return internal::DocumentId(options_.seed, number); }
  static bool Has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(500'000))};
  DocumentExchangeOptions options_;
  std::unique_ptr<DocumentExchange> exchange_;
};

TEST_F(DocumentExchangeTest, WhatIsReportedWaitsNoLonger) {
  Open();
  EXPECT_TRUE(Has(List(), Id(0)) && Has(List(), Id(1)) && Has(List(), Id(2)));
  EXPECT_FALSE(Has(List(), Id(3)));
  EXPECT_EQ(Report(Id(1), "received"), 200);
  EXPECT_FALSE(Has(List(), Id(1)));
  EXPECT_EQ(Report(Id(1), "received"), 200) << "saying it again does no harm";
  EXPECT_EQ(Report(Id(1), "refused"), 409);
  EXPECT_EQ(Report(Id(2), "read"), 409);
  EXPECT_EQ(Report("000,2026/01/05,1/X", "received"), 404);
  EXPECT_EQ(exchange_->counts().received, 1U);
}

TEST_F(DocumentExchangeTest, ARestartForgetsNoReportAndNoDocument) {
  options_.every = std::chrono::seconds(10);
  Open();
  EXPECT_EQ(Report(Id(0), "received"), 200);
  EXPECT_EQ(Report(Id(1), "refused"), 200);
  clock_.Advance(std::chrono::seconds(25));
  {
    auto file = files_.OpenForAppend(options_.state_file);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append("{\"id\":\"cut").ok());
  }
  Open();
  EXPECT_EQ(exchange_->counts().documents, 5U);
  EXPECT_EQ(exchange_->counts().received, 1U);
  EXPECT_EQ(exchange_->counts().refused, 1U);
  EXPECT_FALSE(Has(List(), Id(0)));
  EXPECT_EQ(Report(Id(4), "received"), 200);
  Open();
  EXPECT_EQ(exchange_->counts().received, 2U);
}

TEST_F(DocumentExchangeTest, AnotherFileIsNoState) {
  ASSERT_TRUE(base::WriteWhole(files_, options_.state_file, "hello\n").ok());
  const auto exchange = DocumentExchange::Open(options_, clock_, files_);
  ASSERT_FALSE(exchange.ok());
  EXPECT_EQ(exchange.error().reason, "no_state");
}

TEST_F(DocumentExchangeTest, GivesADocumentInThreeForms) {
  Open();
  const std::string document = internal::Edxml(options_.seed, 0);
  EXPECT_EQ(Get({"api", "documents", Id(0), "edxml"}).body, document);
  EXPECT_TRUE(Has(Get({"api", "documents", Id(0)}).body, internal::ToBase64(document)));
  const std::string asked =
      "<s:Envelope><x:documentId>" + internal::EscapeXml(Id(0)) + "</x:documentId></s:Envelope>";
  const ServedAnswer soap =
      Post({"soap"}, asked, {{"soapaction", "\"urn:fansipan:exchange:GetDocument\""}});
  EXPECT_EQ(soap.status, 200);
  EXPECT_EQ(internal::ElementText(soap.body, "content"), internal::ToBase64(document));
  EXPECT_EQ(Get({"api", "documents", "x"}).status, 404);
  EXPECT_EQ(Post({"soap"}, asked, {{"soapaction", "urn:Nothing"}}).status, 500);
}

TEST_F(DocumentExchangeTest, SpeaksSoap) {
  Open();
  const ServedAnswer list = Post({"soap"}, "<a/>", {{"soapaction", "urn:x:ListDocuments"}});
  EXPECT_EQ(internal::ElementText(list.body, "documentId"), Id(0));
  const ServedAnswer told =
      Post({"soap"}, "<x:documentId>" + Id(0) + "</x:documentId><x:status>received</x:status>",
           {{"soapaction", "urn:x:ReportStatus"}});
  EXPECT_EQ(internal::ElementText(told.body, "result"), "ok");
  EXPECT_EQ(exchange_->counts().received, 1U);
}

TEST_F(DocumentExchangeTest, SignInIsByClientCredentialsForAsLongAsTheTokenLives) {
  options_.secret = "s:e c";
  Open();
  EXPECT_EQ(Get({"api", "documents"}).status, 401);
  EXPECT_EQ(
      Post({"token"}, "", {{"authorization", "Basic " + internal::ToBase64("fansipan:x")}}).status,
      401);
  const ServedAnswer given =
      Post({"token"}, "", {{"authorization", "Basic " + internal::ToBase64("fansipan:s%3Ae%20c")}});
  ASSERT_EQ(given.status, 200);
  const std::string begin = "\"access_token\":\"";
  const std::size_t at = given.body.find(begin) + begin.size();
  const std::string token = given.body.substr(at, given.body.find('"', at) - at);
  EXPECT_EQ(Get({"api", "documents"}, {{"authorization", "Bearer " + token}}).status, 200);
  EXPECT_EQ(Get({"api", "documents"}, {{"authorization", "Bearer x"}}).status, 401);
  clock_.Advance(options_.token_life);
  EXPECT_EQ(Get({"api", "documents"}, {{"authorization", "Bearer " + token}}).status, 401);
}

TEST_F(DocumentExchangeTest, FaultsComeWhenTheyAreAskedFor) {
  Open();
  const ServedAnswer sound = Get({"api", "documents"});
  EXPECT_FALSE(sound.silent || sound.cut_at || sound.delay > base::Duration());
  options_.faults.shares = {1, 1, 1, 0, 1, 1};
  Open();
  const ServedAnswer faulty = Get({"api", "documents"});
  EXPECT_TRUE(faulty.silent);
  EXPECT_EQ(faulty.delay, base::Duration(options_.late_for));
  EXPECT_EQ(faulty.cut_at, faulty.body.size() / 2);
  EXPECT_FALSE(Has(faulty.body, "\"items\""));
  EXPECT_EQ(Report(Id(0), "received"), 200) << "it is done, whatever becomes of the answer";
  const std::string list = List();
  EXPECT_TRUE(Has(list, Id(0))) << "given again";
  EXPECT_NE(list.find(Id(1)), list.rfind(Id(1))) << "and twice";
}

TEST(Documents, AreTheSameForOneSeedAndDifferForEachNumber) {
  std::set<std::string> ids;
  for (std::size_t number = 0; number < 500; ++number) {
    const std::string id = internal::DocumentId(7, number);
    ids.insert(id);
    EXPECT_EQ(internal::NumberOf(7, id, 500), number);
  }
  EXPECT_EQ(ids.size(), 500U);
  EXPECT_EQ(internal::Edxml(7, 3), internal::Edxml(7, 3));
  EXPECT_NE(internal::Edxml(7, 3), internal::Edxml(8, 3));
  EXPECT_EQ(internal::NumberOf(7, internal::DocumentId(7, 3), 3), std::nullopt);
  for (const auto* text : {"", ",", "a,b", ",99999999999999999999/x", ",1"}) {
    EXPECT_EQ(internal::NumberOf(7, text, 500), std::nullopt) << text;
  }
}

TEST(Documents, Base64IsThatOfTheStandard) {
  EXPECT_EQ(internal::ToBase64(""), "");
  EXPECT_EQ(internal::ToBase64("f"), "Zg==");
  EXPECT_EQ(internal::ToBase64("fo"), "Zm8=");
  EXPECT_EQ(internal::ToBase64("foo"), "Zm9v");
  EXPECT_EQ(internal::ToBase64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace fansipan::simulation
