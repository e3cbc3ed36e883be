#include "sources/internal/worker_job_shapes.h"

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "center/source_contract.h"

namespace fansipan::sources::internal {
namespace {

using nlohmann::json;

json EncodeColumns(const std::vector<center::RawColumn>& columns) {
  json encoded = json::array();
  for (const center::RawColumn& column : columns) {
    encoded.push_back({{"name", column.name}, {"path", column.path}});
  }
  return encoded;
}

std::vector<center::RawColumn> ParseColumns(const json& value) {
  std::vector<center::RawColumn> columns;
  for (const json& entry : value) columns.push_back({entry.at("name"), entry.at("path")});
  return columns;
}

}  // namespace

json EncodeControlTotals(const center::Source& source) {
  const auto& totals = center::ContractOf(source).control_totals;
  if (!totals) return {};
  json places = json::array();
  for (const center::ControlPlace* place : center::PlacesOf(*totals)) {
    places.push_back({{"kind", static_cast<int>(place->kind)},
                      {"line", place->line},
                      {"cell", place->cell},
                      {"at", place->at}});
  }
  return {{"places", std::move(places)}, {"keys_at", totals->keys_at}};
}

void ParseControlTotals(const json& value, center::Source& source) {
  if (value.is_null()) return;
  // What each of them is told for, the worker need not know.
  center::ControlTotals totals;
  for (const json& entry : value.at("places")) {
    center::ControlPlace place;
    place.kind = static_cast<center::ControlPlace::Kind>(entry.at("kind").get<int>());
    place.line = entry.at("line");
    place.cell = entry.at("cell");
    place.at = entry.at("at");
    totals.sums.push_back({"", "", std::move(place)});
  }
  totals.keys_at = value.at("keys_at");
  center::SourceContract contract;
  contract.control_totals = std::move(totals);
  source.contract = std::make_shared<const center::SourceContract>(std::move(contract));
}

json EncodeJsonShape(const center::JsonShape& shape) {
  return {{"records_at", shape.records_at}, {"columns", EncodeColumns(shape.columns)}};
}

center::JsonShape ParseJsonShape(const json& value) {
  center::JsonShape shape;
  shape.records_at = value.at("records_at");
  shape.columns = ParseColumns(value.at("columns"));
  return shape;
}

json EncodeXmlShape(const center::XmlShape& shape) {
  json encoded = {{"records_at", shape.records_at},
                  {"namespaces", shape.namespaces},
                  {"columns", EncodeColumns(shape.columns)}};
  if (shape.join) encoded["join"] = *shape.join;
  return encoded;
}

center::XmlShape ParseXmlShape(const json& value) {
  center::XmlShape shape;
  shape.records_at = value.at("records_at");
  shape.namespaces = value.at("namespaces").get<std::map<std::string, std::string>>();
  shape.columns = ParseColumns(value.at("columns"));
  if (value.contains("join")) shape.join = value.at("join").get<std::string>();
  return shape;
}

json EncodeGeodata(const center::GeodataShape& shape) {
  json geometry = json::array();
  for (const center::GeometryPart part : shape.geometry) geometry.push_back(static_cast<int>(part));
  return {{"crs", shape.crs}, {"geometry", std::move(geometry)}, {"columns", shape.columns}};
}

center::GeodataShape ParseGeodata(const json& value) {
  center::GeodataShape shape;
  shape.crs = value.at("crs");
  shape.geometry.clear();
  for (const json& part : value.at("geometry")) {
    shape.geometry.push_back(static_cast<center::GeometryPart>(part.get<int>()));
  }
  shape.columns = value.at("columns").get<std::vector<std::string>>();
  return shape;
}

}  // namespace fansipan::sources::internal
