#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/application.h"
#include "http/resources/routes.h"
#include "http/testing/sample_services.h"
#include "sources/quarantine/decision_desk.h"

namespace fansipan::http {
namespace {

using nlohmann::json;
using testing::SampleServices;

/// One case by a way that is not declared, one that ends before it began, one without a moment.
class QuarantineTest : public ::testing::Test {
 protected:
  QuarantineTest() : application_(sample_.services(), Router(AllRoutes({})), CallerPolicy{}) {
    const std::string fax = FaxLine("H11");
    const std::string backwards =
        SampleServices::CaseLine("H12", "2026-06-02T00:00:00Z", "2026-05-02T00:00:00Z");
    delivery_ = Deliver({SampleServices::CaseLine("H10", "2026-06-02T00:00:00Z"), fax, backwards,
                         SampleServices::CaseLine("H13", "no moment")});
  }

  /// A case by a channel that is not declared.
  static std::string FaxLine(const std::string& number, const std::string& fee = "") {
    std::string line = SampleServices::CaseLine(number, "2026-06-02T00:00:00Z", "", fee);
    return line.replace(line.find(";online;"), 8, ";fax;");
  }
  model::Sequence Deliver(const std::vector<std::string>& lines) {
    sources::Submission submission;
    submission.source = "case_system";
    submission.received_at = sample_.access.clock.Now();
    submission.payload = SampleServices::Payload(lines);
    const auto report = sample_.intake->Deliver(std::move(submission));
    EXPECT_TRUE(report.ok()) << report.error().message;
    sample_.committer->TickNow();
    return report.ok() ? report->delivery.sequence : model::Sequence{};
  }

  Response Ask(Method method, const std::string& target, const std::string& body = "") {
    Request request = testing::Get(target);
    request.method = method;
    request.local = true;
    request.body = body;
    if (!body.empty()) request.fields.Add("Content-Type", "application/json");
    Response response = testing::Ask(application_, std::move(request));
    sample_.committer->TickNow();
    return response;
  }
  json Read(const std::string& target) {
    const Response response = Ask(Method::kGet, target);
    EXPECT_EQ(response.status, 200) << target << ": " << *response.body;
    return json::parse(*response.body, nullptr, false);
  }
  /// Status and code or counts.
  std::pair<int, json> Decide(const std::string& filter, const std::string& verdict,
                              const std::string& count, const std::string& reason = "agreed") {
    json body = {{"verdict", verdict}, {"reason", reason}};
    if (!count.empty()) body["count"] = count;
    const Response response =
        Ask(Method::kPost, "/api/v1/quarantine/decisions" + filter, body.dump());
    return {response.status, json::parse(*response.body, nullptr, false)};
  }
  std::size_t CountOpen() { return Read("/api/v1/quarantine")["items"].size(); }
  std::size_t CountVersions(const std::string& number) {
    const Response response =
        Ask(Method::kGet, "/api/v1/records/case/versions?key.case_number=" + number);
    if (response.status != 200) return 0;
    return json::parse(*response.body)["items"].size();
  }
  json WaitForReplay() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < deadline) {
      json progress = Read("/api/v1/replays");
      if (progress["state"] != "running") return progress;
      std::this_thread::yield();
    }
    return "still running";
  }

  SampleServices sample_;
  Application application_;
  model::Sequence delivery_;
};

TEST_F(QuarantineTest, IsSummedUpByWhatIsWrong) {
  const json groups = Read("/api/v1/quarantine/summary")["items"];
  ASSERT_EQ(groups.size(), 3U);
  for (const json& group : groups) {
    EXPECT_EQ(group["rows"], 1);
    EXPECT_EQ(group["acceptable"], group["reason"] != "not_a_timestamp") << group;
  }
  const json fax = Read("/api/v1/quarantine/summary?column=channel")["items"];
  ASSERT_EQ(fax.size(), 1U);
  EXPECT_EQ(fax[0]["reason"], "not_allowed");
  EXPECT_EQ(Read("/api/v1/quarantine?column=-")["items"].size(), 1U);
  EXPECT_EQ(Read("/api/v1/quarantine?reason=not_a_timestamp&row=4")["items"].size(), 1U);
}

