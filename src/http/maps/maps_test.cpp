#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "http/maps/map_links.h"
#include "http/maps/map_question.h"
#include "http/resources/routes.h"
#include "http/testing/sample_services.h"

namespace fansipan::http {
namespace {

using nlohmann::json;
using testing::SampleServices;
using Texts = std::vector<std::string>;

const std::string kCollections = "/api/v1/maps/collections";

/// The sample center, whose cases have points: those that are open stand in a layer.
center::testing::Files WithPoints() {
  center::testing::Files files = center::testing::SampleCenter();
  std::string& datasets = files.at("systems/services/datasets.yaml");
  const std::string last = "      pages: {type: integer, optional: true}\n";
  datasets.insert(datasets.find(last) + last.size(),
                  "      longitude: {type: decimal, scale: 4, optional: true}\n"
                  "      latitude: {type: decimal, scale: 4, optional: true}\n");
  files.at("systems/services/layers.yaml") +=
      "  open_cases:\n"
      "    title: {vi: Hồ sơ đang xử lý, en: Open cases}\n"
      "    dataset: case\n"
      "    longitude: longitude\n"
      "    latitude: latitude\n"
      "    properties: [status, fee, pages, received_at]\n"
      "    where: status = 'open'\n";
  return files;
}

class MapsTest : public ::testing::Test {
 protected:
  MapsTest()
      : sample_(WithPoints()),
        application_(sample_.services(), Router(AllRoutes({{}, "", {}})), CallerPolicy{}),
        viewer_(sample_.ViewerCookie()) {}

  /// Cases as lines of SampleServices::CaseLine with ";longitude;latitude" behind.
  void Deliver(const Texts& lines) {
    sources::Submission submission;
    submission.source = "case_system";
    submission.received_at = sample_.access.clock.Now();
    submission.payload = SampleServices::Payload(lines);
    submission.payload.insert(submission.payload.find('\n'), ";longitude;latitude");
    const auto report = sample_.intake->Deliver(std::move(submission));
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->delivery.counts.accepted, lines.size());
    sample_.committer->TickNow();
  }

  /// Four open cases in Sa Pa, Bắc Hà and nowhere, and one that is done.
  void DeliverCases() {
    const std::string then = "2026-06-02T00:00:00Z";
    Deliver({SampleServices::CaseLine("A/1", then) + ";103.84;22.33",
             SampleServices::CaseLine("B 2", then, "", "12.50") + ";104.29;22.54",
             SampleServices::CaseLine("C", then) + ";;",
             SampleServices::CaseLine("D", then) + ";103.86;22.35",
             SampleServices::CaseLine("E", then, then) + ";103.85;22.34"});
  }

  Response Ask(const std::string& target, bool signed_in = true) {
    Request request = testing::Get(target);
    if (signed_in) request.fields.Add("Cookie", viewer_);
    return testing::Ask(application_, std::move(request));
  }

  json Read(const std::string& target) {
    const Response response = Ask(target);
    EXPECT_EQ(response.status, 200) << target << ": " << *response.body;
    return json::parse(*response.body, nullptr, false);
  }

  int StatusOf(const std::string& target, bool signed_in = true) {
    return Ask(target, signed_in).status;
  }

  /// Ids of all features, page by page; expects as many on a page as `limit` allows.
  Texts Walk(const std::string& items) {
    Texts ids;
    std::string target = items;
    for (int page = 0; page < 20; ++page) {
      const json answer = Read(target);
      for (const json& feature : answer["features"]) ids.push_back(feature["id"]);
      EXPECT_EQ(answer["numberReturned"], answer["features"].size());
      target.clear();
      for (const json& link : answer["links"]) {
        if (link["rel"] != "next") continue;
        const std::string origin = "http://localhost:8080";
        const std::string address = link["href"];
        EXPECT_EQ(address.find(origin), 0U) << address;
        target = address.substr(origin.size());
      }
      if (target.empty()) return ids;
    }
    ADD_FAILURE() << "the pages of " << items << " have no end";
    return ids;
  }

