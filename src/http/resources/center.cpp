#include "http/etag.h"
#include "http/rendering/center_rendering.h"
#include "http/rendering/panel_rendering.h"
#include "http/rendering/period_rendering.h"
#include "http/rendering/record_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

bool SeesAll(const Call& call) { return call.identity.kind != security::IdentityKind::kAnonymous; }

base::Result<Response> GetCenter(Call& call) {
  const std::string etag = EtagOfCenter(call);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  const center::Center& center = call.center();
  JsonWriter json;
  json.BeginObject();
  WriteCenterName(json, center);
  json.BeginArray("systems");
  for (const center::System& system : center.systems) {
    json.BeginObject();
    json.Text("name", system.name);
    json.Localized("title", system.title);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("panels");
  for (const center::Panel& panel : center.panels) {
    if (SeesAll(call) || IsPublic(center, panel)) WritePanelTitle(json, "", panel);
  }
  json.EndArray();
  WriteRegimes(json, center);
  json.BeginObject("public");
  json.BeginArray("indicators");
  for (const std::string& name : center.public_indicators) json.TextItem(name);
  json.EndArray();
  json.EndObject();
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

base::Result<Response> ListIndicators(Call& call) {
  const std::string etag = EtagOfCenter(call);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const model::Indicator& indicator : call.center().indicators) {
    if (SeesAll(call) || call.center().IsPublic(indicator.name)) WriteIndicator(json, indicator);
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

base::Result<Response> GetDataset(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* dataset, call.GetDataset(call.PathText("name")));
  const std::string etag = EtagOfCenter(call);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  JsonWriter json;
  json.BeginObject();
  json.Text("name", dataset->name);
  json.Localized("title", dataset->title);
  json.Text("system", dataset->system);
  json.Text("kind", NameOf(dataset->kind));
  json.TextOrNull("order", dataset->order ? dataset->columns[*dataset->order].name : "");
  WriteColumns(json, {dataset, security::MayReadPersonal(call.identity)});
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

security::Object DatasetInPath(const Call& call) {
  security::Object object;
  const model::Dataset* dataset = call.center().FindDataset(call.PathText("name"));
  if (dataset != nullptr) object.system = dataset->system;
  return object;
}

}  // namespace

void AddCenterRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kReadCenter, CenterObject);
  routes.emplace_back(Method::kGet, "/api/v1/center", right, GetCenter);
  routes.emplace_back(Method::kGet, "/api/v1/center/indicators", right, ListIndicators);
  routes.emplace_back(Method::kGet, "/api/v1/center/datasets/{name}",
                      Right(security::Action::kReadCenter, DatasetInPath), GetDataset);
}

}  // namespace fansipan::http
