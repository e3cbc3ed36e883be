#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "http/resources/live.h"
#include "http/resources/routes.h"
#include "http/testing/openapi_contract.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

std::string Description() {
  std::ifstream file(std::string(FANSIPAN_SOURCE) + "/schemas/openapi.yaml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// One question of the sweep: who asks, for which described route, with which status in return.
struct Question {
  std::string path;    ///< as described
  std::string target;  ///< as asked
  int status = 200;
  Method method = Method::kGet;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> fields{};
};

/// Asks every route and holds each answer against schemas/openapi.yaml.
class ContractTest : public ::testing::Test {
 protected:
  ContractTest()
      : contract_(testing::OpenApiContract::Parse(Description()).value()),
        application_(sample_.services(), Router(AllRoutes({{}, "openapi: 3.1.0", {}})),
                     CallerPolicy{}) {
    delivery_ = sample_.DeliverSample();
    EXPECT_TRUE(sample_.services().center()->wait_for_facts(delivery_, {}).ok());
  }

  /// By the operator on the machine, who may do everything but have a session.
  void Check(const Question& question, bool local = true) {
    Request request = testing::Get(question.target);
    request.method = question.method;
    request.local = local;
    request.body = question.body;
    const bool has_body = question.method == Method::kPost || question.method == Method::kPut;
    if (has_body) request.fields.Add("Content-Type", "application/json");
    for (const auto& [name, value] : question.fields) request.fields.Add(name, value);
    CheckAnswer(question, testing::Ask(application_, std::move(request)));
  }

  /// Of the audit's last record of that act.
  std::string OutcomeOfLast(std::string_view what) {
    const auto acts = sample_.access.access->audit().Read(security::LocalOperator(), 1, 1'000);
    std::string outcome;
    for (const store::AuditRecord& act : acts.value()) {
      if (act.event.what == what) outcome = act.event.outcome;
    }
    return outcome;
  }

  /// Of a source: what is answered meanwhile, and what its figures show.
  void CheckPauses();

  void CheckAnswer(const Question& question, const Response& response) {
    testing::DescribedAnswer answer;
    answer.method = question.method == Method::kGet      ? "get"
                    : question.method == Method::kDelete ? "delete"
                    : question.method == Method::kPut    ? "put"
                                                         : "post";
    answer.path = question.path;
    answer.status = response.status;
    answer.content_type = response.content_type;
    answer.body = response.body ? *response.body : "";
    for (const auto& [name, value] : response.fields) {
      std::string lower = name;
      for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.fields[lower] = value;
    }
    EXPECT_EQ(response.status, question.status) << question.target << "\n" << answer.body;
    for (const std::string& wrong : contract_.Check(answer)) {
      ADD_FAILURE() << question.target << ": " << wrong;
    }
    if (response.status < 400) answered_.insert(answer.method + " " + answer.path);
    last_ = answer.body;
  }

  std::string Text(model::Sequence sequence) { return std::to_string(sequence.value); }

  testing::SampleServices sample_;
  testing::OpenApiContract contract_;
  Application application_;
  model::Sequence delivery_;
  std::set<std::string> answered_;
  std::string last_;
};

TEST_F(ContractTest, HoldsForWhatIsRead) {
  const std::string v1 = "/api/v1";
  const std::string first = Text({delivery_.value + 1});
  const std::vector<Question> questions = {
      {v1 + "/center", "/api/v1/center"},
      {v1 + "/center/indicators", "/api/v1/center/indicators"},
      {v1 + "/center/datasets/{name}", "/api/v1/center/datasets/case"},
      {v1 + "/center/datasets/{name}", "/api/v1/center/datasets/cases", 404},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rate,growth,on_time_gap&period=2026-06"},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rate&period=2026&trend=3&children=true"},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rate&period=2026&format=csv"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=2027-01"},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rat&period=2026", 404},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rate", 400},
      {v1 + "/figures/history", "/api/v1/figures/history?indicator=growth&period=2026", 400},
      {v1 + "/contradictions", "/api/v1/contradictions"},
      {v1 + "/contradictions", "/api/v1/contradictions?agreement=all&period=2026-06&limit=3"},
      {v1 + "/contradictions", "/api/v1/contradictions?check=no_such", 404},
      {v1 + "/contradictions", "/api/v1/contradictions?agreement=maybe", 400},
      {v1 + "/panels/{name}", "/api/v1/panels/services"},
      {v1 + "/panels/{name}", "/api/v1/panels/services?unit=02647&period=2026-06"},
      {v1 + "/panels/{name}", "/api/v1/panels/departments?as_of=2026-06-30T00:00:00Z"},
      {v1 + "/panels/{name}", "/api/v1/panels/service", 404},
      {v1 + "/explain", "/api/v1/explain?indicator=on_time_rate&period=2026-06"},
      {v1 + "/explain", "/api/v1/explain?indicator=growth&period=2026-06&unit=02647"},
      {v1 + "/explain/records", "/api/v1/explain/records?measure=finished&period=2026-06"},
      {v1 + "/explain/records", "/api/v1/explain/records?measure=open&period=2026&limit=1"},
      {v1 + "/explain/records", "/api/v1/explain/records?measure=open&period=2026&format=csv"},
      {v1 + "/records/{dataset}/versions", "/api/v1/records/case/versions?key.case_number=H1"},
      {v1 + "/records/{dataset}/versions", "/api/v1/records/case/versions?key.case_number=H9", 404},
      {v1 + "/versions/{sequence}", "/api/v1/versions/" + first},
      {v1 + "/versions/{sequence}", "/api/v1/versions/999999", 404},
      {v1 + "/versions/{sequence}/raw", "/api/v1/versions/" + first + "/raw?context=1"},
      {v1 + "/deliveries", "/api/v1/deliveries"},
      {v1 + "/deliveries", "/api/v1/deliveries?format=csv&source=case_system"},
      {v1 + "/deliveries/{sequence}", "/api/v1/deliveries/" + Text(delivery_)},
      {v1 + "/deliveries/{sequence}", "/api/v1/deliveries/999999", 404},
      {v1 + "/deliveries/{sequence}/payload", "/api/v1/deliveries/" + Text(delivery_) + "/payload"},
      {v1 + "/quarantine", "/api/v1/quarantine?open=false"},
      {v1 + "/quarantine", "/api/v1/quarantine?format=csv"},
      {v1 + "/quarantine/summary", "/api/v1/quarantine/summary"},
      {v1 + "/quarantine/summary", "/api/v1/quarantine/summary?source=no_such", 404},
      {v1 + "/deliveries/{sequence}/raw", "/api/v1/deliveries/" + Text(delivery_) + "/raw?row=6"},
      {v1 + "/deliveries/{sequence}/raw", "/api/v1/deliveries/" + Text(delivery_) + "/raw?row=99",
       404},
      {v1 + "/sources/{name}/mappings", "/api/v1/sources/case_system/mappings"},
      {v1 + "/replays", "/api/v1/replays", 204},
      {v1 + "/secrets", "/api/v1/secrets"},
      {v1 + "/sources", "/api/v1/sources"},
      {v1 + "/sources", "/api/v1/sources?format=csv"},
      {v1 + "/live", "/api/v1/live?panel=services"},
      {v1 + "/openapi.yaml", "/api/v1/openapi.yaml"},
      {v1 + "/accounts", "/api/v1/accounts?limit=1"},
      {v1 + "/sources/{name}/tokens", "/api/v1/sources/case_system/tokens"},
      {v1 + "/status", "/api/v1/status"},
      {"/healthz", "/healthz"},
      {"/readyz", "/readyz"},
      {"/metrics", "/metrics"}};
  for (const Question& question : questions) Check(question);
}