  SampleServices sample_;
  Application application_;
  std::string viewer_;
};

TEST_F(MapsTest, BeginWithLinksToWhatThereIs) {
  std::set<std::string> relations;
  const json landing = Read("/api/v1/maps");
  for (const json& link : landing["links"]) relations.insert(link["rel"]);
  EXPECT_EQ(relations, (std::set<std::string>{"self", "service-desc", "conformance", "data"}));
  EXPECT_EQ(Read("/api/v1/maps/conformance")["conformsTo"].size(), 2U);
  Texts ids;
  const json collections = Read(kCollections);
  for (const json& layer : collections["collections"]) ids.push_back(layer["id"]);
  EXPECT_EQ(ids,
            (Texts{"units", "payments", "on_time_by_commune", "growth_reported", "open_cases"}));
  const json box = Read(kCollections + "/units")["extent"]["spatial"]["bbox"][0];
  EXPECT_EQ(box, json::parse("[103.84,22.3,104.1,22.33]"));
  EXPECT_EQ(Ask(kCollections + "/units/items").content_type, "application/geo+json");
}

TEST_F(MapsTest, ShowUnitsAsTheyAreOnADay) {
  const std::string items = kCollections + "/units/items";
  EXPECT_EQ(Walk(items + "?limit=1"), (Texts{"02647", "02650", "02653", "15"}));
  EXPECT_EQ(Walk(items + "?datetime=2031-01-01T00:00:00Z"), (Texts{"02647", "02650", "15"}));
  EXPECT_EQ(Walk(items + "?datetime=2020-01-01"), Texts());
  EXPECT_EQ(Walk(items + "?datetime=2029-12-31/.."), (Texts{"02647", "02650", "02653", "15"}));
  EXPECT_EQ(Walk(items + "?bbox=103.5,22,104,23"), Texts{"02647"});
  EXPECT_EQ(Read(items)["numberMatched"], 4);
  const json renamed = Read(items + "?datetime=2029-01-01")["features"][2];
  EXPECT_EQ(renamed["properties"]["name"], "Mường Hoa");
  EXPECT_EQ(renamed["properties"]["valid_to"], "2030-01-01");
  EXPECT_EQ(renamed["geometry"], nullptr);
  const json province = Read(items + "/15");
  EXPECT_EQ(province["properties"]["area_km2"].dump(), "13256.92");
  EXPECT_EQ(province["properties"]["name_en"], "Lao Cai");
  EXPECT_EQ(province["geometry"]["coordinates"], json::parse("[104.1,22.3]"));
  EXPECT_EQ(StatusOf(items + "/99"), 404);
}

TEST_F(MapsTest, ShowTheCurrentRecordsOfALayer) {
  DeliverCases();
  const std::string items = kCollections + "/open_cases/items";
  EXPECT_EQ(Walk(items), (Texts{"D", "C", "B!202", "A!2F1"}));
  EXPECT_EQ(Walk(items + "?limit=1"), (Texts{"D", "C", "B!202", "A!2F1"}));
  EXPECT_EQ(Read(items)["numberMatched"], 4);
  EXPECT_FALSE(Read(items + "?limit=1").contains("numberMatched"));
  const json feature = Read(items + "/B!202");
  EXPECT_EQ(feature["geometry"]["coordinates"].dump(), "[104.29,22.54]");
  EXPECT_EQ(feature["properties"].size(), 4U);
  EXPECT_EQ(feature["properties"]["fee"].dump(), "12.5");
  EXPECT_EQ(feature["properties"]["pages"], 3);
  EXPECT_EQ(Read(items + "/C")["geometry"], nullptr);
  EXPECT_EQ(StatusOf(items + "/E"), 404) << "it is done, and not of the layer";
  EXPECT_EQ(StatusOf(items + "/F"), 404);
  EXPECT_EQ(StatusOf(items + "/A,1"), 404);
  sample_.Advance(std::chrono::minutes(10));
  Deliver({SampleServices::CaseLine("D", "2026-06-05T00:00:00Z", "2026-06-05T00:00:00Z") +
           ";103.86;22.35"});
  EXPECT_EQ(StatusOf(items + "/D"), 404) << "corrected";
  EXPECT_EQ(Walk(items), (Texts{"C", "B!202", "A!2F1"}));
}

TEST_F(MapsTest, ShowWhatLiesInABoxPageByPage) {
  DeliverCases();
  const std::string items = kCollections + "/open_cases/items";
  const std::string sa_pa = "bbox=103.8,22.3,103.9,22.4";
  EXPECT_EQ(Walk(items + "?" + sa_pa), (Texts{"D", "A!2F1"}));
  EXPECT_EQ(Walk(items + "?limit=1&" + sa_pa), (Texts{"D", "A!2F1"}));
  EXPECT_EQ(Walk(items + "?bbox=0,0,1,1"), Texts());
  EXPECT_EQ(Walk(items + "?datetime=2020-01-01&" + sa_pa), (Texts{"D", "A!2F1"}))
      << "records have no time of their own";
}

TEST_F(MapsTest, ShowFiguresWithWhatIsSaidOfThem) {
  DeliverCases();
  const std::string items = kCollections + "/on_time_by_commune/items";
  EXPECT_EQ(Walk(items + "?limit=2"), (Texts{"02647", "02650", "02653"}));
  const json answer = Read(items + "?bbox=103,22,104,23");
  EXPECT_EQ(answer["numberMatched"], 1);
  const json shown = answer["features"][0]["properties"];
  const json told = Read("/api/v1/figures?indicator=on_time_rate&unit=02647&period=" +
                         shown["period"].get<std::string>())["figures"][0];
  EXPECT_EQ(shown["judgement"], told["judgement"]);
  EXPECT_EQ(shown["trust_marks"], told["trust_marks"]);
  EXPECT_EQ(shown["no_value_reason"], told["no_value_reason"]);
  EXPECT_EQ(shown["unit_of_measure"], "percent");
  EXPECT_TRUE(shown["as_of"].is_string());
  EXPECT_TRUE(shown["value"].is_number() || shown["value"].is_null());
  EXPECT_EQ(StatusOf(items + "/02650"), 200);
  EXPECT_EQ(StatusOf(items + "/15"), 404) << "the root has no point of its own on this map";
}

TEST_F(MapsTest, ShowNobodyWhatIsNotTheirs) {
  Texts ids;
  const json collections = json::parse(*Ask(kCollections, false).body);
  for (const json& layer : collections["collections"]) ids.push_back(layer["id"]);
  EXPECT_EQ(ids, (Texts{"units", "on_time_by_commune"})) << "only what is public";
  for (const char* name : {"/payments", "/open_cases", "/growth_reported"}) {
    EXPECT_EQ(StatusOf(kCollections + name, false), 401) << name;
    EXPECT_EQ(StatusOf(kCollections + name + "/items", false), 401) << name;
    EXPECT_EQ(StatusOf(kCollections + name + "/items/02647", false), 401) << name;
    EXPECT_EQ(StatusOf(kCollections + name + "/items"), 200) << name;
  }
  EXPECT_EQ(StatusOf(kCollections + "/on_time_by_commune/items", false), 200);
}

TEST_F(MapsTest, RefuseWhatTheyDoNotUnderstand) {
  const std::string items = kCollections + "/units/items";
  for (const char* query : {"bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,nan", "bbox=103,23,104,22",
                            "datetime=june", "datetime=2026-01-01/2025-01-01", "datetime=../..",
                            "limit=0", "limit=x", "f=json", "bbox-crs=x"}) {
    EXPECT_EQ(StatusOf(items + "?" + query), 400) << query;
  }
  EXPECT_EQ(StatusOf(items + "?limit=100000"), 200);
  EXPECT_EQ(StatusOf(kCollections + "/open_cases/items?cursor=x"), 400);
  EXPECT_EQ(StatusOf(kCollections + "/no_such"), 404);
}

TEST(MapBoxes, AreReadWithAndWithoutHeights) {
  const MapBox flat = ParseMapBox("103,21.5,105,23").value();
  const MapBox high = ParseMapBox("103,21.5,-10,105,23,3143").value();
  for (const MapBox& box : {flat, high}) {
    EXPECT_TRUE(box.Holds(103, 23));
    EXPECT_FALSE(box.Holds(102.9, 22));
    EXPECT_FALSE(box.Holds(104, 21.4));
  }
  const MapBox crossing = ParseMapBox("170,-10,-170,10").value();
  EXPECT_TRUE(crossing.Holds(179, 0));
  EXPECT_TRUE(crossing.Holds(-179, 0));
  EXPECT_FALSE(crossing.Holds(0, 0));
}

TEST(FeatureIds, LeadBackToTheirTexts) {
  for (const Texts& texts : {Texts{"02647"}, Texts{"A/1", "Sa Pa", "x,y"}, Texts{"..", "!"},
                             Texts{"Tả Van"}, Texts{"H38.01"}}) {
    const std::string id = EncodeFeatureId(texts);
    EXPECT_EQ(DecodeFeatureId(id), std::optional(texts)) << id;
    EXPECT_EQ(id.find_first_of("/ %.") == 0, false) << id;
  }
  EXPECT_EQ(EncodeFeatureId({"H38.01"}), "H38.01");
  for (const char* id : {"!", "!4", "!41", "a b", "!zz"}) {
    EXPECT_FALSE(DecodeFeatureId(id).has_value()) << id;
  }
}

}  // namespace
}  // namespace fansipan::http
