#include "center/internal/formats/json_shape.h"

#include <string>

#include "center/internal/formats/raw_columns.h"

namespace fansipan::center {
namespace {

base::Error NotAPointer(std::string_view path, const std::string& why) {
  return {base::ErrorCode::kInvalidArgument, "",
          "'" + std::string(path) + "' is no JSON pointer to a column: " + why};
}

/// A `~` that is not ~0 or ~1.
bool HasBadEscape(std::string_view pointer) {
  for (std::size_t i = pointer.find('~'); i != std::string_view::npos;
       i = pointer.find('~', i + 1)) {
    if (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')) return true;
  }
  return false;
}

base::Status CheckPointer(std::string_view path, Format format) {
  if (format == Format::kSdmxJson) {
    return NotAPointer(path, "columns of sdmx_json are names alone");
  }
  std::string_view pointer = path;
  if (pointer.starts_with('$')) {
    if (format == Format::kNdjson) {
      return NotAPointer(path, "$ is for the format json; in ndjson every line is a record");
    }
    pointer.remove_prefix(1);
  }
  if (!pointer.starts_with('/')) return NotAPointer(path, "it must begin with /, or $/");
  if (HasBadEscape(pointer)) return NotAPointer(path, "after ~ must stand 0 or 1");
  return {};
}

}  // namespace

JsonShape ReadJsonShape(const YamlMap& map, Format format) {
  JsonShape shape;
  map.Allow({"records_at", "columns"});
  const YamlNode* pointer = map.Find("records_at");
  if (pointer != nullptr) {
    shape.records_at = pointer->text;
    const bool whole = pointer->kind == YamlNode::Kind::kText && pointer->text.empty();
    if (!whole && !pointer->text.starts_with('/')) {
      map.Report(*pointer, "must be a JSON pointer such as /data/cases");
    }
    if (format == Format::kNdjson && !whole) {
      map.Report(*pointer, "is for the format json; in ndjson every line is a record");
    } else if (format == Format::kSdmxJson) {
      map.Report(*pointer, "is for the format json; where observations stand is known");
    }
  }
  const auto check = [&](std::string_view path) { return CheckPointer(path, format); };
  shape.columns = ReadRawColumns(map, Need::kRequired, check);
  return shape;
}

}  // namespace fansipan::center
