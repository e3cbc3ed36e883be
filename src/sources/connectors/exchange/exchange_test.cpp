#include "sources/connectors/exchange/exchange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "center/connectors/exchange.h"
#include "sources/connectors/connector_trial.h"
#include "sources/connectors/exchange/exchange_position.h"
#include "sources/testing/scripted_server.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""min;
using testing::AnswerOf;
using testing::HeaderOf;
using testing::JsonAnswer;
using testing::ScriptedConnection;
using testing::ScriptedServer;
using Texts = std::vector<std::string>;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// A center of one source that keeps payloads and position in one step, as the journal does.
class FakePassage final : public Passage {
 public:
  const std::string& source() const override { return source_; }
  std::string Position() const override { return position; }
  base::Status Deliver(std::string payload, std::string new_position) override {
    if (payload.starts_with("bad")) {
      return base::Error{base::ErrorCode::kInvalidArgument, "not_xml", "no \"document\"\nat all"};
    }
    payloads.push_back(std::move(payload));
    position = std::move(new_position);
    if (payloads.size() == killed_after) return ConnectorStopped();
    return {};
  }
  base::Status Heartbeat(std::string new_position) override {
    ++heartbeats;
    if (!new_position.empty()) position = std::move(new_position);
    return {};
  }
  base::Result<std::string> Secret(const std::string& name) override {
    if (name == "key") return std::string("k&<y");
    return base::Error{base::ErrorCode::kUnavailable, "secret_missing", name};
  }
  void NoteContact() override { ++contacts; }
  void HoldOff(base::Duration duration) override { hold_off = duration; }
  base::Status Wait(base::Duration duration) override {
    now += duration;
    return {};
  }
  base::Timestamp Now() const override { return now; }
  const std::stop_token& stop() const override { return stop_; }

  std::string position;
  Texts payloads;
  std::size_t killed_after = 0;  ///< it is durable, and the program ends before it goes on
  int heartbeats = 0;
  int contacts = 0;
  base::Duration hold_off{};
  base::Timestamp now = kNow;

 private:
  std::string source_ = "axis";
  std::stop_token stop_;
};

/// An exchange of documents by id; those that are reported wait no longer. Behind one mutex.
struct Axis {
  std::map<std::string, std::string> documents;  ///< id → what its fetch answers in `content`
  std::vector<std::string> listed;               ///< instead of what waits, when it is not empty
  std::set<std::string> missing;                 ///< answered 404 when they are fetched
  std::set<std::string> broken;                  ///< answered 500 when they are fetched
  std::map<std::string, int> report_status;      ///< instead of 200
  std::vector<std::string> reports;              ///< id=body
  std::vector<std::string> fetched;
  int list_status = 200;
  std::mutex mutex;

  std::string List() {
    std::string items;
    Texts ids = listed;
    if (ids.empty()) {
      for (const auto& [id, document] : documents) ids.push_back(id);
    }
    for (const std::string& id : ids) items += (items.empty() ? "" : ",") + ("\"" + id + "\"");
    if (list_status != 200) return AnswerOf(list_status, "Retry-After: 90\r\n", "{}");
    return JsonAnswer("{\"items\":[" + items + "]}");
  }

  std::string Answer(const std::string& request) {
    const std::lock_guard lock(mutex);
    const std::string target = request.substr(0, request.find(" HTTP/"));
    if (target == "GET /list") return List();
    const std::string id = target.substr(target.rfind('/') + 1);
    if (target.starts_with("GET /documents/")) {
      fetched.push_back(id);
      if (broken.contains(id)) return AnswerOf(500, "", "{}");
      if (missing.contains(id) || !documents.contains(id)) return AnswerOf(404, "", "{}");
      return JsonAnswer("{\"content\":\"" + documents[id] + "\"}");
    }
    if (report_status.contains(id)) return AnswerOf(report_status[id], "", "{}");
    documents.erase(id);
    reports.push_back(id + "=" + request.substr(request.find("\r\n\r\n") + 4));
    return JsonAnswer("{\"result\":\"ok\"}");
  }
};

