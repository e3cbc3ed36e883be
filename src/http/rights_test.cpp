#include <gtest/gtest.h>

#include <map>
#include <set>

#include "http/application.h"
#include "http/resources/routes.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

/// Who may follow each route of the table, one letter a kind of caller:
/// N nobody, S the source's token, V viewer, A administrator, O operator on the machine.
/// Written down apart from the table of rights: a new route must be entered here.
const std::map<std::string, std::string>& Expected() {
  static const std::map<std::string, std::string> kExpected = {
      {"GET /api/v1/session", "NVA"},
      {"POST /api/v1/session", "NVA"},
      {"DELETE /api/v1/session", "VA"},
      {"POST /api/v1/set-up", "N"},
      {"GET /api/v1/accounts", "AO"},
      {"POST /api/v1/accounts", "AO"},
      {"POST /api/v1/accounts/{id}/disable", "AO"},
      {"GET /api/v1/sources/{name}/tokens", "AO"},
      {"POST /api/v1/sources/{name}/tokens", "AO"},
      {"DELETE /api/v1/sources/{name}/tokens/{id}", "AO"},
      {"GET /api/v1/secrets", "AO"},
      {"PUT /api/v1/secrets/{name}", "AO"},
      {"DELETE /api/v1/secrets/{name}", "AO"},
      {"GET /api/v1/center", "NVAO"},
      {"GET /api/v1/center/indicators", "NVAO"},
      {"GET /api/v1/center/datasets/{name}", "VAO"},
      {"GET /api/v1/units", "NVAO"},
      {"GET /api/v1/units/{tree}/{code}", "NVAO"},
      {"GET /api/v1/units/{tree}/{code}/lineage", "NVAO"},
      {"GET /api/v1/groupings", "NVAO"},
      {"GET /api/v1/periods", "NVAO"},
      {"GET /api/v1/figures", "VAO"},
      {"GET /api/v1/figures/history", "VAO"},
      {"GET /api/v1/contradictions", "VAO"},
      {"GET /api/v1/panels/{name}", "VAO"},
      {"GET /api/v1/explain", "VAO"},
      {"GET /api/v1/explain/records", "VAO"},
      {"GET /api/v1/alarms", "VAO"},
      {"GET /api/v1/explain/change", "VAO"},
      {"GET /api/v1/explain/change/records", "VAO"},
      {"GET /api/v1/records/{dataset}/versions", "VAO"},
      {"GET /api/v1/versions/{sequence}", "VAO"},
      {"GET /api/v1/versions/{sequence}/raw", "AO"},
      {"POST /api/v1/sources/{name}/deliveries", "SAO"},
      {"POST /api/v1/sources/{name}/heartbeat", "SAO"},
      {"GET /api/v1/deliveries", "VAO"},
      {"GET /api/v1/deliveries/{sequence}", "VAO"},
      {"GET /api/v1/deliveries/{sequence}/payload", "AO"},
      {"POST /api/v1/deliveries/{sequence}/replay", "AO"},
      {"GET /api/v1/deliveries/{sequence}/raw", "AO"},
      {"GET /api/v1/quarantine", "VAO"},
      {"GET /api/v1/quarantine/summary", "VAO"},
      {"POST /api/v1/quarantine/decisions", "AO"},
      {"GET /api/v1/sources/{name}/mappings", "AO"},
      {"POST /api/v1/sources/{name}/mappings/try", "AO"},
      {"GET /api/v1/replays", "AO"},
      {"POST /api/v1/replays", "AO"},
      {"DELETE /api/v1/replays", "AO"},
      {"GET /api/v1/sources", "VAO"},
      {"GET /api/v1/sources/{name}", "VAO"},
      {"GET /api/v1/source-events", "VAO"},
      {"GET /api/v1/quality/{dataset}", "VAO"},
      {"PUT /api/v1/sources/{name}/pause", "AO"},
      {"DELETE /api/v1/sources/{name}/pause", "AO"},
      {"POST /api/v1/sources/{name}/try", "AO"},
      {"GET /api/v1/live", "VAO"},
      {"POST /api/v1/center/plan", "O"},
      {"POST /api/v1/center/apply", "O"},
      {"POST /api/v1/verify", "O"},
      {"GET /api/v1/status", "O"},
      {"GET /healthz", "NSVAO"},
      {"GET /readyz", "NSVAO"},
      {"GET /metrics", "AO"},
      {"GET /api/v1/openapi.yaml", "SVAO"},
      {"GET /{*}", "NSVAO"}};
  return kExpected;
}

