#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/resources/routes.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

using nlohmann::json;
using testing::SampleServices;

class ResourcesTest : public ::testing::Test {
 protected:
  ResourcesTest()
      : application_(sample_.services(), Router(AllRoutes({{}, "", {}})), CallerPolicy{}) {
    delivery_ = sample_.DeliverSample();
    viewer_ = sample_.ViewerCookie();
    administrator_ = sample_.AdministratorCookie();
  }

  Response AskAs(const std::string& cookie, const std::string& target,
                 const std::vector<std::pair<std::string, std::string>>& fields = {}) {
    Request request = testing::Get(target);
    if (!cookie.empty()) request.fields.Add("Cookie", cookie);
    for (const auto& [name, value] : fields) request.fields.Add(name, value);
    return testing::Ask(application_, std::move(request));
  }

  json Read(const std::string& target) {
    const Response response = AskAs(viewer_, target);
    EXPECT_EQ(response.status, 200) << target << ": " << *response.body;
    return json::parse(*response.body, nullptr, false);
  }

  json Problem(const std::string& target, int status) {
    const Response response = AskAs(viewer_, target);
    EXPECT_EQ(response.status, status) << target << ": " << *response.body;
    return json::parse(*response.body, nullptr, false);
  }

  Response Push(const std::string& body,
                std::vector<std::pair<std::string, std::string>> fields = {}) {
    Request request = testing::Get("/api/v1/sources/case_system/deliveries");
    request.method = Method::kPost;
    request.body = body;
    request.fields.Add("Authorization", "Bearer " + sample_.push_token);
    request.fields.Add("Content-Type", "text/csv; charset=utf-8");
    for (const auto& [name, value] : fields) request.fields.Add(name, value);
    Response response = testing::Ask(application_, std::move(request));
    sample_.committer->TickNow();  // what was acknowledged is published now
    return response;
  }

  testing::SampleServices sample_;
  Application application_;
  model::Sequence delivery_;
  std::string viewer_;
  std::string administrator_;
};

TEST_F(ResourcesTest, AFigureAnswersForItself) {
  const json answer = Read("/api/v1/figures?indicator=on_time_rate&period=2026-06");
  const json& figure = answer["figures"][0];
  EXPECT_EQ(figure["value"], "50");
  EXPECT_EQ(figure["judgement"], "not_judged");
  EXPECT_EQ(figure["not_judged_reason"], "too_few_cases");
  EXPECT_EQ(figure["trust_marks"].back(), "simulated");
  EXPECT_EQ(figure["target"], "97.5");
  EXPECT_EQ(figure["passport"]["parts"][1]["name"], "finished");
  EXPECT_EQ(figure["passport"]["parts"][1]["value"], "2");
  EXPECT_EQ(figure["passport"]["snapshot"], answer["snapshot"]);
  EXPECT_EQ(figure["period"]["from"], "2026-05-31T17:00:00Z");
}

TEST_F(ResourcesTest, AnIndicatorOfTwoRegimesIsTwoFiguresEachWithItsLabel) {
  const auto figure = [&](const std::string& period) {
    return Read("/api/v1/figures?indicator=on_time_rate&period=" + period)["figures"][0];
  };
  // Both cases were finished from 15 June on, the first at 7 o'clock of that day.
  EXPECT_EQ(figure("2026-06")["value"], "50");
  EXPECT_EQ(figure("reporting:2026-06")["no_value_reason"], "division_by_zero");
  const json july = figure("reporting:2026-07");
  EXPECT_EQ(july["value"], "50");
  EXPECT_EQ(july["target"], "97.5");
  EXPECT_EQ(figure("reporting:2026")["target"], "96");
  const json& period = july["period"];
  EXPECT_EQ(period["text"], "reporting:2026-07");
  EXPECT_EQ(period["regime"], "reporting");
  EXPECT_EQ(period["regime_title"]["vi"], "Kỳ báo cáo");
  EXPECT_EQ(period["kind"], "month");
  EXPECT_EQ(period["kind_title"]["vi"], "tháng");
  EXPECT_EQ(period["label"]["vi"], "Tháng 7/2026");
  EXPECT_EQ(period["from"], "2026-06-14T17:00:00Z");
  EXPECT_EQ(period["to"], "2026-07-14T17:00:00Z");
  EXPECT_EQ(period["previous"], "reporting:2026-06");
  EXPECT_EQ(period["next"], "reporting:2026-08");
  // Two working days after 14 July, where Mondays and Fridays are worked.
  EXPECT_EQ(period["due_at"], "2026-07-20T10:00:00Z");
  EXPECT_EQ(period["due_coverage"], "decided");
  EXPECT_TRUE(figure("2026-06")["period"]["due_at"].is_null());
  EXPECT_EQ(figure("2026-06")["period"]["label"]["vi"], "Tháng 6/2026");
}