class ExchangeTest : public ::testing::Test {
 protected:
  ExchangeTest()
      : server_([this](const std::string& request, const ScriptedConnection& connection) {
          connection.Send(axis_.Answer(request));
        }) {
    source_.name = "axis";
    source_.format = center::Format::kEdxml;
    source_.reach = {{"127.0.0.1", server_.port(), center::Network::kLoopback}};
    exchange_.every = 1min;
    exchange_.requests_per_minute = 6'000;
    exchange_.timeout_seconds = 5;
    exchange_.list = {.url = Url("/list")};
    exchange_.ids_at = "/items";
    exchange_.fetch = {.url = Url("/documents/{id}")};
    exchange_.form = center::DocumentForm::kText;
    exchange_.document_at = "/content";
    exchange_.report = {.url = Url("/reports/{id}"),
                        .post = true,
                        .query = {},
                        .headers = {{"X-Key", "{secret:key}"}},
                        .body = R"({"id":"{id}","s":"{status}","why":"{reason}"})"};
    exchange_.received = "done";
    for (const char* id : {"a", "b", "c"}) axis_.documents[id] = "document-" + std::string(id);
  }
  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
  }
  /// As after a restart: nothing but the position is known.
  std::string Ask() {
    source_.exchange = std::make_shared<const center::Exchange>(exchange_);
    connector_ = MakeExchange(source_, metrics_);
    return AskAgain();
  }
  std::string AskAgain() {
    const auto status = connector_->Ask(passage_);
    message_ = status.ok() ? "" : status.error().message;
    return status.ok() ? "fine" : status.error().reason;
  }
  Texts Unreported() const { return DecodeExchangePosition(passage_.position).unreported; }

  Axis axis_;
  ScriptedServer server_;
  base::MetricsRegistry metrics_;
  center::Source source_;
  center::Exchange exchange_;
  FakePassage passage_;
  std::string message_;
  std::unique_ptr<Connector> connector_;
};

TEST_F(ExchangeTest, TakesEveryDocumentThenTellsTheExchange) {
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads, (Texts{"document-a", "document-b", "document-c"}));
  EXPECT_EQ(axis_.reports,
            (Texts{R"(a={"id":"a","s":"done","why":""})", R"(b={"id":"b","s":"done","why":""})",
                   R"(c={"id":"c","s":"done","why":""})"}));
  EXPECT_EQ(Unreported(), Texts{});
  for (const std::string& request : server_.requests()) {
    if (request.starts_with("POST")) {
      EXPECT_EQ(HeaderOf(request, "content-type"), "application/json");
      EXPECT_EQ(HeaderOf(request, "x-key"), "k&<y");
    }
  }
}

TEST_F(ExchangeTest, ATrialTellsTheExchangeNothing) {
  source_.exchange = std::make_shared<const center::Exchange>(exchange_);
  const base::VirtualClock clock{kNow};
  ConnectorTrialParts parts;
  parts.secret = [](const std::string&) -> base::Result<std::optional<std::string>> {
    return std::optional<std::string>("k&<y");
  };
  parts.clock = &clock;
  const auto fetched = FetchOnce("axis", *MakeExchange(source_, metrics_), parts, {});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched->payload, "document-a");
  EXPECT_EQ(axis_.fetched, Texts{"a"});
  EXPECT_EQ(axis_.reports, Texts{});
}

TEST_F(ExchangeTest, NothingWaitingIsASignOfLife) {
  axis_.documents.clear();
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.heartbeats, 1);
  EXPECT_EQ(passage_.contacts, 1);
  EXPECT_EQ(passage_.position, "");
}

