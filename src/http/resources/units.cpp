#include <algorithm>

#include "center/calendar_notices.h"
#include "http/etag.h"
#include "http/rendering/center_rendering.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/lineage_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "model/spelling/folding.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxSearch = 200;

/// The day of parameter `on`, or today where the center is.
base::Result<model::Date> GetDay(const Call& call) {
  const auto text = call.QueryText("on");
  if (!text) return center::DayAt(call.center(), call.services->clock->Now());
  const auto value = model::ParseValue(*text, model::ColumnType::kDate, 0, base::TimeZone::Utc());
  if (value.ok() && std::holds_alternative<model::Date>(*value)) {
    return std::get<model::Date>(*value);
  }
  return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                     "parameter 'on' is '" + *text + "'; a day such as 2025-06-30 is allowed"};
}

/// Changes with the day too, since today is another day tomorrow.
std::string EtagOfDay(const Call& call, model::Date day) {
  std::string etag = EtagOfCenter(call);
  etag.insert(etag.size() - 1, "." + model::ToText(model::Value(day)));
  return etag;
}

base::Result<model::TreeKind> GetTreeOfPath(Call& call) {
  const std::string& name = call.PathText("tree");
  for (const auto kind : {model::TreeKind::kTerritory, model::TreeKind::kOrganisation}) {
    if (name == NameOf(kind)) return kind;
  }
  return call.Unknown("tree", name, {"territory", "organisation"});
}

/// Whether the unit's code or one of the names it has in a state contains the folded text.
bool Contains(const model::Unit& unit, const model::UnitState& state, const std::string& folded) {
  const auto holds = [&](std::string_view text) {
    return model::FoldForSearch(text).find(folded) != std::string::npos;
  };
  const auto any = [&](const model::LocalizedText& text) {
    return std::any_of(text.begin(), text.end(),
                       [&](const auto& one) { return holds(one.second); });
  };
  return holds(unit.code) || any(state.name) || any(state.full_name);
}

/// The units asked for, and the day as of which they are shown.
struct FoundUnits {
  std::vector<model::UnitId> units;
  model::Date day;
};

base::Result<FoundUnits> FindUnits(Call& call, model::TreeKind kind) {
  const model::UnitTree& tree = call.center().TreeOf(kind);
  FANSIPAN_ASSIGN_OR_RETURN(model::Date day, GetDay(call));
  std::vector<model::UnitId> units;
  if (const auto parent = call.QueryText("parent")) {
    FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId id, call.GetUnitByCode(kind, *parent));
    // Of a unit that is gone, those it had in the end, unless a day is asked for.
    if (!call.QueryText("on")) day = tree.NearestDayOf(id, day);
    if (tree.IsValidOn(id, day)) units = tree.ChildrenOn(id, day);
  } else {
    units = tree.UnitsOn(day);
  }
  if (const auto search = call.QueryText("search")) {
    if (search->size() > kMaxSearch) {
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                         "parameter 'search' takes at most 200 bytes"};
    }
    const std::string folded = model::FoldForSearch(*search);
    std::erase_if(units, [&](model::UnitId id) {
      return !Contains(tree.Get(id), *tree.FindStateOn(id, day), folded);
    });
  }
  std::sort(units.begin(), units.end(), [&](model::UnitId left, model::UnitId right) {
    return tree.Get(left).code < tree.Get(right).code;
  });
  return FoundUnits{std::move(units), day};
}