TEST_F(ResourcesTest, APanelShowsTheRegimeItDeclaresOrTheOneAskedFor) {
  const json own = Read("/api/v1/panels/reports");
  EXPECT_EQ(own["panel"]["regime"], "reporting");
  EXPECT_EQ(own["items"][0]["figure"]["period"]["text"], "reporting:2026-07");
  EXPECT_EQ(own["items"][0]["trend"][0]["period"], "reporting:2026-05");
  EXPECT_EQ(own["items"][0]["trend"][0]["label"]["en"], "May 2026");
  EXPECT_EQ(own["items"][1]["figure"]["period"]["text"], "reporting:2026-9M");
  EXPECT_EQ(own["items"][2]["figure"]["period"]["text"], "school:2025-spring");
  const json& child = own["children"][0]["figures"][0]["period"];
  EXPECT_EQ(child["label"]["vi"], "Tháng 7/2026");
  EXPECT_FALSE(child.contains("previous"));
  const json asked = Read("/api/v1/panels/services?period=reporting:2026");
  EXPECT_EQ(asked["period"]["label"]["en"], "Year 2026");
  EXPECT_EQ(asked["items"][0]["figure"]["period"]["text"], "reporting:2026");
}

TEST_F(ResourcesTest, PeriodsOfADayAreListedForEveryRegime) {
  const auto texts = [&](const std::string& target) {
    std::vector<std::string> found;
    const json answer = Read(target);
    for (const json& period : answer["items"]) found.push_back(period["text"]);
    return found;
  };
  EXPECT_EQ(texts("/api/v1/periods?on=2026-09-15"),
            (std::vector<std::string>{"2026-09-15", "2026-W38", "2026-09", "2026-Q3", "2026",
                                      "reporting:2026-10", "reporting:2026-9M", "reporting:2026",
                                      "school:2026-winter"}));
  EXPECT_EQ(texts("/api/v1/periods?on=2026-12-15&regime=reporting"),
            (std::vector<std::string>{"reporting:2027-01", "reporting:2027-9M", "reporting:2027"}));
  const json center = Read("/api/v1/center");
  ASSERT_EQ(center["regimes"].size(), 3U);
  EXPECT_EQ(center["regimes"][0]["name"], "calendar");
  EXPECT_EQ(center["regimes"][1]["kinds"][1]["due"]["working_days"], 5);
}