TEST_F(ExchangeTest, KilledBeforeTheReportItReportsAndDoesNotFetchAgain) {
  passage_.killed_after = 2;
  EXPECT_EQ(Ask(), "connector_stopped");
  EXPECT_EQ(axis_.reports.size(), 1U);
  EXPECT_EQ(Unreported(), Texts{"b"});
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads, (Texts{"document-a", "document-b", "document-c"}));
  EXPECT_EQ(axis_.fetched, (Texts{"a", "b", "c"}));
  EXPECT_EQ(axis_.reports.size(), 3U);
  EXPECT_EQ(Unreported(), Texts{});
}

TEST_F(ExchangeTest, AReportThatWasTakenBeforeTheKillIsSettledByTheList) {
  passage_.killed_after = 1;
  EXPECT_EQ(Ask(), "connector_stopped");
  ASSERT_EQ(Unreported(), Texts{"a"});
  axis_.documents.erase("a");
  axis_.report_status["a"] = 409;
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(Unreported(), Texts{});
  EXPECT_EQ(passage_.payloads.size(), 3U);
}

TEST_F(ExchangeTest, WhatTheExchangeListsAndDoesNotKnowIsShown) {
  axis_.report_status["a"] = 404;
  axis_.listed = {"a"};
  EXPECT_EQ(Ask(), "report_refused");
  EXPECT_EQ(Unreported(), Texts{"a"});
  EXPECT_EQ(Ask(), "report_refused");
  EXPECT_EQ(passage_.payloads.size(), 1U) << "and it is not fetched again";
}