TEST_F(ContractTest, HoldsForChangesAndAlarms) {
  const std::string v1 = "/api/v1";
  const std::vector<Question> questions = {
      {v1 + "/explain/change",
       "/api/v1/explain/change?indicator=on_time_rate&period=2026-06&from=2026-06-01T00:00:00Z"},
      {v1 + "/explain/change",
       "/api/v1/explain/change?indicator=growth&period=2026&unit=02647&from=2026-06-01T00:00:00Z"
       "&to=2026-06-30T00:00:00Z"},
      {v1 + "/explain/change", "/api/v1/explain/change?indicator=growth&period=2026", 400},
      {v1 + "/alarms", "/api/v1/alarms"},
      {v1 + "/alarms", "/api/v1/alarms?from=2026-06-01T00:00:00Z&to=2026-06-30T00:00:00Z"},
      {v1 + "/alarms", "/api/v1/alarms?from=yesterday", 400},
      {v1 + "/explain/change/records",
       "/api/v1/explain/change/records?measure=finished&period=2026-06&from=2026-06-01T00:00:00Z"
       "&cause=late"},
      {v1 + "/explain/change/records",
       "/api/v1/explain/change/records?measure=open&period=2026&from=2026-06-01T00:00:00Z"
       "&cause=new&format=csv"},
      {v1 + "/explain/change/records",
       "/api/v1/explain/change/records?measure=open&period=2026&from=2026-06-01T00:00:00Z"
       "&cause=restated",
       400},
      {v1 + "/explain/change",
       "/api/v1/explain/change?indicator=growt&period=2026&from=2026-06-01T00:00:00Z", 404}};
  for (const Question& question : questions) Check(question);
}