TEST_F(ResourcesTest, UnknownNamesAreAnsweredWithWhatIsNear) {
  const auto near = [&](const std::string& target, const std::string& code) {
    const json problem = Problem(target, 404);
    EXPECT_EQ(problem["code"], code);
    const json nearest = problem.value("nearest", json::array());
    return nearest.empty() ? "" : nearest[0].get<std::string>();
  };
  EXPECT_EQ(near("/api/v1/figures?indicator=on_time_rte&period=2026", "unknown_indicator"),
            "on_time_rate");
  EXPECT_EQ(near("/api/v1/figures?indicator=growth&period=2026&unit=2647", "unknown_unit"),
            "02647");
  EXPECT_EQ(near("/api/v1/panels/sevices", "unknown_panel"), "services");
  EXPECT_EQ(near("/api/v1/explain/records?measure=finish&period=2026", "unknown_measure"),
            "finished");
  EXPECT_EQ(near("/api/v1/center/datasets/kase", "unknown_dataset"), "case");
  EXPECT_EQ(near("/api/v1/deliveries?source=case_sistem", "unknown_source"), "case_system");
  EXPECT_EQ(near("/api/v1/figures?indicator=growth&period=2026-13", "unknown_period"), "2026");
  EXPECT_EQ(near("/api/v1/figures?indicator=growth&period=reporting:2026-13", "unknown_period"),
            "reporting:2026");
  EXPECT_EQ(near("/api/v1/periods?regime=reportin", "unknown_regime"), "reporting");
  EXPECT_EQ(near("/api/v1/figures?indicator=on_time_rate&period=2026&dimension=chanel",
                 "unknown_dimension"),
            "");
}

TEST_F(ResourcesTest, ParametersAreCheckedStrictly) {
  const auto code = [&](const std::string& target) { return Problem(target, 400)["code"]; };
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&unti=15"), "unknown_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&period=2025"), "repeated_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth"), "missing_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&trend=0"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&trend=5x"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&trend=5&format=csv"),
            "invalid_parameter");
  EXPECT_EQ(code("/api/v1/contradictions?agreement=maybe"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&children=yes"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&format=xml"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&as_of=yesterday"),
            "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&as_of=2026-06-01T00:00:00"),
            "invalid_parameter");
  EXPECT_EQ(code("/api/v1/figures?indicator=growth&period=2026&as_of=2026-07-02T00:00:00Z"),
            "as_of_ahead");
  EXPECT_EQ(code("/api/v1/units?limit=1001"), "invalid_parameter");
  EXPECT_EQ(code("/api/v1/deliveries?cursor=x"), "invalid_cursor");
  EXPECT_EQ(code("/api/v1/records/case/versions?key.status=open&key.case_number=H1"),
            "unknown_parameter");
}

TEST_F(ResourcesTest, OneAnswerHasOnlySoManyFigures) {
  std::string names = "growth";
  for (int i = 1; i < 50; ++i) names += ",growth";
  const json problem =
      Problem("/api/v1/figures?indicator=" + names + "&period=2026&trend=120", 400);
  EXPECT_EQ(problem["code"], "too_many_figures");
  EXPECT_NE(problem["detail"].get<std::string>().find("6050"), std::string::npos);
}

TEST_F(ResourcesTest, HostileTextInAnyParameterIsOnlyText) {
  for (const std::string text : {"';DROP TABLE case;--", "\" OR 1=1", "<script>alert(1)</script>",
                                 "../../etc/passwd", "{{7*7}}", "$(id)", "%25s%25n"}) {
    std::string encoded;
    for (const char c : text) {
      char hex[4];
      std::snprintf(hex, sizeof(hex), "%%%02X", static_cast<unsigned char>(c));
      encoded += hex;
    }
    for (const std::string target :
         {"/api/v1/figures?period=2026&indicator=", "/api/v1/figures?indicator=growth&period=",
          "/api/v1/figures?indicator=growth&period=2026&unit=", "/api/v1/units?search=",
          "/api/v1/units?cursor=", "/api/v1/quarantine?dataset=", "/api/v1/deliveries?source=",
          "/api/v1/explain/records?measure=finished&period=2026&unit=",
          "/api/v1/records/case/versions?key.case_number=", "/api/v1/live?panel="}) {
      const Response response = AskAs(administrator_, target + encoded);
      EXPECT_TRUE(response.status == 404 || response.status == 400 || response.status == 200)
          << target << text << ": " << response.status;
    }
  }
}

