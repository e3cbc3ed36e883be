#include "center/internal/formats/workbook.h"

#include "center/cell_range.h"
#include "center/internal/formats/raw_columns.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMaxHeaderRows = 4;
constexpr std::size_t kMaxNulls = 100;

void ReadColumns(const YamlMap& map, WorkbookShape& shape) {
  shape.columns = ReadColumnNames(map, Need::kOptional);
  if (shape.header_rows > 0) return;
  if (!map.Has("columns")) {
    map.ReportMissing("columns", "without a header they must be named here, by place");
  }
  if (const YamlNode* has = map.Find("header_has")) {
    map.Report(*has, "is for sheets with a header; say in 'range' where the rows begin");
  }
}

}  // namespace

WorkbookShape ReadWorkbook(const YamlNode& node, const FileScope& scope,
                           const std::string& source) {
  const YamlMap map(node, scope, source + ": 'workbook'");
  map.Allow({"sheet", "range", "header_has", "header_rows", "ends_at", "fill_merged", "nulls",
             "columns"});
  WorkbookShape shape;
  shape.sheet = map.Text("sheet", Need::kOptional);
  if (const YamlNode* range = map.FindText("range", Need::kOptional)) {
    shape.range = range->text;
    const auto cells = ParseCellRange(range->text);
    if (!cells.ok()) map.Report(*range, "is '" + range->text + "'; " + cells.error().message);
  }
  shape.header_has = map.Text("header_has", Need::kOptional);
  shape.header_rows =
      static_cast<std::uint32_t>(map.Integer("header_rows", {0, kMaxHeaderRows}, 1));
  shape.ends_at = map.Text("ends_at", Need::kOptional);
  shape.fill_merged = map.Flag("fill_merged", false);
  for (const YamlNode* text : map.Texts("nulls", Need::kOptional, kMaxNulls)) {
    shape.null_texts.push_back(text->text);
  }
  ReadColumns(map, shape);
  return shape;
}

}  // namespace fansipan::center