TEST_F(ContractTest, HoldsForUnitsAndPeriods) {
  const std::string v1 = "/api/v1";
  const std::vector<Question> questions = {
      {v1 + "/units", "/api/v1/units"},
      {v1 + "/units", "/api/v1/units?parent=15&search=ta+van&limit=1"},
      {v1 + "/units", "/api/v1/units?format=csv"},
      {v1 + "/units", "/api/v1/units?tree=forest", 400},
      {v1 + "/units/{tree}/{code}", "/api/v1/units/territory/02647"},
      {v1 + "/units/{tree}/{code}", "/api/v1/units/territory/02646", 404},
      {v1 + "/units/{tree}/{code}", "/api/v1/units/territory/02653?on=2029-01-01"},
      {v1 + "/units/{tree}/{code}", "/api/v1/units/territory/02653?on=tomorrow", 400},
      {v1 + "/units", "/api/v1/units?on=2031-01-01"},
      {v1 + "/groupings", "/api/v1/groupings"},
      {v1 + "/groupings", "/api/v1/groupings?tree=organisation&on=2027-01-01"},
      {v1 + "/groupings", "/api/v1/groupings?on=2027", 400},
      {v1 + "/units/{tree}/{code}/lineage", "/api/v1/units/territory/02653/lineage?on=2031-01-01"},
      {v1 + "/units/{tree}/{code}/lineage", "/api/v1/units/organisation/H38.01/lineage"},
      {v1 + "/units/{tree}/{code}/lineage", "/api/v1/units/territory/02646/lineage", 404},
      {v1 + "/units/{tree}/{code}/lineage", "/api/v1/units/territory/15/lineage?on=1", 400},
      {v1 + "/figures", "/api/v1/figures?indicator=on_time_rate&period=reporting:2026-9M&trend=3"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=school:2025-spring&children=true"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=reporting:2026&format=csv"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=reporting:2026-Q1", 404},
      {v1 + "/figures",
       "/api/v1/figures?indicator=on_time_rate&period=2026-06&territory=2026-06-30&trend=2"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=2026-06&territory=as_reported"},
      {v1 + "/figures", "/api/v1/figures?indicator=growth&period=2026-06&territory=june", 400},
      {v1 + "/panels/{name}", "/api/v1/panels/services?territory=2026-06-30"},
      {v1 + "/explain",
       "/api/v1/explain?indicator=on_time_rate&period=2026-06&territory=2026-06-30"},
      {v1 + "/explain/records",
       "/api/v1/explain/records?measure=finished&period=2026-06&territory=2026-06-30"},
      {v1 + "/periods", "/api/v1/periods"},
      {v1 + "/periods", "/api/v1/periods?on=2028-02-29&regime=school"},
      {v1 + "/periods", "/api/v1/periods?on=2028-02", 400},
      {v1 + "/periods", "/api/v1/periods?regime=schol", 404},
      {v1 + "/panels/{name}", "/api/v1/panels/reports"},
      {v1 + "/panels/{name}", "/api/v1/panels/reports?period=reporting:2026-06"},
      {v1 + "/explain", "/api/v1/explain?indicator=growth&period=reporting:2026-06"},
      {v1 + "/explain/records",
       "/api/v1/explain/records?measure=finished&period=reporting:2026-07"}};
  for (const Question& question : questions) Check(question);
}

/// So many characters, of three bytes each.
std::string ReasonOf(std::size_t characters) {
  std::string reason;
  for (std::size_t i = 0; i < characters; ++i) reason += "ế";
  return R"({"reason":")" + reason + R"("})";
}

void ContractTest::CheckPauses() {
  const std::string source = "/api/v1/sources/case_system";
  const std::string pause = "/api/v1/sources/{name}/pause";
  const std::string heartbeat = "/api/v1/sources/{name}/heartbeat";
  Check({pause, source + "/pause", 400, Method::kPut, R"({"reason":""})"});
  Check({pause, source + "/pause", 400, Method::kPut, ReasonOf(501)});
  EXPECT_EQ(OutcomeOfLast("pause_source"), "failed") << "tried in vain";
  Check({pause, source + "/pause", 204, Method::kPut, ReasonOf(500)});
  EXPECT_EQ(OutcomeOfLast("pause_source"), "done");
  Check({pause, source + "/pause", 204, Method::kPut, R"({"reason":"chuyển máy chủ"})"});
  Check({heartbeat, source + "/heartbeat", 503, Method::kPost});
  EXPECT_NE(last_.find("source_paused"), std::string::npos);
  Check({"/api/v1/sources/{name}", source});
  const auto shown = nlohmann::json::parse(last_);
  EXPECT_EQ(shown["source"]["state"], "paused");
  EXPECT_EQ(shown["source"]["paused"]["reason"], "chuyển máy chủ");
  EXPECT_EQ(shown["events"][0]["state"], "paused");
  Check({"/api/v1/figures", "/api/v1/figures?indicator=growth&period=2026-06"});
  const auto marks = nlohmann::json::parse(last_)["figures"][0]["trust_marks"];
  EXPECT_NE(std::find(marks.begin(), marks.end(), "paused"), marks.end()) << marks;
  sample_.Advance(std::chrono::hours(1));
  Check({"/api/v1/source-events", "/api/v1/source-events"});
  const auto events = nlohmann::json::parse(last_)["items"];
  EXPECT_EQ(events[0]["source"], "case_system");
  EXPECT_EQ(events[0]["closed_at"], nullptr);
  EXPECT_GT(events[0]["feeds"], 0);
  Check({pause, source + "/pause", 204, Method::kDelete});
  Check({pause, source + "/pause", 204, Method::kDelete});
  Check({heartbeat, source + "/heartbeat", 204, Method::kPost});
  Check({pause, "/api/v1/sources/case_sistem/pause", 404, Method::kDelete});
  Check({"/api/v1/sources/{name}", "/api/v1/sources/case_sistem", 404});
}

TEST_F(ContractTest, OfAPlanWithFigures) {
  const std::string plan = "/api/v1/center/plan";
  Check({plan, plan, 200, Method::kPost, R"({"folder":"/good","figures":"5"})"});
  for (const char* figures : {"0", "all", "-1", "10001", ""}) {
    Check({plan, plan, 400, Method::kPost,
           R"({"folder":"/good","figures":")" + std::string(figures) + "\"}"});
  }
}

TEST_F(ContractTest, OfATrialOfASource) {
  const std::string route = "/api/v1/sources/{name}/try";
  const std::string one = "/api/v1/sources/case_system/try";
  Check({route, one, 200, Method::kPost, "{}"});
  const auto shown = nlohmann::json::parse(last_);
  EXPECT_EQ(shown["trial"]["rows"][0]["refused"][0]["reason"], "unknown_value");
  EXPECT_EQ(shown["trial"]["rows"][0]["candidates"][0]["values"]["number"], "H1");
  EXPECT_EQ(shown["refused"], nullptr);
  Check({route, one, 200, Method::kPost, R"({"rows":"0","folder":"/unmapped"})"});
  EXPECT_EQ(nlohmann::json::parse(last_)["refused"]["reason"], "not_json");
  EXPECT_EQ(nlohmann::json::parse(last_)["begins"], "H1;open");
  Check({route, one, 422, Method::kPost, R"({"folder":"/broken"})"});
  Check({route, one, 503, Method::kPost, R"({"folder":"/silent"})"});
  Check({route, one, 400, Method::kPost, R"({"folder":"here"})"});
  for (const char* rows : {"-1", "1001", "many", ""}) {
    Check({route, one, 400, Method::kPost, R"({"rows":")" + std::string(rows) + "\"}"});
  }
  Check({route, "/api/v1/sources/case_sistem/try", 404, Method::kPost, "{}"});
  Check({"/api/v1/sources/{name}/pause", "/api/v1/sources/case_system/pause", 204, Method::kPut,
         R"({"reason":"its operator asked for quiet"})"});
  Check({route, one, 503, Method::kPost, "{}"});
  EXPECT_NE(last_.find("source_paused"), std::string::npos);
}

