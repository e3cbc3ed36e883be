#include "center/internal/formats/geodata.h"

#include <algorithm>
#include <string>

#include "center/internal/formats/raw_columns.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr GeometryPart kParts[] = {GeometryPart::kPoint, GeometryPart::kBox, GeometryPart::kWkt};

void ReadGeometry(const YamlMap& map, GeodataShape& shape) {
  if (!map.Has("geometry")) return;
  shape.geometry.clear();
  std::vector<std::string> names;
  for (const GeometryPart part : kParts) names.emplace_back(NameOf(part));
  for (const YamlNode* word : map.Texts("geometry", Need::kOptional)) {
    const auto found = std::ranges::find(names, word->text);
    if (found == names.end()) {
      map.Report(*word,
                 "in 'geometry': is '" + word->text + "'; " + AllowedText(word->text, names));
      continue;
    }
    const GeometryPart part = kParts[found - names.begin()];
    if (std::ranges::find(shape.geometry, part) != shape.geometry.end()) {
      map.Report(*word, "in 'geometry': '" + word->text + "' is written twice");
      continue;
    }
    shape.geometry.push_back(part);
  }
}

/// Names of fields from the record down, with a slash before each: /address/ward.
base::Status CheckFieldPath(std::string_view path) {
  const bool sound = path.size() > 1 && path.size() <= 1000 && path[0] == '/' &&
                     path.back() != '/' && path.find("//") == std::string_view::npos;
  if (sound) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "",
                     "'" + std::string(path.substr(0, 100)) +
                         "' is no path; allowed: names of fields such as /address/ward"};
}

}  // namespace

GeodataShape ReadGeodata(const YamlMap& map) {
  map.Allow({"layer", "crs", "geometry", "columns"});
  GeodataShape shape;
  shape.layer = map.Text("layer", Need::kOptional);
  if (const YamlNode* crs = map.FindText("crs", Need::kOptional)) {
    shape.crs = crs->text;
    const auto known = ProjDefinition(crs->text);
    if (!known.ok()) map.Report(*crs, "is '" + crs->text + "'; " + known.error().message);
  }
  ReadGeometry(map, shape);
  shape.columns = ReadColumnNames(map, Need::kOptional);
  return shape;
}

ParquetShape ReadParquet(const YamlMap& map) {
  map.Allow({"columns"});
  return {ReadRawColumns(map, Need::kOptional, CheckFieldPath)};
}

}  // namespace fansipan::center
