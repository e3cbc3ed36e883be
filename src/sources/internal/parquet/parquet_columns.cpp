#include "sources/internal/parquet/parquet_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sources/internal/duckdb/statements.h"

namespace fansipan::sources::internal {

using nlohmann::json;

std::string EncodeParquetColumns(const std::vector<center::RawColumn>& columns) {
  json encoded = json::array();
  for (const center::RawColumn& column : columns) encoded.push_back({column.name, column.path});
  return encoded.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<std::vector<center::RawColumn>> ParseParquetColumns(std::string_view encoded) {
  try {
    std::vector<center::RawColumn> columns;
    for (const json& entry : json::parse(encoded)) columns.push_back({entry.at(0), entry.at(1)});
    return columns;
  } catch (const json::exception& error) {
    return base::Error{
        base::ErrorCode::kInternal, "",
        std::string("the columns of a Parquet file are not readable: ") + error.what()};
  }
}

std::string FieldOf(const center::RawColumn& column) {
  if (column.path.empty()) return Quoted(column.name, '"');
  std::string_view path = std::string_view(column.path).substr(1);
  std::string field;
  while (true) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    field = field.empty() ? Quoted(name, '"')
                          : fmt::format("struct_extract({}, {})", field, Quoted(name, '\''));
    if (slash == path.size()) return field;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace fansipan::sources::internal