TEST_F(ContractTest, HoldsForWhatIsChanged) {
  const std::string v1 = "/api/v1";
  const std::string csv = "text/csv";
  const std::string push = v1 + "/sources/{name}/deliveries";
  const std::string target = "/api/v1/sources/case_system/deliveries";
  const auto delivery = [&](int status, const std::string& body, const std::string& key) {
    Request request = testing::Get(target);
    request.method = Method::kPost;
    request.local = true;
    request.body = body;
    request.fields.Add("Content-Type", csv);
    request.fields.Add("Idempotency-Key", key);
    CheckAnswer({push, target, status, Method::kPost},
                testing::Ask(application_, std::move(request)));
  };
  const std::string body =
      testing::SampleServices::Payload({testing::SampleServices::CaseLine("H7", "2026-06-09")});
  delivery(201, body, "one");
  delivery(200, body, "one");
  delivery(422, body + "\n", "one");
  delivery(422, "not the columns", "two");
  delivery(400, body, "bad key");
  Check({push, target, 415, Method::kPost, body});
  Check({v1 + "/sources/{name}/heartbeat", "/api/v1/sources/case_system/heartbeat", 204,
         Method::kPost});
  Check({v1 + "/sources/{name}/heartbeat", "/api/v1/sources/case_sistem/heartbeat", 404,
         Method::kPost});
  CheckPauses();
  Check({"/api/v1/quality/{dataset}", "/api/v1/quality/case"});
  Check({"/api/v1/quality/{dataset}", "/api/v1/quality/cases", 404});
  Check({v1 + "/deliveries/{sequence}/replay", "/api/v1/deliveries/" + Text(delivery_) + "/replay",
         201, Method::kPost});
  EXPECT_EQ(OutcomeOfLast("replay_delivery"), "done");
  Check({v1 + "/deliveries/{sequence}/replay", "/api/v1/deliveries/99999/replay", 404,
         Method::kPost});
  const std::string tokens = "/api/v1/sources/case_system/tokens";
  Check({v1 + "/sources/{name}/tokens", tokens, 201, Method::kPost, R"({"label":"gateway"})"});
  const auto id = nlohmann::json::parse(last_)["id"].get<std::string>();
  Check({v1 + "/sources/{name}/tokens/{id}", tokens + "/" + id, 204, Method::kDelete});
  Check({v1 + "/sources/{name}/tokens/{id}", tokens + "/x", 404, Method::kDelete});
  const std::string secret = v1 + "/secrets/{name}";
  Check({secret, "/api/v1/secrets/registry", 204, Method::kPut, R"({"value":"geheim"})"});
  Check({secret, "/api/v1/secrets/Registry", 404, Method::kPut, R"({"value":"geheim"})"});
  Check({secret, "/api/v1/secrets/registry", 400, Method::kPut, R"({"value":"a\nb"})"});
  Check({v1 + "/secrets", "/api/v1/secrets", 200});
  EXPECT_NE(last_.find("registry"), std::string::npos);
  EXPECT_EQ(last_.find("geheim"), std::string::npos);
  Check({secret, "/api/v1/secrets/registry", 204, Method::kDelete});
  Check({secret, "/api/v1/secrets/registry", 404, Method::kDelete});
  Check(
      {v1 + "/accounts", "/api/v1/accounts", 201, Method::kPost,
       R"({"name":"minh","display_name":"Minh","role":"viewer","password":"ruộng bậc thang xanh"})"});
  const auto account = nlohmann::json::parse(last_)["id"].get<std::string>();
  Check({v1 + "/accounts/{id}/disable", "/api/v1/accounts/" + account + "/disable", 200,
         Method::kPost});
  Check(
      {v1 + "/accounts", "/api/v1/accounts", 409, Method::kPost,
       R"({"name":"lan","display_name":"Lan","role":"viewer","password":"ruộng bậc thang xanh"})"});
  Check({v1 + "/accounts", "/api/v1/accounts", 422, Method::kPost,
         R"({"name":"hoa","display_name":"Hoa","role":"viewer","password":"short"})"});
  Check({v1 + "/accounts", "/api/v1/accounts", 400, Method::kPost, R"({"name":"hoa"})"});
}

