#include "http/maps/map_layer.h"

#include <algorithm>
#include <array>

#include "http/maps/map_links.h"
#include "http/resources/public_objects.h"

namespace fansipan::http {
namespace {

constexpr std::string_view kCrs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
constexpr const char* kUnits = "units";

/// What is read with the layer, as a right and its object.
base::Status CheckRight(const Call& call, const MapLayer& layer) {
  if (layer.declared == nullptr) return {};  // the route itself asked for the center's right
  security::Object object;
  if (layer.declared->of_records()) {
    object.system = call.center().FindDataset(layer.declared->dataset)->system;
    return call.Require(security::Action::kReadRecords, object);
  }
  object.indicator = layer.declared->indicator;
  object.system = call.center().FindIndicator(object.indicator)->system;
  object.is_public = call.center().IsPublic(object.indicator);
  return call.Require(security::Action::kReadFigures, object);
}

std::string TitleOf(const Call& call, const MapLayer& layer) {
  const std::string& language = call.center().languages.front();
  const auto& titles = layer.declared != nullptr ? layer.declared->title : call.center().title;
  std::string title(model::TextIn(titles, language));
  if (layer.declared != nullptr) return title;
  return title + (language == "vi" ? ": đơn vị hành chính" : ": units of the territory");
}

/// The box around the units' points: of the units themselves, and of figures.
void WriteExtent(JsonWriter& json, const model::UnitTree& tree) {
  std::array<double, 4> box = {180, 90, -180, -90};
  for (std::uint32_t index = 0; index < tree.size(); ++index) {
    const model::Unit& unit = tree.Get(model::UnitId{index});
    if (!unit.longitude || !unit.latitude) continue;
    box[0] = std::min(box[0], *unit.longitude);
    box[1] = std::min(box[1], *unit.latitude);
    box[2] = std::max(box[2], *unit.longitude);
    box[3] = std::max(box[3], *unit.latitude);
  }
  if (box[0] > box[2]) return;  // no unit has a point
  json.BeginObject("extent");
  json.BeginObject("spatial");
  json.BeginArray("bbox");
  json.BeginArray();
  for (const double side : box) json.RawItem(DegreesText(side));
  json.EndArray();
  json.EndArray();
  json.Text("crs", kCrs84);
  json.EndObject();
  json.EndObject();
}

}  // namespace

std::vector<MapLayer> ReadableLayers(const Call& call) {
  std::vector<MapLayer> layers = {{kUnits, nullptr}};
  for (const center::Layer& layer : call.center().layers) {
    const MapLayer one{layer.name, &layer};
    if (CheckRight(call, one).ok()) layers.push_back(one);
  }
  return layers;
}

base::Result<MapLayer> GetLayer(Call& call) {
  MapLayer layer{call.PathText("layer"), nullptr};
  if (layer.name == kUnits) return layer;
  layer.declared = call.center().FindLayer(layer.name);
  if (layer.declared == nullptr) {
    std::vector<std::string> names;
    for (const MapLayer& one : ReadableLayers(call)) names.push_back(one.name);
    return call.Unknown("layer", layer.name, names);
  }
  FANSIPAN_RETURN_IF_ERROR(CheckRight(call, layer));
  return layer;
}

void WriteCollection(JsonWriter& json, const Call& call, const std::string& base,
                     const MapLayer& layer) {
  const std::string self = base + "/collections/" + layer.name;
  json.BeginObject();
  json.Text("id", layer.name);
  json.Text("title", TitleOf(call, layer));
  json.Text("itemType", "feature");
  const bool of_records = layer.declared != nullptr && layer.declared->of_records();
  if (!of_records) WriteExtent(json, call.center().territory);
  json.BeginArray("crs");
  json.TextItem(kCrs84);
  json.EndArray();
  json.BeginArray("links");
  WriteLink(json, {"self", kJsonType, self});
  WriteLink(json, {"items", kGeoJsonType, self + "/items"});
  json.EndArray();
  json.EndObject();
}

}  // namespace fansipan::http
