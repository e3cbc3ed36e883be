#include <algorithm>

#include "http/etag.h"
#include "http/rendering/center_rendering.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/panel_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "model/folding.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxSearch = 200;

/// Whether the unit's code or one of its names contains the folded text.
bool Contains(const model::Unit& unit, const std::string& folded) {
  const auto holds = [&](std::string_view text) {
    return model::FoldForSearch(text).find(folded) != std::string::npos;
  };
  const auto any = [&](const model::LocalizedText& text) {
    return std::any_of(text.begin(), text.end(),
                       [&](const auto& one) { return holds(one.second); });
  };
  return holds(unit.code) || any(unit.name) || any(unit.full_name);
}

base::Result<std::vector<model::UnitId>> FindUnits(Call& call, model::TreeKind kind) {
  const model::UnitTree& tree = call.center().TreeOf(kind);
  std::vector<model::UnitId> units;
  if (const auto parent = call.QueryText("parent")) {
    FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId id, call.GetUnitByCode(kind, *parent));
    units = tree.ChildrenOf(id);
  } else {
    for (std::uint32_t i = 0; i < tree.size(); ++i) units.push_back({i});
  }
  if (const auto search = call.QueryText("search")) {
    if (search->size() > kMaxSearch) {
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                         "parameter 'search' takes at most 200 bytes"};
    }
    const std::string folded = model::FoldForSearch(*search);
    std::erase_if(units, [&](model::UnitId id) { return !Contains(tree.Get(id), folded); });
  }
  std::sort(units.begin(), units.end(), [&](model::UnitId left, model::UnitId right) {
    return tree.Get(left).code < tree.Get(right).code;
  });
  return units;
}

std::string UnitsCsv(const Call& call, const model::UnitTree& tree,
                     const std::vector<model::UnitId>& units) {
  const std::string& language = call.center().languages.front();
  CsvWriter csv;
  for (const auto* name : {"code", "level", "name", "full_name", "parent", "latitude", "longitude",
                           "area_km2", "children"}) {
    csv.Text(name);
  }
  csv.EndRow();
  for (const model::UnitId id : units) {
    const model::Unit& unit = tree.Get(id);
    csv.Text(unit.code);
    csv.Text(unit.level);
    csv.Text(model::TextIn(unit.name, language));
    csv.Text(model::TextIn(unit.full_name, language));
    csv.Text(unit.parent == model::kNoUnit ? "" : tree.Get(unit.parent).code);
    csv.Number(unit.latitude ? std::to_string(*unit.latitude) : "");
    csv.Number(unit.longitude ? std::to_string(*unit.longitude) : "");
    csv.Number(unit.area_km2 ? unit.area_km2->ToText() : "");
    csv.Number(std::to_string(tree.ChildrenOf(id).size()));
    csv.EndRow();
  }
  return csv.Take();
}

base::Result<Response> ListUnits(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind kind, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t limit, call.GetLimit());
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_ASSIGN_OR_RETURN(auto units, FindUnits(call, kind));
  const std::string etag = EtagOfCenter(call);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  const model::UnitTree& tree = call.center().TreeOf(kind);
  const std::string after = call.QueryText("cursor").value_or("");
  std::erase_if(units, [&](model::UnitId id) { return tree.Get(id).code <= after; });
  const bool more = units.size() > limit;
  if (more) units.resize(limit);
  if (as_csv) {
    return WithEtag(Response::Of(200, "text/csv; charset=utf-8", UnitsCsv(call, tree, units)),
                    etag);
  }
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const model::UnitId id : units) {
    json.BeginObject();
    WriteUnit(json, tree, id);
    json.EndObject();
  }
  json.EndArray();
  json.TextOrNull("next", more ? tree.Get(units.back()).code : "");
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

base::Result<Response> GetUnit(Call& call) {
  const std::string& name = call.PathText("tree");
  const bool territory = name == NameOf(model::TreeKind::kTerritory);
  if (!territory && name != NameOf(model::TreeKind::kOrganisation)) {
    return call.Unknown("tree", name, {"territory", "organisation"});
  }
  const auto kind = territory ? model::TreeKind::kTerritory : model::TreeKind::kOrganisation;
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId id,
                            call.GetUnitByCode(kind, call.PathText("code")));
  const std::string etag = EtagOfCenter(call);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  JsonWriter json;
  json.BeginObject();
  WriteUnit(json, call.center().TreeOf(kind), id);
  WriteUnitPath(json, call.center().TreeOf(kind), id);
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

}  // namespace

void AddUnitRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kReadCenter, CenterObject);
  routes.emplace_back(
      Method::kGet, "/api/v1/units", right, ListUnits,
      RouteOptions{.query = {"tree", "parent", "search", "cursor", "limit", "format"}});
  routes.emplace_back(Method::kGet, "/api/v1/units/{tree}/{code}", right, GetUnit);
}

}  // namespace fansipan::http