TEST_F(ContractTest, HoldsForWhatIsAppliedAndVerified) {
  const std::string v1 = "/api/v1";
  Check({v1 + "/center/plan", "/api/v1/center/plan", 200, Method::kPost, R"({"folder":"/good"})"});
  Check(
      {v1 + "/center/apply", "/api/v1/center/apply", 200, Method::kPost, R"({"folder":"/good"})"});
  EXPECT_EQ(OutcomeOfLast("apply_center"), "done");
  Check({v1 + "/center/apply", "/api/v1/center/apply", 422, Method::kPost,
         R"({"folder":"/broken"})"});
  EXPECT_EQ(OutcomeOfLast("apply_center"), "failed");
  Check({v1 + "/center/apply", "/api/v1/center/apply", 400, Method::kPost, R"({"folder":"x"})"});
  Check({v1 + "/verify", "/api/v1/verify", 200, Method::kPost, "{}"});
}

TEST_F(ContractTest, HoldsForQuarantineAndReplays) {
  const std::string v1 = "/api/v1";
  const std::string decisions = v1 + "/quarantine/decisions";
  const std::string one = decisions + "?row=5";
  Check({decisions, one, 409, Method::kPost, R"({"verdict":"discarded","reason":"test"})"});
  Check({decisions, one, 400, Method::kPost, R"({"verdict":"accepted","reason":"x","count":"1"})"});
  Check(
      {decisions, one, 200, Method::kPost, R"({"verdict":"discarded","reason":"x","count":"1"})"});
  Check(
      {decisions, one, 404, Method::kPost, R"({"verdict":"discarded","reason":"x","count":"1"})"});
  Check({v1 + "/quarantine", "/api/v1/quarantine?open=false"});
  EXPECT_NE(last_.find("discarded"), std::string::npos);
  const std::string attempt = v1 + "/sources/{name}/mappings/try";
  const std::string path = v1 + "/sources/case_system/mappings/try?delivery=" + Text(delivery_);
  Check({attempt, path, 200, Method::kPost, R"({"dataset":"case","text":"SELECT"})"});
  Check({attempt, path, 422, Method::kPost, R"({"dataset":"case","text":""})"});
  Check({attempt, path, 404, Method::kPost, R"({"dataset":"cases","text":"SELECT"})"});
  Check({v1 + "/replays", "/api/v1/replays?source=case_system", 202, Method::kPost});
  Check({v1 + "/replays", "/api/v1/replays?from=tomorrow", 400, Method::kPost});
  Check({v1 + "/replays", "/api/v1/replays"});
  sample_.replays->End();
  Check({v1 + "/replays", "/api/v1/replays", 404, Method::kDelete});
  Check({v1 + "/replays", "/api/v1/replays?source=case_system", 409, Method::kPost});
}

