#include "sources/internal/geodata/feature_decoder.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "sources/internal/column_names.h"
#include "sources/internal/geodata/well_known_text.h"
#include "sources/internal/parquet/table_decoder.h"
#include "sources/internal/workbook/sheet_reader.h"

namespace fansipan::sources::internal {
namespace {

/// Degrees of WGS 84.
struct Area {
  double west;
  double south;
  double east;
  double north;

  bool Holds(const GeometryPlace& place) const {
    return place.west >= west && place.east <= east && place.south >= south && place.north <= north;
  }
};

constexpr Area kEarth{-180, -90, 180, 90};
// Vietnam with its waters and a margin: another zone's or another system's metres end up elsewhere.
constexpr Area kVietnam{100, 4, 120, 25};

/// A tenth of a millimetre; without zeros at the end.
std::string DegreesText(double degrees) {
  std::string text = fmt::format("{:.9f}", degrees);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

class FeatureDecoder {
 public:
  FeatureDecoder(std::string_view text, const center::GeodataShape& shape, RowCollector& rows)
      : reader_(text, kWholeTable),
        shape_(shape),
        area_(center::IsVn2000(shape.crs) ? kVietnam : kEarth),
        rows_(rows) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(reader_.Begin());
    FANSIPAN_RETURN_IF_ERROR(BeginColumns());
    SheetRow row;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool found, reader_.Next(row));
      if (!found) return {};
      FANSIPAN_RETURN_IF_ERROR(Emit(row));
    }
  }

 private:
  /// The converter writes the geometry first, then the feature's number.
  base::Status BeginColumns() {
    const auto& cells = reader_.first_cells();
    has_geometry_ = cells.size() > 1 && cells[0] == "WKT" && cells[1] == "_fid";
    first_ = has_geometry_ ? 1 : 0;
    std::vector<std::string> names(cells.begin() + static_cast<std::ptrdiff_t>(first_),
                                   cells.end());
    attributes_ = names.size();
    const std::string missing = TellMissing(names, shape_.columns, "layer");
    if (!missing.empty()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "wrong_columns", missing};
    }
    for (const center::GeometryPart part : shape_.geometry) AddNames(part, names);
    FANSIPAN_ASSIGN_OR_RETURN(names, UsableNames(std::move(names), "layer"));
    return rows_.Begin(names);
  }

  static void AddNames(center::GeometryPart part, std::vector<std::string>& names) {
    switch (part) {
      case center::GeometryPart::kPoint:
        names.insert(names.end(), {"_longitude", "_latitude"});
        break;
      case center::GeometryPart::kBox:
        names.insert(names.end(), {"_west", "_south", "_east", "_north"});
        break;
      case center::GeometryPart::kWkt:
        names.emplace_back("_wkt");
        break;
    }
  }

  base::Status Emit(const SheetRow& row) {
    FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(row.offset, row.number));
    if (!row.utf8) return rows_.RefuseRow(row.length, "invalid_utf8", "the row is not UTF-8 text");
    const std::string_view wkt = has_geometry_ ? row.cells[0] : std::string_view();
    const ReadGeometry geometry = wkt.empty() ? ReadGeometry{true, {}} : ReadWellKnownText(wkt);
    if (!geometry.valid) {
      return rows_.RefuseRow(row.length, "bad_geometry",
                             "its geometry is none of points, lines and areas", "_wkt");
    }
    if (geometry.place && !area_.Holds(*geometry.place)) {
      const GeometryPlace& place = *geometry.place;
      return rows_.RefuseRow(
          row.length, "outside_area",
          fmt::format("it lies between longitudes {:.6g} and {:.6g}, latitudes {:.6g} and {:.6g}, "
                      "which is {}; compare 'crs' with the file's own",
                      place.west, place.east, place.south, place.north,
                      center::IsVn2000(shape_.crs) ? "not in Vietnam" : "not on Earth"),
          "_wkt");
    }
    for (std::size_t i = 0; i < attributes_ && first_ + i < row.cells.size(); ++i) {
      Set(i, row.cells[first_ + i]);
    }
    if (geometry.place) SetGeometry(*geometry.place, wkt);
    return rows_.EndRow(row.length);
  }

  void SetGeometry(const GeometryPlace& place, std::string_view wkt) {
    std::size_t column = attributes_;
    for (const center::GeometryPart part : shape_.geometry) {
      switch (part) {
        case center::GeometryPart::kPoint:
          Set(column++, DegreesText(place.x));
          Set(column++, DegreesText(place.y));
          break;
        case center::GeometryPart::kBox:
          for (const double side : {place.west, place.south, place.east, place.north}) {
            Set(column++, DegreesText(side));
          }
          break;
        case center::GeometryPart::kWkt:
          Set(column++, wkt);
          break;
      }
    }
  }

  void Set(std::size_t column, std::string_view text) {
    if (!text.empty()) rows_.SetCell(column, rows_.Keep(std::string(text)));
  }

  SheetReader reader_;
  const center::GeodataShape& shape_;
  const Area& area_;
  RowCollector& rows_;
  bool has_geometry_ = false;
  std::size_t first_ = 0;  ///< cell of `_fid`
  std::size_t attributes_ = 0;
};

}  // namespace

base::Status DecodeFeatures(std::string_view text, const center::GeodataShape& shape,
                            RowCollector& rows) {
  return FeatureDecoder(text, shape, rows).Run();
}

}  // namespace fansipan::sources::internal