class RightsTest : public ::testing::Test {
 protected:
  RightsTest() : application_(sample_.services(), Router(AllRoutes(Content())), CallerPolicy{}) {
    delivery_ = sample_.DeliverSample();
    EXPECT_TRUE(sample_.services().center()->wait_for_facts(delivery_, {}).ok());
    viewer_ = sample_.ViewerCookie();
    administrator_ = sample_.AdministratorCookie();
  }

  static RouteContent Content() {
    RouteContent content;
    content.description = "openapi: 3.1.0";
    auto screens = std::make_shared<StaticFiles>();
    screens->Add("index.html", "<!doctype html>");
    content.screens = screens;
    return content;
  }

  /// A path that leads to something, for each variable of a pattern.
  std::string Fill(std::string pattern) const {
    const std::map<std::string, std::string> values = {
        {"{name}", pattern.find("/panels/") != std::string::npos     ? "services"
                   : pattern.find("/datasets/") != std::string::npos ? "case"
                                                                     : "case_system"},
        {"{id}", "999"},
        {"{tree}", "territory"},
        {"{code}", "15"},
        {"{dataset}", "case"},
        {"{sequence}",
         std::to_string(pattern.find("versions") == std::string::npos ? delivery_.value
                                                                      : delivery_.value + 1)},
        {"{*}", ""}};
    for (const auto& [name, value] : values) {
      const std::size_t at = pattern.find(name);
      if (at != std::string::npos) pattern.replace(at, name.size(), value);
    }
    return pattern;
  }

  static std::string QueryFor(const std::string& pattern) {
    if (pattern.ends_with("/figures") || pattern.ends_with("/explain")) {
      return "?indicator=growth&period=2026-06";
    }
    if (pattern.ends_with("/explain/change")) {
      return "?indicator=growth&period=2026-06&from=2026-06-01T00:00:00Z";
    }
    if (pattern.ends_with("/change/records")) {
      return "?measure=finished&period=2026-06&from=2026-06-01T00:00:00Z&cause=new";
    }
    if (pattern.ends_with("/explain/records")) return "?measure=finished&period=2026-06";
    if (pattern.ends_with("/live")) return "?panel=services";
    if (pattern.ends_with("{dataset}/versions")) return "?key.case_number=H1";
    return "";
  }

  int Status(char caller, Method method, const std::string& target) {
    Request request = testing::Get(target);
    request.method = method;
    if (method == Method::kPost || method == Method::kPut) request.body = "{}";
    request.fields.Add("Content-Type", "application/json");
    if (caller == 'S') request.fields.Add("Authorization", "Bearer " + sample_.push_token);
    if (caller == 'O') request.local = true;
    if (caller == 'V' || caller == 'A') {
      const std::string& cookie = caller == 'V' ? viewer_ : administrator_;
      request.fields.Add("Cookie", cookie);
      security::Sessions& sessions = sample_.access.access->sessions();
      const auto identity = sessions.Authenticate(cookie.substr(cookie.find('=') + 1), "");
      if (!identity.ok()) {  // signed out by a route before
        (caller == 'V' ? viewer_ : administrator_) =
            caller == 'V' ? sample_.ViewerCookie() : sample_.AdministratorCookie();
        return Status(caller, method, target);
      }
      request.fields.Add("X-CSRF-Token", sessions.CsrfToken(identity->session));
    }
    return testing::Ask(application_, std::move(request)).status;
  }

  testing::SampleServices sample_;
  Application application_;
  model::Sequence delivery_;
  std::string viewer_;
  std::string administrator_;
};