TEST_F(ResourcesTest, ThePastIsAnsweredAsItWasKnown) {
  const std::string before = "2026-07-01T00:30:00Z";
  sample_.Advance(std::chrono::hours(1));
  ASSERT_EQ(Push(SampleServices::Payload({SampleServices::CaseLine("H9", "2026-06-28T00:00:00Z",
                                                                   "2026-06-10T00:00:00Z")}))
                .status,
            201);
  const std::string target = "/api/v1/figures?indicator=on_time_rate&period=2026-06";
  EXPECT_EQ(Read(target)["figures"][0]["passport"]["parts"][1]["value"], "3");
  const json past = Read(target + "&as_of=" + before);
  EXPECT_EQ(past["figures"][0]["passport"]["parts"][1]["value"], "2");
  EXPECT_EQ(past["as_of"], before);
}

TEST_F(ResourcesTest, FromAFigureTheWayLeadsToTheBytes) {
  const json explained = Read("/api/v1/explain?indicator=on_time_rate&period=2026-06&unit=02647");
  const auto link = explained["parts"][0]["records_link"].get<std::string>();
  EXPECT_TRUE(explained["parts"][0]["explain_link"].is_null());
  const json records = Read(link);
  ASSERT_EQ(records["items"].size(), 1U) << link;
  EXPECT_EQ(records["items"][0]["key"]["case_number"], "H1");
  const json versions = Read("/api/v1/records/case/versions?key.case_number=H1");
  ASSERT_EQ(versions["items"].size(), 2U);
  EXPECT_EQ(versions["items"][0]["current"], false);
  EXPECT_EQ(versions["items"][1]["current"], true);
  EXPECT_EQ(versions["items"][1]["values"]["fee"], "12.50");
  const auto sequence = versions["items"][1]["sequence"].get<std::uint64_t>();
  const json version = Read("/api/v1/versions/" + std::to_string(sequence));
  EXPECT_EQ(version["delivery"]["sequence"], delivery_.value);
  EXPECT_EQ(version["version"]["current"], true);
  const Response raw =
      AskAs(administrator_, "/api/v1/versions/" + std::to_string(sequence) + "/raw?context=0");
  ASSERT_EQ(raw.status, 200);
  const json rows = json::parse(*raw.body)["rows"];
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["row"], 2);
  EXPECT_EQ(rows[0]["text"], SampleServices::CaseLine("H1", "2026-06-15T00:00:00Z",
                                                      "2026-06-15T00:00:00Z", "12.50"));
  const Response payload =
      AskAs(administrator_, "/api/v1/deliveries/" + std::to_string(delivery_.value) + "/payload");
  EXPECT_EQ(payload.content_type, "application/octet-stream");
  const auto offset = rows[0]["offset"].get<std::size_t>();
  EXPECT_EQ(payload.body->substr(offset, 2), "H1");
}

TEST_F(ResourcesTest, PersonalDataAreMaskedForThoseWhoMayNotReadThem) {
  const std::string target = "/api/v1/records/case/versions?key.case_number=H1";
  const json masked = Read(target);
  EXPECT_TRUE(masked["items"][0]["values"]["applicant"].is_null());
  EXPECT_EQ(AskAs(viewer_, target).body->find("Trần Văn A"), std::string::npos);
  const Response seen = AskAs(administrator_, target);
  EXPECT_NE(seen.body->find("Trần Văn A"), std::string::npos);
  EXPECT_EQ(AskAs(viewer_, "/api/v1/explain/records?measure=open&period=2026&format=csv")
                .body->find("Trần Văn A"),
            std::string::npos);
  const Response export_all =
      AskAs(administrator_, "/api/v1/explain/records?measure=open&period=2026&format=csv");
  EXPECT_NE(export_all.body->find(",'=Trần Văn A,"), std::string::npos) << *export_all.body;
}