TEST_F(ContractTest, HoldsForSessions) {
  const std::string v1 = "/api/v1";
  const std::string session = "/api/v1/session";
  const std::string password(security::AccessFixture::kPassword);
  Check({v1 + "/session", session}, false);
  Check({v1 + "/session", session, 201, Method::kPost,
         R"({"name":"lan","password":")" + password + "\"}"},
        false);
  Check({v1 + "/session", session, 401, Method::kPost, R"({"name":"lan","password":"x"})"}, false);
  Check({v1 + "/session", session, 400, Method::kPost, "[1]"}, false);
  const std::string cookie = sample_.ViewerCookie();
  Check({v1 + "/session", session, 200, Method::kGet, "", {{"Cookie", cookie}}}, false);
  const auto token = nlohmann::json::parse(last_)["csrf_token"].get<std::string>();
  Check({v1 + "/session", session, 403, Method::kDelete, "", {{"Cookie", cookie}}}, false);
  Check({v1 + "/session",
         session,
         204,
         Method::kDelete,
         "",
         {{"Cookie", cookie}, {"X-CSRF-Token", token}}},
        false);
  Check({v1 + "/session", session, 401, Method::kDelete, "", {{"Cookie", cookie}}}, false);
  Check({v1 + "/set-up", "/api/v1/set-up", 409, Method::kPost,
         R"({"token":"t","name":"a","display_name":"A","password":"p"})"},
        false);
  Check({v1 + "/accounts", "/api/v1/accounts", 401}, false);
  Check({v1 + "/center/apply", "/api/v1/center/apply", 404, Method::kPost, "{}"}, false);
}