TEST_F(RightsTest, EveryRouteIsOpenToExactlyThoseWhoMay) {
  std::set<std::string> seen;
  for (const Route& route : application_.router().routes()) {
    const std::string name = std::string(NameOf(route.method())) + " " + route.pattern();
    seen.insert(name);
    ASSERT_TRUE(Expected().contains(name)) << name << " is not in the list of who may follow it";
    const std::string& allowed = Expected().at(name);
    for (const char caller : std::string("NSVAO")) {
      const int status =
          Status(caller, route.method(), Fill(route.pattern()) + QueryFor(route.pattern()));
      const bool refused = status == 401 || status == 403;
      if (route.options().local_only && caller != 'O') {
        EXPECT_EQ(status, 404) << name << " for " << caller;
      } else if (allowed.find(caller) == std::string::npos) {
        EXPECT_EQ(status, caller == 'N' ? 401 : 403) << name << " for " << caller;
      } else if (!(route.pattern() == "/api/v1/session" && route.method() == Method::kPost)) {
        EXPECT_FALSE(refused) << name << " for " << caller << ": " << status;
        EXPECT_LT(status, 500) << name << " for " << caller;
      }
    }
  }
  EXPECT_EQ(seen.size(), Expected().size()) << "the list names a route that is not there";
}

TEST_F(RightsTest, NoOtherSpellingOfAPathLeadsAnywhere) {
  for (const Route& route : application_.router().routes()) {
    if (!route.pattern().starts_with("/api/")) continue;  // screens take what is left
    const std::string path = Fill(route.pattern());
    const std::size_t last = path.rfind('/');
    std::string upper = path;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const std::vector<std::string> spellings = {
        "/" + path,
        path.substr(0, last) + "//" + path.substr(last + 1),
        path + "/",
        path.substr(0, last) + "%2f" + path.substr(last + 1),
        path.substr(0, last) + "%2F" + path.substr(last + 1),
        path + ";x",
        path.substr(0, last) + ";x" + path.substr(last),
        path.substr(0, last) + "/." + path.substr(last),
        path + "/../" + path.substr(last + 1),
        path + "%20",
        path + "%00",
    };
    for (const std::string& spelling : spellings) {
      for (const char caller : std::string("NSVAO")) {
        const int status = Status(caller, route.method(), spelling + QueryFor(route.pattern()));
        EXPECT_TRUE(status == 404 || status == 401 || status == 403 || status == 405)
            << spelling << " for " << caller << ": " << status;
        EXPECT_TRUE(status == 404 || spelling.find("%20") != std::string::npos)
            << spelling << " for " << caller << ": " << status;
      }
    }
    for (const char caller : std::string("NSVAO")) {
      EXPECT_EQ(Status(caller, route.method(), upper), 404) << upper << " for " << caller;
    }
  }
}

TEST_F(RightsTest, PublicFiguresAreReadableByEverybodyAndOthersAreNot) {
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/figures?indicator=on_time_rate&period=2026"), 200);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/figures?indicator=on_time_rate,growth&period=2026"),
            401);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/figures?indicator=no_such&period=2026"), 401);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/panels/departments"), 200);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/panels/services"), 401);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/panels/no_such"), 401);
  EXPECT_EQ(Status('N', Method::kGet, "/api/v1/live?panel=departments"), 200);
}

TEST_F(RightsTest, ATokenIsGoodForItsOwnSourceOnly) {
  EXPECT_EQ(Status('S', Method::kPost, "/api/v1/sources/payments/heartbeat"), 403);
  EXPECT_EQ(Status('S', Method::kPost, "/api/v1/sources/no_such/heartbeat"), 403);
  EXPECT_EQ(Status('S', Method::kPost, "/api/v1/sources/case_system/heartbeat"), 204);
}

TEST_F(RightsTest, ViewersCannotExportQuarantine) {
  EXPECT_EQ(Status('V', Method::kGet, "/api/v1/quarantine"), 200);
  EXPECT_EQ(Status('V', Method::kGet, "/api/v1/quarantine?format=csv"), 403);
  EXPECT_EQ(Status('A', Method::kGet, "/api/v1/quarantine?format=csv"), 200);
}

}  // namespace
}  // namespace fansipan::http