TEST_F(ResourcesTest, QuarantineShowsTheReasonAndIsExported) {
  const json rows = Read("/api/v1/quarantine?source=case_system")["items"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["reason"], "too_few_columns");
  EXPECT_TRUE(rows[0]["dataset"].is_null());
  EXPECT_EQ(rows[1]["reason"], "not_a_timestamp");
  EXPECT_EQ(rows[1]["column"], "updated_at");
  const Response csv = AskAs(administrator_, "/api/v1/quarantine", {{"Accept", "text/csv"}});
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_NE(csv.body->find("no moment"), std::string::npos);
}

TEST_F(ResourcesTest, TheSameDeliveryAgainHasTheSameAnswer) {
  const std::string body =
      SampleServices::Payload({SampleServices::CaseLine("H5", "2026-06-09T00:00:00Z")});
  const Response first = Push(body, {{"Idempotency-Key", "k-1"}});
  const Response again = Push(body, {{"Idempotency-Key", "k-1"}});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(*first.body, *again.body);
  const Response other = Push(body + "\n", {{"Idempotency-Key", "k-1"}});
  EXPECT_EQ(other.status, 422);
  EXPECT_NE(other.body->find("idempotency_key_reused"), std::string::npos);
}

TEST_F(ResourcesTest, ADeliveryInAnotherFormatOrCodingIsRefused) {
  EXPECT_EQ(Push("x", {{"Content-Encoding", "br"}}).status, 415);
  EXPECT_EQ(Push("not gzip", {{"Content-Encoding", "gzip"}}).status, 422);
  EXPECT_EQ(Push("wrong;columns\n").status, 422);
  EXPECT_EQ(Push("").status, 422);
}

TEST_F(ResourcesTest, UnitsAreToldAsTheyAreOnTheDay) {
  const auto codes = [&](const std::string& target) {
    std::vector<std::string> found;
    const json units = Read(target);
    for (const auto& unit : units["items"]) found.push_back(unit["code"].get<std::string>());
    return found;
  };
  using Codes = std::vector<std::string>;
  EXPECT_EQ(codes("/api/v1/units"), (Codes{"02647", "02650", "02653", "15"}));
  EXPECT_EQ(codes("/api/v1/units?on=2031-01-01"), (Codes{"02647", "02650", "15"}));
  EXPECT_EQ(codes("/api/v1/units?on=2025-06-30"), Codes{});
  EXPECT_EQ(codes("/api/v1/units?search=muong+hoa&on=2029-01-01"), Codes{"02653"});
  EXPECT_EQ(codes("/api/v1/units?search=muong+hoa&on=2027-01-01"), Codes{});
  EXPECT_EQ(Read("/api/v1/units/territory/15?on=2031-01-01")["children"], 2);
  EXPECT_EQ(Read("/api/v1/units/territory/02653")["name"]["vi"], "Mường Bo");
  EXPECT_EQ(Read("/api/v1/units/territory/02653?on=2031-01-01")["name"]["vi"], "Mường Hoa");
}

TEST_F(ResourcesTest, ALineageSaysWhatBecameOfAUnitAndWhatItWasMadeOf) {
  const json gone = Read("/api/v1/units/territory/02653/lineage?on=2031-01-01");
  ASSERT_EQ(gone["holdings"].size(), 2U);
  EXPECT_EQ(gone["holdings"][0]["code"], "02647");
  EXPECT_EQ(gone["holdings"][0]["share"], "0.4");
  EXPECT_EQ(gone["holdings"][1]["share"], "0.6");
  EXPECT_EQ(gone["from"], "2029-12-31");
  EXPECT_EQ(gone["states"].size(), 2U);
  EXPECT_EQ(gone["events"].size(), 3U);
  EXPECT_EQ(gone["attributes"][0]["value"], "5200");
  const json before = Read("/api/v1/units/territory/02650/lineage?on=2029-01-01");
  EXPECT_EQ(before["holdings"].size(), 1U);
  EXPECT_EQ(Read("/api/v1/units/organisation/H38/lineage")["events"].size(), 0U);
  const auto members = [&](const std::string& day) {
    return Read("/api/v1/groupings?on=" + day)["items"][0]["members"];
  };
  EXPECT_EQ(members("2026-01-01"), json({"02647", "02650"}));
  EXPECT_EQ(members("2027-01-01"), json({"02650"}));
}