TEST_F(ContractTest, HoldsForTheFirstAdministrator) {
  testing::SampleServices fresh;
  security::AccessFixture unused;
  Services services = fresh.services();
  services.access = unused.access.get();
  const Application application(services, Router(AllRoutes({{}, "", {}})), CallerPolicy{});
  const std::string link = unused.access->set_up().CreateLink(security::LocalOperator()).value();
  Request request = testing::Get("/api/v1/set-up");
  request.method = Method::kPost;
  request.fields.Add("Content-Type", "application/json");
  request.body = R"({"token":")" + link + R"(","name":"admin","display_name":"Quản trị",)" +
                 R"("password":"ruộng bậc thang xanh"})";
  const Response made = testing::Ask(application, request);
  CheckAnswer({"/api/v1/set-up", "/api/v1/set-up", 201, Method::kPost}, made);
  CheckAnswer({"/api/v1/set-up", "/api/v1/set-up", 409, Method::kPost},
              testing::Ask(application, request));
}

TEST_F(ContractTest, HoldsForEventsOfAStream) {
  live::Hub hub({[this](const live::SubscriptionKey& key) {
                   return RenderLiveState(application_.services(), key);
                 },
                 {},
                 [] {},
                 {"items", "children", "sources"}},
                {});
  live::Subscription subscription;
  subscription.key = {"services", "15", "viewer"};
  subscription.wake = [] {};
  live::Moment now{};
  const auto id = hub.Subscribe(std::move(subscription), now).value();
  const auto next = [&](const std::string& name) -> std::string {
    hub.Publish(sample_.access.clock.Now());
    hub.Turn(now);
    const auto frame = hub.Take(id);
    if (!frame || !frame->bytes->starts_with("event: " + name + "\n")) {
      return frame ? *frame->bytes : "nothing";
    }
    const std::size_t data = frame->bytes->find("data: ") + 6;
    return frame->bytes->substr(data, frame->bytes->size() - data - 2);
  };
  EXPECT_EQ(contract_.CheckValue("PanelAnswer", next("snapshot")), std::vector<std::string>{});
  sources::Submission more;
  more.source = "case_system";
  more.payload = testing::SampleServices::Payload(
      {testing::SampleServices::CaseLine("H8", "2026-06-28T00:00:00Z", "2026-06-28T00:00:00Z")});
  ASSERT_TRUE(sample_.intake->Deliver(std::move(more)).ok());
  sample_.committer->TickNow();
  now += std::chrono::milliseconds(300);
  const std::string change = next("change");
  EXPECT_EQ(contract_.CheckValue("LiveChange", change), std::vector<std::string>{}) << change;
  now += std::chrono::seconds(3);
  EXPECT_EQ(contract_.CheckValue("LiveHeartbeat", next("heartbeat")), std::vector<std::string>{});
}

TEST_F(ContractTest, DescribesEveryRouteAndNoOther) {
  std::set<std::string> described;
  for (const auto& [method, path] : contract_.Operations()) described.insert(method + " " + path);
  std::set<std::string> served;
  for (const Route& route : application_.router().routes()) {
    if (route.pattern() == "/{*}") continue;
    std::string method(NameOf(route.method()));
    for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    served.insert(method + " " + route.pattern());
  }
  EXPECT_EQ(described, served);
}

TEST_F(ContractTest, SeesAnAnswerThatDeparts) {
  const auto wrong = [&](const std::string& path, const std::string& body) {
    return contract_.Check({"get", path, 200, "application/json", {}, body}).size();
  };
  EXPECT_EQ(wrong("/healthz", R"({"status":"alive"})"), 0U);
  EXPECT_EQ(wrong("/healthz", R"({"status":"well"})"), 1U);
  EXPECT_EQ(wrong("/healthz", R"({"status":1})"), 2U);
  EXPECT_EQ(wrong("/healthz", R"({})"), 1U);
  EXPECT_EQ(wrong("/healthz", R"({"status":"alive","more":1})"), 1U);
  EXPECT_EQ(wrong("/healthz", "no json"), 1U);
  EXPECT_EQ(wrong("/nowhere", "{}"), 1U);
  EXPECT_EQ(wrong("/api/v1/center", "{}") > 3U, true);
}

}  // namespace
}  // namespace fansipan::http