TEST_F(ExchangeTest, AReportThatFailsIsTriedAgainAndOthersGoOn) {
  axis_.report_status["b"] = 500;
  EXPECT_EQ(Ask(), "source_failed");
  EXPECT_EQ(passage_.payloads.size(), 3U);
  EXPECT_EQ(Unreported(), Texts{"b"});
  axis_.report_status.clear();
  EXPECT_EQ(AskAgain(), "source_failed") << "not before its time";
  EXPECT_EQ(Unreported(), Texts{"b"});
  passage_.now += 1min;
  EXPECT_EQ(AskAgain(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 3U);
  EXPECT_EQ(axis_.reports.size(), 3U);
  EXPECT_EQ(Unreported(), Texts{});
}

TEST_F(ExchangeTest, WhenNoReportIsTakenOnlySoManyDocumentsAreTaken) {
  axis_.documents.clear();
  for (int i = 0; i < 80; ++i) {
    axis_.documents["d" + std::to_string(i)] = "document-" + std::to_string(i);
    axis_.report_status["d" + std::to_string(i)] = 400;
  }
  EXPECT_EQ(Ask(), "reports_fail");
  EXPECT_EQ(passage_.payloads.size(), kMaxUnreported);
  EXPECT_EQ(Unreported().size(), kMaxUnreported);
}

TEST_F(ExchangeTest, ABadDocumentIsLeftWaitingAndTheOthersGoOn) {
  axis_.documents["b"] = "bad";
  EXPECT_EQ(Ask(), "not_xml");
  EXPECT_EQ(passage_.payloads, (Texts{"document-a", "document-c"}));
  EXPECT_TRUE(axis_.documents.contains("b"));
  EXPECT_EQ(axis_.reports.size(), 2U);
  axis_.documents["b"] = "document-b";
  passage_.now += 1min;
  EXPECT_EQ(AskAgain(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 3U);
}

TEST_F(ExchangeTest, ABadDocumentIsRefusedWhenThatIsDeclared) {
  exchange_.refused = "fail";
  axis_.documents["b"] = "bad";
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(axis_.fetched, (Texts{"a", "b", "b", "c"})) << "once more, to be sure";
  ASSERT_EQ(axis_.reports.size(), 3U);
  EXPECT_EQ(axis_.reports[1], R"(b={"id":"b","s":"fail","why":"no \"document\" at all"})");
  EXPECT_EQ(passage_.payloads.size(), 2U);
}

TEST_F(ExchangeTest, WhereNothingCanBeDecodedNothingIsRefused) {
  exchange_.refused = "fail";
  for (auto& [id, document] : axis_.documents) document = "bad";
  EXPECT_EQ(Ask(), "not_xml");
  EXPECT_EQ(axis_.reports, Texts{});
  EXPECT_EQ(axis_.documents.size(), 3U);
}

TEST_F(ExchangeTest, OnlySoManyAreRefusedInARow) {
  exchange_.refused = "fail";
  for (const char* id : {"b", "c", "d", "e", "f"}) axis_.documents[id] = "bad";
  EXPECT_EQ(Ask(), "not_xml");
  EXPECT_EQ(axis_.reports.size(), 4U) << "one received, three refused";
}

TEST_F(ExchangeTest, ADocumentThatDoesNotComeHoldsUpNone) {
  axis_.missing = {"a"};
  EXPECT_EQ(Ask(), "request_refused");
  EXPECT_EQ(passage_.payloads.size(), 2U);
}

TEST_F(ExchangeTest, DocumentsThatAlwaysFailStarveNoneBehindThem) {
  axis_.broken = {"a", "b", "c"};
  axis_.documents["d"] = "document-d";
  axis_.documents["e"] = "document-e";
  EXPECT_EQ(Ask(), "source_failed");
  EXPECT_EQ(passage_.payloads, Texts{});
  EXPECT_EQ(AskAgain(), "source_failed") << "the three are still told";
  EXPECT_EQ(passage_.payloads, (Texts{"document-d", "document-e"}));
  EXPECT_EQ(axis_.fetched, (Texts{"a", "b", "c", "d", "e"})) << "the three are left alone";
  for (const char* name : {"'a'", "'b'", "'c'"}) {
    EXPECT_NE(message_.find(name), std::string::npos) << message_;
  }
}

TEST_F(ExchangeTest, WhatFailedBeforeComesBehindWhatIsNew) {
  axis_.broken = {"a"};
  EXPECT_EQ(Ask(), "source_failed");
  axis_.fetched.clear();
  axis_.documents["d"] = "document-d";
  passage_.now += 1min;
  EXPECT_EQ(AskAgain(), "source_failed");
  EXPECT_EQ(axis_.fetched, (Texts{"d", "a"}));
}

TEST_F(ExchangeTest, FailingDocumentsUseUpNeitherAnAskingNorAList) {
  axis_.documents["b"] = axis_.documents["a"] = "bad";
  exchange_.max_documents = 2;
  exchange_.max_ids = 2;
  EXPECT_EQ(Ask(), "not_xml");
  EXPECT_EQ(passage_.payloads, Texts{});
  EXPECT_EQ(AskAgain(), "not_xml");
  EXPECT_EQ(passage_.payloads, Texts{"document-c"});
}

TEST_F(ExchangeTest, ReportsThatAlwaysFailStarveNone) {
  for (const char* id : {"a", "b", "c"}) axis_.report_status[id] = 500;
  EXPECT_EQ(Ask(), "source_failed");
  EXPECT_EQ(Unreported().size(), 3U);
  axis_.documents["d"] = "document-d";
  EXPECT_EQ(AskAgain(), "source_failed");
  EXPECT_EQ(passage_.payloads.back(), "document-d");
  EXPECT_EQ(axis_.reports.size(), 1U);
}

TEST_F(ExchangeTest, AListThatFailsIsNoSignOfLifeThoughReportsGotThrough) {
  passage_.killed_after = 1;
  EXPECT_EQ(Ask(), "connector_stopped");
  ASSERT_EQ(Unreported(), Texts{"a"});
  axis_.list_status = 500;
  EXPECT_EQ(Ask(), "source_failed");
  EXPECT_EQ(axis_.reports.size(), 1U);
  EXPECT_EQ(passage_.heartbeats, 0);
  EXPECT_EQ(AskAgain(), "source_failed");
  EXPECT_EQ(axis_.reports.size(), 1U) << "it is in mind that the report was made";
  axis_.list_status = 200;
  EXPECT_EQ(AskAgain(), "fine");
  EXPECT_EQ(passage_.heartbeats, 1);
  EXPECT_EQ(axis_.reports.size(), 3U);
  EXPECT_EQ(Unreported(), Texts{});
}

TEST_F(ExchangeTest, Base64WithoutItsPaddingIsToldAndNotCut) {
  exchange_.form = center::DocumentForm::kBase64;
  for (auto& [id, document] : axis_.documents) document = "ZG9jdW1lbnQ=";
  axis_.documents["b"] = "ZG9jdW1lbnQ";
  EXPECT_EQ(Ask(), "document_unreadable");
  EXPECT_EQ(passage_.payloads, (Texts{"document", "document"}));
}

TEST_F(ExchangeTest, IdsStayWithinTheirPlace) {
  axis_.documents.clear();
  axis_.documents["x%2F..%2Fy%22%2C%22s%22%3A%22z"] = "document-x";
  axis_.listed = {R"(x/../y\",\"s\":\"z)"};
  exchange_.max_documents = 1;
  EXPECT_EQ(Ask(), "fine");
  ASSERT_EQ(axis_.reports.size(), 1U);
  EXPECT_TRUE(axis_.reports[0].ends_with(R"({"id":"x/../y\",\"s\":\"z","s":"done","why":""})"))
      << axis_.reports[0];
}

TEST_F(ExchangeTest, UnusableIdsAreNotAskedFor) {
  axis_.listed = {"..", "", "a\\u0000b", std::string(201, 'x')};
  EXPECT_EQ(Ask(), "unusable_id");
  EXPECT_EQ(axis_.fetched, Texts{});
}

TEST_F(ExchangeTest, AListThatGoesOnNamingAReportedDocumentEnds) {
  axis_.listed = {"a", "a"};
  EXPECT_EQ(Ask(), "fine");
  for (int i = 0; i < 5; ++i) {
    axis_.documents["a"] = "document-a";
    AskAgain();
  }
  EXPECT_EQ(passage_.payloads.size(), 1U) << "the same again is not handed over";
  axis_.documents["a"] = "document-a";
  EXPECT_EQ(AskAgain(), "report_without_effect");
  axis_.documents["a"] = "document-a, second edition";
  AskAgain();
  EXPECT_EQ(passage_.payloads.size(), 2U) << "other content is";
}

TEST_F(ExchangeTest, ABusyExchangeIsLeftInPeace) {
  axis_.list_status = 429;
  EXPECT_EQ(Ask(), "source_busy");
  EXPECT_EQ(passage_.hold_off, std::chrono::seconds(90));
}

TEST_F(ExchangeTest, APageForPeopleIsNoDocumentAndNoList) {
  exchange_.form = center::DocumentForm::kWhole;
  EXPECT_EQ(Ask(), "wrong_media_type") << "JSON where edXML is due";
  EXPECT_EQ(passage_.payloads, Texts{});
}

TEST_F(ExchangeTest, MoreThanOneAskingTakesWaitForTheNextOne) {
  exchange_.max_documents = 2;
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 2U);
  EXPECT_EQ(AskAgain(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 3U);
}

TEST_F(ExchangeTest, AnAnswerThatSaysNoIsNoSuccess) {
  exchange_.report.success_at = "/result";
  exchange_.report.success_is = "0";
  EXPECT_EQ(Ask(), "exchange_refused");
  EXPECT_EQ(Unreported().size(), 3U);
}

TEST_F(ExchangeTest, WithoutItsSecretNothingIsReported) {
  exchange_.report.headers = {{"X-Key", "{secret:other}"}};
  EXPECT_EQ(Ask(), "secret_missing");
  EXPECT_EQ(Unreported(), Texts{"a"});
}

}  // namespace
}  // namespace fansipan::sources