TEST_F(ResourcesTest, WhatIsUnchangedIsNotSentAgain) {
  for (const std::string target :
       {"/api/v1/center", "/api/v1/center/indicators", "/api/v1/units",
        "/api/v1/units/territory/15", "/api/v1/units/territory/15/lineage",
        "/api/v1/figures?indicator=growth&period=2026", "/api/v1/panels/services",
        "/api/v1/explain?indicator=growth&period=2026"}) {
    const Response first = AskAs(viewer_, target);
    std::string etag;
    for (const auto& [name, value] : first.fields) {
      if (name == "ETag") etag = value;
    }
    ASSERT_FALSE(etag.empty()) << target;
    EXPECT_EQ(AskAs(viewer_, target, {{"If-None-Match", etag}}).status, 304) << target;
    EXPECT_EQ(AskAs(administrator_, target, {{"If-None-Match", etag}}).status, 200) << target;
  }
  const std::string panel = "/api/v1/panels/services";
  std::string etag;
  for (const auto& [name, value] : AskAs(viewer_, panel).fields) {
    if (name == "ETag") etag = value;
  }
  sample_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(AskAs(viewer_, panel, {{"If-None-Match", etag}}).status, 200);
}

TEST_F(ResourcesTest, APanelShowsItsUnitsAndTheirChildren) {
  const json panel = Read("/api/v1/panels/services?period=2026-06");
  EXPECT_EQ(panel["items"].size(), 3U);
  EXPECT_EQ(panel["items"][0]["trend"].size(), 24U);
  EXPECT_EQ(panel["items"][0]["trend"].back()["value"], "50");
  EXPECT_EQ(panel["unit"]["code"], "15");
  ASSERT_EQ(panel["children"].size(), 3U);
  EXPECT_EQ(panel["children"][0]["unit"]["code"], "02647");
  ASSERT_EQ(panel["children"][0]["figures"].size(), 1U);
  EXPECT_EQ(panel["children"][0]["figures"][0]["indicator"], "on_time_gap");
  EXPECT_TRUE(Read("/api/v1/panels/services?unit=02647")["children"].empty());
}

TEST_F(ResourcesTest, ListsArePagedToTheEnd) {
  std::set<std::string> codes;
  std::string cursor;
  for (int page = 0; page < 5; ++page) {
    const json units = Read("/api/v1/units?limit=1&cursor=" + cursor);
    for (const auto& unit : units["items"]) codes.insert(unit["code"].get<std::string>());
    if (units["next"].is_null()) break;
    cursor = units["next"].get<std::string>();
  }
  EXPECT_EQ(codes, (std::set<std::string>{"15", "02647", "02650", "02653"}));
  const json first = Read("/api/v1/explain/records?measure=received&period=2026&limit=1");
  const json second = Read("/api/v1/explain/records?measure=received&period=2026&limit=1&cursor=" +
                           first["next"].get<std::string>());
  EXPECT_NE(first["items"][0]["key"], second["items"][0]["key"]);
}

TEST_F(ResourcesTest, NothingButHealthAnswersBeforeTheCenterIsLoaded) {
  sample_.loaded = false;
  EXPECT_EQ(AskAs("", "/healthz").status, 200);
  EXPECT_EQ(AskAs("", "/readyz").status, 503);
  const Response figures = AskAs(viewer_, "/api/v1/figures?indicator=growth&period=2026");
  EXPECT_EQ(figures.status, 503);
  EXPECT_NE(figures.body->find("\"starting\""), std::string::npos);
}