TEST_F(QuarantineTest, ADiscardedRowIsOpenNoMoreUntilTheDecisionIsTakenBack) {
  EXPECT_EQ(Decide("?row=4", "discarded", "").second["code"], "count_missing");
  EXPECT_EQ(Decide("?row=4", "discarded", "2").second["code"], "count_changed");
  EXPECT_EQ(Decide("?row=4", "discarded", "1", "  ").second["code"], "reason_missing");
  EXPECT_EQ(CountOpen(), 3U);
  const auto [status, done] = Decide("?row=4", "discarded", "1", "a test of the supplier's");
  EXPECT_EQ(status, 200) << done;
  EXPECT_EQ(done["rows"], 1);
  EXPECT_EQ(done["read_again"], 0);
  EXPECT_EQ(CountOpen(), 2U);
  const json row = Read("/api/v1/quarantine?row=4&open=false")["items"][0];
  EXPECT_EQ(row["decision"]["verdict"], "discarded");
  EXPECT_EQ(row["decision"]["reason"], "a test of the supplier's");
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/deliveries/" + std::to_string(delivery_.value) + "/replay")
                .status,
            201);
  EXPECT_EQ(CountOpen(), 2U) << "a replay does not bring it back";
  EXPECT_EQ(Decide("?row=4", "discarded", "1").second["code"], "no_such_rows");
  EXPECT_EQ(Decide("?row=4", "reopened", "1").first, 200);
  EXPECT_EQ(CountOpen(), 3U);
}

TEST_F(QuarantineTest, AnAcceptedRowBecomesARecordAndReopenedIsOneNoMore) {
  ASSERT_EQ(CountVersions("H11"), 0U);
  const auto [status, done] = Decide("?reason=not_allowed", "accepted", "1");
  EXPECT_EQ(status, 200) << done;
  EXPECT_EQ(done["read_again"], 1);
  EXPECT_EQ(done["still_open"], 0);
  EXPECT_EQ(CountVersions("H11"), 1U);
  EXPECT_EQ(CountOpen(), 2U);
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/deliveries/" + std::to_string(delivery_.value) + "/replay")
                .status,
            201);
  EXPECT_EQ(CountVersions("H11"), 1U) << "a replay takes nothing back";
  EXPECT_EQ(Decide("?row=2", "reopened", "1").first, 200);
  EXPECT_EQ(CountOpen(), 3U);
  EXPECT_EQ(CountVersions("H11"), 2U) << "the record is withdrawn";
}

TEST_F(QuarantineTest, WhatTheModelCannotHoldIsNotAccepted) {
  const auto [status, problem] = Decide("?row=4", "accepted", "1");
  EXPECT_EQ(status, 400);
  EXPECT_EQ(problem["code"], "not_acceptable");
  EXPECT_EQ(Decide("", "accepted", "3").second["code"], "not_acceptable") << "all or none";
  EXPECT_EQ(CountOpen(), 3U);
  EXPECT_EQ(Decide("", "approved", "3").second["code"], "invalid_verdict");
}

TEST_F(QuarantineTest, ManyRowsAreDecidedAboutByFewQuestions) {
  std::vector<std::string> lines;
  for (int i = 0; i < 200; ++i) lines.push_back(FaxLine("M" + std::to_string(i)));
  Deliver(lines);
  const std::uint64_t before = sample_.facts.quarantine_questions();
  const auto [status, done] = Decide("?reason=not_allowed", "accepted", "201");
  EXPECT_EQ(status, 200) << done;
  EXPECT_EQ(done["still_open"], 0);
  EXPECT_LT(sample_.facts.quarantine_questions() - before, 10U);
}

TEST_F(QuarantineTest, DiscardingAcceptedRowsCountsAsReadingAgain) {
  for (std::size_t i = 0; i <= sources::kMaxReadAgain; ++i) {
    // Behind the channel stands another fault: the delivery tells the same version twice,
    // differently.
    const std::string number = "C" + std::to_string(i);
    const std::string online = SampleServices::CaseLine(number, "2026-06-02T00:00:00Z");
    const auto delivery = std::to_string(Deliver({online, FaxLine(number)}).value);
    ASSERT_EQ(Decide("?delivery=" + delivery, "accepted", "1").second["still_open"], 1) << i;
  }
  const std::string count = std::to_string(2 * (sources::kMaxReadAgain + 1));
  EXPECT_EQ(Decide("?reason=conflict", "discarded", count).second["code"], "too_many_rows");
  EXPECT_EQ(Decide("?reason=not_allowed", "discarded", "1").first, 200) << "never accepted";
}

