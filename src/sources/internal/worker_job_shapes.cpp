#include "sources/internal/worker_job_shapes.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

}  // namespace fansipan::sources::internal