TEST_F(ResourcesTest, DamagedBytesAreNeverServed) {
  const auto delivery = sample_.facts.FindDelivery(delivery_).value();
  if (!delivery) {
    ASSERT_EQ(AskAs(viewer_, "/api/v1/deliveries").status, 200);
  }
  sample_.archive.Damage(sample_.facts.FindDelivery(delivery_).value()->archive_id);
  const Response payload =
      AskAs(administrator_, "/api/v1/deliveries/" + std::to_string(delivery_.value) + "/payload");
  EXPECT_EQ(payload.status, 500);
  EXPECT_NE(payload.body->find("\"corrupt\""), std::string::npos);
}

TEST_F(ResourcesTest, EveryAnswerHasTheHeadersThatProtectIt) {
  const std::vector<std::string> targets = {"/",
                                            "/healthz",
                                            "/readyz",
                                            "/metrics",
                                            "/api/v1/center",
                                            "/api/v1/nowhere",
                                            "/api//v1",
                                            "/api/v1/accounts",
                                            "/api/v1/figures",
                                            "/api/v1/session",
                                            "/api/v1/openapi.yaml",
                                            "/api/v1/deliveries/7",
                                            "/api/v1/live?panel=services",
                                            "/api/v1/units?x=1"};
  for (const std::string& target : targets) {
    for (const std::string& cookie : {std::string(), viewer_, administrator_}) {
      for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kDelete,
                                  Method::kOptions, Method::kOther}) {
        Request request = testing::Get(target);
        request.method = method;
        if (!cookie.empty()) request.fields.Add("Cookie", cookie);
        std::map<std::string, std::string> fields;
        const Response response = testing::Ask(application_, std::move(request));
        for (const auto& [name, value] : response.fields) fields[name] = value;
        EXPECT_EQ(fields["Content-Security-Policy"].find("default-src 'self';"), 0U) << target;
        EXPECT_EQ(fields["Content-Security-Policy"].find("unsafe"), std::string::npos);
        EXPECT_NE(fields["Content-Security-Policy"].find("frame-ancestors 'none'"),
                  std::string::npos);
        EXPECT_EQ(fields["X-Content-Type-Options"], "nosniff") << target;
        EXPECT_EQ(fields["Referrer-Policy"], "no-referrer") << target;
        EXPECT_EQ(fields["Cross-Origin-Opener-Policy"], "same-origin") << target;
        EXPECT_EQ(fields["Cross-Origin-Resource-Policy"], "same-origin") << target;
        EXPECT_FALSE(fields["Permissions-Policy"].empty()) << target;
        EXPECT_FALSE(fields["Cache-Control"].empty()) << target;
        EXPECT_LT(response.status, 500) << target;
        EXPECT_EQ(response.status == 405, fields.contains("Allow") && response.status != 204)
            << target;
      }
    }
  }
}

TEST_F(ResourcesTest, AForeignHostIsRefusedEverywhere) {
  for (const std::string target : {"/", "/healthz", "/api/v1/session", "/api/v1/nowhere"}) {
    Request request;
    request.target = target;
    request.fields.Add("Host", "rebound.example");
    EXPECT_EQ(testing::Ask(application_, std::move(request)).status, 421) << target;
  }
}

TEST_F(ResourcesTest, StreamsAndChangesFromForeignPagesAreRefused) {
  const auto fields =
      std::vector<std::pair<std::string, std::string>>{{"Origin", "http://evil.example"}};
  EXPECT_EQ(AskAs(viewer_, "/api/v1/live?panel=services", fields).status, 403);
  EXPECT_EQ(AskAs(viewer_, "/api/v1/center", fields).status, 200);
  Request request = testing::Get("/api/v1/session");
  request.method = Method::kPost;
  request.fields.Add("Origin", "http://evil.example");
  EXPECT_EQ(testing::Ask(application_, std::move(request)).status, 403);
}

}  // namespace
}  // namespace fansipan::http