std::string UnitsCsv(const Call& call, const model::UnitTree& tree,
                     const std::vector<model::UnitId>& units, model::Date day) {
  const std::string& language = call.center().languages.front();
  CsvWriter csv;
  for (const auto* name : {"code", "level", "name", "full_name", "parent", "valid_from", "valid_to",
                           "latitude", "longitude", "area_km2", "children"}) {
    csv.Text(name);
  }
  csv.EndRow();
  for (const model::UnitId id : units) {
    const model::Unit& unit = tree.Get(id);
    csv.Text(unit.code);
    const model::UnitState& state = *tree.FindStateOn(id, day);
    csv.Text(state.level);
    csv.Text(model::TextIn(state.name, language));
    csv.Text(model::TextIn(state.full_name, language));
    csv.Text(state.parent == model::kNoUnit ? "" : tree.Get(state.parent).code);
    csv.Number(model::ToText(model::Value(unit.valid_from)));
    csv.Number(unit.valid_to ? model::ToText(model::Value(*unit.valid_to)) : "");
    csv.Number(unit.latitude ? std::to_string(*unit.latitude) : "");
    csv.Number(unit.longitude ? std::to_string(*unit.longitude) : "");
    csv.Number(unit.area_km2 ? unit.area_km2->ToText() : "");
    csv.Number(std::to_string(tree.ChildrenOn(id, day).size()));
    csv.EndRow();
  }
  return csv.Take();
}

base::Result<Response> ListUnits(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind kind, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const std::size_t limit, call.GetLimit());
  FANSIPAN_ASSIGN_OR_RETURN(const bool as_csv, WantsCsv(call));
  FANSIPAN_ASSIGN_OR_RETURN(auto found, FindUnits(call, kind));
  auto& [units, day] = found;
  const std::string etag = EtagOfDay(call, day);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  const model::UnitTree& tree = call.center().TreeOf(kind);
  const std::string after = call.QueryText("cursor").value_or("");
  std::erase_if(units, [&](model::UnitId id) { return tree.Get(id).code <= after; });
  const bool more = units.size() > limit;
  if (more) units.resize(limit);
  if (as_csv) {
    return WithEtag(Response::Of(200, "text/csv; charset=utf-8", UnitsCsv(call, tree, units, day)),
                    etag);
  }
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("items");
  for (const model::UnitId id : units) {
    json.BeginObject();
    WriteUnit(json, tree, id, day);
    json.EndObject();
  }
  json.EndArray();
  json.TextOrNull("next", more ? tree.Get(units.back()).code : "");
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

base::Result<Response> GetUnit(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind kind, GetTreeOfPath(call));
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId id,
                            call.GetUnitByCode(kind, call.PathText("code")));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Date day, GetDay(call));
  const std::string etag = EtagOfDay(call, day);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  JsonWriter json;
  json.BeginObject();
  WriteUnit(json, call.center().TreeOf(kind), id, day);
  WriteUnitPathOn(json, call.center().TreeOf(kind), id, day);
  json.EndObject();
  return WithEtag(Response::Json(200, json.Take()), etag);
}

/// All that happened to the unit, and who holds its content on another day.
base::Result<Response> GetLineage(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind kind, GetTreeOfPath(call));
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId id,
                            call.GetUnitByCode(kind, call.PathText("code")));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Date day, GetDay(call));
  const std::string etag = EtagOfDay(call, day);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  return WithEtag(Response::Json(200, RenderLineage(call.center(), kind, id, day)), etag);
}

/// The groups of all groupings of a tree, with their members on the day.
base::Result<Response> ListGroupings(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind kind, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::Date day, GetDay(call));
  const std::string etag = EtagOfDay(call, day);
  if (HasEtag(*call.request, etag)) return NotModified(etag);
  return WithEtag(Response::Json(200, RenderGroupings(call.center(), kind, day)), etag);
}

}  // namespace

void AddUnitRoutes(std::vector<Route>& routes) {
  const Right right(security::Action::kReadCenter, CenterObject);
  routes.emplace_back(
      Method::kGet, "/api/v1/units", right, ListUnits,
      RouteOptions{.query = {"tree", "parent", "on", "search", "cursor", "limit", "format"}});
  routes.emplace_back(Method::kGet, "/api/v1/units/{tree}/{code}", right, GetUnit,
                      RouteOptions{.query = {"on"}});
  routes.emplace_back(Method::kGet, "/api/v1/groupings", right, ListGroupings,
                      RouteOptions{.query = {"tree", "on"}});
  routes.emplace_back(Method::kGet, "/api/v1/units/{tree}/{code}/lineage", right, GetLineage,
                      RouteOptions{.query = {"on"}});
}

}  // namespace fansipan::http
