#include <optional>

#include "http/maps/features.h"
#include "http/maps/map_layer.h"
#include "http/maps/map_links.h"
#include "http/maps/map_question.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "http/target.h"

namespace fansipan::http {
namespace {

constexpr std::string_view kRoot = "/api/v1/maps";

/// OGC API – Features over the layers of the center that runs. Addresses in answers begin with what
/// the request named this server.
class Maps {
 public:
  explicit Maps(bool secure) : secure_(secure) {}

  base::Result<Response> GetLanding(Call& call) const {
    const std::string base = BaseOf(call);
    const center::Center& center = call.center();
    JsonWriter json;
    json.BeginObject();
    json.Text("title", model::TextIn(center.title, center.languages.front()));
    json.BeginArray("links");
    WriteLink(json, {"self", kJsonType, base});
    WriteLink(json, {"service-desc", "application/yaml",
                     OriginOf(*call.request, secure_) + "/api/v1/openapi.yaml"});
    WriteLink(json, {"conformance", kJsonType, base + "/conformance"});
    WriteLink(json, {"data", kJsonType, base + "/collections"});
    json.EndArray();
    json.EndObject();
    return Response::Json(200, json.Take());
  }

  /// The description is of OpenAPI 3.1, so that the class of 3.0 is not claimed.
  static base::Result<Response> GetConformance(Call&) {
    JsonWriter json;
    json.BeginObject();
    json.BeginArray("conformsTo");
    json.TextItem("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core");
    json.TextItem("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson");
    json.EndArray();
    json.EndObject();
    return Response::Json(200, json.Take());
  }

  base::Result<Response> ListCollections(Call& call) const {
    const std::string base = BaseOf(call);
    JsonWriter json;
    json.BeginObject();
    json.BeginArray("links");
    WriteLink(json, {"self", kJsonType, base + "/collections"});
    json.EndArray();
    json.BeginArray("collections");
    for (const MapLayer& layer : ReadableLayers(call)) WriteCollection(json, call, base, layer);
    json.EndArray();
    json.EndObject();
    return Response::Json(200, json.Take());
  }

  base::Result<Response> GetCollection(Call& call) const {
    FANSIPAN_ASSIGN_OR_RETURN(const MapLayer layer, GetLayer(call));
    JsonWriter json;
    WriteCollection(json, call, BaseOf(call), layer);
    return Response::Json(200, json.Take());
  }

  base::Result<Response> ListItems(Call& call) const {
    FANSIPAN_ASSIGN_OR_RETURN(const MapLayer layer, GetLayer(call));
    FANSIPAN_ASSIGN_OR_RETURN(const MapQuestion question, ParseMapQuestion(call));
    FANSIPAN_ASSIGN_OR_RETURN(const FeaturePage page, FindFeatures(call, layer, question));
    const std::string collection = BaseOf(call) + "/collections/" + layer.name;
    JsonWriter json;
    json.BeginObject();
    json.Text("type", "FeatureCollection");
    json.Moment("timeStamp", call.services->clock->Now());
    if (page.matched) json.Integer("numberMatched", static_cast<std::int64_t>(*page.matched));
    json.Integer("numberReturned", static_cast<std::int64_t>(page.features.size()));
    json.BeginArray("links");
    WriteLink(json,
              {"self", kGeoJsonType, OriginOf(*call.request, secure_) + call.request->target});
    WriteLink(json, {"collection", kJsonType, collection});
    if (!page.next.empty()) {
      WriteLink(json, {"next", kGeoJsonType,
                       collection + "/items?" + QueryOfNext(call, question, page.next)});
    }
    json.EndArray();
    json.BeginArray("features");
    for (const MapFeature& feature : page.features) {
      json.BeginObject();
      WriteMembers(json, feature);
      json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return Response::Of(200, std::string(kGeoJsonType), json.Take());
  }

  base::Result<Response> GetItem(Call& call) const {
    FANSIPAN_ASSIGN_OR_RETURN(const MapLayer layer, GetLayer(call));
    FANSIPAN_ASSIGN_OR_RETURN(const MapFeature feature, GetFeature(call, layer));
    const std::string collection = BaseOf(call) + "/collections/" + layer.name;
    JsonWriter json;
    json.BeginObject();
    WriteMembers(json, feature);
    json.BeginArray("links");
    WriteLink(json, {"self", kGeoJsonType, collection + "/items/" + feature.id});
    WriteLink(json, {"collection", kJsonType, collection});
    json.EndArray();
    json.EndObject();
    return Response::Of(200, std::string(kGeoJsonType), json.Take());
  }

 private:
  std::string BaseOf(const Call& call) const {
    return OriginOf(*call.request, secure_).append(kRoot);
  }

  static void WriteMembers(JsonWriter& json, const MapFeature& feature) {
    json.Text("type", "Feature");
    json.Text("id", feature.id);
    json.Raw("geometry", feature.geometry);
    json.Raw("properties", feature.properties);
  }

  static std::string QueryOfNext(const Call& call, const MapQuestion& question,
                                 const std::string& cursor) {
    std::string query = "limit=" + std::to_string(question.limit);
    for (const char* name : {"bbox", "datetime"}) {
      const auto text = call.QueryText(name);
      if (text) query.append("&").append(name).append("=").append(EncodeComponent(*text));
    }
    return query + "&cursor=" + EncodeComponent(cursor);
  }

  bool secure_;
};

}  // namespace

void AddMapRoutes(std::vector<Route>& routes, const CallerPolicy& policy) {
  const Maps maps(policy.secure);
  const Right read(security::Action::kReadCenter, CenterObject);
  const std::string root(kRoot);
  const auto add = [&](const std::string& pattern, auto handler, RouteOptions options = {}) {
    routes.emplace_back(
        Method::kGet, root + pattern, read,
        [maps, handler](Call& call) { return (maps.*handler)(call); }, std::move(options));
  };
  routes.emplace_back(Method::kGet, root + "/conformance", read, Maps::GetConformance);
  add("", &Maps::GetLanding);
  add("/collections", &Maps::ListCollections);
  add("/collections/{layer}", &Maps::GetCollection);
  add("/collections/{layer}/items", &Maps::ListItems,
      {.lane = Lane::kHeavy, .query = {"bbox", "datetime", "limit", "cursor"}});
  add("/collections/{layer}/items/{id}", &Maps::GetItem, {.lane = Lane::kHeavy});
}

}  // namespace fansipan::http
