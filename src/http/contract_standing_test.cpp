#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "http/resources/routes.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

using nlohmann::json;
using testing::SampleServices;

/// The sample center, whose case system tells how many rows it sends.
center::testing::Files CountingCenter() {
  center::testing::Files files = center::testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  constexpr std::string_view kAnchor = "    owner: {vi: Văn phòng, en: Office}\n";
  const std::size_t at = sources.find(kAnchor);
  EXPECT_NE(at, std::string::npos);
  sources.insert(at + kAnchor.size(), "    control_totals: {rows: {header: X-Total}}\n");
  return files;
}

class ContractStandingTest : public ::testing::Test {
 protected:
  ContractStandingTest()
      : sample_(CountingCenter()),
        application_(sample_.services(), Router(AllRoutes({{}, "", {}})), CallerPolicy{}) {}

  /// Two rows of three that are told; H2 is set aside.
  void PushTwoOfThree() {
    Request request = testing::Get("/api/v1/sources/case_system/deliveries");
    request.method = Method::kPost;
    request.body = SampleServices::Payload({SampleServices::CaseLine("H1", "2026-06-02T00:00:00Z"),
                                            SampleServices::CaseLine("H2", "no moment")});
    request.fields.Add("Authorization", "Bearer " + sample_.push_token);
    request.fields.Add("Content-Type", "text/csv; charset=utf-8");
    request.fields.Add("X-Total", "3");
    const Response response = testing::Ask(application_, std::move(request));
    EXPECT_EQ(response.status, 201) << *response.body;
    sample_.committer->TickNow();  // what was acknowledged is published now
  }

  json Read(const std::string& target, const std::string& cookie = "") {
    Request request = testing::Get(target);
    if (!cookie.empty()) request.fields.Add("Cookie", cookie);
    const Response response = testing::Ask(application_, std::move(request));
    EXPECT_EQ(response.status, 200) << target << ": " << *response.body;
    return json::parse(*response.body, nullptr, false);
  }

  SampleServices sample_;
  Application application_;
};

json ControlOf(const json& source) {
  return source["contract_standing"]["incomplete"]["control_totals"];
}

TEST_F(ContractStandingTest, APassportOfAPublicFigureNamesNoRows) {
  PushTwoOfThree();
  const json answer = Read("/api/v1/figures?indicator=on_time_rate&period=2026-06");
  const json control = ControlOf(answer["figures"][0]["passport"]["sources"][0]);
  EXPECT_EQ(control["rows_told"], 3);
  EXPECT_EQ(control["rows_accepted"], 1);
  EXPECT_EQ(control["missing"], 2);
  EXPECT_EQ(control["named"], json::array());
}

TEST_F(ContractStandingTest, TheSourceNamesThemForThoseWhoMayReadIt) {
  PushTwoOfThree();
  const json control =
      ControlOf(Read("/api/v1/sources/case_system", sample_.ViewerCookie()).at("source"));
  ASSERT_EQ(control["named"].size(), 1U);
  EXPECT_EQ(control["named"][0]["key"], "H2");
}

}  // namespace
}  // namespace fansipan::http