TEST_F(QuarantineTest, AReasonIsMeasuredInCharacters) {
  const auto reason_of = [](std::size_t characters) {
    std::string reason;
    for (std::size_t i = 0; i < characters; ++i) reason += "ế";
    return reason;
  };
  EXPECT_EQ(Decide("?row=4", "discarded", "1", reason_of(501)).second["code"], "reason_too_long");
  EXPECT_EQ(Decide("?row=4", "discarded", "1", reason_of(2'500)).second["code"], "reason_too_long");
  EXPECT_EQ(Decide("?row=4", "discarded", "1", reason_of(500)).first, 200);
  const json row = Read("/api/v1/quarantine?row=4&open=false")["items"][0];
  EXPECT_EQ(row["decision"]["reason"], reason_of(500));
}

TEST_F(QuarantineTest, DecisionsAreFactsOfTheJournalAndOfTheAudit) {
  EXPECT_EQ(Decide("?reason=rule_broken", "accepted", "1", "typed wrong, seen on paper").first,
            200);
  std::vector<model::QuarantineDecision> recorded;
  std::size_t replays = 0;
  ASSERT_TRUE(sample_.journal
                  ->Read(1,
                         [&](const store::JournalEntry& entry) -> base::Status {
                           recorded.insert(recorded.end(), entry.decisions.begin(),
                                           entry.decisions.end());
                           if (!entry.decisions.empty()) replays += entry.deliveries.size();
                           return {};
                         })
                  .ok());
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded[0].row, (model::DeliveredRow{delivery_, "case", 3}));
  EXPECT_EQ(recorded[0].verdict, model::QuarantineVerdict::kAccepted);
  EXPECT_EQ(replays, 1U) << "in the entry that takes the row in";
  const auto acts = sample_.access.access->audit().Read(security::LocalOperator(), 1, 1'000);
  ASSERT_TRUE(acts.ok());
  const bool audited = std::ranges::any_of(
      *acts, [](const store::AuditRecord& act) { return act.event.what == "accept_quarantined"; });
  EXPECT_TRUE(audited);
}

TEST_F(QuarantineTest, ShowsTheBytesOfARowAmongItsNeighbours) {
  const std::string path = "/api/v1/deliveries/" + std::to_string(delivery_.value) + "/raw";
  const json rows = Read(path + "?row=2&context=1")["rows"];
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1]["of_version"], true);
  EXPECT_NE(rows[1]["text"].get<std::string>().find(";fax;"), std::string::npos);
  EXPECT_TRUE(rows[1]["bytes"].get<std::string>().starts_with("483131")) << "H11";
  EXPECT_FALSE(rows[0].contains("bytes"));
  EXPECT_EQ(Ask(Method::kGet, path + "?row=99").status, 404);
  EXPECT_EQ(Ask(Method::kGet, path).status, 404);
}

TEST_F(QuarantineTest, ReadsARangeAgainInOrderWithoutAnyChange) {
  sample_.DeliverSample();
  const json before = Read("/api/v1/quarantine?open=true")["items"];
  EXPECT_EQ(Ask(Method::kGet, "/api/v1/replays").status, 204);
  const Response started = Ask(Method::kPost, "/api/v1/replays?source=case_system");
  EXPECT_EQ(started.status, 202) << *started.body;
  const json done = WaitForReplay();
  EXPECT_EQ(done["state"], "done") << done;
  EXPECT_EQ(done["deliveries"], 2);
  EXPECT_EQ(done["read_again"], 2);
  EXPECT_EQ(done["accepted"], 0) << "nothing comes to be otherwise";
  EXPECT_EQ(CountOpen(), before.size());
  EXPECT_EQ(Ask(Method::kDelete, "/api/v1/replays").status, 404) << "nothing runs";
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/replays?source=payments").status, 404);
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/replays?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                .status,
            400);
}

TEST_F(QuarantineTest, ARangeThatCannotBeAuditedIsNotReadAgain) {
  sample_.access.store.SetAuditFull(true);
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/replays").status, 507);
  EXPECT_EQ(Ask(Method::kGet, "/api/v1/replays").status, 204) << "nothing was begun";
  sample_.access.store.SetAuditFull(false);
  EXPECT_EQ(Ask(Method::kPost, "/api/v1/replays").status, 202);
  EXPECT_EQ(WaitForReplay()["state"], "done");
}

TEST_F(QuarantineTest, AMappingIsTriedOnTheRowsThatAreOpen) {
  const json mappings = Read("/api/v1/sources/case_system/mappings")["items"];
  ASSERT_EQ(mappings.size(), 1U);
  EXPECT_EQ(mappings[0]["dataset"], "case");
  const std::string path = "/api/v1/sources/case_system/mappings/try";
  const Response tried = Ask(Method::kPost, path, R"({"dataset":"case","text":"SELECT 1"})");
  ASSERT_EQ(tried.status, 200) << *tried.body;
  const json trial = json::parse(*tried.body);
  EXPECT_EQ(trial["deliveries"], 1);
  EXPECT_EQ(trial["unchanged"], 1);
  EXPECT_EQ(trial["counts"]["still_bad"], 3) << "the worker of this test knows no SQL";
  EXPECT_EQ(Ask(Method::kPost, path, R"({"dataset":"case","text":""})").status, 422);
  EXPECT_EQ(Ask(Method::kPost, path, R"({"dataset":"payment","text":"x"})").status, 404);
  EXPECT_EQ(
      Ask(Method::kPost, path + "?delivery=999999", R"({"dataset":"case","text":"x"})").status,
      404);
}

}  // namespace
}  // namespace fansipan::http
